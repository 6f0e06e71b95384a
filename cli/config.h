#ifndef SNAP_CLI_CONFIG_H
#define SNAP_CLI_CONFIG_H

/* snap.yml: found by walking up like git, read with libyaml, bounded, strict. */

#include "cli/options.h"
#include "drift/drift.h"
#include "policy/policy.h"

/* Who is told of drift, and how; a path is relative to the folder of the file. */
enum webhook_form { WEBHOOK_JSON, WEBHOOK_SLACK, WEBHOOK_TEAMS };
struct config_tell {
    struct str *notify; /* the words of a command, run in the folder of the file */
    uint32_t nnotify, notify_cap;
    struct str notify_format; /* or absent */
    bool webhook;             /* there is one; its URL is a secret, from one of these three */
    struct str url, url_env, url_file;
    struct str ca_file; /* certificates to trust in place of the machine's; or absent */
    enum webhook_form form;
    bool plain_http; /* http:// to another machine is meant */
    struct str metrics;
};

/* The entry of an environment under `drift:`. */
struct config_drift {
    bool given;          /* there is one */
    struct str baseline; /* or absent */
    struct str history;  /* its place, path made absolute; absent: none is kept */
    struct str fail_on;  /* as --fail-on, or absent */
    struct severities severity;
    struct config_tell tell;
};
struct config_env {
    struct str name;
    struct str source; /* what its url or snapshot says, paths made absolute */
    struct config_drift drift;
    bool is_protected;
    struct str password_env, password_file; /* where its password is, or absent */
    struct str *password_command;           /* the words of a command that prints it */
    uint32_t npassword_command, password_command_cap;
};
struct config {
    struct str path;     /* of the file; absent: none found */
    struct str folder;   /* of the file */
    bool open_to_others; /* others may read it */
    struct option_values defaults;
    struct config_env *envs;
    uint32_t nenvs, envs_cap;
    struct config_scratch {
        const struct engine *eng;
        struct str url; /* of the server for scratch databases; absent: auto */
    } * scratch;
    uint32_t nscratch, scratch_cap;
    struct str *renames; /* "column orders.note -> remark" */
    uint32_t nrenames, renames_cap;
    struct policy check;        /* its rules */
    struct ignore_rule *ignore; /* of ignore:, then those of presets: */
    uint32_t nignore, ignore_cap;
};

struct engine;

/* Reads the file named, or the first snap.yml in this folder or above it. No file is fine unless it
 * was named. E_NO_CONFIG, E_CONFIG_SYNTAX, E_CONFIG_KEY, E_CONFIG_SECRET, E_BAD_VALUE. */
int config_load(struct str named, const struct engine *const *engines, struct arena *mem,
                struct config *out, struct err *e);
/* Where a text of the format came from. */
struct config_file {
    struct str path, folder; /* relative paths in it are relative to the folder */
    bool open_to_others;     /* others may read it */
};
int config_parse(struct str text, const struct config_file *file,
                 const struct engine *const *engines, struct arena *mem, struct config *out,
                 struct err *e);
/* The password of an environment, absent where it has none of its own. E_CONFIG_SECRET. */
int config_password(const struct config *c, const struct config_env *env, struct arena *mem,
                    struct str *out, struct err *e);
/* Whether a URL has a password in it. */
bool config_holds_password(struct str url);
const struct config_env *config_env(const struct config *c, struct str name);

#endif
