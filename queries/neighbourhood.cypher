// Neighbourhood of a party
// A party with everything that it acted on, coordinated with, belongs to, takes part in or issued, and who speaks for it; and what the groups that it belongs to acted on.
// Group: relations
// Result: graph
// Parameter: party (party, required): the party in the middle

MATCH (asked:Party {id: $party})-[:MEMBER_OF*0..]->(party:Party)-[edge]-(neighbour)
WHERE (neighbour:Party OR neighbour:Person OR neighbour:Document OR neighbour:Issue OR neighbour:Proposal OR neighbour:Demand)
  AND (party = asked OR (edge.fact IS NOT NULL AND neighbour <> asked))
WITH DISTINCT party, edge, neighbour
RETURN party, edge, neighbour
ORDER BY type(edge), neighbour.name, neighbour.id, edge.fact, startNode(edge).id, party.id, elementId(edge);
