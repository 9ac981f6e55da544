// Speakers
// Who speaks for whom and in which office, and how many facts rest on each one's word: the own party's acts, or also another's.
// Group: the record
// Result: table

MATCH (somebody:Person)-[speaks:SPEAKS_FOR]->(party:Party)
OPTIONAL MATCH (somebody)<-[:ACCORDING_TO]-(f:Fact)
WITH somebody, speaks, party, f
ORDER BY f.id
WITH somebody, speaks, party,
     count(CASE WHEN f.attribution = 'own' THEN 1 END) AS own,
     count(CASE WHEN f.attribution = 'alleged' THEN 1 END) AS alleged,
     min(f.date_from) AS first,
     max(f.date_to) AS last,
     collect(f.id) AS facts
RETURN somebody.name AS person,
       speaks.office AS office,
       party.name AS speaks_for,
       own,
       alleged,
       first,
       last,
       facts
ORDER BY speaks_for, person, somebody.id, party.id, office, own, alleged, first, last, facts;
