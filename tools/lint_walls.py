#!/usr/bin/env python3
"""Lists the queries that name the vault, originals or a table with a compartment, against a list of those
that may.

Contact details are core's alone (core/vault.h); registry originals hold them too, sealed. A study or
site in a compartment (unblinded, committee) may be known of by few. Whoever writes a query on such a
table adds it to tools/walls.txt and so says that the wall was thought of: one line a query, with how
the viewer's reach gets into it."""
import pathlib
import re
import subprocess
import sys

# Only core may name these at all.
VAULT = ("vault_key", "vault_item")
GUARDED = {"study_source": "the sealed original", "participant": "participants' codes and dates",
           "participant_identity": "identities", "participant_allocation": "which arm somebody is in",
           "allocation": "which arm somebody is in"}
NAME = re.compile(r"^-- name:\s*(\w+)")


def queries(path):
    name, text = None, []
    for line in path.read_text().split("\n"):
        found = NAME.match(line)
        if found:
            if name:
                yield name, "\n".join(text)
            name, text = found.group(1), []
        elif not line.startswith("--"):
            text.append(line)
    if name:
        yield name, "\n".join(text)


def main(root):
    listed = {}
    for line in (root / "tools/walls.txt").read_text().split("\n"):
        if line and not line.startswith("#"):
            name, _, why = line.partition(" ")
            listed[name] = why.strip()
    bad, seen = [], set()
    names = subprocess.run([sys.executable, str(root / "tests/sql_files.py"), str(root)], check=True,
                           capture_output=True, text=True).stdout.split()
    for file in names:
        for name, text in queries(root / file):
            words = set(re.findall(r"\w+", text))
            for table in VAULT:
                if table in words and not file.startswith("core/"):
                    bad.append(f"{file}: {name} names {table}, which is core's alone")
            touched = [t for t in (*VAULT, *GUARDED) if t in words]
            if touched:
                seen.add(name)
                if not listed.get(name):
                    bad.append(f"{file}: {name} names {', '.join(touched)} and is not in tools/walls.txt")
    bad += [f"tools/walls.txt: {name} names nothing guarded any more" for name in listed if name not in seen]
    print("\n".join(bad) or f"{len(seen)} queries name guarded tables; each says why it may.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
