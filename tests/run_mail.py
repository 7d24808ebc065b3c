#!/usr/bin/env python3
"""Mail as a whole: somebody asks, somebody is told by mail, ends mail by one click. Run under with_smtp.py."""
import base64
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time

from program import EMAIL, PASSWORD, Installation, Report, arguments
from run_access import Browser, Server


def later(i):
    """A minute and a day pass: steps count as old enough, what waits is due."""
    for sql in ("update commitment_step set at = at - 61000000", "update notice_step set due = 0", "update outbox set not_before = 0"):
        if i.postgres:
            subprocess.run(["psql", "-q", os.environ["RAPPORT_TEST_PG"], "-c", sql], check=True)
        else:
            import sqlite3
            with sqlite3.connect(i.db) as db:
                db.execute(sql)


def mails():
    folder = pathlib.Path(os.environ["RAPPORT_TEST_MAIL"])
    return [json.loads((folder / f"{n}.json").read_text()) for n in range(1, len(list(folder.iterdir())) + 1)]


def told(report, i):
    i.run("user", "add", "bob@example.org", "--name", "Bob", "--role", "cta", "--study", "MAIL-1", "--password-stdin", stdin="a pass phrase for Bob\n")
    done = i.run("request", "--as", "meg@example.org", stdin="GET /studies/MAIL-1/ask\nkeep bob people.0.value\n"
                 "POST /studies/MAIL-1/ask to={bob}&title=The+secret+log&due_on=2099-01-05\nexpect 303\n")
    report(done.returncode == 0, "somebody asks")
    i.run("mail", "send")
    report(len(mails()) == 0, "nobody is told within the minute")
    later(i)
    i.run("mail", "send")
    later(i)
    i.run("mail", "send")
    i.run("mail", "send")
    came = mails()
    report(len(came) == 1 and came[0]["to"] == ["bob@example.org"], "the other side is told, once", came)
    text = json.dumps(came)
    report("secret" not in text and "MAIL-1" not in text, "nothing confidential", text)
    report(came[0]["headers"]["Subject"] == "One thing waits for you in Rapport" and "https://rapport.example.org/due/" in came[0]["text"], "a link", text)
    return came[0]["headers"]["List-Unsubscribe"].strip("<>").replace("https://rapport.example.org", "")


def stopped(report, i, link):
    server = Server(i)
    b = Browser(server)
    wish = "select count(*) from notice_wish where mail = 'none'"
    rows = "select count(*) from record where action = 'notice.stop'"
    report(b.get(link) == 200 and i.number(wish) == 0, "a link that is opened does nothing", b.status)
    report(b.ask("POST", link[:-1] + ("0" if link[-1] != "0" else "1"), {"List-Unsubscribe": "One-Click"}) == 404 and i.number(wish) == 0,
           "a link that is not whole", b.status)
    for _ in range(30):
        b.ask("POST", "/notices/stop/p1-" + "0" * 32, {"List-Unsubscribe": "One-Click"})
    report(i.number("select max(tries) from sign_try") == 10, "tries are counted and bounded")
    report(b.ask("POST", link, {"List-Unsubscribe": "One-Click"}) == 200 and i.number(wish) == 1, "one click ends mail", b.status)
    report(i.number(rows) == 1, "and is recorded")
    report(b.ask("POST", link, {"List-Unsubscribe": "One-Click"}) == 200 and i.number(rows) == 1, "once more changes nothing", b.status)
    b = Browser(server)
    b.sign_in("bob@example.org", "a pass phrase for Bob")
    b.get("/me/notices")
    report(b.status == 200 and "One thing waits for you" in b.text, "one's own mail is shown", b.status)
    report(b.get("/mail") == 403, "the installation's mail is not for everybody", b.status)
    report(b.post("/me/notices", mail="daily", at="25:00", zone="UTC") == 422, "a time that is none", b.status)
    report(b.post("/me/notices", mail="daily", at="07:30", zone="Mars/Olympus") == 422, "a zone that is none", b.status)
    report(b.post("/me/notices", mail="daily", at="07:30", zone="Europe/Lisbon", quiet="1", quiet_from="21:00", quiet_until="06:00") == 303,
           "mail again", b.status)
    report(i.number("select count(*) from notice_wish where mail = 'daily' and at_minute = 450 and quiet_from = 1260 and zone = 'Europe/Lisbon'") == 1, "as chosen")
    a = Browser(server)
    a.sign_in(EMAIL, PASSWORD)
    a.get("/mail")
    report(a.status == 200 and "bob@" not in a.text and "One thing waits" not in a.text, "the administrator sees counts alone", a.status)
    server.stop()


def settings(report, i):
    done = i.run("mail", "test", "someone@lab.example", check=False)
    report(done.returncode == 0 and mails()[-1]["to"] == ["someone@lab.example"], "a mail to test the server", done.stderr)
    report(i.run("mail", "test", "nobody", check=False).returncode == 1, "an address that is none")
    url = os.environ.pop("RAPPORT_SMTP_URL")
    report(i.run("mail", "send", check=False).returncode == 78, "no mail server is told")
    os.environ["RAPPORT_SMTP_URL"] = url.replace("smtp", "http")
    report(i.run("mail", "send", check=False).returncode == 78, "an address that is no mail server's")
    os.environ["RAPPORT_SMTP_URL"] = "smtp://127.0.0.1:1"
    done = i.run("mail", "test", "other@lab.example", check=False)
    report(done.returncode == 75 and i.number("select count(*) from outbox where state = 'waiting' and tries = 1") == 1, "a server that is not there", done.stderr)
    secret = i.folder / "password"
    secret.write_text("hunter2\n")
    os.chmod(secret, 0o644)
    os.environ.update(RAPPORT_SMTP_URL=url, RAPPORT_SMTP_USER="r", RAPPORT_SMTP_PASSWORD_FILE=str(secret))
    done = i.run("mail", "send", check=False)
    report(done.returncode == 78 and "chmod 600" in done.stderr and "hunter2" not in done.stderr, "a password that others can read", done.stderr)


class Guarded:
    """A mail server that speaks under TLS alone, with a certificate that nobody vouches for, and asks who sends.
    `starttls`: TLS begins when it is asked for."""

    def __init__(self, folder, starttls):
        self.cert, self.said, self.starttls = folder / "cert.pem", [], starttls
        key = folder / "key.pem"
        if not self.cert.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out", str(self.cert),
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.cert, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            s, _ = self.listener.accept()
            try:
                self.talk(s)
            except (OSError, ssl.SSLError):
                pass
            s.close()

    def talk(self, s):
        safe = not self.starttls
        if safe:
            s = self.context.wrap_socket(s, server_side=True)
        f, body = s.makefile("rwb"), False

        def say(text):
            f.write(text.encode() + b"\r\n")
            f.flush()
        say("220 guarded")
        while line := f.readline().decode().rstrip("\r\n"):
            self.said.append((safe, line))
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                say("250-guarded\r\n250 " + ("AUTH PLAIN" if safe else "STARTTLS"))
            elif word == "STARTTLS":
                say("220 go on")
                f.flush()
                s, safe = self.context.wrap_socket(s, server_side=True), True
                f = s.makefile("rwb")
            elif word == "AUTH":
                words = line.split(" ")
                if len(words) < 3:
                    say("334 ")
                    words.append("")
                    words.append(f.readline().decode().strip())
                say("235 welcome" if base64.b64decode(words[-1]) == b"\0rapport\0hunter2" else "535 no")
            elif word == "DATA":
                say("354 go on")
                while f.readline() != b".\r\n":
                    pass
                self.said.append((safe, "a mail"))
                say("250 taken")
            else:
                say("250 good")
            if word == "QUIT":
                return


def guarded(report, i):
    secret = i.folder / "password"
    secret.write_text("hunter2\n")
    os.chmod(secret, 0o600)
    for starttls in (False, True):
        name = "TLS that is asked for" if starttls else "TLS from the beginning"
        server = Guarded(i.folder, starttls)
        os.environ.pop("RAPPORT_SMTP_CA_FILE", None)
        os.environ.update(RAPPORT_SMTP_URL=f"smtp{'' if starttls else 's'}://localhost:{server.port}", RAPPORT_SMTP_USER="rapport",
                          RAPPORT_SMTP_PASSWORD_FILE=str(secret))
        done = i.run("mail", "test", f"a{server.port}@lab.example", check=False)
        report(done.returncode == 75 and not any("mail" in x or "AUTH" in x for _, x in server.said), f"{name}: a server that cannot prove its name hears nothing",
               (done.returncode, done.stderr, server.said))
        os.environ["RAPPORT_SMTP_CA_FILE"] = str(server.cert)
        done = i.run("mail", "test", f"b{server.port}@lab.example", check=False)
        report(done.returncode == 0 and (True, "a mail") in server.said, f"{name}: one that is vouched for gets the mail", (done.stderr, server.said))
        report(all(safe for safe, x in server.said if x.startswith(("AUTH", "MAIL", "RCPT", "a mail"))), f"{name}: password and mail under it alone", server.said)
        secret.write_text("wrong\n")
        done = i.run("mail", "test", f"c{server.port}@lab.example", check=False)
        report(done.returncode == 75 and "535" in done.stderr and "wrong" not in done.stderr, f"{name}: a password that is refused is tried again later", done.stderr)
        secret.write_text("hunter2\n")
    os.environ.pop("RAPPORT_SMTP_CA_FILE")


def hanging(report, i, plain):
    """A mail server that takes the connection and never speaks."""
    listener = socket.create_server(("127.0.0.1", 0))
    os.environ.update(RAPPORT_SMTP_URL=f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    began = time.monotonic()
    done = i.run("mail", "test", "slow@lab.example", check=False)
    report(done.returncode == 75 and time.monotonic() - began < 28, "a mail server that never speaks is given up", (done.returncode, time.monotonic() - began))
    listener.close()
    os.environ.update(plain)


def main():
    program, _, postgres = arguments()
    report, i = Report(), Installation(program, postgres)
    try:
        i.run("init", *i.owner, "--email", EMAIL, "--password-stdin", "--name", "Ada", "--organisation", "Test Unit",
              "--public-url", "https://rapport.example.org", stdin=PASSWORD + "\n")
        i.ask("POST /studies/new code=MAIL-1&title=Who+is+told\nexpect 303\n")
        i.run("user", "add", "meg@example.org", "--name", "Meg", "--role", "study_manager", "--study", "MAIL-1", "--password-stdin", stdin="a pass phrase for Meg\n")
        stopped(report, i, told(report, i))
        plain = {k: os.environ[k] for k in ("RAPPORT_SMTP_URL", "RAPPORT_MAIL_FROM")}
        settings(report, i)
        guarded(report, i)
        for word in ("RAPPORT_SMTP_USER", "RAPPORT_SMTP_PASSWORD_FILE"):
            os.environ.pop(word)
        hanging(report, i, plain)
    finally:
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
