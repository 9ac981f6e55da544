// Positions of a party
// What a party, or a group that it belongs to, said and did about each subject, and whether it stands for or against it; an act that is denied tells no stance.
// Group: positions
// Result: table
// Parameter: party (party, required): whose positions
// Parameter: about (text, default null): only on the subject of this id, name or alias
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

MATCH (asked:Party {id: $party})
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
MATCH (f:Fact)-[:BY]->(actor:Party)
WHERE actor.id IN side AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
WITH DISTINCT side, f
MATCH (f)-[:ABOUT]->(object)
WHERE $about IS NULL OR any(word IN [object.id, object.name] + coalesce(object.aliases, []) WHERE toLower(word) = toLower($about))
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH f, object, speaker, CASE WHEN EXISTS { (f)-[:BY]->(:Party {id: $party}) } THEN [] ELSE side END AS through
RETURN object.name AS about,
       CASE
         WHEN f.modality = 'denied' THEN null
         ELSE CASE f.stance WHEN 1 THEN 'for' WHEN -1 THEN 'against' ELSE 'neither' END
              + CASE WHEN f.modality = 'conditional' AND f.stance <> 0 THEN ', on a condition' ELSE '' END
       END AS stance,
       f.label AS action,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS to,
       f.says AS says,
       f.condition AS condition,
       COLLECT { MATCH (f)-[:BY]->(p:Party) WHERE p.id IN through RETURN DISTINCT p.name ORDER BY p.name } AS as,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       f.id AS fact
ORDER BY about, f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, object.id, speaker.id;
