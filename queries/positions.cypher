// Positions of a party
// What a party did about each subject, and whether it stands for or against it; an act that is denied tells no stance.
// Group: positions
// Result: table
// Parameter: party (party, required): whose positions
// Parameter: until (date, default null): only acts that began by that day

MATCH (:Party {id: $party})<-[:BY]-(f:Fact)-[:ABOUT]->(object)
WHERE $until IS NULL OR f.date_from <= $until
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN object.name AS about,
       CASE WHEN f.modality = 'denied' THEN null WHEN f.stance > 0 THEN 'for' WHEN f.stance < 0 THEN 'against' ELSE 'neither' END AS stance,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS action,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.date AS date,
       f.id AS fact
ORDER BY about, f.date_from, f.date_to, f.id, object.id, speaker.id;
