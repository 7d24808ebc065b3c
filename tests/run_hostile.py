#!/usr/bin/env python3
"""Serves the program and sends it what nobody well-meaning would: files that are too large, too deep,
cut off, mislabelled or bombs; hostile strings in every field of the main forms; forms of a session that
is over; too many wrong passwords. It has to answer each with the right status and in words, stay alive,
keep its memory bounded, and show what was typed only escaped."""
import gzip
import html
import http.client
import io
import itertools
import re
import select
import socket
import subprocess
import sys
import time
import urllib.parse
import zipfile

from program import EMAIL, PASSWORD, Installation, Report, arguments

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{x}}{{{y}}}'--;%s\u202e\u200b\U0001f9ea"
RAW = ("<script>alert(1)", "<img src=x", "onerror=alert(1)>{{")
MEMORY_MOST_MB = 300  # with a file of 64 MB in the hands of a slow worker


class Client:
    """A browser without scripts: cookies, the token of forms, no redirects followed."""

    def __init__(self, port):
        self.port, self.cookies, self.csrf = port, {}, ""

    def ask(self, method, path, body=None, kind=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
            headers["Content-Type"] = kind or "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        connection.close()
        token = re.search(r'name="csrf" value="([^"]+)"', text)
        self.csrf = token.group(1) if token else self.csrf
        return answer, text

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        return self.ask("POST", path, urllib.parse.urlencode({"csrf": self.csrf, **fields}))

    def upload(self, path, name, data, **fields):
        edge = "hostile-5f1c"
        body = b"".join(f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
                        for k, v in {"csrf": self.csrf, **fields}.items())
        body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        return self.ask("POST", path, body + data + f"\r\n--{edge}--\r\n".encode(),
                        f"multipart/form-data; boundary={edge}")

    def sign_in(self, **more):
        return self.post("/sign-in", email=EMAIL, password=PASSWORD, **more)


def words(text):
    """What a page says."""
    main = re.search(r"<main.*?</main>", text, re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main.group(0) if main else text)).split())


def peak_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) // 1024


# ---- files ----

def bomb(megabytes):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as file:
        for _ in range(megabytes):
            file.write(b" " * (1 << 20))
    return out.getvalue()


def workbook_bomb(megabytes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        book.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _ in range(megabytes):
                sheet.write(b" " * (1 << 20))
    return out.getvalue()


def registry_files(root):
    record = (root / "samples/ctgov/NCT00130234.json").read_bytes()
    return [("empty.json", b""), ("cut.json", record[:len(record) // 2]), ("deep.json", b"[" * 1000000),
            ("deep-objects.json", b'{"a":' * 1000000), ("latin.json", record.replace(b"Chronic", b"Chr\xf6nic")),
            ("picture.json", b"\x89PNG\r\n\x1a\n" + bytes(5000)), ("page.json", b"<!doctype html><title>no</title>"),
            ("bomb.json.gz", bomb(1024)), ("cut.json.gz", gzip.compress(record)[:900]),
            ("other.json", b'{"protocolSection": 7}'), ("number.json", b"17"),
            ("nul.json", record.replace(b"Chronic", b"Chr\0nic"))]


def tracker_files():
    return [("empty.csv", b""), ("bomb.xlsx", workbook_bomb(1024)), ("page.xlsx", b"<!doctype html><p>no</p>"),
            ("cut.xlsx", workbook_bomb(1)[:300]), ("nul.csv", b"site,enrolled\n1,2024\0-01-01\n"),
            ("wide.csv", b"a," * 200000 + b"\n"), ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
            ("latin-9.csv", b"\xa4\x9d\x81\0" * 99)]


def files(report, client, root, installation):
    before = installation.number("select count(*) from study")
    lists = [("/import/registry", registry_files(root), {}),
             ("/studies/from-tracker", tracker_files(), {"code": "EVIL-9", "title": "From a file"})]
    for path, these, fields in lists:
        for name, data in these:
            client.get(path)
            began = time.monotonic()
            answer, text = client.upload(path, name, data, **fields)
            said, took = words(text), time.monotonic() - began
            good = 400 <= answer.status < 500 and name in said and took < 30
            report(good, f"{path}: {name} is refused ({answer.status}, {took:.1f} s)", said[:600])
    after = installation.number("select count(*) from study")
    report(before == after, "no refused file left a study behind", f"{before} before, {after} after")


def head_only(client, path, headers, pieces=()):
    """Sends a request by hand: the status line that comes back, "" for none, and how many pieces went."""
    cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    with socket.create_connection(("127.0.0.1", client.port), timeout=60) as s:
        s.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1:{client.port}\r\n"
                  f"Cookie: {cookie}\r\nContent-Type: multipart/form-data; boundary=x\r\n{headers}\r\n".encode())
        sent = 0
        try:
            for piece in pieces:
                s.sendall(piece)
                sent += 1
                if select.select([s], [], [], 0)[0]:
                    break  # it does not want the rest
        except OSError:
            pass  # it has closed: the answer may be there nevertheless
        try:
            return s.recv(4096).split(b"\r\n")[0].decode(), sent
        except OSError:
            return "", sent


def sizes(report, client):
    answer, text = client.post("/studies/new", code="BIG-1", title="x", summary="y" * (2 << 20))
    report(answer.status == 413, f"a form of 2 MB gets 413 ({answer.status})", words(text)[:300])
    line, _ = head_only(client, "/import/registry", f"Content-Length: {200 << 20}\r\n")
    report(" 413 " in line, "a file that says it has 200 MB gets 413 before it is sent", line)
    piece = b"100000\r\n" + b"a" * (1 << 20) + b"\r\n"
    for megabytes, want, what in ((80, " 413 ", "gets 413"), (200, "", "is cut off before its end")):
        pieces = itertools.chain(itertools.repeat(piece, megabytes), [b"0\r\n\r\n"])
        line, sent = head_only(client, "/import/registry", "Transfer-Encoding: chunked\r\n", pieces)
        report(want in line and (line or sent < megabytes), f"a file of {megabytes} MB that does not say so {what}",
               f"{line!r} after {sent} MB")
    answer, _ = client.get("/studies?q=" + "a" * 40000)
    report(answer.status in (400, 414, 431), f"an address of 40 kB is refused ({answer.status})")


# ---- forms ----

def hostile_pages(client):
    """Fills every field of the main forms with EVIL; the pages that show it, or a problem."""
    steps = [("/studies/new", dict(code="EVIL-1", title=EVIL, official_title=EVIL, acronym=EVIL[:25], sponsor=EVIL, summary=EVIL)),
             ("/studies/EVIL-1/sites/new", dict(number=EVIL[:30], name=EVIL, city=EVIL, country="GB")),
             ("/organisations/new", dict(name=EVIL + " org", city=EVIL)),
             ("/people/new", dict(name=EVIL + " person", affiliation=EVIL))]
    shown = ["/studies", "/studies/EVIL-1", "/studies/EVIL-1/edit", "/studies/EVIL-1/sites", "/studies/EVIL-1/history",
             "/studies/EVIL-1/recruitment", "/studies/EVIL-1/record", "/organisations", "/people", "/me/history",
             "/search?q=" + urllib.parse.quote(EVIL), "/studies?q=" + urllib.parse.quote(EVIL)]
    for path, fields in steps:
        client.get(path)
        answer, text = client.post(path, **fields)
        if answer.status != 303:
            raise RuntimeError(f"{path}: {answer.status} {words(text)[:300]}")
        shown += [answer.getheader("Location")] * (path != "/studies/new")
    site, person = next(p for p in shown if "/sites/" in p), next(p for p in shown if re.match("/people/.", p))
    client.get(site + "/edit")
    answer, text = client.post(site + "/edit", number=EVIL[:29], label=EVIL, reason=EVIL)
    if answer.status != 303:
        raise RuntimeError(f"site: {answer.status} {words(text)[:300]}")
    return shown + [site + "/history", site + "/edit", person + "/history", person + "/ties?q=" + urllib.parse.quote(EVIL[:20])]


def hostile_strings(report, client):
    for path in hostile_pages(client):
        answer, text = client.get(path)
        raw = [r for r in RAW if r in text]
        good = answer.status == 200 and not raw and "alert(1)" in text
        report(good, f"hostile strings on {path[:60]} are shown escaped", f"{answer.status} {raw} {words(text)[:300]}")
    answer, text = client.get("/studies/EVIL-1")
    report(html.escape(EVIL[:40], quote=False) in text.replace("&quot;", '"').replace("&#34;", '"').replace("&#39;", "'"),
           "what was typed is there as typed")
    # A refused form shows it again; bytes that are no text are refused at the edge.
    answer, text = client.post("/studies/new", code="EVIL-1", title=EVIL, summary=EVIL)
    report(answer.status == 409 and not any(r in text for r in RAW) and "alert(1)" in text, "a refused form shows it escaped")
    for name, value in (("NUL", b"a%00b"), ("no UTF-8", b"a%ff%feb"), ("a surrogate", b"a%ed%a0%80b")):
        answer, _ = client.ask("POST", "/studies/new", b"csrf=" + client.csrf.encode() + b"&code=EVIL-2&title=" + value)
        report(answer.status == 400, f"{name} in a field gets 400 ({answer.status})")


def session_over(report, client):
    client.get("/studies/new")
    other = Client(client.port)
    other.cookies, other.csrf = dict(client.cookies), client.csrf
    other.post("/sign-out")
    typed = dict(code="KEPT-1", title="Typed for an hour & <kept>", summary="Two\r\nlines")
    answer, text = client.post("/studies/new", **typed)
    kept = {html.unescape(k): html.unescape(v) for k, v in re.findall(r'name="(kept[^"]*)" value="([^"]*)"', text)}
    report(answer.status == 401 and kept.get("kept.title") == typed["title"], "a form left open past the session's end keeps what was typed", words(text)[:400])
    answer, text = client.sign_in(**kept)
    again = re.search(r'name="title"[^>]*>([^<]*)<', text)
    report(answer.status == 200 and again and html.unescape(again.group(1)) == typed["title"], "after signing in it is there to be sent", words(text)[:400])
    answer, text = client.post(kept.get("kept_action", "/"), **typed)
    report(answer.status == 303, "and is taken", words(text)[:400])


def throttle(report, port):
    client, seen = Client(port), []
    for i in range(40):
        answer, text = client.post("/sign-in", email=EMAIL, password=f"guess {i}")
        seen.append(answer.status)
        if answer.status == 429:
            break
    report(seen[-1] == 429 and int(answer.getheader("Retry-After") or 0) > 0,
           f"wrong passwords get 429 with Retry-After, after {len(seen) - 1}", f"{seen} {words(text)[:200]}")


def main():
    program, root, postgres = arguments()
    report, installation = Report(), Installation(program, postgres)
    server = None
    try:
        installation.empty()
        installation.init()
        log = open(installation.folder / "log", "w")
        server = subprocess.Popen(installation.command("serve", "--port", "0"), stdout=subprocess.PIPE, stderr=log, text=True)
        port = int(re.search(r":(\d+)/", server.stdout.readline()).group(1))
        client = Client(port)
        answer, _ = client.sign_in()
        report(answer.status == 303, "Ada signs in")
        session_over(report, client)
        hostile_strings(report, client)
        sizes(report, client)
        files(report, client, root, installation)
        throttle(report, port)
        report(server.poll() is None and client.get("/studies")[0].status == 200, "the server is alive and answers")
        report(peak_mb(server.pid) < MEMORY_MOST_MB, f"its memory stayed under {MEMORY_MOST_MB} MB ({peak_mb(server.pid)} MB)")
        report(installation.run("audit", "verify", check=False).returncode == 0, "the record holds")
    finally:
        if server:
            server.terminate()
            server.wait(30)
        installation.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
