// Map of the negotiation
// The whole negotiation at a glance, without its single facts: who acted on what and on whom, and how parties, proposals, demands, documents and issues belong together. What each line says stands at it, whose word it is first.
// Group: the record
// Result: graph

MATCH (start:Party|Proposal|Demand|Document|Issue)
OPTIONAL MATCH (start)-[edge]->(end:Party|Proposal|Demand|Document|Issue)
WITH start, edge, end
WHERE edge IS NOT NULL OR NOT (start:Document OR EXISTS { (start)<--(:Party|Proposal|Demand|Document|Issue) })
RETURN start, edge, end
ORDER BY labels(start)[0], start.name, start.id, type(edge), end.name, end.id, edge.date_from, edge.fact;
