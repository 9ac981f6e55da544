// What belongs to the item: itself, what it is a part of, its parts, and what amends or counters it or is amended or countered by it.
WITH [$item]
     + COLLECT { MATCH (item:Proposal|Demand)-[:PART_OF*1..]->(whole:Proposal) WHERE item.id = $item RETURN DISTINCT whole.id }
     + COLLECT { MATCH (part:Proposal|Demand)-[:PART_OF*1..]->(item:Proposal) WHERE item.id = $item RETURN DISTINCT part.id }
     + COLLECT { MATCH (item:Proposal|Demand)-[:AMENDS|COUNTERS]-(other:Proposal|Demand) WHERE item.id = $item RETURN DISTINCT other.id }
     AS near
