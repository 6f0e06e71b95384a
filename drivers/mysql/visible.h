#ifndef SNAP_DRIVERS_MYSQL_VISIBLE_H
#define SNAP_DRIVERS_MYSQL_VISIBLE_H

/* What a role may see of a database, told by its grants. Pure. */

#include "drivers/mysql/mysql.h"

/* Bits. */
enum my_sight {
    MY_SEES_TABLES = 1 << 0,
    MY_SEES_VIEWS = 1 << 1,
    MY_SEES_TRIGGERS = 1 << 2,
    MY_SEES_EVENTS = 1 << 3,
    MY_SEES_ROUTINES = 1 << 4,
    MY_SEES_ALL = (1 << 5) - 1,
};

/* The tables of mysql that hold grants. Bits. */
enum my_holder {
    MY_HOLDS_DB = 1 << 0,
    MY_HOLDS_TABLES = 1 << 1,
    MY_HOLDS_COLUMNS = 1 << 2,
    MY_HOLDS_ROUTINES = 1 << 3,
    MY_HOLDS_ALL = (1 << 4) - 1,
};

/* What a role may see of a database by its grants on databases whose names fit a pattern. */
struct my_reach {
    struct str role;
    size_t exactness;
    unsigned bits;
};

/* What the lines of SHOW GRANTS let a role see of all objects of one database. */
struct my_grants {
    bool has_proc; /* in: SELECT on mysql.proc shows routines: MariaDB, MySQL 5.7 */
    bool literal;  /* in: names of databases are no patterns: partial_revokes of MySQL */
    bool by_pattern;
    unsigned global, revoked, routines;
    unsigned holders;     /* enum my_holder: that the role may read */
    bool mysql_is_hidden; /* from what is granted on everything */
    VEC(struct my_reach) reach;
};

/* Adds one line. Privileges on single tables or columns do not count. */
void my_add_grant(struct arena *mem, struct my_grants *g, struct str line, struct str database);
/* enum my_sight. Of routines it says that all are listed: a text may still be hidden. */
unsigned my_sees(const struct my_grants *g);
/* The GRANT statements, on one line, for what is not seen; `user` as SQL. */
void my_missing(struct strbuf *out, const struct my_grants *g, unsigned sees, struct str database,
                struct str user);
/* enum my_holder: the tables of grants that the role may read; and the GRANT statements for the
 * others. */
unsigned my_reads_grants(const struct my_grants *g);
void my_missing_grants(struct strbuf *out, unsigned reads, struct str user);

#endif
