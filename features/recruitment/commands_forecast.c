/* commands_forecast.c: rapport forecast, of a study or of any log. The forecast itself is forecast.c's
 * and log_file.c's. Called by the command line. */
#include "features/recruitment/data.h"
#include "features/recruitment/forecast_file.h"
#include "features/recruitment/pages.h"
#include "features/recruitment/pages_import.h"
#include "models/forecast.h"
#include "models/forecast_json.h"

#include "base/arena.h"
#include "base/str.h"
#include "features/studies/studies.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WORK_MEMORY ((size_t)2 << 30) /* a full file of 32 MB */

static err_t
read_file(struct ctx *c, const char *path, const char **ret, size_t *ret_n)
{
    enum { MOST = 256 << 20 };
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (!f)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    struct buf b;
    buf_init(&b, c->mem);
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0 && b.len <= MOST)
        buf_add(&b, part, n);
    bool bad = ferror(f);
    if (f != stdin)
        fclose(f);
    if (bad)
        return err_new(c->mem, E_IO, "%s could not be read.", path);
    if (b.len > MOST)
        return err_new(c->mem, E_TOO_LARGE, "%s is larger than 256 MB.", path);
    *ret = buf_text(&b);
    *ret_n = b.len;
    return NULL;
}

static void
print_view(struct ctx *c, const struct args *a, const struct view *v)
{
    struct buf b;
    buf_init(&b, c->mem);
    view_json_pretty(&b, v);
    args_print(a, buf_text(&b), b.len);
}

static const char *
text_at(const struct view *v, const char *path)
{
    const struct view *x = view_at(v, path);
    return x && x->type == V_TEXT ? x->text : "-";
}

/* A few sentences for a person at a terminal. */
static void
print_words(struct ctx *c, const struct args *a, const struct view *v)
{
    struct buf b;
    buf_init(&b, c->mem);
    const struct view *quantiles = view_at(v, "completion.quantiles"), *p = view_at(v, "deadline.probability");
    buf_printf(&b, "%lld of %lld enrolled on %s (%s).\n", (long long)view_get_int(v, "enrolled"), (long long)view_get_int(v, "target"),
               text_at(v, "as_of"), text_at(v, "basis"));
    const char *mid = view_get_text(quantiles, "0.5"), *low = view_get_text(quantiles, "0.1"), *high = view_get_text(quantiles, "0.9");
    buf_printf(&b, "Likely last participant: %s. In 80 of 100 futures: %s to %s.\n", str_or(date_words_iso(c->mem, mid), "beyond the horizon"),
               str_or(date_words_iso(c->mem, low), "beyond the horizon"), str_or(date_words_iso(c->mem, high), "beyond the horizon"));
    if (p && p->type == V_REAL)
        buf_printf(&b, "Chance of %s: %.0f in 100.\n", text_at(v, "deadline.date"), p->real * 100);
    const struct view *checks = view_get(v, "checks");
    for (const struct view_item *i = checks ? checks->kids.first : NULL; i; i = i->next)
        buf_printf(&b, "- %s\n", str_or(view_get_text(&i->value, "text"), ""));
    args_print(a, buf_text(&b), b.len);
}

static err_t
options_of(struct ctx *c, const struct args *a, struct log_options *ret)
{
    struct log_options o = {.as_of = args_option(a, "--as-of"), .deadline = args_option(a, "--deadline"), .method = args_option(a, "--method")};
    const char *target = args_option(a, "--target"), *level = args_option(a, "--level"), *plan = args_option(a, "--plan-rate");
    if (target && (!str_int(target, &o.target) || o.target < 1))
        return err_new(c->mem, E_USAGE, "--target: give a whole number of at least 1.");
    if (level && (!str_real(level, &o.level) || o.level <= 0 || o.level >= 1))
        return err_new(c->mem, E_USAGE, "--level: give a number between 0 and 1, such as 0.8.");
    if (plan && (!str_real(plan, &o.plan_rate) || o.plan_rate <= 0))
        return err_new(c->mem, E_USAGE, "--plan-rate: give participants per site and day, such as 0.02.");
    *ret = o;
    return NULL;
}

static err_t
forecast_log(struct ctx *c, const struct args *a, struct view **ret)
{
    struct forecast_files f = {0};
    const char *const *notes;
    size_t n;
    TRY(options_of(c, a, &f.options));
    if (!f.options.target)
        return err_new(c->mem, E_USAGE, "Say how many are to be enrolled: --target N.");
    TRY(commands_import_choices(c, a, &f.log));
    TRY(read_file(c, args_option(a, "--log"), &f.log.data, &f.log.n));
    if (args_option(a, "--sites"))
        TRY(read_file(c, args_option(a, "--sites"), &f.sites, &f.n_sites));
    err_t e = forecast_files(c, &f, ret, &notes, &n);
    if (e)
        return commands_import_advice(c, e);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "%s\n", notes[i]);
    return NULL;
}

/* In memory of its own: a log may be as large as an import. */
static err_t
run_log(struct ctx *c, const struct args *a)
{
    struct view *v;
    struct ctx own = *c;
    own.mem = arena_new(WORK_MEMORY);
    err_t e = forecast_log(&own, a, &v);
    if (!e && args_option(a, "--json"))
        print_view(&own, a, v);
    else if (!e)
        print_words(&own, a, v);
    e = err_keep(c->mem, e);
    arena_free(own.mem);
    return e;
}

static err_t
run_study(struct ctx *c, const struct args *a)
{
    int64_t study;
    struct log_options o;
    TRY(options_of(c, a, &o));
    TRY(study_find(c, args_at(a, 0), &study));
    if (!study)
        return err_new(c->mem, E_NOT_FOUND, "There is no study %s.", args_at(a, 0));
    struct data *d;
    struct forecast_of f;
    struct fc_options fo = {.level = o.level};
    bool old;
    TRY(data_load(c, study, &d));
    if (o.target) {
        d->targets.target = o.target;
        d->targets.target_null = false;
        d->has_targets = true;
    }
    if (o.deadline)
        d->targets.deadline = o.deadline;
    if (o.method && !forecast_json_method(o.method, &fo.method))
        return err_new(c->mem, E_USAGE, "--method: one of recommended, plugin, bayes, exact.");
    int32_t as_of = data_cut(d, c->today, &old);
    if (o.as_of && !date_parse(o.as_of, &as_of))
        return err_new(c->mem, E_USAGE, "--as-of: give a day such as 2026-11-23.");
    TRY(forecast_of_data(c, d, as_of, &fo, &f));
    if (!f.result)
        return err_new(c->mem, E_BAD_INPUT, "%s", f.refusal);
    struct view *v = forecast_json(c->mem, f.result, &f.data->notes);
    if (args_option(a, "--json"))
        print_view(c, a, v);
    else
        print_words(c, a, v);
    return NULL;
}

err_t
command_forecast(struct ctx *c, const struct args *a)
{
    if (args_option(a, "--log"))
        return run_log(c, a);
    if (args_count(a) != 1)
        return err_new(c->mem, E_USAGE, "Say which study: rapport forecast CODE. Without a database: rapport forecast --log FILE.csv --target N.");
    return run_study(c, a);
}
