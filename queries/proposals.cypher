// Proposals with their answers
// What was proposed or offered and by whom, its status, and one row for each answer to it.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (item:Proposal)
// What the status rests on, now or on the given day.
OPTIONAL MATCH (item)-[rests:STATUS_RESTS_ON]->(basis:Fact)
WHERE ($until IS NULL AND rests.until IS NULL) OR (rests.since <= $until AND (rests.until IS NULL OR $until <= rests.until))
WITH item, coalesce(max(rests.status), 'not put forward') AS status, collect(rests.status_by) AS said, collect(basis.id) AS ids
WITH item, status,
     COLLECT { UNWIND said AS names UNWIND names AS name RETURN DISTINCT name ORDER BY name } AS status_by,
     COLLECT { UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
OPTIONAL MATCH (item)-[:PART_OF*0..1]->(whole)<-[:ABOUT]-(put:Fact)-[:BY]->(owner:Party)
WHERE put.effect = 'puts_forward' AND put.modality <> 'denied' AND ($until IS NULL OR put.date_from <= $until)
WITH item, status, status_by, facts, owner.name AS owner, min(put.date_from) AS put_on
ORDER BY owner
WITH item, status, status_by, facts, collect(owner) AS by, min(put_on) AS put_forward
OPTIONAL MATCH (item)<-[:ABOUT]-(f:Fact)-[:BY]->(party:Party)
WHERE f.effect IN ['accepts', 'rejects', 'answers', 'leaves_unanswered', 'withdraws'] AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN item.name AS proposal,
       by,
       put_forward,
       status,
       status_by,
       party.name AS answer_by,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS answer,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.date AS date,
       f.id AS fact,
       facts
ORDER BY put_forward, item.name, item.id, f.date_from, f.date_to, f.id, party.id, speaker.id, status, status_by, by, facts;
