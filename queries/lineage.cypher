// Lineage of texts
// Which text answers, amends or counters which, or is a part of it, and after how many days: documents, and the proposals and demands in them.
// Group: the record
// Result: table
// Edges: text -> other

MATCH (later:Document|Proposal|Demand)-[link:RESPONDS_TO|AMENDS|COUNTERS|PART_OF]->(earlier:Document|Proposal|Demand)
UNWIND [later, earlier] AS text
// Whose text it is, and of when: of a document who issued it, of an item who first put it forward, by itself or with a whole.
WITH later, link, earlier, text,
     COLLECT {
       MATCH (text)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})
       WHERE put.modality <> 'denied'
       WITH DISTINCT put
       ORDER BY put.date_from, coalesce(put.turn, 1000000), put.date_to, put.id
       RETURN {fact: put.id, date: put.date, day: put.date_from}
       LIMIT 1
     }[0] AS first,
     COLLECT { MATCH (text)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(put:Fact {effect: 'puts_forward'})-[:BY]->(p:Party)
               WHERE put.modality <> 'denied' RETURN DISTINCT p.name ORDER BY p.name }
     + COLLECT { MATCH (p:Party)-[:ISSUED]->(text) RETURN p.name ORDER BY p.name } AS names
WITH later, link, earlier,
     collect({
       by: names,
       date: coalesce(text.date, first.date),
       day: coalesce(text.date_from, first.day),
       kind: CASE WHEN text:Document THEN text.kind WHEN text:Demand THEN 'demand' ELSE 'proposal' END,
       fact: first.fact,
       id: text.id
     }) AS ends
WITH later, link, earlier, [e IN ends WHERE e.id = later.id][0] AS to_it, [e IN ends WHERE e.id = earlier.id][0] AS from_it
RETURN later.name AS text,
       to_it.kind AS kind,
       to_it.by AS by,
       to_it.date AS date,
       replace(toLower(type(link)), '_', ' ') AS relation,
       earlier.name AS other,
       from_it.kind AS other_kind,
       from_it.by AS other_by,
       from_it.date AS other_date,
       duration.inDays(from_it.day, to_it.day).days AS days,
       COLLECT { UNWIND [to_it.fact, from_it.fact] AS id WITH id WHERE id IS NOT NULL RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY to_it.day, later.name, later.id, relation, from_it.day, earlier.name, earlier.id;
