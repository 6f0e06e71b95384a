package
pack
CREATE DEFINER="root"@"localhost" PACKAGE "pack" AS FUNCTION f RETURN varchar2; PROCEDURE p(a int); END