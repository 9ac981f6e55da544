// Between two parties
// Every act of one party towards the other, with its quotes: addressed to it, about it, about what it put on the table or issued, or done together; and what either one says that the other did. A group that one of them belongs to stands for it.
// Group: the record
// Result: table
// Parameter: party (party, required): one of the two
// Parameter: other (party, required): the other one
// Parameter: whose (text, default both; one of both | party): whose acts and words: of both, or with party only what the party did towards the other and said of it
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the two did
// Parameter: until (date, default null): only acts that began by that day

UNWIND [$party, $other] AS id
MATCH (asked:Party {id: id})
// groups: begin; written once in queries/shared/groups.cypher, from which `make docs` copies it
// A party, the groups that it belongs to, and, where that is asked for, its members.
CALL (asked) {
  MATCH (asked)-[:MEMBER_OF*0..]->(party:Party)
  RETURN party
  UNION
  MATCH (asked)<-[:MEMBER_OF*1..]-(party:Party)
  WHERE $members = 'yes'
  RETURN party
}
// groups: end
WITH asked, collect(party.id) AS side
WITH collect({id: asked.id, side: side}) AS sides
WHERE $party <> $other
WITH [s IN sides WHERE s.id = $party][0].side AS mine, [s IN sides WHERE s.id = $other][0].side AS theirs
// Whoever both belong to, or have as a member, stands for neither.
WITH [id IN mine WHERE id = $party OR NOT id IN theirs] AS mine, [id IN theirs WHERE id = $other OR NOT id IN mine] AS theirs
UNWIND CASE $whose WHEN 'both' THEN [[mine, theirs], [theirs, mine]] ELSE [[mine, theirs]] END AS sides
WITH mine, theirs, sides[0] AS ones, sides[1] AS others
CALL (others) {
  MATCH (p:Party)<-[:BY]-(put:Fact {effect: 'puts_forward'})-[:ABOUT]->(item)
  WHERE p.id IN others AND put.modality <> 'denied'
  RETURN collect(DISTINCT item.id) AS items
}
CALL (ones, others, items) {
  MATCH (p:Party)<-[:BY]-(f:Fact)
  WHERE p.id IN ones
    AND (EXISTS { MATCH (f)-[:TO|ABOUT|BY]->(another:Party) WHERE another.id IN others }
      OR EXISTS { MATCH (f)-[:ABOUT]->(thing) WHERE thing.id IN items }
      OR EXISTS { MATCH (f)-[:ABOUT]->(:Document)<-[:ISSUED]-(another:Party) WHERE another.id IN others })
  RETURN f
  UNION
  MATCH (p:Party)<-[:BY]-(f:Fact {attribution: 'alleged'})-[:ACCORDING_TO]->(speaker)
  WHERE p.id IN others
    AND CASE
          WHEN EXISTS { (f)-[:ON_BEHALF_OF]->() } THEN EXISTS { MATCH (f)-[:ON_BEHALF_OF]->(another) WHERE another.id IN ones }
          ELSE speaker.id IN ones OR EXISTS { MATCH (speaker)-[:SPEAKS_FOR]->(another) WHERE another.id IN ones }
        END
  RETURN f
}
WITH DISTINCT mine, theirs, f
WHERE $until IS NULL OR f.known_from <= $until
// speaking: begin; written once in queries/shared/speaking.cypher, from which `make docs` copies it
// Who says so, and for whom: as the act says, else as usual.
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH *,
     COLLECT { MATCH (f)-[:ON_BEHALF_OF]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS here,
     COLLECT { MATCH (speaker)-[:SPEAKS_FOR]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS usual
WITH *, CASE WHEN here = [] THEN usual ELSE here END AS sides
// speaking: end
WITH f, speaker, sides,
     CASE WHEN EXISTS { (f)-[:BY|TO|ABOUT]->(:Party {id: $party}) } THEN [] ELSE mine END
     + CASE WHEN EXISTS { (f)-[:BY|TO|ABOUT]->(:Party {id: $other}) } THEN [] ELSE theirs END AS through
RETURN f.date AS date,
       f.said AS said,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS by,
       f.label AS action,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS to,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name, object.id } AS what,
       f.says AS says,
       f.condition AS condition,
       COLLECT { MATCH (f)-[:BY|TO|ABOUT]->(p:Party) WHERE p.id IN through RETURN DISTINCT p.name ORDER BY p.name } AS as,
       f.attribution AS attribution,
       speaker.name AS according_to,
       sides AS speaks_for,
       f.implied AS implied,
       f.confidence AS confidence,
       COLLECT {
         MATCH (f)-[written:EVIDENCED_BY]->(source:Document)
         RETURN written.quote + ' (' + source.name + ')' ORDER BY source.name, written.quote
       } AS quotes,
       f.id AS fact
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, speaker.id;
