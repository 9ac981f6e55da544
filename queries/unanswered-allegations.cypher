// Allegations without an own word
// What is said about a party where the party itself is not quoted on any of it.
// Group: the curation itself
// Result: table

MATCH (speaker)<-[:ACCORDING_TO]-(f:Fact {attribution: 'alleged'})-[:BY]->(accused:Party)
WHERE speaker <> accused AND NOT EXISTS { (speaker)-[:SPEAKS_FOR]->(accused) }
  AND NOT EXISTS { MATCH (f)-[:ABOUT]->(object)<-[:ABOUT]-(own:Fact {attribution: 'own'})-[:BY]->(accused) }
RETURN accused.name AS party,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS alleged,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       speaker.name AS according_to,
       f.date AS date,
       f.id AS fact
ORDER BY accused.name, accused.id, f.date_from, f.date_to, f.id, speaker.id;
