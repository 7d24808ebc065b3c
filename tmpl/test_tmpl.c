/* test_tmpl.c: what a template prints, and what is refused and why. */
#include "base/arena.h"
#include "tmpl/test_view.h"
#include "tmpl/tmpl.h"
#include "tmpl/tmpl_escape.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

/* The templates of a case: `main`, and others that a line "== name" begins. */
static err_t
compile(struct arena *a, const char *text, struct tmpl_set **ret)
{
    struct tmpl_source s[8];
    size_t n = 0;
    const char *name = "main";
    while (text) {
        const char *next = strstr(text, "\n== ");
        s[n++] = (struct tmpl_source){name, text, next ? (size_t)(next - text) : strlen(text)};
        if (!next)
            break;
        size_t name_n = strcspn(next + 4, "\n");
        name = arena_strndup(a, next + 4, name_n);
        text = next + 4 + name_n + 1;
    }
    return tmpl_compile(a, s, n, ret);
}

static err_t
render(struct arena *a, const char *text, const char *json, struct buf *out)
{
    struct tmpl_set *set;
    buf_init(out, a);
    TRY(compile(a, text, &set));
    return tmpl_render(set, "main", test_view(a, json), NULL, NULL, out);
}

struct print_case {
    const char *text, *json, *expected;
};

static void
check_prints(struct arena *a, const struct print_case *cases, size_t n)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct buf out;
        err_t e = render(a, cases[i].text, cases[i].json, &out);
        const char *got = e ? err_line(a, e) : buf_text(&out);
        if (str_eq(got, cases[i].expected))
            continue;
        print_message("%s\n  gives %s\n  not   %s\n", cases[i].text, got, cases[i].expected);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void
prints_values(void **state)
{
    static const struct print_case cases[] = {
        {"<p>{{x}}</p>", "{\"x\": \"a<b & \\\"c\\\" 'd'>\"}",
         "<p>a&lt;b &amp; &quot;c&quot; &#39;d&#39;&gt;</p>"},
        {"<p title='{{x}}'>", "{\"x\": \"' onclick='y\"}", "<p title='&#39; onclick=&#39;y'>"},
        {"<p>{{x_html}}</p>", "{\"x_html\": \"<b>1 & 2</b>\"}", "<p><b>1 & 2</b></p>"},
        {"{{i}} {{j}} {{r}} {{b}} {{n}}{{m}}",
         "{\"i\": -9223372036854775808, \"j\": 1234567, \"r\": 0.1, \"b\": true, \"n\": null}",
         "-9223372036854775808 1234567 0.1 true "},
        {"{{a.b.c}}|{{a.x}}|{{a.b.c.d}}", "{\"a\": {\"b\": {\"c\": 1}}}", "1||"},
        {"<textarea>{{x}}</textarea><title>{{x}}</title>", "{\"x\": \"</title>\"}",
         "<textarea>&lt;/title&gt;</textarea><title>&lt;/title&gt;</title>"},
        {"a < b {{x}}", "{\"x\": 1}", "a < b 1"},
        {"<!doctype html><!-- a > b --><!----><p>{{x}}</p>", "{\"x\": 1}",
         "<!doctype html><!-- a > b --><!----><p>1</p>"},
        {"<script>if (a < b) c();</script>{{x}}<style>p > a {}</style >{{x}}", "{\"x\": 1}",
         "<script>if (a < b) c();</script>1<style>p > a {}</style >1"},
        {"<br/>{{x}}<input disabled>{{x}}<input type=text value = \"{{x}}\" >", "{\"x\": 1}",
         "<br/>1<input disabled>1<input type=text value = \"1\" >"},
    };
    check_prints(*state, cases, LEN(cases));
}

static void
prints_sections(void **state)
{
    static const struct print_case cases[] = {
        {"{{#l}}<li>{{n}}{{x}}</li>{{/l}}{{^l}}none{{/l}}",
         "{\"x\": 9, \"l\": [{\"n\": 1}, {\"n\": 2}]}", "<li>19</li><li>29</li>"},
        {"{{#l}}<li>{{n}}</li>{{/l}}{{^l}}none{{/l}}", "{\"l\": []}", "none"},
        {"{{#l}}{{#.}}{{.}},{{/.}};{{/l}}", "{\"l\": [[1, 2], [3]]}", "1,2,;3,;"},
        {"<option value=\"{{v}}\"{{#s}} selected{{/s}}>", "{\"v\": 1, \"s\": true}",
         "<option value=\"1\" selected>"},
        {"<option value=\"{{v}}\"{{#s}} selected{{/s}}>", "{\"v\": 1}", "<option value=\"1\">"},
        {"<a {{#c}}aria-current=\"page\"{{/c}}>", "{\"c\": true}", "<a aria-current=\"page\">"},
        {"<a{{#c}} title=\"{{t}}\"{{/c}}{{^c}} hidden{{/c}} id=\"x\">",
         "{\"c\": {\"t\": \"\\\"\"}}", "<a title=\"&quot;\" id=\"x\">"},
        {"<input disabled{{#c}} checked{{/c}}/>", "{\"c\": true}", "<input disabled checked/>"},
        {"<i class=\"a{{#l}} x-{{.}}{{/l}}\">", "{\"l\": [\"b\", \"c\"]}",
         "<i class=\"a x-b x-c\">"},
        {"<p>\n  {{#a}}\n  x\n  {{/a}}\n</p>\n", "{\"a\": true}", "<p>\n  x\n</p>\n"},
        {"{{#t}}A{{/t}} {{t}}", "{\"t\": 3}", "A 3"},
    };
    check_prints(*state, cases, LEN(cases));
}

static void
prints_addresses(void **state)
{
    static const struct print_case cases[] = {
        {"<a href=\"{{u|url}}\">", "{\"u\": \"/a b?c=d&e=%20#f\"}",
         "<a href=\"/a%20b?c=d&amp;e=%20#f\">"},
        {"<a href=\"{{u|url}}\">", "{\"u\": \"javascript:alert(1)\"}", "<a href=\"#\">"},
        {"<a href='{{u|url}}'>", "{\"u\": \"https://x/'onclick='\"}",
         "<a href='https://x/%27onclick=%27'>"},
        {"<a href=\"/s/{{u | part}}?q={{u|part}}\">", "{\"u\": \"a/b ?é\"}",
         "<a href=\"/s/a%2Fb%20%3F%C3%A9?q=a%2Fb%20%3F%C3%A9\">"},
        {"<a href=\"{{#a}}{{u|url}}{{/a}}{{^a}}{{v|url}}{{/a}}#x\">", "{\"u\": 1, \"v\": \"/w\"}",
         "<a href=\"/w#x\">"},
        {"<a href=\"{{u|url}}/sites/{{n|part}}\">", "{\"u\": \"/s\", \"n\": 7}",
         "<a href=\"/s/sites/7\">"},
        {"<a href=\"mailto:{{m|part}}\">", "{\"m\": \"a@b.c\"}", "<a href=\"mailto:a%40b.c\">"},
        {"<i hx-get=\"{{u|url}}\" data-u=\"{{u|part}}\">", "{\"u\": \"/x\"}",
         "<i hx-get=\"/x\" data-u=\"%2Fx\">"},
    };
    check_prints(*state, cases, LEN(cases));
}

static void
prints_layouts(void **state)
{
    static const struct print_case cases[] = {
        {"{{<staff}}{{$main}}<p>{{x}}</p>{{/main}}{{$title}}T {{x}}{{/title}}{{/staff}}"
         "\n== staff\n{{<base}}{{$body}}<main>{{$main}}-{{/main}}</main>{{/body}}{{/base}}"
         "\n== base\n<title>{{$title}}none{{/title}}</title>{{$body}}{{/body}}",
         "{\"x\": \"<\"}", "<title>T &lt;</title><main><p>&lt;</p></main>"},
        {"{{<base}}{{$class}}a-{{x}}{{/class}}{{$attr}} hidden{{/attr}}{{/base}}"
         "\n== base\n<p class=\"{{$class}}{{/class}}\"{{$attr}}{{/attr}}>",
         "{\"x\": \"\\\"\"}", "<p class=\"a-&quot;\" hidden>"},
        /* What fills a block sees the blocks of the place where it was written. */
        {"{{<base}}{{$title}}Page{{/title}}{{$main}}"
         "{{<card}}{{$title}}Card{{/title}}{{/card}}{{/main}}"
         "{{/base}}\n== base\n{{$title}}{{/title}}: {{$main}}{{/main}}"
         "\n== card\n[{{$title}}{{/title}}]",
         "{}", "Page: [Card]"},
        {"{{#l}}{{>row}}{{/l}}\n== row\n<td>{{n}}{{x}}</td>",
         "{\"x\": 0, \"l\": [{\"n\": 1}, {\"n\": 2}]}",
         "<td>10</td><td>20</td>"},
        {"{{>tree}}\n== tree\n{{n}}{{#kids}}({{>tree}}){{/kids}}",
         "{\"n\": 1, \"kids\": [{\"n\": 2, \"kids\": []}, "
         "{\"n\": 3, \"kids\": [{\"n\": 4, \"kids\": []}]}]}",
         "1(2)(3(4))"},
    };
    check_prints(*state, cases, LEN(cases));
}

static void
refuses(void **state)
{
    static const struct {
        const char *text, *why;
        int line;
    } cases[] = {
        {"\n{{{x}}}", "escaping cannot be turned off", 2},
        {"{{&x}}", "escaping cannot be turned off", 1},
        {"{{=<% %>=}}", "the braces stay", 1},
        {"{{>*x}}", "named literally", 1},
        {"{{x", "without its }}", 1},
        {"{{x y}}", "is not a name", 1},
        {"{{a..b}}", "is not a name", 1},
        {"{{}}", "is not a name", 1},
        {"{{x|html}}", "url or part", 1},
        {"{{#x}}\n", "{{#x}} is not closed", 1},
        {"{{#x}}\n{{/y}}", "{{/y}} where {{#x}} of line 1 is open", 2},
        {"{{/x}}", "closes nothing", 1},
        {"\n\n{{>nowhere}}", "there is no template nowhere", 3},
        {"<script>\nvar a = {{x}};</script>", "a value inside <script>", 2},
        {"<STYLE>{{x}}</STYLE>", "a value inside <style>", 1},
        {"<script>{{#x}}a{{/x}}</script>", "a section, block or partial inside <script>", 1},
        {"<script><!-- </script>", "<!-- inside a script", 1},
        {"<!-- {{x}} -->", "a value inside an HTML comment", 1},
        {"<!{{x}}>", "a value inside a declaration", 1},
        {"<p onclick=\"{{x}}\">", "a value in onclick", 1},
        {"<p OnClick='{{x}}'>", "a value in onclick", 1},
        {"<p style=\"width: {{x}}\">", "a value in style", 1},
        {"<iframe srcdoc=\"{{x}}\">", "a value in srcdoc", 1},
        {"<img srcset=\"{{x}}\">", "a value in srcset", 1},
        {"<p hx-on:click=\"{{x}}\">", "a value in hx-on:click", 1},
        {"<p hx-vals='{{x}}'>", "a value in hx-vals", 1},
        {"<p data-hx-confirm=\"{{x}}\">", "a value in data-hx-confirm", 1},
        {"<p onclick=\"{{#t}}x{{/t}}\">", "a value in onclick", 1},
        {"<{{x}}>", "a value inside a tag name", 1},
        {"<p{{x}}>", "a value inside a tag name", 1},
        {"<p {{x}}>", "a value inside a tag", 1},
        {"<p x{{x}}>", "a value inside an attribute name", 1},
        {"<p x={{x}}>", "an attribute without quotes", 1},
        {"<p x=a{{x}}>", "an attribute without quotes", 1},
        {"<p x=\"1\"y=\"2\">", "a space is needed", 1},
        {"<a href=\"{{x}}\">", "a value in href needs |url", 1},
        {"<form action='{{x}}'>", "a value in action needs |url", 1},
        {"<a hx-get:inherited=\"{{x}}\">", "needs |url", 1},
        {"<a href=\"/x/{{x|url}}\">", "further on it is |part", 1},
        {"<a href=\"{{x|url}}{{y|url}}\">", "further on it is |part", 1},
        {"<a href=\"{{x|part}}:y\">", "would make the value a scheme", 1},
        {"<a href=\"{{#a}}{{x|part}}{{/a}}:y\">", "would make the value a scheme", 1},
        {"<a href=\" Java\nScript:x\">", "a script in an address", 2},
        {"<a href=\"{{#t}}x{{/t}}\">", "needs |url", 1},
        {"<p>{{x|url}}</p>", "only in attributes", 1},
        {"<meta http-equiv=\"refresh\" content=\"{{x}}\">", "meta http-equiv", 1},
        {"<p{{#x}}>{{/x}}", "must leave the page where it found it", 1},
        {"<p class=\"{{#x}}\" id=\"{{/x}}\">", "must leave the page where it found it", 1},
        {"<p {{#x}}a><p b{{/x}}>", "must leave the page where it found it", 1},
        {"{{#x}}<title>{{/x}}", "must leave the page where it found it", 1},
        {"<p {{#x}}a=\"1\"{{/x}}{{#y}}b{{/y}}>", "a space is needed", 1},
        {"<p {{#x}}a{{/x}}b>", "a space is needed", 1},
        {"<p {{>x}}>\n== x\n", "a partial or layout inside a tag", 1},
        {"<title><b></title>", "a < inside title", 1},
        {"<p", "ends inside a tag name", 0},
        {"<script>", "ends inside <script>", 0},
        {"<![CDATA[x]]>", "<![ is not HTML", 1},
        {"<plaintext>", "never ends", 1},
        {"{{#t}}a <b>b</b>{{/t}}", "markup inside {{#t}}", 1},
        {"{{#t}}a&nbsp;b{{/t}}", "an entity inside {{#t}}", 1},
        {"{{#t}}{{#x}}a{{/x}}{{/t}}", "only text and plain values", 1},
        {"{{#t}}{{x|url}}{{/t}}", "no |url", 1},
        {"{{#t}} {{/t}}", "without a text", 1},
        {"{{#t}}x", "{{#t}} is not closed", 1},
        {"{{^t}}x{{/t}}", "t is the name", 1},
        {"{{<x}}\ntext{{/x}}\n== x\n", "would be lost", 1},
        {"{{<x}}{{y}}{{/x}}\n== x\n", "only {{$blocks}}", 1},
        {"{{<x}}{{$a}}{{/a}}\n{{$a}}{{/a}}{{/x}}\n== x\n{{$a}}{{/a}}", "the same block twice", 2},
        {"{{<x}}{{$b}}{{/b}}{{/x}}\n== x\n{{$a}}{{/a}}", "x has no block b", 1},
        {"{{<x}}{{/x}}\n== x\n{{<main}}{{/main}}", "without end", 1},
        {"{{<x}}{{$a}}{{y}}{{/a}}{{/x}}\n== x\n<p style=\"{{$a}}{{/a}}\">", "a value in style", 1},
        {"\xff", "not valid UTF-8", 1},
    };
    struct arena *a = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tmpl_set *set;
        err_t e = compile(a, cases[i].text, &set);
        int line = cases[i].line;
        const char *place = line ? arena_printf(a, "main, line %d", line) : "main";
        bool loop = e && strstr(e->text, "without end");
        if (e && strstr(e->text, cases[i].why) && (loop || str_eq(e->place, place)))
            continue;
        print_message("%s\n  gives %s\n  not   %s: %s\n", cases[i].text,
                      e ? err_line(a, e) : "no error", place, cases[i].why);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void
refuses_what_is_too_large(void **state)
{
    struct arena *a = *state;
    struct tmpl_set *set;
    size_t n = (1 << 20) + 1;
    char *text = arena_alloc(a, n);
    memset(text, 'x', n);
    err_t e = tmpl_compile(a, &(struct tmpl_source){"main", text, n}, 1, &set);
    assert_string_equal(e->text, "larger than 1 MiB");
    assert_null(tmpl_compile(a, &(struct tmpl_source){"main", text, n - 1}, 1, &set));

    /* Every layer doubles the one beneath it. */
    struct tmpl_source s[26];
    for (size_t i = 0; i < LEN(s); i++) {
        size_t to = i - 1;
        const char *t = i ? arena_printf(a, "{{<l%zu}}{{/l%zu}}{{<l%zu}}{{/l%zu}}", to, to, to, to)
                          : "x";
        s[i] = (struct tmpl_source){arena_printf(a, "l%zu", i), t, strlen(t)};
    }
    e = tmpl_compile(a, s, LEN(s), &set);
    assert_string_equal(e->text, "the templates with their layouts are too large");

    struct buf deep;
    buf_init(&deep, a);
    for (int i = 0; i < 33; i++)
        buf_str(&deep, "{{#x}}");
    e = tmpl_compile(a, &(struct tmpl_source){"main", deep.data, deep.len}, 1, &set);
    assert_string_equal(e->text, "more than 32 tags within each other");

    const struct tmpl_source twice[] = {{"a", "", 0}, {"a", "", 0}};
    assert_string_equal(tmpl_compile(a, twice, 2, &set)->text, "two templates are named a");
    assert_null(tmpl_compile(a, NULL, 0, &set));
    assert_false(tmpl_has(set, "a"));
}

static void
fails_while_rendering(void **state)
{
    static const struct {
        const char *text, *json, *why;
    } cases[] = {
        {"<p title=\"{{x_html}}\">", "{\"x_html\": \"<b>\"}", "x_html is markup"},
        {"<title>{{x_html}}</title>", "{\"x_html\": \"<b>\"}", "x_html is markup"},
        {"{{#t}}a {{x_html}}{{/t}}", "{\"x_html\": \"<b>\"}", "x_html is markup"},
        {"{{x}}", "{\"x\": [1]}", "x is a list"},
        {"{{x}}", "{\"x\": {}}", "x is a map"},
        {"<p{{#x}} a=\"{{.}}\"{{/x}}>", "{\"x\": [1, 2]}", "x is a list, within a tag"},
        {"{{>x}}\n== x\na{{>x}}", "{}", "more than 32 partials"},
        {"{{#x}}{{>y}}{{/x}}\n== y\n{{#x}}{{>y}}{{/x}}", "{\"x\": 1}", "more than 32"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        err_t e = render(a, cases[i].text, cases[i].json, &out);
        assert_non_null(e);
        assert_int_equal(e->code, E_INTERNAL);
        assert_non_null(e->place);
        assert_non_null(strstr(e->text, cases[i].why));
        assert_int_equal(out.len, 0);
    }
    struct tmpl_set *set;
    struct buf out;
    assert_null(compile(a, "x", &set));
    assert_true(tmpl_has(set, "main"));
    buf_init(&out, a);
    err_t e = tmpl_render(set, "other", view_map_new(a), NULL, NULL, &out);
    assert_int_equal(e->code, E_INTERNAL);
}

/* A list within itself, six times: nothing to print, and yet without end. */
static void
ends_in_time_and_space(void **state)
{
    struct arena *a = *state;
    struct tmpl_set *set;
    struct buf out;
    struct view *v = view_map_new(a), *l = view_list(v, "l");
    for (int i = 0; i < 100; i++)
        view_add_int(l, i);
    assert_null(compile(a,
                        "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                        "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}",
                        &set));
    buf_init(&out, a);
    buf_str(&out, "before");
    err_t e = tmpl_render(set, "main", v, NULL, NULL, &out);
    assert_string_equal(e->text, "the page takes too long to write");

    char *text = arena_alloc(a, 200001);
    memset(text, '<', 200000);
    view_text(v, "x", text);
    assert_null(compile(a, "{{#l}}{{x}}{{/l}}", &set));
    e = tmpl_render(set, "main", v, NULL, NULL, &out);
    assert_string_equal(e->text, "the page is larger than 16 MiB");
    assert_string_equal(buf_text(&out), "before");
}

static const char *
to_german(void *arg, const char *msgid)
{
    static const char *const words[][2] = {
        {"Search", "Suche \"<überall>\""},
        {"{{n}} of {{of.all}} sites", "von {{of.all}} Stellen {{ n }}"},
        {"wrong {{n}}", "falsch {{m}}"},
        {"open {{n}}", "offen {{n"},
    };
    for (size_t i = 0; i < LEN(words); i++) {
        if (str_eq(words[i][0], msgid))
            return words[i][1];
    }
    return msgid;
}

static void
translates(void **state)
{
    static const struct print_case cases[] = {
        {"<i aria-label=\"{{#t}}Search{{/t}}\">{{#t}}Search{{/t}}</i>", "{}",
         "<i aria-label=\"Suche &quot;&lt;überall&gt;&quot;\">"
         "Suche &quot;&lt;überall&gt;&quot;</i>"},
        {"{{#t}}\n  {{n}}  of {{ of.all }}\n sites{{/t}}", "{\"n\": \"<\", \"of\": {\"all\": 3}}",
         " von 3 Stellen &lt;"},
        {"{{#t}}R & D's < 5{{/t}}", "{}", "R &amp; D&#39;s &lt; 5"},
        {"a{{#t}} b {{! for the translator }}{{/t}}c", "{}", "a b c"},
        {"{{#t}}wrong {{n}}{{/t}}", "{}",
         "main, line 1: the translation of \"wrong {{n}}\" has an unknown place"},
        {"{{#t}}open {{n}}{{/t}}", "{}",
         "main, line 1: the translation of \"open {{n}}\" has an unknown place"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tmpl_set *set;
        struct buf out;
        assert_null(compile(a, cases[i].text, &set));
        buf_init(&out, a);
        err_t e = tmpl_render(set, "main", test_view(a, cases[i].json), to_german, NULL, &out);
        assert_string_equal(e ? err_line(a, e) : buf_text(&out), cases[i].expected);
    }
    const struct print_case plain[] = {
        {"{{#t}}{{n}} of {{of.all}} sites{{/t}}", "{\"n\": 2, \"of\": {\"all\": 3}}",
         "2 of 3 sites"},
    };
    check_prints(a, plain, LEN(plain));
}

static void
note_text(void *arg, const char *name, int line, const char *text)
{
    buf_printf(arg, "%s:%d %s;", name, line, text);
}

static void
finds_untranslated_text(void **state)
{
    struct arena *a = *state;
    struct tmpl_set *set;
    struct buf found;
    buf_init(&found, a);
    assert_null(compile(a,
                        "{{<base}}{{$title}}Sites{{/title}}{{$main}}\n\n<p>Two\n words</p>"
                        "<p>{{#t}}Done{{/t}} – {{x}}: &nbsp; · 5 x → &middot;</p>"
                        "<i title=\"Tip\" alt='' class=\"card\" placeholder=find>"
                        "{{#x}}Ünë{{/x}}</i>"
                        "<script>var words;</script><!-- a comment -->"
                        "<b translate=\"no\">Rapport</b>"
                        "{{/main}}{{/base}}\n== base\n<title>{{$title}}{{/title}}</title>"
                        "<h1>{{$title}}{{/title}}</h1>\n{{$main}}{{/main}}<p>At last</p>",
                        &set));
    size_t n = tmpl_untranslated(set, note_text, &found);
    assert_string_equal(buf_text(&found), "base:2 At last;main:1 Sites;main:3 Two words;main:4 Tip;"
                                          "main:4 find;main:4 Ünë;");
    assert_int_equal(n, 6);
}

static void
escapes_addresses(void **state)
{
    static const struct {
        const char *in, *url;
    } cases[] = {
        {"", ""},
        {"/a", "/a"},
        {"HTTPS://x.y/z", "HTTPS://x.y/z"},
        {"mailto:a@b.c", "mailto:a@b.c"},
        {"tel:+49 30", "tel:+49%2030"},
        {"?q=a:b", "?q=a:b"},
        {"a/b:c", "a/b:c"},
        {"javascript:x", "#"},
        {" javascript:x", "#"},
        {"java\nscript:x", "#"},
        {"JaVaScRiPt:x", "#"},
        {"data:text/html,x", "#"},
        {"vbscript:x", "#"},
        {":x", "#"},
        {"httpsx:y", "#"},
        {"\\\\evil", "%5C%5Cevil"},
        {"/<>\"'`{}|^\x01\x7f", "/%3C%3E%22%27%60%7B%7D%7C%5E%01%7F"},
        {"/100%", "/100%25"},
        {"/%zz%4", "/%25zz%254"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, a);
        tmpl_escape_url(&out, cases[i].in);
        assert_string_equal(buf_text(&out), cases[i].url);
        assert_int_equal(tmpl_escape_url_ok(cases[i].in), !str_eq(cases[i].url, "#"));
    }
}

struct shared {
    const struct tmpl_set *set;
    bool same;
};

static void *
render_many(void *arg)
{
    struct shared *s = arg;
    s->same = true;
    for (int i = 0; i < 200; i++) {
        struct arena *a = arena_new(0);
        struct buf out;
        buf_init(&out, a);
        struct view *v = test_view(a, "{\"l\": [{\"n\": 1}, {\"n\": 2}], \"x\": \"<\"}");
        err_t e = tmpl_render(s->set, "main", v, NULL, NULL, &out);
        s->same &= !e && str_eq(buf_text(&out), "<p>1&lt;</p><p>2&lt;</p>");
        arena_free(a);
    }
    return NULL;
}

static void
serves_many_threads(void **state)
{
    struct tmpl_set *set;
    assert_null(compile(*state, "{{#l}}{{>row}}{{/l}}\n== row\n<p>{{n}}{{x}}</p>", &set));
    struct shared s[3] = {{set}, {set}, {set}};
    pthread_t t[3];
    for (size_t i = 0; i < LEN(t); i++)
        assert_int_equal(pthread_create(&t[i], NULL, render_many, &s[i]), 0);
    for (size_t i = 0; i < LEN(t); i++)
        pthread_join(t[i], NULL);
    for (size_t i = 0; i < LEN(t); i++)
        assert_true(s[i].same);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(prints_values),
        CASE(prints_sections),
        CASE(prints_addresses),
        CASE(prints_layouts),
        CASE(refuses),
        CASE(refuses_what_is_too_large),
        CASE(fails_while_rendering),
        CASE(ends_in_time_and_space),
        CASE(translates),
        CASE(finds_untranslated_text),
        CASE(escapes_addresses),
        CASE(serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
