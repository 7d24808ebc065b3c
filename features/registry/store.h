/* store.h: one registry record into the tables. */
#ifndef FEATURES_REGISTRY_STORE_H
#define FEATURES_REGISTRY_STORE_H

#include "features/registry/parse.h"
#include "features/registry/registry.h"
#include "base/ctx.h"

/* Writes a record inside the running transaction: a new study; or nothing when this very record is
 * kept already; or a further source of a study that is here ("newer, not applied"). `json` is the
 * record as it came. Adds to `ret`. */
err_t store_study(struct ctx *c, const struct registry_study *s, const char *json, size_t n,
                  const char *file_name, struct registry_result *ret);

#endif
