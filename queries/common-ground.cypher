// Common ground
// What two parties or more stand for on balance, and who stands against it.
// Group: positions
// Result: table
// Note: on issues, to stand for a demand counts as for its issue, whatever is demanded; concept=item compares the proposals and demands themselves
// Parameter: concept (text, default issue; one of issue | item): what they stand for: issues, also by way of the proposals and demands that concern them, or these items themselves
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: party (party, default null): only what this party stands for
// Parameter: other (party, default null): only what this party stands for, too
// Parameter: until (date, default null): only acts that began by that day

MATCH (party:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)-[:CONCERNS*0..1]->(concept)
WHERE f.stance <> 0 AND f.modality <> 'denied' AND f.attribution IN $attribution
  AND ($until IS NULL OR f.date_from <= $until)
  AND (($concept = 'issue' AND concept:Issue) OR ($concept = 'item' AND (concept:Proposal OR concept:Demand)))
WITH DISTINCT party, concept, f
WITH party, concept, sum(f.stance) AS net, collect(CASE WHEN f.stance > 0 THEN f.id END) AS pro
WITH concept,
     collect(CASE WHEN net > 0 THEN party.id END) AS supporters,
     collect(CASE WHEN net > 0 THEN party.name END) AS names,
     collect(CASE WHEN net < 0 THEN party.name END) AS opponents,
     collect(CASE WHEN net > 0 THEN pro END) AS pros
WHERE size(supporters) > 1
  AND ($party IS NULL OR $party IN supporters) AND ($other IS NULL OR $other IN supporters)
RETURN concept.name AS about,
       CASE WHEN concept:Issue THEN 'issue' WHEN concept:Demand THEN 'demand' ELSE 'proposal' END AS kind,
       COLLECT { UNWIND names AS name RETURN name ORDER BY name } AS for,
       COLLECT { UNWIND opponents AS name RETURN name ORDER BY name } AS against,
       COLLECT { UNWIND pros AS ids UNWIND ids AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY size(supporters) DESC, concept.name, concept.id;
