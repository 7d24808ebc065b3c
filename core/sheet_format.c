/* sheet_format.c: see sheet_format.h. */
#include "core/sheet_format.h"

#include "base/arena.h"
#include "base/str.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* 1899-12-30 and 1904-01-01 as days since 1970. Excel holds 1900 for a leap year, so serials from
 * 61 (1900-03-01) count from 1899-12-30, those before 60 from the day after it, and 60 is no day.
 */
enum { EPOCH_1900 = -25569, EPOCH_1904 = -24107, SERIAL_MAX = 2958465, NO_LEAP_DAY = 60 };

/* What one section of a format code is made of. */
struct parts {
    bool day, year, hour, second, elapsed;
    bool months;  /* an m that means months */
    bool minutes; /* an m that means minutes */
    bool other;   /* a digit place or sign other than 0 */
    int zeros;
    struct buf before, after;
};

static void
literal(struct parts *p, const char *s, size_t n)
{
    buf_add(p->zeros ? &p->after : &p->before, s, n);
}

/* Whether the next letter that means something is a seconds' s: then an m before it is minutes. */
static bool
seconds_follow(const char *s)
{
    while (*s && *s != ';' && !isalpha((unsigned char)*s))
        s++;
    return *s == 's' || *s == 'S';
}

/* Passes over quoted text, escapes, fill characters, brackets and AM/PM; NULL when `s` is none. */
static const char *
skip_fixed(struct parts *p, const char *s)
{
    if (*s == '"') {
        const char *end = strchr(s + 1, '"');
        end = end ? end : s + strlen(s);
        literal(p, s + 1, (size_t)(end - s - 1));
        return *end ? end + 1 : end;
    }
    if (*s == '\\' || *s == '_' || *s == '*') {
        if (*s == '\\' && s[1])
            literal(p, s + 1, 1);
        return s[1] ? s + 2 : s + 1;
    }
    if (*s == '[') {
        const char *end = strchr(s, ']');
        char c = (char)tolower((unsigned char)s[1]);
        if (end && (c == 'h' || c == 'm' || c == 's') && (s[2] == ']' || s[2] == s[1]))
            p->elapsed = true;
        return end ? end + 1 : s + strlen(s);
    }
    if (strncasecmp(s, "am/pm", 5) == 0)
        return s + 5;
    if (strncasecmp(s, "a/p", 3) == 0)
        return s + 3;
    if (strncasecmp(s, "general", 7) == 0) {
        p->other = true;
        return s + 7;
    }
    return NULL;
}

static void
take_parts(const char *code, struct parts *p)
{
    char last = 0; /* the last date letter seen */
    for (const char *s = code; *s && *s != ';';) {
        const char *past = skip_fixed(p, s);
        if (past) {
            s = past;
            continue;
        }
        char c = (char)tolower((unsigned char)*s);
        p->day |= c == 'd';
        p->year |= c == 'y';
        p->hour |= c == 'h';
        p->second |= c == 's';
        if (c == 'm' && last != 'm') {
            size_t run = strspn(s, "mM");
            bool minutes = run <= 2 && (last == 'h' || p->elapsed || seconds_follow(s + run));
            p->minutes |= minutes;
            p->months |= !minutes;
        }
        p->zeros += c == '0';
        p->other |= strchr("#?.%@eE,/", c) != NULL;
        if (c == '-' || c == ' ')
            literal(p, s, 1);
        if (strchr("dyhms", c))
            last = c;
        s++;
    }
}

static struct sheet_format_code
from_code(struct arena *a, const char *code)
{
    struct parts p = {0};
    buf_init(&p.before, a);
    buf_init(&p.after, a);
    take_parts(code, &p);
    struct sheet_format_code f = {.before = "", .after = ""};
    if (p.day || p.year || p.months) {
        f.kind = SHEET_FORMAT_DATE;
        f.shows_day = p.day;
        f.shows_month = p.months || !p.year;
    } else if (!p.elapsed && (p.hour || p.second || p.minutes)) {
        f.kind = SHEET_FORMAT_TIME;
        f.shows_day = f.shows_month = true;
    } else if (p.zeros > 1 && p.zeros <= 15 && !p.other && !p.elapsed) {
        f.zeros = p.zeros;
        f.before = buf_text(&p.before);
        f.after = buf_text(&p.after);
    }
    return f;
}

struct sheet_format_code
sheet_format_find(struct arena *a, unsigned id, const char *code)
{
    /* Ids without a code of their own. 27-36 and 50-58 are the dates of East Asian Excels; 46 is
     * [h]:mm:ss, a length of time and so a number. */
    static const struct {
        unsigned from, to;
        const char *code;
    } built_in[] = {{14, 14, "yyyy-mm-dd"}, {15, 15, "d-mmm-yy"},  {16, 16, "d-mmm"},
                    {17, 17, "mmm-yy"},     {18, 21, "h:mm:ss"},   {22, 22, "yyyy-mm-dd h:mm"},
                    {27, 31, "yyyy-mm-dd"}, {32, 35, "h:mm:ss"},   {36, 36, "yyyy-mm-dd"},
                    {45, 45, "mm:ss"},      {46, 46, "[h]:mm:ss"}, {47, 47, "mm:ss.0"},
                    {50, 54, "yyyy-mm-dd"}, {55, 56, "h:mm:ss"},   {57, 58, "yyyy-mm-dd"}};
    for (size_t i = 0; !code && i < sizeof built_in / sizeof *built_in; i++) {
        if (id >= built_in[i].from && id <= built_in[i].to)
            code = built_in[i].code;
    }
    return code ? from_code(a, code) : (struct sheet_format_code){.before = "", .after = ""};
}

static void
show_number(struct arena *a, const struct sheet_format_code *f, double value,
            struct sheet_cell *ret)
{
    char text[64];
    bool whole = value >= 0 && value < 1e15 && value == floor(value);
    if (f->zeros && whole)
        snprintf(text, sizeof text, "%0*.0f", f->zeros, value);
    else
        snprintf(text, sizeof text, "%.15g", value);
    bool dressed = f->zeros && whole && (*f->before || *f->after);
    ret->kind = dressed ? SHEET_TEXT : SHEET_NUMBER;
    ret->text =
        dressed ? arena_printf(a, "%s%s%s", f->before, text, f->after) : arena_strdup(a, text);
}

static const char *
clock_text(struct arena *a, const char *day, int seconds)
{
    if (seconds % 60)
        return arena_printf(a, "%s%02d:%02d:%02d", day, seconds / 3600, seconds / 60 % 60,
                            seconds % 60);
    return arena_printf(a, "%s%02d:%02d", day, seconds / 3600, seconds / 60 % 60);
}

/* Fills a date cell for a day, a time on it and what of it is shown. */
static void
set_day(struct arena *a, int32_t day, int seconds, enum date_precision precision,
        struct sheet_cell *ret)
{
    char iso[DATE_TEXT + 1];
    date_iso(day, iso);
    iso[precision == DATE_YEAR ? 4 : precision == DATE_MONTH ? 7 : 10] = '\0';
    *ret = (struct sheet_cell){.kind = SHEET_DATE, .day = day, .precision = (uint8_t)precision};
    if (seconds > 0 && precision == DATE_DAY) {
        memcpy(iso + 10, " ", 2);
        ret->text = clock_text(a, iso, seconds);
    } else {
        ret->text = arena_strdup(a, iso);
    }
}

/* A format without a day means a month only if the day stored is what Excel stores for a month. */
static enum date_precision
precision_of(const struct sheet_format_code *f, int32_t day)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    if (!f->shows_month && m == 1 && d == 1)
        return DATE_YEAR;
    return !f->shows_day && d == 1 ? DATE_MONTH : DATE_DAY;
}

void
sheet_format_show(struct arena *a, const struct sheet_format_code *f, double value, bool from_1904,
                  struct sheet_cell *ret)
{
    if (f->kind == SHEET_FORMAT_NUMBER || value < 0 || value >= SERIAL_MAX + 1.0) {
        show_number(a, f, value, ret);
        return;
    }
    int32_t serial = (int32_t)value;
    int seconds = (int)lround((value - serial) * 86400);
    if (seconds == 86400) {
        serial++;
        seconds = 0;
    }
    if (serial == 0 && (!from_1904 || f->kind == SHEET_FORMAT_TIME)) {
        ret->kind = SHEET_TEXT;
        ret->text = f->kind == SHEET_FORMAT_TIME ? clock_text(a, "", seconds) : "1900-01-00";
        return;
    }
    if (serial == NO_LEAP_DAY && !from_1904) {
        ret->kind = SHEET_TEXT;
        ret->text = "1900-02-29";
        return;
    }
    int32_t day = from_1904 ? EPOCH_1904 + serial : EPOCH_1900 + serial + (serial < NO_LEAP_DAY);
    int32_t last;
    if (!date_from_civil(9999, 12, 31, &last) || day > last) {
        show_number(a, f, value, ret);
        return;
    }
    set_day(a, day, seconds, precision_of(f, day), ret);
}

bool
sheet_format_iso(struct arena *a, const char *iso, struct sheet_cell *ret)
{
    char day_text[DATE_TEXT] = "";
    int32_t day;
    int h = 0, m = 0, s = 0;
    size_t n = strlen(iso);
    if (n < 10 || (n > 10 && iso[10] != 'T' && iso[10] != ' '))
        return false;
    memcpy(day_text, iso, 10);
    if (!date_parse(day_text, &day))
        return false;
    if (n > 10 && (sscanf(iso + 11, "%2d:%2d:%2d", &h, &m, &s) < 2 || h < 0 || h > 23 || m < 0 ||
                   m > 59 || s < 0 || s > 59))
        return false;
    set_day(a, day, h * 3600 + m * 60 + s, DATE_DAY, ret);
    return true;
}
