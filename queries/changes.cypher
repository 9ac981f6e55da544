// Changes between two days
// What was put forward, answered, or changed its standing from one day to another, both included: one row a change, with the standing before and after it, which are the same where an act changed nothing. What is told by another counts from the day on which it was told.
// Group: positions
// Result: table
// Parameter: from_day (date, required): only acts that began on that day or later
// Parameter: to_day (date, required): only acts that began by that day
// Parameter: only_item (item, default null): only this proposal or demand
// Parameter: only_party (party, default null): only what this party, or a group that it belongs to, did or where it stands
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did

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
CALL () {
  // What changed a standing. That nobody has answered what was only just put forward is no change.
  MATCH (item:Proposal|Demand)-[now:STANDING]->(f:Fact)
  WHERE $from_day <= now.since AND now.since <= $to_day
  OPTIONAL MATCH (item)-[was:STANDING]->(:Fact)
  WHERE was.until < now.since AND (was.party = now.party OR (was.party IS NULL AND now.party IS NULL))
  WITH item, now, f, was
  ORDER BY was.until DESC, was.standing, was.condition
  WITH item, now, f, collect(was)[0] AS was
  WHERE was IS NOT NULL OR now.standing <> 'has not answered'
  MATCH (whose:Party)
  WHERE whose.id = now.party OR (now.party IS NULL AND EXISTS { (f)-[:BY]->(whose) })
  WITH item, whose, now, was, f
  ORDER BY CASE WHEN f.known_from = now.since THEN 0 ELSE 1 END, f.date_from DESC, coalesce(f.turn, 1000000) DESC, f.date_to DESC, f.id DESC
  WITH item, whose, now.since AS day, now.standing AS after, max(was.standing) AS before,
       collect({condition: now.condition, said_by: now.said_by, f: f})[0] AS by
  RETURN item, whose, day, before, after, by.condition AS condition, by.said_by AS said_by, by.f AS f
  UNION ALL
  // What was put forward, answered or withdrawn without a change: the standing that there was stays.
  MATCH (item:Proposal|Demand)<-[:ABOUT]-(f:Fact)-[:BY]->(whose:Party)
  WHERE $from_day <= f.known_from AND f.known_from <= $to_day AND f.effect IS NOT NULL AND f.modality <> 'denied'
    // Where a standing changed on that day, the change tells how the day ended.
    AND NOT EXISTS {
      MATCH (item)-[now:STANDING]->(:Fact)
      WHERE now.since = f.known_from AND CASE WHEN f.effect IN ['puts_forward', 'withdraws'] OR whose.kind = 'body' THEN now.party IS NULL ELSE now.party = whose.id END
    }
    AND NOT EXISTS { MATCH (item)-[now:STANDING]->(f) WHERE now.since = f.known_from }
  OPTIONAL MATCH (item)-[held:STANDING]->(:Fact)
  WHERE held.since <= f.known_from AND (held.until IS NULL OR f.known_from <= held.until)
    AND (held.party = whose.id OR (held.party IS NULL AND (f.effect IN ['puts_forward', 'withdraws'] OR whose.kind = 'body')))
  WITH item, whose, f, max(held.standing) AS standing
  WHERE standing IS NOT NULL
  RETURN item, whose, f.known_from AS day, standing AS before, standing AS after, null AS condition, null AS said_by, f
}
WITH item AS thing, whose, day, before, after, condition, said_by, f, groups, members
WHERE ($only_item IS NULL OR thing.id = $only_item) AND ($only_party IS NULL OR whose.id = $only_party OR whose.id IN groups OR whose.id IN members)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH thing, whose, groups, day, before, after, condition, said_by, f, speaker,
     // The word of a group counts for its members.
     f.attribution <> 'alleged' AND said_by IS NOT NULL AND said_by <> whose.name AS by_group
RETURN day,
       thing.name AS item,
       CASE WHEN whose.id IN groups THEN COLLECT { MATCH (p:Party {id: $only_party}) RETURN p.name }[0] ELSE whose.name END AS party,
       CASE WHEN whose.id IN groups THEN whose.name WHEN by_group THEN said_by END AS as,
       f.label AS act,
       before,
       after,
       coalesce(condition, f.condition) AS condition,
       CASE WHEN NOT by_group AND said_by <> whose.name THEN said_by END AS said_by,
       f.says AS says,
       f.date AS date,
       speaker.name AS according_to,
       f.attribution AS attribution,
       f.implied AS implied,
       f.confidence AS confidence,
       f.id AS fact
ORDER BY day, f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, thing.name, thing.id, whose.name, whose.id, before, after, said_by, speaker.id;
