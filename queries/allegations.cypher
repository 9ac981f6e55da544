// Allegations
// Who says what about whom: acts that rest on the word of somebody who does not speak for the actor.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (speaker)<-[:ACCORDING_TO]-(f:Fact {attribution: 'alleged'})-[:BY]->(party:Party)
WHERE speaker <> party AND NOT EXISTS { (speaker)-[:SPEAKS_FOR]->(party) }
  AND ($until IS NULL OR f.date_from <= $until)
OPTIONAL MATCH (speaker)-[:SPEAKS_FOR]->(side:Party)
RETURN speaker.name AS according_to,
       side.name AS speaks_for,
       party.name AS about,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS action,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       f.implied AS implied,
       f.date AS date,
       f.id AS fact
ORDER BY speaker.name, party.name, f.date_from, f.date_to, f.id, party.id, side.id, speaker.id;
