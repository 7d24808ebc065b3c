#!/usr/bin/env python3
"""Refuses a library that no decision in docs/adr/ names, and a decision its index does not list."""
import pathlib
import re
import sys

# What a Linux program in C cannot do without, or the test runner.
PLAIN = {"threads", "cmocka", "m"}


def main(root):
    folder = root / "docs/adr"
    pages = {p.name: p.read_text() for p in folder.glob("0*.md")}
    said, index = "\n".join(pages.values()).lower(), (folder / "README.md").read_text()
    bad = [f"docs/adr/README.md does not list {name}" for name in sorted(pages) if name not in index]
    for build in sorted(root.glob("**/meson.build")):
        inside = build.relative_to(root)
        if str(inside).startswith(("build", "node_modules")):
            continue
        for name in re.findall(r"(?:dependency|find_library)\('([\w.-]+)'", build.read_text()):
            short = re.sub(r"^lib|-\d.*$|-extensions$", "", name)
            if name not in PLAIN and short not in said:
                bad.append(f"{inside} links {name}, which no decision names")
    packages = re.findall(r'"([@\w./-]+)": "\d', (root / "package.json").read_text())
    bad += [f"package.json has {p}, which no decision names" for p in packages
            if p.split("/")[-1].split(".")[0] not in said]
    print("\n".join(bad) or "Every library has its decision.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
