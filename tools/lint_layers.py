#!/usr/bin/env python3
"""Refuses an #include that goes against the order of the rooms.

A room includes only rooms to its left: base < (db, tmpl, models) < http < core < features < app.
Siblings never include each other, with one exception: a feature may include "features/<x>/<x>.h" when
its table lists <x> under `depends`. The queries of another feature are its own, but for the ones named
in FILLS."""
import pathlib
import re
import sys

RANK = {"base": 0, "db": 1, "tmpl": 1, "models": 1, "http": 2, "core": 3, "features": 4, "app": 5,
        "web": 0}
# Only these rooms may see the library that the header belongs to.
ONLY = {"microhttpd.h": ("http/wire.c", "http/listen.c", "http/server.c", "http/stream.c"),
        "sqlite3.h": ("db/",), "libpq-fe.h": ("db/",), "zip.h": ("core/sheet",),
        "libxml/": ("core/sheet",), "cmark-gfm": ("core/markdown.c",), "gsl/": ("models/",),
        "libical/": ("core/holidays_ics.c", "features/commitments/ics.c", "features/ownwork/feed_ics.c"),
        "curl/": ("features/ownwork/fetch.c", "features/notices/")}
# Registry reads records into the tables of studies, which has nearly all the queries for it.
FILLS = {("registry", "features/studies/studies_sql.h")}
# What a feature is there for, beside its table.
SHARED = {"features/notices/outbox.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def is_test(path):
    return "/test" in "/" + str(path) or str(path).startswith(("tests/", "bench/"))


def depends_of(root, feature):
    table = root / "features" / feature / f"{feature}.c"
    text = table.read_text() if table.exists() else ""
    found = re.search(r"\.depends\s*=\s*(\w+)", text)
    if not found:
        return set()
    listed = re.search(rf"\b{found.group(1)}\[\]\s*=\s*{{([^}}]*)}}", text)
    return set(re.findall(r'"(\w+)"', listed.group(1))) if listed else set()


def problem(root, path, quote, name):
    parts, room = path.parts, path.parts[0]
    if quote == "<":
        for header, allowed in ONLY.items():
            if name.startswith(header) and not is_test(path) and not str(path).startswith(allowed):
                return f"<{name}> belongs to {', '.join(allowed)}"
        return None
    if "/" not in name:
        return None if is_test(path) else f'"{name}": say the path from the top, "{room}/..."'
    other = name.split("/")[0]
    if other not in RANK or is_test(path):
        return None
    if other == room == "features":
        feature, target = parts[1], name.split("/")[1]
        if feature == target:
            return None
        if (feature, name) in FILLS:
            return None if target in depends_of(root, feature) else f"{feature} does not list {target}"
        if name != f"features/{target}/{target}.h" and name not in SHARED:
            return f"{name} is {target}'s own: include features/{target}/{target}.h"
        return None if target in depends_of(root, feature) else f"{feature} does not list {target}"
    if room == other or RANK[other] < RANK[room]:
        return None
    return f"{room} may not include {name}"


def main(root):
    bad = []
    for room in RANK:
        for path in sorted((root / room).rglob("*.[ch]")):
            inside = path.relative_to(root)
            for quote, name in INCLUDE.findall(path.read_text()):
                why = problem(root, inside, quote, name)
                if why:
                    bad.append(f"{inside}: {why}")
    print("\n".join(bad) or "Every include follows the order of the rooms.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
