/* test_countries.c: the table of countries, and what people and registries write. */
#include "base/arena.h"
#include "base/utf8.h"
#include "core/countries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void
knows_spellings(void **state)
{
    static const struct {
        const char *spelled, *code;
    } cases[] = {
        {"Turkey (Türkiye)", "TR"},
        {"Turkey", "TR"},
        {"Türkiye", "TR"},
        {"TURKIYE", "TR"},
        {"Korea, Republic of", "KR"},
        {"South Korea", "KR"},
        {"Republic of Korea", "KR"},
        {"Korea, Democratic People's Republic of", "KP"},
        {"Korea, Democratic People’s Republic of", "KP"},
        {"Russian Federation", "RU"},
        {"Russia", "RU"},
        {"Czechia", "CZ"},
        {"Czech Republic", "CZ"},
        {"Taiwan", "TW"},
        {"Taiwan, Province of China", "TW"},
        {"China", "CN"},
        {"Hong Kong", "HK"},
        {"Iran, Islamic Republic of", "IR"},
        {"Iran", "IR"},
        {"Macedonia, The Former Yugoslav Republic of", "MK"},
        {"North Macedonia", "MK"},
        {"Moldova, Republic of", "MD"},
        {"Côte D'Ivoire", "CI"},
        {"Côte d’Ivoire", "CI"},
        {"Cote d'Ivoire", "CI"},
        {"Congo, The Democratic Republic of the", "CD"},
        {"Congo", "CG"},
        {"Republic of the Congo", "CG"},
        {"Réunion", "RE"},
        {"Former Serbia and Montenegro", "CS"},
        {"Former Yugoslavia", "YU"},
        {"Serbia", "RS"},
        {"USA", "US"},
        {"U.S.", "US"},
        {"United States of America", "US"},
        {"the United States", "US"},
        {"UK", "GB"},
        {"England", "GB"},
        {"Deutschland", "DE"},
        {"de", "DE"},
        {"DEU", "DE"},
        {"Viet Nam", "VN"},
        {"Tanzania, United Republic of", "TZ"},
        {"Palestinian Territory, occupied", "PS"},
        {"Palestinian Territories, Occupied", "PS"},
        {"Libyan Arab Jamahiriya", "LY"},
        {"Lao People's Democratic Republic", "LA"},
        {"Bosnia & Herzegovina", "BA"},
        {"Holy See (Vatican City State)", "VA"},
        {"Micronesia, Federated States of", "FM"},
        {"Virgin Islands (U.S.)", "VI"},
        {"Swaziland", "SZ"},
        {"Guinea", "GN"},
        {"Guinea-Bissau", "GW"},
        {"Equatorial Guinea", "GQ"},
        {"Niger", "NE"},
        {"Nigeria", "NG"},
        {"Dominica", "DM"},
        {"Dominican Republic", "DO"},
        {"Georgia", "GE"},
        {"Kosovo", "XK"},
        {"  puerto   rico ", "PR"},
        {"Atlantis", NULL},
        {"Republic", NULL},
        {"of the", NULL},
        {"Korea Korea", NULL},
        {"Germany France", NULL},
        {"a b c d e f g h i j k l m n o p q r s t", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *code = countries_code(*state, cases[i].spelled);
        if (!code != !cases[i].code || (code && strcmp(code, cases[i].code) != 0))
            fail_msg("%s gives %s, not %s", cases[i].spelled, code ? code : "nothing",
                     cases[i].code ? cases[i].code : "nothing");
    }
}

static void
means(void **state, const char *spelled, const char *code)
{
    const char *found = countries_code(*state, spelled);
    if (!found || strcmp(found, code) != 0)
        fail_msg("%s gives %s, not %s", spelled, found ? found : "nothing", code);
}

/* Every country is found by its own name and codes, which proves that no two share a spelling. */
static void
table_is_sound(void **state)
{
    size_t n, current = 0;
    const struct country *all = countries_all(&n);
    for (size_t i = 0; i < n; i++) {
        current += all[i].current;
        assert_int_equal(strlen(all[i].code), 2);
        assert_int_equal(strlen(all[i].code3), 3);
        means(state, all[i].name, all[i].code);
        means(state, all[i].code, all[i].code);
        means(state, all[i].code3, all[i].code);
        assert_string_equal(countries_name(all[i].code), all[i].name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(all[i].code, all[k].code);
    }
    assert_int_equal(current, 249);
    assert_null(countries_name("ZZ"));
    assert_null(countries_name(NULL));
}

/* Each spelling in the file is written as it will be looked for, and means one country only. */
static void
spellings_are_folded(void **state)
{
    static const struct {
        const char *code, *spellings;
    } rows[] = {
#define COUNTRY(code, code3, name, spellings) {#code, spellings},
#define OTHER(code, code3, name, spellings) {#code, spellings},
#include "core/countries.def"
#undef COUNTRY
#undef OTHER
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *copy = arena_strdup(*state, rows[i].spellings), *rest = NULL;
        for (char *s = strtok_r(copy, "|", &rest); s; s = strtok_r(NULL, "|", &rest)) {
            assert_string_equal(utf8_fold(*state, s), s);
            means(state, s, rows[i].code);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(knows_spellings, setup, teardown),
        cmocka_unit_test_setup_teardown(table_is_sound, setup, teardown),
        cmocka_unit_test_setup_teardown(spellings_are_folded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
