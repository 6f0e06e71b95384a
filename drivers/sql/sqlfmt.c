/* Formatting of SQL with quoting; see sqlfmt.h. */

#include "drivers/sql/sqlfmt.h"

void sql_ident(struct strbuf *out, const struct sql_dialect *dia, struct str name)
{
    bool plain = name.n > 0 && !ascii_is_digit(name.p[0]);
    for (size_t i = 0; plain && i < name.n; i++)
        plain = ascii_is_alpha(name.p[i]) || ascii_is_digit(name.p[i]) || name.p[i] == '_';
    if (plain && !dia->is_keyword(name)) {
        sb_str(out, name);
        return;
    }
    sb_char(out, dia->quote);
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == dia->quote)
            sb_char(out, dia->quote);
        sb_char(out, name.p[i]);
    }
    sb_char(out, dia->quote);
}

void sql_literal(struct strbuf *out, const struct sql_dialect *dia, struct str text)
{
    if (dia->literal) {
        dia->literal(out, text);
        return;
    }
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            sb_char(out, '\'');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '\'');
}

void sql_vfmt(struct strbuf *out, const struct sql_dialect *dia, const char *fmt, va_list ap)
{
    for (const char *p = fmt; *p; p++) {
        if (*p != '%') {
            sb_char(out, *p);
            continue;
        }
        switch (*++p) {
        case 'I':
            sql_ident(out, dia, va_arg(ap, struct str));
            break;
        case 'L':
            sql_literal(out, dia, va_arg(ap, struct str));
            break;
        case 'S':
            sb_str(out, va_arg(ap, struct str));
            break;
        case 's':
            sb_c(out, va_arg(ap, const char *));
            break;
        case 'd':
            sb_int(out, va_arg(ap, int64_t));
            break;
        case '%':
            sb_char(out, '%');
            break;
        default:
            BUG("unknown directive in sql_fmt");
        }
    }
}

void sql_fmt(struct strbuf *out, const struct sql_dialect *dia, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(out, dia, fmt, ap);
    va_end(ap);
}
