procedure
oracle
CREATE DEFINER="root"@"localhost" PROCEDURE "oracle"(a IN varchar2)
AS b int := 1; BEGIN <<x>> LOOP EXIT x; END LOOP; END -- mariadb