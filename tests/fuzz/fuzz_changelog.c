/*
 * Fuzz target: the reader of changelogs and scripts. Every statement of what it accepts, either
 * way, has a text; a command laid out on lines is the same command; what it refuses it refuses with
 * words. The first byte chooses between a script, its rollback, YAML, XML and formatted SQL, of SQL
 * or of commands.
 */

#include "changelog/changelog.h"
#include "tests/fuzz/fuzz.h"

#include "core/command.h"
#include "core/escape.h"
#include "emit/command.h"
#include "snapshot/snapshot.h"

static const struct engine commands = {
    .lang = LANG_COMMAND, .name = "docs", .title = "Docs", .dbms = "docs"};

static void stays(struct str text)
{
    struct arena *mem = arena_new(0);
    struct strbuf lines = sb_new(mem, 0), again = sb_new(mem, 0), safe = sb_new(mem, 0);
    command_lines(&lines, text, 20);
    esc_json_text(&safe, text);
    if (!command_line(sb_view(&lines), &again) || !str_eq(sb_view(&again), sb_view(&safe)))
        BUG("a command that changes with its lines");
    arena_free(mem);
}

static void have_text(const struct stmt *stmts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_is_null(stmts[i].text))
            BUG("a statement without text");
        else if (stmts[i].lang == LANG_COMMAND)
            stays(stmts[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct replay replay;
    struct err e = {0};
    struct str text = fuzz_text(data, size), rollback = STR_NULL, label = STR("x.yaml");
    const struct engine *eng = &engine_sqlite;
    if (size && (data[0] == '\x02' || data[0] == '\x03'))
        eng = &commands;
    if (size && data[0] == '\x03')
        text = str_from(text, 1);
    if (size && (data[0] == '\x04' || data[0] == '\x05')) {
        label = data[0] == '\x04' ? STR("x.xml") : STR("x.sql");
        text = str_from(text, 1);
    }
    if (size && (data[0] == '\x01' || data[0] == '\x02')) {
        text = str_from(text, 1);
        size_t half = str_chr(text, '\x01');
        rollback = str_from(text, half < text.n ? half + 1 : half);
        text = str_sub(text, 0, half);
        label = data[0] == '\x01' ? STR("x.sql") : STR("x.js");
    }
    if (changelog_read(text, rollback, label, eng, mem, &replay, &e) == 0) {
        for (uint32_t i = 0; i < replay.n; i++) {
            have_text(replay.v[i].fwd, replay.v[i].nfwd);
            have_text(replay.v[i].back, replay.v[i].nback);
        }
    } else if (!e.msg[0]) {
        BUG("an error without words");
    }
    arena_free(mem);
    return 0;
}
