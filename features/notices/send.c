/* send.c: see send.h.
 *
 * A mail goes waiting -> sending -> sent or failed, or back to waiting. Who dies while sending leaves it
 * in "sending": nobody knows whether it went, so it is never sent again but shown as failed. */
#include "features/notices/send.h"

#include "base/log.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/notices/letter.h"
#include "features/notices/notices_sql.h"
#include "features/notices/outbox_seal.h"
#include "features/notices/smtp.h"
#include "features/notices/stop.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { MOST = 50, LONGEST_S = 30, JOINED = 20 };
static const int64_t minute = 60 * (int64_t)1000000, day = 86400 * (int64_t)1000000;
static const int pauses[SEND_TRIES] = {0, 1, 5, 30, 120}; /* minutes before try n + 1 */

/* What one try sends: a mail, or all that wait for one address outside. */
struct batch {
    int64_t first;
    bool claimed;
    struct outbox_take_row *row;
    size_t n;
    const char *to;
    enum smtp_result result;
    const char *why;
};

static err_t
end_all(struct ctx *c, const struct batch *b, const char *why)
{
    for (size_t i = 0; i < b->n; i++)
        TRY(db_run(c, &OUTBOX_END, DB_IN(db_text("failed"), db_time(c->now), db_text(why), db_blob(b->row[i].sealed, b->row[i].sealed_len),
                                         db_int(b->row[i].id)), NULL));
    return NULL;
}

/* ---- claiming ---- */

/* Whoever reads there gets one mail a day: the others of that address wait and go together. */
static err_t
hold_back(struct ctx *c, const struct batch *b, bool *ret)
{
    struct outbox_last_row last;
    const struct outbox_take_row *x = &b->row[0];
    TRY(db_one(c, &OUTBOX_LAST, DB_IN(db_blob(x->address_key, x->address_key_len)), &last));
    *ret = last.sending || (!last.sent_null && last.sent + day > c->now);
    if (*ret && !last.sending)
        return db_run(c, &OUTBOX_HOLD, DB_IN(db_blob(x->address_key, x->address_key_len), db_time(last.sent + day)), NULL);
    return NULL;
}

static err_t
address_of(struct ctx *c, struct batch *b)
{
    const struct outbox_take_row *x = &b->row[0];
    if (x->address)
        return outbox_seal_to(c, x->address, x->address_len, &b->to);
    return vault_account(c, x->person, &b->to);
}

static err_t
claim(struct ctx *c, void *arg)
{
    struct batch *b = arg;
    bool held = false, stopped = false;
    b->claimed = false;
    TRY(db_list(c, &OUTBOX_TAKE, DB_IN(db_int(b->first), db_time(c->now), db_int(JOINED)), &b->row, &b->n));
    if (b->n == 0)
        return NULL; /* another process was first */
    if (b->row[0].address_key) {
        TRY(stop_is(c, b->row[0].address_key, &stopped));
        if (!stopped)
            TRY(hold_back(c, b, &held));
    } else {
        TRY(stop_is_person(c, b->row[0].person, &stopped));
    }
    if (held)
        return NULL;
    TRY(address_of(c, b));
    if (stopped || !b->to || !outbox_seal_address(b->to))
        return end_all(c, b, stopped ? "Whoever reads there wants no mail." : "There is no address.");
    for (size_t i = 0; i < b->n; i++) {
        int64_t changed;
        TRY(db_run(c, &OUTBOX_CLAIM, DB_IN(db_int(b->row[i].id), db_time(c->now)), &changed));
        if (changed != 1)
            return err_new(c->mem, E_UNAVAILABLE, "Another process sends this mail.");
    }
    b->claimed = true;
    return NULL;
}

/* ---- sending ---- */

static err_t
join(struct ctx *c, const struct batch *b, const char **ret_subject, const char **ret_text)
{
    struct buf all;
    buf_init(&all, c->mem);
    for (size_t i = 0; i < b->n; i++) {
        const char *subject, *text;
        TRY(outbox_seal_open(c, b->row[i].sealed, b->row[i].sealed_len, &subject, &text));
        if (i == 0)
            *ret_subject = subject;
        if (b->n > 1)
            buf_printf(&all, "%s%s\n\n", i ? "\n----\n\n" : "", subject);
        buf_str(&all, text);
    }
    if (b->n > 1)
        *ret_subject = arena_printf(c->mem, "%zu messages for you from Rapport", b->n);
    *ret_text = buf_text(&all);
    return NULL;
}

static err_t
speak(struct ctx *c, struct smtp *s, const struct smtp_config *f, struct batch *b)
{
    struct letter l = {.from = f->from, .to = b->to, .at = c->now};
    unsigned char id[32];
    const char *message;
    size_t n;
    TRY(join(c, b, &l.subject, &l.text));
    keys_lookup(c->inst->keys, "message id", b->row[0].key, id);
    l.id = str_hex(c->mem, id, 16);
    l.stop = stop_url(c, b->row[0].person_null ? 0 : b->row[0].person, b->row[0].address_key);
    letter_write(c, &l, &message, &n);
    b->result = smtp_send(c, s, b->to, message, n, &b->why);
    return NULL;
}

/* ---- what became of it ---- */

static err_t
note_one(struct ctx *c, const struct batch *b, const struct outbox_take_row *x)
{
    const unsigned char *sealed = x->sealed;
    size_t n = x->sealed_len;
    if (b->result == SMTP_LATER && x->tries + 1 < SEND_TRIES)
        return db_run(c, &OUTBOX_AGAIN, DB_IN(db_int(x->id), db_time(c->now + pauses[x->tries + 1] * minute), db_text(b->why)), NULL);
    if (b->result == SMTP_SENT) {
        const char *subject, *text;
        TRY(outbox_seal_open(c, x->sealed, x->sealed_len, &subject, &text));
        TRY(outbox_seal(c, subject, NULL, &sealed, &n));
    }
    return db_run(c, &OUTBOX_END, DB_IN(db_text(b->result == SMTP_SENT ? "sent" : "failed"), db_time(c->now), db_text(b->why),
                                        db_blob(sealed, n), db_int(x->id)), NULL);
}

static err_t
note(struct ctx *c, void *arg)
{
    const struct batch *b = arg;
    for (size_t i = 0; i < b->n; i++)
        TRY(note_one(c, b, &b->row[i]));
    return NULL;
}

static err_t
give_up(struct ctx *c, void *arg)
{
    TRY(db_run(c, &OUTBOX_LOST, DB_IN(db_time(c->now), db_time(c->now - 10 * minute)), NULL));
    return db_run(c, &OUTBOX_OLD, DB_IN(db_time(c->now), db_time(c->now - 7 * day)), NULL);
}

static int64_t
seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec;
}

static err_t
send_one(struct ctx *c, struct smtp *s, const struct smtp_config *f, struct batch *b)
{
    TRY(db_write(c, claim, b));
    if (!b->claimed)
        return NULL;
    err_t e = speak(c, s, f, b);
    if (e) { /* cannot be opened or written: no other try would be better */
        b->result = SMTP_NEVER;
        b->why = e->text;
    }
    if (b->result != SMTP_SENT)
        log_line(LOG_WARN, "mail not sent: outbox=%lld %s", (long long)b->first, b->why);
    return db_write(c, note, b);
}

err_t
send_due(struct ctx *c, int64_t *ret_sent)
{
    struct smtp_config f;
    struct outbox_due_row *x;
    struct outbox_stuck_row stuck;
    struct smtp *s;
    size_t n;
    bool on;
    int64_t began = seconds();
    *ret_sent = 0;
    TRY(smtp_config(c, &f, &on));
    if (!on || c->inst->demo) /* people of the demonstration are invented, their addresses too */
        return NULL;
    TRY(db_one(c, &OUTBOX_STUCK, DB_IN(db_time(c->now - 10 * minute), db_time(c->now - 7 * day)), &stuck));
    if (stuck.there)
        TRY(db_write(c, give_up, NULL));
    TRY(db_list(c, &OUTBOX_DUE, DB_IN(db_time(c->now), db_int(MOST)), &x, &n));
    if (n == 0)
        return NULL;
    TRY(smtp_open(c, &f, &s));
    err_t e = NULL;
    bool reached = true;
    for (size_t i = 0; i < n && !e && reached && !atomic_load(&c->inst->leaving) && seconds() - began < LONGEST_S; i++) {
        struct batch b = {.first = x[i].id};
        e = send_one(c, s, &f, &b);
        if (e && e->code == E_UNAVAILABLE)
            e = NULL; /* another process has it, or the database is busy: the next round sees */
        *ret_sent += b.claimed && b.result == SMTP_SENT ? (int64_t)b.n : 0;
        reached = !b.claimed || b.result == SMTP_SENT || b.result == SMTP_NEVER;
    }
    smtp_close(s);
    return e;
}
