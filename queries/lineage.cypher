// Document lineage
// Which document answers which, and after how many days.
// Group: the record
// Result: table
// Edges: document -> responds_to

MATCH (answer:Document)-[:RESPONDS_TO]->(answered:Document)
RETURN answer.name AS document,
       COLLECT { MATCH (p:Party)-[:ISSUED]->(answer) RETURN p.name ORDER BY p.name } AS issued_by,
       answer.date AS date,
       answered.name AS responds_to,
       COLLECT { MATCH (p:Party)-[:ISSUED]->(answered) RETURN p.name ORDER BY p.name } AS responds_to_issued_by,
       answered.date AS responds_to_date,
       duration.inDays(answered.date_from, answer.date_from).days AS days
ORDER BY answer.date_from, answer.id, answered.date_from, answered.id;
