package_body
pack
CREATE DEFINER="root"@"localhost" PACKAGE BODY "pack" AS v int := 1; FUNCTION f RETURN varchar2 AS BEGIN RETURN '; ${x} \\'; END; PROCEDURE p(a int) AS BEGIN NULL; END; BEGIN v := 2; END