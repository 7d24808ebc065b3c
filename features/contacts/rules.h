/* rules.h: reading a line about a contact. Pure. */
#ifndef FEATURES_CONTACTS_RULES_H
#define FEATURES_CONTACTS_RULES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contact_line {
    const char *channel; /* "call", "mail", "meeting", "video", "letter"; "note" when no word says it */
    const char *with;    /* a name of the list, or NULL */
    int32_t day;         /* today when no word says it */
    bool two;            /* the word fits two people of the list: ask which */
};
/* "called Dr Vaz yesterday, moved the visit". `names`: who may be meant, "Rui Vaz"; any word of a name that is written
 * with a capital counts, accents and case as they like. Days: today, yesterday, a weekday (the last one), "12 Mar",
 * "12 Mar 2027", ISO. A day to come is read as the year before, or as no day. */
void contact_read(struct arena *a, const char *text, const char *const *names, size_t n, int32_t today, struct contact_line *ret);

#endif
