#!/usr/bin/env python3
"""Sign-in, sessions, links, roles and walls as somebody outside meets them: `rapport serve` on a socket,
behind a proxy that says from which address a request comes. On both engines."""
import contextlib
import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.parse

from program import EMAIL, PASSWORD, Installation, Report, arguments

SAFE = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "Cross-Origin-Opener-Policy")
OTHER = "another long pass phrase"


class Server:
    def __init__(self, installation, *words):
        self.process = subprocess.Popen(installation.command("serve", "--port", "0", "--trusted-proxy", "127.0.0.1", *words),
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def raw(self, data):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as s:
            s.sendall(data)
            answer = b""
            while part := s.recv(65536):
                answer += part
        return int(answer.split(b" ")[1]) if answer else 0


class Browser:
    """Keeps cookies; `address`: where it sits."""

    def __init__(self, server, address="198.51.100.7"):
        self.server, self.address, self.cookies = server, address, {}

    def ask(self, method, path, form=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        headers.update({"X-Forwarded-For": self.address, "X-Forwarded-Proto": "https"})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            body, headers["Content-Type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        c = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        c.request(method, path, body, headers)
        answer = c.getresponse()
        self.text, self.status, self.headers = answer.read().decode(), answer.status, answer.headers
        self.to, self.set = answer.headers.get("Location"), answer.headers.get_all("Set-Cookie") or []
        c.close()
        for line in self.set:
            name, value = line.split(";")[0].split("=", 1)
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return self.status

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, _from="/me", **form):
        """As the page does, with its token."""
        self.get(_from)
        token = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return self.ask("POST", path, {**form, "csrf": token.group(1) if token else ""})

    def sign_in(self, email, password, **more):
        return self.ask("POST", "/sign-in", {"email": email, "password": password, **more})

    def page(self, path):
        self.get(path + ".json")
        return json.loads(self.text) if self.status == 200 else {}

    def says(self):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text))


class Story:
    def __init__(self, installation, report, server):
        self.i, self.report, self.server = installation, report, server
        self.ada = Browser(server)
        self.ada.sign_in(EMAIL, PASSWORD)

    def rows(self):
        return self.i.number("select count(*) from record")

    def add(self, email, *words):
        self.i.run("user", "add", email, "--password-stdin", *words, stdin=OTHER + "\n")

    def signed(self, email, address="198.51.100.7"):
        b = Browser(self.server, address)
        assert b.sign_in(email, OTHER) == 303, b.says()
        return b

    # ---- signing in ----

    def cookies(self):
        session = next(x for x in self.fresh() if "rapport=" in x)
        self.report(all(x in session for x in ("__Host-rapport=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/")) and
                    "Domain" not in session, "the session's cookie is the host's own, secure and out of reach of scripts", session)
        a, b = Browser(self.server), Browser(self.server)
        a.cookies["__Host-rapport"] = "chosen-by-somebody-else"
        a.sign_in(EMAIL, PASSWORD)
        self.report(a.cookies["__Host-rapport"] != "chosen-by-somebody-else", "signing in gives a new session")
        b.cookies["__Host-rapport"] = "chosen-by-somebody-else"
        self.report(b.get("/me") == 303, "and the one from before is none")

    def fresh(self):
        b = Browser(self.server)
        b.sign_in(EMAIL, PASSWORD)
        return b.set

    def foreign(self):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
                        {"Sec_Fetch_Site": "same-site"}):
            b = Browser(self.server)
            b.ask("POST", "/sign-in", {"email": EMAIL, "password": PASSWORD}, **headers)
            self.report(b.status == 403 and not b.set, f"no signing in from elsewhere: {headers}", b.status)
        before = self.rows()
        self.ada.ask("POST", "/me/sign-out-everywhere", {})
        self.report(self.ada.status == 403 and self.rows() == before, "no token, no change, no row")

    def next_page(self):
        for bad in ("//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/\r\nSet-Cookie: a=b"):
            b = Browser(self.server)
            b.sign_in(EMAIL, PASSWORD, next=bad)
            self.report(b.to == "/" and "a" not in b.cookies, f"after signing in never elsewhere: {bad!r}", b.to)

    def same_words(self):
        self.i.run("user", "add", "invited@example.org")
        self.add("out@example.org")
        self.i.run("user", "disable", "out@example.org")
        said = set()
        for n, (email, password) in enumerate((("nobody@example.org", OTHER), ("invited@example.org", OTHER),
                                               ("out@example.org", OTHER), (EMAIL, OTHER))):
            b = Browser(self.server, f"192.0.2.{n}")
            b.sign_in(email, password)
            said.add((b.status, b.says().replace(email, "")))
        self.report(len(said) == 1, "nobody learns whether an address has an account", said)

    def brake(self):
        self.add("vera@example.org")
        vera = self.signed("vera@example.org", "203.0.113.1")
        told = []
        for n in range(45):
            b = Browser(self.server, f"192.0.2.{n % 200}")
            b.sign_in("vera@example.org", "guess number %d" % n)
            told.append(b.status)
        for n in range(8):
            one = Browser(self.server, f"2001:db8:1:1::{n:x}")
            one.sign_in("vera@example.org", "wrong")
        self.report(one.status == 429 and int(one.headers["Retry-After"]) > 0, "an address, and the /64 it is of, is told to wait", one.status)
        device = {"rapport-device": vera.cookies["rapport-device"]}
        again = Browser(self.server, "203.0.113.1")
        again.cookies = dict(device)
        self.report(again.sign_in("vera@example.org", OTHER) == 303, "under attack her own device signs in", again.status)
        new = Browser(self.server, "203.0.113.99")
        self.report(new.sign_in("vera@example.org", OTHER) == 303, "and so does a device never seen, from her own address", new.status)
        self.report(vera.get("/me") == 200, "and who is signed in stays so")

    def kept(self):
        """A form left open past the session's end."""
        form = {"code": "KEPT-1", "title": "Typed <b>before</b>", "status": "RECRUITING", "csrf": "x"}
        b = Browser(self.server)
        b.ask("POST", "/studies/new", form, Sec_Fetch_Site="same-origin")
        self.report(b.status == 401 and "KEPT-1" in b.text, "a form sent after the session keeps what was typed", b.status)
        fields = dict(re.findall(r'name="(kept[^"]*)" value="([^"]*)"', b.text))
        fields = {k: v.replace("&lt;", "<").replace("&gt;", ">") for k, v in fields.items()}
        b.sign_in(EMAIL, PASSWORD, **fields)
        self.report(b.status == 200 and "KEPT-1" in b.text and "&lt;b&gt;" in b.text, "and shows it again after signing in", b.status)
        token = re.search(r'name="csrf" value="([^"]+)"', b.text).group(1) if b.status == 200 else ""
        b.ask("POST", "/studies/new", {**form, "csrf": token})
        self.report(b.to == "/studies/KEPT-1", "ready to be sent", (fields, b.status, b.to))
        b = Browser(self.server)
        b.ask("POST", "/studies/new", form, Origin="https://evil.example")
        self.report("KEPT-1" not in b.text, "what another site sent is not kept")

    def behind(self, text):
        """SQL behind the program's back."""
        if self.i.postgres:
            subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.i.owner[1], "-c", text], check=True)
        else:
            with contextlib.closing(sqlite3.connect(self.i.db, timeout=20)) as db:
                db.execute(text)
                db.commit()

    def limits_of_sessions(self):
        self.add("late@example.org")
        hour, mine = 3600 * 1000000, "where person_id = (select id from person where name = 'late')"
        for name, change, status in (("7 hours without use", f"last_seen = last_seen - {7 * hour}", 200),
                                     ("more than 8 hours without use", f"last_seen = last_seen - {8 * hour + 5000000}", 303),
                                     ("more than 7 days in all", f"created = created - {7 * 24 * hour + 5000000}", 303)):
            b = self.signed("late@example.org")
            self.behind(f"update session set {change} {mine}")
            self.report(b.get("/me") == status, f"a session after {name}: {status}", b.status)
            self.behind(f"delete from session {mine}")
        self.ada.post("/users", name="Late Link", email="latelink@example.org")
        token = re.search(r"/link/([\w-]+)", self.ada.text).group(1)
        self.behind(f"update one_time set expires = expires - {7 * 24 * hour + 5000000} where kind = 'invite' and used is null")
        self.report(Browser(self.server).get(f"/link/{token}") == 404, "a link is over after its days")

    def ends(self):
        self.add("ended@example.org", "--role", "director")
        one, two = self.signed("ended@example.org"), self.signed("ended@example.org")
        ref = next(x["ref"] for x in self.ada.page("/users")["rows"] if x["name"] == "ended")
        one.post("/me/sign-out-everywhere")
        self.report(two.get("/me") == 303, "signing out everywhere ends the other device")
        one.sign_in("ended@example.org", OTHER)
        for _ in range(2):
            self.ada.post(f"/users/{ref}/disable", state="out")
        self.report(one.get("/studies") == 303, "who is shut out is out at once, also when two press at the same time")
        self.ada.post(f"/users/{ref}/reset")
        self.report(self.ada.status == 409, "no link for who is shut out", self.ada.status)
        self.ada.post(f"/users/{ref}/disable", state="in")
        one.sign_in("ended@example.org", OTHER)
        self.report(one.get("/studies/new") == 200, "let in again with the roles of before")
        self.ada.get("/users")
        tie = next(t["tie"] for x in self.ada.page("/users")["rows"] if x["ref"] == ref for t in x["roles"])
        self.ada.post(f"/users/{ref}/end", tie=tie)
        self.report(self.ada.status == 303 and one.get("/studies/new") == 403, "a director's role ends at once", (self.ada.status, one.status))
        own = next(x for x in self.ada.page("/users")["rows"] if x["name"] == "Ada Lovelace")
        self.ada.post(f"/users/{own['ref']}/end", tie=own["roles"][0]["tie"])
        self.report(self.ada.status == 409, "an administrator cannot end that role of her own", self.ada.status)
        three = self.signed("ended@example.org")
        before = self.rows()
        for n in range(12):
            three.post("/me/password", old="wrong", password="a good long pass phrase %d" % n)
        self.report(three.status == 429 and self.rows() == before + 10, "the password cannot be guessed from an open session", three.status)

    def links(self):
        self.ada.post("/users", name="Iris Invited", email="iris@example.org")
        first = re.search(r"/link/([\w-]+)", self.ada.text).group(1)
        self.ada.get("/users")
        self.report("/link/" not in self.ada.text, "an invitation is shown once")
        ref = next(x["ref"] for x in self.ada.page("/users")["rows"] if x["name"] == "Iris Invited")
        self.ada.post(f"/users/{ref}/reset")
        second = re.search(r"/link/([\w-]+)", self.ada.text).group(1)
        b = Browser(self.server)
        self.report(b.get(f"/link/{first}") == 404 and b.get(f"/link/{second}") == 200, "a new link ends the old one")
        b.ask("POST", f"/link/{second}", {"password": "short"})
        self.report(b.status == 422 and b.get(f"/link/{second}") == 200, "a bad password does not use it up", b.status)
        b.ask("POST", f"/link/{second}", {"password": OTHER})
        self.report(b.status == 303 and b.get("/me") == 200, "it signs in", b.status)
        self.report(Browser(self.server).ask("POST", f"/link/{second}", {"password": OTHER + "x"}) == 404, "once")
        self.ada.post(f"/users/{ref}/reset")
        third = re.search(r"/link/([\w-]+)", self.ada.text).group(1)
        self.ada.post(f"/users/{ref}/disable", state="out")
        self.report(b.get(f"/link/{third}") == 404, "shutting out ends the links")

    # ---- roles ----

    def roles(self):
        self.ada.post("/studies/new", code="ROLES-1", title="Roles", status="RECRUITING")
        self.add("max@example.org", "--role", "study_manager", "--study", "ROLES-1", "--until", "2090-01-01", "--name", "Max")
        self.add("nina@example.org", "--name", "Nina")
        max_, team = self.signed("max@example.org"), "/studies/ROLES-1/team"
        wrong = (("himself a role", {"email": "max@example.org", "role": "data_manager"}, 422),
                 ("himself an unblinded one", {"email": "max@example.org", "role": "unblinded_cra", "compartment": "unblinded"}, 422),
                 ("a director", {"email": "nina@example.org", "role": "director"}, 422),
                 ("an administrator", {"email": "nina@example.org", "role": "administrator"}, 422),
                 ("a compartment the role has not", {"email": "nina@example.org", "role": "cta", "compartment": "unblinded"}, 422),
                 ("an inspector for ever", {"email": "nina@example.org", "role": "inspector"}, 422),
                 ("a coordinator of all sites", {"email": "nina@example.org", "role": "coordinator"}, 422))
        for name, form, status in wrong:
            before = self.rows()
            max_.post(team, **{"from": "2026-01-01", **form})
            self.report(max_.status == status and self.rows() == before, f"a study manager cannot grant {name}", max_.says()[-300:])
        def asked(email):
            max_.post(team, email=email, role="nothing", **{"from": "2026-01-01"})
            return max_.status, max_.says().replace(email, "")
        self.report(asked("nina@example.org") == asked("nobody@example.org"), "nobody learns from a form with a mistake who signs in here")
        end = next(x["end"] for x in max_.page(team)["rows"] if x["name"] == "Max" and x.get("end"))
        max_.post(end, on="2095-01-01", reason="longer")
        self.report(max_.status == 422, "nobody makes his own role last longer", max_.status)
        before = self.rows()
        self.ada.post(end, on="2089-01-01", _form="/studies/ROLES-1/team")
        self.report(self.ada.status == 422 and 'name="reason"' in self.ada.text and self.rows() == before, "another last day needs a reason", self.ada.says()[-900:])
        self.ada.post(end, on="2020-01-01", reason="left the company")
        self.report(self.ada.status == 303 and max_.get("/studies/ROLES-1") == 404, "a role ended behind somebody's back ends at once", max_.status)
        nina = self.signed("nina@example.org")
        self.ada.post(team, email="nina@example.org", role="cta", **{"from": "2090-01-01"})
        self.report(nina.get("/studies/ROLES-1") == 404, "a role of the future gives nothing yet")
        self.ada.post(team, email="nina@example.org", role="cta", **{"from": "2020-01-01", "until": "2020-02-01"})
        self.report(nina.get("/studies/ROLES-1") == 404, "nor one of the past")
        today = self.ada.page(team)["today"]
        self.ada.post(team, email="nina@example.org", role="inspector", **{"from": today, "until": today})
        self.report(nina.get("/studies/ROLES-1") == 200 and nina.get("/studies/ROLES-1/history") == 200, "an inspector reads on the last day", nina.status)
        self.report(all(nina.get("/studies/ROLES-1" + x) == 403 for x in ("/edit", "/sites/new", "/targets", "/plan", "/imports/new")),
                    "and changes nothing")
        for words in (("--role", "director", "--until", "31.12.2026"), ("--role", "cta", "--study", "ROLES-1", "--compartment", "unblinded"),
                      ("--role", "coordinator", "--study", "ROLES-1"), ("--role", "inspector", "--study", "ROLES-1"),
                      ("--role", "cta", "--study", "ROLES-1", "--compartment", "secret"), ("--study", "ROLES-1")):
            before = self.rows()
            done = self.i.run("user", "add", "bad@example.org", *words, check=False)
            self.report(done.returncode != 0 and self.rows() == before, f"user add refuses {' '.join(words)}", done.stdout + done.stderr)

    # ---- walls ----

    def walls(self, root):
        self.add("alba@example.org", "--role", "director", "--organisation", "Alba Pharma", "--name", "Alba")
        self.add("boreas@example.org", "--role", "director", "--organisation", "Boreas Bio", "--name", "Boreas")
        alba, boreas = self.signed("alba@example.org"), self.signed("boreas@example.org")
        alba.post("/studies/new", code="SECRET-7", title="Alba's own", sponsor="Alba Pharma")
        boreas.post("/studies/new", code="SECRET-7", title="Boreas's own", sponsor="Boreas Bio")
        self.report(boreas.to == "/studies/SECRET-7" and alba.to == boreas.to, "a code that another sponsor uses is free", boreas.says()[:300])
        alba.get("/studies/SECRET-7")
        boreas.get("/studies/SECRET-7")
        self.report("Alba" in alba.text and "Boreas" not in alba.text and "Boreas" in boreas.text and "Alba" not in boreas.text,
                    "and leads each to their own")
        boreas.post("/studies/new", code="SECRET-7", title="Twice")
        self.report(boreas.status == 409, "one's own code is not free", boreas.status)
        done = self.i.run("forecast", "SECRET-7", check=False)
        refs = re.findall(r"[0-9a-z]{10}(?= \()", done.stderr)
        self.report(done.returncode == 1 and len(refs) == 2, "a command is told both", done.stderr)
        sample = sorted((root / "samples/ctgov").glob("NCT*.json"))[0]
        said = []
        for b in (alba, boreas):
            b.get("/me")
            token = re.search(r'name="csrf" value="([^"]+)"', b.text).group(1)
            said.append(self.upload(b, token, sample))
        self.report(said[0] == said[1] and "1 new" in said[0], "nor does a registry record tell that another has it", said)
        self.report("1 known already" in self.upload(boreas, token, sample), "one's own is known", said)
        words = ("Alba", "SECRET", sample.stem)
        for path in ("/organisations", "/people", "/search?q=alba", "/organisations?q=alba", "/people?q=alba"):
            boreas.get(path)
            self.report(">Alba" not in boreas.text, f"{path} does not name the other sponsor", words)

    def upload(self, b, token, path):
        line = "x" * 30
        parts = f'--{line}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--{line}\r\nContent-Disposition: form-data; ' \
                f'name="file"; filename="a.json"\r\n\r\n{path.read_text()}\r\n--{line}--\r\n'
        c = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        c.request("POST", "/import/registry", parts.encode(), {
            "Content-Type": f"multipart/form-data; boundary={line}", "X-Forwarded-For": b.address, "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{k}={v}" for k, v in b.cookies.items())})
        answer = c.getresponse()
        answer.read()
        for x in answer.headers.get_all("Set-Cookie") or []:
            b.cookies.update([x.split(";")[0].split("=", 1)])
        b.get(answer.headers.get("Location") or "/nothing")
        return (re.search(r"\d+ records? in[^<.]*", b.text) or [f"status {answer.status}"])[0]

    # ---- limits ----

    def limits(self):
        head = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        cases = (("cookies of 9 KB", b"GET /sign-in" + head + b"Cookie: a=" + b"x" * 9000 + b"\r\n\r\n", 431),
                 ("10,000 headers", b"GET /sign-in" + head + b"".join(b"X-%d: y\r\n" % n for n in range(10000)) + b"\r\n", 431),
                 ("1,000 arguments", b"GET /sign-in?" + b"a=1&" * 1000 + head + b"\r\n", 400),
                 ("a body over the limit", b"POST /sign-in" + head + b"Content-Length: 300000\r\n\r\n" + b"a" * 300000, 413),
                 ("a body of 999 GB", b"POST /sign-in" + head + b"Content-Length: 999999999999\r\n\r\n", 413),
                 ("two lengths", b"POST /sign-in" + head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nemail1", 400),
                 ("length and chunks", b"POST /sign-in" + head + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nemail\r\n0\r\n\r\n", 400),
                 ("%00", b"GET /studies/%00" + head + b"\r\n", 400), ("bytes that are no text", b"GET /studies/\xff" + head + b"\r\n", 400),
                 ("a way out", b"GET /static/../../etc/passwd" + head + b"\r\n", 404), ("an unknown method", b"BREW /sign-in" + head + b"\r\n", 405),
                 ("OPTIONS", b"OPTIONS /sign-in" + head + b"\r\n", 405), ("TRACE", b"TRACE /sign-in" + head + b"\r\n", 405))
        for name, data, want in cases:
            got = self.server.raw(data)
            self.report(got == want, f"{name}: {want}", got)
        for path in ("/sign-in", "/nothing", "/studies/%00", "/static/nothing.js", "/studies.json"):
            b = Browser(self.server)
            b.get(path)
            self.report(all(b.headers.get(x) for x in SAFE), f"headers of {path} ({b.status})", b.headers)


def main():
    program, root, postgres = arguments()
    report, i = Report(), Installation(program, postgres)
    server = None
    try:
        i.empty()
        i.init()
        server = Server(i)
        story = Story(i, report, server)
        for part in (story.cookies, story.foreign, story.next_page, story.same_words, story.brake, story.kept, story.limits_of_sessions, story.ends,
                     story.links, story.roles, story.limits):
            part()
        story.walls(root)
        done = i.run("audit", "verify", check=False)
        report(done.returncode == 0, "the record of all that holds", done.stderr)
        report(server.stop() == 0, "it stops when asked")
        server = None
    finally:
        if server:
            server.process.kill()
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
