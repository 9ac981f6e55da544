// Demands
// Who demanded what of whom, and where those stand on it who were asked or answered: a row for all whose standing is the same and told in the same way. How, attribution, implied and confidence are those of the act that the standing rests on. Who takes part in a body that was asked is under who; so is, with nobody under to, who answered without being asked. Status is the decision, or that a text which was adopted amends it; else the sum, as it is now.
// Group: positions
// Result: table
// Parameter: only_party (party, default null): only what this party, or a group that it belongs to, put forward
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did
// Parameter: until (date, default null): only acts that began by that day

MATCH (item:Demand)
// asked: begin; written once in queries/shared/asked.cypher, from which `make docs` copies it
// The groups that the party belongs to, and, if they are asked for, its members.
CALL () {
  RETURN COLLECT { MATCH (asked:Party)-[:MEMBER_OF*1..]->(group:Party) WHERE asked.id = $only_party RETURN DISTINCT group.id } AS groups,
         COLLECT {
           MATCH (member:Party)-[:MEMBER_OF*1..]->(asked:Party)
           WHERE asked.id = $only_party AND $members = 'yes'
           RETURN DISTINCT member.id
         } AS members
}
// asked: end
// put-forward: begin; written once in queries/shared/put-forward.cypher, from which `make docs` copies it
// How each item was put forward, or else a whole that it is part of; denied acts too, and nothing where it never was, unless a day is asked for.
OPTIONAL MATCH (item)-[:PART_OF*0..]->(on:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
WHERE ($until IS NULL OR put.known_from <= $until)
  AND (on = item OR NOT EXISTS {
    MATCH (item)<-[:ABOUT]-(itself:Fact {effect: 'puts_forward'})
    WHERE itself.modality <> 'denied' AND ($until IS NULL OR itself.known_from <= $until)
  })
WITH DISTINCT item, put, groups, members
WHERE (put IS NOT NULL OR $until IS NULL)
  AND ($only_party IS NULL OR EXISTS { MATCH (put)-[:BY]->(actor:Party) WHERE actor.id = $only_party OR actor.id IN groups OR actor.id IN members })
// The same act of the same parties stands once, with the first time.
WITH item, put, groups,
     COLLECT { MATCH (put)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
     put.label AS put_as
ORDER BY put.date_from, coalesce(put.turn, 1000000), put.date_to, put.id
WITH item, groups, by, put_as, collect(put)[0] AS put, collect(put) AS puts
WITH item, groups, by, put_as, put, puts,
     COLLECT { UNWIND puts AS act MATCH (act)-[:TO]->(:Party)<-[:PARTICIPATES_IN*0..]-(p:Party) RETURN DISTINCT p.id } AS asked,
     COLLECT { UNWIND puts AS act MATCH (act)-[:TO]->(p:Party) RETURN DISTINCT p.id } AS direct
// Where those stand on the day who were asked, and who answered without being asked by anybody.
OPTIONAL MATCH (item)-[stands:STANDING]->(basis:Fact)
WHERE stands.party IS NOT NULL AND put.modality <> 'denied'
  AND (stands.party IN asked OR asked = [] OR NOT EXISTS {
    MATCH (item)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(other:Fact {effect: 'puts_forward'})
    WHERE other.modality <> 'denied' AND ($until IS NULL OR other.known_from <= $until)
    MATCH (other)-[:TO]->(:Party)<-[:PARTICIPATES_IN*0..]-(p:Party)
    WHERE p.id = stands.party
  })
  AND (($until IS NULL AND stands.until IS NULL) OR (stands.since <= $until AND (stands.until IS NULL OR $until <= stands.until)))
// The last of several acts that make a party's standing is shown, one on the item itself before one on a whole or a part; none where it has not answered.
WITH item, groups, by, put_as, put, puts, asked, direct, stands, basis
ORDER BY CASE WHEN EXISTS { (basis)-[:ABOUT]->(item) } THEN 0 ELSE 1 END,
         basis.date_from DESC, coalesce(basis.turn, 1000000) DESC, basis.date_to DESC, basis.id DESC
WITH item, groups, by, put_as, put, puts, asked, direct, stands.party AS party, stands.standing AS standing,
     collect(basis.id) AS basis, collect({condition: stands.condition, said_by: stands.said_by, act: basis})[0] AS of
WITH item, groups, by, put_as, put, puts, asked, direct, party, standing, basis, of.condition AS condition, of.said_by AS said_by,
     CASE WHEN of.act.effect <> 'puts_forward' THEN of.act END AS f
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
// All of the same standing that rests on an act told in the same way together, and apart from them who was not asked.
WITH item, groups, by, put_as, put, puts, asked, direct, standing, condition, said_by, denied_by,
     {label: f.label, attribution: f.attribution, implied: f.implied, confidence: f.confidence} AS act,
     party IN asked AS was_asked, collect(party) AS parties, collect(basis) AS bases
// What holds for the item as a whole.
OPTIONAL MATCH (item)-[whole:STANDING]->(deciding:Fact)
WHERE whole.party IS NULL AND whole.standing <> 'put forward'
  AND (($until IS NULL AND whole.until IS NULL) OR (whole.since <= $until AND (whole.until IS NULL OR $until <= whole.until)))
WITH item, groups, by, put_as, put, puts, direct, standing, condition, said_by, denied_by, act, parties, bases,
     max(whole.standing + ' (' + whole.said_by + ')') AS decided, collect(DISTINCT deciding.id) AS decisions
// A text that was adopted and changes it.
OPTIONAL MATCH (text:Proposal|Demand)-[:AMENDS]->(item), (text)-[adopted:STANDING {standing: 'adopted'}]->(:Fact)
WHERE decided IS NULL
  AND (($until IS NULL AND adopted.until IS NULL) OR (adopted.since <= $until AND (adopted.until IS NULL OR $until <= adopted.until)))
WITH item, groups, by, put_as, put, puts, direct, standing, condition, said_by, denied_by, act, parties, bases, decided, decisions,
     'amended by ' + min(text.name) AS amended
WITH item, by, put_as, put, standing, condition, said_by, denied_by, act,
     CASE
       WHEN decided IS NOT NULL THEN decided
       WHEN $until IS NOT NULL THEN amended
       ELSE item.status + coalesce('; ' + amended, '')
     END AS status,
     COLLECT { UNWIND puts AS each MATCH (each)-[:BY]->(p:Party) WHERE p.id IN groups RETURN DISTINCT p.name ORDER BY p.name } AS as,
     COLLECT {
       UNWIND puts AS each
       MATCH (each)-[:ABOUT]->(whole:Proposal)<-[:PART_OF*1..]-(item)
       WHERE NOT EXISTS { (each)-[:ABOUT]->(item) }
       RETURN DISTINCT whole.name ORDER BY whole.name
     } AS part_of,
     // The addressees that stand so, and the bodies that the others who do take part in; all where nobody has a standing.
     COLLECT {
       UNWIND puts AS each
       MATCH (each)-[:TO]->(addressee:Party)
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
     COLLECT { UNWIND [each IN puts | each.id] + decisions + reduce(all = [], basis IN bases | all + basis) AS id RETURN DISTINCT id ORDER BY id } AS facts
// put-forward: end
RETURN by,
       as,
       put_as,
       item.name AS demand,
       to,
       who,
       standing,
       condition,
       said_by,
       denied_by,
       put.date AS date,
       part_of,
       put.says AS says,
       act.label AS how,
       act.attribution AS attribution,
       act.implied AS implied,
       act.confidence AS confidence,
       status,
       put.id AS fact,
       facts
ORDER BY put.date_from, coalesce(put.turn, 1000000), put.date_to, put.id, item.name, item.id, standing, condition, said_by,
         to, who, how, status, facts;
