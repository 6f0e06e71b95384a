# A policy on the text of statements, as pipelines have them: it knows plain statements only.
package db_sql
deny[msg] {
  some l
  sql := lower(input.sqlStatements[l])
  regex.match(`(?i)create\s+(NonClustered\s+)?index\s+.*`, sql)
  matches := regex.find_all_string_submatch_n(`(?i)create\s+(NonClustered\s+)?index\s+([^\s]+)\s+ON\s+([^\s(]+)\s?\(\[?([^])]+)+\]?\);`, sql,-1)[0]
  idx_name := matches[2]
  table_name := matches[3]
  column_names := strings.replace_n({" ": "_",",": "__"},matches[4])
  expected_index_name := concat("_",["idx",table_name,column_names])
  idx_name != expected_index_name
  msg := sprintf("Index creation does not follow naming convention.\n SQL: '%s'\n expected index name: '%s'", [sql,expected_index_name])
}
