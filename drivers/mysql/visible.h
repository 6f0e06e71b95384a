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

/* What one line of SHOW GRANTS lets a role see of all objects of a database. */
unsigned my_sees(struct arena *mem, struct str grant, struct str database);
/* The GRANT statements, on one line, for what is not seen; `user` as SQL. */
void my_missing(struct strbuf *out, unsigned sees, struct str database, struct str user,
                bool mariadb);

#endif
