// Affiliation network
// Which party speaks to which issue, or to which proposal or demand, and how often: the two-mode network of parties and concepts.
// Group: relations
// Result: table
// Edges: party -> concept
// Source: Philip Leifeld, Discourse Network Analysis: Policy Debates as Dynamic Networks, The Oxford Handbook of Political Networks, 2017
// Parameter: concept (text, default issue; one of issue | item): what is spoken to: issues, also by way of the proposals and demands that concern them, or these items themselves
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day
// Parameter: min_statements (integer, default 1): only parties with so many statements

MATCH (actor:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)-[:CONCERNS*0..1]->(subject)
WHERE f.modality <> 'denied' AND f.attribution IN $attribution
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.date_from <= $until)
  AND (($concept = 'issue' AND subject:Issue) OR ($concept = 'item' AND (subject:Proposal OR subject:Demand)))
WITH DISTINCT actor, subject, f
ORDER BY f.id
WITH actor, subject, collect(f.id) AS facts,
     count(CASE WHEN f.stance > 0 THEN 1 END) AS pro,
     count(CASE WHEN f.stance < 0 THEN 1 END) AS contra
WITH actor, sum(size(facts)) AS activity, collect({subject: subject, facts: facts, pro: pro, contra: contra}) AS cells
WHERE activity >= $min_statements
UNWIND cells AS cell
WITH actor, cell.subject AS subject, cell
RETURN actor.name AS party,
       subject.name AS concept,
       size(cell.facts) AS statements,
       cell.pro AS for,
       cell.contra AS against,
       cell.facts AS facts
ORDER BY actor.name, subject.name, actor.id, subject.id, statements, for, against, facts;
