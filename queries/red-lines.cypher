// Red lines
// What one party demands and another rejects, and whose word the rejection rests on.
// Group: positions
// Result: table
// Edges: demanded_by -> rejected_by
// Parameter: party (party, default null): only red lines of this party, on either side
// Parameter: until (date, default null): only acts that began by that day

MATCH (a:Party)<-[:BY]-(d:Fact {action: 'demanded'})-[:ABOUT]->(item:Demand)<-[:ABOUT]-(r:Fact {effect: 'rejects'})-[:BY]->(b:Party)
WHERE d.modality <> 'denied' AND r.modality <> 'denied' AND NOT EXISTS { (d)-[:BY]->(b) }
  AND ($party IS NULL OR $party IN [a.id, b.id])
  AND ($until IS NULL OR (d.date_from <= $until AND r.date_from <= $until))
OPTIONAL MATCH (r)-[:ACCORDING_TO]->(speaker)
RETURN item.name AS demand,
       a.name AS demanded_by,
       d.date AS demanded_date,
       b.name AS rejected_by,
       replace(r.action, '_', ' ') + CASE r.modality WHEN 'actual' THEN '' ELSE ' (' + r.modality + ')' END
         + CASE r.attribution WHEN 'alleged' THEN ', by another\'s word' ELSE '' END AS how,
       speaker.name AS according_to,
       r.date AS rejected_date,
       d.id AS demanded_fact,
       r.id AS rejected_fact
ORDER BY item.name, item.id, d.date_from, d.id, a.name, a.id, r.date_from, r.id, b.name, b.id, speaker.id;
