#!/usr/bin/env python3
"""The outward shape of source files: width, tabs, ends of lines, an opening paragraph, words left out.

The house's width is 100 columns. Wider lines are counted per file, and refused above 180; rows of tables
may be as wide as they need, as they read worse when broken. Files above 700 lines are listed."""
import pathlib
import re
import subprocess
import sys

WIDE, TOO_WIDE, LONG = 100, 180, 700
KINDS = (".c", ".h", ".def", ".sql", ".py", ".mjs", ".js", ".css", ".sh")
TABLE = re.compile(r"^\s*(\{.*\},?( /\*.*\*/)?|\"([^\"\\]|\\.)*\"[,;)}]*|--.*|[A-Z_]+\(.*\).*)$")
# Words that say something is not done, and words of a workshop that do not concern a reader.
LEFT = re.compile(r"\b(TODO|FIXME|HACK|lorem ipsum|WIP)\b")
WORKSHOP = re.compile(r"/work/|/tmp/brief|\b(Claude|ChatGPT|Copilot|GPT-\d|LLM|AI assistant|sub-?agent|"
                      r"AI[- ]generated)\b", re.I)
SELF = "tools/lint_style.py"


def files(root):
    try:
        text = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True,
                              capture_output=True, text=True).stdout
        listed = text.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()
                  and not re.match(r"build|node_modules|\.git/", str(p.relative_to(root)))]
    skip = ("samples/", "tests/fuzz/corpus/", "package-lock.json", SELF, "docs/screens/", "tests/data/")
    return [root / f for f in listed if not f.startswith(skip) and (root / f).is_file()]


def look(root, path):
    inside = path.relative_to(root)
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{inside}:{number}"
        if LEFT.search(line):
            yield f"{where}: says that something is not done"
        if WORKSHOP.search(line):
            yield f"{where}: names something that is no part of the product"
        if path.suffix not in KINDS:
            continue
        if len(line) > TOO_WIDE and path.suffix in (".c", ".h") and not TABLE.match(line):
            yield f"{where}: {len(line)} columns"
        if line != line.rstrip():
            yield f"{where}: blanks at the end"
        if line.startswith("\t") and path.suffix != ".sh":
            yield f"{where}: a tab"
    if path.suffix in (".c", ".h") and not text.startswith("/*"):
        yield f"{inside}: does not open with what it is"


def wide(path):
    return sum(len(line) > WIDE and not TABLE.match(line) for line in path.read_text().split("\n"))


def main(root):
    bad, long = [], []
    for path in files(root):
        bad += look(root, path)
        if path.suffix in (".c", ".h") and wide(path):
            long.append(f"wide: {path.relative_to(root)} ({wide(path)} lines above {WIDE} columns)")
        if path.suffix in (".c", ".h", ".py", ".mjs") and "/test" not in str(path):
            lines = path.read_text().count("\n")
            if lines > LONG:
                long.append(f"long: {path.relative_to(root)} ({lines} lines)")
    print("\n".join(long + bad) or "Width, ends of lines and openings are as they should be.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
