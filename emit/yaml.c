/* YAML scalars; see yaml.h. */

#include "emit/yaml.h"

/* Decodes one character of well-formed UTF-8. */
static uint32_t next_char(struct str s, size_t *at)
{
    static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    unsigned char c = (unsigned char)s.p[*at];
    size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    uint32_t cp = c & mask[len];
    for (size_t i = 1; i < len && *at + i < s.n; i++)
        cp = cp << 6 | ((unsigned char)s.p[*at + i] & 0x3f);
    *at += len;
    return cp;
}

void yaml_quoted(struct strbuf *out, struct str text)
{
    sb_char(out, '"');
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = next_char(text, &at);
        if (cp == '"' || cp == '\\')
            sb_printf(out, "\\%c", (char)cp);
        else if (cp == '\n' || cp == '\t')
            sb_c(out, cp == '\n' ? "\\n" : "\\t");
        else if (cp >= 0x20 && cp < 0x7f)
            sb_char(out, (char)cp);
        else if (cp <= 0xff)
            sb_printf(out, "\\x%02X", cp);
        else if (cp <= 0xffff)
            sb_printf(out, "\\u%04X", cp);
        else
            sb_printf(out, "\\U%08X", cp);
    }
    sb_char(out, '"');
}

bool yaml_block_ok(struct str text)
{
    if (!text.n || text.p[text.n - 1] == '\n')
        return false;
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = next_char(text, &at);
        bool control = cp < 0x20 && cp != '\t' && cp != '\n';
        bool odd = (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff ||
                   cp == 0xfffe || cp == 0xffff;
        if (control || odd)
            return false;
    }
    return true;
}

void yaml_text(struct strbuf *out, struct str text, size_t indent)
{
    struct str rest = text, line;
    if (!yaml_block_ok(text)) {
        yaml_quoted(out, text);
        return;
    }
    sb_c(out, "|2-");
    while (str_cut(&rest, '\n', &line)) {
        sb_char(out, '\n');
        if (line.n)
            sb_pad(out, ' ', indent + 2);
        sb_str(out, line);
    }
}
