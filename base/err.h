/* err.h: how a function says that it could not do what was asked.
 *
 * A function that can fail returns err_t; NULL is success. Wrong input is an err_t, a broken
 * invariant aborts. The memory of an error belongs to the arena it was made in, except the static
 * ones made with ERR_STATIC. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

struct arena;

enum err_code {
#define ERR(name, status, exit_code, title) E_##name,
#include "base/err.def"
#undef ERR
    E_COUNT
};

struct err {
    enum err_code code;
    const char *text;        /* for a person: what was wrong and what to do; never NULL */
    const char *field;       /* the form field or column it is about, or NULL */
    const char *place;       /* where: "file.json, line 12, statusModule.startDate", or NULL */
    const struct err *cause; /* what lies beneath (for the log), or NULL */
    const struct err *next;  /* a further error of the same form, or NULL */
};
typedef const struct err *err_t;

/* A new error in `a`. `fmt` as printf. Never fails. */
err_t err_new(struct arena *a, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, about a form field. `field` must outlive the error (a literal or arena text). */
err_t err_field(struct arena *a, enum err_code code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* `e` again with `place` put before its own place ("file.json" + "line 3" = "file.json, line 3"). */
err_t err_at(struct arena *a, err_t e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A new error with `cause` beneath it. */
err_t err_because(struct arena *a, enum err_code code, err_t cause, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Joins two lists of errors of one form; either may be NULL. `a` holds copies. */
err_t err_join(struct arena *a, err_t first, err_t second);

/* A deep copy in `a`, for an error that must outlive the memory it was made in. NULL gives NULL. */
err_t err_keep(struct arena *a, err_t e);

int err_status(enum err_code code);          /* HTTP status */
int err_exit(enum err_code code);            /* exit code of a command */
const char *err_name(enum err_code code);    /* "NOT_FOUND" */
const char *err_title(enum err_code code);   /* for a person, no full stop */
/* One line for the log or a terminal: "place: text (because ...)", in `a`. */
const char *err_line(struct arena *a, err_t e);

/* An error without an arena; `text_` is a literal. (A compound literal would die with its block.) */
#define ERR_STATIC(code_, text_)                                                                   \
    (__extension__({                                                                               \
        static const struct err static_e_ = {.code = (code_), .text = (text_)};                    \
        &static_e_;                                                                                \
    }))

/* Returns early from a function of type err_t when `expr` fails. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        err_t try_e_ = (expr);                                                                     \
        if (try_e_)                                                                                \
            return try_e_;                                                                         \
    } while (0)

/* A broken invariant: says what and where on stderr, and aborts. Kept in release builds. */
#define INVARIANT(cond)                                                                            \
    do {                                                                                           \
        if (!(cond))                                                                               \
            err_broken(#cond, __FILE__, __LINE__);                                                 \
    } while (0)
_Noreturn void err_broken(const char *what, const char *file, int line);

#endif
