/* commands.c: "import holidays": a country's public holidays from an iCalendar file. */
#include "base/str.h"
#include "core/countries.h"
#include "core/holidays_ics.h"
#include "core/record.h"
#include "features/calendars/pages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct job {
    struct holidays_file file;
    const char *version;
};

static err_t
read_file(struct ctx *c, const char *path, struct holidays_file *f)
{
    FILE *in = fopen(path, "rbe");
    if (!in)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    char *data = arena_alloc(c->mem, HOLIDAYS_ICS_BYTES + 1);
    f->n = fread(data, 1, HOLIDAYS_ICS_BYTES + 1, in);
    bool bad = ferror(in);
    fclose(in);
    if (bad)
        return err_new(c->mem, E_IO, "%s could not be read.", path);
    const char *slash = strrchr(path, '/');
    f->name = slash ? slash + 1 : path;
    f->data = data;
    return NULL;
}

static err_t
work(struct ctx *c, void *arg)
{
    struct job *j = arg;
    TRY(holidays_add(c, &j->file, &j->version, NULL));
    return holidays_use(c, j->file.country, j->version);
}

/* What the file holds, in a few lines. */
static err_t
say_file(struct ctx *c, const struct holidays_file *f, struct buf *b)
{
    struct holidays_ics ics;
    struct calendar k;
    TRY(holidays_ics_read(c->mem, f->name, f->data, f->n, &ics));
    TRY(calendar_make(c->mem, f->weekend, ics.days, ics.n, ics.first_year, ics.last_year, &k));
    buf_printf(b, "Holidays of %s: %zu, %d to %d; %zu of them on days that would be worked. Never worked: %s.\n",
               countries_name(f->country), k.n, k.first_year, k.last_year, k.n_off, calendar_weekend_words(c->mem, f->weekend));
    struct view *v = view_map_new(c->mem);
    pages_empty_years(v, "years", &k);
    for (const struct view_item *i = view_get(v, "years")->kids.first; i; i = i->next)
        buf_printf(b, "No holiday in %lld: is the file whole?\n", (long long)view_get_int(&i->value, "year"));
    if (ics.endless)
        buf_printf(b, "Every day in it returns without end, so it counts for all years up to %d. Days that move, such as Easter, are not in it.\n",
                   HOLIDAYS_ICS_LAST);
    return NULL;
}

static err_t
options(struct ctx *c, const struct args *a, struct holidays_file *f)
{
    const char *country = args_option(a, "--country"), *weekend = args_option(a, "--weekend");
    f->country = country ? countries_code(c->mem, country) : NULL;
    if (!f->country)
        return err_new(c->mem, E_USAGE, country ? "--country: there is no country %s." : "Say --country CODE: whose holidays they are.", country);
    f->weekend = CALENDAR_SAT_SUN;
    if (weekend && !calendar_weekend_parse(weekend, &f->weekend))
        return err_new(c->mem, E_USAGE, "--weekend: say the days that are never worked, such as fri,sat, or none; one day must be left.");
    return NULL;
}

err_t
command_import_holidays(struct ctx *c, const struct args *a)
{
    struct job j = {0};
    struct buf b;
    buf_init(&b, c->mem);
    TRY(options(c, a, &j.file));
    j.file.who = args_who(c->mem);
    TRY(read_file(c, args_at(a, 0), &j.file));
    TRY(say_file(c, &j.file, &b));
    if (args_option(a, "--dry-run")) {
        buf_str(&b, "Nothing was changed.\n");
    } else {
        struct record_work w = {"calendar.import", args_option(a, "--reason"), j.file.who, work, &j};
        TRY(record_transaction(c, &w));
        buf_printf(&b, "In force from now on: %s. Dates that were set before stay as they are.\n", j.version);
    }
    args_print(a, buf_text(&b), b.len);
    return NULL;
}
