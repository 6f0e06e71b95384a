#ifndef SNAP_CLI_CONTEXT_H
#define SNAP_CLI_CONTEXT_H

/* What a command works with: options, configuration, sources, and the ways out. */

#include "cli/config.h"
#include "core/clock.h"
#include "emit/emit.h"
#include "verify/verify.h"

extern const struct engine *const all_engines[]; /* NULL ends; made by the Makefile */

struct context {
    struct arena *mem;
    struct cmdline cmd;
    struct config config;
    struct filter filter;
    bool quiet, verbose, debug, color, strict;
    unsigned timeout_ms, connect_ms, statement_ms; /* 0: not given */
    int64_t end_ms; /* of clock_ms, where --timeout is one budget for everything; 0: it is not */
    unsigned tries; /* --retries and one; 0: not given */
    struct source_spec *scratch; /* by place in config.scratch */
    struct source_spec *read;    /* sources that the command has named: never written to */
    uint32_t nread, read_cap;
};

/* Reads configuration and variables, checks the values that all commands share. */
int context_init(struct context *ctx, struct err *e);
/* Takes --map-schema, --include, --exclude and, where `schemas`, --schemas into the filter. */
int context_filters(struct context *ctx, bool schemas, struct err *e);
/* The value given last, or absent; whether it was given. */
struct str opt(const struct context *ctx, enum option_id id);
bool opt_on(const struct context *ctx, enum option_id id);
/* A flag that takes a value or none: true, false, 1, 0, yes, no. E_BAD_VALUE. */
int opt_bool(const struct context *ctx, enum option_id id, bool *out, struct err *e);
/* The time that an option gives: 500ms, 30s, 5m, 2h; not given: *ms stays. E_BAD_VALUE. */
int context_time(const struct context *ctx, enum option_id id, const char *name, unsigned *ms,
                 struct err *e);
/* Facets in effect for an engine. */
int context_facets(const struct context *ctx, const struct engine *eng, unsigned *out,
                   struct err *e);

/* A source as it was named, less the passwords of a URL; in the arena. */
struct str context_shown(const struct context *ctx, struct str source);
/* Understands a source: an environment of snap.yml or what source_parse takes. */
int context_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e);
/* Opens two sides; an engine that one side does not tell is the other's. E_SAME_SOURCE,
 * E_ENGINE_UNCLEAR, E_ENGINE_MISMATCH. */
struct sides {
    struct source_spec spec[2];
    struct opened opened[2];
    const struct engine *eng;
    unsigned facets;
};
int context_open(struct context *ctx, struct source_spec *spec, unsigned facets, struct opened *out,
                 struct err *e);
/* What a Liquibase snapshot does not tell is taken from the other side (source_complete). */
int context_complete(struct context *ctx, struct sides *s, struct err *e);
/* Opens one source alone and tells the facets in effect: those of its engine and of --facets; a
 * file's own where `own` and nothing is asked for. */
int context_open_one(struct context *ctx, struct source_spec *spec, bool own, unsigned *facets,
                     struct opened *out, struct err *e);
int context_sides(struct context *ctx, struct str from, struct str to, struct sides *out,
                  struct err *e);
/* The same for two sides that are open already, in the facets of both. */
int context_align(struct context *ctx, struct sides *s, struct err *e);
/* FROM and TO of a command: arguments, or --url and --reference-url. */
int context_from_to(struct context *ctx, struct str *from, struct str *to, struct err *e);
void sides_close(struct sides *s);
/* E_UNMODELLED where ledgers differ, or hold anything under --strict. */
int context_ledgers(const struct context *ctx, const struct changes *c, struct err *e);
/* The same for one side alone: E_UNMODELLED under --strict where its ledger holds anything. */
int context_ledger(const struct context *ctx, const struct catalog *cat, struct err *e);
/* Confirmed renames: --rename and snap.yml. Those of snap.yml that name nothing are passed over. */
int context_renames(struct context *ctx, const struct catalog *from, const struct catalog *to,
                    struct rename_list *out, struct err *e);
/* The plan that turns one side into the other. E_SCOPE_PARTIAL, and what the planner says. */
int context_plan(struct context *ctx, struct sides *s, struct plan **plan, struct err *e);
struct verify_options context_verify(struct context *ctx, const struct sides *s);
/* E_PATTERN_UNKNOWN when an include pattern names nothing on either side (b may be NULL), a warning
 * for one of exclude; E_NOTHING_COMPARED when no fact of either side is left. */
int context_check_filters(struct context *ctx, const struct opened *a, const struct opened *b,
                          unsigned facets, struct err *e);

/* Takes the facets out of *facets that a source in effect cannot tell, with a warning that names
 * them and what would help; E_HIDDEN or E_FACET_MISSING where --facets asks for one. `b` may be
 * NULL. */
int context_untold(struct context *ctx, struct opened *a, struct opened *b, unsigned *facets,
                   struct err *e);

/* The file behind a source; false when it is none, or not there. */
struct stat;
bool source_stat(const struct source_spec *spec, struct stat *st);
/* E_PROTECTED when the file that is to be written is a database of any engine. */
int context_no_database(const char *path, struct err *e);
/* The same, and when it is a source of the command (but a snapshot where `over_source`), a database
 * or a protected environment of snap.yml, or snap.yml. */
int context_check_output(const struct context *ctx, struct str path, bool over_source,
                         struct err *e);
/* All files that the options name, before anything is done; E_USAGE when one stands twice. */
int context_check_outputs(const struct context *ctx, struct err *e);
/* Writes text to a file, or to standard output (through a pager when `page` and it is a terminal).
 */
int context_write(struct context *ctx, struct str path, struct str text, bool page, struct err *e);
/* A line on standard error with -v. */
void say(const struct context *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One that a person should see; not under -q, and in a drift, which cron runs, only with -v. */
void warn(const struct context *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The server for scratch databases of an engine, or NULL: sides.c. */
const struct source *context_place(const struct context *ctx, const struct engine *eng);
/* data.c. Takes --data and --data-limit into the filter. */
int context_data(struct context *ctx, struct err *e);
/* Rows are compared where --data names tables; `all`: what the engine knows something of. */
int context_data_facets(const struct context *ctx, const struct engine *eng, unsigned all,
                        unsigned *facets, struct err *e);
/* E_DATA_UNKNOWN where no side has a table that --data names; b may be NULL. */
int context_check_data(struct context *ctx, struct opened *a, struct opened *b, struct err *e);
/* E_DATA_PARENT where rows point at others that are not taken: no plan could write them. */
int context_data_parents(const struct catalog *cat, struct arena *mem, struct err *e);
/* Takes --backfill into the request. */
int context_backfill(struct context *ctx, const struct catalog *from, const struct catalog *to,
                     struct plan_request *req, struct err *e);

/* cmd_snapshot.c. The format that -f or the ending of -o asks for; *em NULL: none of emit/'s. A
 * catalog written so. */
int snapshot_format(struct context *ctx, const struct emitter **em, struct err *e);
int snapshot_as(struct context *ctx, const struct catalog *cat, const struct emitter *em,
                struct err *e);

int cmd_snapshot(struct context *ctx, struct err *e);
int cmd_docs(struct context *ctx, struct err *e);
int cmd_report(struct context *ctx, struct err *e);
int cmd_diff(struct context *ctx, struct err *e);
int cmd_changelog(struct context *ctx, struct err *e);
int cmd_explain(struct context *ctx, struct err *e);
int cmd_check(struct context *ctx, struct err *e);
int cmd_infer(struct context *ctx, struct err *e);
int cmd_verify(struct context *ctx, struct err *e);
int cmd_drift(struct context *ctx, struct err *e);
int cmd_ignore(struct context *ctx, struct err *e);
int cmd_append(struct context *ctx, struct err *e);
int cmd_lint(struct context *ctx, struct err *e);
int cmd_log(struct context *ctx, struct err *e);
int cmd_show(struct context *ctx, struct err *e);
int cmd_blame(struct context *ctx, struct err *e);
int cmd_env(struct context *ctx, struct err *e);
int cmd_features(struct context *ctx, struct err *e);
int cmd_version(struct context *ctx, struct err *e);
int cmd_completion(struct context *ctx, struct err *e);
int cmd_help(struct context *ctx, struct err *e);
/* A command returns its exit status, or -1 with the error set. */

/* Help of one command, and of all. */
void help_command(const struct command *c, struct strbuf *out);
void help_overview(struct strbuf *out);
/* The man page, in man(7)'s language. */
void man_page(struct strbuf *out);
/* Tables of errors, hazards and options, in Markdown. */
void topic_errors(struct strbuf *out);
void topic_hazards(struct strbuf *out);
void topic_options(struct strbuf *out);
/* One error or hazard by name; false when there is none. */
bool topic_error(struct str name, struct strbuf *out);
bool topic_hazard(struct str name, struct strbuf *out);
/* What snap knows of its engines; `markdown` for docs/objects.md. */
void features_text(struct strbuf *out, struct str engine, bool markdown);

#endif
