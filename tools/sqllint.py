"""What a query may not say, because SQLite and PostgreSQL both take it but read it differently, or
because it must come from the program. Called by sqlread.py alone. What only one engine takes is
found by the test that prepares every query on both (db_prepare_check)."""
import re

PATTERNS = [
    (r"\bnow\s*\(|\bcurrent_(time|date|timestamp)\b|\blocaltime(stamp)?\b|\b(datetime|julianday|"
     r"strftime|unixepoch)\s*\(", "time comes from c->now, as a parameter"),
    (r"::", "write cast(x as type), not ::"),
    (r"\bilike\b", "no ilike: compare a folded column"),
    (r"->|#>|\bjsonb?_\w+\s*\(", "no JSON in SQL: the engines differ"),
    (r"\b(lower|upper)\s*\(", "no lower() or upper(): store a folded column (utf8_fold)"),
    (r"\bavg\s*\(", "no avg(): divide a sum by a count in C"),
    (r"\bround\s*\(", "no round(): the engines round halves differently"),
    (r"\bas\s+(int|integer|smallint)\s*\)", "cast as bigint: integer has 32 bits in PostgreSQL"),
    (r"\binsert\s+or\b|\breplace\s+into\b", "write insert ... on conflict"),
    (r"\brandom\s*\(", "random values come from the program"),
    (r"\browid\b", "rowid is SQLite's own"),
]


def closing(text, at):
    """Offset of the parenthesis that closes the one at `at`, and the commas at its own level."""
    depth, commas = 0, 0
    for i in range(at, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        commas += text[i] == "," and depth == 1
        if depth == 0:
            return i, commas
    return len(text), commas


def same_level_before(text, end):
    """The text before `end` inside the same parentheses; what lies deeper is made spaces."""
    depth, near = 0, ""
    for ch in reversed(text[:end]):
        depth += (ch == ")") - (ch == "(")
        if depth < 0:
            break
        near += ch if depth == 0 else " "
    return near[::-1]


def hide(text):
    """Comments and strings made spaces, so that offsets stay."""
    blank = lambda m: re.sub(r"[^\n]", " ", m[0])
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", blank, text, flags=re.S).lower()


def lint(sql):
    """Yields (offset, what to write instead) for every mistake in the text of a query."""
    text = hide(sql)
    for pattern, why in PATTERNS:
        for m in re.finditer(pattern, text):
            yield m.start(), why
    for m in re.finditer(r"\b(max|min)\s*\(", text):
        if closing(text, m.end() - 1)[1]:
            yield m.start(), f"{m[1]}(a, b) is SQLite's own: use case when"
    for m in re.finditer(r"\blike\b", text):
        left = re.search(r"([\w.]+)\s+(?:not\s+)?$", text[:m.start()])
        if not left or not left[1].endswith(("_fold", "_key")):
            yield m.start(), "like only on a column that ends in _fold or _key"
    for m in re.finditer(r"\blimit\b", text):
        if not re.search(r"\border\s+by\b", same_level_before(text, m.start())):
            yield m.start(), "limit without order by"
