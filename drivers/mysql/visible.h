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
    VEC(struct my_reach) reach;
};

/* Adds one line. Privileges on single tables or columns do not count. */
void my_add_grant(struct arena *mem, struct my_grants *g, struct str line, struct str database);
/* enum my_sight. Of routines it says that all are listed: a text may still be hidden. */
unsigned my_sees(const struct my_grants *g);
/* The GRANT statements, on one line, for what is not seen; `user` as SQL. */
void my_missing(struct strbuf *out, const struct my_grants *g, unsigned sees, struct str database,
                struct str user);

#endif
