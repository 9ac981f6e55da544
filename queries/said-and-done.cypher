// What is said of a party beside its own words
// What others say of a party beside what the party itself says, or by the report of a source does, on the same thing: one row for each such pair, and one where there is no such act.
// Group: positions
// Result: table
// Note: stances compares what the party is said to have done with its own act, or says that the party denies it; it is empty where one of them takes no stand
// Parameter: only_party (party, default null): only what is said of this party, or of a group that it belongs to, beside its own words and those of its groups
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
OPTIONAL MATCH (f)-[:ABOUT]->(object)
CALL (answering, f, object) {
  OPTIONAL MATCH (object)<-[:ABOUT]-(own:Fact)
  WHERE own.attribution <> 'alleged' AND ($until IS NULL OR own.known_from <= $until) AND own <> f
    AND EXISTS { MATCH (own)-[:BY]->(p:Party) WHERE p.id IN answering }
  RETURN own
}
RETURN asked.name AS party,
       through AS as,
       object.name AS about,
       f.name AS said_of_it,
       f.attribution AS attribution,
       COLLECT { MATCH (p:Party) WHERE p.id IN sides RETURN p.name ORDER BY p.name, p.id } AS speaks_for,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       own.name AS own_act,
       own.attribution AS own_attribution,
       own.date AS own_date,
       CASE
         WHEN own IS NULL OR NOT ascribed THEN null
         WHEN (f.modality = 'denied') <> (own.modality = 'denied')
           THEN CASE WHEN f.action <> own.action AND f.stance * own.stance <> 1 THEN null WHEN own.modality = 'denied' THEN 'denied' ELSE 'opposite' END
         WHEN f.stance * own.stance = 1
           THEN CASE WHEN (f.modality = 'conditional') = (own.modality = 'conditional') THEN 'same' ELSE 'same, but for a condition' END
         WHEN f.stance * own.stance = -1 AND f.modality <> 'denied' THEN 'opposite'
       END AS stances,
       f.id AS fact,
       own.id AS own_fact
ORDER BY asked.name, asked.id, f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, object.name, object.id,
         own.date_from, coalesce(own.turn, 1000000), own.date_to, own.id;
