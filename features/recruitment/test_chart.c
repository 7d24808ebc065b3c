/* test_chart.c: the recruitment chart: places done by hand, every awkward case, and two thousand
 * random inputs, each read back with an XML parser: well-formed, every number finite and inside
 * the picture, no label over another. */
#include "base/arena.h"
#include "base/date.h"
#include "base/view.h"
#include "core/draw.h"
#include "features/recruitment/chart.h"
#include "features/recruitment/chart_small.h"
#include "features/recruitment/chart_words.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct arena *mem;

static int
setup(void **state)
{
    mem = arena_new(0);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(mem);
    return 0;
}

/* ---- reading a picture back ---- */

struct text_box {
    double x0, y0, x1, y1;
    char *text;
};

struct picture {
    double w, h;
    struct text_box box[80];
    size_t n_box, n_number;
    const char *problem; /* NULL: none */
};

static void
check_number(struct picture *p, double v, double max)
{
    p->n_number++;
    if (!isfinite(v) || v < -.1 || v > max + .11)
        p->problem = arena_printf(mem, "%g is not within 0 and %g", v, max);
}

static double
attr_of(xmlNode *node, const char *name, double otherwise)
{
    xmlChar *s = xmlGetProp(node, (const xmlChar *)name);
    double v = s ? strtod((const char *)s, NULL) : otherwise;
    xmlFree(s);
    return v;
}

static void
check_path(struct picture *p, const char *d)
{
    bool down = false;
    char command = 0;
    while (*d) {
        if (strchr("MLHVZ ", *d)) {
            if (*d != ' ') {
                command = *d;
                down = command == 'V';
            }
            d++;
            continue;
        }
        char *end;
        double v = strtod(d, &end);
        if (end == d) {
            p->problem = arena_printf(mem, "path: %s", d);
            return;
        }
        check_number(p, v, down ? p->h : p->w);
        if (command == 'M' || command == 'L')
            down = !down;
        d = end;
    }
}

static void
check_text(struct picture *p, xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node), *cls = xmlGetProp(node, (const xmlChar *)"class");
    double x = attr_of(node, "x", NAN), y = attr_of(node, "y", NAN);
    double w = draw_text_width((const char *)text, CHART_FONT);
    double left = cls && strstr((char *)cls, "c-mid") ? x - w / 2
                  : cls && strstr((char *)cls, "c-end") ? x - w : x;
    struct text_box b = {left, y - 9, left + w, y + 2, arena_strdup(mem, (char *)text)};
    check_number(p, b.x0, p->w);
    check_number(p, b.x1, p->w);
    check_number(p, b.y0, p->h);
    check_number(p, b.y1, p->h);
    for (size_t i = 0; i < p->n_box; i++) {
        const struct text_box *o = &p->box[i];
        if (b.x0 < o->x1 && o->x0 < b.x1 && b.y0 < o->y1 && o->y0 < b.y1)
            p->problem = arena_printf(mem, "\"%s\" lies over \"%s\"", b.text, o->text);
    }
    assert_true(p->n_box < COUNT(p->box));
    p->box[p->n_box++] = b;
    xmlFree(text);
    xmlFree(cls);
}

static void
check_element(struct picture *p, xmlNode *node)
{
    static const char *const across[] = {"x", "x1", "x2", "cx"}, *const along[] = {"y", "y1", "y2", "cy"};
    const char *name = (const char *)node->name;
    if (xmlHasProp(node, (const xmlChar *)"style"))
        p->problem = "a style attribute";
    if (strcmp(name, "text") == 0) {
        check_text(p, node);
        return;
    }
    for (size_t i = 0; i < COUNT(across); i++) {
        check_number(p, attr_of(node, across[i], 0), p->w);
        check_number(p, attr_of(node, along[i], 0), p->h);
    }
    if (strcmp(name, "rect") == 0) {
        check_number(p, attr_of(node, "x", 0) + attr_of(node, "width", NAN), p->w);
        check_number(p, attr_of(node, "y", 0) + attr_of(node, "height", NAN), p->h);
    }
    xmlChar *d = xmlGetProp(node, (const xmlChar *)"d");
    if (d)
        check_path(p, (const char *)d);
    xmlFree(d);
}

static void
walk(struct picture *p, xmlNode *node)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        check_element(p, node);
        walk(p, node->children);
    }
}

static struct picture
read_back(const char *svg)
{
    struct picture p = {0};
    xmlDoc *doc = xmlReadMemory(svg, (int)strlen(svg), "svg", "UTF-8",
                                XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
    if (!doc) {
        p.problem = "not well-formed";
        return p;
    }
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlChar *box = xmlGetProp(root, (const xmlChar *)"viewBox");
    assert_int_equal(sscanf((const char *)box, "0 0 %lf %lf", &p.w, &p.h), 2);
    xmlFree(box);
    walk(&p, root);
    xmlFreeDoc(doc);
    return p;
}

static const char *
drawn(const struct chart_in *in, enum chart_width width)
{
    struct buf b;
    buf_init(&b, mem);
    chart_draw(&b, in, width);
    return buf_text(&b);
}

static double
data_of(const char *svg, const char *name)
{
    const char *at = strstr(svg, arena_printf(mem, " data-%s=\"", name));
    assert_non_null(at);
    return strtod(strchr(at, '"') + 1, NULL);
}

static int32_t
day(const char *iso)
{
    int32_t d;
    assert_true(date_parse(iso, &d));
    return d;
}

/* ---- a study: 221 of 320 on 18 Nov 2026, as in the design ---- */

static struct chart_in
study(void)
{
    static struct chart_plan plan[2];
    static struct chart_count actual[221];
    static struct chart_band band[2];
    plan[0] = (struct chart_plan){day("2026-01-05"), 0};
    plan[1] = (struct chart_plan){day("2027-01-31"), 320};
    for (int i = 0; i < 221; i++)
        actual[i] = (struct chart_count){day("2026-11-18") - 220 + i, i + 1};
    band[0] = (struct chart_band){day("2027-01-27"), 260, 275, 285, 300, 320};
    band[1] = (struct chart_band){day("2027-05-23"), 320, 360, 400, 440, 500};
    return (struct chart_in){.id = "rc", .target = 320, .cut = day("2026-11-18"), .today = CHART_NONE,
        .first = CHART_NONE, .deadline = CHART_NONE, .plan = plan, .n_plan = 2, .actual = actual,
        .n_actual = 221, .band = band, .n_band = 2, .arrive10 = day("2027-01-27"),
        .arrive50 = day("2027-03-08"), .arrive90 = day("2027-05-23")};
}

static struct chart_in
bare(const char *cut)
{
    return (struct chart_in){.id = "b", .cut = day(cut), .today = CHART_NONE, .first = CHART_NONE,
        .deadline = CHART_NONE, .arrive10 = CHART_NONE, .arrive50 = CHART_NONE,
        .arrive90 = CHART_NONE};
}

static struct chart_in
reached(void)
{
    struct chart_in in = study();
    in.target = 200;
    return in;
}

static struct chart_in
no_plan(void)
{
    struct chart_in in = study();
    in.n_plan = 0;
    return in;
}

static struct chart_in
with_deadline(void)
{
    struct chart_in in = study();
    in.deadline = day("2027-04-30");
    return in;
}

static struct chart_in
deadline_is_plan(void)
{
    struct chart_in in = study();
    in.deadline = day("2027-01-31");
    return in;
}

static struct chart_in
open_end(void)
{
    struct chart_in in = study();
    in.arrive90 = CHART_NEVER;
    return in;
}

static struct chart_in
median_never(void)
{
    struct chart_in in = open_end();
    in.arrive50 = CHART_NEVER;
    return in;
}

static struct chart_in
never(void)
{
    struct chart_in in = median_never();
    in.arrive10 = CHART_NEVER;
    return in;
}

static struct chart_in
no_forecast(void)
{
    struct chart_in in = study();
    in.n_band = 0;
    in.arrive10 = in.arrive50 = in.arrive90 = CHART_NONE;
    return in;
}

static struct chart_in
far_beyond(void)
{
    struct chart_in in = study();
    in.arrive50 = day("2041-03-08");
    in.arrive90 = day("2061-05-23");
    return in;
}

static struct chart_in
nothing(void)
{
    return bare("2026-11-18");
}

static struct chart_in
zero_of_many(void)
{
    struct chart_in in = bare("2026-11-18");
    in.first = in.cut - 20;
    in.target = 20000;
    return in;
}

static struct chart_in
one_enrolled(void)
{
    static struct chart_count one;
    struct chart_in in = bare("2026-11-18");
    one = (struct chart_count){in.cut - 3, 1};
    in.actual = &one;
    in.n_actual = 1;
    in.target = 60;
    return in;
}

static struct chart_in
plan_ended(void)
{
    static struct chart_plan plan[2];
    struct chart_in in = study();
    plan[0] = (struct chart_plan){day("2026-01-05"), 0};
    plan[1] = (struct chart_plan){day("2026-08-01"), 300};
    in.plan = plan;
    return in;
}

static struct chart_in
really_came(void)
{
    static struct chart_count came[2];
    struct chart_in in = study();
    came[0] = (struct chart_count){in.cut + 30, 260};
    came[1] = (struct chart_count){in.cut + 70, 320};
    in.came = came;
    in.n_came = 2;
    return in;
}

static struct chart_in
fifteen_years(void)
{
    static struct chart_count actual[2];
    struct chart_in in = bare("2020-05-05");
    actual[0] = (struct chart_count){day("2008-03-01"), 1};
    actual[1] = (struct chart_count){day("2019-03-01"), 900};
    in.actual = actual;
    in.n_actual = 2;
    in.target = 1100;
    in.today = day("2026-11-23");
    in.deadline = day("2023-01-01");
    return in;
}

/* Words that must, and one that must not, stand in the wide picture. */
static const struct chart_case {
    const char *name;
    struct chart_in (*make)(void);
    const char *has[5], *not;
} cases[] = {
    {"the design", study,
     {">221 today<", ">Target 320<", ">Likely 8 Mar<", ">27 Jan to 23 May<", ">Plan 31 Jan<"},
     "Deadline"},
    {"reached is a fact", reached, {">Reached 28 Oct<", ">Target 200<", ">221 today<"}, "Likely"},
    {"no plan", no_plan, {">Likely 8 Mar<"}, "c-plan"},
    {"a deadline", with_deadline, {">Deadline 30 Apr<", "c-deadline"}, "Plan and"},
    {"plan and deadline", deadline_is_plan, {">Plan and deadline 31 Jan<"}, ">Plan 31 Jan<"},
    {"open end", open_end, {">27 Jan or later<", ">90 in 100 futures<", "c-head"}, "23 May"},
    {"likely not reached", median_never, {">Likely not reached<", ">27 Jan or later<"}, "c-ring"},
    {"never", never, {">Likely not reached<", "c-head"}, "c-ring"},
    {"no forecast", no_forecast, {"There is no forecast yet.", ">Target 320<"}, "c-fan"},
    {"far beyond", far_beyond, {">Likely 8 Mar 2041 →<", " to 23 May 2061<", "c-head"}, "c-ring"},
    {"nothing known", nothing, {">0 today<"}, "c-target"},
    {"none of 20,000", zero_of_many, {">Target 20,000<", ">0 today<", ">20,000<"}, "c-fan"},
    {"one", one_enrolled, {">1 today<"}, "NaN"},
    {"plan ended", plan_ended, {">Plan ends 1 Aug<", "The plan ends on 1 Aug 2026 with 300."}, "c-deadline"},
    {"really came", really_came, {">What really came<", "c-came"}, "NaN"},
    {"fifteen years", fifteen_years, {">900 on 5 May 2020<", ">2012<"}, "today<"},
};

static void
test_cases(void **state)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct chart_case *c = &cases[i];
        struct chart_in in = c->make();
        for (int width = CHART_WIDE; width <= CHART_NARROW; width++) {
            const char *svg = drawn(&in, (enum chart_width)width);
            struct picture p = read_back(svg);
            if (p.problem)
                fail_msg("%s, width %d: %s", c->name, width, p.problem);
            /* what a sentence says stands in both; words of labels are asked of the wide one */
            for (size_t k = 0; k < COUNT(c->has) && c->has[k] && width == CHART_WIDE; k++) {
                if (!strstr(svg, c->has[k]))
                    fail_msg("%s: no %s in %s", c->name, c->has[k], svg);
            }
            if (strstr(svg, c->not))
                fail_msg("%s: has %s", c->name, c->not);
        }
    }
}

static void
test_places_by_hand(void **state)
{
    struct chart_in in = study();
    const char *svg = drawn(&in, CHART_WIDE);
    double l = data_of(svg, "l"), r = data_of(svg, "r"), t = data_of(svg, "t"), b = data_of(svg, "b");
    double top = data_of(svg, "top"), first = data_of(svg, "first"), last = data_of(svg, "last");
    /* the left edge: a whole number of months before the cut, at or before the first point */
    assert_int_equal((int)first, day("2025-12-18"));
    /* the right edge: the 90th percentile and 3 % */
    assert_int_equal((int)last, day("2027-05-23") + (int)ceil((day("2027-05-23") - day("2026-01-05")) * .03));
    assert_true(fabs(data_of(svg, "max") - (last - first) / 30.436875) < 1e-3);
    struct buf dot;
    buf_init(&dot, mem);
    buf_str(&dot, "<circle class=\"c-dot\" cx=\"");
    draw_num(&dot, l + (900 - l - r) * (in.cut - first) / (last - first));
    buf_str(&dot, "\" cy=\"");
    draw_num(&dot, t + (440 - t - b) * (1 - 221 / top));
    if (!strstr(svg, buf_text(&dot)))
        fail_msg("no %s", buf_text(&dot));
    assert_non_null(strstr(svg, "id=\"rc-w-t\""));
    assert_non_null(strstr(drawn(&in, CHART_NARROW), "id=\"rc-n-d\""));
}

static void
test_sentence(void **state)
{
    struct chart_in in = deadline_is_plan();
    assert_string_equal(chart_sentence(mem, &in),
        "The target is 320. 221 enrolled by 18 Nov 2026, 259 planned by then. The plan reaches 320 on "
        "31 Jan 2027. The deadline is 31 Jan 2027. The target is likely reached around 8 Mar 2027; in "
        "80 of 100 futures between 27 Jan 2027 and 23 May 2027.");
    in = reached();
    assert_non_null(strstr(chart_sentence(mem, &in), "The target was reached on 28 Oct 2026."));
    in = never();
    assert_non_null(strstr(chart_sentence(mem, &in), "In fewer than 10 of 100 futures"));
}

static void
test_planned(void **state)
{
    static const struct chart_plan plan[] = {{10, 0}, {20, 5}, {40, 25}};
    static const struct { int32_t day; double n; } want[] = {
        {9, 0}, {10, 0}, {15, 2.5}, {20, 5}, {30, 15}, {40, 25}, {99, 25}};
    for (size_t i = 0; i < COUNT(want); i++)
        assert_true(fabs(chart_planned(plan, 3, want[i].day) - want[i].n) < 1e-9);
    assert_true(chart_planned(NULL, 0, 5) == 0);
}

static const struct view *
row(const struct view *rows, int k)
{
    const struct view *v = view_at(rows, arena_printf(mem, "%d", k));
    assert_non_null(v);
    return v;
}

static void
test_table_by_weeks(void **state)
{
    struct chart_in in = one_enrolled();
    struct chart_band band[] = {{in.cut + 14, 1, 2, 5, 8, 70}};
    in.first = in.cut - 15;
    in.band = band;
    in.n_band = 1;
    in.deadline = in.cut + 30;
    struct view *rows = view_list_new(mem);
    chart_table(rows, &in);
    /* 15 days before the cut: the rows begin three weeks before it */
    assert_int_equal(view_get_int(row(rows, 0), "day"), in.cut - 21);
    assert_int_equal(view_get_int(row(rows, 3), "day"), in.cut);
    assert_string_equal(view_get_text(row(rows, 3), "label"), "18 Nov 2026");
    assert_string_equal(view_get_text(row(rows, 3), "iso"), "2026-11-18");
    assert_int_equal(view_get_int(row(rows, 2), "actual"), 0);
    assert_int_equal(view_get_int(row(rows, 3), "actual"), 1);
    assert_null(view_get(row(rows, 3), "likely"));
    assert_null(view_get(row(rows, 4), "actual"));
    /* halfway to the band: 1, (1 + 5) / 2, and (1 + 70) / 2; at the band no more than the target */
    assert_int_equal(view_get_int(row(rows, 4), "low"), 1);
    assert_int_equal(view_get_int(row(rows, 4), "likely"), 3);
    assert_int_equal(view_get_int(row(rows, 4), "high"), 36);
    assert_int_equal(view_get_int(row(rows, 5), "high"), 60);
    assert_null(view_get(row(rows, 6), "high"));
    assert_null(view_get(row(rows, 6), "plan"));
}

static void
test_table_by_months(void **state)
{
    struct chart_in in = study();
    struct view *rows = view_list_new(mem);
    chart_table(rows, &in);
    assert_int_equal(rows->kids.n, 18); /* 18 Dec 2025 to 18 May 2027 */
    assert_string_equal(view_get_text(row(rows, 0), "iso"), "2025-12-18");
    assert_string_equal(view_get_text(row(rows, 11), "iso"), "2026-11-18");
    assert_int_equal(view_get_int(row(rows, 11), "actual"), 221);
    assert_int_equal(view_get_int(row(rows, 11), "plan"), 259);
    assert_int_equal(view_get_int(row(rows, 17), "plan"), 320);
    in = fifteen_years();
    struct view *years = view_list_new(mem);
    chart_table(years, &in);
    assert_true(years->kids.n > 60 && years->kids.n <= CHART_ROWS);
    assert_int_equal(view_get_int(row(years, (int)years->kids.n - 1), "k"), (int)years->kids.n - 1);
}

/* Points that cannot be are left out, percentiles out of order are lifted: the halves of the way from 1
 * at the cut to the only good point. */
static void
test_wrong_points_are_left_out(void **state)
{
    struct chart_in in = one_enrolled();
    struct chart_band band[] = {{in.cut + 7, 1, 1, NAN, 1, 1}, {in.cut - 7, 9, 9, 9, 9, 9},
        {in.cut + 14, 11, 11, 5, 21, INFINITY}, {in.cut + 14, 11, 11, 5, 8, 21},
        {in.cut + 13, 50, 50, 50, 50, 50}};
    in.band = band;
    in.n_band = COUNT(band);
    struct view *rows = view_list_new(mem);
    chart_table(rows, &in);
    int at = 0;
    while (view_get_int(row(rows, at), "day") <= in.cut)
        at++;
    assert_int_equal(view_get_int(row(rows, at), "low"), 6);
    assert_int_equal(view_get_int(row(rows, at), "likely"), 6); /* 5 is lifted to 11 */
    assert_int_equal(view_get_int(row(rows, at), "high"), 11);
    assert_null(view_get(row(rows, at + 2), "high"));
}

/* A band that runs past the edge is cut there on its own slope: at the edge its top is the target's
 * share of the way. */
static void
test_lines_end_at_the_edge(void **state)
{
    struct chart_in in = one_enrolled();
    in.target = 0;
    in.first = in.cut - 100;
    struct chart_band band[] = {{in.cut + 1000, 1, 1, 1001, 1001, 1001}};
    in.band = band;
    in.n_band = 1;
    const char *svg = drawn(&in, CHART_WIDE);
    double days = data_of(svg, "last") - in.cut, t = data_of(svg, "t"), b = data_of(svg, "b");
    assert_true(days < 1000);
    struct buf end;
    buf_init(&end, mem);
    buf_str(&end, "L");
    draw_num(&end, 900 - data_of(svg, "r"));
    buf_char(&end, ' ');
    draw_num(&end, t + (440 - t - b) * (1 - (1 + days) / data_of(svg, "top")));
    if (!strstr(svg, buf_text(&end)))
        fail_msg("no %s in %s", buf_text(&end), svg);
}

static void
test_text_is_escaped(void **state)
{
    struct chart_words w = chart_words_english;
    w.title = "<script>\"&'";
    w.today = "{n} <b> & \"today\"";
    w.target = "]]> {n} {unknown}";
    struct chart_in in = study();
    in.words = &w;
    in.id = "\"><x y='";
    const char *svg = drawn(&in, CHART_WIDE);
    assert_null(read_back(svg).problem);
    assert_null(strstr(svg, "<script>"));
    assert_null(strstr(svg, "<x"));
    assert_non_null(strstr(svg, "221 &lt;b&gt; &amp; &quot;today&quot;"));
    assert_non_null(strstr(svg, "]]&gt; 320 {unknown}"));
}

/* ---- random input ---- */

static int32_t
any_day(int32_t cut)
{
    static const int32_t odd[] = {CHART_NONE, CHART_NEVER, 0, -800000, 3000000};
    return rand() % 12 ? cut + rand() % 3000 - 1000 : odd[rand() % 5];
}

static double
any_real(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, -10, 0, 1e308, 1e-308};
    return rand() % 8 ? rand() % 4000 / 7.0 : odd[rand() % 7];
}

static int
any_count(void)
{
    static const int odd[] = {INT32_MAX, INT32_MIN, -1, 0, 1000000};
    return rand() % 10 ? rand() % 500 : odd[rand() % 5];
}

/* Days mostly ascending, as they should be. */
static int32_t
next_day(int32_t *at, int32_t cut, int most)
{
    *at += rand() % most;
    return rand() % 20 ? *at : any_day(cut);
}

enum { MOST = 300 };
struct random_study {
    struct chart_plan plan[MOST];
    struct chart_count actual[MOST], came[MOST];
    struct chart_band band[MOST];
    struct chart_in in;
};

static void
fill_random(struct random_study *s, const struct chart_words *words)
{
    int32_t cut = 20000 + rand() % 2000, at = cut - rand() % 4000;
    s->in = (struct chart_in){.id = "r", .cut = rand() % 50 ? cut : any_day(cut),
        .today = rand() % 2 ? CHART_NONE : any_day(cut), .first = any_day(cut),
        .deadline = any_day(cut), .target = rand() % 6 ? rand() % 700 : any_count(),
        .plan = s->plan, .n_plan = rand() % 3 ? (size_t)(rand() % 40) : 0, .actual = s->actual,
        .n_actual = (size_t)(rand() % MOST) / (rand() % 3 ? 1 : 100), .band = s->band,
        .n_band = rand() % 4 ? (size_t)(rand() % 60) : 0, .came = s->came,
        .n_came = rand() % 3 ? 0 : (size_t)(rand() % MOST), .arrive10 = any_day(cut),
        .arrive50 = any_day(cut), .arrive90 = any_day(cut), .words = rand() % 2 ? NULL : words};
    int n = 0, most = 1 + rand() % 20;
    int32_t p = at, c = at, b = cut, k = cut;
    for (size_t i = 0; i < MOST; i++) {
        n += rand() % 4;
        s->plan[i] = (struct chart_plan){next_day(&p, cut, 90), any_real()};
        s->actual[i] = (struct chart_count){next_day(&c, cut, most), rand() % 20 ? n : any_count()};
        s->came[i] = (struct chart_count){next_day(&k, cut, 9), rand() % 20 ? n + 100 : any_count()};
        s->band[i] = (struct chart_band){next_day(&b, cut, 40), any_real(), any_real(), any_real(),
            any_real(), any_real()};
    }
}

static void
check_table(const struct chart_in *in, const char *svg)
{
    struct view *rows = view_list_new(mem);
    chart_table(rows, in);
    assert_true(rows->kids.n >= 1 && rows->kids.n <= CHART_ROWS);
    double first = data_of(svg, "first"), last = data_of(svg, "last"), max = data_of(svg, "max");
    assert_int_equal((int)first, view_get_int(row(rows, 0), "day"));
    for (const struct view_item *i = rows->kids.first; i; i = i->next) {
        double at = (double)view_get_int(&i->value, "day");
        double k = (double)view_get_int(&i->value, "k");
        assert_true(at <= last);
        double off = first + k / max * (last - first) - at; /* where the reader puts it, in days */
        if (fabs(off) > 4)
            fail_msg("row %g is %g days off", k, off);
    }
}

static void
test_random(void **state)
{
    struct chart_words wordy = chart_words_english;
    wordy.likely = "Wahrscheinlich erreicht am {date}";
    wordy.deadline = "Vereinbarter Abschlusstermin am {date}";
    wordy.plan = "Nach dem Plan am {date}";
    wordy.target = "Angestrebt sind insgesamt {n} Teilnehmende";
    wordy.today = "{n} Teilnehmende bis heute eingeschlossen";
    wordy.came = "Was dann wirklich kam";
    struct random_study *s = arena_alloc(mem, sizeof *s);
    size_t numbers = 0, labels = 0;
    for (int i = 0; i < 2000; i++) {
        srand((unsigned)i);
        struct arena_mark mark = arena_save(mem);
        fill_random(s, &wordy);
        for (int width = CHART_WIDE; width <= CHART_NARROW; width++) {
            const char *svg = drawn(&s->in, (enum chart_width)width);
            struct picture p = read_back(svg);
            if (p.problem)
                fail_msg("seed %d, width %d: %s\n%s", i, width, p.problem, svg);
            assert_null(strstr(svg, "nan"));
            assert_null(strstr(svg, "inf\""));
            numbers += p.n_number;
            labels += p.n_box;
            if (width == CHART_WIDE)
                check_table(&s->in, svg);
        }
        arena_restore(mem, mark);
    }
    assert_true(numbers > 100000 && labels > 20000);
}

/* ---- small pictures ---- */

static void
small(struct buf *b, int which, double x, double y, double z, const char *label)
{
    int weeks[12];
    for (int i = 0; i < 12; i++)
        weeks[i] = isfinite(x) && fabs(x) < 1000 ? (int)x * i - 3 : 0;
    struct chart_in in = study();
    in.target = isfinite(z) && fabs(z) < 1e6 ? (int)z : 5;
    switch (which) {
    case 0: draw_meter(b, x, y, "warn", label); break;
    case 1: draw_spark(b, weeks, 12, label); break;
    case 2: chart_small_rank(b, x, y, z, in.target, label); break;
    case 3: chart_small_bullet(b, x, y, z, label); break;
    case 4: chart_small_gap(b, x, y, label); break;
    case 5: chart_small_funnel(b, x, y, label); break;
    case 6: chart_small_rate(b, x, y, z, 3, x, label); break;
    default: chart_small_mini(b, &in, label);
    }
}

static void
test_small_pictures(void **state)
{
    srand(3);
    for (int i = 0; i < 4000; i++) {
        struct arena_mark mark = arena_save(mem);
        struct buf b;
        buf_init(&b, mem);
        small(&b, i % 8, any_real(), any_real(), any_real(), i % 16 < 8 ? "5 <of> \"10\"" : NULL);
        struct picture p = read_back(buf_text(&b));
        if (p.problem)
            fail_msg("small %d, round %d: %s\n%s", i % 8, i, p.problem, buf_text(&b));
        assert_non_null(strstr(buf_text(&b),
            i % 16 < 8 ? "role=\"img\" aria-label=\"5 &lt;of&gt; &quot;10&quot;\"" : "aria-hidden=\"true\""));
        arena_restore(mem, mark);
    }
}

static void
test_small_by_hand(void **state)
{
    static const struct { int which; double x, y, z; const char *has; } small_cases[] = {
        {0, 221, 320, 0, "<rect x=\"0\" y=\"0\" width=\"69.1\" height=\"6\"/>"},
        {0, .001, 320, 0, "<rect x=\"0\" y=\"0\" width=\"2\" height=\"6\"/>"}, /* never as nothing */
        {0, 400, 320, 0, "<rect x=\"0\" y=\"0\" width=\"100\" height=\"6\"/>"},
        {3, 5, 10, 20, "<rect class=\"val\" x=\"0\" y=\"3\" width=\"26\" height=\"8\" rx=\"2\"/>"},
        {3, 5, 10, 20, "<rect class=\"goal\" x=\"51\" y=\"0\" width=\"2\" height=\"14\"/>"},
        {4, -39, 39, 0, "class=\"meter plan\""},
        {4, 30, 39, 0, "class=\"meter\""},
        {6, 0, 1.5, 3, "<circle class=\"mid\" cx=\"52\" cy=\"9\" r=\"3.5\"/>"},
    };
    for (size_t i = 0; i < COUNT(small_cases); i++) {
        struct buf b;
        buf_init(&b, mem);
        small(&b, small_cases[i].which, small_cases[i].x, small_cases[i].y, small_cases[i].z, "x");
        if (!strstr(buf_text(&b), small_cases[i].has))
            fail_msg("%zu: no %s in %s", i, small_cases[i].has, buf_text(&b));
    }
}

static void
test_drawing_helpers(void **state)
{
    static const struct { double max, through; int want; double step; } steps[] = {
        {320, 320, 5, 80}, {200, 200, 5, 40}, {700, 320, 5, 100}, {20000, 20000, 5, 4000},
        {128, 128, 5, 20}, {4, 0, 5, 1}, {1, 1, 5, 1}, {0, 0, 5, 1}, {1100, 1100, 5, 200}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        double got = draw_nice_step(steps[i].max, steps[i].through, steps[i].want);
        if (got != steps[i].step)
            fail_msg("step for %g: %g, not %g", steps[i].max, got, steps[i].step);
    }
    static const struct { double x; const char *text; } numbers[] = {
        {34, "34"}, {-.04, "0"}, {503.24, "503.2"}, {99.96, "100"}, {-3.5, "-3.5"}, {1e7, "10000000"}};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct buf b;
        buf_init(&b, mem);
        draw_num(&b, numbers[i].x);
        assert_string_equal(buf_text(&b), numbers[i].text);
    }
    /* digits are .632 em, a blank .308; two bytes of one letter count once */
    assert_true(fabs(draw_text_width("12 3", 10) - (3 * 6.32 + 3.08)) < 1e-9);
    assert_true(draw_text_width("é", 10) == draw_text_width("ü", 10));
    assert_true(draw_text_width("試", 10) == 10);
    assert_true(draw_share(NAN, 5) == 0 && draw_share(5, 0) == 0 && draw_share(9, 5) == 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawing_helpers), cmocka_unit_test(test_planned),
        cmocka_unit_test(test_cases), cmocka_unit_test(test_places_by_hand),
        cmocka_unit_test(test_sentence), cmocka_unit_test(test_table_by_weeks),
        cmocka_unit_test(test_table_by_months), cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_wrong_points_are_left_out), cmocka_unit_test(test_lines_end_at_the_edge),
        cmocka_unit_test(test_small_by_hand), cmocka_unit_test(test_small_pictures),
        cmocka_unit_test(test_random),
    };
    int failed = cmocka_run_group_tests(tests, setup, teardown);
    xmlCleanupParser();
    return failed;
}
