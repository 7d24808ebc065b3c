/* dates_scan.c: see dates_scan.h. */
#include "features/recruitment/dates_scan.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 60 }; /* bytes of a text that can be a date */

/* Names and short forms of months, folded, in en de fr es it pt nl. */
static const char *const months[12] = {
    "jan january januar janner jaenner janvier janv enero ene gennaio gen janeiro januari",
    "feb february februar febr fevrier fevr fev febrero febbraio fevereiro februari",
    "mar march marz maerz mrz mars marzo marco mrt maart",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august aout aou agosto ago augustus",
    "sep sept september septembre septiembre setiembre set settembre sett setembro",
    "oct october okt oktober octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre diciembre dic dicembre dezembro",
};

/* Words between and after the numbers that say nothing. */
static const char fillers[] =
    "st nd rd th er re e o a ste te de del di do of the den der le el il am";

/* What stands for a part that is not known. */
static const char unknowns[] = "un unk nk uk xx xxx";

static bool
in_list(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n) {
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    }
    return false;
}

/* How much of the text is date: up to a time of day, or all. -1: a tail that is no time. */
static int
date_length(const char *text)
{
    const char *colon = strchr(text, ':');
    if (!colon)
        return (int)strlen(text);
    if (colon[strspn(colon, "0123456789:.,+-zZ aApPmMuUtTcC")])
        return -1;
    const char *hour = colon;
    while (hour > text && isdigit((unsigned char)hour[-1]))
        hour--;
    if (colon - hour > 2)
        return (int)(colon - text); /* 12MAR2024:14:30 */
    if (hour == text || hour == colon || !strchr("tT ", hour[-1]))
        return -1;
    return (int)(hour - 1 - text);
}

/* A word as a token; false when it means nothing in a date. A filler leaves `ret_n` as it is. */
static bool
take_word(struct arena *a, const char *s, size_t n, struct dates_token *ret, size_t *ret_n)
{
    const char *word = utf8_fold(a, arena_strndup(a, s, n));
    if (!*word || in_list(fillers, word))
        return true;
    if (*ret_n == DATES_TOKENS)
        return false;
    if (in_list(unknowns, word)) {
        ret[(*ret_n)++].kind = DATES_UNKNOWN;
        return true;
    }
    for (int m = 0; m < 12; m++) {
        if (in_list(months[m], word)) {
            ret[*ret_n].kind = DATES_MONTH_NAME;
            ret[(*ret_n)++].value = m + 1;
            return true;
        }
    }
    return false;
}

static bool
take_number(const char *s, size_t n, struct dates_token *ret, size_t *ret_n)
{
    if (n > 8 || *ret_n == DATES_TOKENS)
        return false;
    struct dates_token *t = &ret[(*ret_n)++];
    t->kind = DATES_NUMBER;
    t->digits = (int)n;
    t->value = 0;
    for (size_t i = 0; i < n; i++)
        t->value = t->value * 10 + (s[i] - '0');
    return true;
}

static bool
is_letter(unsigned char c)
{
    return isalpha(c) || c >= 0x80;
}

static bool
scan(struct arena *a, const char *p, const char *end, struct dates_token *ret, size_t *ret_n)
{
    char before = ' ';
    while (p < end) {
        const char *from = p;
        size_t had = *ret_n;
        if (isdigit((unsigned char)*p)) {
            while (p < end && isdigit((unsigned char)*p))
                p++;
            if (!take_number(from, (size_t)(p - from), ret, ret_n))
                return false;
        } else if (is_letter((unsigned char)*p)) {
            while (p < end && is_letter((unsigned char)*p))
                p++;
            if (!take_word(a, from, (size_t)(p - from), ret, ret_n))
                return false;
        } else if (strchr(" -/.,'\t_", *p)) {
            before = *p == ' ' || *p == '\t' || *p == ',' ? before : *p;
            p++;
            continue;
        } else {
            return false;
        }
        if (*ret_n > had) {
            ret[had].before = before;
            before = ' ';
        }
    }
    return true;
}

bool
dates_scan(struct arena *a, const char *text, struct dates_token ret[static DATES_TOKENS],
           size_t *ret_n)
{
    *ret_n = 0;
    while (isspace((unsigned char)*text))
        text++;
    if (strlen(text) > LONGEST || !strpbrk(text, "0123456789") || *text == '-' || *text == '.')
        return false;
    int n = date_length(text);
    if (n <= 0)
        return false;
    struct arena_mark mark = arena_save(a);
    bool ok = scan(a, text, text + n, ret, ret_n);
    arena_restore(a, mark);
    return ok && *ret_n > 0;
}
