// Brokers between blocs
// Who stands between parties of different blocs that have no tie of their own: pairs that both have to do with the broker.
// A tie is an act of one towards the other that is not against what it is about; a body is no side, and ties nobody; a party's blocs are the groups that it is a member or a partner of, and itself. towards counts what the broker did towards each of them.
// Group: relations
// Result: table
// Source: Roger V. Gould and Roberto M. Fernandez, Structures of Mediation, Sociological Methodology 19, 1989; without direction, pairs inside a bloc left out
// Parameter: stances (list, default for, neither; one of for | against | neither): which acts make a tie, by the stance that they take on what they are about
// Parameter: modality (list, default actual, planned; one of actual | planned | conditional): which acts count: those that took place, are announced, depend on something
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

MATCH (one:Party)<-[:BY]-(f:Fact)-[:TO]->(two:Party)
WHERE one <> two AND one.kind <> 'body' AND two.kind <> 'body' AND f.modality IN $modality AND f.attribution IN $attribution
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
  AND CASE WHEN f.stance > 0 THEN 'for' WHEN f.stance < 0 THEN 'against' ELSE 'neither' END IN $stances
WITH DISTINCT one, two
UNWIND [[one, two], [two, one]] AS ends
WITH DISTINCT ends[0] AS broker, ends[1] AS neighbour
CALL (neighbour) { MATCH (neighbour)-[:MEMBER_OF|PARTNER_OF*0..]->(bloc:Party) RETURN collect(DISTINCT bloc.id) AS blocs }
WITH broker, collect({id: neighbour.id, name: neighbour.name, blocs: blocs}) AS ties
WITH collect({id: broker.id, broker: broker, ties: ties, tied: [tie IN ties | tie.id]}) AS all_ties
UNWIND all_ties AS entry
WITH all_ties, entry.broker AS broker, entry.ties AS ties
UNWIND ties AS a
UNWIND ties AS b
WITH all_ties, broker, a, b
WHERE (a.name < b.name OR (a.name = b.name AND a.id < b.id)) AND none(bloc IN a.blocs WHERE bloc IN b.blocs)
  AND none(other IN all_ties WHERE other.id = a.id AND b.id IN other.tied)
WITH broker, collect({names: a.name + ' – ' + b.name, ids: [a.id, b.id], blocs: a.blocs + b.blocs}) AS spanned
CALL (broker) { MATCH (broker)-[:MEMBER_OF|PARTNER_OF*0..]->(bloc:Party) RETURN collect(DISTINCT bloc.id) AS blocs }
CALL (broker, spanned) {
  UNWIND spanned AS pair
  UNWIND pair.ids AS id
  WITH DISTINCT broker, id
  MATCH (partner:Party {id: id})
  OPTIONAL MATCH (broker)<-[side:BY|TO]-(f:Fact)-[other_side:BY|TO]->(partner)
  WHERE type(side) <> type(other_side) AND f.modality IN $modality AND f.attribution IN $attribution
    AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
  WITH partner, collect(DISTINCT f.id) AS facts,
       count(DISTINCT CASE WHEN type(side) = 'BY' AND f.stance > 0 THEN f.id END) AS pro,
       count(DISTINCT CASE WHEN type(side) = 'BY' AND f.stance < 0 THEN f.id END) AS contra,
       count(DISTINCT CASE WHEN type(side) = 'BY' AND f.stance = 0 THEN f.id END) AS neither
  ORDER BY partner.name, partner.id
  RETURN collect(partner.name + ' (for ' + pro + ', against ' + contra + ', neither ' + neither + ')') AS towards,
         collect(facts) AS facts_of_each
}
RETURN broker.name AS party,
       size(spanned) AS pairs,
       size([pair IN spanned WHERE none(bloc IN blocs WHERE bloc IN pair.blocs)]) AS as_liaison,
       COLLECT { UNWIND spanned AS pair RETURN pair.names ORDER BY pair.names } AS between,
       towards,
       COLLECT { UNWIND facts_of_each AS ids UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY pairs DESC, broker.name, broker.id, as_liaison, towards, facts;
