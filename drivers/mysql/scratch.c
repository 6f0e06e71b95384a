/* Scratch databases on a server that the user names, and statements on them. */

#include "drivers/mysql/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/step.h"

int my_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e)
{
    static unsigned count;
    struct session *s = NEW(mem, struct session);
    *out = NULL;
    if (!want->place) {
        err_set(e, E_CANNOT_VERIFY, "no server for a scratch database is named");
        return err_hint(e, "scratch: URL in snap.yml names one, or --no-verify");
    }
    *s = (struct session){.mem = mem, .label = want->place->text, .timeout_ms = want->timeout_ms};
    if (my_connect(s, want->place, STR(""), e))
        return -1;
    snprintf(s->made, sizeof s->made, "snap_scratch_%lld_%ld_%u", (long long)time(NULL),
             (long)getpid(), ++count);
    struct str name = str_c(s->made);
    s->scratch = true;
    *out = s;
    if (my_query(s, my_text(mem, "CREATE DATABASE %I", name), NULL, e) ||
        my_query(s, my_text(mem, "USE %I", name), NULL, e))
        return -1;
    return 0;
}

int my_reset(struct session *s, struct err *e)
{
    return my_query(s, STR("SET SESSION foreign_key_checks = 1, sql_mode = DEFAULT"), NULL, e);
}

int my_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    if (my_query(s, stmt->text, NULL, e) == 0)
        return 0;
    /* the server refused it: no fault of the connection */
    if (e->code == E_CANNOT_OPEN)
        return err_set(e, E_VERIFY_FAILED, "%s", mysql_error(s->db));
    return -1;
}

int my_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct str rest = text, one;
    while (my_split(&rest, &one))
        if (my_query(s, one, NULL, e))
            return err_wrap(e, "%.*s", STR_ARG(label));
    return 0;
}

void my_scratch_closed(struct session *s)
{
    struct err ignored;
    if (s->scratch && s->db && s->made[0])
        my_query(s, my_text(s->mem, "DROP DATABASE IF EXISTS %I", str_c(s->made)), NULL, &ignored);
    s->made[0] = '\0';
}

const struct live_ops my_live = {
    .open = my_open,
    .introspect = my_introspect,
    .scratch = my_scratch,
    .exec = my_scratch_exec,
    .reset = my_reset,
    .script = my_script,
    .fill = my_fill,
    .refill = my_refill,
    .empty = my_empty,
    .rows = my_digest,
    .sizes = my_sizes,
    .applied = my_applied,
    .cancel = my_cancel,
    .close = my_close,
};
