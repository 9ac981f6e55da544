// Neighbourhood of a party
// A party with everything that it acted on, coordinated with, belongs to or issued, and who speaks for it.
// Group: relations
// Result: graph
// Parameter: party (party, required): the party in the middle

MATCH (party:Party {id: $party})-[edge]-(neighbour)
WHERE neighbour:Party OR neighbour:Person OR neighbour:Document OR neighbour:Issue OR neighbour:Proposal OR neighbour:Demand
RETURN party, edge, neighbour
ORDER BY type(edge), neighbour.name, neighbour.id, edge.fact, startNode(edge).id, party.id, elementId(edge);
