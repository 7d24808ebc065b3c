/* studies.h: what other features may do with studies and their sites. */
#ifndef FEATURES_STUDIES_H
#define FEATURES_STUDIES_H

#include "base/ctx.h"
#include "core/feature.h"
#include "core/may.h"

#include <stdbool.h>

extern const struct feature studies_feature;

/* A title that is longer is cut where it is shown; registries allow 300, and a record may say more. */
enum { STUDY_TITLE_SHOWN = 400 };

/* A new study. Everything but code and title may be NULL or 0. The caller records what it did. */
struct study_new {
    const char *code; /* NCT or protocol number; unique among what c->who may know of (E_CONFLICT) */
    const char *title, *official_title, *acronym, *status, *study_type;
    const char *phases; /* "PHASE1|PHASE2" */
    int64_t enrolment;  /* -1: not said */
    const char *enrolment_type;
    bool has_results;
    int64_t sponsor, operator_; /* organisations */
    const char *sponsor_name, *sponsor_class, *summary, *description;
    const char *start_on, *updated_on; /* ISO, any precision: sort keys */
    const char *find;                  /* more words to find it by: conditions, identifiers, acronyms */
    const char *origin;                /* "registry", "typed", "tracker" */
};
err_t study_create(struct ctx *c, const struct study_new *s, int64_t *ret_id, const char **ret_ref);

/* The folded text by which a study that is kept is found among somebody's few: after its row, its
 * conditions or its numbers changed. */
struct study_get_row;
err_t study_find_text(struct ctx *c, const struct study_get_row *s, const char **ret);

/* A study by its code or ref, among those that c->who may read, or of all when nobody is signed in (a
 * command); not found: `ret_id` 0. Two sponsors may have studies of one code: E_CONFLICT tells who may
 * read both their refs. */
err_t study_find(struct ctx *c, const char *code, int64_t *ret_id);
/* The organisation in whose name c->who brings in a study: that of the director's tie, else home. */
int64_t study_operator(const struct ctx *c);
/* Who brings in a study runs it: gives c->who the tie of its study manager. */
err_t study_make_manager(struct ctx *c, int64_t study);
/* Fills a thing (ids, sponsor and operator, compartment, ref, title) from a study's id. */
err_t study_thing(struct ctx *c, int64_t id, struct thing *ret);
/* The "{study}" of a path: E_NOT_FOUND when c->who may not read it, exactly as when there is none. */
err_t study_resolve(struct ctx *c, const char *code, struct thing *ret);
/* The "{site}" of a path inside a resolved study, by its ref. */
err_t site_resolve(struct ctx *c, const char *ref, struct thing *ret);

/* A site of a study by its number or ref; E_NOT_FOUND says so. For imports and commands. */
err_t site_find(struct ctx *c, int64_t study, const char *number, int64_t *ret_id);

/* A new site of a study at an organisation. number NULL: none yet. E_CONFLICT: the number is taken. */
struct site_new {
    int64_t study, organisation;
    const char *number, *label, *facility, *city, *state, *zip, *country, *country_stated, *status;
    double latitude, longitude;
    bool has_point;
    int64_t ordinal; /* among equal places of the study, from 0 */
    const char *origin;
};
err_t site_create(struct ctx *c, const struct site_new *s, int64_t *ret_id, const char **ret_ref);
/* What a site is called for a person: "12, Leeds General", "not named by the sponsor, Leeds". */
const char *site_title(struct arena *a, const char *number, const char *label, const char *facility,
                       const char *organisation, bool placeholder, const char *city);

/* What the sites of a study are sorted by: numbered ones first, 2 before 10, then by place. */
const char *site_key(struct arena *a, const char *number, const char *country, const char *city,
                     const char *name);

/* After a study, its sites or its people changed: counts, facets, portfolio rows, totals and search
 * words of every audience that reads it. */
err_t study_relist(struct ctx *c, int64_t study);
/* After an organisation became an audience: lists every study it sponsors or operates. */
err_t study_list_audience(struct ctx *c, int64_t organisation);

/* The studies a person may go to next: of c->who, at most `most`, those whose start is latest first.
 * `ret_more`: there are others. */
struct study_brief {
    struct thing thing; /* of the study: for may() */
    const char *name;   /* acronym, or the code */
};
err_t study_briefs(struct ctx *c, size_t most, struct study_brief **ret, size_t *ret_n, bool *ret_more);
/* The sites of a study that c->who works at, when those are all that is open to them: for the
 * navigation; none for who reads every site. At most `most`. */
struct site_brief {
    struct thing thing;
    const char *ref, *title;
};
err_t study_own_sites(struct ctx *c, const struct thing *t, size_t most, struct site_brief **ret, size_t *ret_n);

/* What the site of a resolved thing is called for a person. */
err_t study_site_name(struct ctx *c, const struct thing *t, const char **ret);

/* Page header values every page of a study shares: view key "study" {ref, code, title, ...} and its
 * tabs; `tab`: the current one. */
struct view;
err_t study_head(struct ctx *c, const struct thing *t, const char *tab, struct view *page);

/* Words of a literal for a person: "ACTIVE_NOT_RECRUITING" -> "Active, not recruiting"; a literal that
 * is not known comes back as it is. `set`: "status", "phase", "class", "type", ... */
const char *study_words(const char *set, const char *literal);

#endif
