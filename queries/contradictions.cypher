// Contradictions
// Where the record says of a party first one thing and then the opposite: a stance that turned from one act to the next, or an act that is denied and reported. It may have changed its mind, or a source is wrong.
// Group: the curation itself
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (actor:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)
WHERE $until IS NULL OR f.date_from <= $until
WITH DISTINCT actor, object, f
ORDER BY f.date_from, f.id
WITH actor, object, collect(f) AS acts
WITH actor, object, acts, [f IN acts WHERE f.modality <> 'denied' AND f.attribution <> 'alleged' AND f.stance <> 0] AS stands
CALL (acts, stands) {
  UNWIND range(1, size(stands) - 1) AS i
  WITH stands[i - 1] AS earlier, stands[i] AS later
  WHERE earlier.stance <> later.stance
  RETURN 'opposite stances' AS kind, earlier, later
  UNION ALL
  UNWIND [f IN acts WHERE f.modality = 'denied'] AS denied
  UNWIND acts AS reported
  WITH denied, reported, denied.date_from < reported.date_from OR (denied.date_from = reported.date_from AND denied.id < reported.id) AS before
  WHERE reported.action = denied.action AND reported.modality <> 'denied'
  RETURN 'denied' AS kind, CASE WHEN before THEN denied ELSE reported END AS earlier, CASE WHEN before THEN reported ELSE denied END AS later
}
RETURN actor.name AS party,
       object.name AS about,
       kind,
       replace(earlier.action, '_', ' ') + CASE earlier.modality WHEN 'actual' THEN '' ELSE ' (' + earlier.modality + ')' END AS first,
       earlier.date AS first_date,
       replace(later.action, '_', ' ') + CASE later.modality WHEN 'actual' THEN '' ELSE ' (' + later.modality + ')' END AS second,
       later.date AS second_date,
       earlier.id AS first_fact,
       later.id AS second_fact
ORDER BY actor.name, about, earlier.date_from, first_fact, later.date_from, second_fact, kind, actor.id, object.id;
