// Acts in their order
// What was done one act after the other, one row an act and thing, and what each answers: what somebody else had put forward, what it amends or counters, or the claim that it denies. First is who spoke of it when nobody else had; of several of one date without turns, all. What another says that a party did is neither first nor an own act before, and to leave a thing unanswered is not to speak of it.
// Group: the record
// Result: table
// Parameter: only_item (item, default null): only acts about this proposal or demand, what it is a part of, its parts, and what amends or counters it or is amended or countered by it
// Parameter: issue (issue, default null): only acts about this issue, its parts, and the proposals and demands that further or hinder it or are about it
// Parameter: only_party (party, default null): only acts by this party or towards it, or by or towards a group that it belongs to
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did
// Parameter: action (list, default null): only acts of these kinds, such as pledged or rejected, by their names in the codebook
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

WITH $only_item AS middle
// near: begin; written once in queries/shared/near.cypher, from which `make docs` copies it
// What belongs to the item: itself, what it is a part of, its parts, and what amends or counters it or is amended or countered by it.
WITH [middle]
     + COLLECT { MATCH (item:Proposal|Demand)-[:PART_OF*1..]->(whole:Proposal) WHERE item.id = middle RETURN DISTINCT whole.id }
     + COLLECT { MATCH (part:Proposal|Demand)-[:PART_OF*1..]->(item:Proposal) WHERE item.id = middle RETURN DISTINCT part.id }
     + COLLECT { MATCH (item:Proposal|Demand)-[:AMENDS|COUNTERS]-(other:Proposal|Demand) WHERE item.id = middle RETURN DISTINCT other.id }
     AS near
// near: end
WITH near,
     COLLECT { MATCH (about:Issue)-[:PART_OF*0..]->(issue:Issue) WHERE issue.id = $issue RETURN DISTINCT about.id }
     + COLLECT {
         MATCH (about:Proposal|Demand)-[:FURTHERS|HINDERS|CONCERNS]->(:Issue)-[:PART_OF*0..]->(issue:Issue)
         WHERE issue.id = $issue
         RETURN DISTINCT about.id
       } AS around
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
MATCH (f:Fact)-[:BY]->(actor:Party)
WHERE $until IS NULL OR f.known_from <= $until
OPTIONAL MATCH (f)-[:ABOUT]->(thing)
WITH near, around, groups, members, f, actor, thing
WHERE ($only_item IS NULL OR thing.id IN near) AND ($issue IS NULL OR thing.id IN around)
WITH groups, members, f, actor, thing
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, actor.id
// What each party itself did about the thing before.
WITH groups, members, actor, thing, collect(f) AS acts
UNWIND range(0, size(acts) - 1) AS i
WITH groups, members, actor, thing, acts, i, acts[i] AS f, coalesce(acts[i].turn, 1000000) AS turn
WITH groups, members, actor, thing, f, turn,
     last([b IN acts[0..i] WHERE b.attribution <> 'alleged' AND b.modality <> 'denied'
             AND (b.date_from < f.date_from OR coalesce(b.turn, 1000000) < turn OR b.date_to < f.date_to)]) AS before
ORDER BY before.date_from DESC, before.id
WITH groups, members, thing, f, turn, collect(actor.id) AS actors, collect(before)[0] AS own_act
// Who spoke of it when nobody else had: by its own word or the source's report, and not by leaving it unanswered.
WITH groups, members, thing, f, turn, actors, own_act,
     f.attribution <> 'alleged' AND (f.modality = 'denied' OR coalesce(f.effect, '') <> 'leaves_unanswered') AS speaks
ORDER BY f.date_from, turn, f.date_to, f.id
WITH groups, members, thing, collect({f: f, turn: turn, actors: actors, own_act: own_act, speaks: speaks}) AS acts
WITH groups, members, thing, acts, [act IN acts WHERE act.speaks | act.f][0] AS opening
UNWIND acts AS act
WITH groups, members, thing, opening, act.f AS f, act.turn AS turn, act.actors AS actors, act.own_act AS own_act, act.speaks AS speaks
WHERE ($since IS NULL OR f.date_from >= $since) AND ($action IS NULL OR f.action IN $action)
  AND ($only_party IS NULL OR EXISTS { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id = $only_party OR p.id IN groups OR p.id IN members })
WITH f, thing, groups, turn, actors, own_act,
     speaks AND f.date_from = opening.date_from AND turn = coalesce(opening.turn, 1000000) AND f.date_to = opening.date_to AND NOT EXISTS {
       MATCH (thing)-[:PART_OF*1..]->(:Proposal)<-[:ABOUT]-(earlier:Fact)
       WHERE (earlier.date_from < f.date_from OR (earlier.date_from = f.date_from
           AND (coalesce(earlier.turn, 1000000) < turn OR (coalesce(earlier.turn, 1000000) = turn AND earlier.date_to < f.date_to))))
         AND ($until IS NULL OR earlier.known_from <= $until) AND earlier.attribution <> 'alleged'
         AND (earlier.modality = 'denied' OR coalesce(earlier.effect, '') <> 'leaves_unanswered')
     } AS first,
     f.modality <> 'denied' AND f.action <> 'considered' AND NOT coalesce(f.effect, '') IN ['puts_forward', 'withdraws'] AS replies
WITH f, thing, groups, turn, own_act, first,
     // What somebody else last put forward of the thing, itself or with a whole; of what is put forward, of all that it amends or counters.
     COLLECT {
       MATCH (thing)-[:AMENDS|COUNTERS*0..1]->(other)-[:PART_OF*0..]->(on:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
       WHERE ((replies AND other = thing) OR (f.effect = 'puts_forward' AND other <> thing)) AND put.modality <> 'denied'
         AND (put.date_from < f.date_from OR (put.date_from = f.date_from AND coalesce(put.turn, 1000000) <= turn))
         AND ($until IS NULL OR put.known_from <= $until) AND NOT EXISTS { MATCH (put)-[:BY]->(p:Party) WHERE p.id IN actors }
       WITH other, on, put
       ORDER BY CASE WHEN on = other THEN 0 ELSE 1 END,
                put.date_from DESC, coalesce(put.turn, 1000000) DESC, put.date_to DESC, put.id DESC, on.name, on.id
       WITH other, collect({fact: put, on: on.name})[0] AS last
       RETURN last
       ORDER BY other.name, other.id
     } AS puts,
     // What a denial denies: the same act between the same, as somebody else tells it.
     COLLECT {
       UNWIND CASE f.modality WHEN 'denied' THEN [f] ELSE [] END AS denial
       MATCH (denial)-[:BY]->(:Party)<-[:BY|TO]-(claim:Fact {attribution: 'alleged'})
       WHERE claim.action = f.action AND claim.modality <> 'denied'
         AND ($until IS NULL OR claim.known_from <= $until)
         AND (thing IS NULL OR EXISTS { (claim)-[:ABOUT]->(thing) })
         AND NOT EXISTS { MATCH (f)-[:TO]->(p:Party) WHERE NOT EXISTS { (claim)-[:BY|TO]->(p) } }
       WITH DISTINCT claim
       ORDER BY claim.date_from DESC, coalesce(claim.turn, 1000000) DESC, claim.date_to DESC, claim.id DESC
       RETURN {fact: claim, on: null}
       LIMIT 1
     } AS claims
WITH f, thing, groups, own_act, first, puts + claims AS replies
CALL (thing, replies) {
  UNWIND replies AS reply
  WITH reply.fact AS answered, CASE WHEN reply.on <> thing.name THEN ': ' + reply.on ELSE '' END AS on
  WITH answered, on, COLLECT { MATCH (answered)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS names
  WITH answered, names[0] + reduce(others = '', name IN tail(names) | others + ' and ' + name) + ' ' + answered.label + on AS answer
  ORDER BY answer, answered.id
  RETURN collect(answer) AS answers, collect(answered.id) AS answered_facts
}
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN f.date AS date,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
       COLLECT { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id IN groups RETURN DISTINCT p.name ORDER BY p.name } AS as,
       f.label AS act,
       thing.name AS what,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.says AS says,
       f.condition AS condition,
       CASE WHEN thing IS NOT NULL THEN first END AS first,
       answers,
       own_act.label AS own_act_before,
       speaker.name AS according_to,
       f.attribution AS attribution,
       f.implied AS implied,
       f.confidence AS confidence,
       f.id AS fact,
       answered_facts
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, thing.name, thing.id, speaker.id, own_act.id;
