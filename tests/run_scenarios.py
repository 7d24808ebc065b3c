#!/usr/bin/env python3
"""Runs tests/scenarios/*.txt, each against a fresh installation.

A scenario is what `rapport request` reads (app/request.c); its expectations are the test. SAMPLES in a
line is the folder samples/. Beside requests it has lines for the program's commands, in between:

  #! COMMAND            runs it and expects exit 0; `< TEXT` at its end is its standard input
  #!1 COMMAND           expects exit 1
  #> TEXT               stands in what the command before printed
  #keep NAME, #same NAME    keeps what it printed; it printed the same as what was kept

Requests between two commands are one run of `rapport request`, as Ada: what a run keeps and who asks
holds to its end."""
import shlex
import sys

from program import EMAIL, Installation, Report, arguments


def runs(text):
    """("ask", requests) and ("do", line), in order."""
    block = ""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("#!", "#>", "#keep ", "#same ")):
            if block.strip():
                yield "ask", block
            block = "\n" * number  # so that a failure names the line of the file
            yield "do", line
        else:
            block += line + "\n"
    if block.strip():
        yield "ask", block


def command(installation, line):
    words, _, given = line.split(" ", 1)[1].partition(" < ")
    done = installation.run(*shlex.split(words), stdin=given + "\n" if given else None, check=False)
    want = 1 if line.startswith("#!1") else 0
    if done.returncode != want:
        raise RuntimeError(f"{line}\nexit {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout + done.stderr


def one(installation, root, path):
    installation.empty()
    installation.init()
    text = path.read_text().replace("SAMPLES", str(root / "samples"))
    if "\nexpect " not in text:
        return "it expects nothing"
    said, kept = "", {}
    for kind, what in runs(text):
        if kind == "ask":
            done = installation.run("request", "--as", EMAIL, "--quiet", stdin=what, check=False)
            if done.returncode != 0:
                return done.stdout[-1500:] + done.stderr[-1500:]
        elif what.startswith("#!"):
            said = command(installation, what)
        elif what.startswith("#>") and what[3:] not in said:
            return f"{what}\nbut it said: {said[-1000:]}"
        elif what.startswith("#keep "):
            kept[what[6:]] = said
        elif what.startswith("#same ") and kept[what[6:]] != said:
            return f"{what}\nbefore: {kept[what[6:]]}now: {said}"
    return ""


def main():
    program, root, postgres = arguments()
    report, installation = Report(), Installation(program, postgres)
    try:
        only = [w for w in sys.argv[3:] if not w.startswith("--")]
        for path in sorted((root / "tests/scenarios").glob("*.txt")):
            if only and path.stem not in only:
                continue
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
