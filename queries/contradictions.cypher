// Contradictions
// Where the record says of a party first one thing and then the opposite: a stance that turned from one act to the next, or an act that is denied and reported. It may have changed its mind, or a source is wrong. What is only conditional, or another's word, turns no stance.
// Group: the curation itself
// Result: table
// Parameter: until (date, default null): only acts that began by that day

MATCH (actor:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)
WHERE $until IS NULL OR f.known_from <= $until
WITH DISTINCT actor, object, f
ORDER BY f.date_from, coalesce(f.turn, 1000000), f.date_to, f.id
WITH actor, object, collect(f) AS acts
WITH actor, object, acts, range(0, size(acts) - 1) AS places,
     [f IN acts WHERE NOT f.modality IN ['denied', 'conditional'] AND f.attribution <> 'alleged' AND f.stance <> 0] AS stands
CALL (acts, places, stands) {
  UNWIND range(1, size(stands) - 1) AS i
  WITH stands[i - 1] AS earlier, stands[i] AS later
  WHERE earlier.stance <> later.stance
  RETURN 'opposite stances' AS kind, earlier, later
  UNION ALL
  UNWIND places AS i
  UNWIND places AS j
  WITH i, j, acts[i] AS earlier, acts[j] AS later
  WHERE i < j AND earlier.action = later.action AND (earlier.modality = 'denied') <> (later.modality = 'denied')
  RETURN 'denied' AS kind, earlier, later
}
OPTIONAL MATCH (earlier)-[:ACCORDING_TO]->(first_speaker)
OPTIONAL MATCH (later)-[:ACCORDING_TO]->(second_speaker)
RETURN actor.name AS party,
       object.name AS about,
       kind,
       earlier.label AS first,
       earlier.date AS first_date,
       first_speaker.name AS first_according_to,
       earlier.attribution AS first_attribution,
       earlier.implied AS first_implied,
       earlier.confidence AS first_confidence,
       later.label AS second,
       later.date AS second_date,
       second_speaker.name AS second_according_to,
       later.attribution AS second_attribution,
       later.implied AS second_implied,
       later.confidence AS second_confidence,
       earlier.id AS first_fact,
       later.id AS second_fact
ORDER BY actor.name, about, earlier.date_from, coalesce(earlier.turn, 1000000), first_fact,
         later.date_from, coalesce(later.turn, 1000000), second_fact, kind, actor.id, object.id, first_speaker.id, second_speaker.id;
