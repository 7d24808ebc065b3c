/* outsider.h: somebody without an account, and the links that let her answer. Called by the pages of this
 * feature. */
#ifndef FEATURES_ANSWERS_OUTSIDER_H
#define FEATURES_ANSWERS_OUTSIDER_H

#include "features/answers/answers.h"

enum { OUTSIDER_DAYS = 14, OUTSIDER_DAYS_MOST = 90 };

/* Who a link was made for, and for what. */
struct outsider {
    int64_t link, due, person;
    const char *due_ref, *name, *masked; /* "h…@example.org" */
    const char *how;                     /* "by link sent to h…@example.org" */
    int64_t expires;
    struct who who; /* she, without any right */
};
/* Unknown, over and ended are one E_NOT_FOUND. E_TOO_MANY: this network tried many that lead nowhere. */
err_t outsider_find(struct ctx *c, const char *token, const char *address, struct outsider *ret);
/* Ends the item's links and makes a new one. */
err_t outsider_renew(struct ctx *c, int64_t due, int64_t days, const char **ret_token);
/* One more link, for a mail about what happened since; the earlier ones hold. Until the newest ends. */
err_t outsider_more(struct ctx *c, int64_t due, const char **ret_token);
err_t outsider_end(struct ctx *c, int64_t due);
/* The item's links hold two weeks beyond the day, which ISO names; NULL: as they were. */
err_t outsider_stay(struct ctx *c, int64_t due, const char *day);

/* The whole address of a link, as a browser opens it. */
struct req;
const char *outsider_url(struct ctx *c, const struct req *r, const char *token);

/* Mails with a link, through the outbox; none while the installation has no public address. */
err_t letter_asked(struct ctx *c, int64_t due, const char *token);
err_t letter_stepped(struct ctx *c, const struct due_stepped *s);

/* What nobody finds, counted: a try from this address, or whether it had too many. Reading writes nothing,
 * so tries wait in memory until the job brings them to core's brake. */
void misses_note(const char *address);
err_t misses_allowed(struct ctx *c, const char *address);
err_t misses_job(struct ctx *c);

/* Files. */
enum { PAPER_MOST = 8 << 20, PAPERS_MOST = 50 };
struct req_file;
/* NULL when it can be taken; else E_BAD_INPUT with field "file". */
err_t papers_check(struct ctx *c, const struct req_file *f);
/* Keeps it, for c->who. */
err_t papers_keep(struct ctx *c, int64_t due, const struct req_file *f);
/* List "files" { name, href, size, who, when } with addresses below `base`. */
struct view;
err_t papers_list(struct ctx *c, int64_t due, const char *base, struct view *list);
/* Answers with the file. E_NOT_FOUND. */
err_t papers_send(struct ctx *c, struct req *r, int64_t due, const char *ref);

#endif
