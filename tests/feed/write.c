/* write.c: a calendar as the program writes it, from lines "uid TAB day TAB title TAB text TAB url" on standard
 * input, in which \n and \t stand for themselves. Called by tests/run_feed.py. */
#include "base/arena.h"
#include "base/str.h"
#include "features/commitments/ics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 5, MOST = 2000 };

static const char *
unescaped(char *s)
{
    char *out = s;
    for (const char *p = s; *p; p++) {
        if (p[0] == '\\' && p[1]) {
            p++;
            *out++ = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
        } else {
            *out++ = *p;
        }
    }
    *out = '\0';
    return s;
}

int
main(void)
{
    struct arena *a = arena_new(0);
    struct ics_event *v = arena_alloc(a, MOST * sizeof *v);
    size_t n = 0, room = 0;
    char *line = NULL;
    ssize_t got;
    while ((got = getline(&line, &room, stdin)) > 0 && n < MOST) {
        if (line[got - 1] == '\n')
            line[got - 1] = '\0';
        const char *field[FIELDS] = {"", "", "", "", ""};
        char *p = arena_strdup(a, line);
        for (size_t i = 0; i < FIELDS && p; i++) {
            char *tab = strchr(p, '\t');
            if (tab)
                *tab = '\0';
            field[i] = unescaped(p);
            p = tab ? tab + 1 : NULL;
        }
        v[n++] = (struct ics_event){.uid = field[0], .day = field[1], .title = field[2], .text = *field[3] ? field[3] : NULL,
                                    .url = *field[4] ? field[4] : NULL, .stamp = 1700000000000000 + (int64_t)n * 1000000};
    }
    fputs(ics_calendar(a, "My day in Rapport", v, n), stdout);
    free(line);
    arena_free(a);
    return 0;
}
