/* test_parse.c: records into structs: every element, and every way of being wrong. */
#include "base/arena.h"
#include "base/str.h"
#include "features/registry/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

#define ID "\"identificationModule\":{\"nctId\":\"NCT00000001\"}"

static err_t
parse(void **state, const char *json, const struct registry_study **ret)
{
    return parse_study(*state, json, strlen(json), 1, ret);
}

/* A record with one more module, given as text. */
static const struct registry_study *
study(void **state, const char *module)
{
    const struct registry_study *s = NULL;
    err_t e = parse(state, arena_printf(*state, "{\"protocolSection\":{" ID ",%s}}", module), &s);
    if (e)
        fail_msg("%s: %s", module, err_line(*state, e));
    return s;
}

/* ---- the fields, one by one ---- */

static const char whole[] =
    "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00000001\",\"nctIdAliases\":["
    "\"NCT00000002\"],\"orgStudyIdInfo\":{\"id\":\"o\",\"type\":\"NIH\",\"link\":\"l\"},\"seconda"
    "ryIdInfos\":[{\"id\":\"s\",\"type\":\"CTIS\",\"domain\":\"d\",\"link\":\"k\"}],\"briefTitle"
    "\":\"b\",\"officialTitle\":\"f\",\"acronym\":\"a\",\"organization\":{\"fullName\":\"n\",\"cl"
    "ass\":\"OTHER\"}},\"statusModule\":{\"statusVerifiedDate\":\"2021\",\"overallStatus\":\"UNKN"
    "OWN\",\"lastKnownStatus\":\"RECRUITING\",\"delayedPosting\":true,\"whyStopped\":\"w\",\"expa"
    "ndedAccessInfo\":{\"hasExpandedAccess\":true,\"nctId\":\"NCT00000003\",\"statusForNctId\":\""
    "AVAILABLE\"},\"startDateStruct\":{\"date\":\"2021-08\"},\"completionDateStruct\":{\"type\":"
    "\"ESTIMATED\",\"date\":\"2022-02-28\"},\"resultsWaived\":false,\"dispFirstSubmitDate\":\"202"
    "3-01-02\"},\"sponsorCollaboratorsModule\":{\"responsibleParty\":{\"type\":\"SPONSOR_INVESTIG"
    "ATOR\",\"investigatorFullName\":\"p\",\"investigatorTitle\":\"t\",\"investigatorAffiliation"
    "\":\"q\",\"oldNameTitle\":\"x\",\"oldOrganization\":\"y\"},\"leadSponsor\":{\"name\":\"L\","
    "\"class\":\"INDUSTRY\"},\"collaborators\":[{\"name\":\"C\"}]},\"oversightModule\":{\"oversig"
    "htHasDmc\":true,\"isFdaRegulatedDrug\":false,\"isFdaRegulatedDevice\":true,\"isUnapprovedDev"
    "ice\":true,\"isPpsd\":true,\"isUsExport\":true,\"fdaaa801Violation\":true},\"descriptionModu"
    "le\":{\"briefSummary\":\"bs\",\"detailedDescription\":\"dd\"},\"conditionsModule\":{\"condit"
    "ions\":[\"c1\",\"c2\"],\"keywords\":[\"k1\"]},\"designModule\":{\"studyType\":\"INTERVENTION"
    "AL\",\"nPtrsToThisExpAccNctId\":2,\"expandedAccessTypes\":{\"individual\":true,\"intermediat"
    "e\":true,\"treatment\":true},\"patientRegistry\":true,\"targetDuration\":\"5 Years\",\"phase"
    "s\":[\"PHASE1\",\"PHASE2\"],\"designInfo\":{\"allocation\":\"RANDOMIZED\",\"interventionMode"
    "l\":\"PARALLEL\",\"interventionModelDescription\":\"imd\",\"primaryPurpose\":\"TREATMENT\","
    "\"observationalModel\":\"COHORT\",\"timePerspective\":\"PROSPECTIVE\",\"maskingInfo\":{\"mas"
    "king\":\"DOUBLE\",\"maskingDescription\":\"md\",\"whoMasked\":[\"PARTICIPANT\",\"INVESTIGATO"
    "R\"]}},\"bioSpec\":{\"retention\":\"NONE_RETAINED\",\"description\":\"bd\"},\"enrollmentInfo"
    "\":{\"count\":0,\"type\":\"ACTUAL\"}},\"armsInterventionsModule\":{\"armGroups\":[{\"label\""
    ":\"A\",\"type\":\"EXPERIMENTAL\",\"description\":\"ad\",\"interventionNames\":[\"Drug: D\"]}"
    "],\"interventions\":[{\"type\":\"DRUG\",\"name\":\"D\",\"description\":\"id\",\"armGroupLabe"
    "ls\":[\"A\"],\"otherNames\":[\"E\",\"F\"]}]},\"outcomesModule\":{\"primaryOutcomes\":[{\"mea"
    "sure\":\"m\",\"description\":\"od\",\"timeFrame\":\"tf\"}],\"secondaryOutcomes\":[{},{}],\"o"
    "therOutcomes\":[{},{},{}]},\"eligibilityModule\":{\"eligibilityCriteria\":\"ec\",\"healthyVo"
    "lunteers\":false,\"sex\":\"ALL\",\"genderBased\":true,\"genderDescription\":\"gd\",\"minimum"
    "Age\":\"18 Years\",\"maximumAge\":\"6 Months\",\"stdAges\":[\"ADULT\"],\"studyPopulation\":"
    "\"sp\",\"samplingMethod\":\"PROBABILITY_SAMPLE\"},\"contactsLocationsModule\":{\"centralCont"
    "acts\":[{\"name\":\"cn\",\"role\":\"CONTACT\",\"phone\":\"1\",\"phoneExt\":\"2\",\"email\":"
    "\"e\"}],\"overallOfficials\":[{\"name\":\"on\",\"affiliation\":\"oa\",\"role\":\"STUDY_CHAIR"
    "\"}],\"locations\":[{},{\"facility\":\"lf\",\"status\":\"RECRUITING\",\"city\":\"lc\",\"stat"
    "e\":\"ls\",\"zip\":\"lz\",\"country\":\"ly\",\"contacts\":[{\"name\":\"ln\"}],\"geoPoint\":{"
    "\"lat\":-12.5,\"lon\":7}}]},\"referencesModule\":{\"references\":[{\"pmid\":\"rp\",\"type\":"
    "\"RESULT\",\"citation\":\"rc\",\"retractions\":[{\"pmid\":\"tp\",\"source\":\"ts\"}]}],\"see"
    "AlsoLinks\":[{\"label\":\"sl\",\"url\":\"su\"}],\"availIpds\":[{\"id\":\"ai\",\"type\":\"at"
    "\",\"url\":\"au\",\"comment\":\"ac\"}]},\"ipdSharingStatementModule\":{\"ipdSharing\":\"YES"
    "\",\"description\":\"xd\",\"infoTypes\":[\"SAP\"],\"timeFrame\":\"xt\",\"accessCriteria\":\""
    "xa\",\"url\":\"xu\"}},\"resultsSection\":{\"anything\":[1,{}]},\"annotationSection\":{},\"do"
    "cumentSection\":{\"largeDocumentModule\":{\"noSap\":true,\"largeDocs\":[{\"typeAbbrev\":\"Pr"
    "ot\",\"hasProtocol\":true,\"hasSap\":false,\"hasIcf\":true,\"label\":\"dl\",\"date\":\"2016-"
    "03-02\",\"uploadDate\":\"2019-04-10T14:17\",\"filename\":\"df\",\"size\":1076281}]}},\"deriv"
    "edSection\":{\"miscInfoModule\":{\"versionHolder\":\"2026-03-13\",\"removedCountries\":[\"Ch"
    "ad\"]},\"conditionBrowseModule\":{\"meshes\":[{\"id\":\"D1\",\"term\":\"mt\"}],\"ancestors\""
    ":[{\"id\":\"D0\"}]},\"interventionBrowseModule\":{\"meshes\":[{\"id\":\"D2\",\"term\":\"it\""
    "}]}},\"hasResults\":true}";

static void
texts_are(const struct registry_texts *t, size_t n, const char *first)
{
    assert_int_equal(t->n, n);
    assert_string_equal(t->v[0], first);
}

static void
reads_identification_and_status(void **state)
{
    const struct registry_study *s = NULL;
    assert_null(parse(state, whole, &s));
    assert_int_equal(s->n_unknown, 0);
    assert_string_equal(s->nct_id, "NCT00000001");
    texts_are(&s->nct_aliases, 1, "NCT00000002");
    assert_string_equal(s->org_study_id.id, "o");
    assert_string_equal(s->org_study_id.type, "NIH");
    assert_string_equal(s->org_study_id.link, "l");
    assert_int_equal(s->n_secondary_ids, 1);
    assert_string_equal(s->secondary_ids[0].id, "s");
    assert_string_equal(s->secondary_ids[0].type, "CTIS");
    assert_string_equal(s->secondary_ids[0].domain, "d");
    assert_string_equal(s->secondary_ids[0].link, "k");
    assert_string_equal(s->brief_title, "b");
    assert_string_equal(s->official_title, "f");
    assert_string_equal(s->acronym, "a");
    assert_string_equal(s->organisation.name, "n");
    assert_string_equal(s->organisation.class, "OTHER");
    assert_string_equal(s->lead_sponsor.name, "L");
    assert_string_equal(s->lead_sponsor.class, "INDUSTRY");
    assert_int_equal(s->n_collaborators, 1);
    assert_string_equal(s->collaborators[0].name, "C");
    assert_null(s->collaborators[0].class);
    assert_string_equal(s->responsible.type, "SPONSOR_INVESTIGATOR");
    assert_string_equal(s->responsible.name, "p");
    assert_string_equal(s->responsible.title, "t");
    assert_string_equal(s->responsible.affiliation, "q");
    assert_string_equal(s->responsible.old_name_title, "x");
    assert_string_equal(s->responsible.old_organisation, "y");
    assert_string_equal(s->status, "UNKNOWN");
    assert_string_equal(s->last_known_status, "RECRUITING");
    assert_string_equal(s->why_stopped, "w");
    assert_int_equal(s->delayed_posting, REGISTRY_YES);
    assert_int_equal(s->results_waived, REGISTRY_NO);
    assert_int_equal(s->expanded_access, REGISTRY_YES);
    assert_string_equal(s->expanded_access_nct_id, "NCT00000003");
    assert_string_equal(s->expanded_access_status, "AVAILABLE");
    assert_int_equal(s->dates[REGISTRY_STATUS_VERIFIED].precision, DATE_YEAR);
    const struct registry_date *start = &s->dates[REGISTRY_START];
    assert_string_equal(start->text, "2021-08");
    assert_int_equal(start->precision, DATE_MONTH);
    assert_null(start->type);
    int32_t day;
    assert_true(date_parse("2021-08-01", &day));
    assert_int_equal(start->first, day);
    assert_string_equal(s->dates[REGISTRY_COMPLETION].text, "2022-02-28");
    assert_string_equal(s->dates[REGISTRY_COMPLETION].type, "ESTIMATED");
    assert_int_equal(s->dates[REGISTRY_COMPLETION].precision, DATE_DAY);
    assert_string_equal(s->dates[REGISTRY_DISPOSITION_FIRST_SUBMIT].text, "2023-01-02");
    assert_null(s->dates[REGISTRY_PRIMARY_COMPLETION].text);
}

static void
reads_design(void **state)
{
    const struct registry_study *s = NULL;
    assert_null(parse(state, whole, &s));
    const enum registry_yes yes[] = {s->has_dmc,    s->fda_device,       s->unapproved_device,
                                     s->ppsd,       s->us_export,        s->fdaaa_violation,
                                     s->access_individual, s->access_intermediate,
                                     s->access_treatment,  s->patient_registry};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_int_equal(yes[i], REGISTRY_YES);
    assert_int_equal(s->fda_drug, REGISTRY_NO);
    assert_string_equal(s->brief_summary, "bs");
    assert_string_equal(s->detailed_description, "dd");
    texts_are(&s->conditions, 2, "c1");
    texts_are(&s->keywords, 1, "k1");
    assert_string_equal(s->condition_meshes[0].id, "D1");
    assert_string_equal(s->condition_meshes[0].term, "mt");
    assert_string_equal(s->intervention_meshes[0].term, "it");
    assert_string_equal(s->study_type, "INTERVENTIONAL");
    assert_int_equal(s->expanded_access_studies.n, 2);
    assert_string_equal(s->target_duration, "5 Years");
    texts_are(&s->phases, 2, "PHASE1");
    assert_string_equal(s->allocation, "RANDOMIZED");
    assert_string_equal(s->intervention_model, "PARALLEL");
    assert_string_equal(s->intervention_model_description, "imd");
    assert_string_equal(s->primary_purpose, "TREATMENT");
    assert_string_equal(s->observational_model, "COHORT");
    assert_string_equal(s->time_perspective, "PROSPECTIVE");
    assert_string_equal(s->masking, "DOUBLE");
    assert_string_equal(s->masking_description, "md");
    texts_are(&s->who_masked, 2, "PARTICIPANT");
    assert_string_equal(s->biospecimen, "NONE_RETAINED");
    assert_string_equal(s->biospecimen_description, "bd");
    assert_true(s->enrolment.given);
    assert_int_equal(s->enrolment.n, 0);
    assert_string_equal(s->enrolment_type, "ACTUAL");
    assert_int_equal(s->n_arms, 1);
    assert_string_equal(s->arms[0].label, "A");
    assert_string_equal(s->arms[0].type, "EXPERIMENTAL");
    assert_string_equal(s->arms[0].description, "ad");
    texts_are(&s->arms[0].interventions, 1, "Drug: D");
    assert_string_equal(s->interventions[0].type, "DRUG");
    assert_string_equal(s->interventions[0].name, "D");
    assert_string_equal(s->interventions[0].description, "id");
    texts_are(&s->interventions[0].arms, 1, "A");
    texts_are(&s->interventions[0].other_names, 2, "E");
    assert_int_equal(s->n_primary_outcomes, 1);
    assert_int_equal(s->n_secondary_outcomes, 2);
    assert_int_equal(s->n_other_outcomes, 3);
    assert_string_equal(s->primary_outcomes[0].measure, "m");
    assert_string_equal(s->primary_outcomes[0].description, "od");
    assert_string_equal(s->primary_outcomes[0].time_frame, "tf");
}

static void
reads_people_and_the_rest(void **state)
{
    const struct registry_study *s = NULL;
    assert_null(parse(state, whole, &s));
    assert_string_equal(s->criteria, "ec");
    assert_string_equal(s->sex, "ALL");
    assert_string_equal(s->gender_description, "gd");
    assert_string_equal(s->sampling_method, "PROBABILITY_SAMPLE");
    assert_string_equal(s->study_population, "sp");
    assert_int_equal(s->healthy_volunteers, REGISTRY_NO);
    assert_int_equal(s->gender_based, REGISTRY_YES);
    assert_string_equal(s->minimum_age.text, "18 Years");
    assert_int_equal(s->minimum_age.days, 6574);
    assert_int_equal(s->maximum_age.days, 182);
    texts_are(&s->age_groups, 1, "ADULT");
    assert_string_equal(s->central_contacts[0].name, "cn");
    assert_string_equal(s->central_contacts[0].role, "CONTACT");
    assert_string_equal(s->central_contacts[0].phone, "1");
    assert_string_equal(s->central_contacts[0].phone_ext, "2");
    assert_string_equal(s->central_contacts[0].email, "e");
    assert_string_equal(s->officials[0].name, "on");
    assert_string_equal(s->officials[0].affiliation, "oa");
    assert_string_equal(s->officials[0].role, "STUDY_CHAIR");
    assert_int_equal(s->n_locations, 2);
    assert_false(s->locations[0].point.given);
    const struct registry_location *l = &s->locations[1];
    assert_string_equal(l->facility, "lf");
    assert_string_equal(l->status, "RECRUITING");
    assert_string_equal(l->city, "lc");
    assert_string_equal(l->state, "ls");
    assert_string_equal(l->zip, "lz");
    assert_string_equal(l->country, "ly");
    assert_int_equal(l->n_contacts, 1);
    assert_string_equal(l->contacts[0].name, "ln");
    assert_true(l->point.given && l->point.lat == -12.5 && l->point.lon == 7);
    texts_are(&s->removed_countries, 1, "Chad");
    assert_string_equal(s->references[0].pmid, "rp");
    assert_string_equal(s->references[0].type, "RESULT");
    assert_string_equal(s->references[0].citation, "rc");
    assert_string_equal(s->references[0].retractions[0].source, "ts");
    assert_string_equal(s->links[0].label, "sl");
    assert_string_equal(s->links[0].url, "su");
    assert_string_equal(s->ipds[0].comment, "ac");
    assert_string_equal(s->ipd_sharing, "YES");
    assert_string_equal(s->ipd_description, "xd");
    assert_string_equal(s->ipd_time_frame, "xt");
    assert_string_equal(s->ipd_access, "xa");
    assert_string_equal(s->ipd_url, "xu");
    texts_are(&s->ipd_types, 1, "SAP");
    assert_int_equal(s->n_documents, 1);
    assert_string_equal(s->documents[0].type, "Prot");
    assert_string_equal(s->documents[0].label, "dl");
    assert_string_equal(s->documents[0].filename, "df");
    assert_string_equal(s->documents[0].uploaded, "2019-04-10T14:17");
    assert_int_equal(s->documents[0].protocol, REGISTRY_YES);
    assert_int_equal(s->documents[0].sap, REGISTRY_NO);
    assert_int_equal(s->documents[0].icf, REGISTRY_YES);
    assert_int_equal(s->documents[0].size.n, 1076281);
    assert_string_equal(s->documents[0].date.text, "2016-03-02");
    assert_int_equal(s->no_sap, REGISTRY_YES);
    assert_int_equal(s->has_results, REGISTRY_YES);
    assert_string_equal(s->version.text, "2026-03-13");
}

static void
reads_ages(void **state)
{
    static const struct {
        const char *text;
        int days;
        size_t unknown;
    } cases[] = {
        {"1 Year", 365, 0},
        {"4 Years", 1461, 0},
        {"100 Years", 36525, 0},
        {"1 Month", 30, 0},
        {"2 Weeks", 14, 0},
        {"1 Day", 1, 0},
        {"36 Hours", 1, 0},
        {"5 Minutes", 0, 0},
        {"999999 Years", 365249634, 0},
        {"N/A", -1, 0},
        {"adult", -1, 1},
        {"18", -1, 1},
        {"18 Fortnights", -1, 1},
        {"-1 Years", -1, 1},
        {"", -1, 1},
        {"99999999999999999999 Years", -1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct registry_study *s =
            study(state, arena_printf(*state, "\"eligibilityModule\":{\"minimumAge\":\"%s\"}",
                                      cases[i].text));
        if (s->minimum_age.days != cases[i].days || s->n_unknown != cases[i].unknown)
            fail_msg("%s: %d days", cases[i].text, s->minimum_age.days);
        assert_string_equal(s->minimum_age.text, cases[i].text);
        assert_int_equal(s->maximum_age.days, -1);
    }
}

static void
reports_what_it_does_not_know(void **state)
{
    const struct registry_study *s = study(
        state, "\"newModule\":{\"x\":[1,2]},\"contactsLocationsModule\":{\"locations\":[{"
               "\"status\":\"PAUSED\","
               "\"colour\":1},{\"status\":\"PAUSED\",\"colour\":2},{\"status\":\"CLOSED\"}]},"
               "\"designModule\":{"
               "\"phases\":[\"PHASE1\",\"PHASE9\"],\"enrollmentInfo\":null},\"statusModule\":{"
               "\"startDateStruct\":{\"date\":\"2021\",\"type\":\"HOPED\",\"certainty\":1}}");
    static const struct registry_unknown wanted[] = {
        {"protocolSection.newModule", NULL, 1},
        {"protocolSection.contactsLocationsModule.locations[].status", "PAUSED", 2},
        {"protocolSection.contactsLocationsModule.locations[].colour", NULL, 2},
        {"protocolSection.contactsLocationsModule.locations[].status", "CLOSED", 1},
        {"protocolSection.designModule.phases[]", "PHASE9", 1},
        {"protocolSection.statusModule.startDateStruct.type", "HOPED", 1},
        {"protocolSection.statusModule.startDateStruct.certainty", NULL, 1},
    };
    assert_int_equal(s->n_unknown, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < s->n_unknown; i++) {
        assert_string_equal(s->unknown[i].path, wanted[i].path);
        assert_true(str_eq(s->unknown[i].value, wanted[i].value));
        assert_int_equal(s->unknown[i].times, wanted[i].times);
    }
    assert_string_equal(s->phases.v[1], "PHASE9"); /* kept all the same */
    assert_string_equal(s->locations[0].status, "PAUSED");
    assert_false(s->enrolment.given);
}

static void
bounds_what_it_reports(void **state)
{
    struct buf b;
    buf_init(&b, *state);
    for (int i = 0; i < REGISTRY_MAX_UNKNOWN + 5; i++)
        buf_printf(&b, "%s\"m%d\":1", i ? "," : "", i);
    const struct registry_study *s = study(state, buf_text(&b));
    assert_int_equal(s->n_unknown, REGISTRY_MAX_UNKNOWN);
    assert_int_equal(s->more_unknown, 5);
}

static void
refuses_with_the_path(void **state)
{
    static const struct {
        const char *json;
        enum err_code code;
        const char *place, *says;
    } cases[] = {
        {"{\"protocolSection\":{}}", E_BAD_INPUT, "protocolSection.identificationModule.nctId",
         "no registry number"},
        {"{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT123\"}}}", E_BAD_INPUT,
         "identificationModule.nctId", "NCT123"},
        {"{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"nct00000001\"}}}",
         E_BAD_INPUT, "identificationModule.nctId", "eight digits"},
        {"{\"protocolSection\":{\"identificationModule\":{\"nctId\":5}}}", E_BAD_INPUT,
         "protocolSection.identificationModule.nctId", "A text was expected here, and a number"},
        {"{\"protocolSection\":{" ID ",\"statusModule\":[]}}", E_BAD_INPUT,
         "protocolSection.statusModule", "An object was expected here, and a list"},
        {"{\"protocolSection\":{" ID
         ",\"contactsLocationsModule\":{\"locations\":[{},{\"city\":[]}]}}}",
         E_BAD_INPUT, "protocolSection.contactsLocationsModule.locations[1].city",
         "a list was found"},
        {"{\"protocolSection\":{" ID ",\"contactsLocationsModule\":{\"locations\":{}}}}",
         E_BAD_INPUT, "locations", "A list was expected"},
        {"{\"protocolSection\":{" ID ",\"conditionsModule\":{\"conditions\":[\"a\",1]}}}",
         E_BAD_INPUT, "conditions[1]", "A text was expected"},
        {"{\"protocolSection\":{" ID ",\"designModule\":{\"patientRegistry\":\"yes\"}}}",
         E_BAD_INPUT, "designModule.patientRegistry", "true or false was expected"},
        {"{\"protocolSection\":{" ID ",\"designModule\":{\"enrollmentInfo\":{\"count\":-1}}}}",
         E_BAD_INPUT, "enrollmentInfo.count", "\"-1\""},
        {"{\"protocolSection\":{" ID ",\"designModule\":{\"enrollmentInfo\":{\"count\":1.5}}}}",
         E_BAD_INPUT, "enrollmentInfo.count", "\"1.5\""},
        {"{\"protocolSection\":{" ID ",\"designModule\":{\"enrollmentInfo\":{\"count\":1e300}}}}",
         E_BAD_INPUT, "enrollmentInfo.count", "whole number"},
        {"{\"protocolSection\":{" ID ",\"designModule\":{\"enrollmentInfo\":{\"count\":"
         "99999999999999999999}}}}",
         E_BAD_INPUT, "line 1", "too large"},
        {"{\"protocolSection\":{" ID
         ",\"statusModule\":{\"startDateStruct\":{\"date\":\"2021-02-30\"}}}}",
         E_BAD_INPUT, "NCT00000001, protocolSection.statusModule.startDateStruct.date",
         "\"2021-02-30\""},
        {"{\"protocolSection\":{" ID ",\"statusModule\":{\"startDateStruct\":\"2021\"}}}",
         E_BAD_INPUT, "statusModule.startDateStruct", "An object"},
        {"{\"protocolSection\":{" ID ",\"statusModule\":{\"statusVerifiedDate\":\"May 2021\"}}}",
         E_BAD_INPUT, "statusVerifiedDate", "\"May 2021\""},
        {"{\"protocolSection\":{" ID ",\"contactsLocationsModule\":{\"locations\":[{\"geoPoint\":{"
         "\"lat\":1}}]}}}",
         E_BAD_INPUT, "locations[0].geoPoint", "both lat and lon"},
        {"{\"protocolSection\":{" ID ",\"contactsLocationsModule\":{\"locations\":[{\"geoPoint\":{"
         "\"lat\":91,\"lon\":0}}]}}}",
         E_BAD_INPUT, "geoPoint.lat", "-90 to 90"},
        {"{\"protocolSection\":{" ID ",\"descriptionModule\":{\"briefSummary\":\"a\\u0000b\"}}}",
         E_BAD_INPUT, "line 1", "U+0000"},
        {"{\"protocolSection\":{" ID "},\"protocolSection\":{}}", E_BAD_INPUT, "line 1",
         "stands twice"},
        {"{\"protocolSection\":\n{" ID ",\n\"x\":\"\\ud800\"}}", E_BAD_INPUT, "line 3",
         "cannot be read"},
        {"{\"FullStudiesResponse\":{}}", E_MEDIA_TYPE, "", "older interface"},
        {"{\"resourceType\":\"ResearchStudy\"}", E_MEDIA_TYPE, "", "FHIR"},
        {"{\"message\":\"not found\"}", E_MEDIA_TYPE, "", "no protocolSection"},
        {"{\"protocolSection\":3}", E_MEDIA_TYPE, "", "no protocolSection"},
        {"[]", E_BAD_INPUT, "", "A study record was expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct registry_study *s = NULL;
        err_t e = parse(state, cases[i].json, &s);
        assert_null(s);
        if (!e)
            fail_msg("%s was taken", cases[i].json);
        if (e->code != cases[i].code || !strstr(str_or(e->place, ""), cases[i].place) ||
            !strstr(e->text, cases[i].says))
            fail_msg("%s: %s", cases[i].json, err_line(*state, e));
    }
}

static void
refuses_what_is_too_much(void **state)
{
    struct buf b;
    buf_init(&b, *state);
    buf_str(&b, "{\"protocolSection\":{" ID ",\"contactsLocationsModule\":{\"locations\":[{}");
    for (int i = 0; i < REGISTRY_MAX_ROWS; i++)
        buf_str(&b, ",{}");
    buf_str(&b, "]}}}");
    const struct registry_study *s = NULL;
    err_t e = parse(state, buf_text(&b), &s);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);
    assert_non_null(strstr(e->place, "locations"));
}

static void
takes_null_as_absent(void **state)
{
    static const char json[] =
        "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00000001\",\"acronym\":null},"
        "\"statusModule\":{\"startDateStruct\":{\"date\":\"\"}},\"designModule\":null,"
        "\"conditionsModule\":{\"conditions\":[null,\"Gout\",null]},"
        "\"contactsLocationsModule\":{\"locations\":[null,{\"city\":\"Leeds\"}]}},\"derivedSection\":null}";
    const struct registry_study *s = NULL;
    assert_null(parse_study(*state, json, sizeof json - 1, 1, &s));
    assert_null(s->acronym);
    assert_null(s->dates[REGISTRY_START].text);
    assert_int_equal(s->conditions.n, 1);
    assert_string_equal(s->conditions.v[0], "Gout");
    assert_int_equal(s->n_locations, 1);
    assert_string_equal(s->locations[0].city, "Leeds");
    assert_int_equal(s->n_unknown, 0);
}

static void
takes_addresses_out_of_texts(void **state)
{
    static const char json[] =
        "{\"protocolSection\":{\"a\":\"Ask jo@example.org today\",\"b@example.org\":1,\"c\":[\"5 @ 3\"]}}";
    const char *out = NULL;
    assert_null(parse_without_contacts(*state, json, sizeof json - 1, &out));
    assert_string_equal(out, "{\"protocolSection\":{\"a\":\"Ask [e-mail address left out] today\",\"c\":[\"5 @ 3\"]}}");
}

static void
takes_contacts_out(void **state)
{
    static const char json[] =
        "{\"protocolSection\":{" ID
        ",\"contactsLocationsModule\":{\"centralContacts\":[{\"name\":\"SECRET\"}"
        "],\"overallOfficials\":[{\"name\":\"Kept\"}],\"locations\":[{\"facility\":\"Kept "
        "too\",\"contacts\":"
        "[{\"email\":\"SECRET\"}],\"geoPoint\":{\"lat\":37.80437,\"lon\":-122.2708}}],"
        "\"locations_nested\":[{\"contacts\":[{\"phone\":\"SECRET\"}]}]}},\"resultsSection\":{"
        "\"moreInfoModule\":{\"pointOfContact\":{\"title\":\"Director\",\"phone\":\"SECRET\","
        "\"phoneExt\":"
        "\"SECRET\",\"em\\u0061il\":\"SECRET\",\"organization\":\"Org\"}}},\"hasResults\":true}";
    const char *out = NULL;
    assert_null(parse_without_contacts(*state, json, sizeof json - 1, &out));
    assert_string_equal(
        out,
        "{\"protocolSection\":{" ID ",\"contactsLocationsModule\":{\"overallOfficials\":[{\"name\":"
        "\"Kept\"}],\"locations\":[{\"facility\":\"Kept "
        "too\",\"geoPoint\":{\"lat\":37.80437,\"lon\":"
        "-122.2708}}],\"locations_nested\":[{}]}},\"resultsSection\":{\"moreInfoModule\":{"
        "\"pointOfContact\":{\"title\":\"Director\",\"organization\":\"Org\"}}},\"hasResults\":"
        "true}");
    assert_non_null(parse_without_contacts(*state, "{", 1, &out));
}

static void
names_milestones(void **state)
{
    for (int i = 0; i < REGISTRY_MILESTONES; i++) {
        assert_non_null(parse_milestone_name(i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(parse_milestone_name(i), parse_milestone_name(k));
    }
    assert_string_equal(parse_milestone_name(REGISTRY_PRIMARY_COMPLETION), "primary_completion");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_identification_and_status, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_design, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_people_and_the_rest, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_ages, setup, teardown),
        cmocka_unit_test_setup_teardown(reports_what_it_does_not_know, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds_what_it_reports, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_with_the_path, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_too_much, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_null_as_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_addresses_out_of_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_contacts_out, setup, teardown),
        cmocka_unit_test_setup_teardown(names_milestones, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
