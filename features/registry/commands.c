/* commands.c: "import registry" and "report registry". */
#include "base/csv.h"
#include "base/str.h"
#include "db/db.h"
#include "features/registry/pages.h"
#include "features/registry/registry_sql.h"

#include <stdio.h>
#include <string.h>

static void
progress(void *arg, int64_t done, int64_t total)
{
    args_progress(arg, "Files", done, total);
}

err_t
command_import_registry(struct ctx *c, const struct args *a)
{
    struct registry_result x = {0};
    const char *who = args_who(c->mem);
    err_t errors = NULL;
    for (size_t i = 0; i < args_count(a); i++) {
        err_t e = registry_import_path(c, args_at(a, i), who, progress, (void *)a, &x);
        errors = err_join(c->mem, errors, e);
    }
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "%s\n", registry_words(c->mem, &x));
    if (x.joined_organisations || x.joined_people)
        buf_printf(&b, "Joined with what was here: %lld places and organisations (same name, city and country), "
                       "%lld people (same name and affiliation).\n",
                   (long long)x.joined_organisations, (long long)x.joined_people);
    if (x.unknown)
        buf_printf(&b, "%lld %s not known here, kept and shown with the study.\n", (long long)x.unknown,
                   x.unknown == 1 ? "value is" : "values are");
    args_print(a, buf_text(&b), b.len);
    return errors;
}

static err_t
report_row(void *arg, const void *data)
{
    const struct registry_report_row *x = data;
    struct buf b;
    buf_init(&b, ((struct ctx *)arg)->mem);
    struct arena_mark mark = arena_save(b.mem);
    const char *text[] = {x->code, x->title, x->status, x->type, x->phases};
    for (size_t i = 0; i < COUNT_OF(text); i++)
        csv_cell(&b, text[i]);
    if (x->enrolment_null)
        csv_cell(&b, NULL);
    else
        csv_int(&b, x->enrolment);
    const char *more[] = {x->enrolment_type, x->start_on, x->primary_on, x->completion_on, x->updated_on,
                          x->sponsor, x->sponsor_class};
    for (size_t i = 0; i < COUNT_OF(more); i++)
        csv_cell(&b, more[i]);
    const int64_t count[] = {x->collaborators, x->conditions, x->arms, x->interventions, x->primary_outcomes,
                             x->secondary_outcomes, x->central_contacts, x->officials, x->locations,
                             x->with_point, x->with_status, x->location_contacts, x->countries, x->has_results};
    for (size_t i = 0; i < COUNT_OF(count); i++)
        csv_int(&b, count[i]);
    csv_end(&b);
    fwrite(b.data, 1, b.len, stdout);
    arena_restore(b.mem, mark);
    return NULL;
}

err_t
command_report_registry(struct ctx *c, const struct args *a)
{
    static const char header[] =
        "nctId,briefTitle,overallStatus,studyType,phases,enrollment,enrollmentType,startDate,"
        "primaryCompletionDate,completionDate,lastUpdatePostDate,leadSponsor,leadSponsorClass,"
        "n_collaborators,n_conditions,n_arms,n_interventions,n_primaryOutcomes,n_secondaryOutcomes,"
        "n_centralContacts,n_overallOfficials,n_locations,n_locations_with_geoPoint,"
        "n_locations_with_status,n_location_contacts,n_countries,has_results\r\n";
    if (!args_option(a, "--csv"))
        return err_new(c->mem, E_USAGE, "Say --csv: the report is a table for a spreadsheet.");
    args_print(a, header, sizeof header - 1);
    return db_each(c, &REGISTRY_REPORT, DB_NONE, report_row, c);
}
