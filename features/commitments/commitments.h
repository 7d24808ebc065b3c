/* commitments.h: everything due has two sides. What other features call to make something due and to
 * move it a step; the rules are in rules.h, the words in steps.def. */
#ifndef FEATURES_COMMITMENTS_H
#define FEATURES_COMMITMENTS_H

#include "base/ctx.h"
#include "core/feature.h"
#include "features/commitments/rules.h"

extern const struct feature commitments_feature;

/* One side: the person who holds it now, in which role, and whether it is the site's side. */
struct due_party {
    int64_t person;
    const char *role; /* word of roles.def, or NULL */
    bool at_site;
};
struct due_new {
    enum due_class class;
    const char *kind;  /* "ask", "action_item", "query", "letter", ... */
    const char *title; /* what is due, as a person says it */
    const char *body;  /* Markdown, or NULL */
    const char *source; /* of a duty: the law, protocol or contract; needed then */
    int64_t study, study_site; /* 0 = none */
    int64_t own_study; /* one that a site's people keep for themselves (features/ownwork); 0 = none */
    enum compartment comp;
    struct due_party owing, asking;
    const char *due_on;    /* ISO day; needed but for an ask without a date */
    const char *due_why;   /* "visit end + 10 business days, holidays of Germany", or NULL */
    const char *due_calendar; /* the version of the calendar it was computed with, or NULL */
    const char *answer_by; /* of an ask; NULL: three business days from today */
    bool gxp;
    const char *origin_key; /* makes it once only (series, event, import), or NULL */
};
/* Writes it and its first step; the caller has called record_about or lets this be the main thing.
 * Errors: a missing title, date or source, as fields "title", "due_on", "source". */
err_t due_create(struct ctx *c, const struct due_new *d, int64_t *ret_id, const char **ret_ref);

/* What fell away gives its origin key back, so that the same origin can make it again. */
err_t due_unkey(struct ctx *c, int64_t due);

struct due_by {
    enum due_side side;
    const char *reason; /* or NULL */
    const char *date;   /* of COUNTER, MOVE and SHIFT the new due date, of THINK until when; or NULL */
    const char *how;    /* "by telephone, noted by Ann Ray"; NULL: on the page */
    const char *who;    /* NULL: c->who */
    const char *due_why, *due_calendar; /* of SHIFT, as in struct due_new */
};
/* Takes one step, inside the running write transaction, and records it. Errors: E_CONFLICT with what
 * is possible instead; E_BAD_INPUT with field "reason" or "date". */
err_t due_step(struct ctx *c, int64_t due, enum due_action action, const struct due_by *by);

enum { DUE_UNDO_US = 60 * 1000000 };
/* Takes c->who's own last step back, within a minute and when nothing else happened: the state before it
 * holds again, and both are in the thread and the record. Errors: E_CONFLICT. */
err_t due_undo(struct ctx *c, int64_t due);
/* What a line of a thread says was done: "agreed to it". */
const char *due_done_words(const char *action);
/* Other words for what is due, where they came from elsewhere and changed there. */
err_t due_retitle(struct ctx *c, int64_t due, const char *title);
/* Something said in the thread. */
err_t due_say(struct ctx *c, int64_t due, const char *text);
/* The same two, saying how: "by link sent to a…@example.org". */
err_t due_undo_how(struct ctx *c, int64_t due, const char *how);
err_t due_say_how(struct ctx *c, int64_t due, const char *text, const char *how);

/* In place of a role: somebody outside, without an account. Nobody acts in her place. */
#define DUE_OUTSIDE "outside"
/* The side on which c->who asks in a study: her role, and her site when she works at one (else 0).
 * E_FORBIDDEN when she only reads there. */
err_t due_asker(struct ctx *c, const struct thing *study, struct due_party *ret, int64_t *ret_site);

struct due_get_row;
/* What the rules look at, of a row. */
void due_facts_of(struct ctx *c, const struct due_get_row *x, struct due_facts *ret);

/* Whether c->who may know of it, and for which side she acts (SIDE_NOBODY: she reads only). Who may
 * not know of it: E_NOT_FOUND, as for what is not there. Fills t (study, site, compartment). */
err_t due_look(struct ctx *c, int64_t due, struct thing *t, bool *ret_owing, bool *ret_asking);

/* Whose business days count, and who may be asked. */
#include "features/commitments/cover.h"
#include "features/commitments/days.h"
#include "features/commitments/people.h"

#endif
