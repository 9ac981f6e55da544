// Acts in their order
// What was done one act after the other, one row an act and thing, and what each answers: what somebody else had put forward, what it amends or counters, or the claim that it denies. First is who spoke of it when nobody else had; of several of one date without turns, all.
// Group: the record
// Result: table
// Parameter: item (item, default null): only acts about this proposal or demand, what it is a part of, its parts, and what amends or counters it or is amended or countered by it
// Parameter: issue (issue, default null): only acts about this issue, its parts, and the proposals and demands that further or hinder it or are about it
// Parameter: party (party, default null): only acts by this party or towards it, or by or towards a group that it belongs to
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did
// Parameter: action (list, default null): only acts of these kinds, such as pledged or rejected, by their names in the codebook
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

// near: begin; written once in queries/shared/near.cypher, from which `make docs` copies it
// What belongs to the item: itself, what it is a part of, its parts, and what amends or counters it or is amended or countered by it.
WITH [$item]
     + COLLECT { MATCH (item:Proposal|Demand)-[:PART_OF*1..]->(whole:Proposal) WHERE item.id = $item RETURN DISTINCT whole.id }
     + COLLECT { MATCH (part:Proposal|Demand)-[:PART_OF*1..]->(item:Proposal) WHERE item.id = $item RETURN DISTINCT part.id }
     + COLLECT { MATCH (item:Proposal|Demand)-[:AMENDS|COUNTERS]-(other:Proposal|Demand) WHERE item.id = $item RETURN DISTINCT other.id }
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
  RETURN COLLECT { MATCH (asked:Party)-[:MEMBER_OF*1..]->(group:Party) WHERE asked.id = $party RETURN DISTINCT group.id } AS groups,
         COLLECT {
           MATCH (member:Party)-[:MEMBER_OF*1..]->(asked:Party)
           WHERE asked.id = $party AND $members = 'yes'
           RETURN DISTINCT member.id
         } AS members
}
// asked: end
MATCH (f:Fact)
WHERE ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
  AND ($action IS NULL OR f.action IN $action)
  AND ($party IS NULL OR EXISTS { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id = $party OR p.id IN groups OR p.id IN members })
OPTIONAL MATCH (f)-[:ABOUT]->(thing)
WITH f, thing, groups, near, around, coalesce(f.turn, 1000000) AS turn
WHERE ($item IS NULL OR thing.id IN near) AND ($issue IS NULL OR thing.id IN around)
WITH f, thing, groups, turn,
     f.modality <> 'denied' AND f.action <> 'considered' AND NOT coalesce(f.effect, '') IN ['puts_forward', 'withdraws'] AS replies
WITH f, thing, groups, turn,
     // What somebody else last put forward of the thing, itself or with a whole; of what is put forward, of all that it amends or counters.
     COLLECT {
       MATCH (thing)-[:AMENDS|COUNTERS*0..1]->(other)-[:PART_OF*0..]->(on:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
       WHERE ((replies AND other = thing) OR (f.effect = 'puts_forward' AND other <> thing)) AND put.modality <> 'denied'
         AND (put.date_from < f.date_from OR (put.date_from = f.date_from AND coalesce(put.turn, 1000000) <= turn))
         AND ($until IS NULL OR put.known_from <= $until) AND NOT EXISTS { (f)-[:BY]->(:Party)<-[:BY]-(put) }
       WITH other, on, put
       ORDER BY CASE WHEN on = other THEN 0 ELSE 1 END,
                put.date_from DESC, coalesce(put.turn, 1000000) DESC, put.date_to DESC, put.id DESC, on.name, on.id
       WITH other, collect({fact: put.id, on: on.name})[0] AS last
       RETURN last
       ORDER BY other.name, other.id
     } AS puts,
     // What a denial denies: the same act between the same, as somebody else tells it.
     COLLECT {
       MATCH (f)-[:BY]->(:Party)<-[:BY|TO]-(claim:Fact {attribution: 'alleged'})
       WHERE f.modality = 'denied' AND claim.action = f.action AND claim.modality <> 'denied'
         AND ($until IS NULL OR claim.known_from <= $until)
         AND (thing IS NULL OR EXISTS { (claim)-[:ABOUT]->(thing) })
         AND NOT EXISTS { MATCH (f)-[:TO]->(p:Party) WHERE NOT EXISTS { (claim)-[:BY|TO]->(p) } }
       WITH DISTINCT claim
       ORDER BY claim.date_from DESC, coalesce(claim.turn, 1000000) DESC, claim.date_to DESC, claim.id DESC
       RETURN {fact: claim.id, on: null}
       LIMIT 1
     } AS claims,
     // What was done before about the thing or what it is a part of; the party's own acts on the thing are marked.
     COLLECT {
       MATCH (thing)-[:PART_OF*0..]->(on)<-[:ABOUT]-(earlier:Fact)
       WHERE (on = thing OR on:Proposal) AND (earlier.date_from < f.date_from OR (earlier.date_from = f.date_from
           AND (coalesce(earlier.turn, 1000000) < turn OR (coalesce(earlier.turn, 1000000) = turn AND earlier.date_to < f.date_to))))
         AND earlier.modality <> 'denied' AND ($until IS NULL OR earlier.known_from <= $until)
       WITH earlier, on = thing AND EXISTS { (f)-[:BY]->(:Party)<-[:BY]-(earlier) } AS own
       ORDER BY earlier.date_from DESC, coalesce(earlier.turn, 1000000) DESC, earlier.date_to DESC, earlier.id DESC
       RETURN {fact: earlier.id, own: own}
     } AS before
WITH f, thing, groups, before, puts + claims AS replies, [e IN before WHERE e.own][0] AS own
CALL (thing, replies) {
  UNWIND replies AS reply
  MATCH (answered:Fact {id: reply.fact})
  WITH answered, CASE WHEN reply.on <> thing.name THEN ': ' + reply.on ELSE '' END AS on,
       COLLECT { MATCH (answered)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS names
  WITH answered, names[0] + reduce(others = '', name IN tail(names) | others + ' and ' + name) + ' ' + answered.label + on AS answer
  ORDER BY answer, answered.id
  RETURN collect(answer) AS answers, collect(answered.id) AS answered_facts
}
OPTIONAL MATCH (own_act:Fact {id: own.fact})
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN f.date AS date,
       f.turn AS turn,
       COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.name ORDER BY p.name } AS by,
       COLLECT { MATCH (f)-[:BY|TO]->(p:Party) WHERE p.id IN groups RETURN DISTINCT p.name ORDER BY p.name } AS as,
       f.label AS act,
       thing.name AS what,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.says AS says,
       f.condition AS condition,
       CASE WHEN thing IS NOT NULL THEN before = [] END AS first,
       answers,
       own_act.label AS own_act_before,
       speaker.name AS according_to,
       f.attribution AS attribution,
       f.implied AS implied,
       f.confidence AS confidence,
       f.id AS fact,
       answered_facts
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, thing.name, thing.id, speaker.id, own_act.id;
