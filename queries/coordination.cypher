// Coordination
// Who coordinated with whom, on what, and who says so.
// Group: relations
// Result: table
// Edges: by -- with
// Parameter: until (date, default null): only acts that began by that day

MATCH (party:Party)-[edge:COORDINATED_WITH]->(partner:Party)
MATCH (f:Fact)
WHERE f.id = edge.fact AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       partner.name AS with,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       f.modality AS modality,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.date AS date,
       f.id AS fact
ORDER BY party.name, f.date_from, f.date_to, partner.name, f.id, party.id, partner.id, speaker.id;
