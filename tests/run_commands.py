#!/usr/bin/env python3
"""Commands as an operator meets them: repeated, mistaken, with the wrong files, where there is no room,
while another process is at work. SQLite, where the database is a file of the operator's own."""
import contextlib
import http.client
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

from program import EMAIL, PASSWORD, Installation, Report, arguments
from run_access import Browser, Server


def says(report, i, name, code, words, *command, stdin=None):
    done = i.run(*command, stdin=stdin, check=False)
    said = done.stdout + done.stderr
    report(done.returncode == code and words in said, name, f"exit {done.returncode}: {said[-600:]}")


def mistakes(report, i):
    says(report, i, "no password on the command line", 2, "--password-stdin", "init", "--email", EMAIL)
    says(report, i, "a short password", 1, "at least 12", "init", "--email", EMAIL, "--password-stdin", stdin="short\n")
    says(report, i, "nothing was made by it", 78, "There is no database", "audit", "count")
    i.init()
    rows = i.number("select count(*) from record")
    says(report, i, "init again changes nothing", 0, "set up already", "init", "--email", EMAIL, "--password-stdin", stdin=PASSWORD + "\n")
    says(report, i, "nor without a person", 0, "set up already", "init")
    says(report, i, "no set-up link where there is an administrator", 1, "user reset", "setup-link")
    says(report, i, "an unknown option", 2, "--help", "serve", "--nosuch")
    says(report, i, "a port that is none", 2, "--port", "serve", "--port", "99999")
    says(report, i, "an address that is none", 1, "e-mail address", "user", "add", "no address")
    says(report, i, "an address with a space", 1, "e-mail address", "user", "add", "a b@example.org")
    says(report, i, "somebody twice", 1, "account already", "user", "add", EMAIL.upper())
    says(report, i, "an unknown person", 1, "Nobody signs in", "user", "reset", "nobody@example.org")
    report(i.number("select count(*) from record") == rows, "what is refused writes no row of the record")
    for words in (["audit"], ["user"], ["import"]):
        done = subprocess.run([i.program, *words], capture_output=True, text=True)
        report(done.returncode == 2 and f"{words[0]} " in done.stdout, f"rapport {words[0]} lists what there is", done.stdout)
    help_ = subprocess.run([i.program, "help", "user", "add"], capture_output=True, text=True)
    report(help_.returncode == 0 and "--compartment" in help_.stdout, "help user add", help_.stdout)


def set_up_links(report, i):
    i.empty()
    first = i.run("init").stdout.split("/setup/")[1].split()[0]
    second = i.run("setup-link").stdout.split("/setup/")[1].split()[0]
    server = Server(i)
    b, form = Browser(server), {"name": "Ada", "email": EMAIL, "organisation": "Unit", "password": PASSWORD, "zone": "Europe/Berlin"}
    report(b.get(f"/setup/{first}") == 404 and b.get(f"/setup/{second}") == 200, "a second set-up link ends the first")
    i_rows = i.number("select count(*) from record")
    b.ask("POST", f"/setup/{second}", {**form, "zone": "Mars/Olympus"})
    report(b.status == 422 and i.number("select count(*) from record") == i_rows, "a mistake does not use it up", b.status)
    b.ask("POST", f"/setup/{second}", form)
    report(b.status == 303 and b.get("/users") == 200, "it makes the administrator", b.status)
    c = Browser(server)
    report(c.ask("POST", f"/setup/{second}", {**form, "email": "eve@example.org"}) == 404, "once", c.status)
    server.stop()


def keys(report, i):
    i.empty()
    i.init()
    other = Installation(i.program, False)
    other.init()
    right = pathlib.Path(i.keys).read_bytes()
    shutil.copy(other.keys, i.keys)
    for words in (("user", "list"), ("user", "add", "x@example.org"), ("serve", "--port", "0")):
        says(report, i, f"{words[0]} refuses the keys of another database", 78, "not the one", *words)
    says(report, i, "verifying needs none", 0, "holds", "audit", "verify")
    pathlib.Path(i.keys).unlink()
    says(report, i, "init does not put new keys to an old database", 78, "not the one", "init", "--email", EMAIL, "--password-stdin", stdin=PASSWORD + "\n")
    report(not os.path.exists(i.keys), "nor leaves any behind")
    pathlib.Path(i.keys).write_bytes(right)
    os.chmod(i.keys, 0o644)
    says(report, i, "keys that others can read", 78, "chmod 600", "user", "list")
    os.chmod(i.keys, 0o600)
    other.remove()


def files(report, i):
    kept = i.db + ".kept"
    shutil.copy(i.db, kept)
    with contextlib.closing(sqlite3.connect(i.db)) as db:
        db.execute("insert into schema_migration (feature, name, sha256, applied_at) values ('core', '9999-later.sql', 'x', 0)")
        db.commit()
    says(report, i, "a database of a newer Rapport", 78, "newer Rapport", "user", "list")
    says(report, i, "neither is it migrated", 78, "newer Rapport", "migrate", "up")
    os.replace(kept, i.db)
    pathlib.Path(i.db + ".junk").write_bytes(os.urandom(4096))
    done = subprocess.run([i.program, "audit", "count", "--db", i.db + ".junk"], capture_output=True, text=True)
    report(done.returncode == 78 and "not a database of Rapport" in done.stderr, "a file that is something else", done.stderr)
    done = subprocess.run([i.program, "audit", "count", "--db", "/nowhere/x.db"], capture_output=True, text=True)
    report(done.returncode == 78 and "There is no database" in done.stderr, "a folder that is not there", done.stderr)
    if os.geteuid() == 0:
        os.chmod(i.folder, 0o555)
        for path in (i.db, i.keys):
            os.chown(path, 65534, 65534)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *i.command("audit", "count")], capture_output=True, text=True)
        report(done.returncode in (0, 75) and (done.returncode == 0 or "cannot be written" in done.stderr), "a folder that cannot be written", done.stderr)
        os.chmod(i.folder, 0o755)
        for path in (i.db, i.keys):
            os.chown(path, 0, 0)


def at_work(report, i):
    one = Server(i)
    done = subprocess.run(i.command("serve", "--port", str(one.port)), capture_output=True, text=True, timeout=30)
    report(done.returncode == 75 and "Cannot listen" in done.stderr, "a port that is taken", done.stderr)
    two = Server(i)
    a, b = Browser(one), Browser(two)
    a.sign_in(EMAIL, PASSWORD)
    b.sign_in(EMAIL, PASSWORD)
    answers = []

    def save(browser, tag):
        for n in range(15):
            browser.post("/studies/new", code=f"{tag}-{n}", title="Two servers, one file")
            answers.append(browser.status)
    threads = [threading.Thread(target=save, args=x) for x in ((a, "ONE"), (b, "TWO"))]
    for t in threads:
        t.start()
    i.run("user", "add", "meanwhile@example.org")
    for t in threads:
        t.join()
    made = i.number("select count(*) from study where title = 'Two servers, one file'")
    report(answers.count(303) == made == 30, "two servers and a command write to one file", (made, answers))
    stopping = []

    def until_gone():
        try:
            while True:
                a.post("/studies/new", code=f"STOP-{len(stopping)}", title="Until it stops")
                stopping.append(a.status)
        except (OSError, http.client.HTTPException):
            return
    t = threading.Thread(target=until_gone)
    t.start()
    time.sleep(0.5)
    codes = (one.stop(), two.stop())
    t.join()
    made = i.number("select count(*) from study where title = 'Until it stops'")
    report(codes == (0, 0) and 0 <= made - stopping.count(303) <= 1, "asked to stop it finishes what it began", (codes, made, stopping))
    says(report, i, "the record of all that holds", 0, "holds", "audit", "verify")
    held = sqlite3.connect(i.db, isolation_level=None)
    held.execute("begin immediate")
    began = time.monotonic()
    says(report, i, "a file that another holds", 75, "", "user", "add", "held@example.org")
    report(time.monotonic() - began < 60, "is not waited for without end", time.monotonic() - began)
    held.close()


def no_room(report, i, root):
    """A disk of 3 MB."""
    folder = i.folder / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True).returncode:
        return
    small = Installation(i.program, False)
    small.db, small.keys = str(folder / "a.db"), str(folder / "a.keys")
    try:
        small.init()
        done = small.run("import", "registry", str(root / "samples/ctgov"), check=False)
        said = done.stdout + done.stderr
        report(done.returncode in (1, 75) and ("full" in said or "room" in said), "a full disk is said", said[-600:])
        subprocess.run(["mount", "-o", "remount,size=60m", str(folder)], check=True)
        done = small.run("audit", "verify", check=False)
        report(done.returncode == 0, "and the record holds", done.stderr)
        done = small.run("import", "registry", str(root / "samples/ctgov"), check=False)
        report(done.returncode == 0, "with room again it goes on", done.stderr[-300:])
    finally:
        subprocess.run(["umount", str(folder)])
        small.remove()


def main():
    program, root, postgres = arguments()
    report, i = Report(), Installation(program, False)
    if postgres:
        return 77
    try:
        mistakes(report, i)
        set_up_links(report, i)
        keys(report, i)
        files(report, i)
        at_work(report, i)
        no_room(report, i, root)
    finally:
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
