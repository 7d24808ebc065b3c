/* test_names.c: which names name somebody or some place, and which records join. */
#include "base/arena.h"
#include "base/str.h"
#include "features/registry/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

static const struct {
    const char *name, *sponsor;
} placeholders[] = {
    {NULL},
    {""},
    {"-"},
    {"*"},
    {"N/A"},
    {"TBD"},
    {"Research Site"},
    {"Research Site 001"},
    {"Study Site"},
    {"Clinical Site"},
    {"Clinical Study Site"},
    {"Clinical Research Site"},
    {"Clinical Trial Site"},
    {"Trial Site 12"},
    {"Local Institution - 0062"},
    {"Local Institution (0012)"},
    {"Local Institution ( Site 0101)"},
    {"Investigational Site"},
    {"Investigational Site Number 8400001"},
    {"Investigational Site Number : 0320003"},
    {"Investigator Site 14"},
    {"Investigator's Site"},
    {"Investigative Site 3"},
    {"Novartis Investigative Site", "Novartis Pharmaceuticals"},
    {"Novo Nordisk Investigational Site"},
    {"GSK Investigational Site", "GlaxoSmithKline"},
    {"Teva Investigational Site 12345", "Teva Branded Pharmaceutical Products R&D, Inc."},
    {"Galderma Investigational Site 8765"},
    {"1160.25.4901 Boehringer Ingelheim Investigational Site", "Boehringer Ingelheim"},
    {"1160.25.4901"},
    {"Ep0091 807", "UCB Pharma"},
    {"Pfizer Investigational Site, Tokyo", "Pfizer"},
    {"Allergan Sales LLC Investigational site 033"},
    {"EMD Serono Research Site", "Merck Healthcare KGaA"},
    {"BMS Clinical Site", "Bristol-Myers Squibb"},
    {"Merck Sharp & Dohme site", "Merck Sharp & Dohme LLC"},
    {"Takeda selected site", "Takeda"},
    {"Valeant Site 14", "Bausch Health Americas, Inc."},
    {"Chiesi Clinical Trial - Site 12345", "Chiesi Farmaceutici S.p.A."},
    {"Eisai Trial Site #1"},
    {"Site Reference ID/Investigator# 53164", "AbbVie"},
    {"Research facility ID ORG-001086", "Abbott"},
    {"Medical Facility"},
    {"Facility #1"},
    {"Location 1"},
    {"Site 0123"},
    {"Site US1001", "Astellas Pharma Inc"},
    {"Site BE32001"},
    {"US Site"},
    {"Site A"},
    {"Site 12, Berlin"},
    {"Sites in Ohio"},
    {"Investigational Site in Germany"},
    {"CT-155 Study Center", "Click Therapeutics, Inc."},
    {"Study Center 4"},
    {"Center 12"},
    {"Research Center"},
    {"Medical Center"},
    {"Prüfzentrum 3"},
    {"Sitio 12"},
    {"Many Locations", "Bayer"},
    {"Multiple sites"},
    {"This Study Has Multiple Sites"},
    {"Various"},
    {"Worldwide"},
    {"Online"},
    {"Virtual Site"},
    {"Confidential"},
    {"Call for Information"},
    {"Call for Information (Investigational Site 0100)"},
    {"For additional information regarding investigative sites for this trial, contact "
     "1-877-CTLILLY "
     "(1-877-285-4559, 1-317-615-4559) Mon - Fri from 9 AM to 5 PM Eastern Time (UTC/GMT - 5 "
     "hours, "
     "EST), or speak with your personal physician."},
    {"Please Contact Sponsor"},
    {"Contact Alcon Call Center For Trial Locations"},
    {"Sanofi-Aventis Administrative Office", "Sanofi"},
    {"Pfizer", "Pfizer"},
    {"Pear Therapeutics, Inc.", "Pear Therapeutics, Inc."},
    {"Alphatec Spine Inc.", "Alphatec Spine, Inc."},
    {"Hospital"},
    {"Clinic"},
    {"Private practice"},
};

static const struct {
    const char *name, *sponsor;
} places[] = {
    {"University Hospital"},
    {"Asan Medical Center"},
    {"Samsung Medical Center", "Samsung Bioepis Co., Ltd."},
    {"Mayo Clinic"},
    {"Mayo Clinic", "Mayo Medical Labs Inc"},
    {"CHU"},
    {"UZ Leuven"},
    {"900 Hospital"},
    {"City Hospital No. 5"},
    {"City out-patient's clinic # 94"},
    {"Kyiv City Clinical Hospital #9"},
    {"Gustave Roussy ( Site 1101)"},
    {"Bradfordhill ( Site 2101)"},
    {"FALP ( Site 2100)"},
    {"City of Hope National Medical Center /ID# 276272"},
    {"REX Clinical Trials Site Number : 8400017"},
    {"USA Clinical Trials Site Number : 8400020"},
    {"Alamo ENT Associates Site Number : 8400018"},
    {"Albert Einstein College of Medicine-Site Number:8400001"},
    {"Institut Curie - Site de Paris"},
    {"CHU de Nantes - Site Hôtel Dieu"},
    {"Site Hospitalier Nord"},
    {"McGill University Health Centre - Glen Site"},
    {"GCM Medical Group, PSC - Hato Rey Site"},
    {"Heights Dermatology & Aesthetic Center - Heights Location"},
    {"Isipingo Clinical Research Site"},
    {"Kamuzu Central Hospital CRS"},
    {"NIHR Clinical Research Facility"},
    {"Translational Research Facility, Department of Biology, University of York"},
    {"Clinical Site Partners, LLC"},
    {"Clinical Research Center"},
    {"Clinical Research Institute"},
    {"The Clinical Research Center, LLC"},
    {"Clinical Trials & Research Institute"},
    {"Clinical Investigation Center"},
    {"Center for Clinical Studies", "Eli Lilly and Company"},
    {"University Clinical Investigators, Inc."},
    {"City of Hope Investigational Drug Services (IDS)"},
    {"Johns Hopkins Medical Institution"},
    {"Lady Reading Hospital - Medical Teaching Institution"},
    {"Municipal Institution \"City Clinical Hospital #3\""},
    {"Prof. Kristian Reich, MD"},
    {"Office of Dr. Jane Smith"},
    {"Phase 1 unit"},
    {"ID Clinic", "Hoffmann-La Roche"},
    {"PT&R", "Nutricia Research"},
    {"Rx R&D", "Novartis Pharmaceuticals"},
    {"Nantes"},
    {"北京医院"},
    {"Центр кардиологии"},
};

static void
knows_placeholders(void **state)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        const char *name = placeholders[i].name, *sponsor = placeholders[i].sponsor;
        if (!names_facility_is_placeholder(*state, name, sponsor))
            fail_msg("%s is taken for a place", name);
        assert_null(names_facility_key(*state, name, "Paris", "FR", sponsor));
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (names_facility_is_placeholder(*state, places[i].name, places[i].sponsor))
            fail_msg("%s is taken for a placeholder", places[i].name);
    }
}

static void
joins_places(void **state)
{
    static const struct {
        const char *a, *city_a, *b, *city_b;
        bool same;
    } cases[] = {
        {"Hôpital St-Luc.", "Montréal", "hopital ST LUC", "Montreal", true},
        {"Rambam Health Care Campus ( Site 3202)", "Haifa", "Rambam Health Care Campus", "Haifa",
         true},
        {"Asan Medical Center /ID# 252289", "Seoul", "Asan Medical Center", "Seoul", true},
        {"Vanderbilt University Medical Center Site Number : 8400013", "Nashville",
         "Vanderbilt University Medical Center", "Nashville", true},
        {"Mayo Clinic Arizona - PPDS", "Phoenix", "Mayo Clinic Arizona", "Phoenix", true},
        {"Goethe University,", "Frankfurt", "Goethe University", "Frankfurt", true},
        {"Mayo Clinic", "Phoenix", "Mayo Clinic", "Rochester", false},
        {"Hospital Clinic", "Barcelona", "Hospital Clinic Barcelona", "Barcelona", false},
        {"City Hospital No. 5", "Minsk", "City Hospital No. 6", "Minsk", false},
        {"The First Hospital (East)", "Wuhan", "The First Hospital", "Wuhan", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *a = names_facility_key(*state, cases[i].a, cases[i].city_a, "XX", NULL);
        const char *b = names_facility_key(*state, cases[i].b, cases[i].city_b, "XX", NULL);
        assert_non_null(a);
        assert_non_null(b);
        if (str_eq(a, b) != cases[i].same)
            fail_msg("%s and %s", a, b);
    }
    assert_string_equal(names_facility_key(*state, "Hôtel-Dieu", "Lyon", "FR", NULL), "hotel dieu|lyon|FR");
    assert_null(names_facility_key(*state, "University Hospital", NULL, "FR", NULL));
    assert_null(names_facility_key(*state, "University Hospital", "Lyon", NULL, NULL));
    assert_string_not_equal(names_facility_key(*state, "St Mary", "Paris", "FR", NULL),
                            names_facility_key(*state, "St Mary", "Paris", "US", NULL));
}

static void
knows_desks(void **state)
{
    static const struct {
        const char *name, *sponsor;
    } desks[] = {
        {NULL},
        {""},
        {"Study Coordinator"},
        {"Clinical Trials Office"},
        {"Clinical Trials"},
        {"Use Central Contact"},
        {"Site Public Contact"},
        {"Site 0063"},
        {"Reference Study ID Number: GO12345 https://forpatients.roche.com/"},
        {"Novartis Pharmaceuticals"},
        {"Novo Nordisk", "Novo Nordisk A/S"},
        {"Bristol-Myers Squibb", "Bristol-Myers Squibb"},
        {"Clinical Trials Registry Team"},
        {"Medical Director"},
        {"Angitia Medical Director"},
        {"Chief Medical Officer"},
        {"Study Director"},
        {"Principal Investigator"},
        {"Pfizer CT.gov Call Center"},
        {"Backup Contact"},
        {"Toll Free Number"},
        {"ABBVIE INC."},
        {"Kura Oncology, Inc."},
        {"Janssen Research & Development, LLC Clinical Trial"},
        {"Call 1-877-CTLILLY (1-877-285-4559) or 1-317-615-4559"},
        {"For more information at the NIH Clinical Center contact Office of Patient Recruitment "
         "(OPR)"},
        {"First line of the email MUST contain NCT # and Site #."},
        {"herbert@example.org"},
        {"Trial Transparency email recommended (Toll free for US & Canada)"},
        {"Clinical Transparency (dept. 2834)"},
        {"Global Clinical Leader"},
        {"Sponsor"},
        {"BBS"},
        {"MD"},
        {"Studiensekretariat"},
        {"Project Manager"},
    };
    static const struct {
        const char *name, *sponsor;
    } persons[] = {
        {"James N. Weinstein, DO, MS"},
        {"Justin Call, MD"},
        {"Anthony El-Khoueiry, Site 0041"},
        {"Miriam Rösner, Study nurse"},
        {"Tone Melan, Nurse"},
        {"Anne Katarina Cartfjord, Director"},
        {"Jing Li, Medical Ph.D"},
        {"Juan Antonio Carrillo, Medicine"},
        {"Dandan Chen, site -sub investigator"},
        {"Paul Nurse"},
        {"Mary Head, MD"},
        {"Karen 2 Robson"},
        {"Caroline Babinec"},
        {"Joseph D. Diaz, MD", "Joseph D. Diaz, MD"},
        {"Li, Wei"},
        {"王伟"},
        {"Kamps, MD, PhD"},
    };
    for (size_t i = 0; i < sizeof desks / sizeof *desks; i++) {
        if (!names_person_is_desk(*state, desks[i].name, desks[i].sponsor))
            fail_msg("%s is taken for a person", desks[i].name);
        assert_null(names_person_key(*state, desks[i].name, "Somewhere", desks[i].sponsor));
    }
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++) {
        if (names_person_is_desk(*state, persons[i].name, persons[i].sponsor))
            fail_msg("%s is taken for a desk", persons[i].name);
    }
}

static void
takes_names_apart(void **state)
{
    static const struct {
        const char *name, *plain, *given, *family;
    } cases[] = {
        {"James N. Weinstein, DO, MS", "James N. Weinstein", "James N.", "Weinstein"},
        {"Dr. Markus Berger", "Markus Berger", "Markus", "Berger"},
        {"Prof. Dr. med. Sabina Rak", "Sabina Rak", "Sabina", "Rak"},
        {"Professor, Dr. Med Hans-Joergen Malling", "Hans-Joergen Malling", "Hans-Joergen",
         "Malling"},
        {"Dr.Sumeet Mirgh, DM", "Sumeet Mirgh", "Sumeet", "Mirgh"},
        {"Johannes Schulze MD", "Johannes Schulze", "Johannes", "Schulze"},
        {"Jad Khalil M.D., Ph.D.", "Jad Khalil", "Jad", "Khalil"},
        {"Anthony El-Khoueiry, Site 0041", "Anthony El-Khoueiry", "Anthony", "El-Khoueiry"},
        {"Gierer, Prof. Dr.", "Gierer", "", "Gierer"},
        {"Li, Wei", "Wei Li", "Wei", "Li"},
        {"Jieming Ma", "Jieming Ma", "Jieming", "Ma"},
        {"Minh Do", "Minh Do", "Minh", "Do"},
        {"FACON Alain, MD", "FACON Alain", "Alain", "FACON"},
        {"Celine LEPERE, MD", "Celine LEPERE", "Celine", "LEPERE"},
        {"Thibault DE LA MOTTE ROUGE, MD", "Thibault DE LA MOTTE ROUGE", "Thibault",
         "DE LA MOTTE ROUGE"},
        {"PETROS NIKOLINAKOS", "PETROS NIKOLINAKOS", "PETROS", "NIKOLINAKOS"},
        {"Michel M. van den Heuvel, MD, PhD", "Michel M. van den Heuvel", "Michel M.",
         "van den Heuvel"},
        {"Martin Luther King Jr.", "Martin Luther King Jr.", "Martin Luther", "King Jr."},
        {"Hugh A Sampson; MD", "Hugh A Sampson", "Hugh A", "Sampson"},
        {"", "", "", ""},
        {",", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(names_person_plain(*state, cases[i].name), cases[i].plain);
        struct names_parts p = names_person_split(*state, cases[i].name);
        assert_string_equal(p.given, cases[i].given);
        assert_string_equal(p.family, cases[i].family);
    }
}

static void
joins_persons(void **state)
{
    static const struct {
        const char *a, *at_a, *b, *at_b;
        bool same;
    } cases[] = {
        {"James N. Weinstein, DO, MS", "Dartmouth", "James N. Weinstein", "Dartmouth", true},
        {"Prof. Kari Nadeau, MD, PhD", "Stanford University", "Kari NADEAU", "Stanford University",
         true},
        {"Frédéric De Blay, MD", "CHU Strasbourg", "Frederic de Blay", "CHU Strasbourg", true},
        {"Hugh A Sampson, MD", "Mount Sinai", "Hugh Sampson, MD", "Mount Sinai", false},
        {"Jing Wang", "Fudan University", "Jing Wang", "Peking University", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *a = names_person_key(*state, cases[i].a, cases[i].at_a, NULL);
        const char *b = names_person_key(*state, cases[i].b, cases[i].at_b, NULL);
        assert_non_null(a);
        assert_non_null(b);
        if (str_eq(a, b) != cases[i].same)
            fail_msg("%s and %s", a, b);
    }
    assert_null(names_person_key(*state, "Jing Wang", NULL, NULL));
    assert_null(names_person_key(*state, "Jing Wang", " ", NULL));
    assert_null(names_person_key(*state, "Jing Wang, MD", "Jing Wang", NULL));
    assert_null(names_person_key(*state, "Jing Wang", "Research Site", NULL));
    assert_string_equal(names_person_key(*state, "Jing Wang, MD", "Leeds General ( Site 1107)", NULL),
                        "jing wang|leeds general");
}

/* Nothing that can stand in a record makes the rules trip: long, empty, odd. */
static void
survives_anything(void **state)
{
    char *longest = arena_alloc(*state, 200001);
    for (size_t i = 0; i < 200000; i++)
        longest[i] = "ab c,(1)- "[i % 10];
    const char *const odd[] = {longest,
                               "(",
                               ")",
                               "()",
                               "( )",
                               ",",
                               ",,,",
                               "( Site",
                               "Site 1)",
                               "/ID#",
                               "Site Number :",
                               ".",
                               "..",
                               "Dr.",
                               "Dr. ",
                               "MD, MD",
                               "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        names_facility_is_placeholder(*state, odd[i], odd[i]);
        assert_non_null(names_facility_plain(*state, odd[i]));
        names_person_is_desk(*state, odd[i], odd[i]);
        assert_non_null(names_person_plain(*state, odd[i]));
        assert_non_null(names_person_split(*state, odd[i]).family);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(knows_placeholders, setup, teardown),
        cmocka_unit_test_setup_teardown(joins_places, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_desks, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_names_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(joins_persons, setup, teardown),
        cmocka_unit_test_setup_teardown(survives_anything, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
