/* rules.c: see rules.h. */
#include "features/contacts/rules.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum { WORDS = 64 }; /* of a line that are looked at: one bit each */

/* ---- words ---- */

struct word {
    const char *fold;
    bool capital;
    bool first; /* of its sentence */
};

static bool
is_capital(const char *s)
{
    while (*s == '"' || *s == '(' || *s == '\'')
        s++;
    return isupper((unsigned char)*s) || (unsigned char)*s >= 0xC3; /* other scripts have none: all count */
}

/* The piece without what is not the name in "Vaz's" and "Vaz’s,". */
static const char *
without_s(struct arena *a, const char *piece)
{
    static const char *const ends[] = {"'s", "’s"};
    for (size_t i = 0; i < 2; i++) {
        const char *at = strstr(piece, ends[i]);
        if (at && !isalpha((unsigned char)at[strlen(ends[i])]))
            return arena_strndup(a, piece, (size_t)(at - piece));
    }
    return piece;
}

/* Pieces between white space; one like "12/03/2026" gives several words. */
static size_t
words_of(struct arena *a, const char *line, struct word *ret)
{
    size_t n_pieces, n = 0;
    char **piece = str_split(a, str_squeeze(a, line), ' ', &n_pieces);
    bool first = true;
    for (size_t i = 0; i < n_pieces && n < WORDS; i++) {
        size_t parts;
        bool capital = is_capital(piece[i]);
        char **part = str_split(a, utf8_fold(a, without_s(a, piece[i])), ' ', &parts);
        for (size_t k = 0; k < parts && n < WORDS; k++) {
            if (*part[k])
                ret[n++] = (struct word){part[k], capital, first};
        }
        first = str_ends(piece[i], ".") && strlen(piece[i]) > 4; /* not "Dr." */
    }
    return n;
}

static bool
is_one_of(const char *s, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(s, *list) == 0)
            return true;
    }
    return false;
}

/* ---- the way ---- */

static const struct contact_way ways[] = {
    {"call", "call", "phone"},   {"mail", "mail", "mail"},     {"meeting", "meeting", "users"},
    {"video", "video", "users"}, {"letter", "letter", "mail"}, {"note", "note", "message_square"},
};
static const struct {
    const char *said, *way;
} way_words[] = {
    {"called", "call"},   {"call", "call"},      {"phoned", "call"},   {"rang", "call"},    {"telephoned", "call"}, {"spoke", "call"},
    {"telephone", "call"}, {"phone", "call"},    {"mailed", "mail"},   {"emailed", "mail"}, {"mail", "mail"},       {"email", "mail"},
    {"met", "meeting"},   {"saw", "meeting"},    {"visited", "meeting"}, {"meeting", "meeting"}, {"lunch", "meeting"},    {"wrote", "mail"},    {"letter", "letter"},
    {"posted", "letter"}, {"video", "video"},    {"videocall", "video"}, {"webcam", "video"}, {"online", "video"}, {"zoom", "video"}, {"teams", "video"},
};

const struct contact_way *
contact_ways(size_t *ret_n)
{
    *ret_n = sizeof ways / sizeof *ways;
    return ways;
}

const struct contact_way *
contact_way_find(const char *word)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (str_eq(ways[i].word, word))
            return &ways[i];
    }
    return NULL;
}

/* The first that is said; "video call" is by video, wherever it stands. */
static const char *
way_of(const struct word *w, size_t n)
{
    const char *found = NULL;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof way_words / sizeof *way_words; k++) {
            if (strcmp(w[i].fold, way_words[k].said) != 0)
                continue;
            if (strcmp(way_words[k].way, "video") == 0)
                return "video";
            found = found ? found : way_words[k].way;
        }
        if (!found && i + 1 < n && strcmp(w[i].fold, "e") == 0 && str_starts(w[i + 1].fold, "mail"))
            found = "mail";
    }
    return found ? found : "note";
}

/* ---- the day ---- */

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const month_names[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september",
                                          "october", "november", "december"};
static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

static int
month_of(const char *s)
{
    for (int i = 0; i < 12; i++) {
        if (strcmp(s, months[i]) == 0 || strcmp(s, month_names[i]) == 0 || (i == 8 && strcmp(s, "sept") == 0))
            return i + 1;
    }
    return 0;
}

/* "12", "12th"; 0: no day of a month. */
static int
number_of(const char *s, int least, int most)
{
    int x = 0, n = 0;
    while (isdigit((unsigned char)s[n]) && n < 4)
        x = 10 * x + (s[n++] - '0');
    static const char *const ends[] = {"", "st", "nd", "rd", "th", NULL};
    return n && is_one_of(s + n, ends) && x >= least && x <= most ? x : 0;
}

/* The day of a year, or without a year (0) the last one that was. */
static bool
civil(int year, int month, int day, int32_t today, int32_t *ret)
{
    int this_year, m, d;
    date_to_civil(today, &this_year, &m, &d);
    for (int y = year ? year : this_year; y >= (year ? year : this_year - 8); y--) { /* 29 Feb comes in 8 years at most */
        if (month >= 1 && month <= 12 && day >= 1 && day <= date_days_in_month(y, month) && date_from_civil(y, month, day, ret) &&
            *ret <= today)
            return true;
    }
    return false;
}

/* Folding makes "2026-03-12" and "12/03/2026" three words each. `short_day`: "Tue" is a
 * day. `ret_used`: how many words it took. */
static bool
day_at(const struct word *w, size_t n, bool short_day, int32_t today, int32_t *ret, size_t *ret_used)
{
    int a = number_of(w[0].fold, 1, 9999), b = n > 1 ? number_of(w[1].fold, 1, 9999) : 0, c = n > 2 ? number_of(w[2].fold, 1, 9999) : 0;
    *ret_used = 3;
    if (a >= 1000 && b && b <= 12 && c && c <= 31)
        return civil(a, b, c, today, ret);
    if (a && a <= 31 && b && b <= 12 && c >= 1000)
        return civil(c, b, a, today, ret);
    if (a && n > 2 && str_starts(w[1].fold, "day") && strcmp(w[2].fold, "ago") == 0) {
        *ret = today - a;
        return true;
    }
    int month = n > 1 ? month_of(w[1].fold) : 0;
    if (a && a <= 31 && month) {
        *ret_used = c >= 1000 ? 3 : 2;
        return civil(c >= 1000 ? c : 0, month, a, today, ret);
    }
    *ret_used = 1;
    if (strcmp(w[0].fold, "today") == 0 || strcmp(w[0].fold, "yesterday") == 0) {
        *ret = today - (w[0].fold[0] == 'y');
        return true;
    }
    for (int i = 0; i < 7; i++) {
        if (strcmp(w[0].fold, weekdays[i]) == 0 || (short_day && strlen(w[0].fold) == 3 && str_starts(weekdays[i], w[0].fold))) {
            int back = (date_weekday(today) - i + 7) % 7;
            *ret = today - (back ? back : 7);
            return true;
        }
    }
    return false;
}

static void
find_day(const struct word *w, size_t n, int32_t today, struct contact_said *ret)
{
    static const char *const elsewhere[] = {"to", "for", "until", "till", "by", "from", "before", "after", "next", NULL};
    static const char *const before_day[] = {"on", "last", NULL};
    ret->day = today;
    for (size_t i = 0, used = 1; i < n; i += used) {
        int32_t day;
        bool found = day_at(w + i, n - i, i && is_one_of(w[i - 1].fold, before_day), today, &day, &used);
        if (!found)
            used = 1;
        if (!found || (i && is_one_of(w[i - 1].fold, elsewhere)))
            continue;
        ret->day = day;
        ret->day_said = true;
        return;
    }
}

/* ---- people ---- */

/* Parts of names that many have, and names that are words as well: those need their capital. */
static const char *const particles[] = {"dr", "prof", "mr", "mrs", "ms", "de", "da", "do", "dos", "das", "van", "von", "der", "den", "la",
                                        "le", "di", "del", "el", "al", "bin", "md", "phd", NULL};
static const char *const common[] = {"will", "may", "mark", "rose", "grant", "young", "long", "page", "day", "june", "april", "august",
                                     "drew", "bill", "sue", "rich", "frank", "hope", "joy", "grace", "faith", "call", "price", "cook",
                                     "field", "best", "good", "short", "little", "may", "holiday", "summer", "monday", "friday", NULL};

static uint64_t
mask_of(struct arena *a, const struct word *w, size_t n, const char *name)
{
    size_t parts;
    uint64_t mask = 0;
    char **part = str_split(a, utf8_fold(a, name), ' ', &parts);
    for (size_t k = 0; k < parts; k++) {
        if (strlen(part[k]) < 2 || is_one_of(part[k], particles))
            continue;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(w[i].fold, part[k]) != 0 || (is_one_of(part[k], common) && (!w[i].capital || w[i].first)))
                continue;
            mask |= (uint64_t)1 << i;
        }
    }
    return mask;
}

/* Whoever is named by fewer of the same words than another is not meant; who is named by exactly the same
 * words as another may be. */
static uint64_t
find_people(struct arena *a, const struct word *w, size_t n, const struct contact_name *people, size_t n_people, struct contact_said *ret)
{
    uint64_t *mask = arena_alloc(a, (n_people + 1) * sizeof *mask), all = 0;
    for (size_t i = 0; i < n_people; i++)
        all |= mask[i] = mask_of(a, w, n, people[i].name);
    for (size_t i = 0; i < n_people; i++) {
        bool less = !mask[i], same = false;
        for (size_t k = 0; k < n_people; k++) {
            less |= k != i && mask[i] != mask[k] && (mask[i] & mask[k]) == mask[i];
            same |= k != i && mask[i] == mask[k] && people[i].id != people[k].id;
        }
        if (less)
            continue;
        if (same && ret->n_either < CONTACT_WITH)
            ret->either[ret->n_either++] = i;
        else if (!same && ret->n_with < CONTACT_WITH)
            ret->with[ret->n_with++] = i;
    }
    return all;
}

/* "patient Smith", "participant John", "Mrs Brown": a word with a capital, without a digit, and no name of
 * those the line is about. */
static void
find_unknown(struct arena *a, const struct word *w, size_t n, uint64_t known, struct contact_said *ret)
{
    static const char *const before[] = {"patient", "participant", "subject", "volunteer", "mr", "mrs", "ms", "miss", NULL};
    static const char *const skip[] = {"name", "named", "called", "is", "was", NULL};
    for (size_t i = 0; i + 1 < n; i++) {
        if (!is_one_of(w[i].fold, before))
            continue;
        size_t k = i + 1;
        while (k < n && !w[k].capital && is_one_of(w[k].fold, skip))
            k++;
        if (k == n || !w[k].capital || strpbrk(w[k].fold, "0123456789") || strlen(w[k].fold) < 3 || (known >> k & 1))
            continue;
        ret->unknown = arena_printf(a, "%s %s", w[i].fold, w[k].fold);
        return;
    }
}

void
contact_read(struct arena *a, const char *line, int32_t today, const struct contact_name *people, size_t n_people, struct contact_said *ret)
{
    struct word w[WORDS];
    size_t n = words_of(a, line, w);
    struct contact_said said = {0};
    said.way = way_of(w, n);
    find_day(w, n, today, &said);
    find_unknown(a, w, n, find_people(a, w, n, people, n_people, &said), &said);
    *ret = said;
}
