/* forecast.c: a study's forecast from the database. See recruitment.h. */
#include "features/recruitment/data.h"
#include "features/recruitment/kept.h"
#include "features/recruitment/pages.h"
#include "models/forecast.h"

err_t
forecast_of_data(struct ctx *c, struct data *d, int32_t as_of, const struct fc_options *o, struct forecast_of *ret)
{
    struct forecast_of f = {.cut = as_of, .means = d->means, .last_enrolled = DATA_NO_DAY};
    struct data_totals t = data_totals(d, as_of);
    f.enrolled = t.enrolled;
    f.last_enrolled = t.last;
    f.has_target = d->has_targets && !d->targets.target_null && d->targets.target > 0;
    f.target = f.has_target ? d->targets.target : 0;
    f.has_deadline = d->has_targets && d->targets.deadline && date_parse(d->targets.deadline, &f.deadline);
    struct enrolment *e = arena_alloc(c->mem, sizeof *e);
    if (!f.has_target) {
        f.refusal = "No target is set. Give the number of participants and the forecast appears.";
    } else if (data_enrolment(c, d, as_of, e) != NULL) {
        f.refusal = "Nobody is enrolled yet and no site has an opening date. Bring in an enrolment log, or the planned openings.";
    } else {
        if (o)
            e->study.opt = *o;
        enum fc_refusal r = kept_forecast(c, &e->study, &f.result);
        f.refusal = r == FC_OK ? NULL : fc_refusal_text(r);
        f.data = e;
    }
    *ret = f;
    return NULL;
}

err_t
recruitment_forecast(struct ctx *c, int64_t study, int32_t as_of, struct forecast_of *ret)
{
    struct data *d;
    TRY(data_load(c, study, &d));
    return forecast_of_data(c, d, as_of, NULL, ret);
}
