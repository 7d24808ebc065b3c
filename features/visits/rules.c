/* rules.c: see rules.h. Called by the store and the pages of this feature. */
#include "features/visits/rules.h"

#include "base/date.h"
#include "base/str.h"

#include <string.h>

static const struct {
    const char *word, *letters, *words, *tmf;
} kinds[] = {
#define VISIT_KIND(name, word, letters, words, tmf) {word, letters, words, tmf},
#include "features/visits/kinds.def"
#undef VISIT_KIND
};

bool
visit_kind_find(const char *word, enum visit_kind *ret)
{
    for (int k = 0; k < VISIT_KINDS; k++) {
        if (str_eq(kinds[k].word, word)) {
            *ret = (enum visit_kind)k;
            return true;
        }
    }
    return false;
}

const char *
visit_kind_word(enum visit_kind k)
{
    return kinds[k].word;
}

const char *
visit_kind_letters(enum visit_kind k)
{
    return kinds[k].letters;
}

const char *
visit_kind_words(enum visit_kind k)
{
    return kinds[k].words;
}

const char *
visit_kind_tmf(enum visit_kind k)
{
    return kinds[k].tmf;
}

#define K(name) (1U << VISIT_##name)
const struct visit_section_def visit_sections[] = {
#define SECTION(kinds, key, title, hint) {kinds, key, title, hint},
#include "features/visits/sections.def"
#undef SECTION
};
const size_t visit_n_sections = sizeof visit_sections / sizeof *visit_sections;

/* ---- how far ---- */

const char *
visit_path_words(enum visit_path p)
{
    static const char *const words[] = {"Planned", "Date agreed", "Confirmed", "Held", "Report submitted", "Approved and signed", "Letter sent"};
    return words[p];
}

bool
visit_path_done(const struct visit_facts *f, enum visit_path p)
{
    bool closed = str_eq(f->state, "closed"), held = closed || str_eq(f->state, "held");
    switch (p) {
    case PATH_PLANNED:
        return true;
    case PATH_AGREED:
        return held || str_eq(f->state, "agreed");
    case PATH_CONFIRMED:
        return held || f->confirmed;
    case PATH_HELD:
        return held;
    case PATH_SUBMITTED:
        return str_eq(f->report, "submitted") || str_eq(f->report, "approved");
    case PATH_APPROVED:
        return str_eq(f->report, "approved");
    case PATH_LETTER:
        return f->letter_sent;
    case PATH_COUNT:
        break;
    }
    return false;
}

enum visit_path
visit_path_now(const struct visit_facts *f)
{
    for (int p = 0; p < PATH_COUNT; p++) {
        if (!visit_path_done(f, (enum visit_path)p))
            return (enum visit_path)p;
    }
    return PATH_COUNT;
}

/* ---- which site wants a visit most ---- */

static void
say(struct buf *b, const char *text)
{
    if (b->len)
        buf_str(b, ", ");
    buf_str(b, text);
}

double
visit_want_score(struct arena *a, const struct visit_want *w, const char **ret_why)
{
    struct buf b;
    double score = 0;
    buf_init(&b, a);
    if (w->last == VISIT_NEVER) {
        say(&b, "no visit yet");
        score += 1;
    } else {
        int32_t weeks = (w->today - w->last) / 7;
        say(&b, weeks == 1 ? "1 week since the last visit" : arena_printf(a, "%d weeks since the last visit", (int)weeks));
        score += w->weeks > 0 ? (double)weeks / w->weeks : 0;
    }
    if (w->enrolled_since)
        say(&b, arena_printf(a, "%lld enrolled since", (long long)w->enrolled_since));
    if (w->late_findings)
        say(&b, w->late_findings == 1 ? "1 finding late" : arena_printf(a, "%lld findings late", (long long)w->late_findings));
    else if (w->open_findings)
        say(&b, w->open_findings == 1 ? "1 finding open" : arena_printf(a, "%lld findings open", (long long)w->open_findings));
    if (w->planned)
        say(&b, "one is planned");
    score += 0.15 * (double)w->enrolled_since + 0.1 * (double)w->open_findings + 0.3 * (double)w->late_findings;
    *ret_why = buf_text(&b);
    return w->planned ? score / 10 : score;
}

/* ---- what does not agree ---- */

struct checking {
    struct arena *a;
    struct check_line *line;
    size_t n, most;
    bool stops; /* which of the two passes */
};

static void
tell(struct checking *k, bool stops, const char *text)
{
    if (stops == k->stops && k->n < k->most)
        k->line[k->n++] = (struct check_line){stops, text};
}

static void
check_dates(struct checking *k, const struct check_facts *f)
{
    if (f->last < f->first)
        tell(k, true, "The visit ends before it begins. Correct its days.");
    if (f->last > f->today)
        tell(k, true, "The visit ends on a day to come. A report is submitted when the visit is over.");
    if (f->agreed_first != VISIT_NEVER && f->agreed_first != f->first)
        tell(k, false,
             arena_printf(k->a, "The visit was agreed for %s and held on %s. Say why in the section on its purpose.",
                          date_words(k->a, f->agreed_first, DATE_DAY), date_words(k->a, f->first, DATE_DAY)));
}

static void
check_people(struct checking *k, const struct check_facts *f)
{
    size_t at_site = 0;
    if (!f->monitor_there)
        tell(k, true, "The monitor is not among those who were there.");
    for (size_t i = 0; i < f->n_persons; i++) {
        const struct check_person *p = &f->person[i];
        at_site += p->at_site;
        if (!p->at_site || !f->log_kept)
            continue;
        if (!p->on_log)
            tell(k, false, arena_printf(k->a, "%s was there and does not stand on the delegation log of that day.", p->name));
        else if (!p->signed_log)
            tell(k, false, arena_printf(k->a, "%s stands on the delegation log, and the investigator has not signed the line.", p->name));
    }
    if (!at_site)
        tell(k, true, "Nobody of the site is among those who were there.");
    if (at_site && !f->log_kept)
        tell(k, false, "The site does not keep its delegation log here, so that those who were there could not be compared with it.");
}

static void
check_sections(struct checking *k, const struct check_facts *f)
{
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct check_section *s = &f->section[i];
        if (str_empty(s->mark))
            tell(k, true, arena_printf(k->a, "%s: say whether it was reviewed.", s->title));
        else if (str_eq(s->mark, "not_reviewed") && !s->text)
            tell(k, true, arena_printf(k->a, "%s was not reviewed: say why.", s->title));
        else if (str_eq(s->mark, "reviewed") && !s->text)
            tell(k, false, arena_printf(k->a, "%s was reviewed, and nothing is written about it.", s->title));
    }
}

static void
check_findings(struct checking *k, const struct check_facts *f)
{
    for (size_t i = 0; i < f->n_findings; i++) {
        const struct check_finding *x = &f->finding[i];
        if (x->earlier) {
            if (!x->status)
                tell(k, true, arena_printf(k->a, "The earlier finding \u201c%s\u201d has no status: is it done, or still open?", x->title));
            continue;
        }
        if (!x->owner)
            tell(k, true, arena_printf(k->a, "Finding %lld has nobody who sees to it.", (long long)x->n));
        if (x->due == VISIT_NEVER)
            tell(k, true, arena_printf(k->a, "Finding %lld has no day by which it is done.", (long long)x->n));
        else if (x->due < f->last)
            tell(k, true, arena_printf(k->a, "Finding %lld would be due before the visit ended.", (long long)x->n));
    }
}

size_t
visit_check(struct arena *a, const struct check_facts *f, struct check_line *ret, size_t most)
{
    struct checking k = {.a = a, .line = ret, .most = most};
    for (int pass = 0; pass < 2; pass++) {
        k.stops = pass == 0;
        check_dates(&k, f);
        check_people(&k, f);
        check_sections(&k, f);
        check_findings(&k, f);
    }
    return k.n;
}
