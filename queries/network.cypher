// Network of agreement or disagreement
// How far each two parties or people agree or disagree: pairs of statements on the same concept, with the same stance or with opposite ones, summed over all concepts, plain and normalised.
// Group: relations
// Result: table
// Edges: actor -- other
// Source: Philip Leifeld, Discourse Network Analysis: Policy Debates as Dynamic Networks, The Oxford Handbook of Political Networks, 2017; options and norms as in Discourse Network Analyzer 3
// Note: the column left out counts the acts that give no stand, because their proposal or demand only concerns the issue; `furthers` or `hinders` in its entry would say which; the position matrix counts them also for those who have no row here
// Empty: no two parties, or people, take a stand on the same issue in the way that is counted here; that does not mean that they agree, or that they disagree. The recipes Standing, item by party, and Allegations tell what each says of what the others want
// Parameter: qualifier (text, default congruence; one of ignore | congruence | conflict | subtract): which pairs of statements count: all, those with the same stance, those with opposite ones, or the former less the latter
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
// x is how many statements an actor made on a concept with a stance, or on a concept where stances are ignored. Over all concepts
// that both spoke to, congruence is the sum of x * x with the same stance, conflict with opposite ones. To normalise, these are
// divided by the mean of both activities (all statements of an actor), by m10 + m01 + m11 (the statements of each with a stance
// that the other does not share, and the congruence), or by the product of both activities.
WITH who, left_out, what, CASE $qualifier
       WHEN 'ignore' THEN [{stance: 0, x: statements, said: facts}]
       ELSE [{stance: 1, x: pro, said: pros}, {stance: -1, x: contra, said: contras}] END AS counts
UNWIND counts AS one
WITH who, sum(one.x) AS activity, sum(CASE WHEN one.stance >= 0 THEN left_out ELSE 0 END) AS left_out,
     collect({what: what, stance: one.stance, said: one.said, x: one.x}) AS cells
WHERE activity >= $min_statements
UNWIND cells AS cell
WITH who, activity, left_out, cell
WHERE cell.x > 0
WITH cell.what AS what, collect({id: who.id, name: who.name, activity: activity, left_out: left_out,
                                 stance: cell.stance, said: cell.said, x: cell.x}) AS voices
UNWIND voices AS a
UNWIND voices AS b
WITH what, a, b, a.stance = b.stance AS agree
WHERE a.name < b.name OR (a.name = b.name AND a.id < b.id)
WITH a.id AS actor_id, a.name AS actor, b.id AS other_id, b.name AS other, a.left_out + b.left_out AS left_out,
     a.activity + b.activity AS both, a.activity * b.activity AS product,
     sum(CASE WHEN agree THEN a.x + b.x ELSE 0 END) AS shared,
     sum(CASE WHEN agree THEN a.x * b.x ELSE 0 END) AS congruence,
     sum(CASE WHEN agree THEN 0 ELSE a.x * b.x END) AS conflict,
     collect({agree: agree, concept: what.name, said: a.said + b.said}) AS met
WITH actor_id, actor, other_id, other, left_out, both, product, both - shared + congruence AS jaccard, congruence, conflict,
     [m IN met WHERE $qualifier = 'subtract' OR m.agree = ($qualifier <> 'conflict')] AS met,
     CASE $qualifier WHEN 'conflict' THEN conflict WHEN 'subtract' THEN congruence - conflict ELSE congruence END AS weight
WHERE size(met) > 0
RETURN actor,
       other,
       weight,
       weight / (both / 2.0) AS by_average_activity,
       weight / toFloat(jaccard) AS by_jaccard,
       weight / toFloat(product) AS by_cosine,
       CASE WHEN $qualifier <> 'ignore' THEN congruence END AS congruence,
       CASE WHEN $qualifier <> 'ignore' THEN conflict END AS conflict,
       COLLECT { UNWIND met AS m RETURN DISTINCT m.concept ORDER BY m.concept } AS concepts,
       left_out,
       COLLECT { UNWIND met AS m UNWIND m.said AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY weight DESC, actor, other, actor_id, other_id, by_average_activity, by_jaccard, by_cosine, congruence, conflict, left_out;
