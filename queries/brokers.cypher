// Brokers between blocs
// Who stands between parties of different blocs that have no tie of their own: pairs that both have to do with the broker.
// A tie is an act of one towards the other; a party's blocs are the groups that it is a member of, and itself.
// Group: relations
// Result: table
// Source: Roger V. Gould and Roberto M. Fernandez, Structures of Mediation, Sociological Methodology 19, 1989; without direction, pairs inside a bloc left out
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

MATCH (one:Party)<-[:BY]-(f:Fact)-[:TO]->(two:Party)
WHERE one <> two AND f.modality <> 'denied' AND f.attribution IN $attribution
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.date_from <= $until)
UNWIND [[one, two], [two, one]] AS ends
WITH ends[0] AS broker, ends[1] AS neighbour, collect(DISTINCT f.id) AS facts
CALL (neighbour) { MATCH (neighbour)-[:MEMBER_OF*0..]->(bloc:Party) RETURN collect(DISTINCT bloc.id) AS blocs }
WITH broker, collect({id: neighbour.id, name: neighbour.name, blocs: blocs, facts: facts}) AS ties
WITH collect({broker: broker, ties: ties, tied: [tie IN ties | tie.id]}) AS all_ties
UNWIND all_ties AS entry
WITH all_ties, entry.broker AS broker, entry.ties AS ties
UNWIND ties AS a
UNWIND ties AS b
WITH all_ties, broker, a, b
WHERE (a.name < b.name OR (a.name = b.name AND a.id < b.id)) AND none(bloc IN a.blocs WHERE bloc IN b.blocs)
  AND none(other IN all_ties WHERE other.broker.id = a.id AND b.id IN other.tied)
CALL (broker) { MATCH (broker)-[:MEMBER_OF*0..]->(bloc:Party) RETURN collect(DISTINCT bloc.id) AS blocs }
WITH broker, count(*) AS pairs,
     count(CASE WHEN none(bloc IN blocs WHERE bloc IN a.blocs OR bloc IN b.blocs) THEN 1 END) AS as_liaison,
     collect(a.name + ' – ' + b.name) AS names,
     collect(a.facts + b.facts) AS tying
RETURN broker.name AS party,
       pairs,
       as_liaison,
       COLLECT { UNWIND names AS name RETURN name ORDER BY name } AS between,
       COLLECT { UNWIND tying AS ids UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY pairs DESC, broker.name, broker.id, as_liaison;
