/* pages_day.c: My day: everything from me and to me, over all studies, in the order in which to act. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/pages.h"
#include "features/commitments/share.h"
#include "features/studies/studies.h"

#include <string.h>

enum { COUNTED = 1000, SHOWN = 100, WEEK = 7, PLACES = 24 };

/* The groups of the page, in their order. */
enum group { LATE, ASKED, TODAY, THIS_WEEK, LATER, WAITING, GROUPS };
static const struct {
    const char *title, *show; /* the pill that shows it */
    bool hot;
} groups[GROUPS] = {
    [LATE] = {"Later than agreed", "mine", true},
    [ASKED] = {"Asked of you", "mine", false},
    [TODAY] = {"Today", "mine", false},
    [THIS_WEEK] = {"This week", "mine", false},
    [LATER] = {"Later", "later", false},
    [WAITING] = {"Waiting for others", "waiting", false},
};

/* A study whose things are in the queue: one of Rapport's, or one that the site keeps for itself. */
struct place {
    int64_t study, own; /* one of them is 0 */
    size_t n;
};
/* What the address chooses; all zero: everything. */
struct chosen {
    int64_t study, own;
    const char *param; /* "&study=CGD-1989", or "" */
};

struct queue {
    int64_t id[GROUPS][SHOWN];
    size_t n[GROUPS];
    bool more; /* than COUNTED */
    struct place place[PLACES];
    size_t n_places;
};

static enum group
group_of(struct ctx *c, const char *state, const char *next_on)
{
    enum due_state s;
    int32_t day;
    INVARIANT(rules_state_find(state, &s));
    bool dated = date_parse(next_on, &day) && next_on[0] != '9';
    if (s == STATE_ASKED || s == STATE_COUNTERED || s == STATE_MOVE_OWING || s == STATE_MOVE_ASKING)
        return ASKED;
    if (strcmp(next_on, DUE_WAITS) == 0)
        return WAITING;
    if (!dated)
        return LATER;
    /* what was delivered is not late: it waits to be looked at */
    if (day < c->today)
        return s == STATE_DELIVERED ? TODAY : LATE;
    return day == c->today ? TODAY : day < c->today + WEEK ? THIS_WEEK : LATER;
}

static void
put(struct queue *q, enum group g, int64_t id)
{
    if (q->n[g] < SHOWN)
        q->id[g][q->n[g]] = id;
    q->n[g]++;
}

static void
note_place(struct queue *q, int64_t study, int64_t own)
{
    size_t i = 0;
    while (i < q->n_places && (q->place[i].study != study || q->place[i].own != own))
        i++;
    if ((!study && !own) || i == PLACES)
        return;
    if (i == q->n_places)
        q->place[q->n_places++] = (struct place){study, own, 0};
    q->place[i].n++;
}

static bool
wanted(const struct chosen *f, int64_t study, int64_t own)
{
    return (!f->study || f->study == study) && (!f->own || f->own == own);
}

/* Both walks are along an index of this person's own: their cost is that of the queue, not of the
 * database. */
static err_t
load(struct ctx *c, const struct chosen *f, struct queue *q)
{
    struct due_turn_row *mine;
    struct due_other_row *others;
    size_t n, m;
    TRY(db_list(c, &DUE_TURN, DB_IN(db_int(c->who->person), db_text(NULL), db_int_or_null(0, true), db_int(COUNTED + 1)), &mine, &n));
    TRY(db_list(c, &DUE_OTHER, DB_IN(db_int(c->who->person), db_text(NULL), db_int_or_null(0, true), db_int(COUNTED + 1)), &others, &m));
    q->more = n > COUNTED || m > COUNTED;
    for (size_t i = 0; i < n && i < COUNTED; i++) {
        int64_t study = mine[i].study_null ? 0 : mine[i].study, own = mine[i].own_null ? 0 : mine[i].own;
        note_place(q, study, own);
        if (wanted(f, study, own))
            put(q, group_of(c, mine[i].state, mine[i].next_on), mine[i].id);
    }
    for (size_t i = 0; i < m && i < COUNTED; i++) {
        int64_t study = others[i].study_null ? 0 : others[i].study, own = others[i].own_null ? 0 : others[i].own;
        note_place(q, study, own);
        if (wanted(f, study, own))
            put(q, WAITING, others[i].id);
    }
    return NULL;
}

/* ---- one study or all ---- */

static err_t
choose(struct ctx *c, const struct req *r, struct chosen *ret, const char **ret_name)
{
    const char *code = req_query(r, "study"), *own = req_query(r, "own");
    struct due_own_find_row row;
    struct due_own_names_row *name;
    struct thing t = {0};
    bool found;
    size_t n;
    *ret = (struct chosen){.param = ""};
    *ret_name = NULL;
    if (code) {
        TRY(study_resolve(c, code, &t));
        *ret = (struct chosen){.study = t.study, .param = arena_printf(c->mem, "&study=%s", t.study_ref)};
        *ret_name = t.study_ref;
    } else if (own) {
        TRY(db_maybe(c, &DUE_OWN_FIND, DB_IN(db_text(own), db_int(c->who->person)), &row, &found));
        if (!found)
            return err_new(c->mem, E_NOT_FOUND, "There is no such study, or it is not open to you.");
        TRY(db_list(c, &DUE_OWN_NAMES, DB_IN(db_ints(&row.id, 1)), &name, &n));
        *ret = (struct chosen){.own = row.id, .param = arena_printf(c->mem, "&own=%s", name[0].ref)};
        *ret_name = name[0].name;
    }
    return NULL;
}

static size_t
n_of(const struct queue *q, int64_t study, int64_t own)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n_places; i++)
        n += q->place[i].study == study && q->place[i].own == own ? q->place[i].n : 0;
    return n;
}

static struct view *
add_study(struct ctx *c, struct view *list, const char *text, const char *show, const char *param, bool current)
{
    struct view *v = view_add_map(list);
    view_text(v, "text", text);
    view_textf(v, "href", "/my-day?show=%s%s", show, param);
    view_bool(v, "current", current);
    return v;
}

/* The studies in the queue, when there are several: everything, or one of them. */
static err_t
add_studies(struct ctx *c, const struct queue *q, const struct chosen *f, const char *show, struct view *page)
{
    struct due_study_names_row *x = NULL;
    struct due_own_names_row *y = NULL;
    int64_t study[PLACES], own[PLACES];
    size_t n = 0, m = 0, n_x = 0, n_y = 0;
    struct view *list = view_list(page, "studies");
    if (q->n_places < 2)
        return NULL;
    for (size_t i = 0; i < q->n_places; i++) {
        if (q->place[i].study)
            study[n++] = q->place[i].study;
        else
            own[m++] = q->place[i].own;
    }
    if (n)
        TRY(db_list(c, &DUE_STUDY_NAMES, DB_IN(db_ints(study, n)), &x, &n_x));
    if (m)
        TRY(db_list(c, &DUE_OWN_NAMES, DB_IN(db_ints(own, m)), &y, &n_y));
    add_study(c, list, "All studies", show, "", !f->study && !f->own);
    for (size_t i = 0; i < n_x; i++) {
        struct view *v = add_study(c, list, str_or(x[i].acronym, x[i].code), show, arena_printf(c->mem, "&study=%s", x[i].ref), f->study == x[i].id);
        view_int(v, "n", (int64_t)n_of(q, x[i].id, 0));
    }
    for (size_t i = 0; i < n_y; i++) {
        struct view *v = add_study(c, list, y[i].name, show, arena_printf(c->mem, "&own=%s", y[i].ref), f->own == y[i].id);
        view_int(v, "n", (int64_t)n_of(q, 0, y[i].id));
    }
    return NULL;
}

static size_t
count(const struct queue *q, const char *show)
{
    size_t n = 0;
    for (int g = 0; g < GROUPS; g++)
        n += strcmp(groups[g].show, show) == 0 ? q->n[g] : 0;
    return n;
}

static void
add_pill(struct ctx *c, struct view *pills, const struct queue *q, const char *text, const char *show, const char *now, const struct chosen *f)
{
    struct view *v = view_add_map(pills);
    view_text(v, "text", text);
    view_int(v, "n", (int64_t)count(q, show));
    view_textf(v, "href", "/my-day?show=%s%s", show, f->param);
    view_bool(v, "current", strcmp(show, now) == 0);
}

err_t
page_day_count(struct ctx *c, int64_t *ret_n, bool *ret_hot)
{
    enum { MOST = 99 };
    struct due_turn_row *x;
    size_t n;
    TRY(db_list(c, &DUE_TURN, DB_IN(db_int(c->who->person), db_text(NULL), db_int_or_null(0, true), db_int(MOST)), &x, &n));
    *ret_n = 0;
    *ret_hot = false;
    for (size_t i = 0; i < n; i++) {
        enum group g = group_of(c, x[i].state, x[i].next_on);
        *ret_n += g != LATER && g != WAITING;
        *ret_hot |= g == LATE;
    }
    return NULL;
}

/* What it would mean to say yes stands beside each answer. */
static err_t
add_asides(struct ctx *c, const struct due_list_row *x, size_t n, struct view *rows)
{
    int64_t *due = arena_alloc(c->mem, n * sizeof *due);
    const char **words = arena_alloc(c->mem, n * sizeof *words);
    for (size_t i = 0; i < n; i++)
        due[i] = x[i].id;
    TRY(feature_due_asides(c, due, n, words));
    struct view_item *row = rows->kids.first;
    for (size_t i = 0; i < n; i++, row = row->next)
        view_text(&row->value, "aside", words[i]);
    return NULL;
}

static err_t
add_group(struct ctx *c, const struct queue *q, enum group g, struct view *list)
{
    struct due_list_row *x;
    size_t n;
    TRY(line_fetch(c, q->id[g], q->n[g] < SHOWN ? q->n[g] : SHOWN, &x, &n));
    if (n == 0)
        return NULL;
    struct view *v = view_add_map(list), *rows = view_list(v, "rows");
    view_text(v, "title", groups[g].title);
    view_int(v, "n", (int64_t)q->n[g]);
    view_bool(v, "hot", groups[g].hot);
    if (q->n[g] > n)
        view_int(v, "shown", (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        enum due_state s;
        INVARIANT(rules_state_find(x[i].state, &s));
        enum due_side turn = rules_turn(s), other = turn == SIDE_OWING ? SIDE_ASKING : SIDE_OWING;
        line_add(c, &x[i], g == WAITING && !x[i].waits_since ? other : turn, rows);
    }
    return g == ASKED ? add_asides(c, x, n, rows) : NULL;
}

/* What is later than agreed and was told to her, until it is delivered. */
static err_t
add_told(struct ctx *c, struct view *list)
{
    enum { TOLD = 50 };
    struct ladder_told_row *t;
    struct due_list_row *x;
    size_t n, found;
    TRY(db_list(c, &LADDER_TOLD, DB_IN(db_int(c->who->person), db_int(TOLD)), &t, &n));
    int64_t *ids = arena_alloc(c->mem, (n + 1) * sizeof *ids);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct thing at;
        bool owing, asking;
        if (!due_look(c, t[i].id, &at, &owing, &asking))
            ids[kept++] = t[i].id;
    }
    TRY(line_fetch(c, ids, kept, &x, &found));
    if (!found)
        return NULL;
    struct view *v = view_add_map(list), *rows = view_list(v, "rows");
    view_text(v, "title", "Told to you: later than agreed between others");
    view_int(v, "n", (int64_t)found);
    for (size_t i = 0; i < found; i++)
        line_add(c, &x[i], SIDE_NOBODY, rows);
    return NULL;
}

/* What needs those for whom she covers: one walk more for each. */
static err_t
add_covered(struct ctx *c, struct view *list)
{
    enum { COVERED = 5, EACH = 50 };
    struct due_covered *away;
    struct due_turn_row *turn;
    struct due_list_row *x;
    size_t n_away, n, found;
    TRY(due_covered(c, COVERED, &away, &n_away));
    for (size_t k = 0; k < n_away; k++) {
        TRY(db_list(c, &DUE_TURN, DB_IN(db_int(away[k].person), db_text(NULL), db_int_or_null(0, true), db_int(EACH)), &turn, &n));
        int64_t *ids = arena_alloc(c->mem, (n + 1) * sizeof *ids);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            struct thing t;
            bool owing, asking;
            err_t e = due_look(c, turn[i].id, &t, &owing, &asking);
            if (!e && (owing || asking) && group_of(c, turn[i].state, turn[i].next_on) < LATER)
                ids[kept++] = turn[i].id;
        }
        TRY(line_fetch(c, ids, kept, &x, &found));
        if (!found)
            continue;
        struct view *v = view_add_map(list), *rows = view_list(v, "rows");
        view_textf(v, "title", "For %s, until %s", away[k].name, line_day(c, away[k].to_on));
        view_int(v, "n", (int64_t)found);
        for (size_t i = 0; i < found; i++) {
            enum due_state s;
            INVARIANT(rules_state_find(x[i].state, &s));
            line_add(c, &x[i], rules_turn(s), rows);
        }
    }
    return NULL;
}

/* "3 things need you, 1 is later than agreed." */
static const char *
sentence(struct ctx *c, const struct queue *q)
{
    size_t n = count(q, "mine"), late = q->n[LATE];
    struct buf b;
    buf_init(&b, c->mem);
    if (n == 0)
        return q->n[WAITING] ? "Nothing needs you. Others are at it." : "Nothing needs you.";
    buf_printf(&b, n == 1 ? "One thing needs you" : "%zu things need you", n);
    if (late)
        buf_printf(&b, late == 1 ? ", one is later than agreed" : ", %zu are later than agreed", late);
    buf_str(&b, ".");
    return buf_text(&b);
}

static const char *
long_day(struct ctx *c)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    const char *words = date_words(c->mem, c->today, DATE_DAY);
    return arena_printf(c->mem, "%s %.*s", names[date_weekday(c->today)], (int)(strlen(words) - 5), words);
}

static void
add_empty(struct view *page, const char *show, const struct queue *q)
{
    struct view *v = view_map(page, "empty");
    if (strcmp(show, "waiting") == 0) {
        view_text(v, "title", "You wait for nobody");
        view_text(v, "text", "What you ask of others stands here until it is done.");
    } else if (strcmp(show, "later") == 0) {
        view_text(v, "title", "Nothing further ahead");
        view_text(v, "text", "What is due after the next seven days stands here.");
    } else {
        view_text(v, "title", "Nothing needs you");
        view_text(v, "text", q->n[LATER] ? "What is due later waits under Later. Enjoy the quiet."
                                         : "What is asked of you, and what you take on, stands here with its day. Enjoy the quiet.");
    }
}

/* What was done here a moment ago, while it can be taken back. */
static err_t
add_undo(struct ctx *c, const char *ref, struct view *page)
{
    struct due_find_row row;
    struct due_get_row x;
    struct due_undo_get_row undo;
    bool found;
    TRY(db_maybe(c, &DUE_FIND, DB_IN(db_text(ref)), &row, &found));
    if (found)
        TRY(db_maybe(c, &DUE_UNDO_GET, DB_IN(db_int(row.id), db_int(c->who->person), db_time(c->now - DUE_UNDO_US)), &undo, &found));
    if (!found)
        return NULL;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(row.id)), &x));
    struct view *v = view_map(page, "done");
    view_text(v, "ref", x.ref);
    view_textf(v, "title", "%s: done.", x.title);
    return NULL;
}

err_t
page_day(struct ctx *c, struct req *r, struct view *page)
{
    const char *show = str_or(req_query(r, "show"), "mine"), *name;
    struct queue *q = arena_alloc(c->mem, sizeof *q);
    struct chosen f;
    *q = (struct queue){0};
    TRY(choose(c, r, &f, &name));
    TRY(load(c, &f, q));
    view_text(page, "day", long_day(c));
    view_text(page, "sentence", sentence(c, q));
    view_text(page, "study", name);
    struct view *pills = view_list(page, "pills"), *list = view_list(page, "groups");
    add_pill(c, pills, q, "Needs me", "mine", show, &f);
    add_pill(c, pills, q, "Waiting for others", "waiting", show, &f);
    add_pill(c, pills, q, "Later", "later", show, &f);
    TRY(add_studies(c, q, &f, show, page));
    for (int g = 0; g < GROUPS; g++) {
        if (strcmp(groups[g].show, show) == 0)
            TRY(add_group(c, q, (enum group)g, list));
    }
    if (strcmp(show, "mine") == 0 && !f.study && !f.own)
        TRY(add_covered(c, list));
    if (strcmp(show, "mine") == 0 && !f.study && !f.own)
        TRY(add_told(c, list));
    if (list->kids.n == 0)
        add_empty(page, show, q);
    if (req_query(r, "done"))
        TRY(add_undo(c, req_query(r, "done"), page));
    view_bool(page, "more", q->more);
    view_text(page, "show", show);
    return NULL;
}

/* What one asks of oneself: agreed at once, and nobody else's business. */
err_t
page_day_note(struct ctx *c, struct req *r, struct view *page)
{
    struct due_party me = {.person = c->who->person};
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "note", .title = req_form(r, "title"), .owing = me, .asking = me,
                        .due_on = req_form(r, "due_on")};
    int64_t id;
    const char *ref;
    TRY(due_create(c, &d, &id, &ref));
    flash_set(c, r, "It stands in your day.");
    req_redirect(r, "/my-day");
    return NULL;
}
