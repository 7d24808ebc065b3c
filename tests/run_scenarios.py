#!/usr/bin/env python3
"""Runs tests/scenarios/*.txt, each against a fresh installation that holds a few registry records.

A scenario is what `rapport request` reads (app/request.c); its expectations are the test. Lines
"#! COMMAND" before the first request run a command of the program first."""
import shlex
import sys

from program import EMAIL, Installation, Report, arguments


def one(installation, root, path):
    installation.empty()
    installation.init()
    text = path.read_text()
    for line in text.split("\n"):
        if line.startswith("#! "):
            words = [w.replace("SAMPLES", str(root / "samples")) for w in shlex.split(line[3:])]
            installation.run(*words)
    if text.count("\nexpect ") == 0:
        return "it expects nothing"
    done = installation.run("request", "--as", EMAIL, "--quiet", str(path), check=False)
    return "" if done.returncode == 0 else done.stdout[-1500:] + done.stderr[-1500:]


def main():
    program, root, postgres = arguments()
    report, installation = Report(), Installation(program, postgres)
    try:
        for path in sorted((root / "tests/scenarios").glob("*.txt")):
            try:
                why = one(installation, root, path)
            except (RuntimeError, OSError) as e:
                why = str(e)
            report(not why, path.stem, why)
    finally:
        installation.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
