#ifndef SNAP_DRIVERS_MYSQL_GRANTS_H
#define SNAP_DRIVERS_MYSQL_GRANTS_H

/* Grants on a schema's objects, from the servers' own tables of them, and in scripts. Pure. */

#include "drivers/mysql/mysql.h"

/* A row of mysql.db, tables_priv, columns_priv or procs_priv. */
struct my_grant {
    struct str on;         /* DATABASE, TABLE, COLUMN, or the type of a routine */
    struct str name;       /* of the object; of a database a pattern, as it was granted */
    struct str column;     /* of a table, or "" */
    struct str user, host; /* of the account; no host: a role of MariaDB */
    struct str words;      /* "Select,Insert,Grant" */
};

/* Asks for all such rows of the current database, columns as above. */
extern const char my_grants_query[];

/* Adds the facts of them; all other facts are there already. `database`: its name. What is granted
 * by a pattern that is not just this name goes to the ledger; `literal`: there are no patterns.
 * Changes the order of `rows`. */
void my_grant_facts(struct catalog *cat, struct my_grant *rows, uint32_t n, struct str database,
                    bool literal);

/* A GRANT that makes no account: MariaDB, and MySQL before 8, make one that is not there, without a
 * word, where sql_mode lets them. */
struct str my_guarded(struct arena *mem, struct str sql, bool mariadb);

/* The account of a grant as SQL; absent for other facts and where nobody needs to make it (PUBLIC).
 */
struct str my_grantee(struct arena *mem, const struct obj *o);

/* For my_carry: grants of one server in the words of another; levels as my_level has them. */
void my_carry_grants(struct catalog *cat, const struct catalog *like, struct arena *mem);

/* What a statement of a script has to do with accounts. */
enum my_granting {
    MY_GRANTS_NOTHING,
    MY_GRANTS_HERE,      /* it grants or revokes in the script's own database */
    MY_GRANTS_ELSEWHERE, /* roles, the whole server, other databases; or it makes accounts */
};
/* `database`: the script's name for its database, absent where it tells none. MY_GRANTS_HERE: *sql
 * is the statement without that name. */
enum my_granting my_granting(struct arena *mem, struct str *sql, struct str database);
/* The accounts behind TO of a GRANT, as SQL. */
struct str *my_granted_to(struct arena *mem, struct str sql, uint32_t *n);

#endif
