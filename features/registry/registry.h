/* registry.h: studies from ClinicalTrials.gov. */
#ifndef FEATURES_REGISTRY_H
#define FEATURES_REGISTRY_H

#include "core/feature.h"

extern const struct feature registry_feature;

struct registry_result {
    int64_t files, refused; /* refused: files; the others took part */
    int64_t records, created, same, newer, older, unknown, joined_organisations, joined_people;
    char changed[256]; /* numbers of changed studies, as many as there is room for, commas between */
};
/* What came of it in one sentence, and two more where there is something to say; for people. */
const char *registry_words(struct arena *a, const struct registry_result *x);
/* One file, all or nothing, in a transaction of its own with one record row (none when nothing was
 * new). `fd` is rewound as needed. Adds to `ret`. `who` NULL: c->who. */
err_t registry_import_fd(struct ctx *c, const char *name, int fd, const char *who, struct registry_result *ret);
/* A file, or every .json, .jsonl, .ndjson and .gz file of a folder and the folders in it, in order of
 * names. Links to folders are not followed. The other files of a folder are read when one is refused;
 * the error then names as many as can be read, and how many more. `progress` may be NULL. */
err_t registry_import_path(struct ctx *c, const char *path, const char *who,
                           void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
                           struct registry_result *ret);

#endif
