/* lines.c: a pasted list, read line by line. See lines.h. */
#include "features/ownwork/lines.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { TOKENS = 5, BACK = 366, AHEAD = 36525, LINE = 1000 };

/* ---- days ---- */

struct token {
    int64_t number; /* -1: a word */
    char word[16];
    size_t digits;
};

/* Numbers and words of a date; false when there are more than a date has. */
static bool
tokens_of(const char *s, struct token t[static TOKENS], size_t *ret_n)
{
    size_t n = 0;
    while (*s) {
        if (!isalnum((unsigned char)*s)) {
            if (!strchr(" .,/-\t", *s))
                return false;
            s++;
            continue;
        }
        if (n == TOKENS)
            return false;
        size_t len = 0;
        bool number = isdigit((unsigned char)*s);
        while (number ? isdigit((unsigned char)s[len]) : isalpha((unsigned char)s[len]))
            len++;
        if (len >= sizeof t[n].word)
            return false;
        memcpy(t[n].word, s, len);
        t[n].word[len] = '\0';
        t[n].digits = number ? len : 0;
        if (!number || !str_int(t[n].word, &t[n].number))
            t[n].number = -1;
        n++;
        s += len;
    }
    *ret_n = n;
    return true;
}

/* The place of a word in a list, by its first three letters or whole; -1. */
static int
named(const char *word, const char *const *names, int n)
{
    size_t len = strlen(word);
    for (int i = 0; i < n; i++) {
        if (len >= 3 && len <= strlen(names[i]) && strncasecmp(word, names[i], len) == 0)
            return i;
    }
    return -1;
}

static int
month_of(const struct token *t)
{
    static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july", "august",
                                         "september", "october", "november", "december"};
    return t->number >= 0 ? -1 : strcasecmp(t->word, "sept") == 0 ? 9 : named(t->word, months, 12) + 1;
}

static bool
is_weekday(const struct token *t)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    return t->number < 0 && named(t->word, days, 7) >= 0;
}

static bool
full_year(const struct token *t, int *ret)
{
    if (t->number < 0 || (t->digits != 2 && t->digits != 4))
        return false;
    *ret = (int)t->number + (t->digits == 2 ? 2000 : 0);
    return true;
}

/* The next such day, from today on. */
static bool
next_such(int month, int day, int32_t today, int32_t *ret)
{
    int year, m, d;
    date_to_civil(today, &year, &m, &d);
    for (int i = 0; i < 9; i++) { /* 29 February may take eight years */
        if (date_from_civil(year + i, month, day, ret) && *ret >= today)
            return true;
    }
    return false;
}

bool
lines_day(struct arena *a, const char *text, int32_t today, int32_t *ret)
{
    struct token all[TOKENS], *t = all;
    size_t n;
    int year, month;
    if (!tokens_of(str_trim(a, text), all, &n) || n == 0)
        return false;
    if (n == 1 && strcasecmp(t->word, "today") == 0)
        return *ret = today, true;
    if (n == 1 && strcasecmp(t->word, "tomorrow") == 0)
        return *ret = today + 1, true;
    if (is_weekday(t))
        t++, n--;
    if (n < 2 || n > 3)
        return false;
    if (n == 3 && t[0].digits == 4 && t[1].number > 0 && t[2].number > 0)
        return date_from_civil((int)t[0].number, (int)t[1].number, (int)t[2].number, ret);
    if (t[0].number < 0 && (month = month_of(&t[0])) > 0) { /* Dec 1 */
        struct token swap = t[0];
        t[0] = t[1];
        t[1] = swap;
    }
    month = t[1].number >= 0 ? (int)(t[1].number > 12 ? 0 : t[1].number) : month_of(&t[1]);
    if (t[0].number < 1 || t[0].digits > 2 || month < 1)
        return false;
    if (n == 2)
        return next_such(month, (int)t[0].number, today, ret);
    return full_year(&t[2], &year) && date_from_civil(year, month, (int)t[0].number, ret);
}

/* ---- lines ---- */

static char
separator_of(const char *line)
{
    static const char all[] = "\t;|,";
    for (const char *s = all; *s; s++) {
        if (strchr(line, *s))
            return *s;
    }
    return ';';
}

static const char *
without_bullet(const char *s)
{
    if ((s[0] == '-' || s[0] == '*') && s[1] == ' ')
        return s + 2;
    return strncmp(s, "\xE2\x80\xA2", 3) == 0 ? s + 3 : s; /* a round one */
}

static bool
is_heading(char **part, size_t n)
{
    static const char *const words[] = {"day", "date", "due", "by when", "when", "due date"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (n > 1 && strcasecmp(part[n - 1], words[i]) == 0)
            return true;
    }
    return false;
}

static const char *
joined(struct arena *a, char **part, size_t n, char sep)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i == 0 ? "" : sep == ',' ? ", " : " ", part[i]);
    return str_squeeze(a, buf_text(&b));
}

static const char *
why_refused(struct arena *a, const struct own_line *x, bool dated, int32_t day, int32_t today)
{
    if (!dated)
        return "No day was found at its end. Write it as 2026-12-01 or 1 Dec 2026.";
    if (str_empty(x->what))
        return "It does not say what is due.";
    if (utf8_length(x->what) > LINES_WHAT)
        return arena_printf(a, "What is due is longer than %d letters.", LINES_WHAT);
    if (x->who && utf8_length(x->who) > LINES_WHO)
        return arena_printf(a, "Who asks is longer than %d letters.", LINES_WHO);
    if (day < today - BACK)
        return "Its day is over since more than a year.";
    return day > today + AHEAD ? "Its day is more than a hundred years away." : NULL;
}

static void
read_line(struct arena *a, const char *line, int32_t today, struct own_line *x)
{
    char iso[DATE_TEXT], sep = separator_of(line);
    int32_t day = 0;
    size_t n;
    char **part = str_split(a, line, sep, &n);
    for (size_t i = 0; i < n; i++)
        part[i] = str_trim(a, part[i]);
    while (n > 1 && !*part[n - 1])
        n--;
    bool dated = n > 1 && lines_day(a, part[n - 1], today, &day);
    if (!dated && sep == ',' && n > 2) { /* Dec 1, 2026 */
        const char *two = arena_printf(a, "%s %s", part[n - 2], part[n - 1]);
        dated = lines_day(a, two, today, &day);
        n -= dated;
    }
    size_t texts = dated ? n - 1 : n;
    x->who = texts > 1 ? str_or(str_squeeze(a, part[texts - 1]), NULL) : NULL;
    x->what = joined(a, part, texts > 1 ? texts - 1 : texts, sep);
    x->refused = why_refused(a, x, dated, day, today);
    if (!dated)
        return;
    date_iso(day, iso);
    x->day = arena_strdup(a, iso);
    x->uid = arena_printf(a, "%s\n%s\n%s", utf8_fold(a, x->what), str_or(x->who, ""), x->day);
}

/* The line before that says the same, or 0. */
static int
stands_before(const struct own_line *list, size_t n, const struct own_line *x)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(list[i].uid, x->uid) && x->uid)
            return list[i].number;
    }
    return 0;
}

err_t
lines_read(struct arena *a, const char *text, int32_t today, struct own_line **ret, size_t *ret_n)
{
    size_t n_lines, n = 0, n_parts;
    char **line = str_split(a, text, '\n', &n_lines);
    struct own_line *list = arena_alloc(a, LINES_MOST * sizeof *list);
    for (size_t i = 0; i < n_lines; i++) {
        const char *s = str_trim(a, without_bullet(str_trim(a, line[i])));
        if (!*s || *s == '#')
            continue;
        char **part = str_split(a, s, separator_of(s), &n_parts);
        for (size_t k = 0; k < n_parts; k++)
            part[k] = str_trim(a, part[k]);
        if (n == 0 && is_heading(part, n_parts))
            continue;
        if (n == LINES_MOST)
            return err_field(a, E_TOO_LARGE, "text", "At most %d lines can be taken at once.", LINES_MOST);
        struct own_line x = {.number = (int)i + 1, .text = str_short(a, s, 120)};
        if (strlen(s) > LINE)
            x.refused = "It is too long for one line.";
        else
            read_line(a, s, today, &x);
        int before = x.refused ? 0 : stands_before(list, n, &x);
        if (before)
            x.refused = arena_printf(a, "It says the same as line %d.", before);
        list[n++] = x;
    }
    *ret = list;
    *ret_n = n;
    return NULL;
}
