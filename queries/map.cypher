// Map of the negotiation
// The negotiation at a glance, act by act between parties and things: who acted on what and on whom, and how parties, proposals, demands, documents and issues belong together. What each line says stands at it, whose word it is first.
// Group: the record
// Result: graph
// Note: of several acts of the same words between the same two, the last is drawn

MATCH (start:Party|Proposal|Demand|Document|Issue)
OPTIONAL MATCH (start)-[edge]->(end:Party|Proposal|Demand|Document|Issue)
WITH start, edge, end
WHERE edge IS NOT NULL OR NOT (start:Document OR EXISTS { (start)<--(:Party|Proposal|Demand|Document|Issue) })
WITH start, edge, end
ORDER BY edge.date_from DESC, edge.date_to DESC, edge.fact DESC
WITH start, end, type(edge) AS type, edge.label AS label, collect(edge)[0] AS edge
RETURN start, edge, end
ORDER BY labels(start)[0], start.name, start.id, type, end.name, end.id, edge.date_from, label;
