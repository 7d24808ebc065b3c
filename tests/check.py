#!/usr/bin/env python3
"""Builds, runs every test and says how many there were: what `make check` calls.

  check.py                       everything: C tests, lints, scenarios, power cuts, browser
  check.py --sanitize address,undefined|thread     the C tests alone, in a build of their own

Meson runs the tests; each test function of a cmocka program counts as one (CMOCKA_MESSAGE_OUTPUT=tap
makes it name them), and so does each line "ok" or "not ok" of a script. A program that says neither
counts once. The last line is always `Tests: N passed, N failed, N skipped`; the exit code is 1 when any
failed, or when none ran."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = re.compile(r"^(not ok|ok)\b[ \d]*(?:- )?(.*)$", re.M)


def build(sanitize):
    folder = ROOT / "build" / (f"check-{sanitize.split(',')[0]}" if sanitize else "meson")
    # gcc takes its own checks for null as a sign that a format may be null, and says so.
    options = ["-Dbuildtype=debug", "-Doptimization=1", f"-Db_sanitize={sanitize}", "-Db_lundef=false",
               "-Dc_args=-Wno-format-truncation"] if sanitize else []
    if not (folder / "build.ninja").exists():
        subprocess.run(["meson", "setup", str(folder), *options], cwd=ROOT, check=True)
    subprocess.run(["ninja", "-C", str(folder), "-k", "0"], cwd=ROOT, check=True)
    return folder


def outcomes(test):
    """(word, name) of each function or script line of one of Meson's tests."""
    result, text = test["result"], test.get("stdout") or ""
    if result == "SKIP":
        return [("skipped", test["name"])]
    found = []
    for word, name in LINE.findall(text):
        skipped = "# SKIP" in name.upper() or name.startswith("# skip")
        found.append(("skipped" if skipped else "passed" if word == "ok" else "failed", f"{test['name']}: {name}"))
    good = result in ("OK", "EXPECTEDFAIL")
    if good and found:
        return found
    if good:
        return [("passed", test["name"])]
    if any(word == "failed" for word, _ in found):
        return found
    return found + [("failed", f"{test['name']} ({result.lower()})")]  # died, or too late


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--sanitize")
    args.add_argument("only", nargs="*", help="names of tests")
    args = args.parse_args()
    folder = build(args.sanitize)
    env = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "tap"}
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1")
    env.setdefault("LSAN_OPTIONS", f"suppressions={ROOT / 'tests/leaks.txt'}:print_suppressions=0")
    env.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    env.setdefault("TSAN_OPTIONS", f"halt_on_error=1:suppressions={ROOT / 'tests/races.txt'}")
    data = env.pop("DATA", "")
    if data:
        env["DATA"] = str(pathlib.Path(data).resolve())
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs",
               "--num-processes", str(os.cpu_count() or 2)]
    if args.sanitize:
        command += ["--no-suite", "program", "--no-suite", "lint", "-t", "6"]
    else:
        command += ["-t", "2"]
    subprocess.run(command + args.only, cwd=ROOT, env=env)
    tests = [json.loads(line) for line in (folder / "meson-logs/testlog.json").read_text().splitlines()]
    all_of = [one for test in tests for one in outcomes(test)]
    for word, name in all_of:
        if word == "failed":
            print(f"FAILED  {name}")
    for name in sorted({name for word, name in all_of if word == "skipped"}):
        print(f"skipped {name}")
    n = {word: sum(w == word for w, _ in all_of) for word in ("passed", "failed", "skipped")}
    print(f"Tests: {n['passed']} passed, {n['failed']} failed, {n['skipped']} skipped")
    return 1 if n["failed"] or not n["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
