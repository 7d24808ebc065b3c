/* form.h: what a POST carries: read from its body (urlencoded, multipart, flat JSON), checked
 * against the route's table of fields, and turned back into view values when the form is shown
 * again. */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "http/http.h"
#include "http/url.h"

struct form_file {
    const char *field;
    struct req_file file;
};

struct form {
    struct pairs fields; /* trimmed (passwords are not), line breaks as \n, in the order sent */
    struct form_file *files;
    size_t n_files;
};

enum form_media { FORM_URLENCODED, FORM_MULTIPART, FORM_JSON, FORM_OTHER };
enum { FORM_MAX_TEXT = 256 << 10, FORM_MAX_FILES = 50 };

/* NULL content type: FORM_URLENCODED. */
enum form_media form_media(const char *content_type);
/* The field of a table that `name` belongs to, or NULL. `table` may be NULL. */
const struct field *form_field(const struct field *table, const char *name);
/* Reads a body. E_MEDIA_TYPE: another kind of content, or a file where the table has none;
 * E_BAD_REQUEST: broken; E_TOO_LARGE: a text of more than FORM_MAX_TEXT bytes. File data points
 * into the body. */
err_t form_read(struct arena *a, const struct field *table, const char *content_type,
                const char *body, size_t n, struct form *ret);
/* Drops fields that the table does not name, makes ticked boxes "1" and others empty, and checks
 * the rest. All that is wrong, joined, each E_BAD_INPUT with its field; NULL when nothing is. */
err_t form_check(struct arena *a, const struct field *table, struct form *f);
/* The first non-empty value, or NULL. */
const char *form_value(const struct form *f, const char *name);
/* Sets page key "form": name to text, or to a list of texts where the field may stand several
 * times. No passwords, no csrf. */
void form_show(struct view *page, const struct field *table, const struct form *f);
/* Sets page key "kept": {action, fields: [{name, value}]}, for sending again after signing in. No
 * passwords, no csrf, no files. */
void form_keep(struct view *page, const struct field *table, const struct form *f,
               const char *action);
/* Sets page key "errors": [{field, text}], from all joined errors that name a field. */
void form_errors(struct view *page, err_t e);

#endif
