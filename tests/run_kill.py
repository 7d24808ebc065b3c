#!/usr/bin/env python3
"""Kills the program at random moments of an import and of saving, and looks at what is left.

Each round starts from the same installation. While `rapport import registry` brings in the samples, or
while requests create studies one after the other, the process gets SIGKILL. Afterwards the database
must open, `audit verify` must hold, the studies and the rows of the record that created them must be
as many, each imported file must be there whole or not at all, and every creation that was acknowledged
must be there. Half of the rounds kill the import, half the saving."""
import csv
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

from program import EMAIL, Installation, Report, arguments

ROUNDS = int(os.environ.get("KILL_ROUNDS", "20"))
STUDIES, SITES = "select count(*) from study", "select count(*) from study_site"
CREATED = "select count(*) from record where action = 'study.create'"
WITHOUT_SOURCE = ("select count(*) from study s where not exists "
                  "(select 1 from study_source x where x.study_id = s.id)")


def expected_sites(root):
    """Sites of each sample, as the published counts say."""
    with open(root / "samples/ctgov/expected_counts.csv", newline="") as file:
        return {row["nctId"]: int(row["n_locations"]) for row in csv.DictReader(file)}


def duration(installation, root):
    """Seconds an import takes when nobody disturbs it."""
    installation.empty()
    installation.init()
    began = time.monotonic()
    installation.run("import", "registry", str(root / "samples/ctgov"))
    return time.monotonic() - began


def kill_after(process, seconds):
    time.sleep(seconds)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def verify(installation):
    done = installation.run("audit", "verify", check=False)
    if done.returncode != 0:
        return f"audit verify: {done.stdout[-500:]}{done.stderr[-500:]}"
    done = installation.ask("GET /studies\nexpect 200\n", check=False)
    return "" if done.returncode == 0 else f"it does not open: {done.stderr[-500:]}"


def round_import(installation, root, seconds, sites_of):
    command = installation.command("import", "registry", str(root / "samples/ctgov"))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    alive = kill_after(process, seconds)
    why = verify(installation)
    n = installation.number(STUDIES)
    if not why and installation.number(WITHOUT_SOURCE):
        why = "a study is there without the file it came from"
    for code, sites in sites_of.items():
        there = installation.number(f"select count(*) from study_site x join study s on s.id = x.study_id "
                                    f"where s.code = '{code}'")
        known = installation.number(f"select count(*) from study where code = '{code}'")
        if not why and there != (sites if known else 0):
            why = f"{code} has {there} of {sites} sites"
    records = installation.number("select count(*) from record where action = 'registry.import'")
    if not why and records != n:
        why = f"{n} studies, but {records} rows of the record speak of an import"
    return why, f"{'killed' if alive else 'over'} at {n} studies"


def feed(pipe, lines):
    try:
        pipe.write(lines)
        pipe.close()
    except OSError:
        pass  # it was killed


def round_save(installation, seconds):
    lines = "".join(f"POST /studies/new code=K-{i}&title=Study+{i}\n" for i in range(3000))
    command = installation.command("request", "--as", EMAIL)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    answers = []
    reader = threading.Thread(target=lambda: answers.extend(process.stdout))
    writer = threading.Thread(target=feed, args=(process.stdin, lines))
    reader.start()
    writer.start()
    alive = kill_after(process, seconds)
    reader.join()
    writer.join()
    acknowledged = sum(bool(re.match(r"303 /studies/new -> /studies/", line)) for line in answers)
    why = verify(installation)
    n, created = installation.number(STUDIES), installation.number(CREATED)
    if not why and n != created:
        why = f"{n} studies, but {created} rows of the record speak of a creation"
    if not why and n < acknowledged:
        why = f"{acknowledged} were acknowledged, {n} are there"
    return why, f"{'killed' if alive else 'over'} at {n} studies, {acknowledged} acknowledged"


def main():
    program, root, postgres = arguments()
    random.seed(20261123)
    report, installation = Report(), Installation(program, postgres)
    sites_of = expected_sites(root)
    hit = 0
    try:
        whole = duration(installation, root)
        for i in range(ROUNDS):
            installation.empty()
            installation.init()
            seconds = random.uniform(0.02, 0.9) * (whole if i % 2 == 0 else 1.5)
            if i % 2 == 0:
                why, what = round_import(installation, root, seconds, sites_of)
            else:
                why, what = round_save(installation, seconds)
            hit += "killed" in what
            report(not why, f"{'import' if i % 2 == 0 else 'saving'} after {seconds:.2f} s: {what}", why)
        report(hit >= ROUNDS // 2, f"{hit} of {ROUNDS} were killed while they worked")
    finally:
        installation.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
