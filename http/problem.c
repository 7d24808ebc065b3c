/* problem.c: see problem.h. Called by life.c, and by server.c for answers without a worker. */
#include "http/problem.h"

#include "base/arena.h"
#include "base/view.h"

#include <string.h>

err_t
problem_shown(struct arena *a, err_t e)
{
    if (e->code != E_INTERNAL && e->code != E_IO)
        return e;
    return err_new(a, e->code,
                   "If it happens again, please tell whoever looks after Rapport for you, "
                   "with the number below.");
}

void
problem_json(struct buf *out, err_t shown, const char *log_id)
{
    struct view *v = view_map_new(out->mem);
    view_textf(v, "type", "urn:rapport:problem:%s", err_name(shown->code));
    view_text(v, "title", err_title(shown->code));
    view_int(v, "status", err_status(shown->code));
    view_text(v, "detail", shown->text);
    view_text(v, "instance", log_id);
    view_text(v, "code", err_name(shown->code));
    struct view *errors = view_list(v, "errors");
    for (err_t e = shown; e; e = e->next) {
        if (!e->field)
            continue;
        struct view *one = view_add_map(errors);
        view_text(one, "field", e->field);
        view_text(one, "text", e->text);
    }
    view_json(out, v);
}

static void
escaped(struct buf *out, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '<':
            buf_str(out, "&lt;");
            break;
        case '>':
            buf_str(out, "&gt;");
            break;
        case '&':
            buf_str(out, "&amp;");
            break;
        default:
            buf_char(out, *s);
        }
    }
}

void
problem_html(struct buf *out, err_t shown, const char *log_id)
{
    buf_printf(out,
               "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>%s</title>\n"
               "<h1>%s</h1>\n",
               err_title(shown->code), err_title(shown->code));
    for (err_t e = shown; e; e = e->next) {
        buf_str(out, "<p>");
        escaped(out, e->text);
        buf_str(out, "</p>\n");
    }
    if (log_id && *log_id)
        buf_printf(out, "<p>Number in the log: %s</p>\n", log_id);
}
