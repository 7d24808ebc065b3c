/* paper.h: a paper as PDF: title, facts, headings, text, tables, a signature block, and "page 2 of 5" on
 * every sheet of A4. Pure: no database, no clock; the same calls give the same bytes on one machine.
 *
 *   struct paper *p = paper_new(a, &about);
 *   paper_heading(p, "Attendees");
 *   paper_row(p, cells, 3, PAPER_HEAD); paper_row(p, cells, 3, 0);
 *   TRY(paper_done(p, &bytes, &n));
 *
 * Nothing that is put on it is cut: what does not fit on a sheet goes on upon the next. Texts are UTF-8,
 * plain; they must live until paper_done. */
#ifndef CORE_PAPER_H
#define CORE_PAPER_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct paper;

struct paper_about {
    const char *title;    /* "Monitoring visit report" */
    const char *subtitle; /* "IMV, site 103, 12 Mar 2027"; or NULL */
    const char *foot;     /* on every sheet, left: "ABC-1 · TMF 05.04.03 · version 2" */
    const char *mark;     /* on every sheet, right above: "Draft"; or NULL */
    const char *author;   /* of the file, or NULL */
    int64_t made;         /* UTC, microseconds: stands in the file */
    const char *lang;     /* "en" */
};
struct paper *paper_new(struct arena *a, const struct paper_about *about);

void paper_heading(struct paper *p, const char *text);
/* Empty text adds nothing; line breaks are kept. */
void paper_text(struct paper *p, const char *text);
void paper_small(struct paper *p, const char *text);
void paper_item(struct paper *p, const char *text); /* with a dot before it */

enum { PAPER_COLUMNS = 8 };
enum { PAPER_HEAD = 1 }; /* the row is a head, in bold, above a line; it comes again on the next sheet */
struct paper_cell {
    const char *text; /* NULL = "" */
    double share;     /* of the width; the shares of a row add up to 1 */
};
void paper_row(struct paper *p, const struct paper_cell *cells, size_t n, unsigned flags);
/* Two columns: what, and what it is. */
void paper_fact(struct paper *p, const char *name, const char *value);

/* One signer in the signature block, which is kept together: name, when, meaning. */
void paper_signature(struct paper *p, const char *name, const char *at, const char *meaning);

/* The bytes, in the arena. E_INTERNAL when the file cannot be made (no memory). */
err_t paper_done(struct paper *p, const char **ret_bytes, size_t *ret_n);

#endif
