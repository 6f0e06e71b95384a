/* The commands: one row each, with what help and the man page say of them. */

#include "cli/context.h"

#define SOURCES                                                                                    \
    "A source (SRC, FROM, TO) is an environment of snap.yml, a URL (postgresql://USER@HOST/DB, "   \
    "sqlite:FILE, the JDBC forms of both; of SQLite "                                              \
    "?immutable=1 ignores a write-ahead log, ?lenient=1 reads what it can of a malformed "         \
    "schema), "                                                                                    \
    "a database file, a snapshot, a .sql or .js file or a folder of them (built on a scratch "     \
    "database; sqlite:FILE.sql says for which engine), - for a snapshot on standard input, empty " \
    "for no "                                                                                      \
    "objects, git:REV:PATH for a snapshot in a git revision, history:ENV or history:ENV@TIME for " \
    "what a check saw, or Liquibase's "                                                            \
    "offline:ENGINE?snapshot=FILE."

const struct command commands[] = {
    {C_SNAPSHOT, "snapshot", NULL, "SRC [-o FILE]", 1, 1, "write a schema as a canonical snapshot",
     "Reads a schema and writes it as one JSON document with one fact per line, the same bytes on "
     "every run. --format sql, or mongosh, writes it as a script instead; html, mermaid and dbml "
     "show it.\n\n" SOURCES,
     "snap snapshot dev.db -o dev.snap.json\tthe schema of a database\n"
     "snap snapshot dev.db --format sql\tthe same as a script\n"
     "snap snapshot a.snap.json -o a.snap.json --refresh\tmend a snapshot after a merge",
     cmd_snapshot},
    {C_DIFF, "diff", NULL, "FROM TO | --matrix SRC SRC...", 2, 100,
     "show the changes that turn FROM into TO",
     "Exit status 0: the same; 1: they differ; 3: it cannot be told. With --matrix, of up to 100 "
     "sources who equals whom, and the number of changes between those that do not.\n\n" SOURCES,
     "snap diff prod dev\tboth from snap.yml\n"
     "snap diff prod.db dev.db -f markdown=diff.md\ta report for a pull request\n"
     "snap diff prod.db dev.db -o diff.html\ta page with a picture of what changes\n"
     "snap diff prod.db dev.db --rename orders.note=remark\tconfirm a rename\n"
     "snap diff schema.snap.json prod.db --quiet\tonly the exit status\n"
     "snap diff --matrix dev test prod\twho equals whom?",
     cmd_diff},
    {C_CHANGELOG, "changelog", "diff-changelog", "FROM TO -o FILE", 2, 2,
     "write the changes, each with its rollback, proven on a scratch database",
     "The plan is applied, undone and applied again, step by step, on a scratch database made from "
     "FROM with rows in it, before the file is written; a plan that does not reach TO, or not "
     "back, "
     "is never written (exit 4). The ending of -o chooses the format: .yaml for Liquibase, .sql or "
     ".js for a script.\n\n" SOURCES,
     "snap changelog prod dev -o diff.yaml --author alice\ta Liquibase changelog\n"
     "snap changelog prod dev -o up.sql --rollback-output down.sql\tscripts\n"
     "snap diff-changelog --url prod --reference-url dev --changelog-file d.yaml\tLiquibase's "
     "words",
     cmd_changelog},
    {C_DOCS, "docs", NULL, "SRC -o DIR", 1, 1,
     "write pages of a schema with pictures into a folder",
     "An index with a picture of the tables, a page for each table with its columns, keys, "
     "indexes, "
     "triggers and neighbours, and one for each other object; -f markdown writes Markdown with "
     "Mermaid diagrams. The pages need no server, no script and nothing from elsewhere. The folder "
     "is new, empty, or one of an earlier run: pages of objects that are gone are removed, and no "
     "other file. The same schema gives the same bytes.\n\n" SOURCES,
     "snap docs prod.db -o docs/schema\topen docs/schema/index.html\n"
     "snap docs prod -o docs/schema -f markdown\tfor a repository that shows Markdown",
     cmd_docs},
    {C_REPORT, "report", NULL, "[ENV...] -o DIR", 0, 1000,
     "write pages of what drift checks saw, from the history, into a folder",
     "The environments and who equals whom, what is open and since when, the timeline of each with "
     "the deployments, the history of each object that changed, and a page to search. No database "
     "is read. The pages need no server and nothing from elsewhere; one script, of the page to "
     "search, leaves lines out. The folder is new, empty, or one of an earlier run: pages that are "
     "no longer wanted are removed, and no other file. The same history gives the same bytes.",
     "snap report -o site\tall environments of the history; open site/index.html\n"
     "snap report prod test -o site\tonly these\n"
     "snap report --history nightly.db -o site\tof a history that snap.yml does not name",
     cmd_report},
    {C_EXPLAIN, "explain", NULL, "FROM TO", 2, 2,
     "show what the changes do while they run: locks, rewrites, scans, and the safer way",
     "For each statement of the plan: which lock it takes on which table and who waits for it, "
     "whether rows are read or written again or an index is built, how large the table is in FROM "
     "where that is a live database, what can go wrong, and the safer form. --probe holds all of "
     "that against a scratch server with rows; exit status 4 where they differ.\n\n" SOURCES,
     "snap explain prod dev\tbefore the changes are made\n"
     "snap explain prod dev --probe\tthe same, tried out\n"
     "snap explain prod dev -f json -o locks.json\tfor a pipeline",
     cmd_explain},
    {C_VERIFY, "verify", NULL, "CHANGES --from SRC [--to SRC]", 1, 1,
     "replay a changelog on a scratch database: forward, every rollback, forward again",
     "CHANGES is a changelog that snap wrote: Liquibase YAML, or a script with its --rollback. "
     "It is replayed on a scratch database made from --from with rows in it; every rollback must "
     "lead back, and the end must be --to where that is given. Exit status 4 when it does not; the "
     "message begins with the changeSet to blame where that can be told.",
     "snap verify diff.yaml --from prod --to dev\tthe whole proof\n"
     "snap verify diff.yaml --from prod --to dev --evidence-check diff.evidence.json\tis it what "
     "was proven?\n"
     "snap verify diff.yaml --from prod --to dev --with liquibase\tand what does the real one do?\n"
     "snap verify up.sql --rollback down.sql --from prod.db\tscripts",
     cmd_verify},
    {C_CHECK, "check", NULL, "FROM TO | SRC", 1, 2,
     "judge a change, or a schema, by the rules of snap.yml",
     "Rules stand in the check: section of snap.yml: names by pattern, primary keys, indexes for "
     "foreign keys, comments, types, reserved words, and steps that an environment forbids. They "
     "are judged on facts and on the steps of the plan, never on the text of statements. With "
     "FROM and TO only what the change makes, alters or does is judged. Exit status 1: an error "
     "was found; warnings alone exit 0.\n\n" SOURCES,
     "snap check prod dev\tbefore the change is made in prod\n"
     "snap check dev\tthe whole schema\n"
     "snap check prod dev -f json -o findings.json\tfor a pipeline\n"
     "snap check prod dev --opa-input -o input.json\tfor policies of opa",
     cmd_check},
    {C_INFER, "infer", NULL, "SRC | FROM TO", 1, 2,
     "say what documents hold where no schema says it: fields, types, how often",
     "Of a database whose documents need not be alike. Values are looked at and never kept. Each "
     "source is a live database or a report that -o wrote. With two, what differs by more than "
     "chance is "
     "listed, and the exit status is 1. It is advice: no changelog is made from it.",
     "snap infer prod --sample 2000 -o prod.fields.json\ta report, to be kept\n"
     "snap infer prod.fields.json prod --sample 2000\thas something new come in?\n"
     "snap infer prod --census --propose-validator\ta $jsonSchema for each collection",
     cmd_infer},
    {C_DRIFT, "drift", NULL, "[ENV...] [--baseline SRC]", 0, 1000,
     "compare environments with their baselines; quiet when nothing moved",
     "For cron: prints nothing and exits 0 when nothing moved, prints the report and exits 1 when "
     "something did, and exits 3, 5, 6 or 7 when it could not be told. Without ENV, every "
     "environment "
     "that has a baseline in snap.yml is checked. With --targets, the databases that a file names "
     "are "
     "checked by worker processes and put into groups of equal ones; each odd group is shown once, "
     "against the nearest.",
     "snap drift prod --baseline prod.snap.json\tagainst a file\n"
     "snap drift prod --baseline git:main:schema/prod.snap.json\tagainst a git revision\n"
     "snap drift prod --baseline prod.snap.json --update-baseline\twrite the file anew\n"
     "snap drift prod -o drift.sarif\tfor code scanning; also -f junit, gitlab, github\n"
     "snap drift --targets tenants.txt -j 4\tare they all alike?",
     cmd_drift},
    {C_IGNORE, "ignore", NULL, "list | explain OBJECT [--env ENV]", 1, 2,
     "list the rules that let drift pass, or say which of them an object meets",
     "Rules stand in the section ignore: of snap.yml, each with a reason; presets: adds those of "
     "tools. explain reads the environment, and of each rule says that it lets the object pass, or "
     "why it does not: it is for others, for another environment, has expired, or comes after one "
     "that takes it.",
     "snap ignore list\tall rules, with those that have expired\n"
     "snap ignore explain table:_orders_gho --env prod\twhy is it not reported?",
     cmd_ignore},
    {C_LOG, "log", NULL, "[ENV [OBJECT]]", 0, 2,
     "show what the checks of an environment saw change, newest first",
     "Out of the history that snap drift keeps. Each change came between two checks, whose "
     "times "
     "are told in UTC; what a deployer wrote down in between is named with it. Without ENV the "
     "environments of the history are listed. OBJECT is a name as in reports: orders, "
     "table:orders, "
     "index orders.note_idx.",
     "snap log prod\twhat has changed?\n"
     "snap log prod orders -n 5\tthe last changes of one table\n"
     "snap log prod --since 2026-11-01 --stat\ta line for each state\n"
     "snap log\twhich environments are there?",
     cmd_log},
    {C_SHOW, "show", NULL, "ENV[@TIME] [OBJECT]", 1, 2,
     "show a schema, or an object of it, as a check saw it",
     "The newest state, or the one in effect at TIME: 2026-11-01 (its end), 2026-11-01T02:00, "
     "in "
     "UTC or with +01:00 behind. As facts; as statements with -f sql or mongosh; as a "
     "snapshot, "
     "which snap reads back, with -f json; and in the formats of snap snapshot.",
     "snap show prod orders\tas the last check saw it\n"
     "snap show prod@2026-11-01 orders -f sql\tthe statements that make it\n"
     "snap show prod@2026-11-01 -o then.snap.json\tthe whole schema, as a snapshot",
     cmd_show},
    {C_BLAME, "blame", NULL, "[ENV] OBJECT", 1, 2,
     "say since when an object is as it is, and who may have made it so",
     "For the object, its parts and their attributes: between which two checks each was first "
     "seen, and what Liquibase (DATABASECHANGELOG) or Flyway (flyway_schema_history) wrote "
     "down "
     "in between. A changeSet whose id is that of the step is the one; one that names the "
     "object "
     "is probable; else all that ran in between are listed. ENV may be left out where the "
     "history "
     "has one environment.",
     "snap blame prod orders\twho added that column?\n"
     "snap blame prod 'index orders.note_idx' -f json\tfor a program",
     cmd_blame},
    {C_APPEND, "append", NULL, "MASTER DIFF...", 2, 1000,
     "put changeSets behind those of a master changelog",
     "The master's bytes stay as they are: comments, order, quotes, line ends, indentation. YAML "
     "and "
     "JSON go into each other, XML into XML, formatted SQL into formatted SQL; into a folder, "
     "which "
     "a master takes by includeAll, DIFF goes as its next file. What the master includes is "
     "followed. An id that it has, or a change that it holds already, is refused; a DIFF that is "
     "there as a whole is said to be there, and the exit status is 0.",
     "snap append changelog.yaml diff.yaml\tthe last step of a ticket\n"
     "snap append changelog.yaml diff.yaml --dry-run\twould it fit?\n"
     "snap append db/changes diff.yaml\tthe next file of a folder",
     cmd_append},
    {C_LINT, "lint", NULL, "MASTER", 1, 1, "look for mistakes in a changelog and all it includes",
     "Ids that stand twice, rollbacks that are missing or do nothing, columns added twice, "
     "expressions that are never true, keys that Liquibase passes over without a word, and more. "
     "Exit status 1 when an error is found; with --strict, a warning.",
     "snap lint changelog.yaml\tbefore a commit\n"
     "snap lint changelog.yaml --strict -f json\tfor a pipeline",
     cmd_lint},
    {C_ENV, "env", NULL, "list|test|grants [ENV...]", 1, 1000,
     "list or try the environments of snap.yml, or print what a reading role needs",
     "list prints them without secrets; test opens each and says what is there; grants prints the "
     "statements that give the role of ENV (a URL will do) what it needs to read the schema, and "
     "nothing more.",
     "snap env list\twhat snap.yml names\nsnap env test prod\tcan it be read?\n"
     "snap env grants prod > role.sql\tleast privileges, to be looked at and run",
     cmd_env},
    {C_FEATURES, "features", NULL, "[ENGINE]", 0, 1,
     "list the kinds of objects and attributes that snap knows",
     "For each attribute: its facet, its meaning, and the statement that changes it.",
     "snap features sqlite\teverything about one engine", cmd_features},
    {C_VERSION, "version", NULL, "", 0, 0, "print the version and the engines of this build", "",
     "snap version\tthis build", cmd_version},
    {C_COMPLETION, "completion", NULL, "bash|zsh|fish", 1, 1,
     "print the completion script of a shell",
     "bash: put it into ~/.local/share/bash-completion/completions/snap. zsh: into a folder of "
     "$fpath as _snap. fish: into ~/.config/fish/completions/snap.fish.",
     "snap completion bash > ~/.local/share/bash-completion/completions/snap\tfor bash",
     cmd_completion},
    {C_HELP, "help", NULL, "[COMMAND|TOPIC]", 0, 1, "show help about a command",
     "Topics: errors, hazards, options, man (the man page), and the name of any error or hazard.",
     "snap help changelog\tabout one command\nsnap help CANNOT_VERIFY\tabout one error", cmd_help},
};
const size_t command_count = sizeof commands / sizeof *commands;
