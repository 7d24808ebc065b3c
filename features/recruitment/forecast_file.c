/* forecast_file.c: see forecast_file.h. A log in any columns becomes the rows the model takes. */
#include "features/recruitment/forecast_file.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "features/recruitment/import.h"

#include <string.h>

/* ---- the log ---- */

static void
add_row(struct enrolment_input *io, const struct place *site, const char *iso, enum enrolment_status status)
{
    struct enrolment_row *row = (struct enrolment_row *)&io->row[io->n_row];
    *row = (struct enrolment_row){.site = str_or(site->v[PLACE_NUMBER], str_or(site->v[PLACE_LABEL], site->v[PLACE_FACILITY])),
                                  .country = str_or(site->v[PLACE_COUNTRY], ""), .status = status};
    if (iso && date_parse_partial(iso, &row->precision, &row->day) && row->precision != DATE_YEAR)
        io->n_row++;
}

static err_t
read_log(struct ctx *c, const struct forecast_files *f, struct enrolment_input *io, struct import_plan **ret)
{
    struct import_plan *p;
    struct import_result x;
    struct matched m;
    struct import_how how = f->log;
    how.kind = IMPORT_LOG;
    how.unkept = true;
    TRY(import_read(c, &how, &p, &x));
    if (x.n_refused)
        return import_refused(c->mem, &x);
    TRY(import_match(c, p, &m));
    io->row = arena_alloc(c->mem, (3 * m.n_people + 1) * sizeof *io->row);
    for (size_t i = 0; i < m.n_people; i++) {
        const struct person *person = &m.people[i];
        const struct place *site = &m.places.v[person->site];
        add_row(io, site, person->v[PERSON_SCREENED], ENROLMENT_SCREENED);
        add_row(io, site, person->v[PERSON_FAILED], ENROLMENT_SCREEN_FAILED);
        add_row(io, site, person->v[person_means(p->means)], ENROLMENT_ENROLLED);
    }
    *ret = p;
    return NULL;
}

/* ---- the sites ---- */

/* As the log calls the site that a list of sites means: by its number, or its name. */
static const char *
label_in_log(struct arena *a, const struct enrolment_input *io, const struct import_site *x)
{
    const char *const names[] = {x->site, x->name};
    for (size_t k = 0; k < 2; k++) {
        const char *fold = names[k] ? utf8_fold(a, names[k]) : "";
        for (size_t i = 0; *fold && i < io->n_row; i++) {
            if (strcmp(io->row[i].site, names[k]) == 0 || strcmp(utf8_fold(a, io->row[i].site), fold) == 0)
                return io->row[i].site;
        }
    }
    return str_or(x->site, x->name);
}

static void
read_day(const char *iso, bool *ret_has, int32_t *ret)
{
    *ret_has = iso && date_parse(iso, ret);
}

/* Its open stretch, or two around a suspension. */
static size_t
add_opening(struct arena *a, const struct enrolment_input *io, const struct import_site *x, struct enrolment_opening *o)
{
    struct enrolment_opening whole = {.site = label_in_log(a, io, x), .country = str_or(x->v[PLACE_COUNTRY], "")};
    int32_t from, to;
    bool paused, resumed;
    read_day(x->v[PLACE_PLANNED], &whole.has_planned, &whole.planned_on);
    read_day(str_or(x->v[PLACE_OPENED], x->v[PLACE_PLANNED]), &whole.has_opens, &whole.opens_on);
    read_day(x->v[PLACE_CLOSED], &whole.has_closed, &whole.closed_on);
    if (x->v[PLACE_CAP])
        str_int(x->v[PLACE_CAP], &whole.cap);
    read_day(x->from, &paused, &from);
    read_day(x->to, &resumed, &to);
    o[0] = whole;
    if (!paused || (whole.has_opens && from <= whole.opens_on))
        return 1;
    o[0].has_closed = true;
    o[0].closed_on = from - 1;
    if (!resumed)
        return 1;
    o[1] = whole;
    o[1].has_opens = true;
    o[1].opens_on = to + 1;
    return 2;
}

static err_t
read_sites(struct ctx *c, const struct forecast_files *f, struct enrolment_input *io)
{
    struct import_plan *p;
    struct import_result x;
    struct import_how how = {.kind = IMPORT_SITES, .data = f->sites, .n = f->n_sites, .order = f->log.order, .unkept = true};
    TRY(import_read(c, &how, &p, &x));
    if (x.n_refused)
        return import_refused(c->mem, &x);
    struct enrolment_opening *o = arena_alloc(c->mem, (2 * p->n_sites + 1) * sizeof *o);
    for (size_t i = 0; i < p->n_sites; i++)
        io->n_opening += add_opening(c->mem, io, &p->sites[i], o + io->n_opening);
    io->opening = o;
    return NULL;
}

/* ---- both ---- */

/* The plain format is read as it is documented; what it cannot be, any table may. */
static bool
is_plain(struct ctx *c, const struct forecast_files *f)
{
    struct enrolment e;
    const struct import_how *h = &f->log;
    bool chosen = h->n_mapping || h->order || h->sheet || h->only || h->site;
    return !chosen && !log_read(c->mem, h->data, h->n, f->sites, f->n_sites, &f->options, &e);
}

/* All rows of the plain format count, whatever study they say they are of: that must be said. */
static err_t
note_studies(struct ctx *c, const struct forecast_files *f, const char *const **ret, size_t *ret_n)
{
    struct import_look look;
    const char **note = arena_alloc(c->mem, sizeof *note);
    struct import_how how = f->log;
    how.unkept = true;
    *ret = note;
    *ret_n = 0;
    if (import_look(c, &how, &look) || look.n_studies < 2)
        return NULL;
    note[(*ret_n)++] = arena_printf(c->mem, "The rows of all %zu studies in the file are counted together. Take one with --only, such as --only \"%s\".",
                                    look.n_studies, look.studies[0].name);
    return NULL;
}

err_t
forecast_files(struct ctx *c, const struct forecast_files *f, struct view **ret, const char *const **ret_notes,
               size_t *ret_n)
{
    struct enrolment_input in = {0};
    struct enrolment *e = arena_alloc(c->mem, sizeof *e);
    struct import_plan *p = NULL;
    TRY(log_options_read(c->mem, &f->options, &in));
    if (is_plain(c, f)) {
        TRY(log_read(c->mem, f->log.data, f->log.n, f->sites, f->n_sites, &f->options, e));
    } else {
        err_t wrong = read_log(c, f, &in, &p);
        if (wrong)
            return err_at(c->mem, wrong, "the log");
        wrong = f->sites ? read_sites(c, f, &in) : NULL;
        if (wrong)
            return err_at(c->mem, wrong, "the sites file");
        if (!enrolment_assemble(c->mem, &in, e))
            return err_at(c->mem, err_new(c->mem, E_BAD_INPUT, "Nobody in it has a date."), "the log");
    }
    TRY(log_forecast_of(c->mem, e, ret));
    if (!p)
        return note_studies(c, f, ret_notes, ret_n);
    *ret_notes = p->notes;
    *ret_n = p->n_notes;
    return NULL;
}
