// A party, the groups that it belongs to, and, where that is asked for, its members.
CALL (asked) {
  MATCH (asked)-[:MEMBER_OF*0..]->(party:Party)
  RETURN party
  UNION
  MATCH (asked)<-[:MEMBER_OF*1..]-(party:Party)
  WHERE $members = 'yes'
  RETURN party
}
