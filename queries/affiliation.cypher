// Affiliation network
// Which party or person speaks to which issue, or to which proposal or demand, and how often: the two-mode network of actors and concepts, plain and normalised.
// Group: relations
// Result: table
// Edges: actor -> concept
// Source: Philip Leifeld, Discourse Network Analysis: Policy Debates as Dynamic Networks, The Oxford Handbook of Political Networks, 2017; options and norms as in Discourse Network Analyzer 3
// Note: the column left out counts the acts that give no stand, because their proposal or demand only concerns the issue; `furthers` or `hinders` in its entry would say which; the position matrix counts them also for those who have no row here
// Parameter: qualifier (text, default ignore; one of ignore | subtract): what the weight is: all statements, or those for the concept less those against it
// Parameter: nodes (text, default party; one of party | person): who is joined: the parties that acted, or the people by whose word they did
// Parameter: concept (text, default issue; one of issue | item): what is spoken to: issues, also by way of the proposals and demands that further or hinder them, or these items themselves
// Parameter: counters (text, default no; one of no | yes): at the level of items, whether support for what counters a thing counts against the thing
// Parameter: duplicates (text, default include; one of include | document | day | week | month | year | acrossrange): which statements that say the same of the same concept count: all, or one for each document, day, calendar week, month, year, or one at all
// Parameter: modality (list, default actual, planned; one of actual | planned | conditional): which acts count: those that took place, are announced, depend on something
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day
// Parameter: min_statements (integer, default 1): only those with so many statements

WITH $nodes AS nodes, $qualifier = 'ignore' AS ignoring
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
WITH who, what, pro, contra, facts, left_out, pros, contras,
     CASE $qualifier WHEN 'ignore' THEN statements ELSE pro + contra END AS statements,
     CASE $qualifier WHEN 'ignore' THEN statements ELSE pro - contra END AS weight
WITH who, sum(statements) AS activity, collect({what: what, pro: pro, contra: contra, left_out: left_out,
     statements: statements, weight: weight, facts: CASE $qualifier WHEN 'ignore' THEN facts ELSE pros + contras END}) AS cells
WHERE activity >= $min_statements
UNWIND cells AS cell
WITH who, activity, cell
WHERE cell.statements > 0
WITH cell.what AS what, sum(cell.statements) AS prominence, collect({who: who, activity: activity, cell: cell}) AS voices
UNWIND voices AS voice
WITH what, prominence, voice.who AS who, voice.activity AS activity, voice.cell AS cell
RETURN who.name AS actor,
       what.name AS concept,
       cell.weight AS weight,
       cell.weight / toFloat(activity) AS by_activity,
       cell.weight / toFloat(prominence) AS by_prominence,
       cell.pro AS for,
       cell.contra AS against,
       cell.left_out AS left_out,
       COLLECT { UNWIND cell.facts AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY who.name, what.name, who.id, what.id, weight, by_activity, by_prominence, for, against, left_out, facts;
