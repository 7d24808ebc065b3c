#!/usr/bin/env python3
"""Makes C from the named queries of .sql files; the syntax is described in db/db.h.

  sqlgen.py --out-h X.h --out-c X.c --prefix studies FILE.sql...     queries of one folder
  sqlgen.py --index --out-h X.h --out-c X.c FILE.sql...              sql_all[]: every query

The text of each query is written out once for every engine, order and combination of optional
parts. What the engines would read differently is refused (sqllint.py)."""
import argparse
import os
import re
import sys

from sqlread import Bad, parse, render

ENGINES = ("sqlite", "postgres")
TYPES = {"int": "DB_INT", "real": "DB_REAL", "text": "DB_TEXT", "blob": "DB_BLOB",
         "time": "DB_TIME", "bool": "DB_BOOL", "int[]": "DB_INTS"}
FIELD = {"int": "int64_t ", "real": "double ", "text": "const char *",
         "blob": "const unsigned char *", "time": "int64_t ", "bool": "bool "}


def header_text(q):
    low, text = q.name.lower(), f"/* {q.path}:{q.line} */\n"
    if q.outs:
        text += f"struct {low}_row {{\n"
        for name, kind, null in q.outs:
            text += f"    {FIELD[kind]}{name};\n"
            text += f"    size_t {name}_len;\n" if kind == "blob" else ""
            text += f"    bool {name}_null;\n" if null and kind not in ("text", "blob") else ""
        text += "};\n"
    if q.orders[0][0]:
        names = ", ".join(f"{q.name}_BY_{o[0].upper()}" for o in q.orders)
        text += f"enum {{ {names} }};\n"
    return text + f"extern const struct sql {q.name};\n\n"


def source_text(q):
    low, text, parts = q.name.lower(), "", {}
    quote = lambda s: '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    flag = lambda b: "true" if b else "false"
    if q.ins:
        rows = "".join(f'    {{"{n}", {TYPES[t]}, {flag(o)}}},\n' for n, t, o in q.ins)
        text += f"static const struct sql_param {low}_in[] = {{\n{rows}}};\n"
    rows = ""
    for n, t, o in q.outs:
        extra = f"{n}_len" if t == "blob" else f"{n}_null" if o and t != "text" else n
        rows += (f'    {{"{n}", {TYPES[t]}, {flag(o)}, offsetof(struct {low}_row, {n}), '
                 f"offsetof(struct {low}_row, {extra})}},\n")
    text += f"static const struct sql_column {low}_out[] = {{\n{rows}}};\n" if rows else ""
    if q.whens:
        text += (f"static const size_t {low}_when[] = "
                 f"{{{', '.join(str(q.where(w)) for w in q.whens)}}};\n")
    for engine in ENGINES:
        all_texts = "".join(f"    {quote(render(q, engine, o[1], bits))},\n"
                            for o in q.orders for bits in range(1 << len(q.whens)))
        text += f"static const char *const {low}_{engine}[] = {{\n{all_texts}}};\n"
    parts = [f'.name = "{q.name}"', f'.source = "{q.path}:{q.line}"',
             f".shape = DB_SHAPE_{q.shape.upper()}", f".n_in = {len(q.ins)}",
             f".n_out = {len(q.outs)}", f".n_orders = {len(q.orders)}", f".n_when = {len(q.whens)}"]
    parts += [f".row_size = sizeof(struct {low}_row)", f".out = {low}_out"] if q.outs else []
    parts += [f".in = {low}_in"] if q.ins else []
    parts += [f".when_in = {low}_when"] if q.whens else []
    parts += [f".text = {{{low}_sqlite, {low}_postgres}}"]
    return text + f"const struct sql {q.name} = {{\n    " + ",\n    ".join(parts) + ",\n};\n\n"


def generate(args, queries):
    made = "/* Made by tools/sqlgen.py: do not edit. */\n"
    guard = re.sub(r"\W", "_", (args.prefix or "all").upper()) + "_SQL_H"
    head = f'{made}#ifndef {guard}\n#define {guard}\n\n#include "db/db.h"\n\n'
    body = f'{made}#include "{os.path.basename(args.out_h)}"\n\n#include <stddef.h>\n\n'
    if args.index:
        head += "extern const struct sql *const sql_all[];\nextern const size_t sql_all_n;\n\n"
        body += "".join(f"extern const struct sql {q.name};\n" for q in queries)
        body += "const struct sql *const sql_all[] = {\n"
        body += "".join(f"    &{q.name},\n" for q in queries) + "    NULL,\n};\n"
        body += f"const size_t sql_all_n = {len(queries)};\n"
    else:
        head += "".join(header_text(q) for q in queries)
        body += "".join(source_text(q) for q in queries)
    for path, text in ((args.out_h, head + "#endif\n"), (args.out_c, body)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def main():
    parser = argparse.ArgumentParser(description="Makes C from named queries.")
    parser.add_argument("--out-h", required=True)
    parser.add_argument("--out-c", required=True)
    parser.add_argument("--prefix")
    parser.add_argument("--index", action="store_true")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    try:
        queries, seen = [], {}
        for path in args.files:
            for q in parse(path):
                if q.name in seen:
                    raise q.bad(f"the name is already used at {seen[q.name]}")
                seen[q.name] = f"{q.path}:{q.line}"
                queries.append(q)
        generate(args, queries)
    except (Bad, OSError, UnicodeError) as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()
