/* fuzz_registry.c: fuzz target of registry files: any bytes are cut into records, the records read, and
 * what came out is held against what must hold of any file: no contact is left in a record shown without
 * them, and it reads as the same study; names and keys are text that ends; an error says something. */
#include "base/arena.h"
#include "base/str.h"
#include "features/registry/names.h"
#include "features/registry/parse.h"
#include "features/registry/splitter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void
fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void
check_error(struct arena *a, err_t e)
{
    if (!*err_line(a, e))
        fail("an error says nothing");
}

static void
check_names(struct arena *a, const struct registry_study *s)
{
    for (size_t i = 0; i < s->n_locations; i++) {
        const struct registry_location *l = &s->locations[i];
        const char *key = names_facility_key(a, l->facility, l->city, "XX", s->lead_sponsor.name);
        if (key && names_facility_is_placeholder(a, l->facility, s->lead_sponsor.name))
            fail("a place that is not named has a key");
        for (size_t k = 0; k < l->n_contacts; k++)
            names_person_key(a, l->contacts[k].name, l->facility, NULL);
    }
    for (size_t i = 0; i < s->n_officials; i++) {
        const struct registry_official *o = &s->officials[i];
        const char *key = names_person_key(a, o->name, o->affiliation, s->lead_sponsor.name);
        if (key && names_person_is_desk(a, o->name, s->lead_sponsor.name))
            fail("a desk has a key");
        if (o->name)
            names_person_split(a, o->name);
    }
}

static void
check_without_contacts(struct arena *a, const struct splitter_record *r, const struct registry_study *s)
{
    const char *bare;
    const struct registry_study *again;
    if (parse_without_contacts(a, r->data, r->n, &bare) || parse_study(a, bare, strlen(bare), 1, &again))
        fail("a record cannot be shown without its contacts");
    if (strcmp(again->nct_id, s->nct_id) != 0 || again->n_locations != s->n_locations || again->n_central_contacts)
        fail("a record without its contacts is another one");
    for (size_t i = 0; i < again->n_locations; i++) {
        if (again->locations[i].n_contacts)
            fail("a contact was left");
    }
    const char *twice;
    if (parse_without_contacts(a, bare, strlen(bare), &twice) || strcmp(bare, twice) != 0)
        fail("something was left to be left out");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(256 << 20), *scratch = arena_new(256 << 20);
    struct splitter_limits limits = {.inflow = {.total = 8 << 20}, .record = 1 << 20, .weight = 100000};
    struct splitter *in;
    struct splitter_record r;
    err_t e = splitter_open_bytes(a, "file", (const char *)data, size, &limits, &in);
    while (!e && !(e = splitter_next(in, &r)) && r.data) {
        const struct registry_study *s;
        err_t bad = parse_study(scratch, r.data, r.n, r.line, &s);
        if (bad) {
            check_error(scratch, bad);
        } else {
            check_names(scratch, s);
            check_without_contacts(scratch, &r, s);
        }
        arena_reset(scratch);
    }
    if (e)
        check_error(a, e);
    arena_free(scratch);
    arena_free(a);
    return 0;
}
