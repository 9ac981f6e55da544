// Shortest chains between two parties
// By what two parties are linked: through what both acted on, through others, through documents and issues; the shortest chains.
// Group: relations
// Result: graph
// Parameter: party (party, required): where the chains begin
// Parameter: other (party, required): where they end
// Parameter: chains (integer, default 10): how many chains to show at most

MATCH (party:Party {id: $party}), (other:Party {id: $other})
WHERE party <> other
MATCH chain = allShortestPaths((party)-[*..8]-(other))
WHERE none(node IN nodes(chain) WHERE node:Fact OR node:RetractedFact)
RETURN chain
ORDER BY [node IN nodes(chain) | node.id],
         [edge IN relationships(chain) | type(edge)],
         [edge IN relationships(chain) | coalesce(edge.fact, edge.entry)],
         chain
LIMIT $chains;
