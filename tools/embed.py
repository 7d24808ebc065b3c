#!/usr/bin/env python3
"""Puts files into the binary: embed.py --out embedded.c --blob embedded.bin [--depfile F] NAME=PATH ...

Writes C source that defines `assets[]` and `assets_n` of web/asset.h, and one file with all bytes,
which the source takes in by .incbin: two megabytes compile in a fraction of a second.

NAME=PATH   a file, or a folder with everything beneath it as NAME/relative/path
NAME=PATH/*/SUB   for each folder in PATH that has SUB: its files as NAME/<folder>/relative/path

A file X.gz beside X is the compressed variant of X and no asset of its own. Hidden files are left
out. Called by web/meson.build only.
"""

import argparse
import hashlib
import sys
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".sql": "application/sql",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


def files_of(name, folder, seen):
    """(asset name, path) of every file beneath folder; notes what was looked at in `seen`."""
    seen.append(folder)
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from files_of(f"{name}/{path.name}", path, seen)
        elif path.suffix in TYPES:
            seen.append(path)
            yield f"{name}/{path.name}", path


def expand(spec, seen):
    name, _, place = spec.partition("=")
    if "/*/" in place:
        parent, _, sub = place.partition("/*/")
        seen.append(Path(parent))
        for folder in sorted(Path(parent).iterdir()):
            if folder.is_dir():
                seen.append(folder)
            if (folder / sub).is_dir():
                yield from files_of(f"{name}/{folder.name}", folder / sub, seen)
    elif Path(place).is_dir():
        yield from files_of(name, Path(place), seen)
    else:
        seen.append(Path(place))
        yield name, Path(place)


class Blob:
    """All bytes, each piece followed by a NUL and started at a multiple of 16."""

    def __init__(self):
        self.data = bytearray()

    def add(self, piece):
        self.data += b"\0" * (-len(self.data) % 16)
        at = len(self.data)
        self.data += piece + b"\0"
        return at


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def entry(name, path, blob):
    data = path.read_bytes()
    if path.suffix in (".html", ".sql") and b"\0" in data:
        sys.exit(f"embed.py: {path} has a NUL byte")
    packed = path.with_name(path.name + ".gz")
    at = blob.add(data)
    gz = packed.read_bytes() if packed.exists() else None
    gz_text = f"embedded_blob + {blob.add(gz)}, {len(gz)}" if gz is not None else "NULL, 0"
    return (f"    {{{c_string(name)}, {c_string(TYPES[path.suffix])}, embedded_blob + {at}, {len(data)},\n"
            f"     {gz_text}, \"{hashlib.sha256(data).hexdigest()[:16]}\"}},\n")


def source(found, blob_path):
    blob = Blob()
    rows = "".join(entry(name, found[name], blob) for name in sorted(found, key=str.encode))
    # The digest makes this text change with the bytes, so that no build cache is fooled.
    text = (f"/* Made by tools/embed.py; holds {hashlib.sha256(blob.data).hexdigest()}. */\n"
            '#include "web/asset.h"\n\n'
            "extern const char embedded_blob[] __attribute__((visibility(\"hidden\")));\n"
            '__asm__(".pushsection .rodata,\\"a\\"\\n"\n'
            '        ".balign 16\\n"\n'
            '        ".globl embedded_blob\\n"\n'
            '        ".hidden embedded_blob\\n"\n'
            '        "embedded_blob:\\n"\n'
            f'        ".incbin {c_string(str(blob_path.resolve()))[1:-1].join([chr(92) + chr(34)] * 2)}\\n"\n'
            '        ".popsection\\n");\n\n'
            f"const struct asset assets[] = {{\n{rows}}};\n"
            "const size_t assets_n = sizeof assets / sizeof assets[0];\n")
    return text, bytes(blob.data)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--blob", type=Path, required=True)
    args.add_argument("--depfile", type=Path)
    args.add_argument("specs", nargs="+", metavar="NAME=PATH")
    o = args.parse_args()

    found, seen = {}, []
    for spec in o.specs:
        for name, path in expand(spec, seen):
            if name in found:
                sys.exit(f"embed.py: {name} is both {found[name]} and {path}")
            found[name] = path
    text, data = source(found, o.blob)
    o.blob.write_bytes(data)
    o.out.write_text(text)
    if o.depfile:
        inputs = " ".join(str(p.resolve()).replace(" ", "\\ ") for p in seen)
        o.depfile.write_text(f"{o.out}: {inputs}\n")


if __name__ == "__main__":
    main()
