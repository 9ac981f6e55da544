// Facts with a single source
// Facts that are written in one document alone, and in how many places there.
// Group: the curation itself
// Result: table

MATCH (f:Fact)-[written:EVIDENCED_BY]->(source:Document)
WITH f, collect(DISTINCT source) AS sources, count(written) AS quotes
WHERE size(sources) = 1
WITH f, quotes, sources[0] AS source
RETURN f.id AS fact,
       f.name AS act,
       source.name AS document,
       quotes,
       f.attribution AS attribution,
       f.date AS date
ORDER BY source.name, source.id, f.date_from, f.date_to, f.id, quotes;
