#!/usr/bin/env python3
"""Builds and runs every test, and closes with one plain count.

  check.py [--sanitize address,undefined|thread]

DATA names a folder of more records; without it the tests use samples/ alone. Tests in C are counted
function by function, scripts one each. Exit 1 when anything failed."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTS = re.compile(r"\[  (PASSED|SKIPPED|FAILED) ? ?\] +(\d+) test\(s\)")


def run(*command, **more):
    return subprocess.run(command, cwd=ROOT, check=False, **more).returncode


def build(folder, sanitize):
    options = [f"-Db_sanitize={sanitize}", "-Db_lundef=false"] if sanitize else []
    if not (folder / "build.ninja").exists() and run("meson", "setup", str(folder), *options):
        sys.exit("The build could not be set up.")
    if run("ninja", "-C", str(folder)):
        sys.exit("The build failed.")


def count(test):
    """(passed, failed, skipped) of one line of Meson's log."""
    found = {"PASSED": 0, "FAILED": 0, "SKIPPED": 0}
    for what, n in COUNTS.findall(test.get("stdout", "") + test.get("stderr", "")):
        found[what] = max(found[what], int(n)) if what == "FAILED" else found[what] + int(n)
    if test["result"] == "SKIP":
        return 0, 0, 1
    if test["result"] != "OK":
        return found["PASSED"], max(1, found["FAILED"]), found["SKIPPED"]
    if not any(found.values()):
        return 1, 0, 0
    return found["PASSED"], 0, found["SKIPPED"]


def main():
    sanitize = sys.argv[2] if len(sys.argv) == 3 and sys.argv[1] == "--sanitize" else ""
    folder = ROOT / "build" / (sanitize.replace(",", "-") or "meson")
    build(folder, sanitize)
    data = os.environ.get("DATA", "")
    if data:
        os.environ["DATA"] = str(Path(data).resolve())
    code = run("meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs",
               "--timeout-multiplier", "6" if sanitize else "2")
    total = [0, 0, 0]
    log = folder / "meson-logs" / "testlog.json"
    for line in log.read_text(encoding="utf-8").splitlines():
        for i, n in enumerate(count(json.loads(line))):
            total[i] += n
    print(f"Tests: {total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if code or total[1] else 0)


main()
