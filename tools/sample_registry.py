#!/usr/bin/env python3
"""Picks varied study records from a folder of ClinicalTrials.gov downloads, takes every contact
element out, and writes them as the sample that the demo loads, with counts made by this second,
independent reading for the tests to compare with.

Usage: sample_registry.py FOLDER OUT [--records N] [--bytes N] [--processed YYYY-MM-DD]
FOLDER holds one record a file, NCT*.json, as the API's /studies/{nctId} answers. OUT is emptied of
NCT*.json first. The same folder gives the same sample. Standard library only."""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import re

CONTACT_KEYS = {"phone", "phoneext", "email", "fax"}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ .-]?|\(\d{3}\) ?|1-)?\d{3}[ .-]\d{3}[ .-]\d{4}(?!\w)")
UNNAMED = re.compile(r"(?i)\bsite\b|local institution|facility id")
DESK = re.compile(r"(?i)\b(study|trials?|clinical|medical|director|center|contact|pharma\w*)\b")
LARGEST = 300 * 1024
PEOPLE_KEYS = {"centralContacts", "overallOfficials", "locations"}

# Traits that must be there, whatever room is left for others.
FIRST = ("sites", "status", "phases", "type", "nobody", "unnamed", "results", "documents",
         "country Tur", "country Kor", "country South K", "country Rus")

COLUMNS = """nctId briefTitle overallStatus studyType phases enrollment enrollmentType startDate
primaryCompletionDate completionDate lastUpdatePostDate leadSponsor leadSponsorClass n_collaborators
n_conditions n_arms n_interventions n_primaryOutcomes n_secondaryOutcomes n_centralContacts
n_overallOfficials n_locations n_locations_with_geoPoint n_locations_with_status n_location_contacts
n_countries has_results""".split()


def without_contacts(value):
    """The same JSON without contact elements, at any depth."""
    if isinstance(value, list):
        return [without_contacts(v) for v in value]
    if not isinstance(value, dict):
        return value
    return {k: without_contacts(v) for k, v in value.items()
            if k.lower() not in CONTACT_KEYS and not k.lower().endswith("contacts")}


def texts(value):
    """Every text in the JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for v in value.values() if isinstance(value, dict) else value:
            yield from texts(v)


def part(record, *path):
    """The element at a path, or an empty one."""
    for key in path:
        record = record.get(key) or {}
    return record


def locations(record):
    return part(record, "protocolSection", "contactsLocationsModule").get("locations", [])


def counts(record):
    """One row of expected_counts.csv."""
    protocol = record["protocolSection"]
    status, design = part(protocol, "statusModule"), part(protocol, "designModule")
    people = part(protocol, "contactsLocationsModule")
    arms, outcomes = part(protocol, "armsInterventionsModule"), part(protocol, "outcomesModule")
    sponsors, places = part(protocol, "sponsorCollaboratorsModule"), locations(record)
    date = lambda name: part(status, name).get("date", "")
    return dict(zip(COLUMNS, [
        protocol["identificationModule"]["nctId"],
        protocol["identificationModule"].get("briefTitle", ""),
        status.get("overallStatus", ""), design.get("studyType", ""),
        "|".join(design.get("phases", [])),
        part(design, "enrollmentInfo").get("count", ""),
        part(design, "enrollmentInfo").get("type", ""),
        date("startDateStruct"), date("primaryCompletionDateStruct"), date("completionDateStruct"),
        date("lastUpdatePostDateStruct"),
        part(sponsors, "leadSponsor").get("name", ""), part(sponsors, "leadSponsor").get("class", ""),
        len(sponsors.get("collaborators", [])),
        len(part(protocol, "conditionsModule").get("conditions", [])),
        len(arms.get("armGroups", [])), len(arms.get("interventions", [])),
        len(outcomes.get("primaryOutcomes", [])), len(outcomes.get("secondaryOutcomes", [])),
        len(people.get("centralContacts", [])), len(people.get("overallOfficials", [])), len(places),
        sum("geoPoint" in p for p in places), sum("status" in p for p in places),
        sum(len(p.get("contacts", [])) for p in places),
        len({p["country"] for p in places if p.get("country")}), int(bool(record.get("hasResults"))),
    ]))


def suitable(record, size):
    """Small enough, as the registry writes it, and without addresses or numbers in its free text."""
    people = part(record, "protocolSection", "contactsLocationsModule")
    clean = not any(EMAIL.search(t) or PHONE.search(t) for t in texts(without_contacts(record)))
    return size <= LARGEST and clean and set(people) <= PEOPLE_KEYS


def traits(record):
    """What makes the record worth having: kinds of value, not the values of one study."""
    protocol, row = record["protocolSection"], counts(record)
    status, design = part(protocol, "statusModule"), part(protocol, "designModule")
    info, sponsors = part(design, "designInfo"), part(protocol, "sponsorCollaboratorsModule")
    found = {f"status {row['overallStatus']}", f"type {row['studyType']}", f"phases {row['phases']}",
             f"class {row['leadSponsorClass']}", f"results {row['has_results']}",
             f"allocation {info.get('allocation')}", f"model {info.get('interventionModel')}",
             f"observed {info.get('observationalModel')}", f"purpose {info.get('primaryPurpose')}",
             f"masking {part(info, 'maskingInfo').get('masking')}",
             f"responsible {part(sponsors, 'responsibleParty').get('type')}"}
    for name, value in status.items():
        if isinstance(value, dict) and "date" in value:
            found.add(f"{name} precision {len(value['date'])} {value.get('type')}")
    found |= {f"has {k}" for section in protocol.values() for k in section}
    found |= {f"country {p.get('country')}" for p in locations(record)}
    found |= {f"site status {p.get('status')}" for p in locations(record)}
    others = part(protocol, "identificationModule").get("secondaryIdInfos", [])
    found |= {f"id {i.get('type')}" for i in others}
    for least in (1, 2, 20, 50, 100, 200):
        if row["n_locations"] >= least:
            found.add(f"sites from {least}")
    if row["enrollment"] == 0:
        found.add("nobody enrolled")
    if "largeDocs" in part(record, "documentSection", "largeDocumentModule"):
        found.add("documents")
    if any(UNNAMED.search(p.get("facility", "site")) for p in locations(record)):
        found.add("unnamed sites")
    return found


def ties(record):
    """Who and where: what joins one record to another."""
    protocol = record["protocolSection"]
    sponsors = part(protocol, "sponsorCollaboratorsModule")
    found = {("sponsor", part(sponsors, "leadSponsor").get("name"))}
    found |= {("sponsor", c.get("name")) for c in sponsors.get("collaborators", [])}
    found |= {("place", p.get("facility"), p.get("city")) for p in locations(record)
              if not UNNAMED.search(p.get("facility", "site"))}
    found |= {("person", o.get("name", "").split(",")[0])
              for o in part(protocol, "contactsLocationsModule").get("overallOfficials", [])
              if not DESK.search(o.get("name", "study"))}
    return found


def pick(records, how_many, limit):
    """First the rarest traits, each by the smallest record that has it; then whoever is tied most to
    those already there, for its size. Ties are broken by number, so the choice is always the same."""
    have = {n: traits(r) for n, (r, _) in records.items()}
    tied = {n: ties(r) for n, (r, _) in records.items()}
    rarity = collections.Counter(t for ts in have.values() for t in ts)
    chosen, used = [], 0

    def add(n):
        nonlocal used
        if n not in chosen and len(chosen) < how_many and used + records[n][1] <= limit:
            chosen.append(n)
            used += records[n][1]

    covered = set()
    for trait in sorted(rarity, key=lambda t: (not t.startswith(FIRST), rarity[t], t)):
        if trait not in covered and len(chosen) < how_many * 0.7:
            add(min((n for n in have if trait in have[n]), key=lambda n: (records[n][1], n)))
        covered = set().union(*(have[n] for n in chosen))
    while len(chosen) < how_many:
        there = collections.Counter(t for n in chosen for t in tied[n])
        worth = {"person": 40, "sponsor": 8, "place": 1}
        score = lambda n: sum(worth[t[0]] for t in tied[n] if t in there) / (20000 + records[n][1])
        left = [n for n in records if n not in chosen and used + records[n][1] <= limit]
        if not left:
            break
        add(max(left, key=lambda n: (score(n), n)))
    return sorted(chosen)


def readme(chosen, records, processed):
    versions = sorted(part(records[n][0], "derivedSection", "miscInfoModule").get("versionHolder", "")
                      for n in chosen)
    return f"""# Study records of ClinicalTrials.gov

{len(chosen)} records, for the demo and the tests. Source: ClinicalTrials.gov, U.S. National Library of
Medicine, API version 2, one file a study as `/studies/{{nctId}}` answers. The registry's data were those of
{versions[0]} to {versions[-1]} (`derivedSection.miscInfoModule.versionHolder` of each file); they are not
current. Current records: https://clinicaltrials.gov/study/ and the number.

**Processed** on {processed} by `tools/sample_registry.py`. **Modified**: every contact element was taken out
(`centralContacts`, `contacts` of locations, and `phone`, `phoneExt`, `email` anywhere); white space was
removed. Nothing else was changed, nothing was added. Names of officials and responsible parties are as
the registry publishes them; nobody named here has anything to do with this product.

**Terms.** Data of the U.S. National Library of Medicine's public registry. ClinicalTrials.gov asks that it be
named as the source, that the date of processing and any modification be stated, and that nothing suggest
its endorsement (https://clinicaltrials.gov/about-site/terms-conditions). That a study is listed, there or
here, does not mean that anybody has evaluated it.

`expected_counts.csv` was computed by the script from the files as they stand here, with Python's own
JSON reader; the tests compare what the product reads with it. `n_centralContacts` and `n_location_contacts`
are 0 because contacts were taken out. `phases` are joined with a bar.
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--records", type=int, default=60)
    arguments.add_argument("--bytes", type=int, default=3_500_000)
    arguments.add_argument("--processed", default=datetime.date.today().isoformat())
    given = arguments.parse_args()
    records = {}
    for file in sorted(given.folder.glob("NCT*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        if suitable(record, file.stat().st_size):
            records[file.stem] = (without_contacts(record), file.stat().st_size)
    if not records:
        raise SystemExit(f"{given.folder}: no suitable NCT*.json")
    chosen = pick(records, given.records, given.bytes)
    given.out.mkdir(parents=True, exist_ok=True)
    for old in given.out.glob("NCT*.json"):
        old.unlink()
    for number in chosen:
        text = json.dumps(records[number][0], ensure_ascii=False, separators=(",", ":"))
        (given.out / f"{number}.json").write_text(text + "\n", encoding="utf-8")
    with (given.out / "expected_counts.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(counts(records[n][0]) for n in chosen)
    (given.out / "README.md").write_text(readme(chosen, records, given.processed), encoding="utf-8")
    print(f"{len(chosen)} of {len(records)} suitable records")


if __name__ == "__main__":
    main()
