#!/usr/bin/env python3
"""Prints the .sql files that are part of the program, one a line: those a room's meson.build names.

With --check instead: fails when a .sql file lies in a room and no meson.build names it, since then
nothing would prepare its queries."""
import pathlib
import re
import sys


def main(root, check):
    named, there = [], []
    for folder in ["core", "db", *sorted(str(p.relative_to(root)) for p in (root / "features").glob("*/"))]:
        build = root / folder / "meson.build"
        if not build.exists():
            continue
        text = build.read_text()
        named += [f"{folder}/{name}" for name in re.findall(r"input:\s*\[?'([\w./-]+\.sql)'", text)]
        there += [f"{folder}/{p.name}" for p in sorted((root / folder).glob("*.sql"))]
    named = [n for n in dict.fromkeys(named) if "test" not in n.split("/")[-1] and "/tests/" not in n]
    if not check:
        print("\n".join(named))
        return 0
    lost = [t for t in there if t not in named and not t.endswith("test.sql")]
    print("\n".join(f"{t}: no meson.build names it" for t in lost) or "Every .sql file is built.")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), "--check" in sys.argv))
