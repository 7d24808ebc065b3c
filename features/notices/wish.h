/* wish.h: how a person wants to be told: at once, one bundle a day, or not by mail; when not; in which time
 * zone. Who never chose gets one bundle a day at 07:00 in the installation's zone. */
#ifndef FEATURES_NOTICES_WISH_H
#define FEATURES_NOTICES_WISH_H

#include "base/ctx.h"
#include "features/notices/when.h"

enum wish_mail { WISH_AT_ONCE, WISH_DAILY, WISH_NONE };
struct wish {
    enum wish_mail mail;
    int at; /* minute of the day, of the bundle */
    struct when_quiet quiet;
    const char *zone_name;
    const struct tz *zone;
};
err_t wish_get(struct ctx *c, int64_t person, struct wish *ret);
/* Writes it, records the change, and moves what is not yet mailed. */
err_t wish_set(struct ctx *c, int64_t person, const struct wish *w);
/* No more mail; the rest stays. */
err_t wish_stop(struct ctx *c, int64_t person);
/* When to tell her what is known at `now`. */
int64_t wish_due(const struct wish *w, int64_t now);

const char *wish_word(enum wish_mail m); /* "at_once" */
bool wish_find(const char *word, enum wish_mail *ret);

#endif
