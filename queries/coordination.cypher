// Coordination
// Who coordinated with whom, on what, and whose word that is.
// Group: relations
// Result: table
// Edges: by -- with
// Parameter: until (date, default null): only acts that began by that day

MATCH (party:Party)-[edge:COORDINATED_WITH]->(partner:Party)
MATCH (f:Fact)
WHERE f.id = edge.fact AND ($until IS NULL OR f.known_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       partner.name AS with,
       f.label AS action,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name, object.id } AS what,
       f.says AS says,
       f.condition AS condition,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       f.id AS fact
ORDER BY party.name, party.id, f.date_from, coalesce(f.turn, 1000000), f.date_to, partner.name, f.id, partner.id, speaker.id;
