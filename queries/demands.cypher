// Demands and their status
// Who demanded what of whom, and what has become of it; status_by tells whose word the status rests on, days_open how long it is open: until the given day, or the latest act of the record.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (item:Demand)
// What the status rests on, now or on the given day.
OPTIONAL MATCH (item)-[rests:STATUS_RESTS_ON]->(basis:Fact)
WHERE ($until IS NULL AND rests.until IS NULL) OR (rests.since <= $until AND (rests.until IS NULL OR $until <= rests.until))
WITH item, coalesce(max(rests.status), 'not put forward') AS status, collect(rests.status_by) AS said, collect(basis.id) AS ids
WITH item, status,
     COLLECT { UNWIND said AS names UNWIND names AS name RETURN DISTINCT name ORDER BY name } AS status_by,
     COLLECT { UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
CALL () { MATCH (act:Fact) RETURN max(act.date_from) AS last_act }
OPTIONAL MATCH (item)<-[:ABOUT]-(f:Fact)-[:BY]->(party:Party)
WHERE f.effect = 'puts_forward' AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN item.name AS demand,
       party.name AS by,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.modality AS modality,
       f.date AS date,
       status,
       status_by,
       CASE WHEN status STARTS WITH 'open' OR status IN ['unanswered', 'answered, open', 'partly accepted']
         THEN duration.inDays(f.date_from, coalesce($until, last_act)).days END AS days_open,
       f.id AS fact,
       facts
ORDER BY f.date_from, f.date_to, item.name, item.id, f.id, party.id, speaker.id, status, status_by, days_open, facts;
