SELECT group_concat(quote(v)) = '7,''text'',X''31''' FROM (SELECT v FROM tightens ORDER BY id);
