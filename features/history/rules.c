/* rules.c: see rules.h. */
#include "features/history/rules.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/feature.h"
#include "features/studies/studies.h"

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

/* Fields that hold the registry's literals, by the end of their name, and whose words these are. */
static const struct {
    const char *field, *set;
} coded[] = {
    {"status", "status"}, {"phase", "phase"}, {"sex", "sex"}, {"expected or actual", "dated"},
    {"planned or counted", "counted"},
};

/* "PHASE1|PHASE2" as "Phase 1, Phase 2"; what is no literal stays as it is. */
static const char *
words_of(struct arena *a, const char *field, const char *text)
{
    for (size_t k = 0; k < COUNT_OF(coded); k++) {
        if (!str_ends(str_or(field, ""), coded[k].field))
            continue;
        struct buf b;
        size_t n;
        char **part = str_split(a, text, '|', &n);
        buf_init(&b, a);
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "%s%s", i ? ", " : "", study_words(coded[k].set, part[i]));
        return buf_text(&b);
    }
    return text;
}

static const char *
value(struct arena *a, const struct change *ch, const char *text, size_t most)
{
    if (str_empty(text))
        return NULL;
    if (str_eq(ch->table, "vault"))
        return "kept sealed";
    return most ? utf8_cut(a, words_of(a, ch->field, text), most) : text;
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
