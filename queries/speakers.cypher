// Speakers
// Who speaks for whom, usually or in single acts alone, in which office, and how many acts rest on each one's word so spoken: the own words of those it speaks for, and what it says of others.
// Group: the record
// Result: table
// Edges: speaker -> speaks_for

CALL () {
  MATCH (who:Person)-[speaks:SPEAKS_FOR]->(party:Party)
  RETURN who, party, speaks.office AS office, true AS usual
  UNION
  MATCH (who)<-[:ACCORDING_TO]-(f:Fact)-[:ON_BEHALF_OF]->(party:Party)
  WHERE who <> party AND NOT EXISTS { (who)-[:SPEAKS_FOR]->(party) }
  RETURN who, party, null AS office, false AS usual
  UNION
  MATCH (who:Party)<-[:ACCORDING_TO]-(f:Fact)
  WHERE NOT EXISTS { (f)-[:ON_BEHALF_OF]->(:Party) } OR EXISTS { (f)-[:ON_BEHALF_OF]->(who) }
  RETURN who, who AS party, null AS office, true AS usual
}
OPTIONAL MATCH (who)<-[:ACCORDING_TO]-(f:Fact)
WHERE CASE
        WHEN EXISTS { (f)-[:ON_BEHALF_OF]->(:Party) } THEN EXISTS { (f)-[:ON_BEHALF_OF]->(party) }
        ELSE usual
      END
WITH who, party, office, usual, f
ORDER BY f.id
WITH who, party, office, usual,
     count(CASE WHEN f.attribution = 'own' THEN 1 END) AS own,
     count(CASE WHEN f.attribution = 'alleged' THEN 1 END) AS alleged,
     // Of what others did, the day on which it was said counts, if that is known.
     min(CASE f.attribution WHEN 'own' THEN f.date_from ELSE f.said_from END) AS first,
     max(CASE f.attribution WHEN 'own' THEN f.date_to ELSE f.said_to END) AS last,
     collect(f.id) AS facts
RETURN who.name AS speaker,
       office,
       party.name AS speaks_for,
       CASE WHEN usual THEN 'usually' ELSE 'in single acts' END AS how,
       own,
       alleged,
       first,
       last,
       facts
ORDER BY party.name, party.id, usual DESC, who.name, who.id, office, own, alleged, first, last, facts;
