-- what an operator names as its commutator need not be there: the server notes the name alone
CREATE FUNCTION joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE OPERATOR public.||++ (PROCEDURE = joined, LEFTARG = text, RIGHTARG = text, COMMUTATOR = OPERATOR(public.||+++));
