/* lines.h: what a list or a calendar says is due, entry by entry. Pure: knows no database. */
#ifndef FEATURES_OWNWORK_LINES_H
#define FEATURES_OWNWORK_LINES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { LINES_MOST = 500, LINES_WHAT = 300, LINES_WHO = 120 };
enum line_state { LINE_DUE, LINE_CANCELLED, LINE_DONE };
struct own_line {
    int number;            /* of the line or entry, from 1 */
    const char *text;      /* as it stood there, short */
    const char *what, *who; /* who asks; or NULL */
    const char *day;       /* ISO */
    const char *uid;       /* what makes it the same another time */
    enum line_state state;
    const char *refused;   /* why it cannot be taken; NULL: it can */
};

/* A list that was pasted: one line each, "what; who asks; day", also with tabs, bars or commas between; who
 * may be left out. Bullets, empty lines and a line of headings are passed over. Days as people write them:
 * 2026-12-01, 1.12.2026, 1/12/2026 (day first), 1 Dec, Tue 1 Dec 2026, Dec 1; without a year the next such
 * day. Errors: E_TOO_LARGE above LINES_MOST lines. */
err_t lines_read(struct arena *a, const char *text, int32_t today, struct own_line **ret, size_t *ret_n);
/* A day as above. */
bool lines_day(struct arena *a, const char *text, int32_t today, int32_t *ret);

/* The entries of a calendar (RFC 5545): VTODO by its DUE, VEVENT by its start; of one that recurs the next
 * day. What lies more than a month behind is left out. Errors: E_BAD_INPUT when it is no calendar. */
struct tz;
err_t feed_ics_read(struct arena *a, const char *data, size_t n, int32_t today, const struct tz *zone, struct own_line **ret, size_t *ret_n);

#endif
