// Offers
// Who offered what to whom, who says so, and what has become of it; status_by tells whose word the status rests on.
// Group: positions
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (item:Proposal)
WHERE EXISTS { (item)<-[:OFFERED]-(:Party) }
// The status of an item; these lines are the same in every recipe that tells it, and README explains the words.
CALL (item) {
  OPTIONAL MATCH (item)-[:PART_OF*0..1]->(whole)<-[:ABOUT]-(put:Fact)-[:BY]->(owner:Party)
  WHERE put.effect = 'puts_forward' AND put.modality <> 'denied' AND ($until IS NULL OR put.date_from <= $until)
  OPTIONAL MATCH (put)-[:TO]->(addressee:Party)
  OPTIONAL MATCH (addressee)-[:MEMBER_OF]->(bloc:Party)
  RETURN collect(DISTINCT owner.id) AS owners,
         collect(DISTINCT addressee.id) + collect(DISTINCT bloc.id) AS addressees,
         collect(DISTINCT put) AS puts,
         max(put.date_from) AS last_put
}
CALL (item, owners) {
  OPTIONAL MATCH (item)-[:PART_OF*0..1]->(whole)<-[:ABOUT]-(back:Fact)-[:BY]->(owner:Party)
  WHERE back.effect = 'withdraws' AND back.modality = 'actual' AND back.attribution <> 'alleged' AND owner.id IN owners
    AND ($until IS NULL OR back.date_from <= $until)
  RETURN max(back.date_to) AS last_withdrawn, collect(DISTINCT back.id) AS withdrawals
}
CALL (item, owners, addressees) {
  OPTIONAL MATCH (item)<-[:ABOUT]-(answer:Fact)-[:BY]->(party:Party)
  WHERE answer.effect IN ['accepts', 'rejects', 'answers', 'leaves_unanswered'] AND answer.modality <> 'denied'
    AND ($until IS NULL OR answer.date_from <= $until)
    AND (party.id IN addressees OR (size(addressees) = 0 AND NOT party.id IN owners))
  OPTIONAL MATCH (answer)-[:ACCORDING_TO]->(speaker)
  WITH answer, party, speaker
  ORDER BY answer.date_from, answer.date_to, answer.id, party.id
  WITH [a IN collect({
    effect: CASE WHEN answer.effect IN ['accepts', 'rejects'] AND answer.modality <> 'actual' THEN 'answers' ELSE answer.effect END,
    alleged: answer.attribution = 'alleged', id: party.id, party: party.name, speaker: speaker.name,
    fact: answer.id
  }) WHERE a.party IS NOT NULL] AS answers
  WITH answers, [a IN answers WHERE NOT a.alleged AND a.effect IN ['accepts', 'rejects']] AS decisions
  RETURN [i IN range(0, size(decisions) - 1)
          WHERE none(j IN range(i + 1, size(decisions) - 1) WHERE decisions[j].id = decisions[i].id)
          | decisions[i]] AS decided,
         [a IN answers WHERE a.alleged AND a.effect = 'rejects'] AS said_rejected,
         [a IN answers WHERE a.alleged AND a.effect = 'accepts'] AS said_accepted,
         [a IN answers WHERE NOT a.alleged AND a.effect = 'answers'] AS answered,
         [a IN answers WHERE a.alleged AND a.effect = 'leaves_unanswered'] AS said_unanswered
}
CALL (item, owners, addressees) {
  OPTIONAL MATCH (item)<-[:PART_OF]-(part)
  OPTIONAL MATCH (part)<-[:ABOUT]-(yes:Fact)-[:BY]->(party:Party)
  WHERE yes.effect = 'accepts' AND yes.modality = 'actual' AND yes.attribution <> 'alleged'
    AND ($until IS NULL OR yes.date_from <= $until)
    AND (party.id IN addressees OR (size(addressees) = 0 AND NOT party.id IN owners))
  RETURN count(DISTINCT part.id) AS parts,
         count(DISTINCT CASE WHEN party IS NOT NULL THEN part.id END) AS accepted_parts,
         collect(DISTINCT party.name) AS accepted_parts_by,
         collect(DISTINCT yes.id) AS part_acceptances
}
WITH item,
     CASE
       WHEN size(owners) = 0 THEN 'not put forward'
       WHEN last_withdrawn >= last_put THEN 'withdrawn'
       WHEN size(decided) > 0 AND all(d IN decided WHERE d.effect = 'accepts') THEN 'accepted'
       WHEN size(decided) > 0 AND all(d IN decided WHERE d.effect = 'rejects') THEN 'rejected'
       WHEN size(decided) > 0 THEN 'accepted by some, rejected by others'
       WHEN accepted_parts > 0 AND accepted_parts = parts THEN 'accepted'
       WHEN accepted_parts > 0 THEN 'partly accepted'
       WHEN size(said_rejected) > 0 THEN 'open, said to be rejected'
       WHEN size(said_accepted) > 0 THEN 'open, said to be accepted'
       WHEN size(answered) > 0 THEN 'answered, open'
       WHEN size(said_unanswered) > 0 THEN 'open, said to be left unanswered'
       ELSE 'unanswered'
     END AS status,
     CASE
       WHEN size(owners) = 0 OR last_withdrawn >= last_put THEN []
       WHEN size(decided) > 0 THEN [d IN decided | d.party]
       WHEN accepted_parts > 0 THEN accepted_parts_by
       WHEN size(said_rejected) > 0 THEN [a IN said_rejected | a.speaker]
       WHEN size(said_accepted) > 0 THEN [a IN said_accepted | a.speaker]
       WHEN size(answered) > 0 THEN [a IN answered | a.party]
       ELSE [a IN said_unanswered | a.speaker]
     END AS names,
     [put IN puts WHERE put.date_from = last_put | put.id] + CASE
       WHEN size(owners) = 0 THEN []
       WHEN last_withdrawn >= last_put THEN withdrawals
       WHEN size(decided) > 0 THEN [d IN decided | d.fact]
       WHEN accepted_parts > 0 THEN part_acceptances
       WHEN size(said_rejected) > 0 THEN [a IN said_rejected | a.fact]
       WHEN size(said_accepted) > 0 THEN [a IN said_accepted | a.fact]
       WHEN size(answered) > 0 THEN [a IN answered | a.fact]
       ELSE [a IN said_unanswered | a.fact]
     END AS basis
UNWIND (CASE WHEN size(names) = 0 THEN [null] ELSE names END) AS name
WITH item, status, basis, name
ORDER BY name
WITH item, status, basis, collect(DISTINCT name) AS status_by
WITH item, status, status_by, COLLECT { UNWIND basis AS id RETURN DISTINCT id ORDER BY id } AS facts
// Here the status ends.
MATCH (item)<-[:ABOUT]-(f:Fact {action: 'offered'})-[:BY]->(party:Party)
WHERE $until IS NULL OR f.date_from <= $until
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN party.name AS by,
       item.name AS offer,
       COLLECT { MATCH (f)-[:TO]->(p:Party) RETURN p.name ORDER BY p.name } AS to,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.modality AS modality,
       f.date AS date,
       status,
       status_by,
       f.id AS fact,
       facts
ORDER BY party.name, f.date_from, f.date_to, item.name, item.id, f.id, party.id, speaker.id, status, status_by, facts;
