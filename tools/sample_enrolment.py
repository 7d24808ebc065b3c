#!/usr/bin/env python3
"""Makes the enrolment logs of samples/enrolment from published data sets: who entered which study at
which site, when. Treatment, measurements and free text are left out.

Usage: sample_enrolment.py FOLDER CLINDATA OUT
FOLDER holds survival_cgd.csv, survival_rhDNase.csv, platcov_enrolment.csv and
platcov_screening_failure.csv; CLINDATA holds rawplus_enroll.csv and rawplus_ixrsrand.csv.
Standard library only. OUT/README.md says where each comes from."""

import csv
import pathlib
import sys


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, header, table):
    """Sorted by date and subject, so that the same input gives the same file."""
    date, subject = header.index("date"), header.index("subject")
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(sorted(table, key=lambda r: (r[date], r[subject])))


LOG = ["site", "country", "subject", "date", "status"]


def survival(folder, out):
    first = {r["id"]: r for r in reversed(rows(folder / "survival_cgd.csv"))}
    write(out / "cgd.csv", LOG,
          [(r["center"], "", r["id"], r["random"], "randomised") for r in first.values()])
    first = {r["id"]: r for r in reversed(rows(folder / "survival_rhDNase.csv"))}
    write(out / "rhdnase.csv", LOG,
          [(r["inst"], "", r["id"], r["entry.dt"], "randomised") for r in first.values()])


def platcov(folder, out):
    # Subjects numbered 1 to 100, from the first publication, are there again under their full code.
    write(out / "platcov.csv", LOG,
          [(r["site"], r["country"], r["subject"], r["rand_date"], "randomised")
           for r in rows(folder / "platcov_enrolment.csv") if r["subject"].startswith("PLT-")])
    countries = {"th": "Thailand", "br": "Brazil", "la": "Laos", "pk": "Pakistan"}
    write(out / "platcov_screening_failures.csv", LOG + ["reason"],
          [(r["Site"], countries[r["Site"][:2]], r["scrid"], r["scrdat"], "screen failed",
            "" if r["reason_failure"] == "NA" else r["reason_failure"])
           for r in rows(folder / "platcov_screening_failure.csv")])


def clindata(folder, out):
    screened = rows(folder / "rawplus_enroll.csv")
    write(out / "clindata_screening.csv", LOG + ["reason"],
          [(r["siteid"], r["country"], r["subjectid"], r["enroll_dt"],
            "randomised" if r["enrollyn"] == "Y" else "screen failed", r["sfreas"])
           for r in screened])
    place = {r["subjid"]: r for r in screened if r["subjid"]}
    randomised = [(place[r["subjid"]], r) for r in rows(folder / "rawplus_ixrsrand.csv")]
    write(out / "clindata_randomised.csv", LOG,
          [(s["siteid"], s["country"], s["subjectid"], r["rand_dt"][:10], r["status"].lower().replace("ized", "ised"))
           for s, r in randomised])


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    folder, clin, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    survival(folder, out)
    platcov(folder, out)
    clindata(clin, out)


if __name__ == "__main__":
    main()
