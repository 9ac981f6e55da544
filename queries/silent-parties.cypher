// Parties that have said nothing
// Parties of which no word and no act is recorded, neither their own nor of a group that they belong to, though they may be members, take part, be addressed or be spoken of. With until, documents of a later date do not count.
// Group: the record
// Result: table
// Note: to leave something unanswered is to say nothing, and what others say that a party did is not its word: said_of_it counts such acts
// Parameter: until (date, default null): only acts that began by that day

CALL () {
  MATCH (f:Fact)-[:BY]->(p:Party)
  WHERE ($until IS NULL OR f.known_from <= $until)
    AND (f.attribution = 'own' OR (f.attribution = 'reported' AND coalesce(f.effect, '') <> 'leaves_unanswered'))
  RETURN p.id AS id
  UNION
  MATCH (f:Fact)-[:ON_BEHALF_OF]->(p:Party)
  WHERE $until IS NULL OR f.known_from <= $until
  RETURN p.id AS id
  UNION
  MATCH (f:Fact)-[:ACCORDING_TO]->(speaker)-[:SPEAKS_FOR*0..1]->(p:Party)
  WHERE ($until IS NULL OR f.known_from <= $until) AND NOT EXISTS { (f)-[:ON_BEHALF_OF]->(:Party) }
  RETURN p.id AS id
}
WITH collect(id) AS heard
MATCH (silent:Party)
WHERE NOT EXISTS { MATCH (silent)-[:MEMBER_OF*0..]->(p:Party) WHERE p.id IN heard }
  // a group that a source speaks of as one has no voice but its members'
  AND NOT (silent.kind = 'group' AND EXISTS { MATCH (silent)<-[:MEMBER_OF*1..]-(p:Party) WHERE p.id IN heard })
CALL (silent) {
  OPTIONAL MATCH (silent)<-[role:BY|TO|ABOUT]-(f:Fact)
  WHERE $until IS NULL OR f.known_from <= $until
  WITH f, type(role) AS role
  ORDER BY f.id
  RETURN count(CASE role WHEN 'TO' THEN 1 END) AS addressed, count(CASE role WHEN 'ABOUT' THEN 1 END) AS spoken_of,
         count(CASE WHEN role = 'BY' AND f.attribution = 'alleged' THEN 1 END) AS said_of_it, collect(DISTINCT f.id) AS facts
}
RETURN silent.name AS party,
       silent.kind AS kind,
       COLLECT { MATCH (silent)-[:MEMBER_OF]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS member_of,
       COLLECT { MATCH (silent)-[:PARTICIPATES_IN]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS takes_part_in,
       COUNT { (silent)<-[:MEMBER_OF]-(:Party) } AS members,
       addressed,
       spoken_of,
       said_of_it,
       COUNT { MATCH (silent)-[:ISSUED]->(d:Document) WHERE $until IS NULL OR d.date_from IS NULL OR d.date_from <= $until } AS issued,
       facts
ORDER BY silent.name, silent.id;
