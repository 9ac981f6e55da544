// Rejections
// What was turned down, left unanswered or criticised, and whether that is the actor's own word or another's.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (object)<-[:ABOUT]-(f:Fact)-[:BY]->(party:Party)
WHERE (f.effect IN ['rejects', 'leaves_unanswered'] OR f.action IN ['criticised', 'opposed'])
  AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       CASE
         WHEN f.effect = 'rejects' THEN 'rejected'
         WHEN f.effect = 'leaves_unanswered' THEN 'left unanswered'
         ELSE f.action
       END
       + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END
       + CASE f.attribution WHEN 'alleged' THEN ", by another's word" ELSE '' END AS how,
       object.name AS what,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.implied AS implied,
       f.date AS date,
       f.id AS fact
ORDER BY f.date_from, f.date_to, party.name, object.name, f.id, party.id, object.id, speaker.id;
