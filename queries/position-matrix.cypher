// Position matrix
// The net stance of each party on each issue: its acts for it less its acts against it. A stance on a proposal or demand counts for the issues that this concerns.
// Group: positions
// Result: table
// Edges: party -> issue
// Note: to stand for a demand counts as for its issue, whatever is demanded; `negograph query positions` shows the acts
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: until (date, default null): only acts that began by that day

MATCH (actor:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)-[:CONCERNS*0..1]->(subject:Issue)
WHERE f.modality <> 'denied' AND f.attribution IN $attribution AND ($until IS NULL OR f.date_from <= $until)
WITH DISTINCT actor, subject, f
ORDER BY f.id
WITH actor, subject,
     count(CASE WHEN f.stance > 0 THEN 1 END) AS pro,
     count(CASE WHEN f.stance < 0 THEN 1 END) AS contra,
     count(CASE WHEN f.stance = 0 THEN 1 END) AS neither,
     collect(f.id) AS facts
RETURN actor.name AS party,
       subject.name AS issue,
       pro - contra AS net,
       pro AS for,
       contra AS against,
       neither,
       facts
ORDER BY actor.name, subject.name, actor.id, subject.id, net, for, against, neither, facts;
