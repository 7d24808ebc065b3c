/* store.h: how a visit is written, from plan to letter. Every function works inside the running write
 * transaction and records what it changed; the handlers call them. */
#ifndef FEATURES_VISITS_STORE_H
#define FEATURES_VISITS_STORE_H

#include "base/ctx.h"
#include "core/may.h"
#include "features/commitments/commitments.h"
#include "features/documents/documents.h"
#include "features/visits/rules.h"
#include "features/visits/visits_sql.h"

/* A confirmation is a relevant communication (05.05.01) of the TMF reference model: 05.04.01 is the subject log. */
#define VISIT_CONFIRMATION_TMF "05.05.01"

/* "IMV 3"; "IMV 3, 12 Mar 2027"; "IMV 3 at 103, Leeds, 12 Mar 2027". */
const char *visit_short(struct arena *a, const char *kind, int64_t n);
const char *visit_title(struct ctx *c, const struct visit_get_row *v);
const char *visit_site(struct ctx *c, const struct visit_get_row *v);
struct thing visit_thing(const struct thing *study, const struct visit_get_row *v);
/* Begins the record row of a change to the visit. */
void visit_about(struct ctx *c, const struct visit_get_row *v);

/* ---- planning and the date ---- */

struct visit_new {
    const struct thing *site; /* study and site */
    enum visit_kind kind;
    bool remote;
    const char *why, *trip, *agenda; /* or NULL; a visit for cause needs why */
    struct due_party monitor, host;  /* host.person 0: the date is agreed otherwise */
    const char *first_on;            /* ISO day */
    int days;                        /* how many days it takes, from 1 */
};
/* Plans it and asks the host whether the day suits. Errors: E_BAD_INPUT with the field. */
err_t visit_plan(struct ctx *c, const struct visit_new *n, int64_t *ret_id, const char **ret_ref);
/* Another day, which the site must agree to again; without a host it holds at once. */
err_t visit_move(struct ctx *c, const struct visit_get_row *v, const char *day, const char *why);
/* The date was agreed otherwise ("on the telephone with Dr Vaz"), for a visit without an ask. */
err_t visit_agree(struct ctx *c, const struct visit_get_row *v, const char *how);
/* Inside five business days another day must be named: `day` then plans the visit anew. */
err_t visit_cancel(struct ctx *c, const struct visit_get_row *v, const char *why, const char *day, const char **ret_ref);
err_t visit_hold(struct ctx *c, const struct visit_get_row *v, const char *first, const char *last);
/* The hook of the feature: a visit follows the answer about its date, a finding the work on it. */
err_t visit_stepped(struct ctx *c, const struct due_stepped *s);
/* struct feature, site_seen and papers. */
err_t visit_seen(struct ctx *c, const struct thing *site, const char *since, struct view *list);
err_t visit_papers(struct ctx *c, const struct thing *study, struct view *list);

/* ---- the papers ---- */

/* What the check says of the report as it stands. */
err_t visit_check_of(struct ctx *c, const struct visit_get_row *v, struct check_line **ret, size_t *ret_n);
/* Report and letters as views, the one source of their papers (content.c). */
err_t visit_report_content(struct ctx *c, const struct visit_get_row *v, struct view **ret);
/* A content that was kept, as a view again. */
err_t visit_content_read(struct ctx *c, const char *text, struct view **ret);
err_t visit_letter_content(struct ctx *c, const struct visit_get_row *v, struct view **ret);
err_t visit_confirmation_content(struct ctx *c, const struct visit_get_row *v, struct view **ret);
/* A paper of that content with those signatures (paper.c). `mark`: "Draft" or NULL. */
err_t visit_paper(struct ctx *c, const struct view *content, const struct document_version *version, const char *mark,
                  const char **ret_pdf, size_t *ret_n);

err_t visit_confirm(struct ctx *c, const struct visit_get_row *v);
err_t visit_submit(struct ctx *c, const struct visit_get_row *v);
err_t visit_send_back(struct ctx *c, const struct visit_get_row *v, const char *why);
err_t visit_approve(struct ctx *c, const struct visit_get_row *v);
err_t visit_send_letter(struct ctx *c, const struct visit_get_row *v);

/* Keys of its papers and of what is due by it. */
const char *visit_key(struct arena *a, const struct visit_get_row *v, const char *part); /* "visit:REF/part"; NULL: "visit:REF" */

#endif
