/* problem.h: an error as others see it: what may be told, as application/problem+json (RFC 9457)
 * for programs, and as the smallest page for people when nothing better can be made. */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include "base/err.h"
#include "base/str.h"

/* `e` as it may be shown: what went wrong inside stays in the log. */
err_t problem_shown(struct arena *a, err_t e);
/* {type, title, status, detail, instance, code, errors: [{field, text}]} of a shown error. */
void problem_json(struct buf *out, err_t shown, const char *log_id);
/* A whole page without styles, layout or database. */
void problem_html(struct buf *out, err_t shown, const char *log_id);

#endif
