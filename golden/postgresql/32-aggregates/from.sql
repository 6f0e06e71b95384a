CREATE FUNCTION step(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION fin(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION fin2(text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION setfin(internal, double precision) RETURNS double precision LANGUAGE internal AS 'percentile_cont_float8_final';
CREATE AGGREGATE plain (text) (SFUNC = step, STYPE = text);
CREATE AGGREGATE result (text) (SFUNC = step, STYPE = text);
CREATE AGGREGATE named (word text) (SFUNC = step, STYPE = text, INITCOND = 'a');
CREATE AGGREGATE counted (*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE moving (integer) (SFUNC = int4_avg_accum, STYPE = bigint[], FINALFUNC = int8_avg, INITCOND = '{0,0}', COMBINEFUNC = int4_avg_combine,
    MSFUNC = int4_avg_accum, MINVFUNC = int4_avg_accum_inv, MSTYPE = bigint[], MFINALFUNC = int8_avg, MINITCOND = '{0,0}', PARALLEL = SAFE);
CREATE AGGREGATE ordered (double precision ORDER BY double precision) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = setfin, FINALFUNC_EXTRA = false);
CREATE AGGREGATE hypo (VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE biggest (integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
CREATE AGGREGATE "Odd ""agg" (VARIADIC integer[]) (SFUNC = array_cat, STYPE = integer[]);
COMMENT ON AGGREGATE plain(text) IS 'one';
