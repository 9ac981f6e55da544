// Standing, item by party
// Where each party stands on each proposal and demand, whose word that is, and since when: who put it forward or decided on it, who was asked, and who answered without being asked.
// Group: positions
// Result: table
// Edges: party -> item
// Parameter: only_item (item, default null): only this proposal or demand
// Parameter: only_party (party, default null): only where this party, or a group that it belongs to, stands
// Parameter: members (text, default no; one of yes | no): with yes also what the members of the party did
// Parameter: standing (list, default put forward, decided, for, conditional, partial, reserved, against, open, moot; one of put forward | decided | for | conditional | partial | reserved | against | open | moot): only these: decided is adopted, refused or withdrawn; partial is for some of the parts; open is no answer, one without a position, or another's word alone, and moot the same where the item is decided or a text that amends it was adopted
// Parameter: until (date, default null): only acts that began by that day

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
MATCH (thing:Proposal|Demand)
WHERE $only_item IS NULL OR thing.id = $only_item
WITH groups, members, thing,
     // Who put it forward, itself or with a whole that it is part of; who was asked, also as one who takes part in a body.
     COLLECT {
       MATCH (thing)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})-[:BY]->(p:Party)
       WHERE put.modality <> 'denied' AND ($until IS NULL OR put.known_from <= $until)
       RETURN DISTINCT p.name ORDER BY p.name
     } AS owners,
     COLLECT {
       MATCH (thing)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
       WHERE put.modality <> 'denied' AND ($until IS NULL OR put.known_from <= $until)
       MATCH (put)-[:TO]->(:Party)<-[:PARTICIPATES_IN*0..]-(p:Party)
       RETURN DISTINCT p.id
     } AS asked
MATCH (thing)-[stands:STANDING]->(f:Fact)
WHERE ($until IS NULL AND stands.until IS NULL) OR (stands.since <= $until AND (stands.until IS NULL OR $until <= stands.until))
WITH groups, members, thing, owners, asked, collect({stands: stands, f: f}) AS known
WITH groups, members, thing, owners, asked, known, [k IN known WHERE k.stands.party IS NULL | k.stands.standing][0] AS whole,
     [k IN known | k.stands.party] AS standing_parties
UNWIND known AS one
WITH groups, members, thing, owners, asked, whole, standing_parties, one.stands AS stands, one.f AS f
// What holds for the item as a whole is told of those who did it.
UNWIND CASE WHEN stands.party IS NULL THEN COLLECT { MATCH (f)-[:BY]->(p:Party) RETURN p.id } ELSE [stands.party] END AS id
MATCH (whose:Party {id: id})
WHERE ($only_party IS NULL OR id = $only_party OR id IN groups OR id IN members) AND NOT (id IN groups AND $only_party IN standing_parties)
// One row a party, though several acts may make its standing, as when it accepted several parts; the last of them is shown, one on the item itself before one on a whole or a part.
WITH thing, owners, asked, whole, whose, groups, stands.party IS NULL AS own, stands, f
ORDER BY CASE WHEN EXISTS { (f)-[:ABOUT]->(thing) } THEN 0 ELSE 1 END, f.date_from DESC, coalesce(f.turn, 1000000) DESC, f.date_to DESC, f.id DESC
WITH thing, owners, asked, whole, whose, groups, own, stands.standing AS standing, min(stands.since) AS since, collect(f.id) AS facts,
     collect(f)[0] AS f, collect({condition: stands.condition, said_by: stands.said_by})[0] AS of
// A text that was adopted and changes it.
OPTIONAL MATCH (text:Proposal|Demand)-[:AMENDS]->(thing), (text)-[adopted:STANDING {standing: 'adopted'}]->(:Fact)
WHERE whole = 'put forward'
  AND (($until IS NULL AND adopted.until IS NULL) OR (adopted.since <= $until AND (adopted.until IS NULL OR $until <= adopted.until)))
WITH thing, owners, asked, whole, whose, groups, own, standing, since, facts, f, of, 'amended by ' + min(text.name) AS amended
WITH thing, owners, asked, whole, whose, groups, own, standing, since, facts, f, amended, of.condition AS condition, of.said_by AS said_by,
     CASE
       WHEN standing = 'put forward' THEN 'put forward'
       WHEN standing IN ['adopted', 'refused', 'withdrawn'] THEN 'decided'
       WHEN standing IN ['accepts', 'supports'] THEN 'for'
       WHEN standing = 'accepts if' THEN 'conditional'
       WHEN standing = 'accepts in part' THEN 'partial'
       WHEN standing = 'reserves' THEN 'reserved'
       WHEN standing IN ['opposes', 'rejects'] THEN 'against'
       WHEN whole = 'put forward' AND amended IS NULL THEN 'open'
       ELSE 'moot'
     END AS side,
     own OR f.effect <> 'puts_forward' AS acted
WHERE side IN $standing
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH thing, owners, asked, whose, groups, own, standing, since, facts, f, condition, said_by, whole, side, acted, amended, speaker,
     // The word of a group counts for its members.
     NOT own AND f.attribution <> 'alleged' AND said_by IS NOT NULL AS by_group
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
RETURN thing.name AS item,
       CASE WHEN whose.id IN groups THEN COLLECT { MATCH (p:Party {id: $only_party}) RETURN p.name }[0] ELSE whose.name END AS party,
       CASE WHEN whose.id IN groups THEN whose.name WHEN by_group THEN said_by END AS as,
       standing,
       condition,
       CASE WHEN NOT by_group AND NOT own THEN said_by END AS said_by,
       denied_by,
       CASE WHEN acted THEN f.date END AS date,
       since,
       owners AS put_forward_by,
       coalesce(amended, whole) AS item_is,
       CASE WHEN NOT own THEN whose.id IN asked END AS addressed,
       CASE WHEN acted THEN f.label END AS how,
       CASE WHEN acted THEN f.says END AS says,
       CASE WHEN acted THEN speaker.name END AS according_to,
       CASE WHEN acted THEN f.attribution END AS attribution,
       CASE WHEN acted THEN f.implied END AS implied,
       CASE WHEN acted THEN f.confidence END AS confidence,
       f.id AS fact,
       COLLECT { UNWIND facts AS id RETURN id ORDER BY id } AS facts
ORDER BY thing.name, thing.id, CASE side WHEN 'put forward' THEN 0 WHEN 'decided' THEN 1 WHEN 'for' THEN 2 WHEN 'conditional' THEN 3 WHEN 'partial' THEN 4 WHEN 'reserved' THEN 5
           WHEN 'against' THEN 6 ELSE 7
         END,
         standing, whose.name, whose.id, f.id, speaker.id, condition;
