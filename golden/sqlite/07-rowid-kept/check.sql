SELECT group_concat(rowid) = '40,70' FROM (SELECT rowid FROM doc ORDER BY rowid);
SELECT group_concat(_rowid_ || rowid || v) = '5sw,9rv' FROM (SELECT _rowid_, rowid, v FROM odd ORDER BY _rowid_);
SELECT rowid = 70 FROM doc_text WHERE doc_text MATCH 'three';
