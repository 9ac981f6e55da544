// Allegations against own words
// What is said about a party beside what the party itself says on the same thing: one row for each such pair.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (speaker)<-[:ACCORDING_TO]-(f:Fact {attribution: 'alleged'})-[:BY]->(accused:Party)
WHERE speaker <> accused AND NOT EXISTS { (speaker)-[:SPEAKS_FOR]->(accused) } AND ($until IS NULL OR f.date_from <= $until)
MATCH (f)-[:ABOUT]->(object)<-[:ABOUT]-(own:Fact {attribution: 'own'})-[:BY]->(accused)
WHERE $until IS NULL OR own.date_from <= $until
RETURN accused.name AS party,
       object.name AS about,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS alleged,
       speaker.name AS according_to,
       f.date AS alleged_date,
       replace(own.action, '_', ' ') + CASE own.modality WHEN 'actual' THEN '' ELSE ' (' + own.modality + ')' END AS own_words,
       own.date AS own_date,
       CASE
         WHEN f.stance = own.stance AND (f.modality = 'denied') = (own.modality = 'denied') THEN 'same'
         ELSE 'different'
       END AS stances,
       f.id AS alleged_fact,
       own.id AS own_fact
ORDER BY accused.name, accused.id, object.name, object.id, f.date_from, f.id, own.date_from, own.id, speaker.id;
