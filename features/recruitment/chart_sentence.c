/* chart_sentence.c: the chart in whole sentences. See chart.h. */
#include "features/recruitment/chart.h"

#include "base/arena.h"
#include "features/recruitment/chart_data.h"
#include "features/recruitment/chart_words.h"

#include <math.h>

static void
say(struct buf *b, const struct chart_data *d, const char *text, const struct chart_blank *blanks)
{
    if (b->len)
        buf_char(b, ' ');
    buf_str(b, chart_words_fill(d->mem, text, blanks));
}

static const char *
date(const struct chart_data *d, int32_t day)
{
    bool none = day == CHART_NEVER || day == CHART_NONE;
    return none ? "" : chart_words_day(d->mem, d->words, day, true);
}

static void
say_arrival(struct buf *b, const struct chart_data *d)
{
    const struct chart_words *w = d->words;
    if (d->reached != CHART_NONE) {
        say(b, d, w->say_reached, (struct chart_blank[]){{"date", date(d, d->reached)}, {0}});
        return;
    }
    if (!d->forecast) {
        if (d->target && d->n_band == 0)
            say(b, d, w->say_none, (struct chart_blank[]){{0}});
        return;
    }
    const char *text = d->arrive10 == CHART_NEVER   ? w->say_never
                       : d->arrive50 == CHART_NEVER ? w->say_later
                       : d->arrive90 == CHART_NEVER ? w->say_open
                                                    : w->say_likely;
    say(b, d, text, (struct chart_blank[]){{"date", date(d, d->arrive50)},
        {"from", date(d, d->arrive10)}, {"to", date(d, d->arrive90)}, {0}});
}

const char *
chart_sentence(struct arena *a, const struct chart_in *in)
{
    const struct chart_data *d = chart_data_new(a, in);
    const struct chart_words *w = d->words;
    struct buf b;
    buf_init(&b, a);
    if (d->target)
        say(&b, d, w->say_target, (struct chart_blank[]){
            {"n", chart_words_number(a, w, d->target)}, {0}});
    double planned = round(chart_planned(d->plan, d->n_plan, d->cut));
    say(&b, d, d->n_plan ? w->say_planned : w->say_actual, (struct chart_blank[]){
        {"n", chart_words_number(a, w, d->now)}, {"date", date(d, d->cut)},
        {"plan", chart_words_number(a, w, planned)}, {0}});
    if (d->n_plan) {
        double n = d->plan_reaches ? d->target : d->plan[d->n_plan - 1].n;
        say(&b, d, d->plan_reaches ? w->say_plan : w->say_plan_ends, (struct chart_blank[]){
            {"n", chart_words_number(a, w, round(n))}, {"date", date(d, d->plan_end)}, {0}});
    }
    if (d->deadline != CHART_NONE)
        say(&b, d, w->say_deadline, (struct chart_blank[]){{"date", date(d, d->deadline)}, {0}});
    say_arrival(&b, d);
    return buf_text(&b);
}
