// Common ground
// What two parties or more stand for on balance, and who stands against it.
// Group: positions
// Result: table
// Note: the column left out counts the acts that give no stand, because their proposal or demand only concerns the issue; `furthers` or `hinders` in its entry would say which; the position matrix counts them also for those who have no row here
// Parameter: concept (text, default issue; one of issue | item): what is spoken to: issues, also by way of the proposals and demands that further or hinder them, or these items themselves
// Parameter: only_party (party, default null): only what this party stands for
// Parameter: and_party (party, default null): only what this party stands for, too
// Parameter: counters (text, default no; one of no | yes): at the level of items, whether support for what counters a thing counts against the thing
// Parameter: duplicates (text, default include; one of include | document | day | week | month | year | acrossrange): which statements that say the same of the same concept count: all, or one for each document, day, calendar week, month, year, or one at all
// Parameter: modality (list, default actual, planned; one of actual | planned | conditional): which acts count: those that took place, are announced, depend on something
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day

WITH 'party' AS nodes, false AS ignoring
// stands: begin; written once in queries/shared/stands.cypher, from which `make docs` copies it
// How often each party, or each person, spoke for and against each concept.
// A stand on an issue goes by what the proposal or demand does to it: one that hinders it turns the stand round, one that is
// only about it gives none, and such acts are left out. A whole does not count beside its parts where both were acted on, and
// the parts count for the concept. A body is no side. unit is what counts once.
MATCH (f:Fact)-[by:BY|ACCORDING_TO]->(who)
WHERE f.modality IN $modality AND f.attribution IN $attribution
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.known_from <= $until)
  AND CASE nodes WHEN 'party' THEN type(by) = 'BY' AND coalesce(who.kind, '') <> 'body'
                 ELSE type(by) = 'ACCORDING_TO' AND who:Person AND f.attribution = 'own'
                   AND EXISTS { MATCH (f)-[:BY]->(side:Party) WHERE coalesce(side.kind, '') <> 'body' } END
MATCH (f)-[:ABOUT]->(object)
WITH ignoring, who, object, collect({fact: f.id, stance: f.stance, unit: CASE $duplicates
       WHEN 'include' THEN f.id
       WHEN 'document' THEN COLLECT { MATCH (f)-[:EVIDENCED_BY]->(d:Document) RETURN d.id ORDER BY d.date_from, d.id }[0]
       WHEN 'day' THEN toString(f.date_from)
       WHEN 'week' THEN f.date_from.weekYear + ' ' + f.date_from.week
       WHEN 'month' THEN substring(toString(f.date_from), 0, 7)
       WHEN 'year' THEN substring(toString(f.date_from), 0, 4)
       ELSE 'once' END}) AS acts
MATCH way = (object)-[:FURTHERS|HINDERS|CONCERNS|COUNTERS*0..1]->(what)
WHERE CASE $concept WHEN 'issue' THEN what:Issue ELSE what:Proposal OR what:Demand END
WITH ignoring, who, object, what, acts, coalesce([step IN relationships(way) | type(step)][0], 'ABOUT') AS by_way_of
WITH ignoring, who, object, what, CASE by_way_of
       WHEN 'HINDERS' THEN [act IN acts | {fact: act.fact, unit: act.unit, stance: -act.stance}]
       WHEN 'COUNTERS' THEN [act IN acts WHERE $counters = 'yes' AND act.stance > 0 | {fact: act.fact, unit: act.unit, stance: -1}]
       WHEN 'CONCERNS' THEN [act IN acts | {fact: act.fact, unit: act.unit,
                                            stance: CASE WHEN act.stance = 0 OR ignoring THEN 0 END}]
       ELSE acts END AS acts
WITH ignoring, who, what, collect({
       id: object.id, acts: acts,
       stands: size([act IN acts WHERE act.stance <> 0]), speaks: size([act IN acts WHERE act.stance = 0]),
       parts: COLLECT { MATCH (object)<-[:PART_OF*1..]-(part) RETURN part.id }}) AS objects
UNWIND objects AS object
WITH ignoring, who, what, object.acts AS acts, [other IN objects WHERE other.id IN object.parts] AS parts
UNWIND acts AS act
WITH ignoring, who, what, act, parts
WHERE none(part IN parts WHERE part.stands > 0 OR (part.speaks > 0 AND (ignoring OR coalesce(act.stance = 0, false))))
WITH who, what,
     count(DISTINCT CASE WHEN act.stance > 0 THEN act.unit END) AS pro,
     count(DISTINCT CASE WHEN act.stance < 0 THEN act.unit END) AS contra,
     count(DISTINCT CASE WHEN act.stance = 0 THEN act.unit END) AS neither,
     count(DISTINCT CASE WHEN act.stance IS NOT NULL THEN act.unit END) AS statements,
     collect(DISTINCT CASE WHEN act.stance > 0 THEN act.fact END) AS pros,
     collect(DISTINCT CASE WHEN act.stance < 0 THEN act.fact END) AS contras,
     collect(DISTINCT CASE WHEN act.stance IS NOT NULL THEN act.fact END) AS facts,
     count(DISTINCT act.fact) AS acts
WITH who, what, pro, contra, neither, statements, pros, contras, facts, acts - size(facts) AS left_out
// stands: end
WITH what, sum(left_out) AS left_out,
     collect(CASE WHEN pro > contra THEN who.id END) AS supporters,
     collect(CASE WHEN pro > contra THEN who.name END) AS names,
     collect(CASE WHEN pro < contra THEN who.name END) AS opponents,
     collect(CASE WHEN pro > contra THEN pros END) AS pros
WHERE size(supporters) > 1
  AND ($only_party IS NULL OR $only_party IN supporters) AND ($and_party IS NULL OR $and_party IN supporters)
RETURN what.name AS about,
       CASE WHEN what:Issue THEN 'issue' WHEN what:Demand THEN 'demand' ELSE 'proposal' END AS kind,
       COLLECT { UNWIND names AS name RETURN name ORDER BY name } AS for,
       COLLECT { UNWIND opponents AS name RETURN name ORDER BY name } AS against,
       left_out,
       COLLECT { UNWIND pros AS ids UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY size(supporters) DESC, what.name, what.id;
