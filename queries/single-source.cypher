// Facts with a single source
// Facts that are written in one document alone, in how many places there, and whose word they are.
// Group: the curation itself
// Result: table

MATCH (f:Fact)-[written:EVIDENCED_BY]->(source:Document)
WITH f, collect(DISTINCT source) AS sources, count(written) AS quotes
WHERE size(sources) = 1
WITH f, quotes, sources[0] AS source
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN source.name AS document,
       f.name AS act,
       quotes,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       f.id AS fact
ORDER BY source.name, source.id, f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id, quotes, speaker.id;
