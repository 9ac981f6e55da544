// Coverage by document
// How much of the record rests on each document: its facts, how many of them are another's word or only implied, its quotes, and the facts that no other document tells; and how many acts were done in it.
// Group: the curation itself
// Result: table

MATCH (source:Document)
OPTIONAL MATCH (f:Fact)-[written:EVIDENCED_BY]->(source)
WITH source, f, count(written) AS quotes, EXISTS { MATCH (f)-[:EVIDENCED_BY]->(another:Document) WHERE another <> source } AS elsewhere
ORDER BY f.id
WITH source, sum(quotes) AS quotes, count(f) AS fact_count,
     count(CASE WHEN f.attribution = 'alleged' THEN 1 END) AS alleged,
     count(CASE WHEN f.implied THEN 1 END) AS implied,
     count(CASE WHEN f IS NOT NULL AND NOT elsewhere THEN 1 END) AS only_here,
     min(f.date_from) AS first, max(f.date_to) AS last, collect(f.id) AS facts
RETURN source.name AS document,
       source.kind AS kind,
       source.date AS date,
       fact_count,
       alleged AS facts_alleged,
       implied AS facts_implied,
       quotes,
       only_here,
       COUNT { (source)<-[:DONE_IN]-(:Fact) } AS done_in_it,
       first,
       last,
       facts
ORDER BY fact_count DESC, source.name, source.id, quotes, only_here, first, last, facts;
