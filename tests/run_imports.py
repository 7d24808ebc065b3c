#!/usr/bin/env python3
"""Brings in the tables people have, by the command, and asks whether what came in is right.

Each case is a file and what must come of it: rows taken, or words of the refusal. A refused file
leaves the database as it was, whatever it is: broken, mislabelled, too large, made to do harm. Files
that came in come in again and add nothing. Memory is measured with the largest file that is taken."""
import io
import re
import resource
import sys
import zipfile

from program import Installation, Report, arguments

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
MOST_MEMORY = 700 << 10  # KiB, of the command with a full file of 32 MB; 600 MB measured
COUNTS = "select (select count(*) from study) + (select count(*) from participant) + (select count(*) from record)"


def sheet(rows):
    cells = "".join("<row>" + "".join(f"<c t='inlineStr'><is><t>{c}</t></is></c>" if c else "<c/>" for c in row) + "</row>"
                    for row in rows)
    return f"<worksheet xmlns='{MAIN}'><sheetData>{cells}</sheetData></worksheet>"


def workbook(text, parts=None):
    """An .xlsx with one sheet of this XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", f"<Types xmlns='{PACKAGE}content-types'/>")
        z.writestr("_rels/.rels", f"<Relationships xmlns='{PACKAGE}relationships'><Relationship Id='r' "
                                  f"Type='{OFFICE}/officeDocument' Target='xl/workbook.xml'/></Relationships>")
        z.writestr("xl/workbook.xml", f"<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets><sheet name='Log' "
                                      "sheetId='1' r:id='a'/></sheets></workbook>")
        z.writestr("xl/_rels/workbook.xml.rels", f"<Relationships xmlns='{PACKAGE}relationships'><Relationship Id='a' "
                                                 f"Type='{OFFICE}/worksheet' Target='worksheets/s.xml'/></Relationships>")
        z.writestr("xl/worksheets/s.xml", text)
        for name, data in (parts or {}).items():
            z.writestr(name, data)
    return out.getvalue()


PLAIN = "site,subject,date\nA,1,2026-01-02\nA,2,2026-01-03\n"
ROWS = [line.split(",") for line in PLAIN.split()]
SEVERAL = "study,site,subject,date\nP,A,1,2026-01-02\nQ,A,1,2026-01-03\nP,A,2,2026-01-02\nQ,A,2,2026-01-03\n"
ONE_SITE = "Day,Enrolled\n2026-05-01,3\n2026-05-02,0\n2026-05-03,1\n"
AMBIGUOUS = "site,subject,randomised\nA,1,03/04/2026\nA,2,05/06/2026\n"
TRACKER = [["Tracker of the trial"], [], ["Centre", "Country", "Subject no.", "Screened", "Randomised"],
           ["01", "Deutschland", "S-1", "2026-01-02", "2026-01-09"], [], ["02", "France", "S-2", "2026-02-02", ""]]
ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"

# name, content, options, rows that come in
GOOD = [
    ("plain", PLAIN, [], 2),
    ("workbook", workbook(sheet(TRACKER)), [], 2),
    ("csv called xlsx", PLAIN, [], 2),
    ("byte order mark", "\ufeff" + PLAIN, [], 2),
    ("UTF-16", b"\xff\xfe" + PLAIN.replace(",", "\t").encode("utf-16le"), [], 2),
    ("German, Windows letters", "Zentrum;Patientennr.;Land;Eingeschlossen am\nKöln;1;Österreich;03.04.2026\n"
     "Köln;2;Schweiz;13.4.26\n".encode("latin1").decode("latin1"), [], 2),
    ("American dates", AMBIGUOUS, ["--dates", "mdy"], 2),
    ("by hand", "Wo,Wer,Wann\nA,1,2026-01-02\nA,2,2026-01-03\n", ["--map", "SITE=Wo,SUBJECT=B,RANDOMISED=#3"], 2),
    ("one of two studies", SEVERAL, ["--only", "q"], 2),
    ("counts of one site", ONE_SITE, ["--site", "Lone"], 4),
    ("hostile words", "site,subject,date\n\"=cmd|'/C calc'!A0\",+1-1,2026-01-02\n<script>x</script>,\"@SUM(1)\",2026-01-03\n"
     "'; drop table study; --,{{#t}}x{{/t}},2026-01-04\n\u202eabc,%s%n,2026-01-05\n", [], 4),
]
# name, content, options, what the refusal says
BAD = [
    ("empty", "", [], "empty"),
    ("only names of columns", "site,subject,date\n", [], "No table was found"),
    ("cut off", workbook(sheet(ROWS))[:-9], [], "damaged or cut off"),
    ("broken XML", workbook(sheet(ROWS).replace("</row>", "</rwo>")), [], "damaged"),
    ("web page", "<html><body><table></table></body></html>", [], "web page"),
    ("old Excel", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), [], "old Excel"),
    ("PDF", "%PDF-1.7\n", [], "PDF"),
    ("entities", workbook(ENTITIES + sheet(ROWS)), [], "document type declaration"),
    ("ZIP bomb", workbook(sheet(ROWS).replace("</sheetData>", " " * (120 << 20) + "</sheetData>")), [], "unpacks to more"),
    ("nested deep", workbook(sheet(ROWS).replace("</sheetData>", "<a>" * 100000)), [], "too deep"),
    ("NUL", b"site,subject,date\nA,1\0,2026-01-02\n", [], "not a text file"),
    ("NUL in UTF-16", b"\xff\xfe" + "site,\0,date\nA,1,2026-01-02\n".encode("utf-16le"), [], "not a text file"),
    ("open quotation", "site,subject,date\nA,\"1,2026-01-02\n", [], "line 2: A quotation mark"),
    ("too many columns", ",".join("c" * 3000) + "\n" + ",".join("1" * 3000) + "\n", [], "more than 1000 columns"),
    ("long cell", "site,subject,date\nA," + "x" * 100000 + ",2026-01-02\n", [], "longer than 65536"),
    ("200 MB", None, [], "larger than 32 MB"),
    ("long label", "site,subject,date\n" + "L" * 400 + ",1,2026-01-02\nB,2,2026-01-03\n", [], "row 2, site: “LLLL"),
    ("wrong rows", "site,country,subject,randomised\nA,Atlantis,1,2026-01-02\n,Italy,2,2026-01-02\nA,,3,31.02.2026\n"
     "A,,4,2199-01-01\nA,,5,2026-01-05\nA,,5,2026-01-06\n", [], r"row 2, country.*\n.*row 3, site.*\n.*row 4, randomised.*\n.*row 5.*future"),
    ("names and birth dates", "site,subject,patient name,dob,date\nA,1,Ann Lee,1960-01-02,2026-01-02\n", [], "(?s)looks like names.*birth dates"),
    ("ambiguous dates", AMBIGUOUS, [], "--dates dmy or --dates mdy"),
    ("two studies", SEVERAL, [], r"P \(2 rows\), Q \(2 rows\)(.|\n)*--only NAME"),
    ("a study that is not there", SEVERAL, ["--only", "R"], "no rows of “R”"),
    ("no site", ONE_SITE, [], "--site NAME"),
    ("unclear", "Wo,Wer,Wann\nA,1,2026-01-02\n", [], "--map"),
]


def write(path, content):
    if content is None:
        line = b"Site 1,S-00000001,2026-01-02\n" * 1000
        with open(path, "wb") as file:
            file.write(b"site,subject,date\n")
            for _ in range((200 << 20) // len(line)):
                file.write(line)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def bring(installation, study, path, options):
    return installation.run("import", "enrolment", "--study", study, "--create", *options, str(path), check=False)


def good(installation, path, study, options, n):
    done = bring(installation, study, path, options)
    if done.returncode != 0 or f": {n} new" not in done.stdout:
        return done.stdout[-400:] + done.stderr[-600:]
    there = f"select count(*) from participant p join study s on s.id = p.study_id where s.code = '{study}'"
    if installation.number(there) != n:
        return f"{installation.number(there)} of {n} are there"
    before = installation.number(COUNTS)
    done = bring(installation, study, path, options)
    return "" if installation.number(COUNTS) == before and ": 0 new" in done.stdout else f"again: {done.stdout}{done.stderr}"


def bad(installation, path, study, options, says):
    before = installation.number(COUNTS)
    done = bring(installation, study, path, options)
    if done.returncode != 1:
        return f"exit {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"
    if installation.number(COUNTS) != before:
        return "something was left behind"
    if path.name not in done.stderr or not re.search(says, done.stderr):
        return done.stderr[-600:]
    return ""


def large(installation, path):
    """The largest file there can be: its memory, in KiB."""
    with open(path, "w") as file:
        file.write("site,country,subject,screened,randomised,status\n")
        n = 0
        while n % 1000 or file.tell() < (32 << 20) - 80000:
            file.write(f"{n % 900:04d},Italy,S-{n:08d},2024-01-{1 + n % 28:02d},2024-02-{1 + n % 28:02d},randomised\n")
            n += 1
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = bring(installation, "LARGE", path, [])
    used = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    if done.returncode != 0 or f"{n} new" not in done.stdout:
        return done.stderr[-600:], used
    return "" if used <= MOST_MEMORY else f"{used} KiB", used


def main():
    program, root, postgres = arguments()
    report, installation = Report(), Installation(program, postgres)
    try:
        installation.empty()
        installation.init()
        files = installation.folder / "files"
        files.mkdir()
        for i, (name, content, options, wanted) in enumerate(GOOD + BAD):
            path = files / f"{name}.xlsx"  # what a file is comes from its content
            write(path, content)
            check = good if i < len(GOOD) else bad
            report(not (why := check(installation, path, f"T-{i}", options, wanted)), name, why)
            path.unlink()
        if not postgres:
            why, used = large(installation, files / "large.csv")
            report(not why, f"32 MB in {used >> 10} MB of memory", why)
        done = installation.run("audit", "verify", check=False)
        report(done.returncode == 0, "the record holds", done.stderr)
    finally:
        installation.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
