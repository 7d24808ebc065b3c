#!/usr/bin/env python3
"""Runs a command with an SMTP server of its own on loopback.

    tests/with_smtp.py build/meson/features/notices/test_send

The command finds RAPPORT_SMTP_URL, RAPPORT_MAIL_FROM, and RAPPORT_TEST_MAIL: a folder into which every mail
that was taken is put as 1.json, 2.json ..., taken apart by Python's own reader of mail:
{"to": [envelope], "from": envelope, "headers": {...}, "text": ..., "raw": ..., "type": ..., "defects": n}.
What comes before the @ of the address decides how the server behaves: later@ is refused for now, never@ for
good, once@ is refused after its text the first time, mute@ is cut off after its text, unsaid."""
import email
import email.policy
import json
import os
import pathlib
import socketserver
import subprocess
import sys
import tempfile
import threading

LOCK = threading.Lock()


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def read_text(self):
        lines = []
        while True:
            line = self.rfile.readline()
            if not line.endswith(b"\r\n"):
                raise ConnectionError("a line without CR LF")
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def keep(self, sender, to, text):
        m = email.message_from_bytes(text, policy=email.policy.default)
        body = m.get_body(("plain",))
        parts = {"to": to, "from": sender, "headers": {k: str(v) for k, v in m.items()}, "text": body.get_content().replace("\r\n", "\n"),
                 "type": m.get_content_type() + "; " + str(body.get_content_charset()), "raw": text.decode("ascii"),
                 "longest": max(len(line) for line in text.split(b"\r\n")),
                 "defects": len(m.defects) + sum(len(m[k].defects) for k in m.keys())}
        with LOCK:
            self.server.kept += 1
            (self.server.folder / f"{self.server.kept}.json").write_text(json.dumps(parts))

    def data(self, sender, to):
        self.say("354 go on")
        text = self.read_text()
        name = to[0].split("@")[0]
        if name == "mute":
            return False
        with LOCK:
            first = name not in self.server.seen
            self.server.seen.add(name)
        if name == "once" and first:
            self.say("451 not now")
        else:
            self.keep(sender, to, text)
            self.say("250 taken")
        return True

    def handle(self):
        sender, to = None, []
        self.say("220 test")
        while True:
            line = self.rfile.readline().decode().strip()
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250-test")
                self.say("250 8BITMIME")
            elif verb.startswith("MAIL FROM:"):
                sender, to = line[10:].split(">")[0].strip("< "), []
                self.say("250 good")
            elif verb.startswith("RCPT TO:"):
                address = line[8:].split(">")[0].strip("< ")
                refused = {"later": "450 come back", "never": "550 nobody here"}.get(address.split("@")[0])
                to += [] if refused else [address]
                self.say(refused or "250 good")
            elif verb == "DATA" and to:
                if not self.data(sender, to):
                    return
            elif verb == "QUIT" or not line:
                if line:
                    self.say("221 bye")
                return
            else:
                self.say("250 well" if verb in ("RSET", "NOOP") else "503 not so")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def main():
    with tempfile.TemporaryDirectory(prefix="rapport-mail.") as folder, Server(("127.0.0.1", 0), Session) as server:
        server.folder, server.kept, server.seen = pathlib.Path(folder), 0, set()
        os.chmod(folder, 0o755)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = {"RAPPORT_SMTP_URL": f"smtp://127.0.0.1:{server.server_address[1]}", "RAPPORT_MAIL_FROM": "rapport@trials.example",
                "RAPPORT_TEST_MAIL": folder}
        return subprocess.run(sys.argv[1:], env={**os.environ, **told}).returncode


if __name__ == "__main__":
    sys.exit(main())
