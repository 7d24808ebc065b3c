/* features.c: what the features declare, gathered. See app.h. */
#include "app/app.h"
#include "app/commands.h"
#include "base/str.h"
#include "core/deeds.h"
#include "features/access/access.h"
#include "features/answers/answers.h"
#include "features/calendars/calendars.h"
#include "features/commitments/commitments.h"
#include "features/contacts/contacts.h"
#include "features/delegation/delegation.h"
#include "features/documents/documents.h"
#include "features/playbooks/playbooks.h"
#include "features/handover/handover.h"
#include "features/visits/visits.h"
#include "features/waiting/waiting.h"
#include "features/history/history.h"
#include "features/load/load.h"
#include "features/news/news.h"
#include "features/notices/notices.h"
#include "features/ownwork/ownwork.h"
#include "features/people/people.h"
#include "features/queries/queries.h"
#include "features/recruitment/recruitment.h"
#include "features/registry/registry.h"
#include "features/search/search.h"
#include "features/studies/studies.h"
#include "tmpl/tmpl.h"
#include "web/asset.h"

#include <stdlib.h>
#include <string.h>

const struct feature *const app_features[] = {
#define FEATURE(name) &name##_feature,
#include "app/features.def"
#undef FEATURE
    &app_feature,
};
const size_t app_features_n = COUNT_OF(app_features);

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct migration *)a)->name, ((const struct migration *)b)->name);
}

/* The schema files under "schema/<feature>/", by name. */
static void
add_schema(struct arena *a, const char *feature, struct migration *list, size_t *n)
{
    size_t count;
    const struct asset *file = asset_under(arena_printf(a, "schema/%s/", feature), &count);
    for (size_t i = 0; i < count; i++)
        list[*n + i] = (struct migration){feature, strrchr(file[i].name, '/') + 1, file[i].data};
    if (count)
        qsort(list + *n, count, sizeof *list, by_name);
    *n += count;
}

err_t
app_migrations(struct arena *a, struct migration **ret, size_t *ret_n)
{
    size_t all, n = 0;
    asset_under("schema/", &all);
    struct migration *list = arena_alloc(a, all * sizeof *list);
    add_schema(a, "core", list, &n);
    for (size_t i = 0; i < app_features_n; i++)
        add_schema(a, app_features[i]->name, list, &n);
    if (n != all)
        return err_new(a, E_INTERNAL, "A schema folder belongs to no feature of features.def.");
    *ret = list;
    *ret_n = n;
    return NULL;
}

const struct resolver *
app_resolver(const char *param)
{
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_resolvers; k++) {
            if (strcmp(app_features[i]->resolvers[k].param, param) == 0)
                return &app_features[i]->resolvers[k];
        }
    }
    return NULL;
}

err_t
app_templates(struct arena *a, struct tmpl_set **ret)
{
    static const char under[] = "template/";
    size_t n;
    const struct asset *file = asset_under(under, &n);
    struct tmpl_source *source = arena_alloc(a, n * sizeof *source);
    for (size_t i = 0; i < n; i++) {
        const char *name = file[i].name + sizeof under - 1;
        size_t len = strlen(name);
        INVARIANT(len > 5 && str_ends(name, ".html"));
        source[i] = (struct tmpl_source){arena_strndup(a, name, len - 5), file[i].data, file[i].size};
    }
    return tmpl_compile(a, source, n, ret);
}

/* Every "{param}" of a path must have somebody who knows what it names. */
static err_t
check_params(struct arena *a, const struct route *r)
{
    for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{')) {
        const char *name = arena_strndup(a, p + 1, strcspn(p + 1, "}"));
        if (!app_resolver(name))
            return err_new(a, E_INTERNAL, "Route %s: nobody resolves {%s}.", r->path, name);
    }
    return NULL;
}

static err_t
check_feature(struct arena *a, const struct feature *f, const struct tmpl_set *templates)
{
    for (size_t i = 0; i < f->n_routes; i++) {
        const struct route *r = &f->routes[i];
        if (r->view && !tmpl_has(templates, r->view))
            return err_new(a, E_INTERNAL, "Route %s: there is no view %s.", r->path, r->view);
        TRY(check_params(a, r));
    }
    for (const char *const *d = f->depends; d && *d; d++) {
        bool found = false;
        for (size_t i = 0; i < app_features_n && !found; i++)
            found = strcmp(app_features[i]->name, *d) == 0;
        if (!found)
            return err_new(a, E_INTERNAL, "Feature %s depends on %s, which is not there.", f->name, *d);
    }
    return NULL;
}

err_t
app_check(struct arena *a, const struct tmpl_set *templates)
{
    for (size_t i = 0; i < app_features_n; i++) {
        TRY(check_feature(a, app_features[i], templates));
        deeds_add(app_features[i]->deeds, app_features[i]->n_deeds);
    }
    return NULL;
}
