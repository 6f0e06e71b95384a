/* YAML scalars; see yaml.h. */

#include "emit/yaml.h"

#include "core/escape.h"

void yaml_quoted(struct strbuf *out, struct str text)
{
    sb_char(out, '"');
    for (size_t at = 0; at < text.n;) {
        uint32_t cp;
        at += utf8_char(text, at, &cp);
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
        uint32_t cp;
        at += utf8_char(text, at, &cp);
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
