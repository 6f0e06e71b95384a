SELECT count(*) = 0 FROM stems WHERE stems MATCH 'run';
SELECT count(*) = 0 FROM empties WHERE empties MATCH 'a';
