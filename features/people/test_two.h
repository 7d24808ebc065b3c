/* test_two.h: two sponsors with studies at the same hospital, under the same investigator, and
 * those who work for one of them: the fixture of the tests of walls. Requests run in process
 * through the features' own tables, with hooks as the program has them. */
#ifndef FEATURES_PEOPLE_TEST_TWO_H
#define FEATURES_PEOPLE_TEST_TWO_H

#include "core/test_case.h"

#include "core/feature.h"
#include "http/http.h"

/* Who asks. Alba's study is A-1, Boreas' is B-9. Alba runs the installation. */
enum viewer {
    ALBA_DIRECTOR,
    ALBA_MANAGER, /* study manager of A-1 */
    ALBA_CRA,     /* CRA of A-1, every site */
    BOREAS_DIRECTOR,
    BOREAS_COORDINATOR, /* coordinator of B-9 at the hospital */
    ADMINISTRATOR,
    BOREAS_CTA, /* clinical trial administrator of B-9 */
    VIEWERS
};

struct two {
    struct core_case *k;
    struct http *http;
    const struct feature *const *features;
    size_t n_features;
    struct tmpl_set *templates;
    int64_t viewer[VIEWERS];
    int64_t alba, boreas, hospital, study_a, study_b;
    /* Addresses of things, "/organisations/..." and "/people/...". */
    const char *at_hospital, *at_alba, *at_boreas, *at_afar, *at_bfar, *at_ahelp, *at_bhelp,
        *at_unnamed;
    const char *at_jane, *at_fara, *at_olaf, *at_bruno, *at_bert, *at_oona, *at_desk,
        *at_coordinator;
};

/* First in a case: the fixture. `features`: whose routes answer. */
struct two *two_use(void **state, const struct feature *const *features, size_t n);

/* A GET as a viewer. */
struct http_answer two_get(struct two *t, enum viewer v, const char *target);
/* A POST with a form; the token is added. */
struct http_answer two_post(struct two *t, enum viewer v, const char *target, const char *form);
/* True when the answer's body holds the text. */
bool two_has(const struct http_answer *an, const char *text);

/* A GET with what its body must and must not hold, by '|'; NULL: nothing. */
struct look {
    enum viewer viewer;
    const char *target;
    int status;
    const char *has, *has_not;
};
/* Runs all of them as JSON and as pages; says which failed. */
void two_look(struct two *t, const struct look *look, size_t n);
/* Words of Alba's study alone, and of Boreas' alone: canaries. */
extern const char two_alba_only[], two_boreas_only[];

/* n more sites of A-1 at organisations "Clinic 001", ... */
void two_add_clinics(struct two *t, int n);

#endif
