#ifndef SNAP_DRIVERS_MYSQL_OPTFILE_H
#define SNAP_DRIVERS_MYSQL_OPTFILE_H

/* The option file ~/.my.cnf of MySQL's clients. */

#include "core/str.h"
#include "core/strbuf.h"

/* Absent (STR_NULL) where the file does not say. */
struct my_login {
    struct str user, password, host;
};

/* What the groups [client], [client-server] and [client-mariadb] of the file's text say; the last
 * word counts. Parts lie in mem or in the text. Source: "Using Option Files" of MySQL's manual. */
struct my_login my_option_file(struct str text, struct arena *mem);

#endif
