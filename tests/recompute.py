#!/usr/bin/env python3
"""Recomputes an export of the record with nothing of Rapport's: reads `rapport audit export` on standard
input, prints "SIZE ROOT KEY" or what does not hold. docs/inspector.md describes each step. Signatures
are checked with openssl; everything else is the standard library."""
import hashlib
import json
import subprocess
import sys
import tempfile

PUBLIC_DER = bytes.fromhex("302a300506032b6570032100")  # what comes before a raw Ed25519 key


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def signed(key, text, signature):
    with tempfile.NamedTemporaryFile() as k, tempfile.NamedTemporaryFile() as t, tempfile.NamedTemporaryFile() as s:
        for file, data in ((k, PUBLIC_DER + key), (t, text.encode()), (s, signature)):
            file.write(data)
            file.flush()
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                               k.name, "-in", t.name, "-sigfile", s.name], capture_output=True).returncode == 0


def grow(tree, size, leaf):
    """Adds a leaf to the roots of the full subtrees, largest first (RFC 9162)."""
    tree.append(leaf)
    while size & 1:
        right, left = tree.pop(), tree.pop()
        tree.append(sha(b"\1", left, right))
        size >>= 1


def root_of(tree):
    root = tree[-1]
    for left in reversed(tree[:-1]):
        root = sha(b"\1", left, root)
    return root


def main():
    lines = [json.loads(line) for line in sys.stdin]
    if not lines or lines[0].get("format") != "rapport record 1":
        sys.exit("this is no export of the record")
    key = bytes.fromhex(lines[0]["key"])
    rows = [x for x in lines if "index" in x]
    points = {x["checkpoint"]: x for x in lines if "checkpoint" in x}
    tree, previous, seen, root = [], None, 0, None
    for size, row in enumerate(rows):
        leaf = sha(b"\0", row["row"].encode(), sha(bytes.fromhex(row["salt"]), row["body"].encode()))
        if row["index"] != size or leaf.hex() != row["leaf"]:
            sys.exit(f"row {json.loads(row['row'])['id']} does not hold")
        grow(tree, size, leaf)
        point = points.get(size + 1)
        if not point:
            continue
        root, frontier = root_of(tree).hex(), b"".join(tree).hex()
        text = f"rapport checkpoint {size + 1} {point['at']} {root} {frontier} {previous or '-'}"
        if point["root"] != root or point["previous"] != previous or \
                not signed(key, text, bytes.fromhex(point["signature"])):
            sys.exit(f"the checkpoint over {size + 1} rows does not hold")
        previous, seen = point["signature"], seen + 1
    if seen != len(points) or (rows and len(rows) not in points):
        sys.exit("the rows end before the last checkpoint, or after it")
    print(len(rows), root, lines[0]["key"])


if __name__ == "__main__":
    main()
