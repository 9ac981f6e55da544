// Allegations
// What is said of a party by others: what it did, by the word of somebody who does not speak for it, and what others say about it without support.
// Group: positions
// Result: table
// Parameter: only_party (party, default null): only what is said of this party, or of a group that it belongs to
// Parameter: members (text, default no; one of yes | no): with yes also what is said of the members of the party
// Parameter: until (date, default null): only acts that began by that day

MATCH (asked:Party)
WHERE $only_party IS NULL OR asked.id = $only_party
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
// said-of: begin; written once in queries/shared/said-of.cypher, from which `make docs` copies it
// What is said of a party: what it did, by the word of somebody who does not speak for it, and what others say about it.
// Of the party that is asked about also what is said of a group that it belongs to; through says of which. answering are those
// whose own word counts: of what a member is said to have done, that member's.
WITH asked, collect(party) AS parties, collect(party.id) AS side
UNWIND CASE WHEN $only_party IS NULL THEN [asked] ELSE parties END AS whom
MATCH (whom)<-[named:BY|ABOUT]-(f:Fact)
WHERE ($until IS NULL OR f.known_from <= $until)
  AND CASE type(named) WHEN 'BY' THEN f.attribution = 'alleged' ELSE NOT EXISTS { MATCH (f)-[:BY]->(p) WHERE p IN [asked, whom] } END
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH asked, side, f, whom, type(named) = 'BY' AS ascribed, speaker,
     COLLECT { MATCH (f)-[:ON_BEHALF_OF]->(p:Party) RETURN p.id } AS here,
     COLLECT { MATCH (speaker)-[:SPEAKS_FOR]->(p:Party) RETURN p.id } AS usual
WITH asked, side, f, whom, ascribed, speaker, CASE WHEN here = [] THEN usual ELSE here END AS sides
WHERE none(p IN [asked, whom] WHERE p.id IN sides OR p.id = coalesce(speaker.id, ''))
WITH asked, side, f, whom, ascribed, speaker, sides
ORDER BY whom.name, whom.id
WITH asked, side, f, speaker, sides, collect(DISTINCT whom) AS named, max(ascribed) AS ascribed,
     COLLECT { MATCH (asked)<-[:MEMBER_OF*1..]-(p:Party) RETURN p.id } AS below
WITH asked, f, speaker, sides, ascribed,
     CASE WHEN all(p IN named WHERE p.id IN below) THEN [p IN named | p.id] ELSE side END AS answering,
     CASE WHEN asked IN named THEN [] ELSE [p IN named | p.name] END AS through
// said-of: end
WITH asked, through, f, ascribed, speaker, sides
WHERE ascribed OR f.stance < 1
// denied: begin; written once in queries/shared/denied.cypher, from which `make docs` copies it
// Who denies what somebody else says: the same act between the same, on the same thing.
WITH *,
     COLLECT {
       MATCH (f)-[:BY|TO]->(:Party)<-[:BY]-(denial:Fact {modality: 'denied'})
       WHERE f.attribution = 'alleged' AND f.modality <> 'denied' AND denial.attribution <> 'alleged' AND denial.action = f.action
         AND ($until IS NULL OR denial.known_from <= $until)
         AND (NOT EXISTS { (f)-[:ABOUT]->() } OR EXISTS { (f)-[:ABOUT]->()<-[:ABOUT]-(denial) })
         AND NOT EXISTS { MATCH (denial)-[:TO]->(p:Party) WHERE NOT EXISTS { (f)-[:BY|TO]->(p) } }
       MATCH (denial)-[:BY]->(actor:Party)
       OPTIONAL MATCH (denial)-[:ACCORDING_TO]->(who)
       WITH DISTINCT coalesce(who.name, actor.name) AS name
       RETURN name ORDER BY name
     } AS denied_by
// denied: end
RETURN speaker.name AS according_to,
       asked.name AS about,
       through AS as,
       f.label AS action,
       COLLECT { MATCH (f)-[:ABOUT]->(object) RETURN object.name ORDER BY object.name, object.id } AS what,
       f.says AS says,
       f.condition AS condition,
       COLLECT { MATCH (p:Party) WHERE p.id IN sides RETURN p.name ORDER BY p.name, p.id } AS speaks_for,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS by,
       f.attribution AS attribution,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       denied_by,
       f.id AS fact
ORDER BY asked.name, asked.id, f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id;
