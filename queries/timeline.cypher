// Timeline
// Every act in the order of its dates, one row an act.
// Group: the record
// Result: table
// Parameter: only_party (party, default null): only acts by this party or towards it, or by or towards a group that it belongs to
// Parameter: members (text, default no; one of yes | no): with yes also acts by the members of the party or towards them
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

OPTIONAL MATCH (asked:Party {id: $only_party})
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
WITH collect(party.id) AS side
MATCH (f:Fact)
WHERE ($only_party IS NULL OR EXISTS { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id IN side })
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH f, speaker, CASE WHEN $only_party IS NULL OR EXISTS { (f)-[:BY|TO]->(:Party {id: $only_party}) } THEN [] ELSE side END AS through
RETURN f.date AS date,
       f.said AS said,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS by,
       f.label AS action,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name, object.id } AS what,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS to,
       f.says AS says,
       f.condition AS condition,
       CASE WHEN through = [] THEN [] ELSE COLLECT { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id IN through RETURN DISTINCT p.name ORDER BY p.name } END AS as,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.implied AS implied,
       f.confidence AS confidence,
       f.id AS fact
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, speaker.id;
