#ifndef SNAP_DRIVERS_MYSQL_ALGORITHM_H
#define SNAP_DRIVERS_MYSQL_ALGORITHM_H

/*
 * How the servers make a change of a table, and what waits meanwhile: the first ALGORITHM and LOCK
 * that each accepts for InnoDB, measured on MySQL 9.7 and MariaDB 10.11.
 */

#include "drivers/mysql/mysql.h"

/* By cost. */
enum my_way {
    MY_NOTHING,
    MY_INSTANT, /* only what the server knows of the table changes */
    MY_INPLACE, /* LOCK=NONE: reads and writes go on */
    MY_SHARED,  /* INPLACE, LOCK=SHARED: writes wait */
    MY_COPY,    /* LOCK=SHARED: every row is copied, writes wait */
};

/* What a clause of ALTER TABLE does. */
enum my_deed {
    MY_ADD_COLUMN,
    MY_ADD_COLUMN_BETWEEN, /* FIRST, AFTER */
    MY_ADD_STORED,
    MY_ADD_VIRTUAL,
    MY_ADD_AUTO_INCREMENT,
    MY_DROP_COLUMN,
    MY_DROP_STORED,
    MY_DROP_VIRTUAL,
    MY_MOVE_COLUMN,
    MY_CHANGE_TYPE,
    MY_SET_NOT_NULL,
    MY_SET_NULL,
    MY_WIDEN_TEXT, /* with as many bytes for its length */
    MY_ADD_LABELS, /* at the end of an enum or set */
    MY_SET_DEFAULT,
    MY_SET_COMMENT,
    MY_TABLE_CHARSET,
    MY_ADD_INDEX,
    MY_ADD_FULLTEXT,
    MY_DROP_INDEX,
    MY_HIDE_INDEX,
    MY_REPLACE_PRIMARY_KEY,
    MY_DROP_PRIMARY_KEY,
    MY_ADD_FOREIGN_KEY,
    MY_DROP_FOREIGN_KEY,
    MY_ADD_CHECK,
    MY_DROP_CHECK,
    MY_REBUILD, /* ENGINE, ROW_FORMAT */
    MY_COUNTER,
    MY_TABLE_COMMENT,
    MY_PARTITION,
    MY_RENAME,
    MY_DEEDS,
};

enum my_way my_way_of(enum my_deed deed, bool mariadb);
/* Whether the deed reads all rows or builds an index: enum effect_flag. */
unsigned my_flags_of(enum my_deed deed, bool mariadb);
/* "COPY, LOCK=SHARED" and who waits. */
const char *my_way_name(enum my_way way);
const char *my_way_blocks(enum my_way way);
/* What a MODIFY of a column does at its dearest. */
enum my_deed my_column_deed(struct arena *mem, const struct obj *was, const struct obj *is);

#endif
