#!/usr/bin/env python3
"""The calendar of My day as others read it: three parsers that share no code (icalendar, vobject, ical.js) find the
same events in it, and those are what was put in. Texts of all kinds from the writer alone, then a feed of the
running program against the page's own JSON."""
import os
import datetime
import json
import pathlib
import random
import subprocess
import sys
import urllib.parse

from program import EMAIL, PASSWORD, Installation, Report, arguments
from run_access import Browser, Server

HERE = pathlib.Path(__file__).resolve().parent / "feed"


def python_with(module):
    """The interpreter that has it: Debian's, where another one runs the tests."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    raise RuntimeError(f"{module} of Python is not installed: tools/setup.sh check")


def readers():
    return [("icalendar", [python_with("icalendar"), str(HERE / "read_icalendar.py")]),
            ("vobject", [python_with("vobject"), str(HERE / "read_vobject.py")]),
            ("ical.js", ["node", str(HERE / "read_icaljs.mjs")])]


def read_by_all(report, name, feed):
    """What they found, if it is the same; else None."""
    found = []
    for who, command in readers():
        done = subprocess.run(command, input=feed, capture_output=True)
        if done.returncode != 0:
            report(False, f"{name}: {who} reads it", done.stderr.decode()[-600:])
            return None
        found.append([json.loads(line) for line in done.stdout.decode().splitlines()])
    same = found[0] == found[1] == found[2]
    wrong = next((str(row) for row in zip(*found) if not row[0] == row[1] == row[2]), [len(f) for f in found])
    report(same, f"{name}: three parsers find the same", wrong)
    return found[0] if same else None


def formed(report, name, feed):
    """What RFC 5545 asks of the bytes."""
    text = feed.decode()  # a fold in the middle of a character would make parts that are no UTF-8
    lines = text.split("\r\n")
    report(lines[-1] == "" and "\n" not in text.replace("\r\n", "") and all(len(line.encode()) <= 75 for line in lines),
           f"{name}: lines end in CR LF and hold 75 bytes at most", max(len(line.encode()) for line in lines))
    for part in feed.split(b"\r\n"):
        part.decode()


TEXTS = ["plain", "commas, semicolons; and: colons", "back\\slash \\n not a new line", 'quotes "double" and \'single\'',
         "Grüße aus Köln, Ærø, Łódź, Ελλάδα, 東京, مرحبا", "😀👩‍⚕️🧪" * 30, "x" * 500, "ü" * 200, "aü" * 150, "abü" * 150, "東" * 130,
         "line one\nline two\n\nline four", "BEGIN:VEVENT", "END:VCALENDAR", "text\nEND:VEVENT\nEND:VCALENDAR", "UID:other@rapport", "tab\there",
         "a:b;c=d,e", "=?utf-8?q?x?=", "<b>&amp;</b>", "100 % \\; \\, \\\\", "ends with backslash\\", " spaces at both ends ", "é", "%0D%0AX-EVIL:1"]
DAYS = ["2026-11-24", "2028-02-29", "2026-12-31", "2026-03-29", "2026-10-25", "2027-01-01", "1999-12-31", "2099-02-28"]


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def shown(text):
    """A backslash is written as a character that looks like one: see ics.h."""
    return text.replace("\\", "\u29f5")


def written(report, name, writer, events):
    lines = "".join("\t".join(escaped(x) for x in (e["uid"], e["start"], e["title"], e["text"], e["url"])) + "\n" for e in events)
    feed = subprocess.run([writer], input=lines.encode(), capture_output=True, check=True).stdout
    formed(report, name, feed)
    found = read_by_all(report, name, feed)
    if found is None:
        return
    for e in found:
        e.pop("stamp")
    want = [{**e, "title": shown(e["title"]), "text": shown(e["text"]), "end": str(datetime.date.fromisoformat(e["start"]) + datetime.timedelta(1)), "transp": "TRANSPARENT"} for e in events]
    report(found == want, f"{name}: and it is what was put in", next((pair for pair in zip(found, want) if pair[0] != pair[1]), ""))


def event(i, title, text=""):
    return {"uid": f"{i}@rapport", "start": DAYS[i % len(DAYS)], "title": title, "text": text, "url": f"https://rapport.example.org/due/{i}" if i % 3 else ""}


def texts(report, writer):
    written(report, "no event", writer, [])
    written(report, "titles", writer, [event(i, t) for i, t in enumerate(TEXTS)])
    written(report, "texts", writer, [event(i, "title", t) for i, t in enumerate(TEXTS)])
    dice = random.Random(5545)
    letters = "abc ,;:\\\"'\n=<>&%ü東😀é()[]{}~|^`@#$*+-_/?!.0123456789"
    some = [event(i, "".join(dice.choices(letters.replace("\n", ""), k=dice.randint(1, 120))).strip() or "x",
                  "".join(dice.choices(letters, k=dice.randint(0, 400)))) for i in range(300)]
    written(report, "300 at random", writer, some)


def path_of(e):
    return urllib.parse.urlparse(e["url"]).path


def of_page(page):
    """What the page says needs one: title and address, with a day."""
    return {(row["href"], shown(row["title"])) for group in page["groups"] if group["title"] != "Waiting for others" for row in group["rows"]}


def running(report, i):
    server = Server(i)
    ada = Browser(server)
    ada.sign_in(EMAIL, PASSWORD)
    today = datetime.date.today()
    for n, title in enumerate(t for t in TEXTS if "\n" not in t and "\t" not in t):
        day = today + datetime.timedelta(n % 40)
        assert ada.post("/my-day", _from="/my-day", title=title[:300], due_on=str(day)) == 303, ada.says()[-500:]
    ada.post("/my-day/feed", _from="/my-day/feed")
    at = ada.text.index("/feed/")
    path = urllib.parse.urlparse(ada.text[at:].split('"')[0].split("<")[0]).path
    stranger = Browser(server)
    stranger.get(path)
    report(stranger.status == 200 and stranger.headers["Content-Type"] == "text/calendar; charset=utf-8", "the address is enough", stranger.status)
    feed = stranger.text.encode()
    formed(report, "the feed", feed)
    found = read_by_all(report, "the feed", feed) or []
    rows = set()
    for show in ("mine", "later"):
        ada.get(f"/my-day.json?show={show}")
        rows |= of_page(json.loads(ada.text))
    said = {(path_of(e), e["title"]) for e in found}
    report(said == rows and len(rows) > 15, "the feed says what the page says", said ^ rows)
    first = min(found, key=lambda e: e["start"])
    item = path_of(first)
    report(ada.post(f"{item}/step/deliver", _from=item) == 303, "one is done", ada.says()[-300:])
    stranger.get(path)
    again = read_by_all(report, "the feed after that", stranger.text.encode()) or []
    report([e for e in found if e["uid"] != first["uid"]] == again, "it is gone from the feed, and the others stay as they were")
    ada.post("/my-day/feed/end", _from="/my-day/feed")
    report(stranger.get(path) == 404, "an ended address leads nowhere")
    server.stop()


def main():
    program, _, postgres = arguments()
    writer = os.path.abspath(next(word for word in sys.argv[3:] if not word.startswith("--")))
    report = Report()
    texts(report, writer)
    i = Installation(program, postgres)
    try:
        i.init()
        running(report, i)
    finally:
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
