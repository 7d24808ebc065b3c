#!/usr/bin/env python3
"""Refuses functions that have no place in this program, in code that is not a test.

Some are unsafe in any hands (strcpy, sprintf, gets), some hide state (strtok, localtime, rand), some
read what is wrong as zero (atoi), and malloc and free stand only where an arena cannot: see HEAP."""
import pathlib
import re
import sys

ROOMS = ("base", "db", "tmpl", "models", "http", "core", "features", "app", "web")
BANNED = {
    "use str_* or arena_printf": "strcpy strcat strncpy strncat stpcpy sprintf vsprintf asprintf vasprintf gets "
                                 "alloca strdupa",
    "use str_split, str_int, str_real": "strtok strtok_r atoi atol atoll atof",
    "no program is started from here": "system popen execl execlp execle execv execvp execve fork vfork",
    "use base/date.h, base/tz.h and c->now": "localtime localtime_r gmtime ctime ctime_r asctime mktime "
                                             "gettimeofday strftime strptime",
    "use libsodium": "rand srand rand_r random srandom drand48 lrand48",
    "the locale stays C": "setlocale",
    "use mkstemp or mkdtemp": "tmpnam tempnam mktemp tmpfile",
}
# (file, function): why it may stand there
ALLOWED = {
    ("app/cli.c", "strcat"): "a command's words, whose length is checked before",
    ("db/postgres.c", "atol"): "a position that the server wrote; wrong only makes a worse message",
    ("db/migrate.c", "strftime"): "the name of the copy made before a migration, in UTC",
    ("features/registry/names_facility.c", "strtok_r"): "a table of words of its own, not input",
    ("features/registry/names_person.c", "strtok_r"): "a table of words of its own, not input",
    ("http/server.c", "strncpy"): "a message between threads, cut and ended on purpose",
    ("http/wire.c", "strncpy"): "a method's name, cut and ended on purpose",
}
HEAP_WORDS = "malloc calloc realloc reallocarray free strdup strndup getline"
# What lives longer than a request, or is a library's to free.
HEAP = ("base/arena.c", "base/tz.c", "base/utf8.c", "core/keep.c", "core/markdown.c", "db/db.c",
        "db/sqlite.c", "db/sqlite_open.c", "db/postgres.c", "db/postgres_open.c", "db/postgres_ear.c", "db/tell.c", "db/writer.c", "http/queue.c",
        "http/server.c", "http/spool.c", "http/stream.c", "http/wire.c",
        # jansson's, zlib's and the splitter's own buffer, released by arena_defer or at the end
        "features/registry/pages.c", "features/registry/parse.c", "features/registry/splitter.c",
        "features/registry/store.c")
STRIP = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_of(path):
    """The text with comments and literals blanked, lines kept."""
    return STRIP.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text())


def main(root):
    why_of = {name: why for why, names in BANNED.items() for name in names.split()}
    call = re.compile(r"(?<![\w.>])(" + "|".join([*why_of, *HEAP_WORDS.split()]) + r")\s*\(")
    bad, used = [], set()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]")):
            inside = str(path.relative_to(root))
            if path.name.startswith(("test_", "sheet_fixture")) or "/tests/" in inside:
                continue
            for number, line in enumerate(code_of(path).split("\n"), 1):
                for name in call.findall(line):
                    if name in HEAP_WORDS.split():
                        if inside not in HEAP:
                            bad.append(f"{inside}:{number}: {name}: memory of a request comes from c->mem")
                    elif (inside, name) in ALLOWED:
                        used.add((inside, name))
                    else:
                        bad.append(f"{inside}:{number}: {name}: {why_of[name]}")
    bad += [f"{f}: {n} is allowed there but no longer used" for f, n in ALLOWED if (f, n) not in used]
    print("\n".join(bad) or "No banned function is called.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
