/* documents.h: papers in versions by content hash, filed under their TMF number. What other features call
 * to write one. See README.md. */
#ifndef FEATURES_DOCUMENTS_H
#define FEATURES_DOCUMENTS_H

#include "base/ctx.h"
#include "core/feature.h"
#include "core/may.h"

extern const struct feature documents_feature;

enum { DOCUMENT_HASH = 32 };

struct document_new {
    const char *key;   /* which paper it is, for ever: "visit:REF/report" */
    const char *kind;  /* "visit_report", "letter", "confirmation" */
    const char *title; /* "Monitoring visit report, IMV at 103, 12 Mar 2027" */
    const char *tmf;   /* "05.04.03" */
    int64_t study, study_site; /* 0 = of the whole study */
    enum compartment comp;
    bool site_reads;   /* the people of the site may read it */
};
struct document_version {
    int64_t document, id;
    int64_t n;           /* 1, 2, ... */
    const char *ref;     /* of the document */
    const char *content;
    unsigned char hash[DOCUMENT_HASH]; /* SHA-256 of content: what is signed, as "document" with `id` */
    bool filed;          /* its PDF is kept */
};
/* Puts content: a new paper, a new version, or nothing when it is what the newest version says. Inside the
 * caller's transaction, part of its record row. `content` is UTF-8. */
err_t document_put(struct ctx *c, const struct document_new *d, const char *content, struct document_version *ret);
/* Keeps the PDF of a version, once: E_CONFLICT when it is filed already. */
err_t document_file(struct ctx *c, const struct document_version *v, const char *pdf, size_t n);
/* The newest version of the paper with this key. */
err_t document_find(struct ctx *c, const char *key, struct document_version *ret, bool *ret_found);

#endif
