// Between two parties
// Every act of one party towards the other, with its quotes: addressed to it, about it, about what it put on the table or issued, or done together.
// Group: the record
// Result: table
// Parameter: party (party, required): one of the two
// Parameter: other (party, required): the other one
// Parameter: until (date, default null): only acts that began by that day

UNWIND [[$party, $other], [$other, $party]] AS ids
MATCH (actor:Party {id: ids[0]}), (counterpart:Party {id: ids[1]})
WHERE actor <> counterpart
CALL (counterpart) {
  MATCH (counterpart)<-[:BY]-(put:Fact {effect: 'puts_forward'})-[:ABOUT]->(item)
  WHERE put.modality <> 'denied'
  RETURN collect(DISTINCT item.id) AS items
}
WITH actor, counterpart, items + COLLECT { MATCH (counterpart)-[:ISSUED]->(document:Document) RETURN document.id } AS theirs
MATCH (actor)<-[:BY]-(f:Fact)
WHERE ($until IS NULL OR f.date_from <= $until)
  AND (EXISTS { (f)-[:TO|ABOUT|BY]->(counterpart) } OR EXISTS { MATCH (f)-[:ABOUT]->(thing) WHERE thing.id IN theirs })
WITH DISTINCT f
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN f.date AS date,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
       replace(f.action, '_', ' ') + CASE f.modality WHEN 'actual' THEN '' ELSE ' (' + f.modality + ')' END AS action,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name } AS what,
       f.attribution AS attribution,
       speaker.name AS according_to,
       COLLECT {
         MATCH (f)-[written:EVIDENCED_BY]->(source:Document)
         RETURN written.quote + ' (' + source.name + ')' ORDER BY source.name, written.quote
       } AS quotes,
       f.id AS fact
ORDER BY f.date_from, f.date_to, f.id, speaker.id;
