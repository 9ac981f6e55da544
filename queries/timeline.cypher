// Timeline
// Every act in the order of its dates, one row an act.
// Group: the record
// Result: table
// Parameter: party (party, default null): only acts by this party or towards it
// Parameter: until (date, default null): only acts that began by that day

MATCH (f:Fact)
WHERE ($party IS NULL OR EXISTS { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id = $party })
  AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN f.date AS date,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS action,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.id AS fact
ORDER BY f.date_from, f.date_to, f.id, speaker.id;
