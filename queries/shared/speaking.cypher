// Who says so, and for whom: as the act says, else as usual.
OPTIONAL MATCH (f)-[:ACCORDING_TO]->(speaker)
WITH *,
     COLLECT { MATCH (f)-[:ON_BEHALF_OF]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS here,
     COLLECT { MATCH (speaker)-[:SPEAKS_FOR]->(p:Party) RETURN p.name ORDER BY p.name, p.id } AS usual
WITH *, CASE WHEN here = [] THEN usual ELSE here END AS sides
