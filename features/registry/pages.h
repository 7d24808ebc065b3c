/* pages.h: handlers and commands of this feature. */
#ifndef FEATURES_REGISTRY_PAGES_H
#define FEATURES_REGISTRY_PAGES_H

#include "core/feature.h"
#include "features/registry/registry.h"

http_handler page_registry, page_registry_check, page_registry_import, page_original, page_original_json;

err_t command_import_registry(struct ctx *c, const struct args *a);
err_t command_report_registry(struct ctx *c, const struct args *a);

/* The two halves of an import, for the upload: check outside a transaction, apply inside one. */
err_t registry_check_fd(struct ctx *c, const char *name, int fd);
err_t registry_apply_fd(struct ctx *c, const char *name, int fd, struct registry_result *ret);

#endif
