// Overview
// What the graph holds: how many nodes of each kind, and how many acts of each kind between which days.
// Group: the record
// Result: table

CALL () {
  MATCH (n:Party|Person|Document|Issue|Proposal|Demand|Fact)
  WHERE n.dataset IS NOT NULL
  WITH [label IN labels(n) WHERE label IN ['Party', 'Person', 'Document', 'Issue', 'Proposal', 'Demand', 'Fact']][0] AS name, n
  RETURN 'nodes' AS kind, name, count(n) AS count, min(n.date_from) AS first, max(n.date_to) AS last, [] AS facts
  UNION ALL
  MATCH (f:Fact)
  WHERE f.dataset IS NOT NULL
  WITH f
  ORDER BY f.id
  RETURN 'acts' AS kind, replace(f.action, '_', ' ') AS name, count(f) AS count,
         min(f.date_from) AS first, max(f.date_to) AS last, collect(f.id) AS facts
}
RETURN kind, name, count, first, last, facts
ORDER BY kind DESC, count DESC, name, first, last, facts;
