/* pages.c: a study's papers, one paper with its versions and signatures, and its PDF. */
#include "features/documents/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/reach.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/documents/documents_sql.h"
#include "features/studies/studies.h"

#include <sodium.h>
#include <string.h>

enum { PAGE = 50 };

static const struct {
    const char *kind, *words;
} kinds[] = {{"visit_report", "Visit report"}, {"letter", "Follow-up letter"}, {"confirmation", "Confirmation letter"},
             {"playbook", "Playbook"}, {"delegation_log", "Delegation log"}};

static const char *
kind_words(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].words;
    }
    return kind;
}

/* ---- a study's papers ---- */

static err_t
load(struct ctx *c, const struct thing *t, int64_t before, struct doc_of_study_row **ret, size_t *ret_n)
{
    bool all, own_all;
    int64_t *sites;
    size_t n_sites, n;
    struct doc_of_sites_row *x;
    int comp = reach_comp(c->who, PERM_STUDY_READ, t);
    reach_sites(c, c->who, PERM_DOCUMENT_READ, t, &all, &sites, &n_sites);
    if (all)
        return db_list(c, &DOC_OF_STUDY, DB_IN(db_int(t->study), db_int(comp), db_int(before), db_int(PAGE + 1)), ret, ret_n);
    bool site_only = n_sites == 0;
    if (site_only)
        reach_sites(c, c->who, PERM_DOCUMENT_READ_SITE, t, &own_all, &sites, &n_sites);
    *ret_n = 0;
    if (!n_sites)
        return NULL;
    TRY(db_list(c, &DOC_OF_SITES,
                DB_IN(db_int(t->study), db_ints(sites, n_sites), db_int(comp), db_bool(site_only), db_int(before), db_int(PAGE + 1)),
                &x, &n));
    struct doc_of_study_row *rows = arena_alloc(c->mem, (n + 1) * sizeof *rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct doc_of_study_row){.id = x[i].id, .ref = x[i].ref, .kind = x[i].kind, .title = x[i].title, .tmf = x[i].tmf,
                                            .site = x[i].site, .site_null = x[i].site_null, .created = x[i].created};
    *ret = rows;
    *ret_n = n;
    return NULL;
}

err_t
page_documents(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct doc_of_study_row *x = NULL;
    size_t n;
    int64_t before = INT64_MAX;
    const char *text = req_query(r, "before");
    if (text && (!str_int(text, &before) || before < 1))
        return err_new(c->mem, E_BAD_INPUT, "This address is damaged. Please begin at the first page.");
    TRY(study_head(c, t, "documents", page));
    TRY(load(c, t, before, &x, &n));
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n && i < PAGE; i++) {
        struct view *v = view_add_map(rows);
        view_text(v, "title", x[i].title);
        view_textf(v, "href", "/documents/%s", x[i].ref);
        view_text(v, "kind", kind_words(x[i].kind));
        view_text(v, "tmf", x[i].tmf);
        view_text(v, "day", date_words(c->mem, tz_day(c->inst->zone, x[i].created), DATE_DAY));
    }
    if (n > PAGE) {
        struct view *pager = view_map(page, "pager");
        view_textf(pager, "next", "/studies/%s/documents?before=%lld", t->study_ref, (long long)x[PAGE - 1].id);
    }
    if (n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "No papers yet");
        view_text(v, "text", "Reports, letters and logs stand here, each under its TMF number, as soon as they are written.");
    }
    return NULL;
}

/* ---- one paper ---- */

/* The paper of the address, when c->who may read it; else there is none. */
static err_t
look(struct ctx *c, const struct req *r, struct doc_by_ref_row *ret, struct thing *ret_thing)
{
    bool found;
    struct thing t = {0};
    TRY(db_maybe(c, &DOC_BY_REF, DB_IN(db_text(req_param(r, "document"))), ret, &found));
    if (found) {
        TRY(study_thing(c, ret->study, &t));
        t.study_site = ret->site_null ? 0 : ret->site;
        t.comp = (enum compartment)ret->comp;
        found = may(c->who, PERM_DOCUMENT_READ, &t) || (ret->site_reads && may(c->who, PERM_DOCUMENT_READ_SITE, &t));
    }
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such paper, or it is not open to you.");
    *ret_thing = t;
    return NULL;
}

static const char *
moment(struct ctx *c, int64_t at)
{
    const char *zone;
    int64_t local = at + (int64_t)tz_offset(c->inst->zone, at, &zone) * 1000000, minutes = local / 60000000 % (24 * 60);
    return arena_printf(c->mem, "%s, %02d:%02d %s", date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY), (int)(minutes / 60),
                        (int)(minutes % 60), zone);
}

err_t
page_document(struct ctx *c, struct req *r, struct view *page)
{
    struct doc_by_ref_row d;
    struct doc_versions_row *x;
    struct thing t;
    size_t n;
    TRY(look(c, r, &d, &t));
    TRY(study_head(c, &t, "documents", page));
    view_text(page, "title", d.title);
    view_text(page, "kind", kind_words(d.kind));
    view_text(page, "tmf", d.tmf);
    view_bool(page, "site_reads", d.site_reads);
    TRY(db_list(c, &DOC_VERSIONS, DB_IN(db_int(d.id)), &x, &n));
    struct view *list = view_list(page, "versions");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_int(v, "n", x[i].n);
        view_bool(v, "newest", i == 0);
        view_text(v, "who", x[i].who);
        view_text(v, "when", moment(c, x[i].created));
        view_text(v, "hash", str_hex(c->mem, x[i].hash, x[i].hash_len));
        if (x[i].filed)
            view_textf(v, "pdf", "/documents/%s/pdf/%lld", d.ref, (long long)x[i].n);
        TRY(sign_view(c, "document", x[i].id, x[i].hash_len == DOCUMENT_HASH ? x[i].hash : NULL, v));
    }
    return NULL;
}

err_t
page_document_pdf(struct ctx *c, struct req *r, struct view *page)
{
    struct doc_by_ref_row d;
    struct doc_pdf_row x;
    struct thing t;
    unsigned char hash[DOCUMENT_HASH];
    int64_t n = 0;
    bool found = false;
    TRY(look(c, r, &d, &t));
    if (str_int(req_param(r, "version_n"), &n))
        TRY(db_maybe(c, &DOC_PDF, DB_IN(db_int(d.id), db_int(n)), &x, &found));
    if (!found || !x.pdf)
        return err_new(c->mem, E_NOT_FOUND, "There is no such version on file.");
    crypto_hash_sha256(hash, x.pdf, x.pdf_len);
    if (x.pdf_hash_len != sizeof hash || memcmp(hash, x.pdf_hash, sizeof hash) != 0)
        return err_new(c->mem, E_INTERNAL, "This file is not what was filed: its hash does not fit.");
    req_body(r, "application/pdf", arena_printf(c->mem, "%s-%s-v%lld.pdf", d.tmf, d.ref, (long long)n), (const char *)x.pdf, x.pdf_len);
    return NULL;
}
