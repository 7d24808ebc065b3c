/* rules.c: see rules.h. */
#include "features/history/rules.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/feature.h"

#include <ctype.h>
#include <string.h>

bool
rules_of_study(const char *action)
{
    static const char *const begins[] = {"sign_", "password.", "user.", "setup", "init", "studies.", "org.", "person.", "tie."};
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        if (str_starts(action, begins[i]))
            return false;
    }
    return true;
}

/* What is not in this list of the harmless stays behind the wall. */
enum apart
rules_apart(const char *action, const struct body *b)
{
    if (b->n_studies)
        return APART_ACCOUNT;
    bool shared = b->n_changes > 0, tie = b->n_changes > 0 && str_starts(action, "tie.");
    for (size_t i = 0; i < b->n_changes; i++) {
        const char *table = str_or(b->changes[i].table, "");
        shared = shared && (strcmp(table, "organisation") == 0 || strcmp(table, "person") == 0);
        tie = tie && strcmp(table, "tie") == 0;
    }
    bool own_action = str_starts(action, "org.") || str_starts(action, "person.");
    return shared && own_action ? APART_SHARED : tie ? APART_TIE : APART_ACCOUNT;
}

enum perm
rules_table_perm(const char *table)
{
    static const struct {
        const char *table;
        enum perm perm;
    } needs[] = {
        {"participant", PERM_ENROLMENT_READ},
        {"enrolment", PERM_ENROLMENT_READ},
        {"tie", PERM_STUDY_TEAM},
    };
    for (size_t i = 0; i < COUNT_OF(needs); i++) {
        if (str_eq(table, needs[i].table))
            return needs[i].perm;
    }
    return PERM_NONE;
}

const char *
rules_change_name(struct arena *a, const struct change *ch, const char *own)
{
    const char *field = str_or(ch->field, "value");
    bool plain = str_empty(ch->label) || str_eq(ch->label, own) || str_eq(ch->label, field);
    char *name = plain ? arena_strdup(a, field) : arena_printf(a, "%s: %s", ch->label, field);
    *name = (char)toupper((unsigned char)*name);
    return name;
}

static const char *
value(struct arena *a, const struct change *ch, const char *text, size_t most)
{
    if (str_empty(text))
        return NULL;
    return str_eq(ch->table, "vault") ? "kept sealed" : most ? utf8_cut(a, text, most) : text;
}

const char *
rules_change_old(struct arena *a, const struct change *ch, size_t most)
{
    return value(a, ch, ch->old, most);
}

const char *
rules_change_new(struct arena *a, const struct change *ch, size_t most)
{
    return value(a, ch, ch->new_value, most);
}
