// Evidence for a fact
// Where a fact is written: every quote with its document, whose word it is, for whom that one speaks, and how its date was found.
// Group: the record
// Result: table
// Parameter: fact (fact, required): the id of the fact; other recipes show it in their last column

MATCH (f:Fact {id: $fact})-[written:EVIDENCED_BY]->(source:Document)
// speaking: begin; written once in queries/shared/speaking.cypher, from which `make docs` copies it
// Who says so, and for whom: as the act says, else as usual.
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH *,
     COLLECT { MATCH (f)-[:ON_BEHALF_OF]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS here,
     COLLECT { MATCH (speaker)-[:SPEAKS_FOR]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS usual
WITH *, CASE WHEN here = [] THEN usual ELSE here END AS sides
// speaking: end
RETURN f.name AS act,
       written.quote AS quote,
       source.name AS document,
       source.date AS published,
       COLLECT { MATCH (f)-[:DONE_IN]->(d:Document) RETURN d.name ORDER BY d.name, d.id } AS done_in,
       f.attribution AS attribution,
       speaker.name AS according_to,
       sides AS speaks_for,
       f.implied AS implied,
       f.confidence AS confidence,
       f.date AS date,
       f.said AS said,
       f.date_note AS date_note,
       f.note AS note
ORDER BY source.date_from, source.id, quote, f.id, speaker.id;
