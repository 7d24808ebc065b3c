/* fuzz_holidays.c: fuzz target of holiday files: any bytes are read as iCalendar, and what came out is held
 * against what must hold of any file: days within its years, names that are short and valid text, a
 * calendar that can be made and counted with; an error says something and names the file. */
#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/holidays_ics.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void
fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void
check_text(const char *text, size_t most)
{
    if (text && (!*text || !utf8_valid(text, strlen(text)) || utf8_length(text) > most || strchr(text, '\n')))
        fail("a name is empty, long, of several lines or no text");
}

static void
check_days(struct arena *a, const struct holidays_ics *f)
{
    struct calendar k;
    int y, m, d;
    if (!f->n || f->n > HOLIDAYS_ICS_DAYS || f->first_year < HOLIDAYS_ICS_FIRST || f->last_year > HOLIDAYS_ICS_LAST)
        fail("no days, too many, or of other years");
    for (size_t i = 0; i < f->n; i++) {
        date_to_civil(f->days[i].day, &y, &m, &d);
        if (y < f->first_year || y > f->last_year)
            fail("a day lies outside of the years that are known");
        check_text(f->days[i].name, 121);
    }
    if (calendar_make(a, CALENDAR_SAT_SUN, f->days, f->n, f->first_year, f->last_year, &k))
        fail("no calendar can be made of it");
    struct calendar_sum sum;
    if (!calendar_add(&k, k.days[0].day, 100, &sum) || calendar_count(&k, k.days[0].day, sum.day).n != 100)
        fail("counting does not undo adding");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(256 << 20);
    struct holidays_ics f;
    err_t e = holidays_ics_read(a, "x.ics", (const char *)data, size, &f);
    if (e) {
        if (!str_starts(err_line(a, e), "x.ics"))
            fail("an error does not say where");
    } else {
        check_text(f.name, 121);
        check_text(f.note, 401);
        check_days(a, &f);
    }
    arena_free(a);
    return 0;
}
