// Evidence for a fact
// Where a fact is written: every quote with its document, who says so, and how its date was found.
// Group: the record
// Result: table
// Parameter: fact (fact, required): the id of the fact; other recipes show it in their last column

MATCH (f:Fact {id: $fact})-[written:EVIDENCED_BY]->(source:Document)
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
RETURN f.name AS act,
       written.quote AS quote,
       source.name AS document,
       source.date AS published,
       f.attribution AS attribution,
       speaker.name AS according_to,
       f.date AS date,
       f.date_note AS date_note,
       f.note AS note
ORDER BY source.date_from, source.id, quote, f.id, speaker.id;
