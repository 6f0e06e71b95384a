#ifndef SNAP_DRIVERS_POSTGRESQL_ACL_H
#define SNAP_DRIVERS_POSTGRESQL_ACL_H

#include "drivers/postgresql/postgresql.h"

/* Grants as the server keeps them, a JSON list of "grantee=arwd/grantor", as the map of the facts:
 * what differs from `dflt`, the list that acldefault() gives, by grantee ("" the owner, public
 * everybody), as "INSERT,SELECT*"; what another than the owner has granted follows as in
 * "INSERT; SELECT,UPDATE by ann; SELECT by bob". Absent where nothing differs. *order is the list
 * of the grantees in the server's order, absent with it. */
struct str pg_acl_map(struct arena *mem, struct str list, struct str dflt, struct str owner,
                      struct str *order);
/* Cuts the next part off such a text: the words, and who has granted them ("" the owner). */
bool pg_acl_part(struct arena *mem, struct str *list, struct str *words, struct str *by);

#endif
