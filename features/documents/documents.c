/* documents.c: the table of this feature. See README.md. */
#include "features/documents/documents.h"

#include "features/documents/pages.h"

static const struct route routes[] = {
    {GET, "/studies/{study}/documents", page_documents, .perm = PERM_STUDY_READ, .view = "documents/list"},
    {GET, "/studies/{study}/documents/expected", page_documents_expected, .perm = PERM_STUDY_READ, .view = "documents/expected"},
    {GET, "/documents/{document}", page_document, .perm = PERM_SELF, .view = "documents/document"},
    {GET, "/documents/{document}/pdf/{version_n}", page_document_pdf, .perm = PERM_SELF},
};

/* The handlers look it up: the paper says of which study it is. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"document", resolve_later}, {"version_n", resolve_later}};

static const struct menu menus[] = {
    {"Documents", "/studies/{study}/documents", "file-text", PERM_STUDY_READ, .study = true, .place = 60, .also = {"/documents/"}},
};
static const char *const depends[] = {"studies", NULL};

const struct feature documents_feature = {
    .name = "documents", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
};
