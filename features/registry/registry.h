/* registry.h: studies from ClinicalTrials.gov. */
#ifndef FEATURES_REGISTRY_H
#define FEATURES_REGISTRY_H

#include "core/feature.h"

extern const struct feature registry_feature;

struct registry_result {
    int64_t files, records, created, same, newer, unknown, joined_organisations, joined_people;
};
/* One file, all or nothing, in a transaction of its own with one record row (none when nothing was
 * new). `fd` is rewound as needed. Adds to `ret`. `who` NULL: c->who. */
err_t registry_import_fd(struct ctx *c, const char *name, int fd, const char *who, struct registry_result *ret);
/* A file, or every .json, .jsonl and .gz file of a folder, in order of names. `progress` may be NULL. */
err_t registry_import_path(struct ctx *c, const char *path, const char *who,
                           void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
                           struct registry_result *ret);

#endif
