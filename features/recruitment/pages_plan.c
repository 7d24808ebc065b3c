/* pages_plan.c: targets, the planned curve, and a site's openings, typed by hand. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/recruitment/data.h"
#include "features/recruitment/pages.h"
#include "features/studies/studies.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 360 };

static const char *
number_text(struct arena *a, int64_t n, bool null)
{
    return null ? NULL : arena_printf(a, "%lld", (long long)n);
}

/* ---- targets ---- */

static const char *const means_titles[MEANS_COUNT] = {"consented", "randomised", "treated", "evaluable"};

err_t
page_targets(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct recruit_targets_row x = {.target_null = true, .failure_planned_null = true};
    bool found;
    TRY(study_head(c, t, "recruitment", page));
    TRY(db_maybe(c, &RECRUIT_TARGETS, DB_IN(db_int(t->study)), &x, &found));
    struct view *form = view_map(page, "form");
    view_text(form, "target", number_text(c->mem, x.target, x.target_null));
    view_text(form, "deadline", x.deadline);
    if (!x.failure_planned_null)
        view_textf(form, "failure_planned", "%g", x.failure_planned * 100);
    struct view *options = view_list(page, "means_options");
    for (int i = 0; i < MEANS_COUNT; i++) {
        struct view *o = view_add_map(options);
        view_text(o, "value", means_titles[i]);
        view_bool(o, "selected", found ? str_eq(x.means, means_titles[i]) : i == MEANS_RANDOMISED);
    }
    if (found)
        view_map(page, "reason");
    return NULL;
}

err_t
recruitment_targets(struct ctx *c, const struct target_set *t)
{
    return db_run(c, &RECRUIT_TARGETS_SET,
                  DB_IN(db_int(t->study), db_text(means_word(t->means)), db_int_or_null(t->target, !t->target),
                        db_text(t->deadline), db_null(DB_REAL)),
                  NULL);
}

err_t
page_targets_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct recruit_targets_row x = {.target_null = true, .failure_planned_null = true};
    bool found;
    double failure = 0;
    int64_t target = 0;
    const char *means = req_form(r, "means"), *deadline = req_form(r, "deadline"), *planned = req_form(r, "failure_planned");
    bool has_target = req_form_int(r, "target", &target);
    if (planned && (!str_real(planned, &failure) || failure < 0 || failure >= 100))
        return err_field(c->mem, E_BAD_INPUT, "failure_planned", "Give the planned screen failure in percent, from 0 to 99.");
    TRY(db_maybe(c, &RECRUIT_TARGETS, DB_IN(db_int(t->study)), &x, &found));
    record_about(c, "study", t->study, t->study_ref, t);
    bool any = record_change_gxp(c, "recruitment", t->study_ref, "enrolled means", x.means, means);
    any |= record_change_gxp(c, "recruitment", t->study_ref, "target",
                             number_text(c->mem, x.target, x.target_null), number_text(c->mem, target, !has_target));
    any |= record_change_gxp(c, "recruitment", t->study_ref, "deadline", x.deadline, deadline);
    any |= record_change_gxp(c, "recruitment", t->study_ref, "planned screen failure",
                             x.failure_planned_null ? NULL : arena_printf(c->mem, "%g", x.failure_planned * 100), planned ? arena_printf(c->mem, "%g", failure) : NULL);
    if (any) {
        struct db_val share = db_real(failure / 100);
        share.null = !planned;
        TRY(db_run(c, &RECRUIT_TARGETS_SET,
                   DB_IN(db_int(t->study), db_text(means), db_int_or_null(target, !has_target), db_text(deadline), share), NULL));
        flash_set(c, r, "The targets were saved.");
    }
    req_redirect(r, "/studies/%s/recruitment", t->study_ref);
    return NULL;
}

/* ---- the planned curve ---- */

err_t
page_plan(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct recruit_plan_versions_row *versions;
    struct recruit_plan_points_row *points = NULL;
    size_t n, n_points = 0;
    TRY(study_head(c, t, "recruitment", page));
    TRY(db_list(c, &RECRUIT_PLAN_VERSIONS, DB_IN(db_int(t->study)), &versions, &n));
    struct view *list = view_list(page, "versions");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_int(v, "number", versions[i].number);
        view_bool(v, "baseline", i == 0);
        view_bool(v, "current", i + 1 == n);
        view_text(v, "reason", versions[i].reason);
        view_text(v, "who", versions[i].who);
        view_text(v, "when", date_words(c->mem, tz_day(c->inst->zone, versions[i].created), DATE_DAY));
    }
    struct buf lines;
    buf_init(&lines, c->mem);
    if (n)
        TRY(db_list(c, &RECRUIT_PLAN_POINTS, DB_IN(db_int(t->study), db_int(versions[n - 1].id)), &points, &n_points));
    for (size_t i = 0; i < n_points; i++) {
        buf_printf(&lines, "%.7s %lld", points[i].month_on, (long long)points[i].enrolled);
        if (!points[i].openings_null)
            buf_printf(&lines, " %lld", (long long)points[i].openings);
        buf_char(&lines, '\n');
    }
    view_text(view_map(page, "form"), "points", buf_text(&lines));
    if (n)
        view_map(page, "reason");
    return NULL;
}

struct point {
    char month[DATE_TEXT];
    int64_t enrolled, openings;
    bool has_openings;
};

/* A line "2026-03 40 12": month, planned in all by its end, planned sites open by then. */
static err_t
read_point(struct ctx *c, const char *line, size_t number, const struct point *before, struct point *ret)
{
    size_t n;
    char **word = str_split(c->mem, str_squeeze(c->mem, line), ' ', &n);
    enum date_precision precision;
    int32_t day;
    struct point p = {.has_openings = n > 2};
    if (n < 2 || n > 3 || !date_parse_partial(word[0], &precision, &day) || precision != DATE_MONTH || !str_int(word[1], &p.enrolled) ||
        p.enrolled < 0 || (n > 2 && (!str_int(word[2], &p.openings) || p.openings < 0)))
        return err_field(c->mem, E_BAD_INPUT, "points", "Line %zu: write a month and the planned number, such as 2026-03 40.", number);
    date_iso(day, p.month);
    if (before && strcmp(p.month, before->month) <= 0)
        return err_field(c->mem, E_BAD_INPUT, "points", "Line %zu: the months must follow one another.", number);
    if (before && p.enrolled < before->enrolled)
        return err_field(c->mem, E_BAD_INPUT, "points", "Line %zu: the plan counts all who are enrolled so far; it cannot become less.", number);
    *ret = p;
    return NULL;
}

static err_t
read_points(struct ctx *c, const char *text, struct point *point, size_t *ret_n)
{
    size_t lines, n = 0;
    char **line = str_split(c->mem, str_or(text, ""), '\n', &lines);
    for (size_t i = 0; i < lines; i++) {
        if (!*str_squeeze(c->mem, line[i]))
            continue;
        if (n == POINTS_MOST)
            return err_field(c->mem, E_BAD_INPUT, "points", "A plan has at most %d months.", POINTS_MOST);
        TRY(read_point(c, line[i], i + 1, n ? &point[n - 1] : NULL, &point[n]));
        n++;
    }
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "points", "Write at least one month with the planned number.");
    *ret_n = n;
    return NULL;
}

err_t
recruitment_plan_line(struct ctx *c, int64_t study, int32_t from, int32_t to, int64_t n, const char *reason)
{
    struct recruit_plan_now_row now;
    struct recruit_plan_add_row row;
    bool had;
    TRY(db_maybe(c, &RECRUIT_PLAN_NOW, DB_IN(db_int(study)), &now, &had));
    TRY(db_one(c, &RECRUIT_PLAN_ADD,
               DB_IN(db_int(study), db_int(had ? now.number + 1 : 1), db_text(reason), db_null(DB_INT), db_time(c->now)), &row));
    int y, m, d;
    date_to_civil(from, &y, &m, &d);
    int32_t month = from - d + 1;
    for (int i = 0; i < POINTS_MOST; i++) {
        int32_t end = date_last_day(month, DATE_MONTH);
        double share = end >= to ? 1 : (double)(end - from + 1) / (double)(to - from + 1);
        char iso[DATE_TEXT];
        date_iso(month, iso);
        TRY(db_run(c, &RECRUIT_PLAN_POINT_ADD,
                   DB_IN(db_int(study), db_int(row.id), db_text(iso), db_int((int64_t)(share * (double)n)), db_null(DB_INT)), NULL));
        if (end >= to)
            break;
        month = end + 1;
    }
    return NULL;
}

err_t
page_plan_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct point *point = arena_alloc(c->mem, POINTS_MOST * sizeof *point);
    size_t n = 0;
    TRY(read_points(c, req_form(r, "points"), point, &n));
    struct recruit_plan_now_row now;
    struct recruit_plan_add_row row;
    bool had;
    TRY(db_maybe(c, &RECRUIT_PLAN_NOW, DB_IN(db_int(t->study)), &now, &had));
    const char *reason = req_form(r, "reason");
    record_about(c, "study", t->study, t->study_ref, t);
    record_change_gxp(c, "plan", t->study_ref, "plan", had ? arena_printf(c->mem, "version %lld", (long long)now.number) : NULL,
                      arena_printf(c->mem, "version %lld: %lld by %.7s", (long long)(had ? now.number + 1 : 1), (long long)point[n - 1].enrolled, point[n - 1].month));
    TRY(db_one(c, &RECRUIT_PLAN_ADD, DB_IN(db_int(t->study), db_int(had ? now.number + 1 : 1), db_text(reason), db_int(c->who->person), db_time(c->now)), &row));
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &RECRUIT_PLAN_POINT_ADD,
                   DB_IN(db_int(t->study), db_int(row.id), db_text(point[i].month), db_int(point[i].enrolled),
                         db_int_or_null(point[i].openings, !point[i].has_openings)),
                   NULL));
    flash_set(c, r, "The plan was saved. The earlier one stays.");
    req_redirect(r, "/studies/%s/recruitment", t->study_ref);
    return NULL;
}

/* ---- a site's openings ---- */

static err_t
site_head(struct ctx *c, const struct thing *t, struct view *page)
{
    const char *name;
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    return NULL;
}

err_t
page_opening(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct recruit_site_plan_row x = {.goal_null = true, .cap_null = true};
    struct recruit_site_pauses_row *pauses = NULL;
    bool found;
    size_t n = 0;
    TRY(site_head(c, t, page));
    TRY(db_maybe(c, &RECRUIT_SITE_PLAN, DB_IN(db_int(t->study), db_int(t->study_site)), &x, &found));
    TRY(db_list(c, &RECRUIT_SITE_PAUSES, DB_IN(db_int(t->study), db_int(t->study_site)), &pauses, &n));
    struct view *form = view_map(page, "form");
    view_text(form, "planned_on", x.planned_on);
    view_text(form, "opened_on", x.opened_on);
    view_text(form, "closed_on", x.closed_on);
    view_text(form, "goal", number_text(c->mem, x.goal, x.goal_null));
    view_text(form, "cap", number_text(c->mem, x.cap, x.cap_null));
    view_textf(page, "href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    struct view *list = view_list(page, "pauses");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "from", date_words_iso(c->mem, pauses[i].from_on));
        view_text(v, "to", date_words_iso(c->mem, pauses[i].to_on));
    }
    if (found)
        view_map(page, "reason");
    return NULL;
}

static const char *
site_label(struct ctx *c, const struct thing *t, const char *ref)
{
    return arena_printf(c->mem, "Site %s of %s", ref, t->study_ref);
}

err_t
page_opening_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *ref = req_param(r, "site"), *label = site_label(c, t, ref);
    const char *planned = req_form(r, "planned_on"), *opened = req_form(r, "opened_on"), *closed = req_form(r, "closed_on");
    struct recruit_site_plan_row x = {.goal_null = true, .cap_null = true};
    bool found;
    int64_t goal = 0, cap = 0;
    bool has_goal = req_form_int(r, "goal", &goal), has_cap = req_form_int(r, "cap", &cap);
    if (opened && closed && strcmp(closed, opened) < 0)
        return err_field(c->mem, E_BAD_INPUT, "closed_on", "The site cannot close before it opens.");
    TRY(db_maybe(c, &RECRUIT_SITE_PLAN, DB_IN(db_int(t->study), db_int(t->study_site)), &x, &found));
    record_about(c, "site", t->study_site, ref, t);
    record_also(c, "study", t->study);
    bool any = record_change_gxp(c, "site plan", label, "planned opening", x.planned_on, planned);
    any |= record_change_gxp(c, "site plan", label, "opened", x.opened_on, opened);
    any |= record_change_gxp(c, "site plan", label, "closed", x.closed_on, closed);
    any |= record_change_gxp(c, "site plan", label, "goal", number_text(c->mem, x.goal, x.goal_null), number_text(c->mem, goal, !has_goal));
    any |= record_change_gxp(c, "site plan", label, "cap", number_text(c->mem, x.cap, x.cap_null), number_text(c->mem, cap, !has_cap));
    if (any) {
        TRY(db_run(c, &RECRUIT_SITE_PLAN_SET,
                   DB_IN(db_int(t->study), db_int(t->study_site), db_text(planned), db_text(opened), db_text(closed),
                         db_int_or_null(goal, !has_goal), db_int_or_null(cap, !has_cap)),
                   NULL));
        flash_set(c, r, "The openings were saved.");
    }
    req_redirect(r, "/studies/%s/sites/%s/opening", t->study_ref, ref);
    return NULL;
}

err_t
page_pause_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *ref = req_param(r, "site"), *from = req_form(r, "from"), *to = req_form(r, "to");
    if (to && strcmp(to, from) < 0)
        return err_field(c->mem, E_BAD_INPUT, "to", "The last day is before the first.");
    record_about(c, "site", t->study_site, ref, t);
    record_also(c, "study", t->study);
    record_change(c, "site plan", site_label(c, t, ref), "suspended", NULL, to ? arena_printf(c->mem, "%s to %s", from, to) : arena_printf(c->mem, "from %s", from));
    TRY(db_run(c, &RECRUIT_PAUSE_ADD, DB_IN(db_int(t->study), db_int(t->study_site), db_text(from), db_text(to)), NULL));
    flash_set(c, r, "The suspension was noted.");
    req_redirect(r, "/studies/%s/sites/%s/opening", t->study_ref, ref);
    return NULL;
}

/* ---- who is at a site, by code ---- */

/* A day in words; nothing for one that is still to come, as the forecast's counts have it. */
static const char *
by_today(struct ctx *c, const char *today, const char *iso)
{
    return iso && strcmp(iso, today) <= 0 ? date_words_iso(c->mem, iso) : NULL;
}

err_t
page_site_people(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct recruit_of_site_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(site_head(c, t, page));
    TRY(db_list(c, &RECRUIT_OF_SITE, DB_IN(db_int(t->study), db_int(t->study_site), db_text(today)), &x, &n));
    view_textf(page, "href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "code", str_or(x[i].code, "no code"));
        view_text(v, "screened", by_today(c, today, x[i].screened_on));
        view_text(v, "enrolled", by_today(c, today, x[i].enrolled_on));
        view_text(v, "failed", by_today(c, today, x[i].failed_on));
        view_text(v, "why", x[i].failed_why);
        view_text(v, "left", by_today(c, today, x[i].left_on));
        view_text(v, "status", x[i].enrolled_on && strcmp(x[i].enrolled_on, today) > 0 ? NULL : x[i].status);
    }
    return NULL;
}
