// Who denies what somebody else says: the same act between the same, on the same thing.
WITH *,
     COLLECT {
       MATCH (f)-[:BY|TO]->(:Party)<-[:BY]-(denial:Fact {modality: 'denied'})
       WHERE f.attribution = 'alleged' AND f.modality <> 'denied' AND denial.attribution <> 'alleged' AND denial.action = f.action
         AND ($until IS NULL OR denial.known_from <= $until)
         AND (NOT EXISTS { (f)-[:ABOUT]->() } OR EXISTS { (f)-[:ABOUT]->()<-[:ABOUT]-(denial) })
         AND NOT EXISTS { MATCH (denial)-[:TO]->(p:Party) WHERE NOT EXISTS { (f)-[:BY|TO]->(p) } }
       MATCH (denial)-[:BY]->(actor:Party)
       OPTIONAL MATCH (denial)-[:ACCORDING_TO]->(who)
       WITH DISTINCT coalesce(who.name, actor.name) AS name
       RETURN name ORDER BY name
     } AS denied_by
