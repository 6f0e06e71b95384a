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
    MY_ADD_VIRTUAL_BETWEEN,
    MY_ADD_AUTO_INCREMENT,
    MY_DROP_COLUMN,
    MY_DROP_STORED,
    MY_DROP_VIRTUAL,
    MY_DROP_VIRTUAL_BETWEEN, /* before another that stays */
    MY_MOVE_COLUMN,
    MY_CHANGE_TYPE,
    MY_DROP_AUTO_INCREMENT,
    MY_COLLATE, /* the bytes stay */
    MY_COLLATE_INDEXED,
    MY_COLLATE_LABELS, /* of an enum or set */
    MY_CHANGE_VIRTUAL, /* its expression */
    MY_SET_NOT_NULL,
    MY_SET_NULL,
    MY_WIDEN_TEXT, /* with as many bytes for its length */
    MY_ADD_LABELS, /* at the end of an enum or set */
    MY_SET_DEFAULT,
    MY_SET_COMMENT,
    MY_TABLE_CHARSET,
    MY_ADD_INDEX,
    MY_ADD_FULLTEXT,
    MY_ADD_SPATIAL,
    MY_ADD_FUNCTIONAL, /* on an expression, on a virtual column that is new */
    MY_INDEX_COMMENT,
    MY_DROP_INDEX,
    MY_HIDE_INDEX,
    MY_RENAME_INDEX,
    MY_ADD_PRIMARY_KEY,
    MY_DROP_PRIMARY_KEY,
    MY_ADD_FOREIGN_KEY,
    MY_ADD_UNCHECKED, /* one that the rows are not held against */
    MY_DROP_FOREIGN_KEY,
    MY_ADD_CHECK,
    MY_DROP_CHECK,
    MY_ENFORCE_CHECK,
    MY_RELAX_CHECK, /* NOT ENFORCED */
    MY_PERIOD,
    MY_DROP_PERIOD,
    MY_ADD_VERSIONING,
    MY_DROP_VERSIONING,
    MY_CHANGE_ENGINE,
    MY_REBUILD, /* ROW_FORMAT and other options that lay rows out */
    MY_STATISTICS,
    MY_OPTION,
    MY_COUNTER,
    MY_TABLE_COMMENT,
    MY_PARTITION, /* BY, REMOVE */
    MY_ADD_PARTITION,
    MY_DROP_PARTITION,
    MY_REORGANIZE_PARTITION,
    MY_SPREAD_PARTITIONS, /* over another number of them, by a hash */
    MY_RENAME,
    MY_DEEDS,
};

/* A set of deeds. */
struct my_work {
    uint64_t deeds;
    unsigned clauses; /* of more than one, each stands on a line of its own */
    const char *note; /* what the way hangs on, or NULL */
    bool on_parts;    /* one that is done to partitions, and takes nothing beside it */
};
void my_note(struct my_work *w, enum my_deed deed);
/* What a change of a table's option does. */
enum my_deed my_option_deed(struct str key);
/* What a MODIFY of a column does, and which of its values may stand in the way. */
void my_change_column(struct ddl *d, struct my_work *w, const struct obj *was,
                      const struct obj *is);
/* How the server does all of it in one statement on a table that stands before it, and what it
 * reads or writes meanwhile: enum effect_flag. */
enum my_way my_way_of(const struct ddl *d, struct str table, const struct my_work *w,
                      unsigned *flags);
/* Appends ALTER TABLE with these clauses, with what it does to the table while it runs. An online
 * plan says how it is to be made, so that the server refuses what would take longer. The place of
 * that statement in d. */
uint32_t my_alter(struct ddl *d, struct str table, const struct my_work *w, struct str clauses);
/* The statement, which makes or drops the key, takes the metadata lock of the other table too:
 * measured, MySQL in each case, MariaDB where rows are checked or the key goes. */
void my_locks_parent(struct ddl *d, uint32_t stmt, const struct obj *fk, enum my_deed deed);
/* DATA_DEPENDENT, where the table holds rows that may stand in the way. */
void my_depends(struct ddl *d, struct str path, const char *why);
/* Another hazard of rows that are there. */
void my_warns(struct ddl *d, enum hazard_code code, struct str path, const char *why);
/* What becomes of a column's values when its type changes. */
void my_name_values(struct ddl *d, const struct obj *was, const struct obj *is);
/* ALGORITHM and LOCK as they are written, and who waits. */
const char *my_way_name(enum my_way way);
const char *my_way_blocks(enum my_way way);
/* Hazards that follow from the effects of d's statements. */
void my_effects(struct ddl *d);

#endif
