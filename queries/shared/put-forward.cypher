// How each item was put forward, or else a whole that it is part of; denied acts too, and nothing where it never was.
OPTIONAL MATCH (item)-[:PART_OF*0..]->(on:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
WHERE ($until IS NULL OR put.known_from <= $until)
  AND (on = item OR NOT EXISTS {
    MATCH (item)<-[:ABOUT]-(itself:Fact {effect: 'puts_forward'})
    WHERE itself.modality <> 'denied' AND ($until IS NULL OR itself.known_from <= $until)
  })
WITH DISTINCT item, put, groups, members
WHERE $party IS NULL OR EXISTS { MATCH (put)-[:BY]->(actor:Party) WHERE actor.id = $party OR actor.id IN groups OR actor.id IN members }
// The same act of the same parties stands once, with the first time.
WITH item, put, groups,
     COLLECT { MATCH (put)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
     put.label AS put_as
ORDER BY put.date_from, coalesce(put.turn, 1000000), put.date_to, put.id
WITH item, groups, by, put_as, collect(put)[0] AS put, collect(put) AS puts
WITH item, groups, by, put_as, put, puts,
     COLLECT { UNWIND puts AS act MATCH (act)-[:TO]->(:Party)<-[:PARTICIPATES_IN*0..]-(p:Party) RETURN DISTINCT p.id } AS asked,
     COLLECT { UNWIND puts AS act MATCH (act)-[:TO]->(p:Party) RETURN DISTINCT p.id } AS direct
// Where those stand on the day who were asked, all of the same standing together; if nobody in particular was, whoever has a standing.
OPTIONAL MATCH (item)-[stands:STANDING]->(basis:Fact)
WHERE (stands.party IN asked OR (asked = [] AND stands.party IS NOT NULL)) AND put.modality <> 'denied'
  AND (($until IS NULL AND stands.until IS NULL) OR (stands.since <= $until AND (stands.until IS NULL OR $until <= stands.until)))
WITH item, groups, by, put_as, put, puts, asked, direct, stands.party AS party, stands.standing AS standing, max(stands.condition) AS condition,
     CASE WHEN count(stands.said_by) = count(stands) THEN max(stands.said_by) END AS said_by, collect(basis.id) AS basis
WITH item, groups, by, put_as, put, puts, asked, direct, standing, condition, said_by,
     collect(party) AS parties, collect(basis) AS bases
// What holds for the item as a whole.
OPTIONAL MATCH (item)-[whole:STANDING]->(deciding:Fact)
WHERE whole.party IS NULL AND whole.standing <> 'put forward'
  AND (($until IS NULL AND whole.until IS NULL) OR (whole.since <= $until AND (whole.until IS NULL OR $until <= whole.until)))
WITH item, groups, by, put_as, put, puts, asked, direct, standing, condition, said_by, parties, bases,
     max(whole.standing + ' (' + whole.said_by + ')') AS decided, collect(DISTINCT deciding.id) AS decisions
// A text that was adopted and changes it.
OPTIONAL MATCH (text:Proposal|Demand)-[:AMENDS]->(item), (text)-[adopted:STANDING {standing: 'adopted'}]->(:Fact)
WHERE decided IS NULL
  AND (($until IS NULL AND adopted.until IS NULL) OR (adopted.since <= $until AND (adopted.until IS NULL OR $until <= adopted.until)))
WITH item, groups, by, put_as, put, puts, asked, direct, standing, condition, said_by, parties, bases, decided, decisions,
     'amended by ' + min(text.name) AS amended
OPTIONAL MATCH (put)-[:ACCORDING_TO]->(speaker)
WITH item, by, put_as, put, speaker, standing, condition, said_by,
     CASE
       WHEN decided IS NOT NULL THEN decided
       WHEN $until IS NOT NULL THEN amended
       ELSE item.status + coalesce('; ' + amended, '')
     END AS status,
     COLLECT { UNWIND puts AS act MATCH (act)-[:BY]->(p:Party) WHERE p.id IN groups RETURN DISTINCT p.name ORDER BY p.name } AS as,
     COLLECT {
       UNWIND puts AS act
       MATCH (act)-[:ABOUT]->(whole:Proposal)<-[:PART_OF*1..]-(item)
       WHERE NOT EXISTS { (act)-[:ABOUT]->(item) }
       RETURN DISTINCT whole.name ORDER BY whole.name
     } AS part_of,
     // The addressees that stand so, and the bodies that the others who do take part in; all where nobody has a standing.
     COLLECT {
       UNWIND puts AS act
       MATCH (act)-[:TO]->(addressee:Party)
       WHERE (parties = [] OR addressee.id IN parties
         OR EXISTS {
           MATCH (participant:Party)-[:PARTICIPATES_IN*1..]->(addressee)
           WHERE participant.id IN parties AND NOT participant.id IN direct
         })
       RETURN DISTINCT addressee.name ORDER BY addressee.name
     } AS to,
     COLLECT {
       UNWIND parties AS id
       MATCH (party:Party {id: id})
       WHERE NOT id IN direct
       RETURN party.name ORDER BY party.name
     } AS who,
     COLLECT { UNWIND [act IN puts | act.id] + decisions + reduce(all = [], basis IN bases | all + basis) AS id RETURN DISTINCT id ORDER BY id } AS facts
