#!/usr/bin/env python3
"""Measures My day, a study's list of what is due, and who waits for whom, with 1,000 and with 1,000,000 things due
in the database; writes DAY.md.

    python3 bench/day.py --build FOLDER [--folder FOLDER] [--requests 200]

Whoever asks has the same sixty things in both: the rest are other people's, in other studies. Requests go to the
databases in turns, as in run.py. Not a test: it fails only when a page does not answer 200."""
import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import run  # noqa: E402

OWN, PEOPLE = 60, 2000
PAGES = [("My day", lambda i: "/my-day", run.CRA), ("My day, waiting for others", lambda i: "/my-day?show=waiting", run.CRA),
         ("My day as JSON", lambda i: "/my-day.json", run.CRA), ("one thing due", lambda i: f"/due/own{i % OWN}", run.CRA),
         ("what moved", lambda i: "/me/news", run.CRA), ("the study's first page", lambda i: "/studies/NCT90000000", run.WIDE),
         ("what is due in a study", lambda i: "/studies/NCT90000000/due", run.WIDE),
         ("who waits for whom in a study", lambda i: "/studies/NCT90000000/waiting", run.WIDE)]


def day(n):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + n * 86400))


def row(ref, study, owing, asking, i):
    """As due_create and an agreement leave it."""
    mine = i % 2
    return {"ref": ref, "study_id": study, "compartment": 0, "kind": "ask", "class": "routine", "gxp": 0, "title": f"Thing {i} that is due",
            "owing_person": owing if mine else asking, "owing_at_site": 0, "asking_person": asking if mine else owing, "asking_at_site": 0,
            "state": "agreed", "open": 1, "rung": 0, "turn_person": owing if mine else asking, "other_person": asking if mine else owing,
            "next_on": day(i % 40), "due_on": day(i % 40), "first_due_on": day(i % 40), "moves": 0, "waited_days": 0, "thanked": 0,
            "created": 1700000000000000 + i}


def add_items(path, n):
    with sqlite3.connect(path) as db:
        cra = db.execute("select person_id from tie where role = 'cra' and study_id = 1").fetchone()[0]
        home = db.execute("select min(person_id) from account").fetchone()[0]
        others = [x[0] for x in db.execute("select id from person where id not in (?, ?) order by id limit ?", (cra, home, PEOPLE))]
        studies = [x[0] for x in db.execute("select id from study where id > 5 order by id limit 90")]
        own = [row(f"own{i}", 1, cra, home, i) for i in range(OWN)]
        text = f"insert into commitment ({', '.join(own[0])}) values ({', '.join(':' + k for k in own[0])})"
        db.executemany(text, own)
        db.executemany(text, (row(f"other{i}", studies[i % len(studies)], others[i % len(others)], others[(i * 7 + 1) % len(others)], i)
                              for i in range(n)))
        db.execute("insert into commitment_step (commitment_id, at, who, action, state) select id, created, 'Rapport', 'accept', 'agreed' from commitment")
        for side in ("owing_person", "asking_person"):
            db.execute(f"insert into news (person_id, commitment_id, step_id, at) select x.{side}, x.id, s.id, s.at from commitment_step s join commitment x on x.id = s.commitment_id")
        db.execute("analyze")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--folder", default=tempfile.mkdtemp(prefix="rapport-day-"))
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--out", default=os.path.join(HERE, "DAY.md"))
    o = parser.parse_args()
    o.rapport, o.only, sizes = os.path.join(o.build, "app", "rapport"), None, (1000, 1000000)
    paths = []
    for n in sizes:
        sub = argparse.Namespace(**vars(o))
        sub.folder = os.path.join(o.folder, str(n))
        os.makedirs(sub.folder, exist_ok=True)
        fresh = not os.path.exists(os.path.join(sub.folder, "bench-100.db.done"))
        path = run.make_database(sub, 100)
        if fresh:
            add_items(path, n)
        paths.append(path)
    megabytes = [os.path.getsize(p) / 1e6 for p in paths]
    servers = [run.Server(o.rapport, p) for p in paths]
    run.PAGES[:] = PAGES
    busy = os.getloadavg()[0]
    rows = run.measure_pages(o, servers)
    for s in servers:
        s.stop()
    commit = subprocess.run(["git", "-C", run.ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    out = ["# My day", "",
           f"Written by `bench/day.py` on {time.strftime('%Y-%m-%d')}, at {commit}. Machine: {run.machine()}; load average {busy:.1f} when it began.", "",
           f"SQLite databases of 1,000 ({megabytes[0]:,.0f} MB) and of 1,000,000 things due ({megabytes[1]:,.0f} MB), {OWN} of them in both the asker's own. "
           f"{o.requests} requests each, in turns, medians in ms; CPU of the server beside. The goal is a ratio of at most 1.5.", "",
           "| page | 1,000 | 1,000,000 | p95 of the last | ratio | CPU ms | KB |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for name, t, cpu, n in rows:
        out.append(f"| {name} | {t[0][0]:.2f} | {t[1][0]:.2f} | {t[1][1]:.2f} | {t[1][0] / t[0][0]:.2f} | {cpu[0]:.2f} / {cpu[1]:.2f} | "
                   f"{n[0] / 1024:.0f} / {n[1] / 1024:.0f} |")
    open(o.out, "w").write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
