SELECT count(*) = 0 FROM stems WHERE stems MATCH 'running';
SELECT count(*) = 0 FROM empties;
