// Offers
// Who offered what to whom, who says so, and what has become of it; status_by tells whose word the status rests on.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (item:Proposal)
WHERE EXISTS { (item)<-[:OFFERED]-(:Party) }
// What the status rests on, now or on the given day.
OPTIONAL MATCH (item)-[rests:STATUS_RESTS_ON]->(basis:Fact)
WHERE ($until IS NULL AND rests.until IS NULL) OR (rests.since <= $until AND (rests.until IS NULL OR $until <= rests.until))
WITH item, coalesce(max(rests.status), 'not put forward') AS status, collect(rests.status_by) AS said, collect(basis.id) AS ids
WITH item, status,
     COLLECT { UNWIND said AS names UNWIND names AS name RETURN DISTINCT name ORDER BY name } AS status_by,
     COLLECT { UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
MATCH (item)<-[:ABOUT]-(f:Fact {action: 'offered'})-[:BY]->(party:Party)
WHERE $until IS NULL OR f.date_from <= $until
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       item.name AS offer,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.modality AS modality,
       f.date AS date,
       status,
       status_by,
       f.id AS fact,
       facts
ORDER BY party.name, f.date_from, f.date_to, item.name, item.id, f.id, party.id, speaker.id, status, status_by, facts;
