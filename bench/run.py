#!/usr/bin/env python3
"""Measures pages in databases of 100, of 1,000 and of very many studies, the import and the forecast;
writes RESULTS.md.

    python3 bench/run.py --build FOLDER [--folder FOLDER] [--studies 100000] [--requests 200]

FOLDER of the build holds app/rapport and bench/bench_forecast; bench/run.sh makes it. Requests go to the
databases in turns, over one kept connection each, so that a busy moment of the machine falls on all. Not a test: it fails only when a page does not answer 200, or when what the generator
wrote is not what the program would have written.
"""
import argparse
import glob
import html
import http.client
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.insert(0, HERE)
from generate import ALONE, ref  # noqa: E402

SMALL, MIDDLE, WARM, PASSWORD = 100, 1000, 20, "bench pass phrase 17"
# who asks: the director of what the installation runs (everything), of a sponsor of 300 of the
# studies, a CRA of three
WIDE, ALONE_DIRECTOR, CRA = "bench@example.org", "alone@example.org", "cra@example.org"


def study(i):
    return f"/studies/NCT{90000000 + i % SMALL:08d}"


def by(kind, i):
    return f"/{'organisations' if kind == 'organisation' else 'people'}/{ref(kind, i)}"


# name, address of request i, who asks
PAGES = [
    ("portfolio", lambda i: "/studies", WIDE),
    ("portfolio, one filter", lambda i: "/studies?phase=PHASE3", WIDE),
    ("portfolio, three filters", lambda i: "/studies?phase=PHASE3&status=COMPLETED&sponsor=INDUSTRY", WIDE),
    ("portfolio, by title", lambda i: "/studies?sort=title", WIDE),
    ("portfolio, next page", None, WIDE),
    ("portfolio, searched", lambda i: "/studies?q=treatment", WIDE),
    ("search, 3 letters (hos)", lambda i: "/search?q=hos", WIDE),
    ("search, 3 letters (pha)", lambda i: "/search?q=pha", WIDE),
    ("search, two common words", lambda i: "/search?q=safety+efficacy", WIDE),
    ("search, two words and a filter", lambda i: "/studies?q=safety+study&phase=PHASE3", WIDE),
    ("search, a code", lambda i: f"/search?q=NCT{90000000 + i % SMALL:08d}", WIDE),
    ("study", study, WIDE),
    ("its sites", lambda i: study(i) + "/sites", WIDE),
    ("its recruitment, 10 sites, first view", lambda i: study(i) + f"/recruitment?as_of=2026-10-{1 + i // SMALL:02d}", WIDE),
    ("its recruitment, 10 sites, kept", lambda i: study(i % 10) + "/recruitment", WIDE),
    ("its recruitment, 200 sites, kept", lambda i: "/studies/BENCH-200/recruitment", WIDE),
    ("organisations", lambda i: "/organisations", WIDE),
    ("people", lambda i: "/people", WIDE),
    ("organisation of 20 sites", lambda i: by("organisation", 1 + i % 40), WIDE),
    ("organisation of 60 / 2,000 sites", lambda i: by("organisation", 0), WIDE),
    ("person in 4 studies", lambda i: by("person", 1 + i % 40), WIDE),
    ("person in 60 / 2,000 studies", lambda i: by("person", 0), WIDE),
    ("sponsor's director: portfolio", lambda i: "/studies", ALONE_DIRECTOR),
    ("sponsor's director: two filters", lambda i: "/studies?phase=PHASE3&status=COMPLETED", ALONE_DIRECTOR),
    ("sponsor's director: search", lambda i: "/search?q=hos", ALONE_DIRECTOR),
    ("sponsor's director: study", study, ALONE_DIRECTOR),
    ("sponsor's director: organisations", lambda i: "/organisations", ALONE_DIRECTOR),
    ("sponsor's director: shared organisation", lambda i: by("organisation", 0), ALONE_DIRECTOR),
    ("sponsor's director: shared person", lambda i: by("person", 0), ALONE_DIRECTOR),
    ("CRA of 3 studies: portfolio", lambda i: "/studies", CRA),
    ("CRA of 3 studies: search", lambda i: "/search?q=hos", CRA),
    ("CRA of 3 studies: study", lambda i: f"/studies/NCT{90000000 + i % 3:08d}", CRA),
    ("CRA of 3 studies: organisations", lambda i: "/organisations", CRA),
    ("CRA of 3 studies: shared organisation", lambda i: by("organisation", 0), CRA),
    ("CRA of 3 studies: shared person", lambda i: by("person", 0), CRA),
]

LOADED = [("portfolio", "/studies"), ("study", "/studies/NCT90000007"), ("its recruitment, 10 sites", "/studies/NCT90000007/recruitment"),
          ("its recruitment, 200 sites", "/studies/BENCH-200/recruitment"), ("search, two common words", "/search?q=safety+efficacy")]


class Server:
    def __init__(self, rapport, db):
        began = time.monotonic()
        self.process = subprocess.Popen([rapport, "serve", "--port", "0", "--db", db], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        self.http = http.client.HTTPConnection("127.0.0.1", self.port)
        self.cookies = {None: ""}
        self.get("/sign-in", None)
        self.first = time.monotonic() - began
        for email in WIDE, ALONE_DIRECTOR, CRA:
            self.sign_in(email)

    def sign_in(self, email):
        body = urllib.parse.urlencode({"email": email, "password": PASSWORD})
        self.http.request("POST", "/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self.http.getresponse()
        answer.read()
        self.cookies[email] = "; ".join(v.split(";")[0] for k, v in answer.getheaders() if k.lower() == "set-cookie")
        if "rapport=" not in self.cookies[email]:
            raise SystemExit(f"signing in failed: {answer.status}")

    def get(self, path, who=WIDE, http=None):
        """Seconds from the request to the last byte, and the page."""
        http = http or self.http
        began = time.perf_counter()
        http.request("GET", path, headers={"Cookie": self.cookies[who]})
        answer = http.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return took, body

    def memory(self, what="Pss"):
        text = open(f"/proc/{self.process.pid}/smaps_rollup").read()
        return int(re.search(rf"^{what}:\s+(\d+)", text, re.M).group(1)) / 1024

    def most(self):
        return int(re.search(r"^VmHWM:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read(), re.M).group(1)) / 1024

    def cpu(self):
        """Seconds that all threads have run: exact, where the clock ticks of stat are 10 ms."""
        return sum(int(open(p).read().split()[0]) for p in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat")) / 1e9

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def spread(seconds):
    s = sorted(seconds)
    return statistics.median(s) * 1e3, s[int(len(s) * 0.95)] * 1e3


def make_database(o, n):
    path = os.path.join(o.folder, f"bench-{n}.db")
    if os.path.exists(path + ".done"):
        return path
    for old in glob.glob(path + "*"):
        os.remove(old)
    subprocess.run([o.rapport, "init", "--db", path, "--email", WIDE, "--password-stdin", "--organisation", "Bench Sponsor"],
                   input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), path, str(n)], check=True)
    add_viewers(o, path)
    check_lists(path)
    open(path + ".done", "w").close()
    return path


def add_viewers(o, path):
    """The program itself lists and makes findable the studies of the sponsor whose director comes."""
    add = [o.rapport, "user", "add", "--db", path, "--password-stdin"]
    for email, more in (ALONE_DIRECTOR, ["--role", "director", "--organisation", ALONE]), (CRA, ["--role", "cra", "--study", "NCT90000000"]):
        subprocess.run(add + [email] + more, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(path) as db:
        columns = [x[1] for x in db.execute("pragma table_info(tie)") if x[1] not in ("id", "ref", "study_id")]
        for study in 2, 3:
            db.execute(f"insert into tie (ref, study_id, {', '.join(columns)}) select 'benchtie{study}', ?, {', '.join(columns)} "
                       "from tie where role = 'cra' and study_id = 1", (study,))


def check_lists(path):
    """What the generator listed of a sponsor's studies for the director of all, and what the program
    listed of them for the sponsor's own, is the same."""
    db = sqlite3.connect(path)
    alone = db.execute("select id from organisation where name = ?", (ALONE,)).fetchone()[0]
    home = db.execute("select min(organisation_id) from audience").fetchone()[0]
    for what, query in [
            ("list", "select facet, study_id, title_key, start_key, updated_key, size_key, sieve_a, sieve_b from study_list "
                     "where audience_id = :of and study_id in (select study_id from study_list where audience_id = :alone and facet = '')"),
            ("parties", "select part, party_id, updated_key, thing_id, study_id from study_party where audience_id = :of "
                        "and study_id in (select study_id from study_list where audience_id = :alone and facet = '')"),
            ("words", "select w.kind, w.thing_id, w.word_key, w.weight, w.sieve_a, w.sieve_b, w.sieve_c from (select distinct kind, thing_id from search_word "
                      "where audience_id = :alone) k cross join search_word w indexed by search_word_thing on w.audience_id = :of and w.kind = k.kind "
                      "and w.thing_id = k.thing_id")]:
        rows = [sorted(db.execute(query, {"of": of, "alone": alone})) for of in (home, alone)]
        if rows[0] != rows[1] or not rows[0]:
            raise SystemExit(f"bench/generate.py does not write what the program writes ({what}): "
                             f"{sorted(set(rows[0]) ^ set(rows[1]))[:5]}")
    if db.execute("select count(*) from study_list").fetchone() != db.execute("select sum(n) from study_total").fetchone():
        raise SystemExit("the totals are not those of the lists")
    db.close()


def next_page(server):
    page = server.get("/studies")[1].decode()
    found = re.search(r'href="(/studies\?[^"]*after=[^"]*)"', page)
    return html.unescape(found.group(1))


def measure_pages(o, servers):
    rows = []
    for name, address, who in PAGES:
        if o.only and not re.search(o.only, name):
            continue
        at = [address] * len(servers) if address else [lambda i, href=next_page(s): href for s in servers]
        times, sizes, cpu = [[] for _ in servers], [0] * len(servers), [0.0] * len(servers)
        for i in range(WARM + o.requests):
            for k, s in enumerate(servers):
                if i == WARM:
                    cpu[k] = s.cpu()
                took, body = s.get(at[k](i), who)
                sizes[k] = len(body)
                if i >= WARM:
                    times[k].append(took)
        cpu = [(s.cpu() - c) / o.requests * 1e3 for s, c in zip(servers, cpu)]
        rows.append((name, [spread(t) for t in times], cpu, sizes))
        m = [x[0] for x in rows[-1][1]]
        print(f"{name:40} {' '.join(f'{x:7.2f}' for x in m)} ms  {' '.join(f'{m[-1] / x:.2f}' for x in m[:-1])}  cpu "
              f"{' '.join(f'{cpu[-1] / x:.2f}' for x in cpu[:-1])}  {sizes}", file=sys.stderr)
    return rows


def measure_load(o, servers):
    """16 connections at once with wrk, where there is one: requests/s, p50 and p99 in ms."""
    rows = []
    for name, path in LOADED if shutil.which("wrk") else []:
        found = [[] for _ in servers]
        for _ in range(3):
            for k, s in enumerate(servers):
                text = subprocess.run(["wrk", "-t1", "-c16", f"-d{o.load}s", "--latency", "-H", "Cookie: " + s.cookies[WIDE],
                                       f"http://127.0.0.1:{s.port}{path}"], check=True, capture_output=True, text=True).stdout
                if "Non-2xx" in text or "Socket errors" in text:
                    raise SystemExit(f"{path}: {text}")
                p = [float(x) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit] for x, unit in re.findall(r"(?:50|99)%\s+([\d.]+)(us|ms|s)", text)]
                found[k].append((float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), *p))
        rows.append((name, [[statistics.median(x) for x in zip(*f)] for f in found]))
        print(f"{name:40} {rows[-1][1]}", file=sys.stderr)
    return rows


def measure_import(o):
    """2,000 records: the samples again and again, under other numbers."""
    paths = sorted(glob.glob(ROOT + "/samples/ctgov/NCT*.json"))
    lines = []
    for i in range(2000):
        text = open(paths[i % len(paths)]).read()
        own = os.path.basename(paths[i % len(paths)])[:-5]
        lines.append(json.dumps(json.loads(text.replace(own, f"NCT{80000000 + i:08d}")), ensure_ascii=False, separators=(",", ":")))
    records, db = os.path.join(o.folder, "records.jsonl"), os.path.join(o.folder, "import.db")
    open(records, "w").write("\n".join(lines) + "\n")
    rates, peers, peak = [], [], 0
    for _ in range(3):
        for old in glob.glob(db + "*"):
            os.remove(old)
        subprocess.run([o.rapport, "init", "--db", db, "--email", WIDE, "--password-stdin"], input=PASSWORD + "\n", text=True,
                       check=True, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        p = subprocess.Popen([o.rapport, "import", "registry", "--quiet", "--db", db, records], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
        rates.append(2000 / (time.perf_counter() - began))
        if status:
            raise SystemExit("the import failed")
        peak = max(peak, usage.ru_maxrss / 1024)
        began = time.perf_counter()
        for line in open(records):
            json.loads(line)
        peers.append(2000 / (time.perf_counter() - began))
    return sorted(rates), sorted(peers), peak, os.path.getsize(records) / 2000


def measure_forecast(o, db):
    inner = json.loads(subprocess.run([os.path.join(o.build, "bench", "bench_forecast")], check=True, capture_output=True).stdout)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        subprocess.run([o.rapport, "forecast", "BENCH-200", "--db", db], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return inner, spread(took)


def machine():
    model = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    memory = int(re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo").read()).group(1)) >> 20
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores, {memory} GB, Linux {platform.release()}"


def report(o, rows, load, memory, starts, imports, forecast, sizes):
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    names = [f"{n:,}" for n in o.sizes]
    out = [
        "# Results", "",
        f"Written by `make bench` (`bench/run.sh`) on {time.strftime('%Y-%m-%d')}, at {commit}. How to repeat it: README.md beside this.", "",
        f"Machine: {machine()}; load average {o.busy:.1f} when it began. SQLite databases of " + ", ".join(f"{n} studies ({m:,.0f} MB)" for n, m in zip(names, sizes)) + ": ten sites "
        f"a study and five enrolments a site, so {o.studies * 10:,} sites and {o.studies * 50:,} participants in the largest.", "",
        f"{o.requests} requests for each page and database, in turns, after {WARM} to warm up, over one connection each. Milliseconds from "
        "the request to the last byte, medians; the client's own time is in them, so the server's CPU time stands beside.", "",
        f"| page | {' | '.join(names)} | p95 of the last | ratio to {names[0]} | ratio to {names[1]} | CPU ms, {' / '.join(names)} | KB |",
        "| --- |" + " --- |" * (len(names) + 5)]
    for name, t, cpu, n in rows:
        m = [x[0] for x in t]
        more = n[-1] > 1.15 * n[0]
        ratios = [f"**{m[-1] / x:.2f}**" if m[-1] / x > 1.5 else f"{m[-1] / x:.2f}" for x in m[:2]]
        out.append(f"| {name} | {' | '.join(f'{x:.2f}' for x in m)} | {t[-1][1]:.2f} | {ratios[0]}{' †' if more else ''} | {ratios[1]} | "
                   f"{' / '.join(f'{x:.2f}' for x in cpu)} | {' / '.join(f'{x / 1024:.0f}' for x in n)} |")
    out += ["", f"The goal is a ratio of at most 1.5; what is above it is bold. † The page of the large database shows more than that of {names[0]} "
            f"studies, which cannot fill it (its KB say how much); there the ratio to {names[1]} studies is that of like with like.", "",
            "## Sixteen connections at once", "",
            f"wrk, one thread, 16 connections, {o.load} s, three times in turns, medians." if load else "wrk was not there: not measured.", ""]
    if load:
        out += [f"| page | requests/s, {' / '.join(names)} | p50 ms | p99 ms |", "| --- | --- | --- | --- |"]
    for name, found in load:
        out.append(f"| {name} | {' / '.join(f'{x[0]:,.0f}' for x in found)} | {' / '.join(f'{x[1]:.1f}' for x in found)} | "
                   f"{' / '.join(f'{x[2]:.1f}' for x in found)} |")
    out += ["", "## The server", "", f"| | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    out.append(f"| first answer after start, ms | {' | '.join(f'{x * 1e3:.0f}' for x in starts)} |")
    for when, values in memory.items():
        out.append(f"| {when}, MB | {' | '.join(f'{x:.1f}' for x in values)} |")
    out += ["", "The goal is less than 64 MB."]
    rates, peers, peak, mean = imports
    out += ["", "## Import", "",
            f"2,000 registry records in one file of lines, {mean / 1024:.1f} KB each on average, to committed tables and search index, three runs: "
            f"{rates[0]:.0f}, {rates[1]:.0f}, {rates[2]:.0f} records/s; at most {peak:.0f} MB. "
            f"Python's json.loads of the same lines, storing nothing: {peers[1]:,.0f} records/s.", "", "## Forecast", "",
            "The engine itself; pages keep what it says until something it is made of changes.", "",
            "| 200 sites | median | p95 |", "| --- | --- | --- |"]
    for name, (m, p) in forecast[0].items():
        out.append(f"| {name}, CPU ms | {m / 1e3:.2f} | {p / 1e3:.2f} |")
    out.append(f"| `rapport forecast BENCH-200` in the largest database, from start to end, ms | {forecast[1][0]:.1f} | {forecast[1][1]:.1f} |")
    open(o.out, "w").write("\n".join(out) + "\n")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--build", required=True)
    p.add_argument("--folder")
    p.add_argument("--studies", type=int, default=100000)
    p.add_argument("--requests", type=int, default=200)
    p.add_argument("--load", type=int, default=3, help="seconds of each run with 16 connections")
    p.add_argument("--out", default=os.path.join(HERE, "RESULTS.md"))
    p.add_argument("--only", help="pages whose names this regular expression finds")
    p.add_argument("--pages-only", action="store_true", help="print the ratios, write nothing")
    o = p.parse_args()
    o.folder = o.folder or os.path.join(o.build, "bench-data")
    o.rapport = os.path.join(o.build, "app", "rapport")
    o.sizes = [SMALL, MIDDLE, o.studies]
    o.busy = os.getloadavg()[0]
    os.makedirs(o.folder, exist_ok=True)
    paths = [make_database(o, n) for n in o.sizes]
    servers = [Server(o.rapport, path) for path in paths]
    memory = {}
    try:
        memory["PSS before the first page"] = [s.memory() for s in servers]
        rows = measure_pages(o, servers)
        memory["PSS after all pages, one connection"] = [s.memory() for s in servers]
        load = [] if o.only else measure_load(o, servers)
        memory["PSS after sixteen connections"] = [s.memory() for s in servers]
        memory["RSS after sixteen connections"] = [s.memory("Rss") for s in servers]
        memory["RSS at most, ever"] = [s.most() for s in servers]
        starts = [s.first for s in servers]
    finally:
        for s in servers:
            s.stop()
    print(memory, file=sys.stderr)
    if not o.pages_only:
        report(o, rows, load, memory, starts, measure_import(o), measure_forecast(o, paths[-1]), [os.path.getsize(x) / 2**20 for x in paths])


if __name__ == "__main__":
    main()
