// Congruence network
// How far two parties agree: statements with the same stance on the same concept, summed over all concepts, plain and normalised.
// Group: relations
// Result: table
// Edges: party -- other
// Source: Philip Leifeld, Discourse Network Analysis: Policy Debates as Dynamic Networks, The Oxford Handbook of Political Networks, 2017; the norms as in Discourse Network Analyzer 3
// Note: on issues, to stand for a demand counts as for its issue, whatever is demanded; concept=item compares the proposals and demands themselves
// Parameter: concept (text, default issue; one of issue | item): what statements are compared on: issues, also by way of the proposals and demands that concern them, or these items themselves
// Parameter: attribution (list, default own, reported; one of own | reported | alleged): whose word counts: the actor's own, the source's report, somebody else's
// Parameter: since (date, default null): only acts that began on that day or later
// Parameter: until (date, default null): only acts that began by that day
// Parameter: min_statements (integer, default 1): only parties with so many statements

// agreement: begin; written once in queries/shared/agreement.cypher, from which `make docs` copies it
// The statements of each pair of parties.
// x is how many statements a party made on a concept with a stance. Over all concepts that both spoke to,
// congruence is the sum of x * x with the same stance, conflict with opposite ones. To normalise, these are divided by the
// mean of both activities (all statements of a party), or by m10 + m01 + m11: the statements of each with a stance that the
// other does not share, and the congruence.
MATCH (speaking:Party)<-[:BY]-(f:Fact)-[:ABOUT]->(object)-[:CONCERNS*0..1]->(concept)
WHERE f.stance <> 0 AND f.modality <> 'denied' AND f.attribution IN $attribution
  AND ($since IS NULL OR f.date_from >= $since) AND ($until IS NULL OR f.date_from <= $until)
  AND (($concept = 'issue' AND concept:Issue) OR ($concept = 'item' AND (concept:Proposal OR concept:Demand)))
WITH speaking, concept, f.stance AS stance, collect(DISTINCT f.id) AS said
WITH speaking, sum(size(said)) AS activity, collect({concept: concept, stance: stance, said: said, x: size(said)}) AS cells
WHERE activity >= $min_statements
UNWIND cells AS cell
WITH cell.concept AS concept,
     collect({id: speaking.id, name: speaking.name, activity: activity, stance: cell.stance, said: cell.said, x: cell.x}) AS voices
UNWIND voices AS a
UNWIND voices AS b
WITH concept, a, b, a.stance = b.stance AS agree
WHERE a.name < b.name OR (a.name = b.name AND a.id < b.id)
WITH a.id AS party_id, a.name AS party, b.id AS other_id, b.name AS other, a.activity + b.activity AS both,
     sum(CASE WHEN agree THEN a.x + b.x ELSE 0 END) AS shared,
     sum(CASE WHEN agree THEN a.x * b.x ELSE 0 END) AS congruence,
     sum(CASE WHEN agree THEN 0 ELSE a.x * b.x END) AS conflict,
     collect({agree: agree, concept: concept.name, said: a.said + b.said}) AS met
WITH party_id, party, other_id, other, congruence, conflict, met,
     both / 2.0 AS mean_activity,
     toFloat(both - shared + congruence) AS jaccard_norm
// agreement: end
WHERE congruence > 0
RETURN party,
       other,
       congruence,
       congruence / mean_activity AS by_average_activity,
       congruence / jaccard_norm AS by_jaccard,
       COLLECT { UNWIND met AS m WITH m WHERE m.agree RETURN DISTINCT m.concept ORDER BY m.concept } AS concepts,
       COLLECT { UNWIND met AS m WITH m WHERE m.agree UNWIND m.said AS id RETURN DISTINCT id ORDER BY id } AS facts
ORDER BY congruence DESC, party, other, party_id, other_id, by_average_activity, by_jaccard;
