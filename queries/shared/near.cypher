// What belongs to the item: itself, what it is a part of, its parts, and what amends or counters it or is amended or countered by it.
WITH [middle]
     + COLLECT { MATCH (item:Proposal|Demand)-[:PART_OF*1..]->(whole:Proposal) WHERE item.id = middle RETURN DISTINCT whole.id }
     + COLLECT { MATCH (part:Proposal|Demand)-[:PART_OF*1..]->(item:Proposal) WHERE item.id = middle RETURN DISTINCT part.id }
     + COLLECT { MATCH (item:Proposal|Demand)-[:AMENDS|COUNTERS]-(other:Proposal|Demand) WHERE item.id = middle RETURN DISTINCT other.id }
     AS near
