/* rows.c: see rows.h. Called by file.c. */
#include "features/queries/rows.h"

#include "base/arena.h"
#include "base/str.h"
#include "features/recruitment/recruitment.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Names of columns as data managers' exports write them, without case, blanks and signs. */
static const struct {
    const char *name, *words, *headers;
} fields[ROWS_FIELDS] = {
    [ROWS_ID] = {"ID", "the query's number", " queryid querynumber queryno querykey queryref queryrepeatkey datapointid qryid discrepancyid id query "},
    [ROWS_SITE] = {"SITE", "site", " site siteid siteno sitenumber sitenum sitename sitecode centre centreid center centerid invsite studysite "},
    [ROWS_SUBJECT] = {"SUBJECT", "subject",
        " subject subjectid subjectname subjectno subjectnumber subjid usubjid patient "
        "patientid patientno participant participantid participantcode "},
    [ROWS_OPENED] = {"OPENED", "opened",
        " opened openedon opendate dateopened created createdon createddate datecreated "
        "creationdate raised raisedon queryopendate queryopened querydate qryopendate "
        "issued issuedate "},
    [ROWS_ANSWERED] = {"ANSWERED", "answered",
        " answered answeredon answerdate dateanswered responded respondedon responsedate "
        "dateresponded queryresponsedate queryanswered qryresponsedate "},
    [ROWS_CLOSED] = {"CLOSED", "closed",
        " closed closedon closedate closeddate dateclosed resolved resolvedon "
        "resolveddate resolutiondate dateresolved queryclosedate queryclosed qryclosedate "},
    [ROWS_STATUS] = {"STATUS", "status", " status querystatus state querystate qrystatus "},
    [ROWS_STUDY] = {"STUDY", "study", " study studyid studyname protocol protocolname protocolid protocolnumber "},
};
static const char *const states[] = {"open", "answered", "closed"};

const char *
rows_field_name(enum rows_field f)
{
    return fields[f].name;
}

const char *
rows_field_words(enum rows_field f)
{
    return fields[f].words;
}

const char *
rows_state_name(enum rows_state s)
{
    return states[s];
}

static const char *
plain(struct arena *a, const char *text)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *p = text; *p; p++) {
        if (isalnum((unsigned char)*p))
            buf_char(&b, (char)tolower((unsigned char)*p));
    }
    return buf_text(&b);
}

/* ---- columns ---- */

static err_t
take(struct arena *a, struct rows_columns *k, enum rows_field f, int column, const char *header)
{
    if (k->at[f] >= 0)
        return err_field(a, E_BAD_INPUT, "map", "It is not clear which column is %s: %s or %s. Say it: %s=COLUMN.", fields[f].words, k->header[f], header, fields[f].name);
    k->at[f] = column;
    k->header[f] = header;
    return NULL;
}

static err_t
mapped(struct arena *a, const struct sheet_row *head, const char *pair, struct rows_columns *k, bool said[ROWS_FIELDS])
{
    const char *is = strchr(pair, '=');
    for (int f = 0; f < ROWS_FIELDS; f++) {
        if (!is || strlen(fields[f].name) != (size_t)(is - pair) || strncmp(fields[f].name, pair, (size_t)(is - pair)) != 0)
            continue;
        said[f] = true;
        for (uint32_t i = 0; i < head->n; i++) {
            if (is[1] && strcmp(plain(a, head->cells[i].text), plain(a, is + 1)) == 0)
                return take(a, k, (enum rows_field)f, (int)i, head->cells[i].text);
        }
        return is[1] ? err_field(a, E_BAD_INPUT, "map", "The file has no column %s.", is + 1) : NULL;
    }
    return err_field(a, E_BAD_INPUT, "map", "%s is not understood. Say FIELD=COLUMN with ID, SITE, SUBJECT, OPENED, ANSWERED, CLOSED, STATUS or STUDY.", pair);
}

err_t
rows_find(struct arena *a, const struct sheet *s, const char *const *map, size_t n_map, struct rows_columns *ret)
{
    struct rows_columns k;
    bool said[ROWS_FIELDS] = {false};
    if (!s->has_table)
        return err_field(a, E_BAD_INPUT, "file", "There is no table in this file: a row of column names, and rows beneath.");
    const struct sheet_row *head = &s->rows[s->header];
    for (int f = 0; f < ROWS_FIELDS; f++) {
        k.at[f] = -1;
        k.header[f] = NULL;
    }
    for (size_t i = 0; i < n_map; i++)
        TRY(mapped(a, head, map[i], &k, said));
    for (uint32_t i = 0; i < head->n; i++) {
        const char *name = arena_printf(a, " %s ", plain(a, head->cells[i].text));
        for (int f = 0; f < ROWS_FIELDS; f++) {
            if (!said[f] && name[2] && strstr(fields[f].headers, name))
                TRY(take(a, &k, (enum rows_field)f, (int)i, head->cells[i].text));
        }
    }
    if (k.at[ROWS_ID] < 0 || k.at[ROWS_OPENED] < 0 || (k.at[ROWS_SITE] < 0 && k.at[ROWS_SUBJECT] < 0))
        return err_field(a, E_BAD_INPUT, "map", "The file needs a column of the query's number (ID), of the day it was opened (OPENED), and of the site or the subject "
                         "(SITE, SUBJECT). Say which they are: FIELD=COLUMN.");
    *ret = k;
    return NULL;
}

const char *
rows_cell(struct arena *a, const struct rows_columns *k, const struct sheet_row *row, enum rows_field f)
{
    static const char *const nothing[] = {"", "na", "nan", "null", "none"};
    if (k->at[f] < 0)
        return NULL;
    const char *text = str_trim(a, sheet_cell(row, (size_t)k->at[f])->text), *bare = plain(a, text);
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        if (strcmp(bare, nothing[i]) == 0)
            return NULL;
    }
    return text;
}

/* ---- days ---- */

err_t
rows_order(struct arena *a, const struct sheet *s, const struct rows_columns *k, int32_t today, const char *said, unsigned *ret)
{
    static const enum rows_field days[] = {ROWS_OPENED, ROWS_ANSWERED, ROWS_CLOSED};
    struct dates_rule rule = {.today = today};
    unsigned set = DATES_ANY;
    bool depends = false;
    if (said) {
        *ret = strcmp(said, "dmy") == 0 ? DATES_DMY : DATES_MDY;
        return NULL;
    }
    for (size_t i = s->header + 1; i < s->n; i++) {
        for (size_t f = 0; f < sizeof days / sizeof *days; f++) {
            const char *text = rows_cell(a, k, &s->rows[i], days[f]);
            unsigned fits = text ? dates_orders(a, text, &rule) : 0;
            if (fits == 0 || fits == DATES_ANY)
                continue;
            depends = true;
            set &= fits;
        }
    }
    if (depends && set != DATES_YMD && set != DATES_DMY && set != DATES_MDY && set != 0)
        return err_field(a, E_BAD_INPUT, "dates", "The days of this file can be read in more than one order. Say which: dmy (31/12/2026) or mdy (12/31/2026).");
    *ret = depends ? set : 0;
    return NULL;
}

static err_t
day_of(struct arena *a, const struct rows_columns *k, const struct sheet_row *row, enum rows_field f, unsigned order, int32_t today, const char **ret)
{
    const char *text = rows_cell(a, k, row, f);
    struct dates_value v;
    char iso[DATE_TEXT];
    *ret = NULL;
    if (!text)
        return NULL;
    err_t e = dates_read(a, text, order, &(struct dates_rule){.today = today}, &v);
    if (e)
        return err_field(a, E_BAD_INPUT, k->header[f], "%s", e->text);
    if (v.precision != DATE_DAY)
        return err_field(a, E_BAD_INPUT, k->header[f], "%s has no day.", text);
    date_iso(v.day, iso);
    *ret = arena_strdup(a, iso);
    return NULL;
}

/* ---- a row ---- */

static bool
state_of(const char *bare, enum rows_state *ret)
{
    static const struct {
        const char *words;
        enum rows_state state;
    } known[] = {
        {" open opened new reopened reissued candidate outstanding ", ROWS_IS_OPEN},
        {" answered responded response submitted ", ROWS_IS_ANSWERED},
        {" closed resolved cancelled canceled deleted obsolete ", ROWS_IS_CLOSED},
    };
    char word[80];
    if (snprintf(word, sizeof word, " %s ", bare) >= (int)sizeof word)
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strstr(known[i].words, word)) {
            *ret = known[i].state;
            return true;
        }
    }
    return false;
}

/* What does not fit together in a row. */
static err_t
check(struct arena *a, const struct rows_columns *k, struct rows_query *q)
{
    if (q->answered && strcmp(q->answered, q->opened) < 0)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_ANSWERED], "It was answered (%s) before it was opened (%s).", q->answered, q->opened);
    if (q->closed && strcmp(q->closed, q->opened) < 0)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_CLOSED], "It was closed (%s) before it was opened (%s).", q->closed, q->opened);
    if (q->state == ROWS_IS_ANSWERED && !q->answered)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_STATUS], "It is answered, and no day says when.");
    return NULL;
}

err_t
rows_read(struct arena *a, const struct rows_columns *k, const struct sheet_row *row, unsigned order, int32_t today, struct rows_query *ret)
{
    struct rows_query q = {.id = rows_cell(a, k, row, ROWS_ID), .site = rows_cell(a, k, row, ROWS_SITE), .subject = rows_cell(a, k, row, ROWS_SUBJECT),
                           .study = rows_cell(a, k, row, ROWS_STUDY)};
    const char *status = rows_cell(a, k, row, ROWS_STATUS);
    if (!q.id || strlen(q.id) > 200)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_ID], "The query has no number, or one that is too long.");
    if (!q.site && !q.subject)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_SITE] ? k->header[ROWS_SITE] : k->header[ROWS_SUBJECT], "Neither site nor subject is named.");
    TRY(day_of(a, k, row, ROWS_OPENED, order, today, &q.opened));
    TRY(day_of(a, k, row, ROWS_ANSWERED, order, today, &q.answered));
    TRY(day_of(a, k, row, ROWS_CLOSED, order, today, &q.closed));
    if (!q.opened)
        return err_field(a, E_BAD_INPUT, k->header[ROWS_OPENED], "No day says when it was opened.");
    q.state = q.closed ? ROWS_IS_CLOSED : q.answered ? ROWS_IS_ANSWERED : ROWS_IS_OPEN;
    if (status && !state_of(plain(a, status), &q.state))
        return err_field(a, E_BAD_INPUT, k->header[ROWS_STATUS], "The status %s is not known: open, answered or closed.", status);
    TRY(check(a, k, &q));
    *ret = q;
    return NULL;
}

const char *
rows_since(const struct rows_query *q)
{
    return q->state == ROWS_IS_ANSWERED ? q->answered : q->opened;
}
