// The groups that the party belongs to, and, if they are asked for, its members.
CALL () {
  RETURN COLLECT { MATCH (asked:Party)-[:MEMBER_OF*1..]->(group:Party) WHERE asked.id = $only_party RETURN DISTINCT group.id } AS groups,
         COLLECT {
           MATCH (member:Party)-[:MEMBER_OF*1..]->(asked:Party)
           WHERE asked.id = $only_party AND $members = 'yes'
           RETURN DISTINCT member.id
         } AS members
}
