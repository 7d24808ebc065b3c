/* test_markdown.c: what Markdown becomes, and what it cannot do. */
#include "base/arena.h"
#include "base/str.h"
#include "core/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LEN(x) (sizeof(x) / sizeof *(x))

static int
setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

struct markdown_case {
    const char *text, *html;
};

static void
check(struct arena *a, const struct markdown_case *cases, size_t n)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const char *html;
        assert_null(markdown_html(a, cases[i].text, &html));
        if (str_eq(html, cases[i].html))
            continue;
        print_message("%s\n  gives %s\n  not   %s\n", cases[i].text, html, cases[i].html);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void
reads_markdown(void **state)
{
    static const struct markdown_case cases[] = {
        {"", ""},
        {NULL, ""},
        {"a *b* **c** `d<e`\nf",
         "<p>a <em>b</em> <strong>c</strong> <code>d&lt;e</code><br />\nf</p>\n"},
        {"# One\n\nTwo\n---\n\n#### Four\n\n##### Five",
         "<h3>One</h3>\n<h4>Two</h4>\n<h6>Four</h6>\n<h6>Five</h6>\n"},
        {"| a | b |\n|---|--:|\n| ~~c~~ | d |",
         "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n"
         "<tbody>\n<tr>\n<td><del>c</del></td>\n<td align=\"right\">d</td>\n</tr>\n</tbody>\n"
         "</table>\n"},
        {"```js onclick\na<b\n```", "<pre><code>a&lt;b\n</code></pre>\n"},
        /* As registries write criteria. */
        {"Inclusion Criteria:\n\n* Age \\>= 18 years; ECOG 0\\~1\n* SPT \\>3mm \\[see 4\\]\n\n"
         "  1. one\n  2. two\n\nExclusion Criteria:\n\n1. p \\< 0.05, AST \\& ALT < 3 x ULN",
         "<p>Inclusion Criteria:</p>\n<ul>\n<li>\n<p>Age &gt;= 18 years; ECOG 0~1</p>\n"
         "</li>\n<li>\n<p>SPT &gt;3mm [see 4]</p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"
         "</li>\n</ul>\n"
         "<p>Exclusion Criteria:</p>\n<ol>\n"
         "<li>p &lt; 0.05, AST &amp; ALT &lt; 3 x ULN</li>\n</ol>\n"},
        {"caf\xc3\xa9 \xff", "<p>caf\xc3\xa9 \xef\xbf\xbd</p>\n"},
    };
    check(*state, cases, LEN(cases));
}

static void
limits_links(void **state)
{
    static const struct markdown_case cases[] = {
        {"[a](https://b.c/?d=1&e=2 \"t\")",
         "<p><a href=\"https://b.c/?d=1&amp;e=2\" rel=\"nofollow noopener\">a</a></p>\n"},
        {"[*a*](mailto:b@c.de)",
         "<p><a href=\"mailto:b@c.de\" rel=\"nofollow noopener\"><em>a</em></a></p>\n"},
        {"see www.b.de and b@c.de",
         "<p>see <a href=\"http://www.b.de\" rel=\"nofollow noopener\">www.b.de</a> and "
         "<a href=\"mailto:b@c.de\" rel=\"nofollow noopener\">b@c.de</a></p>\n"},
        {"<https://b.c/'\"x>",
         "<p><a href=\"https://b.c/%27%22x\" rel=\"nofollow noopener\">https://b.c/'&quot;x</a>"
         "</p>\n"},
        {"[a](javascript:alert(1)) [b](JaVascript:x) [c](data:text/html,x) [d](/sign-out) [e](//f)",
         "<p>a b c d e</p>\n"},
        {"[a](java&#10;script:x) [b](&#106;avascript:x) <vbscript:x> [c][1]\n\n[1]: file:///etc",
         "<p>a b vbscript:x c</p>\n"},
        {"![a *b*](https://c/d.png)", "<p>a <em>b</em></p>\n"},
        {"[![a](x.png)](https://b.c)",
         "<p><a href=\"https://b.c\" rel=\"nofollow noopener\">a</a></p>\n"},
    };
    check(*state, cases, LEN(cases));
}

static void
leaves_html_out(void **state)
{
    static const struct markdown_case cases[] = {
        {"a <b onclick='x'>c</b> <br/> <!-- d --> <?e?> f", "<p>a c    f</p>\n"},
        {"<script>alert(1)</script>\n\nb", "<p>b</p>\n"},
        {"a\n\n<div onload=x>\nb\n</div>", "<p>a</p>\n"},
        {"below <LLOQ>, above <uloq>", "<p>below &lt;LLOQ&gt;, above &lt;uloq&gt;</p>\n"},
        {"<LLOQ x=\"&\">\n\nb", "<p>&lt;LLOQ x=&quot;&amp;&quot;&gt;\n</p>\n<p>b</p>\n"},
        {"a <SCRIPT src=x> b", "<p>a  b</p>\n"},
    };
    check(*state, cases, LEN(cases));
}

static const char *
repeat(struct arena *a, const char *first, const char *then, size_t size)
{
    struct buf b;
    buf_init(&b, a);
    while (b.len + strlen(first) <= size / 2)
        buf_str(&b, first);
    while (b.len + strlen(then) <= size)
        buf_str(&b, then);
    return buf_text(&b);
}

/* Each of these takes the library seconds, or all memory, when it is read as it stands. */
static void
is_not_slow(void **state)
{
    static const char *const cases[][2] = {
        {"|\n|-\n", "|\n|-\n"}, {"a\n", "|\n|-\n"},  {"|-", "a\n"}, {"- ", "a\n"}, {"1. ", "\n"},
        {"> ", "[]"},           {"<a ", "a <?"},     {"a@", "a@"},  {"|a", "\n|-"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *html, *text = repeat(a, cases[i][0], cases[i][1], MARKDOWN_MAX);
        clock_t from = clock();
        assert_null(markdown_html(a, text, &html));
        assert_true(clock() - from < 5 * CLOCKS_PER_SEC); /* 0.1 s, but for slow checked builds */
        assert_true(strlen(html) < 10 * strlen(text));
    }
    struct markdown_case deep = {repeat(a, "- ", "<b>", 500), NULL};
    const char *html;
    assert_null(markdown_html(a, deep.text, &html));
    assert_true(str_starts(html, "<pre>- - -"));
    assert_null(strstr(html, "<b>"));

    char *large = arena_alloc(a, MARKDOWN_MAX + 2);
    memset(large, 'x', MARKDOWN_MAX + 1);
    assert_int_equal(markdown_html(a, large, &html)->code, E_TOO_LARGE);
    large[0] = '<';
    assert_true(str_starts(markdown_plain(a, large), "<pre>&lt;xxx"));
    large[MARKDOWN_MAX] = '\0';
    assert_null(markdown_html(a, large, &html));
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(reads_markdown),
        CASE(limits_links),
        CASE(leaves_html_out),
        CASE(is_not_slow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
