#!/usr/bin/env python3
"""Tests of sqlgen.py: what it writes, and what it refuses with which file, line and reason."""
import os
import sys
import tempfile
import unittest
from unittest import mock

import sqlgen


def generate(sql, *more, second=None):
    """Runs the generator: (what it refused or None, header, source)."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, n) for n in ("q_sql.h", "q_sql.c", "q.sql", "r.sql")]
        files = []
        for path, text in zip(paths[2:], (sql, second)):
            if text is not None:
                with open(path, "w", encoding="utf-8") as f:
                    f.write(text)
                files.append(path)
        said = None
        with mock.patch.object(sys, "argv", ["sqlgen.py", "--out-h", paths[0], "--out-c", paths[1],
                                             "--prefix", "q", *more, *files]):
            try:
                sqlgen.main()
            except SystemExit as e:
                said = e.code
        made = []
        for path in paths[:2]:
            if os.path.exists(path):
                with open(path, encoding="utf-8") as f:
                    made.append(f.read())
            else:
                made.append("")
        return said, *made


LIST = """-- about the list
-- name: SITE_LIST :many
-- in: study int, q text?
-- in: n int
-- out: id int, code text?, size int?, pic blob, seen time?, open bool
-- order: code = s.code asc, s.id asc
-- order: size = coalesce(s.size, 0) desc int, s.id desc
-- order: name = s.name asc nulls last
-- when: q
select s.id -- the key
from site s where s.study_id = $study and s.x <> 'it''s $q -- [[end]]'
[[when q]] and s.name_fold like $q [[end]]
order by @order limit $n;
-- the end
"""

PAGE = """-- name: PAGE :many
-- in: after text?, after_id int?
-- out: id int
-- order: code = code asc, id asc
-- order: size = size desc int, id desc
-- when: after
select id from t where 1 = 1 [[when after]] and @after [[end]] order by @order
"""

# (what must be said, line, text of the .sql file)
BAD = [
    ("time comes from c->now", 4, "-- name: A :one\n-- out: x time\nselect 1,\n now() as x"),
    ("time comes from c->now", 3, "-- name: A :one\n-- out: x text\nselect current_date as x"),
    ("not ::", 3, "-- name: A :one\n-- out: x int\nselect 1::bigint as x"),
    ("no ilike", 3, "-- name: A :one\n-- out: x int\nselect 1 as x where a_fold ilike 'b'"),
    ("no JSON", 3, "-- name: A :one\n-- out: x int\nselect a->>'b' as x"),
    ("no JSON", 3, "-- name: A :one\n-- out: x int\nselect json_array(1) as x"),
    ("no lower()", 3, "-- name: A :one\n-- out: x text\nselect lower(a) as x"),
    ("no avg()", 3, "-- name: A :one\n-- out: x real\nselect avg(a) as x"),
    ("no round()", 3, "-- name: A :one\n-- out: x real\nselect ROUND (a) as x"),
    ("cast as bigint", 3, "-- name: A :one\n-- out: x int\nselect cast(sum(y) as integer) as x"),
    ("max(a, b)", 3, "-- name: A :one\n-- out: x int\nselect max(f(a, b), c) as x"),
    ("limit without order by", 3, "-- name: A :one\n-- out: x int\nselect 1 as x limit 1"),
    ("limit without order by", 3, "-- name: A :one\n-- out: x int\n"
     "select x from (select 1 as x limit 1) order by x"),
    ("limit without order by", 3, "-- name: A :one\n-- out: x int\n"
     "select x from (select 1 as x order by x) limit 1"),
    ("like only on", 3, "-- name: A :one\n-- out: x int\nselect 1 as x where name like 'b'"),
    ("like only on", 3, "-- name: A :one\n-- out: x int\nselect 1 as x where (a_fold) like 'b'"),
    ("on conflict", 3, "-- name: A :run\n-- in: a int\ninsert or ignore into t values ($a)"),
    ("no lower()", 3, "-- name: A :many\n-- out: x int\n-- order: a = lower(x)\n"
     "select x from t order by @order"),
    ("$b is not in", 1, "-- name: A :run\ndelete from t where a = $b"),
    ("'a' is declared but not used", 1, "-- name: A :run\n-- in: a int\ndelete from t"),
    ("needs an int[]", 3, "-- name: A :run\n-- in: a int\ndelete from t where @in(x, a)"),
    ("use @in", 3, "-- name: A :run\n-- in: a int[]\ndelete from t where x = $a"),
    ("@match is not known", 2, "-- name: A :run\ndelete from t where @match(x)"),
    ("@order is not known", 3, "-- name: A :one\n-- out: x int\nselect 1 as x order by @order"),
    ("no @order", 1, "-- name: A :many\n-- out: x int\n-- order: a = x\n-- order: b = x desc\n"
     "select 1 as x"),
    ("two orders", 1, "-- name: A :many\n-- out: x int\n-- order: a = x\n-- order: a = x desc\n"
     "select 1 as x order by @order"),
    ("the same way", 1, PAGE.replace("code asc, id asc", "code asc, id desc")),
    ("never NULL", 1, PAGE.replace("code asc, id asc", "code asc nulls last, id asc")),
    ("may be NULL", 1, PAGE.replace("after text?", "after text")),
    ("has no [[end]]", 1, "-- name: A :run\n-- in: a int?\n-- when: a\ndelete from t [[when a]]"),
    ("without [[when", 2, "-- name: A :run\ndelete from t [[end]]"),
    ("name it in a", 3, "-- name: A :run\n-- in: a int?\ndelete from t [[when a]] [[end]]"),
    ("do not nest", 4, "-- name: A :run\n-- in: a int?, b int?\n-- when: a, b\n"
     "delete from t [[when a]] [[when b]] [[end]] [[end]]"),
    ("there is no [[when a]]", 1, "-- name: A :run\n-- in: a int?\n-- when: a\n"
     "delete from t where x = $a"),
    ("fewer orders", 1, "-- name: A :run\n-- in: " + ", ".join(f"a{i} int?" for i in range(7)) +
     "\n-- when: " + ", ".join(f"a{i}" for i in range(7)) + "\ndelete from t"),
    ("one statement a query", 2, "-- name: A :run\ndelete from t; delete from u"),
    ("need one", 1, "-- name: A :one\nselect 1"),
    ("':run' has no 'out'", 1, "-- name: A :run\n-- out: x int\nselect 1 as x"),
    ("has no SQL", 1, "-- name: A :run\n-- nothing\n"),
    ("write '-- name:", 1, "-- name: a :one\nselect 1"),
    ("write '-- name:", 1, "-- name: A :two\nselect 1"),
    ("starts with", 1, "select 1"),
    ("starts with", 1, "-- in: a int\n-- name: A :run\nselect 1"),
    ("above the SQL", 3, "-- name: A :run\ndelete from t\n-- in: a int"),
    ("is not 'name type'", 1, "-- name: A :run\n-- in: a integer\ndelete from t"),
    ("is not 'name type'", 1, "-- name: A :one\n-- out: a int[]\nselect 1 as a"),
    ("is a word of C", 1, "-- name: A :one\n-- out: case text\nselect 1 as case"),
    ("stands twice", 1, "-- name: A :run\n-- in: a int, a int\ndelete from t where x = $a"),
]


class Generator(unittest.TestCase):
    maxDiff = None

    def test_list(self):
        said, head, source = generate(LIST)
        self.assertIsNone(said)
        self.assertIn("struct site_list_row {\n    int64_t id;\n    const char *code;\n"
                      "    int64_t size;\n    bool size_null;\n    const unsigned char *pic;\n"
                      "    size_t pic_len;\n    int64_t seen;\n    bool seen_null;\n"
                      "    bool open;\n};", head)
        self.assertIn("enum { SITE_LIST_BY_CODE, SITE_LIST_BY_SIZE, SITE_LIST_BY_NAME };", head)
        start = "\"select s.id from site s where s.study_id = "
        self.assertIn(start + "?1 and s.x <> 'it''s $q -- [[end]]' order by s.code asc, s.id asc "
                      'limit ?3",', source)
        self.assertIn(start + "$1 and s.x <> 'it''s $q -- [[end]]' and s.name_fold like $2 order "
                      'by coalesce(s.size, 0) desc, s.id desc limit $3",', source)
        self.assertIn("order by s.name asc nulls last limit", source)
        self.assertIn("site_list_when[] = {1};", source)
        self.assertIn(".n_orders = 3", source)
        self.assertEqual(source.count('    "select'), 2 * 3 * 2)
        self.assertIn("q.sql:2\"", source)

    def test_page(self):
        said, _, source = generate(PAGE)
        self.assertIsNone(said)
        for text in ("where 1 = 1 order by code asc, id asc",
                     "and (code, id) > (?1, ?2) order by code asc",
                     "and (size, id) < (cast(?1 as bigint), ?2) order by size desc",
                     "and (size, id) < (cast($1 as bigint), $2) order by size desc"):
            self.assertIn(text, source)
        one_key = PAGE.replace("code = code asc, id asc", "id = id asc").replace(
            "-- order: size = size desc int, id desc\n", "")
        self.assertIn("and id > $2 order by", generate(one_key)[2])
        no_id = one_key.replace("after text?, after_id int?", "after int?")
        self.assertIn("and id > $1 order by", generate(no_id)[2])

    def test_in(self):
        sql = ("-- name: A :run\n-- in: ids int[], b int\n"
               "delete from t where b = $b and @in(t.x, ids)")
        source = generate(sql)[2]
        self.assertIn("b = ?2 and (t.x in (select value from json_each(?1)))", source)
        self.assertIn("b = $2 and (t.x = any($1))", source)

    def test_index(self):
        other = "-- name: B :run\ndelete from u"
        said, head, source = generate("-- name: A :run\ndelete from t", "--index", second=other)
        self.assertIsNone(said)
        self.assertIn("extern const struct sql *const sql_all[];", head)
        self.assertIn("    &A,\n    &B,\n", source)
        self.assertIn("sql_all_n = 2;", source)
        said, _, _ = generate(other, "--index", second=other)
        self.assertIn("r.sql:1: B: the name is already used at", said)

    def test_bad(self):
        for why, line, sql in BAD:
            with self.subTest(why=why, sql=sql):
                said, head, _ = generate(sql)
                self.assertEqual(head, "")
                self.assertIn(why, str(said))
                self.assertIn(f"q.sql:{line}: ", str(said))

    def test_fine(self):
        """What looks like a mistake and is none."""
        for sql in ("select max(a) as x from t", "select max((select 1)) as x",
                    "select 'now() :: LIKE' as x", "select 1 as x -- lower(a) limit",
                    "select x from (select 1 as x) order by x limit 1",
                    "select 1 as x where t.a_fold not like 'b'",
                    "select 1 as x where a_key\n like 'b'"):
            with self.subTest(sql=sql):
                self.assertIsNone(generate("-- name: A :one\n-- out: x int\n" + sql)[0])


if __name__ == "__main__":
    unittest.main()
