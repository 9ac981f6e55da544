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
