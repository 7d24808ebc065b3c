/* rules.h: pure decisions about rows of the record: whose walls they stand behind, what of a change
 * is shown, and in which words. No I/O. */
#ifndef FEATURES_HISTORY_RULES_H
#define FEATURES_HISTORY_RULES_H

#include "core/may.h"
#include "features/history/body.h"

#include <stdbool.h>

struct arena;

/* A row that belongs to no study: */
enum apart {
    APART_ACCOUNT, /* accounts, links, settings and whatever is not known: the person and administrators */
    APART_SHARED,  /* only fields of an organisation or a person that studies share */
    APART_TIE      /* a tie noted by hand: those too who change what is shared */
};
enum apart rules_apart(const char *action, const struct body *b);
/* False for actions that no study's history holds (accounts, set-up, shared things): not offered as
 * a filter there. */
bool rules_of_study(const char *action);

/* The permission that a change of this table needs beside HISTORY_READ, or PERM_NONE. */
enum perm rules_table_perm(const char *table);

/* What a changed field is called: "title", or "Site 12: status" when the row's label is not the thing
 * that the page is about (`own`, its code; may be NULL). First letter upper case. */
const char *rules_change_name(struct arena *a, const struct change *ch, const char *own);
/* The values to show: of the vault only that something is kept or gone; others in words and cut at
 * `most` code points, or with `most` 0 exactly as recorded. NULL: empty. */
const char *rules_change_old(struct arena *a, const struct change *ch, size_t most);
const char *rules_change_new(struct arena *a, const struct change *ch, size_t most);

#endif
