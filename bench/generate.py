#!/usr/bin/env python3
"""Fills a database made by `rapport init` with N studies, as imports and pages would have written them.

    python3 bench/generate.py FILE N

What is written is what features/studies/store.c (study_relist), core/words.c, core/sieve.c and the imports of
recruitment write, by bulk SQL: 10 sites a study, 5 enrolments a site, facets, the director's list
and totals, search words, shared organisations and people, plans and targets. bench/run.py checks it:
the program lists the studies of "Bench Alone" again for that sponsor's director, and both must agree. Texts are combined from
the public records in samples/ctgov; names of people are made of syllables. The same N gives the same
database, and study k is the same study whatever N is, so that pages can be compared.

BENCH-200 is one more study, with 200 sites. Organisation "Bench University Hospital" and person
"Bench Hub" take part in many studies: 60, or one in fifty of N when that is more. "Bench Alone" is the
sponsor of the first 300 studies.
Not a test and not a demonstration: called by bench/run.py.
"""
import functools
import glob
import itertools
import json
import os
import random
import re
import sqlite3
import sys
import time
import unicodedata
from datetime import date, timedelta

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
START = date(2026, 1, 5)
CODE, NAME, MORE = 1, 2, 3
SITES, PEOPLE_PER_SITE, ORG_SHARE, PERSON_SHARE = 10, 5, 20, 4
ALONE = "Bench Alone"
ALONE_STUDIES = 300
KINDS = {"study": 1, "organisation": 2, "person": 3, "site": 4, "import": 5, "home": 6}


def fold(text):
    """base/utf8.c utf8_fold."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = re.sub(r"['\u2019]", "", text)
    kept = [c if unicodedata.category(c)[0] in "LN" else " " for c in text if not unicodedata.combining(c)]
    return " ".join("".join(kept).split())


def words(text):
    """core/words.c words_of: at most 60 folded words, once each, 40 bytes each."""
    return list(dict.fromkeys(w[:40] for w in fold(text).split()))[:60]


def fnv_1a(thing):
    h = 0xCBF29CE484222325
    for b in thing.encode():
        h = (h ^ b) * 0x100000001B3 & ((1 << 64) - 1)
    return h


@functools.lru_cache(maxsize=200000)
def sieve_bits(thing):
    """core/sieve.c sieve_add: two bits of 189."""
    h = fnv_1a(thing)
    return 1 << h % 189 | 1 << (h >> 32) % 189


def sieve(bits):
    """As three integers of 63 bits."""
    return bits & ((1 << 63) - 1), bits >> 63 & ((1 << 63) - 1), bits >> 126


LITERALS = re.findall(r'^LIT\("(\w+)", "(\w+)"', open(ROOT + "/features/studies/literals.def").read(), re.M)
FACETS = [f"{name}={literal}" for kind, name in (("status", "status"), ("phase", "phase"), ("class", "sponsor"))
          for k, literal in LITERALS if k == kind]


@functools.lru_cache(maxsize=10000)
def facet_bits(facet):
    """features/studies/rules.c rules_facet_sieve: a bit of its own above, or two of 63 below."""
    if not facet:
        return 0
    if facet in FACETS:
        return 1 << 63 + FACETS.index(facet)
    h = fnv_1a(facet)
    return 1 << h % 63 | 1 << (h >> 32) % 63


def ref(kind, i):
    """Ten digits that look random and are unique: an odd multiplier permutes 50 bits."""
    x = ((i << 4 | KINDS[kind]) * 0x2545F4914F6CDD1D) & ((1 << 50) - 1)
    return "".join(DIGITS[(x >> (5 * k)) & 31] for k in range(10))


class Samples:
    """The parts that texts are made of."""

    def __init__(self):
        codes = dict(re.findall(r'COUNTRY\((\w\w), \w+, "([^"]+)"', open(ROOT + "/core/countries.def").read()))
        by_name = {v: k for k, v in codes.items()}
        self.records = []
        facilities, places, titles = set(), set(), []
        for path in sorted(glob.glob(ROOT + "/samples/ctgov/NCT*.json")):
            p = json.load(open(path))["protocolSection"]
            self.records.append(p)
            titles += words(p["identificationModule"]["briefTitle"])
            for x in p.get("contactsLocationsModule", {}).get("locations", []):
                if x.get("facility", "").isascii() and x.get("city", "").isascii() and x.get("country") in by_name:
                    facilities.add(x["facility"])
                    places.add((x["city"], by_name[x["country"]], x["country"]))
        self.facilities, self.places = sorted(facilities), sorted(places)
        self.titles = titles
        self.conditions = sorted({c for p in self.records for c in p["conditionsModule"].get("conditions", []) if c.isascii()})
        self.sponsors = sorted({(s["name"], s["class"]) for p in self.records
                                for s in [p["sponsorCollaboratorsModule"]["leadSponsor"]] if s["name"].isascii()})
        self.sponsors.append((ALONE, "INDUSTRY"))
        assert len(self.places) > 100 and len(self.facilities) > 100, "samples are missing"


SYLLABLES = "ba den fi gor han is ja kel lo mar nu os pe ri sal tom ul ver wen yor zan el bri cor".split()


def person_name(i):
    r = random.Random(i * 7 + 5)
    def make(n):
        return "".join(r.choice(SYLLABLES) for _ in range(n)).capitalize()
    return f"{make(2)} {make(3)}"


class Fill:
    def __init__(self, db, n):
        self.db, self.n, self.s = db, n, Samples()
        self.n_orgs, self.n_people = max(50, n * SITES // ORG_SHARE), max(250, n * SITES // PERSON_SHARE)
        one = lambda q: db.execute(q).fetchone()[0]
        self.home = one("select organisation_id from audience")
        self.org0, self.person0 = one("select max(id) from organisation") + 1, one("select max(id) from person") + 1
        self.now = one("select max(created) from organisation")
        self.rows, self.total = {}, {}
        self.sieves = {}
        self.site_id = self.participant_id = self.named_id = 0

    def add(self, table, *values):
        self.rows.setdefault(table, []).append(values)

    def flush(self):
        self.rows["temp.sieve"] = [(kind, thing, *sieve(bits)) for (kind, thing), bits in self.sieves.items()]
        self.sieves.clear()
        for table, rows in self.rows.items():
            if not rows:
                continue
            marks = ",".join("?" * len(rows[0]))
            self.db.executemany(f"insert into {table} values ({marks})", rows)
        self.rows.clear()

    def word(self, kind, thing, weight, text):
        for w in words(text):
            self.add("temp.word", self.home, w, weight, kind, thing)
            self.sieves[kind, thing] = self.sieves.get((kind, thing), 0) | (sieve_bits(w[:4]) if len(w) >= 4 else 0)

    def mark(self, kind, thing, mark):
        self.add("temp.word", self.home, mark, CODE, kind, thing)
        self.sieves[kind, thing] = self.sieves.get((kind, thing), 0) | sieve_bits(mark)

    # ---- parties ----

    def org_name(self, i):
        if i == 0:
            return "Bench University Hospital", self.s.places[0]
        r = random.Random(i * 3 + 1)
        return f"{r.choice(self.s.facilities)} {i}", r.choice(self.s.places)

    def parties(self):
        for i in range(self.n_orgs):
            name, (city, code, _) = self.org_name(i)
            self.party("organisation", self.org0 + i, name, city)
            self.add("organisation", self.org0 + i, ref("organisation", i), name, fold(name), "site", None, city, None,
                     None, code, None, None, 0, f"{fold(name)}|{fold(city)}|{code}", "registry", self.now)
        for k, (name, cls) in enumerate(self.s.sponsors):
            i = self.n_orgs + k
            self.party("organisation", self.org0 + i, name, None)
            self.add("organisation", self.org0 + i, ref("organisation", i), name, fold(name), "sponsor", cls, None, None,
                     None, None, None, None, 0, f"{fold(name)}||", "registry", self.now)
        self.flush()
        for i in range(self.n_people):
            name = "Bench Hub" if i == 0 else person_name(i)
            at = self.org_name(i % self.n_orgs)[0]
            self.party("person", self.person0 + i, name, at)
            self.add("person", self.person0 + i, ref("person", i), name, fold(name), at, 0, f"{fold(name)}|{i}",
                     "registry", self.now)
            if i % 20000 == 0:
                self.flush()
        self.flush()

    def party(self, kind, i, name, more):
        self.add("temp.word", self.home, f" {kind} {fold(name)[:80]}", NAME, kind, i)
        self.word(kind, i, NAME, name)
        if more:
            self.word(kind, i, MORE, more)

    # ---- studies ----

    def study(self, i, n_sites=SITES, code=None):
        """Study number i, from 0; its id is i + 1."""
        r = random.Random(i)
        p = r.choice(self.s.records)
        code = code or f"NCT{90000000 + i:08d}"
        title = " ".join(r.choice(self.s.titles) for _ in range(r.randint(6, 12))).capitalize()
        official = f"A study of {title.lower()} in {' '.join(r.choice(self.s.titles) for _ in range(6))}"
        conditions = r.sample(self.s.conditions, 2)
        k = r.randrange(len(self.s.sponsors) - 1)
        if i < ALONE_STUDIES:
            k = len(self.s.sponsors) - 1
        sponsor, cls = self.s.sponsors[k]
        status = p["statusModule"]["overallStatus"]
        phases = "|".join(p.get("designModule", {}).get("phases", [])) or None
        size = n_sites * PEOPLE_PER_SITE + r.randrange(1, 40)
        start, updated = START - timedelta(r.randrange(400)), date(2026, 11, 1) - timedelta(r.randrange(2000))
        key = (fold(title)[:80].encode()[:80].decode(), start.isoformat(), updated.isoformat(), f"{size:010d}")
        sites = [self.place(r, i, n) for n in range(n_sites)]
        countries = {}
        for _, (_, c, _) in sites:
            countries[c] = countries.get(c, 0) + 1
        d = p["descriptionModule"]
        org = p["identificationModule"].get("orgStudyIdInfo", {}).get("id", "ORG") + f"-{i}"
        find = fold(" ".join([code, title, official, sponsor, *conditions, org]))
        self.add("study", i + 1, ref("study", i), code, title, official, None, status, "INTERVENTIONAL", phases, size,
                 "ESTIMATED", 0, self.org0 + self.n_orgs + k, sponsor, cls, self.home,
                 n_sites, len(countries), 0, *key, "registry", self.now, find, d.get("briefSummary"), d.get("detailedDescription"))
        self.add("study_party", self.home, "sponsored", self.org0 + self.n_orgs + k, updated.isoformat(), i + 1, i + 1)
        self.add("study_organisation", i + 1, "sponsor", 0, self.org0 + self.n_orgs + k, sponsor, cls)
        facets = ["", f"status={status}", f"sponsor={cls}"]
        facets += [f"phase={x}" for x in (phases or "none").split("|")] + [f"country={c}" for c in countries]
        bits = 0
        for f in facets:
            bits |= facet_bits(f)
        for f in facets:
            self.add("study_facet", i + 1, f)
            self.add("study_list", self.home, f, i + 1, *key, *sieve(bits)[:2])
            self.total[f] = self.total.get(f, 0) + 1
            if f:
                self.mark("study", i + 1, f" {f} ")
        for c, m in countries.items():
            self.add("study_country", i + 1, c, m)
        for w, text in [(CODE, code), (NAME, title), (MORE, official), (MORE, sponsor), (CODE, org), *((MORE, c) for c in conditions)]:
            self.word("study", i + 1, w, text)
        self.add("study_identifier", i + 1, 0, org, "org", None, None, None)
        for n, c in enumerate(conditions):
            self.add("study_term", i + 1, "condition", n, c, None)
        self.detail(i + 1, p)
        self.sites(r, i, sites, start, updated.isoformat())
        self.plan(i + 1, n_sites, start, size)

    def place(self, r, i, n):
        """The organisation of site n: the hub first in one study of fifty, and in the first 60."""
        hub = n == 0 and (i % 50 == 0 or i < 60)
        o = 0 if hub else r.randrange(1, 1 << 30) % (self.n_orgs - 1) + 1
        return o, r.choice(self.s.places) if hub else self.org_name(o)[1]

    def detail(self, study, p):
        arms = p.get("armsInterventionsModule", {})
        for n, x in enumerate(arms.get("armGroups", [])[:4]):
            self.add("study_arm", study, n, x.get("label"), x.get("type"), x.get("description"), None)
        for n, x in enumerate(arms.get("interventions", [])[:4]):
            self.add("study_intervention", study, n, x.get("type"), x.get("name"), x.get("description"), None, None)
        for kind in "primary", "secondary":
            for n, x in enumerate(p.get("outcomesModule", {}).get(kind + "Outcomes", [])[:6]):
                self.add("study_outcome", study, kind, n, x.get("measure"), x.get("description"), x.get("timeFrame"))
        e = p["eligibilityModule"]
        self.add("study_eligibility", study, e.get("eligibilityCriteria"), e.get("sex"), e.get("minimumAge"), e.get("maximumAge"),
                 None, None, "|".join(e.get("stdAges", [])), None, None, None, None, None)

    def sites(self, r, i, sites, start, updated):
        study = i + 1
        self.add("import_file (id, ref, study_id, kind, file_name, hash, n_rows, n_new, n_changed, who, at)", study,
                 ref("import", i), study, "participants", "log.csv", b"bench", len(sites) * PEOPLE_PER_SITE,
                 len(sites) * PEOPLE_PER_SITE, 0, "bench", self.now)
        lead = 0 if i % 50 == 0 or i < 60 else r.randrange(1, 1 << 30) % (self.n_people - 1) + 1
        self.named(study, None, self.person0 + lead, "official", None, updated)
        for n, (o, (city, country, stated)) in enumerate(sites):
            self.site_id += 1
            site, name, number = self.site_id, self.org_name(o)[0], f"{n + 101}"
            self.add("study_site", site, ref("site", site), study, self.org0 + o, number, None, name, city, None, None, country,
                     stated, n, None, None, "RECRUITING", f"0 {int(number):08d}", "registry", 0, self.now)
            who = r.randrange(1, 1 << 30) % (self.n_people - 1) + 1
            self.named(study, site, self.person0 + who, "contact", name, updated)
            self.add("study_party", self.home, "site", self.org0 + o, updated, site, study)
            opened = start + timedelta(r.randrange(120))
            self.add("site_plan", study, site, (opened - timedelta(10)).isoformat(), opened.isoformat(), None, 8, None, None)
            for k in range(PEOPLE_PER_SITE):
                self.participant_id += 1
                on = (opened + timedelta(1 + int(r.random() * 200))).isoformat()
                self.add("participant", self.participant_id, study, site, f"{number}-{k + 1:03d}", None, 0, on, None, None,
                         on, on, None, None, None, "enrolled", study)

    def named(self, study, site, person, kind, affiliation, updated):
        self.named_id += 1
        self.add("study_person", self.named_id, study, site, person, kind, 0, None, "PRINCIPAL_INVESTIGATOR", None, affiliation)
        self.add("study_party", self.home, "named", person, updated, self.named_id, study)

    def plan(self, study, n_sites, start, size):
        self.add("recruitment", study, "randomised", size, "2027-12-31", 0.2)
        self.add("plan_version", study, study, 1, None, None, self.now, None)
        for m in range(12):
            month = start.month - 1 + m
            self.add("plan_point", study, study, date(start.year + month // 12, month % 12 + 1, 1).isoformat(), size * (m + 1) // 12, n_sites)

    def finish(self):
        self.flush()
        self.db.execute("insert or ignore into search_word select w.audience, w.word, w.weight, w.kind, w.thing, s.a, s.b, s.c "
                        "from temp.word w join temp.sieve s on s.kind = w.kind and s.thing = w.thing "
                        "order by w.audience, w.kind, w.weight, w.word, w.thing")
        for f, n in self.total.items():
            self.add("study_total", self.home, f, n)
        self.flush()


def main():
    path, n = sys.argv[1], int(sys.argv[2])
    began = time.monotonic()
    db = sqlite3.connect(path, isolation_level=None)
    for setting in "journal_mode=off", "synchronous=off", "cache_size=-1000000", "foreign_keys=off", "temp_store=memory":
        db.execute("pragma " + setting)
    indexes = db.execute("select name, sql from sqlite_master where type = 'index' and sql is not null").fetchall()
    for name, _ in indexes:
        db.execute(f"drop index {name}")
    db.execute("create temp table word (audience, word, weight, kind, thing)")
    db.execute("create temp table sieve (kind text, thing integer, a integer, b integer, c integer, primary key (kind, thing)) without rowid")
    db.execute("begin")
    f = Fill(db, n)
    f.parties()
    for i in range(n):
        f.study(i)
        if i % 2000 == 1999:
            f.flush()
            print(f"\r{i + 1} studies, {time.monotonic() - began:.0f} s", end="", file=sys.stderr)
    f.study(n, 200, "BENCH-200")
    f.flush()
    f.finish()
    for _, sql in indexes:
        db.execute(sql)
    db.execute("commit")
    db.execute("pragma journal_mode=wal")
    db.close()
    print(f"\r{n} studies in {time.monotonic() - began:.0f} s, {os.path.getsize(path) >> 20} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
