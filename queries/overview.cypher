// Overview
// What the graph holds: how many nodes of each kind, how many acts of each kind between which days, and whose word they are.
// Group: the record
// Result: table

CALL () {
  MATCH (n)
  WHERE n.dataset IS NOT NULL AND NOT n:RetractedFact
  RETURN 1 AS part, 'nodes' AS kind, labels(n)[0] AS name, count(n) AS count, min(n.date_from) AS first, max(n.date_to) AS last, [] AS facts
  UNION ALL
  MATCH (f:Fact)
  WHERE f.dataset IS NOT NULL
  WITH f
  ORDER BY f.id
  RETURN 2 AS part, 'acts' AS kind, replace(f.action, '_', ' ') AS name, count(f) AS count,
         min(f.date_from) AS first, max(f.date_to) AS last, collect(f.id) AS facts
  UNION ALL
  MATCH (f:Fact)
  WHERE f.dataset IS NOT NULL
  WITH f
  ORDER BY f.id
  UNWIND [f.attribution, CASE WHEN f.implied THEN 'implied' END, CASE WHEN f.modality <> 'actual' THEN f.modality END,
          CASE WHEN f.confidence <> 'high' THEN f.confidence + ' confidence' END] AS name
  WITH f, name
  WHERE name IS NOT NULL
  RETURN 3 AS part, 'of the acts' AS kind, name, count(f) AS count, min(f.date_from) AS first, max(f.date_to) AS last, collect(f.id) AS facts
}
RETURN kind, name, count, first, last, facts
ORDER BY part, count DESC, name, first, last, facts;
