/* rules.h: how a line about a contact is understood: "called Dr Vaz yesterday, moved the visit".
 *
 * Pure: no database, no clock. A line never fails to be understood; what it does not say is left open,
 * and the person sees what was made of it. Called by pages.c. */
#ifndef FEATURES_CONTACTS_RULES_H
#define FEATURES_CONTACTS_RULES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONTACT_WITH = 8 }; /* people in one line */

struct contact_name {
    int64_t id;
    const char *name; /* "Dr Rui Vaz" */
};
struct contact_said {
    const char *way;     /* "call", "mail", "meeting", "video", "letter"; "note" when no word says it */
    int32_t day;         /* of the contact, never after today */
    bool day_said;
    size_t with[CONTACT_WITH], n_with; /* places in `people` */
    size_t either[CONTACT_WITH], n_either; /* one of these is meant, and the line does not say which */
    const char *unknown; /* what looks like the name of a participant; or NULL */
};
/* Days may be said as "yesterday", "on Monday" (the last one), "3 days ago", "12 Mar", "12 March 2026",
 * "12/03/2026" (day first) and "2026-03-12". A day after "to", "for", "until", "by", "from", "before" or
 * "after" is about something else, and so is one that is still to come. */
void contact_read(struct arena *a, const char *line, int32_t today, const struct contact_name *people, size_t n, struct contact_said *ret);

struct contact_way {
    const char *word, *words; /* as it is kept; for a person */
    const char *icon;         /* of icon/any: "phone" */
};
const struct contact_way *contact_ways(size_t *ret_n);      /* all, for a choice */
const struct contact_way *contact_way_find(const char *word); /* NULL: there is no such */

#endif
