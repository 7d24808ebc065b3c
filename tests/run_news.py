#!/usr/bin/env python3
"""The stream of what moved, with real servers: who hears, from which process, who does not, and what ends it.
On PostgreSQL one person's page hangs on one process and the other acts on another."""
import http.client
import sys
import threading
import time

from program import Installation, Report, arguments
from run_access import Browser, Server


class Stream:
    """Reads in the background what a stream says."""

    def __init__(self, browser):
        self.c = http.client.HTTPConnection("127.0.0.1", browser.server.port, timeout=60)
        cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
        self.c.request("GET", "/me/news/stream", None, {"Cookie": cookies, "X-Forwarded-Proto": "https", "Accept": "text/event-stream"})
        self.answer = self.c.getresponse()
        self.status, self.type, self.text, self.ended = self.answer.status, self.answer.headers.get("Content-Type"), "", False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while line := self.answer.readline():
                self.text += line.decode()
        except (OSError, http.client.HTTPException):
            pass
        self.ended = True

    def looks(self, n, seconds=10):
        end = time.monotonic() + seconds
        while self.text.count("event: look") < n and time.monotonic() < end:
            time.sleep(0.02)
        return self.text.count("event: look")


def people(i):
    for name in ("meg", "bob", "eve"):
        role = "study_manager" if name == "meg" else "cta"
        i.run("user", "add", f"{name}@example.org", "--name", name.title(), "--role", role, "--study", "NEWS-1", "--password-stdin", stdin=f"a pass phrase for {name}\n")


def signed(server, name):
    b = Browser(server)
    assert b.sign_in(f"{name}@example.org", f"a pass phrase for {name}") == 303, b.text[:300]
    return b


def heard(report, i, here, there):
    """Meg acts `here`; Bob and Eve listen `there`."""
    meg, bob, eve = signed(here, "meg"), signed(there, "bob"), signed(there, "eve")
    his, hers, own = Stream(bob), Stream(eve), Stream(meg)
    report(his.status == 200 and his.type == "text/event-stream", "a stream opens", (his.status, his.type))
    time.sleep(1)  # on PostgreSQL the listener says once that it has connected
    before = his.looks(0), hers.looks(0), own.looks(0)
    to = meg.page("/studies/NEWS-1/ask")["people"][0]["value"]
    code = meg.post("/studies/NEWS-1/ask", to=to, title="The secret boxes", due_on="2099-03-02")
    report(code == 303, "somebody asks", meg.says()[:300])
    item = meg.to
    report(his.looks(before[0] + 1) == before[0] + 1, "the other side hears it, once", his.text)
    report(own.looks(before[2] + 1) == before[2] + 1, "so do her own other pages", own.text)
    report(hers.looks(before[1] + 1, 1) == before[1], "somebody else does not", hers.text)
    report("secret" not in his.text and "NEWS" not in his.text and "/due" not in his.text, "the stream says nothing but to look", his.text)
    bob.get("/me/news/since?after=0")
    report("The secret boxes" in bob.text, "he asks, and is told", bob.says())
    code = meg.post(f"{item}/say", text="")
    report(code == 422 and his.looks(before[0] + 2, 1) == before[0] + 1, "what is refused is not heard", code)
    again = bob.post(f"{item}/step/accept", _from=item)
    report(again == 303 and own.looks(before[2] + 2) >= before[2] + 2, "and back", bob.says()[:300])
    return bob, his


def sessions(report, i, server, bob):
    last = "select coalesce(max(last_seen), 0) from session"
    if not i.postgres:
        import sqlite3
        with sqlite3.connect(i.db) as db:
            db.execute("update session set last_seen = last_seen - 120000000")
        before = i.number(last)
        Stream(bob)
        bob.get("/me/news/since?after=0")
        time.sleep(61)  # uses are noted once a minute
        report(i.number(last) == before, "a page that listens keeps no session alive", i.number(last) - before)
    bob.post("/sign-out")
    gone = Stream(bob)
    report(gone.status in (303, 401), "without a session no stream opens", gone.status)


def main():
    program, _, postgres = arguments()
    report = Report()
    i = Installation(program, postgres)
    try:
        i.init()
        done = i.ask("POST /studies/new code=NEWS-1&title=What+moved\nexpect 303\n", check=False)
        report(done.returncode == 0, "a study", done.stderr)
        people(i)
        here = Server(i)
        there = Server(i) if postgres else here
        bob, his = heard(report, i, here, there)
        sessions(report, i, there, bob)
        began = time.monotonic()
        code = there.stop()
        report(code == 0 and time.monotonic() - began < 5, "a server with open streams stops at once", (code, time.monotonic() - began))
        time.sleep(0.2)
        report(his.ended, "and ends them")
        if postgres:
            here.stop()
    finally:
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
