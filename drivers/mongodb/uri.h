#ifndef SNAP_DRIVERS_MONGODB_URI_H
#define SNAP_DRIVERS_MONGODB_URI_H

/*
 * mongodb:// and mongodb+srv:// URLs, looked at strictly before the client library sees them: it
 * takes `u:p@ss@h` for the host `ss@h`, and an option that it does not know for none (measured,
 * libmongoc 1.23). Pure: the specifications of MongoDB's connection strings and URI options say
 * what may stand in one.
 */

#include "core/engine.h"
#include "core/strbuf.h"

/* What the query may hold, and the words that some keys take: for struct engine. */
extern const char mg_url_keys[], mg_url_values[];

struct mg_host {
    struct str name; /* decoded; the path of a Unix socket begins with '/' */
    unsigned port;   /* 0: a Unix socket */
};

struct mg_uri {
    bool srv; /* hosts[0] is looked up in the DNS */
    struct mg_host *hosts;
    uint32_t nhosts;
    struct str label;          /* the URL without password and query, for messages */
    struct str user, password; /* decoded; absent: none */
    struct str database;       /* decoded; absent: none is named */
    struct str mechanism;      /* as named, or absent */
    bool auth_source;          /* it says where the user is */
    bool tls, any_certificate, any_host_name;
    struct str ca_file, key_file, key_password; /* absent: none */
    unsigned connect_ms, silence_ms, select_ms; /* 0: not said */
    bool try_once;                              /* no waiting for a primary */
    struct str client; /* the URL for the client library, with the password */
};

/* E_BAD_VALUE: it is no such URL, or says two things that do not go together. The message names the
 * part and holds no secret. */
int mg_parse_uri(const struct source *src, struct arena *mem, struct mg_uri *out, struct err *e);
/* Appends a text as it stands in a URL. */
void mg_encode(struct strbuf *out, struct str s);
/* For struct engine: whether two sources have a host in common; and what a role needs. */
bool mg_same_server(const struct source *a, const struct source *b, struct arena *mem);
void mg_reading_role(const struct source *src, struct arena *mem, struct strbuf *out);

/* The service whose hosts these are, where it is none of MongoDB's own; or NULL. */
const char *mg_service(const struct mg_uri *u);

#endif
