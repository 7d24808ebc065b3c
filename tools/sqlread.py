"""Reads the named queries of a .sql file, checks them, and writes the SQL text of a query for one
engine, order and set of optional parts. The syntax is described in db/db.h. Called by sqlgen.py."""
import os
import re

from sqllint import lint

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CAST = {"int": "bigint", "time": "bigint", "bool": "bigint", "real": "double precision",
        "text": "text"}
C_WORDS = set("auto bool break case char const continue default do double else enum extern float "
              "for goto if inline int long register restrict return short signed sizeof static "
              "struct switch typedef union unsigned void volatile while".split())
MAX_WHEN, MAX_VARIANTS = 6, 256

HEADER = re.compile(r"--\s*(name|in|out|order|when):\s*(.*?)\s*$")
VALUE = re.compile(r"([a-z][a-z0-9_]*)\s+(int\[\]|int|real|text|blob|time|bool)(\?)?$")
KEY = re.compile(r"(.+?)(?:\s+(asc|desc))?(?:\s+(int|real|text|time))?"
                 r"(\s+nulls\s+(?:first|last))?$")
TOKEN = re.compile(r"""(?P<skip>--[^\n]*|/\*.*?\*/)|(?P<string>'(?:[^']|'')*'|"[^"]*")
    |\[\[\s*when\s+(?P<when>\w+)\s*\]\]|(?P<end>\[\[\s*end\s*\]\])
    |@in\(\s*(?P<column>[\w.]+)\s*,\s*(?P<ints>\w+)\s*\)|@(?P<macro>\w+)|\$(?P<param>\w+)
    |(?P<space>\s+)|(?P<text>[^\s'"@$\[;-]+|.)""", re.S | re.X)


class Bad(Exception):
    """A mistake in a .sql file: `where` is "file:line"."""

    def __init__(self, where, text):
        super().__init__(f"{where}: {text}")


class Query:
    def __init__(self, path, line, name, shape):
        self.path, self.line, self.name, self.shape = path, line, name, shape
        self.ins, self.outs, self.orders, self.whens = [], [], [], []
        self.body = self.linted = ""  # the SQL; the same with the keys of the orders

    def bad(self, text, offset=None):
        line = self.line if offset is None else self.line + 1 + self.body.count("\n", 0, offset)
        return Bad(f"{self.path}:{line}", f"{self.name}: {text}")

    def where(self, name):
        for i, value in enumerate(self.ins):
            if value[0] == name:
                return i
        raise self.bad(f"${name} is not in the 'in' line")


def split_list(text):
    """Splits at commas outside parentheses."""
    parts, depth = [""], 0
    for ch in text:
        depth += (ch == "(") - (ch == ")")
        if ch == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += ch
    return [p.strip() for p in parts if p.strip()]


def values(q, text, known, out):
    found = []
    for part in split_list(text):
        m = VALUE.match(part)
        if not m or (out and m[2] == "int[]") or (m[2] == "int[]" and m[3]):
            raise q.bad(f"'{part}' is not 'name type' (int real text blob time bool; in: int[])")
        if m[1] in C_WORDS:
            raise q.bad(f"'{m[1]}' is a word of C: give it another name")
        if any(m[1] == v[0] for v in known + found):
            raise q.bad(f"'{m[1]}' stands twice")
        found.append((m[1], m[2], bool(m[3])))
    return found


def order(q, text):
    name, _, keys = text.partition("=")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name.strip()) or not keys.strip():
        raise q.bad("an order is 'name = column asc, column asc'")
    parsed = [KEY.match(k) for k in split_list(keys)]
    return name.strip(), [(m[1].strip(), m[2] or "asc", m[3], (m[4] or "").strip()) for m in parsed]


def header(q, word, text):
    if word == "in":
        q.ins += values(q, text, q.ins, False)
    elif word == "out":
        q.outs += values(q, text, q.outs, True)
    elif word == "order":
        q.orders.append(order(q, text))
    else:
        q.whens += split_list(text)


def parse(path):
    shown = os.path.relpath(os.path.abspath(path), ROOT)
    queries, q = [], None
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for number, line in enumerate(lines, 1):
        m = HEADER.match(line)
        if m and m[1] == "name":
            n = re.fullmatch(r"([A-Z][A-Z0-9_]*)\s+:(one|many|run)", m[2])
            if not n:
                raise Bad(f"{shown}:{number}", "write '-- name: NAME :one', ':many' or ':run'")
            q = Query(shown, number, n[1], n[2])
            queries.append(q)
        elif q is None:
            if m or line.strip() and not line.startswith("--"):
                raise Bad(f"{shown}:{number}", "a query starts with '-- name: NAME :one'")
        elif m:
            if re.sub(r"--[^\n]*", "", q.body).strip():
                raise Bad(f"{shown}:{number}", f"'-- {m[1]}:' belongs above the SQL")
            header(q, m[1], m[2])
            kept = line[m.start(2):] if m[1] == "order" else ""
            q.body += " " * len(kept) + "\n"
            q.linted += kept + "\n"
        else:
            q.body += line + "\n"
            q.linted += line + "\n"
    for q in queries:
        check(q)
    return queries


def tokens(q):
    """The body as (kind, value, when) triples, kind: text, param, in, after, order."""
    found, when = [], None
    last = None  # the semicolon that may end the statement
    for m in TOKEN.finditer(q.body):
        kind, value = m.lastgroup, m[m.lastgroup]
        if last is not None and kind not in ("space", "skip"):
            raise q.bad("one statement a query", last)
        if kind == "when":
            if when or value not in q.whens:
                raise q.bad(f"[[when {value}]]: " + ("parts do not nest" if when else
                            "name it in a '-- when:' line"), m.start())
            when = value
            found.append(("when", value, when))
        elif kind == "end":
            if not when:
                raise q.bad("[[end]] without [[when x]]", m.start())
            when = None
        elif kind == "ints":
            if q.ins[q.where(value)][1] != "int[]":
                raise q.bad(f"@in needs an int[] parameter, ${value} is none", m.start())
            found.append(("in", (m["column"], value), when))
        elif kind == "macro":
            if value not in ("order", "after") or not q.orders:
                raise q.bad(f"@{value} is not known here", m.start())
            found.append((value, m.start(), when))
        elif kind == "param":
            if q.ins[q.where(value)][1] == "int[]":
                raise q.bad(f"${value} is int[]: use @in(column, {value})", m.start())
            found.append(("param", value, when))
        elif value == ";":
            last = m.start()
        else:
            found.append(("text", " " if kind in ("space", "skip") else value, when))
    if when:
        raise q.bad(f"[[when {when}]] has no [[end]]")
    return found


def after(q, keys):
    """The key condition of one order: [(column, parameter, type or None)], and the comparison."""
    directions = {k[1] for k in keys}
    if len(directions) != 1:
        raise q.bad("@after needs every column of an order to go the same way")
    if any(k[3] for k in keys):
        raise q.bad("@after needs keys that are never NULL (coalesce), without 'nulls'")
    names = ["after" + (str(i + 1) if i else "") for i in range(len(keys) - 1)] + ["after_id"]
    if len(keys) == 1 and not any(v[0] == "after_id" for v in q.ins):
        names = ["after"]
    right = [(n, k[2] if k[2] and q.ins[q.where(n)][1] != k[2] else None)
             for n, k in zip(names, keys)]
    return [k[0] for k in keys], ">" if "asc" in directions else "<", right


def render(q, engine, keys, bits):
    mark = "?" if engine == "sqlite" else "$"

    def param(name, cast=None):
        text = f"{mark}{q.where(name) + 1}"
        return f"cast({text} as {CAST[cast]})" if cast else text

    text = ""
    for kind, value, when in q.tokens:
        if when and not bits >> q.whens.index(when) & 1:
            continue
        if kind == "text":
            text += value
        elif kind == "param":
            text += param(value)
        elif kind == "in":
            inner = (f"in (select value from json_each({param(value[1])}))" if engine == "sqlite"
                     else f"= any({param(value[1])})")
            text += f"({value[0]} {inner})"
        elif kind == "order":
            text += ", ".join(f"{k[0]} {k[1]} {k[3]}".rstrip() for k in keys)
        elif kind == "after":
            left, way, right = after(q, keys)
            right = ", ".join(param(n, t) for n, t in right)
            text += (f"({', '.join(left)}) {way} ({right})" if len(left) > 1
                     else f"{left[0]} {way} {right}")
    return re.sub(r"('(?:[^']|'')*'|\"[^\"]*\")|\s+", lambda m: m[1] or " ", text).strip()


def check(q):
    if (q.shape == "run") != (not q.outs):
        raise q.bad("':run' has no 'out' line, ':one' and ':many' need one")
    if not re.sub(r"--[^\n]*", "", q.body).strip():
        raise q.bad("has no SQL")
    for name in q.whens:
        if not q.ins[q.where(name)][2]:
            raise q.bad(f"when {name}: the parameter must be one that may be NULL ({name} type?)")
    for offset, why in lint(q.linted):
        raise q.bad(why, offset)
    q.tokens = tokens(q)
    q.orders = q.orders or [("", [])]
    n = len(q.orders) << len(q.whens)
    if len(q.whens) > MAX_WHEN or n > MAX_VARIANTS:
        raise q.bad(f"{n} statements from one query: fewer orders or optional parts")
    kinds = {t[0] for t in q.tokens}
    if len(q.orders) > 1 and "order" not in kinds:
        raise q.bad("has orders but no @order")
    if len({o[0] for o in q.orders}) != len(q.orders):
        raise q.bad("two orders of one name")
    used = {t[1] for t in q.tokens if t[0] in ("param", "when")}
    used |= {t[1][1] for t in q.tokens if t[0] == "in"}
    if "after" in kinds:
        used |= {n for o in q.orders for n, _ in after(q, o[1])[2]}
    for name in [v[0] for v in q.ins] + q.whens:
        if name not in used:
            raise q.bad(f"'{name}' is declared but not used")
    for name in q.whens:
        if ("when", name, name) not in q.tokens:
            raise q.bad(f"when {name}: there is no [[when {name}]]")
