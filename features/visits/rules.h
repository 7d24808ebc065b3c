/* rules.h: monitoring visits, decided without a database: kinds, how far a visit is, which site wants one
 * most, and what does not agree in a report. Pure. */
#ifndef FEATURES_VISITS_RULES_H
#define FEATURES_VISITS_RULES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum visit_kind {
#define VISIT_KIND(name, word, letters, words, tmf) VISIT_##name,
#include "features/visits/kinds.def"
#undef VISIT_KIND
    VISIT_KINDS
};
bool visit_kind_find(const char *word, enum visit_kind *ret);
const char *visit_kind_word(enum visit_kind k);    /* "imv" */
const char *visit_kind_letters(enum visit_kind k); /* "IMV" */
const char *visit_kind_words(enum visit_kind k);   /* "Interim monitoring visit" */
const char *visit_kind_tmf(enum visit_kind k);     /* of its report */

struct visit_section_def {
    unsigned kinds; /* bits of enum visit_kind */
    const char *key, *title, *hint;
};
extern const struct visit_section_def visit_sections[];
extern const size_t visit_n_sections;

/* ---- how far ---- */

/* What the path of a visit is drawn from; days are ISO or NULL. */
struct visit_facts {
    const char *state;  /* planned, agreed, held, closed, cancelled */
    const char *report; /* none, draft, submitted, sent_back, approved */
    bool confirmed, letter_sent;
};
/* Steps of the path, in order: done, now, or to come. Nothing is now when it is over. */
enum visit_path { PATH_PLANNED, PATH_AGREED, PATH_CONFIRMED, PATH_HELD, PATH_SUBMITTED, PATH_APPROVED, PATH_LETTER, PATH_COUNT };
const char *visit_path_words(enum visit_path p);
bool visit_path_done(const struct visit_facts *f, enum visit_path p);
/* The first that is not done; PATH_COUNT: all done. */
enum visit_path visit_path_now(const struct visit_facts *f);

/* ---- which site wants a visit most ---- */

enum { VISIT_NEVER = INT32_MIN };
struct visit_want {
    int32_t last;          /* day of the last visit held, VISIT_NEVER */
    int32_t today, weeks;  /* the study's usual distance of visits in weeks */
    int64_t enrolled_since, open_findings, late_findings;
    bool planned;          /* one is planned already */
};
/* Larger is sooner: weeks over the usual distance, and what waits there. `ret_why` in words: "9 weeks since
 * the last visit, 4 enrolled since, 2 findings late". */
double visit_want_score(struct arena *a, const struct visit_want *w, const char **ret_why);

/* ---- what does not agree ---- */

struct check_person {
    const char *name;
    bool at_site, on_log, signed_log; /* on the delegation log on the day of the visit, signed by the PI */
};
struct check_finding {
    int64_t n;
    const char *title;
    bool owner;
    int32_t due;           /* VISIT_NEVER: none */
    bool earlier;          /* raised before this visit */
    const char *status;    /* of an earlier one: open, done; NULL: not said */
};
struct check_section {
    const char *title, *mark; /* mark: reviewed, not_reviewed, not_applicable, "" */
    bool text;
};
struct check_facts {
    int32_t agreed_first, first, last, today; /* agreed_first VISIT_NEVER: no date was agreed */
    bool monitor_there, log_kept;             /* the site keeps its delegation log here */
    const struct check_person *person;
    size_t n_persons;
    const struct check_section *section;
    size_t n_sections;
    const struct check_finding *finding;
    size_t n_findings;
};
struct check_line {
    bool stops;       /* the report cannot be submitted so */
    const char *text; /* what does not agree, and what to do */
};
/* At most `most` lines, those that stop first. */
size_t visit_check(struct arena *a, const struct check_facts *f, struct check_line *ret, size_t most);

#endif
