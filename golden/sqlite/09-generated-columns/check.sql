SELECT gross = 119 AND twice = 200 FROM item WHERE id = 1;
SELECT group_concat(area) = '6,20' FROM box;
SELECT whole = 'Lovelace, Ada' AND short = 'ALovelace' FROM name;
