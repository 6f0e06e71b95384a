-- the copy fires nothing: booked once when the rows came, and not again
SELECT group_concat(balance) = '200,100' FROM (SELECT balance FROM account ORDER BY id);
SELECT count(*) = 2 FROM journal;
