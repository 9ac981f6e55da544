// Parties that never act
// Parties of which no act is recorded, and where they are named.
// Group: the curation itself
// Result: table

MATCH (silent:Party)
WHERE NOT EXISTS { (silent)<-[:BY]-(:Fact) }
RETURN silent.name AS party,
       silent.kind AS kind,
       COUNT { (silent)<-[:TO]-(:Fact) } AS addressed,
       COUNT { (silent)<-[:ABOUT]-(:Fact) } AS spoken_of,
       COUNT { (silent)-[:ISSUED]->(:Document) } AS issued,
       COUNT { (silent)<-[:MEMBER_OF]-(:Party) } AS members,
       COLLECT { MATCH (silent)<-[:TO|ABOUT]-(f:Fact) RETURN DISTINCT f.id AS id ORDER BY id } AS facts
ORDER BY silent.name, silent.id;
