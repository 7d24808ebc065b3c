#!/usr/bin/env python3
"""Tampers with the record as somebody with the file or the owner's password could, and sees that
`audit verify` says so; recomputes an export with recompute.py, which shares no code with the program."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

from program import EMAIL, Installation, Report, arguments

RECOMPUTE = pathlib.Path(__file__).with_name("recompute.py")
TABLES = ("record", "record_body", "record_leaf", "record_checkpoint")
LAST = "(select max(size) from record_checkpoint)"
# name, SQL, what verify must say
TAMPERINGS = (
    ("a changed row", "update record set who = 'Somebody else' where id = 2", r"row 2 .*not what was sealed"),
    ("a moved day", "update record set at = at - 86400000000 where id = 3", r"row 3 .*not what was sealed"),
    ("a changed body", "update record_body set body = replace(body, 'WORK-2', 'WORK-9') where body like '%WORK-2%'",
     r"row \d+ .*not what was sealed"),
    ("a changed salt", "update record_body set salt = (select salt from record_body where record_id = 1) where record_id = 2",
     r"row 2 .*not what was sealed"),
    ("a row gone", "delete from trail where record_id = 2; delete from record_body where record_id = 2; delete from record where id = 2",
     r"row 2 .*gone, though it was sealed"),
    ("a row gone with its leaf", "delete from trail where record_id = 2; delete from record_body where record_id = 2; "
     "delete from record_leaf where record_id = 2; delete from record where id = 2", r"row 3 .*leaf 1, before it, is missing"),
    ("a body gone", "delete from record_body where record_id = 2", r"row 2 .*body"),
    ("two rows swapped", "update record_leaf set idx = -1 where idx = 1; update record_leaf set idx = 1 where idx = 2; "
     "update record_leaf set idx = 2 where idx = -1", r"checkpoint|does not hold"),
    ("two bodies swapped", "update record_body set record_id = -1 where record_id = 2; update record_body set record_id = 2 "
     "where record_id = 3; update record_body set record_id = 3 where record_id = -1", r"row 2 .*not what was sealed"),
    ("a row slipped in", "insert into record (id, at, who, action, compartment) values (900, 1, 'Ada', 'study.edit', 0); "
     "insert into record_body (record_id, salt, body) select 900, salt, body from record_body where record_id = 2",
     r"row 900 .*never sealed"),
    ("a leaf changed", "update record_leaf set hash = (select hash from record_leaf where idx = 0) where idx = 1",
     r"row 2 .*not what was sealed"),
    ("a checkpoint changed", f"update record_checkpoint set at = at + 1 where size = {LAST}", r"checkpoint over .*does not hold"),
    ("a checkpoint's root", f"update record_checkpoint set root = (select hash from record_leaf where idx = 0) where size = {LAST}",
     r"checkpoint over .*does not hold"),
    ("the first checkpoint gone", "delete from record_checkpoint where size = (select min(size) from record_checkpoint)",
     r"checkpoint over .*does not hold"),
    ("the last checkpoint gone", f"delete from record_checkpoint where size = {LAST}", r"no signed checkpoint"),
    ("a history without a row", "delete from trail where record_id = 3", r"trail"),
    ("another key", "update setting set value = '" + "ab" * 32 + "' where name = 'record_key'", r"checkpoint over|signature"),
)
CUT = ("delete from trail where record_id > 3; delete from record_body where record_id > 3; delete from record_leaf where record_id > 3; "
       "delete from record where id > 3; delete from record_checkpoint where size > (select count(*) from record_leaf)")


class Copy:
    """The database put back after each tampering: a file copied, or a dump restored."""

    def __init__(self, installation):
        self.i = installation
        self.kept = str(installation.folder / "kept")
        if installation.postgres:
            subprocess.run(["pg_dump", "-Fc", "-f", self.kept, installation.owner[1]], check=True)
        else:
            with contextlib.closing(sqlite3.connect(installation.db)) as db:
                db.execute("pragma wal_checkpoint(truncate)")
            shutil.copy(installation.db, self.kept)

    def back(self):
        if self.i.postgres:
            subprocess.run(["pg_restore", "--clean", "--if-exists", "--exit-on-error", "--single-transaction", "-d",
                            self.i.owner[1], self.kept], check=True)
            return
        for tail in ("-wal", "-shm"):
            pathlib.Path(self.i.db + tail).unlink(missing_ok=True)
        shutil.copy(self.kept, self.i.db + ".new")
        os.replace(self.i.db + ".new", self.i.db)

    def tamper(self, text):
        if self.i.postgres:
            off = "set session_replication_role = replica; "
            subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.i.owner[1], "-c", off + text], check=True)
            return
        with contextlib.closing(sqlite3.connect(self.i.db)) as db:
            for table in TABLES:
                db.execute(f"drop trigger {table}_fixed_update")
                db.execute(f"drop trigger {table}_fixed_delete")
            db.executescript(text)


def fill(installation):
    installation.init()
    for n in range(1, 6):
        installation.ask(f"POST /studies/new code=WORK-{n}&title=%C3%89tude+%22%3C{n}%3E%22+%26+more\nexpect 303\n")


def refused(installation, text):
    """Whether the program's own credentials are refused a statement (PostgreSQL); the triggers (SQLite)."""
    if installation.postgres:
        return subprocess.run(["psql", "-q", installation.db, "-c", text], capture_output=True).returncode != 0
    try:
        with contextlib.closing(sqlite3.connect(installation.db)) as db:
            db.execute(text)
    except sqlite3.DatabaseError:
        return True
    return False


def recompute(export):
    return subprocess.run([sys.executable, str(RECOMPUTE)], input=export, capture_output=True, text=True)


def exports(installation, report, line):
    export = installation.run("audit", "export").stdout
    done = recompute(export)
    report(done.stdout.strip() == line, "an export recomputed elsewhere has the same root", done.stdout + done.stderr)
    lines = export.split("\n")
    row = json.loads(lines[2])
    row["body"] = row["body"].replace("reason", "Reason", 1)
    done = recompute("\n".join([*lines[:2], json.dumps(row), *lines[3:]]))
    report(done.returncode == 1 and "does not hold" in done.stderr, "a changed export is found out elsewhere", done.stderr)


def main():
    program, root, postgres = arguments()
    report, i = Report(), Installation(program, postgres)
    try:
        i.empty()
        fill(i)
        n = i.number("select count(*) from record")
        report(n >= 6 and i.run("audit", "count").stdout.strip() == str(n), "audit count counts the rows", n)
        said = i.run("audit", "verify").stdout
        line = said.strip().split("\n")[-1]
        report(re.fullmatch(r"\d+ [0-9a-f]{64} [0-9a-f]{64}", line), "audit verify prints a line to keep", said)
        report(i.run("audit", "verify", "--against", line).returncode == 0, "it holds against that line")
        exports(i, report, line)
        for table in TABLES:
            column = {"record": "who = 'x'", "record_body": "body = 'x'", "record_leaf": "idx = 9", "record_checkpoint": "at = 1"}[table]
            report(refused(i, f"update {table} set {column}") and refused(i, f"delete from {table}"),
                   f"the program's own credentials cannot change {table}")
        copy = Copy(i)
        for name, text, says in TAMPERINGS:
            copy.tamper(text)
            done = i.run("audit", "verify", check=False)
            report(done.returncode == 1 and re.search(says, done.stderr), f"found: {name}", f"{done.returncode} {done.stderr}{done.stdout}")
            copy.back()
        copy.tamper(CUT)
        alone, against = i.run("audit", "verify", check=False), i.run("audit", "verify", "--against", line, check=False)
        report(against.returncode == 1 and "cut off" in against.stderr, "found with --against: the end cut off",
               f"{alone.stderr} {against.stderr}")
        copy.back()
        report(i.run("audit", "verify", "--against", line).returncode == 0, "put back, it holds again")
    finally:
        i.remove()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
