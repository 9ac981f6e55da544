// Pledges
// Who committed itself to what, without an answer being asked for, and how firmly.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (party:Party)<-[:BY]-(f:Fact {action: 'pledged'})
WHERE $until IS NULL OR f.date_from <= $until
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       f.modality AS modality,
       f.implied AS implied,
       f.confidence AS confidence,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.date AS date,
       f.id AS fact
ORDER BY f.date_from, f.date_to, f.id, party.name, party.id, speaker.id;
