// One proposal or demand
// All that was done to one proposal or demand, to what it is a part of, to its parts, and to what amends or counters it or is amended or countered by it. With until, documents of a later date and items that had not begun by then are left out.
// Group: relations
// Result: graph
// Parameter: item (item, required): the proposal or demand in the middle
// Parameter: until (date, default null): only acts that began by that day

WITH $item AS middle
// near: begin; written once in queries/shared/near.cypher, from which `make docs` copies it
// What belongs to the item: itself, what it is a part of, its parts, and what amends or counters it or is amended or countered by it.
WITH [middle]
     + COLLECT { MATCH (item:Proposal|Demand)-[:PART_OF*1..]->(whole:Proposal) WHERE item.id = middle RETURN DISTINCT whole.id }
     + COLLECT { MATCH (part:Proposal|Demand)-[:PART_OF*1..]->(item:Proposal) WHERE item.id = middle RETURN DISTINCT part.id }
     + COLLECT { MATCH (item:Proposal|Demand)-[:AMENDS|COUNTERS]-(other:Proposal|Demand) WHERE item.id = middle RETURN DISTINCT other.id }
     AS near
// near: end
MATCH (thing:Proposal|Demand)-[edge]-(neighbour)
WHERE thing.id IN near AND (neighbour:Party OR neighbour:Document OR neighbour:Issue OR neighbour:Proposal OR neighbour:Demand)
  AND ($until IS NULL OR edge.known_from IS NULL OR edge.known_from <= $until)
  AND CASE WHEN neighbour:Proposal OR neighbour:Demand THEN startNode(edge) = thing AND neighbour.id IN near
           ELSE edge.fact IS NOT NULL OR thing.id = $item END
  // A document of a later date is left out, and two items are joined once both had begun: an act on it, or on its whole, is known, or a text sets it out.
  AND ($until IS NULL OR neighbour.date_from IS NULL OR neighbour.date_from <= $until)
  AND ($until IS NULL OR NOT (neighbour:Proposal OR neighbour:Demand) OR ALL(end IN [thing, neighbour] WHERE
    EXISTS { MATCH (end)-[:PART_OF*0..]->(:Proposal|Demand)<-[:ABOUT]-(act:Fact) WHERE act.modality <> 'denied' AND act.known_from <= $until }
    OR EXISTS { MATCH (end)-[:PART_OF*0..]->(:Proposal|Demand)<-[:SETS_OUT]-(text:Document) WHERE text.date_from <= $until }))
RETURN thing AS item, edge, neighbour
ORDER BY CASE WHEN thing.id = $item THEN 0 ELSE 1 END, thing.name, thing.id, type(edge), neighbour.name, neighbour.id, edge.fact, elementId(edge);
