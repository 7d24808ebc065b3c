"""What the scripts that run the program itself share: a fresh installation of either engine."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

EMAIL, PASSWORD = "ada@example.org", "a long pass phrase for tests"


class Installation:
    """An installation in a folder of its own, or in the empty PostgreSQL database of with_postgres.sh."""

    def __init__(self, program, postgres):
        self.program, self.postgres = program, postgres
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rapport-test."))
        self.db = os.environ["RAPPORT_TEST_PG_APP"] if postgres else str(self.folder / "test.db")
        self.owner = ["--owner-db", os.environ["RAPPORT_TEST_PG"]] if postgres else []
        self.keys = str(self.folder / "test.keys")

    def empty(self):
        """As before init."""
        for path in self.folder.iterdir():
            path.unlink()
        if self.postgres:
            subprocess.run(["psql", "-q", os.environ["RAPPORT_TEST_PG"], "-c", "set client_min_messages = error",
                            "-c", "drop schema public cascade", "-c", "create schema public"], check=True)

    def command(self, *words):
        return [self.program, *words, "--db", self.db, "--keys", self.keys]

    def run(self, *words, stdin=None, check=True):
        done = subprocess.run(self.command(*words), input=stdin, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"rapport {' '.join(words)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def init(self):
        self.run("init", *self.owner, "--email", EMAIL, "--password-stdin", "--name", "Ada Lovelace",
                 "--organisation", "Test Unit", stdin=PASSWORD + "\n")

    def ask(self, lines, check=True):
        """Answers of `rapport request` as Ada."""
        return self.run("request", "--as", EMAIL, stdin=lines, check=check)

    def number(self, query):
        """One number, read behind the program's back."""
        if self.postgres:
            text = subprocess.run(["psql", "-qtA", os.environ["RAPPORT_TEST_PG"], "-c", query], check=True,
                                  capture_output=True, text=True).stdout
            return int(text)
        import sqlite3
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as db:
            return db.execute(query).fetchone()[0]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def has_command(program, words):
    return subprocess.run([program, *words.split(), "--help"], capture_output=True).returncode == 0


class Report:
    """Lines "ok 1 - name" that check.py counts."""

    def __init__(self):
        self.n = self.failed = 0

    def __call__(self, good, name, why=""):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}", flush=True)
        if not good and why:
            print("\n".join("# " + line for line in str(why).split("\n")), flush=True)

    def code(self):
        return 1 if self.failed or not self.n else 0


def arguments():
    postgres = "--postgres" in sys.argv
    if postgres and not os.environ.get("RAPPORT_TEST_PG"):
        sys.exit(77)
    return sys.argv[1], pathlib.Path(sys.argv[2]), postgres
