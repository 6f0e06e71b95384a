/* The statements by which SQLite's objects are made, changed and dropped, in both directions. */

#include "diff/diff.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct catalog *read_in(struct arena *mem, const char *sql, unsigned facets)
{
    const struct engine *eng = &engine_sqlite;
    struct scratch_want want = {0};
    struct scope scope = {.facets = facets};
    struct session *s;
    struct err e = {0};
    struct catalog *cat = cat_new(mem, eng, facets, STR("a.db"));
    assert_ok(eng->live->scratch(&want, mem, &s, &e), e);
    assert_ok(eng->live->script(s, str_c(sql), STR("a.sql"), &e), e);
    assert_ok(eng->live->introspect(s, &scope, cat, &e), e);
    eng->live->close(s);
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static int plan_in(struct arena *mem, const char *from, const char *to, unsigned facets,
                   struct plan **out, struct err *e)
{
    const struct catalog *a = read_in(mem, from, facets), *b = read_in(mem, to, facets);
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, 1);
    struct changes *c;
    assert_ok(diff_catalogs(a, b, facets, mem, &c, e), *e);
    states[0] = a;
    struct plan_request req = {.changes = c, .states = states, .to = b, .facets = facets};
    return plan_make(&req, mem, out, e);
}

/* A statement in one line. */
static void put_text(struct strbuf *b, struct str text)
{
    struct str rest = text, line;
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (b->n && b->p[b->n - 1] != '(' && b->p[b->n - 1] != '\n' && !str_starts(line, STR(")")))
            sb_char(b, ' ');
        sb_str(b, line);
    }
}

static void put(struct strbuf *b, const struct stmt *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        put_text(b, s[i].flags & ST_CHECK ? STR("check") : s[i].text);
        sb_c(b, ";\n");
    }
}

/* The statements of all steps, guards as "check"; those of the way back from the last step on. */
static struct str statements(struct arena *mem, const struct plan *p, bool back)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct step *s = &p->v[back ? p->n - 1 - i : i];
        put(&b, back ? s->back : s->fwd, back ? s->nback : s->nfwd);
    }
    return sb_view(&b);
}

/* The rebuild of t: its definition, and what is copied from where. */
#define REBUILT(def, into, from)                                                                   \
    "PRAGMA foreign_keys = off;\nCREATE TABLE _snap_new_t (" def ");\nINSERT OR ABORT INTO "       \
    "_snap_new_t (" into ") SELECT " from " FROM t;\nDROP TABLE t;\nALTER TABLE _snap_new_t "      \
    "RENAME TO t;\n"
/* The same where there are views or triggers. */
#define REBUILT_LEGACY(def, into, from)                                                            \
    "PRAGMA foreign_keys = off;\nCREATE TABLE _snap_new_t (" def ");\nINSERT OR ABORT INTO "       \
    "_snap_new_t (" into ") SELECT " from " FROM t;\nDROP TABLE t;\nPRAGMA legacy_alter_table = "  \
    "on;\nALTER TABLE _snap_new_t RENAME TO t;\nPRAGMA legacy_alter_table = off;\n"

struct row {
    const char *from, *to, *fwd, *back;
};

static void shows_in(struct arena *mem, const struct row *r, unsigned facets)
{
    struct plan *p;
    struct err e = {0};
    assert_ok(plan_in(mem, r->from, r->to, facets, &p, &e), e);
    assert_str(statements(mem, p, false), r->fwd);
    assert_str(statements(mem, p, true), r->back);
}

static void show_all(struct arena *mem, const struct row *rows, size_t n, unsigned facets)
{
    for (size_t i = 0; i < n; i++)
        shows_in(mem, &rows[i], facets);
}
#define SHOWS(rows, facets) show_all(*state, (rows), sizeof(rows) / sizeof *(rows), (facets))

static const struct row tables_rows[] = {
    {"",
     "CREATE TABLE t (id INTEGER PRIMARY KEY /* x */, \"b c\" TEXT UNIQUE, CHECK (id > 0)) -- end",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, \"b c\" TEXT UNIQUE, CHECK (id > 0));\n",
     "DROP TABLE t;\n"},
    {"", "CREATE TABLE t (a INT PRIMARY KEY, b INT) WITHOUT ROWID, STRICT",
     "CREATE TABLE t (a INT PRIMARY KEY, b INT) WITHOUT ROWID, STRICT;\n", "DROP TABLE t;\n"},
    {"", "CREATE TABLE t (a INT PRIMARY KEY, b INT) WITHOUT ROWID",
     "CREATE TABLE t (a INT PRIMARY KEY, b INT) WITHOUT ROWID;\n", "DROP TABLE t;\n"},
    {"", "CREATE TABLE \"T x\" (a INT) STRICT", "CREATE TABLE \"T x\" (a INT) STRICT;\n",
     "DROP TABLE \"T x\";\n"},
    {"CREATE TABLE p (x PRIMARY KEY);CREATE TABLE c (x REFERENCES p)",
     "CREATE TABLE c (x REFERENCES p)",
     "PRAGMA foreign_keys = off;\n"
     "DROP TABLE p;\n",
     "CREATE TABLE p (x PRIMARY KEY);\n"},
    {"CREATE TABLE c (x REFERENCES p)", "",
     "PRAGMA foreign_keys = off;\n"
     "DROP TABLE c;\n",
     "CREATE TABLE c (x REFERENCES p);\n"},
};
static void tables(void **state)
{
    SHOWS(tables_rows, F_DEFAULT);
}

static const struct row names_change_case_rows[] = {
    {"CREATE TABLE t (a)", "CREATE TABLE T (a)",
     "PRAGMA foreign_keys = off;\n"
     "PRAGMA legacy_alter_table = on;\n"
     "ALTER TABLE t RENAME TO _snap_new_t;\n"
     "ALTER TABLE _snap_new_t RENAME TO T;\n"
     "PRAGMA legacy_alter_table = off;\n",
     "PRAGMA foreign_keys = off;\n"
     "PRAGMA legacy_alter_table = on;\n"
     "ALTER TABLE T RENAME TO _snap_new_T;\n"
     "ALTER TABLE _snap_new_T RENAME TO t;\n"
     "PRAGMA legacy_alter_table = off;\n"},
    {"CREATE TABLE t (a CHECK (t.a > 0))", "CREATE TABLE T (a CHECK (t.a > 0))",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_t AS SELECT rowid AS c1, a AS c2 FROM t;\n"
     "DROP TABLE t;\n"
     "CREATE TABLE T (a CHECK (t.a > 0));\n"
     "INSERT OR ABORT INTO T (rowid, a) SELECT c1, c2 FROM _snap_old_t;\n"
     "DROP TABLE _snap_old_t;\n",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_T AS SELECT rowid AS c1, a AS c2 FROM T;\n"
     "DROP TABLE T;\n"
     "CREATE TABLE t (a CHECK (t.a > 0));\n"
     "INSERT OR ABORT INTO t (rowid, a) SELECT c1, c2 FROM _snap_old_T;\n"
     "DROP TABLE _snap_old_T;\n"},
    {"CREATE TABLE t (a, b)", "CREATE TABLE t (A, b)", "ALTER TABLE t RENAME COLUMN a TO A;\n",
     "ALTER TABLE t RENAME COLUMN A TO a;\n"},
    {"CREATE TABLE t (a UNIQUE, b);CREATE TABLE c (x REFERENCES t (a))",
     "CREATE TABLE t (A UNIQUE, b);CREATE TABLE c (x REFERENCES t (a))",
     REBUILT("A UNIQUE, b", "rowid, A, b", "rowid, a, b"),
     REBUILT("a UNIQUE, b", "rowid, a, b", "rowid, A, b")},
    {"CREATE TABLE t (a, b);CREATE VIEW v AS SELECT a FROM t",
     "CREATE TABLE t (A, b);CREATE VIEW v AS SELECT a FROM t",
     REBUILT_LEGACY("A, b", "rowid, A, b", "rowid, a, b"),
     REBUILT_LEGACY("a, b", "rowid, a, b", "rowid, A, b")},
};
static void names_change_case(void **state)
{
    SHOWS(names_change_case_rows, F_DEFAULT);
}

static const struct row columns_in_place_rows[] = {
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b TEXT NOT NULL DEFAULT 'x' CHECK (b <> ''))",
     "ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'x' CHECK (b <> '');\n",
     "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b REFERENCES p (x))",
     "ALTER TABLE t ADD COLUMN b REFERENCES p (x);\n", "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b AS (a + 1))",
     "ALTER TABLE t ADD COLUMN b AS (a + 1);\n", "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (b DEFAULT -1, a)",
     "ALTER TABLE t ADD COLUMN b DEFAULT -1;\n", "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b DEFAULT word)",
     "ALTER TABLE t ADD COLUMN b DEFAULT word;\n", "ALTER TABLE t DROP COLUMN b;\n"},
};
static void columns_in_place(void **state)
{
    SHOWS(columns_in_place_rows, F_DEFAULT);
}

static const struct row columns_by_a_new_table_rows[] = {
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b DEFAULT CURRENT_TIMESTAMP)",
     REBUILT("a, b DEFAULT CURRENT_TIMESTAMP", "rowid, a", "rowid, a"),
     "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b AS (a) STORED)",
     REBUILT("a, b AS (a) STORED", "rowid, a", "rowid, a"), "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b NOT NULL)",
     "PRAGMA foreign_keys = off;\n"
     "check;\n"
     "CREATE TABLE _snap_new_t (a, b NOT NULL);\n"
     "INSERT OR ABORT INTO _snap_new_t (rowid, a) SELECT rowid, a FROM t;\n"
     "DROP TABLE t;\n"
     "ALTER TABLE _snap_new_t RENAME TO t;\n",
     "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b UNIQUE)",
     REBUILT("a, b UNIQUE", "rowid, a", "rowid, a"), REBUILT("a", "rowid, a", "rowid, a")},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b, CHECK (b > a))",
     REBUILT("a, b, CHECK (b > a)", "rowid, a", "rowid, a"), REBUILT("a", "rowid, a", "rowid, a")},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y))",
     REBUILT("a, b, FOREIGN KEY (a, b) REFERENCES p (x, y)", "rowid, a", "rowid, a") "check;\n",
     REBUILT("a", "rowid, a", "rowid, a")},
    {"CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (b, a UNIQUE)",
     REBUILT("b, a UNIQUE", "rowid, a", "rowid, a"), "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID",
     "CREATE TABLE t (b, a PRIMARY KEY) WITHOUT ROWID",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_new_t (b, a PRIMARY KEY) WITHOUT ROWID;\n"
     "INSERT OR ABORT INTO _snap_new_t (a) SELECT a FROM t;\n"
     "DROP TABLE t;\n"
     "ALTER TABLE _snap_new_t RENAME TO t;\n",
     "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (b)", REBUILT("b", "rowid", "rowid"),
     REBUILT("a", "rowid", "rowid")},
    {"CREATE TABLE t (a, b);CREATE VIEW v AS SELECT \"x\" FROM t",
     "CREATE TABLE t (a);CREATE VIEW v AS SELECT \"x\" FROM t",
     REBUILT_LEGACY("a", "rowid, a", "rowid, a"), "ALTER TABLE t ADD COLUMN b;\n"},
    {"CREATE TABLE t (a, b);CREATE VIEW v AS SELECT x FROM n",
     "CREATE TABLE t (a);CREATE VIEW v AS SELECT x FROM n",
     REBUILT_LEGACY("a", "rowid, a", "rowid, a"), "ALTER TABLE t ADD COLUMN b;\n"},
    {"CREATE TABLE t (a, b AS (a))", "CREATE TABLE t (b AS (1), c)",
     REBUILT("b AS (1), c", "rowid", "rowid"), REBUILT("a, b AS (a)", "rowid", "rowid")},
};
static void columns_by_a_new_table(void **state)
{
    SHOWS(columns_by_a_new_table_rows, F_DEFAULT);
}

static const struct row a_rebuild_rows[] = {
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT)",
     REBUILT("id INTEGER PRIMARY KEY, b INT", "id, b", "id, b"),
     REBUILT("id INTEGER PRIMARY KEY, b TEXT", "id, b", "id, b")},
    {"CREATE TABLE t (a, b);CREATE INDEX i ON t (a);CREATE TRIGGER tr INSERT ON t BEGIN SELECT 1; "
     "END",
     "CREATE TABLE t (a, b INT);CREATE INDEX i ON t (a);CREATE TRIGGER tr INSERT ON t BEGIN SELECT "
     "1; END",
     REBUILT_LEGACY("a, b INT", "rowid, a, b",
                    "rowid, a, b") "CREATE INDEX i ON t (a);\n"
                                   "CREATE TRIGGER tr INSERT ON t BEGIN SELECT 1; END;\n",
     REBUILT_LEGACY("a, b", "rowid, a, b",
                    "rowid, a, b") "CREATE INDEX i ON t (a);\n"
                                   "CREATE TRIGGER tr INSERT ON t BEGIN SELECT 1; END;\n"},
    {"CREATE TABLE t (a CHECK (t.a > 0), b)", "CREATE TABLE t (a CHECK (t.a > 0), b INT)",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_t AS SELECT rowid AS c1, a AS c2, b AS c3 FROM t;\n"
     "DROP TABLE t;\n"
     "CREATE TABLE t (a CHECK (t.a > 0), b INT);\n"
     "INSERT OR ABORT INTO t (rowid, a, b) SELECT c1, c2, c3 FROM _snap_old_t;\n"
     "DROP TABLE _snap_old_t;\n",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_t AS SELECT rowid AS c1, a AS c2, b AS c3 FROM t;\n"
     "DROP TABLE t;\n"
     "CREATE TABLE t (a CHECK (t.a > 0), b);\n"
     "INSERT OR ABORT INTO t (rowid, a, b) SELECT c1, c2, c3 FROM _snap_old_t;\n"
     "DROP TABLE _snap_old_t;\n"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b)",
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT)",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_new_t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT);\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_new_t', seq FROM sqlite_sequence WHERE "
     "name = 't';\n"
     "INSERT OR ABORT INTO _snap_new_t (a, b) SELECT a, b FROM t;\n"
     "DROP TABLE t;\n"
     "ALTER TABLE _snap_new_t RENAME TO t;\n",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_new_t (a INTEGER PRIMARY KEY AUTOINCREMENT, b);\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_new_t', seq FROM sqlite_sequence WHERE "
     "name = 't';\n"
     "INSERT OR ABORT INTO _snap_new_t (a, b) SELECT a, b FROM t;\n"
     "DROP TABLE t;\n"
     "ALTER TABLE _snap_new_t RENAME TO t;\n"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b CHECK (t.b > 0))",
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT CHECK (t.b > 0))",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_t AS SELECT a AS c1, b AS c2 FROM t;\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_old_t', seq FROM sqlite_sequence WHERE "
     "name = 't';\n"
     "DROP TABLE t;\n"
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT CHECK (t.b > 0));\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT 't', seq FROM sqlite_sequence WHERE name = "
     "'_snap_old_t';\n"
     "INSERT OR ABORT INTO t (a, b) SELECT c1, c2 FROM _snap_old_t;\n"
     "DROP TABLE _snap_old_t;\n"
     "DELETE FROM sqlite_sequence WHERE name = '_snap_old_t';\n",
     "PRAGMA foreign_keys = off;\n"
     "CREATE TABLE _snap_old_t AS SELECT a AS c1, b AS c2 FROM t;\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_old_t', seq FROM sqlite_sequence WHERE "
     "name = 't';\n"
     "DROP TABLE t;\n"
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b CHECK (t.b > 0));\n"
     "INSERT INTO sqlite_sequence (name, seq) SELECT 't', seq FROM sqlite_sequence WHERE name = "
     "'_snap_old_t';\n"
     "INSERT OR ABORT INTO t (a, b) SELECT c1, c2 FROM _snap_old_t;\n"
     "DROP TABLE _snap_old_t;\n"
     "DELETE FROM sqlite_sequence WHERE name = '_snap_old_t';\n"},
    {"CREATE TABLE t (rowid, _rowid_, oid, b)", "CREATE TABLE t (rowid, _rowid_, oid, b INT)",
     REBUILT("rowid, _rowid_, oid, b INT", "rowid, _rowid_, oid, b", "rowid, _rowid_, oid, b"),
     REBUILT("rowid, _rowid_, oid, b", "rowid, _rowid_, oid, b", "rowid, _rowid_, oid, b")},
    {"CREATE TABLE t (a PRIMARY KEY, b)", "CREATE TABLE t (a PRIMARY KEY, b) WITHOUT ROWID",
     "PRAGMA foreign_keys = off;\n"
     "check;\n"
     "CREATE TABLE _snap_new_t (a PRIMARY KEY, b) WITHOUT ROWID;\n"
     "INSERT OR ABORT INTO _snap_new_t (a, b) SELECT a, b FROM t;\n"
     "DROP TABLE t;\n"
     "ALTER TABLE _snap_new_t RENAME TO t;\n",
     REBUILT("a PRIMARY KEY, b", "a, b", "a, b")},
    {"CREATE TABLE t (a)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)",
     REBUILT("id INTEGER PRIMARY KEY, a", "id, a", "rowid, a"),
     REBUILT("a", "rowid, a", "rowid, a")},
};
static void a_rebuild(void **state)
{
    SHOWS(a_rebuild_rows, F_DEFAULT);
}

static const struct row indexes_rows[] = {
    {"CREATE TABLE t (a INT, b TEXT);",
     "CREATE TABLE t (a INT, b TEXT);CREATE UNIQUE INDEX \"I x\" ON t (a, lower(b) DESC) WHERE a > "
     "0 -- end",
     "CREATE UNIQUE INDEX \"I x\" ON t (a, lower(b) DESC) WHERE a > 0;\n", "DROP INDEX \"I x\";\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE INDEX i ON t (a)",
     "CREATE TABLE t (a INT, b TEXT);CREATE INDEX i ON t (b)",
     "DROP INDEX i;\n"
     "CREATE INDEX i ON t (b);\n",
     "DROP INDEX i;\n"
     "CREATE INDEX i ON t (a);\n"},
};
static void indexes(void **state)
{
    SHOWS(indexes_rows, F_DEFAULT);
}

static const struct row views_and_triggers_rows[] = {
    {"CREATE TABLE t (a INT, b TEXT);",
     "CREATE TABLE t (a INT, b TEXT);CREATE VIEW \"v x\" AS SELECT a FROM t;CREATE TRIGGER tr "
     "INSTEAD OF INSERT ON \"v x\" BEGIN SELECT 1; END",
     "CREATE VIEW \"v x\" AS SELECT a FROM t;\n"
     "CREATE TRIGGER tr INSTEAD OF INSERT ON \"v x\" BEGIN SELECT 1; END;\n",
     "DROP TRIGGER tr;\n"
     "DROP VIEW \"v x\";\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE VIEW v AS SELECT a FROM t",
     "CREATE TABLE t (a INT, b TEXT);CREATE VIEW v AS SELECT b FROM t",
     "DROP VIEW v;\n"
     "CREATE VIEW v AS SELECT b FROM t;\n",
     "DROP VIEW v;\n"
     "CREATE VIEW v AS SELECT a FROM t;\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE TRIGGER \"t r\" INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t (a INT, b TEXT);CREATE TRIGGER \"t r\" INSERT ON t BEGIN SELECT 2; END",
     "DROP TRIGGER \"t r\";\n"
     "CREATE TRIGGER \"t r\" INSERT ON t BEGIN SELECT 2; END;\n",
     "DROP TRIGGER \"t r\";\n"
     "CREATE TRIGGER \"t r\" INSERT ON t BEGIN SELECT 1; END;\n"},
};
static void views_and_triggers(void **state)
{
    SHOWS(views_and_triggers_rows, F_DEFAULT);
}

static const struct row virtual_tables_rows[] = {
    {"", "CREATE VIRTUAL TABLE f USING fts5(a, b)", "CREATE VIRTUAL TABLE f USING fts5(a, b);\n",
     "DROP TABLE f;\n"},
    {"CREATE VIRTUAL TABLE f USING fts5(a, b)",
     "CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = porter)",
     "CREATE TABLE _snap_old_f AS SELECT rowid, a, b FROM f;\n"
     "CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = porter);\n"
     "INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_f;\n"
     "DROP TABLE _snap_set_f;\n"
     "INSERT INTO f (rowid, a, b) SELECT rowid, a, b FROM _snap_old_f;\n"
     "DROP TABLE _snap_old_f;\n",
     "CREATE TABLE _snap_old_f AS SELECT rowid, a, b FROM f;\n"
     "CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts5(a, b);\n"
     "INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_f;\n"
     "DROP TABLE _snap_set_f;\n"
     "INSERT INTO f (rowid, a, b) SELECT rowid, a, b FROM _snap_old_f;\n"
     "DROP TABLE _snap_old_f;\n"},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE F USING fts5(a)",
     "CREATE TABLE _snap_old_f AS SELECT rowid, a FROM f;\n"
     "CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE F USING fts5(a);\n"
     "INSERT INTO F (F, rank) SELECT k, v FROM _snap_set_f;\n"
     "DROP TABLE _snap_set_f;\n"
     "INSERT INTO F (rowid, a) SELECT rowid, a FROM _snap_old_f;\n"
     "DROP TABLE _snap_old_f;\n",
     "CREATE TABLE _snap_old_F AS SELECT rowid, a FROM F;\n"
     "CREATE TABLE _snap_set_F AS SELECT k, v FROM F_config WHERE k <> 'version';\n"
     "DROP TABLE F;\n"
     "CREATE VIRTUAL TABLE f USING fts5(a);\n"
     "INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_F;\n"
     "DROP TABLE _snap_set_F;\n"
     "INSERT INTO f (rowid, a) SELECT rowid, a FROM _snap_old_F;\n"
     "DROP TABLE _snap_old_F;\n"},
    {"CREATE VIRTUAL TABLE f USING fts4(a, languageid=\"l\")",
     "CREATE VIRTUAL TABLE f USING fts4(a, b, languageid=\"l\")",
     "CREATE TABLE _snap_old_f AS SELECT rowid, a, l FROM f;\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts4(a, b, languageid=\"l\");\n"
     "INSERT INTO f (rowid, a, l) SELECT rowid, a, l FROM _snap_old_f;\n"
     "DROP TABLE _snap_old_f;\n",
     "CREATE TABLE _snap_old_f AS SELECT rowid, a, l FROM f;\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts4(a, languageid=\"l\");\n"
     "INSERT INTO f (rowid, a, l) SELECT rowid, a, l FROM _snap_old_f;\n"
     "DROP TABLE _snap_old_f;\n"},
    {"CREATE TABLE t (a INT, b TEXT);",
     "CREATE TABLE t (a INT, b TEXT);CREATE VIRTUAL TABLE f USING fts5(b, content='t')",
     "CREATE VIRTUAL TABLE f USING fts5(b, content='t');\n"
     "INSERT INTO f (f) VALUES ('rebuild');\n",
     "DROP TABLE f;\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE VIRTUAL TABLE f USING fts5(b, content='')",
     "CREATE TABLE t (a INT, b TEXT);CREATE VIRTUAL TABLE f USING fts5(b, content='t')",
     "CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts5(b, content='t');\n"
     "INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_f;\n"
     "DROP TABLE _snap_set_f;\n"
     "INSERT INTO f (f) VALUES ('rebuild');\n",
     "CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';\n"
     "DROP TABLE f;\n"
     "CREATE VIRTUAL TABLE f USING fts5(b, content='');\n"
     "INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_f;\n"
     "DROP TABLE _snap_set_f;\n"},
    {"CREATE VIRTUAL TABLE r USING rtree(id, x, y)",
     "CREATE VIRTUAL TABLE r USING rtree_i32(id, x, y)",
     "CREATE TABLE _snap_old_r AS SELECT id, x, y FROM r;\n"
     "DROP TABLE r;\n"
     "CREATE VIRTUAL TABLE r USING rtree_i32(id, x, y);\n"
     "INSERT INTO r (id, x, y) SELECT id, x, y FROM _snap_old_r;\n"
     "DROP TABLE _snap_old_r;\n",
     "CREATE TABLE _snap_old_r AS SELECT id, x, y FROM r;\n"
     "DROP TABLE r;\n"
     "CREATE VIRTUAL TABLE r USING rtree(id, x, y);\n"
     "INSERT INTO r (id, x, y) SELECT id, x, y FROM _snap_old_r;\n"
     "DROP TABLE _snap_old_r;\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE VIRTUAL TABLE f USING fts5(b, content='t')",
     "CREATE TABLE t (a INT, b INT);CREATE VIRTUAL TABLE f USING fts5(b, content='t')",
     REBUILT("a INT, b INT", "rowid, a, b",
             "rowid, a, b") "INSERT INTO f (f) VALUES ('rebuild');\n",
     REBUILT("a INT, b TEXT", "rowid, a, b",
             "rowid, a, b") "INSERT INTO f (f) VALUES ('rebuild');\n"},
    {"CREATE TABLE t (a INT, b TEXT);CREATE VIEW v AS SELECT a AS rowid, b FROM t;CREATE VIRTUAL "
     "TABLE f USING fts5(b, content='v')",
     "CREATE TABLE t (a INT, b INT);CREATE VIEW v AS SELECT a AS rowid, b FROM t;CREATE VIRTUAL "
     "TABLE f USING fts5(b, content='v')",
     REBUILT_LEGACY("a INT, b INT", "rowid, a, b",
                    "rowid, a, b") "INSERT INTO f (f) VALUES ('rebuild');\n",
     REBUILT_LEGACY("a INT, b TEXT", "rowid, a, b",
                    "rowid, a, b") "INSERT INTO f (f) VALUES ('rebuild');\n"},
};
static void virtual_tables(void **state)
{
    SHOWS(virtual_tables_rows, F_DEFAULT);
}

static const struct row pragmas_rows[] = {
    {"", "PRAGMA user_version = 7;PRAGMA application_id = 9",
     "PRAGMA application_id = 9;\n"
     "PRAGMA user_version = 7;\n",
     "PRAGMA user_version = 0;\n"
     "PRAGMA application_id = 0;\n"},
    {"PRAGMA user_version = 7", "PRAGMA user_version = 8", "PRAGMA user_version = 8;\n",
     "PRAGMA user_version = 7;\n"},
    {"", "PRAGMA encoding = 'UTF-16le'", "PRAGMA encoding = 'UTF-16le';\n",
     "SELECT snap_irreversible('pragma encoding: a database keeps the encoding that it was made "
     "with');\n"},
    {"", "PRAGMA page_size = 8192",
     "PRAGMA page_size = 8192;\n"
     "VACUUM;\n",
     "PRAGMA page_size = 4096;\n"
     "VACUUM;\n"},
};
static void pragmas(void **state)
{
    SHOWS(pragmas_rows, F_DEFAULT | F_PRAGMAS);
}

static const struct row counters_rows[] = {
    {"", "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);INSERT INTO t VALUES (5)",
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);\n"
     "INSERT INTO sqlite_sequence (name, seq) VALUES ('t', 5);\n",
     "DROP TABLE t;\n"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);INSERT INTO t VALUES (5)",
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);INSERT INTO t VALUES (7)",
     "DELETE FROM sqlite_sequence WHERE name = 't';\n"
     "INSERT INTO sqlite_sequence (name, seq) VALUES ('t', 7);\n",
     "DELETE FROM sqlite_sequence WHERE name = 't';\n"
     "INSERT INTO sqlite_sequence (name, seq) VALUES ('t', 5);\n"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);INSERT INTO t VALUES (5)",
     "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
     "DELETE FROM sqlite_sequence WHERE name = 't';\n",
     "DELETE FROM sqlite_sequence WHERE name = 't';\n"
     "INSERT INTO sqlite_sequence (name, seq) VALUES ('t', 5);\n"},
};
static void counters(void **state)
{
    SHOWS(counters_rows, F_DEFAULT | F_COUNTERS);
}

static const struct row order_of_columns_rows[] = {
    {"CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)",
     REBUILT("b, a", "rowid, b, a", "rowid, b, a"), REBUILT("a, b", "rowid, a, b", "rowid, a, b")},
    {"CREATE TABLE t (a)", "CREATE TABLE t (b, a)", REBUILT("b, a", "rowid, a", "rowid, a"),
     "ALTER TABLE t DROP COLUMN b;\n"},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b)", "ALTER TABLE t ADD COLUMN b;\n",
     "ALTER TABLE t DROP COLUMN b;\n"},
};
static void order_of_columns(void **state)
{
    SHOWS(order_of_columns_rows, F_DEFAULT | F_ORDER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables),
        TEST(names_change_case),
        TEST(columns_in_place),
        TEST(columns_by_a_new_table),
        TEST(a_rebuild),
        TEST(indexes),
        TEST(views_and_triggers),
        TEST(virtual_tables),
        TEST(pragmas),
        TEST(counters),
        TEST(order_of_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
