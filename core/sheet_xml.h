/* sheet_xml.h: one XML part of a zip package, read as a stream behind walls: bounded bytes, ratio,
 * depth and text; no DTD, no entities but the five of XML, no network. Called by sheet_xlsx.c
 * alone.
 *
 * libzip unpacks 32 KiB at a time and libxml2's push parser takes them as they come: no part is
 * ever whole in memory. */
#ifndef CORE_SHEET_XML_H
#define CORE_SHEET_XML_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct sheet_zip;
struct sheet_xml;

/* What is told about a part. Names are local names: prefixes and namespaces do not matter, as
 * Excel, LibreOffice, Google Sheets and the strict variant differ in them. Any may be NULL. */
struct sheet_xml_handler {
    void (*start)(struct sheet_xml *x, void *state, const char *name);
    void (*end)(struct sheet_xml *x, void *state, const char *name);
};

/* Opens a package held in memory; `data` must stay until sheet_zip_close. */
err_t sheet_zip_open(struct arena *a, const char *data, size_t n, struct sheet_zip **ret);
void sheet_zip_close(struct sheet_zip *z);
/* Whether there is such a part; letter case is not told apart. */
bool sheet_zip_has(struct sheet_zip *z, const char *path);
/* Reads a part. Errors: no such part, damaged, encrypted, over a limit, a DTD, what a handler said.
 */
err_t sheet_xml_read(struct sheet_zip *z, const char *path, const struct sheet_xml_handler *h,
                     void *state);

/* For handlers, inside `start`: an attribute's value. False: not there, or too long for `size`. */
bool sheet_xml_attr(struct sheet_xml *x, const char *name, char *ret, size_t size);
/* The same of any length, in the arena; NULL when not there. */
char *sheet_xml_attr_text(struct sheet_xml *x, const char *name);
/* Text from here on is added to sheet_xml_text() until told to stop. */
void sheet_xml_capture(struct sheet_xml *x, bool on);
struct buf *sheet_xml_text(struct sheet_xml *x);
/* Ends the reading with an error; the first one counts. */
void sheet_xml_fail(struct sheet_xml *x, err_t e);
/* The error of a file that breaks off or contradicts itself; `what` says where. */
err_t sheet_xml_damaged(struct arena *a, const char *what);

#endif
