/* deeds.c: see deeds.h. */
#include "core/deeds.h"

#include "base/err.h"

#include <string.h>

static struct {
    const struct deed *deed;
    size_t n;
} tables[DEED_TABLES];
static size_t n_tables;

void
deeds_add(const struct deed *table, size_t n)
{
    for (size_t i = 0; i < n_tables; i++) {
        if (tables[i].deed == table)
            return;
    }
    if (n == 0)
        return;
    INVARIANT(n_tables < DEED_TABLES);
    tables[n_tables].deed = table;
    tables[n_tables++].n = n;
}

const char *
deed_words(const char *action)
{
    const struct deed *d;
    for (size_t i = 0; (d = deed_at(i)); i++) {
        if (strcmp(d->action, action) == 0)
            return d->words;
    }
    return action;
}

const struct deed *
deed_at(size_t i)
{
    for (size_t k = 0; k < n_tables; k++) {
        if (i < tables[k].n)
            return &tables[k].deed[i];
        i -= tables[k].n;
    }
    return NULL;
}
