/* parse_fields.c: the mapping from the registry's element names to struct registry_study, after the
 * registry's own schema (API 2.0). A new element is one line here and one member there. */
#include "features/registry/parse_fields.h"

#include "features/registry/parse.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define AT(struct_, member) offsetof(struct registry_##struct_, member)
#define TEXT(key, s, m) {key, FIELD_TEXT, AT(s, m)}
#define WORD(key, s, m, list) {key, FIELD_TEXT, AT(s, m), .values = list}
#define TEXTS(key, s, m) {key, FIELD_TEXTS, AT(s, m)}
#define WORDS(key, s, m, list) {key, FIELD_TEXTS, AT(s, m), .values = list}
#define YES(key, s, m) {key, FIELD_YES, AT(s, m)}
#define COUNT(key, s, m) {key, FIELD_COUNT, AT(s, m)}
#define DATE(key, s, m) {key, FIELD_DATE, AT(s, m)}
#define STATED(key, milestone) {key, FIELD_DATE, AT(study, dates[milestone])}
#define DATED(key, milestone) {key, FIELD_DATE_STRUCT, AT(study, dates[milestone])}
#define AGE(key, s, m) {key, FIELD_AGE, AT(s, m)}
#define GROUP(key, table) {key, FIELD_GROUP, .sub = table}
#define PART(key, s, m, table) {key, FIELD_GROUP, AT(s, m), .sub = table}
#define ROWS(key, s, m, row, table)                                                                \
    {key, FIELD_ROWS, AT(s, m), AT(s, n_##m), sizeof(struct registry_##row), .sub = table}
#define SKIP(key) {key, FIELD_SKIP}
#define END {NULL}

static const char *const statuses[] = {
    "ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING",
    "RECRUITING", "SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE", "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING", "WITHHELD", "UNKNOWN", NULL};
static const char *const site_statuses[] = {
    "ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING",
    "RECRUITING", "SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE", NULL};
static const char *const access_statuses[] = {"AVAILABLE", "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING", NULL};
static const char *const classes[] = {"NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK",
                                      "AMBIG", "OTHER", "UNKNOWN", NULL};
static const char *const org_id_types[] = {"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", NULL};
static const char *const id_types[] = {"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT",
                                       "EUDRACT_NUMBER", "CTIS", "REGISTRY", "OTHER", NULL};
static const char *const party_types[] = {"SPONSOR", "PRINCIPAL_INVESTIGATOR",
                                          "SPONSOR_INVESTIGATOR", NULL};
static const char *const official_roles[] = {"STUDY_CHAIR", "STUDY_DIRECTOR",
                                             "PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", NULL};
static const char *const contact_roles[] = {"STUDY_CHAIR", "STUDY_DIRECTOR",
    "PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", "CONTACT", NULL};
static const char *const phases[] = {"NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4",
                                     NULL};
static const char *const allocations[] = {"RANDOMIZED", "NON_RANDOMIZED", "NA", NULL};
static const char *const models[] = {"SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL",
                                     "SEQUENTIAL", NULL};
static const char *const purposes[] = {"TREATMENT", "PREVENTION", "DIAGNOSTIC", "ECT",
    "SUPPORTIVE_CARE", "SCREENING", "HEALTH_SERVICES_RESEARCH", "BASIC_SCIENCE",
    "DEVICE_FEASIBILITY", "OTHER", NULL};
static const char *const observations[] = {"COHORT",
                                           "CASE_CONTROL",
                                           "CASE_ONLY",
                                           "CASE_CROSSOVER",
                                           "ECOLOGIC_OR_COMMUNITY",
                                           "FAMILY_BASED",
                                           "DEFINED_POPULATION",
                                           "NATURAL_HISTORY",
                                           "OTHER",
                                           NULL};
static const char *const perspectives[] = {"RETROSPECTIVE", "PROSPECTIVE", "CROSS_SECTIONAL",
                                           "OTHER", NULL};
static const char *const maskings[] = {"NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE", NULL};
static const char *const masked[] = {"PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR",
                                     "OUTCOMES_ASSESSOR", NULL};
static const char *const arm_types[] = {"EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR",
    "SHAM_COMPARATOR", "NO_INTERVENTION", "OTHER", NULL};
static const char *const intervention_types[] = {"BEHAVIORAL", "BIOLOGICAL", "COMBINATION_PRODUCT",
    "DEVICE", "DIAGNOSTIC_TEST", "DIETARY_SUPPLEMENT", "DRUG", "GENETIC", "PROCEDURE", "RADIATION",
    "OTHER", NULL};
static const char *const sexes[] = {"FEMALE", "MALE", "ALL", NULL};
static const char *const age_groups[] = {"CHILD", "ADULT", "OLDER_ADULT", NULL};
static const char *const samplings[] = {"PROBABILITY_SAMPLE", "NON_PROBABILITY_SAMPLE", NULL};
static const char *const study_types[] = {"EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL",
                                          NULL};
static const char *const retentions[] = {"NONE_RETAINED", "SAMPLES_WITH_DNA", "SAMPLES_WITHOUT_DNA",
                                         NULL};
static const char *const sharings[] = {"YES", "NO", "UNDECIDED", NULL};
static const char *const shared[] = {"STUDY_PROTOCOL", "SAP", "ICF", "CSR", "ANALYTIC_CODE", NULL};
static const char *const reference_types[] = {"BACKGROUND", "RESULT", "DERIVED", NULL};
const char *const parse_fields_date_types[] = {"ACTUAL", "ESTIMATED", NULL};

/* ---- identification and sponsor ---- */

static const struct field org_id[] = {
    TEXT("id", id, id), WORD("type", id, type, org_id_types), TEXT("link", id, link), END};
static const struct field secondary_id[] = {TEXT("id", id, id), WORD("type", id, type, id_types),
    TEXT("domain", id, domain), TEXT("link", id, link), END};
static const struct field organisation[] = {
    TEXT("fullName", organisation, name), WORD("class", organisation, class, classes), END};
static const struct field identification[] = {
    TEXT("nctId", study, nct_id),
    TEXTS("nctIdAliases", study, nct_aliases),
    PART("orgStudyIdInfo", study, org_study_id, org_id),
    ROWS("secondaryIdInfos", study, secondary_ids, id, secondary_id),
    TEXT("briefTitle", study, brief_title),
    TEXT("officialTitle", study, official_title),
    TEXT("acronym", study, acronym),
    PART("organization", study, organisation, organisation),
    END};
static const struct field sponsor[] = {
    TEXT("name", organisation, name), WORD("class", organisation, class, classes), END};
static const struct field party[] = {
    WORD("type", party, type, party_types),
    TEXT("investigatorFullName", party, name),
    TEXT("investigatorTitle", party, title),
    TEXT("investigatorAffiliation", party, affiliation),
    TEXT("oldNameTitle", party, old_name_title),
    TEXT("oldOrganization", party, old_organisation),
    END};
static const struct field sponsors[] = {
    PART("responsibleParty", study, responsible, party),
    PART("leadSponsor", study, lead_sponsor, sponsor),
    ROWS("collaborators", study, collaborators, organisation, sponsor),
    END};

/* ---- status and oversight ---- */

static const struct field access_info[] = {
    YES("hasExpandedAccess", study, expanded_access),
    TEXT("nctId", study, expanded_access_nct_id),
    WORD("statusForNctId", study, expanded_access_status, access_statuses),
    END};
static const struct field status[] = {
    STATED("statusVerifiedDate", REGISTRY_STATUS_VERIFIED),
    WORD("overallStatus", study, status, statuses),
    WORD("lastKnownStatus", study, last_known_status, statuses),
    YES("delayedPosting", study, delayed_posting),
    TEXT("whyStopped", study, why_stopped),
    GROUP("expandedAccessInfo", access_info),
    DATED("startDateStruct", REGISTRY_START),
    DATED("primaryCompletionDateStruct", REGISTRY_PRIMARY_COMPLETION),
    DATED("completionDateStruct", REGISTRY_COMPLETION),
    STATED("studyFirstSubmitDate", REGISTRY_FIRST_SUBMIT),
    STATED("studyFirstSubmitQcDate", REGISTRY_FIRST_SUBMIT_QC),
    DATED("studyFirstPostDateStruct", REGISTRY_FIRST_POST),
    YES("resultsWaived", study, results_waived),
    STATED("resultsFirstSubmitDate", REGISTRY_RESULTS_FIRST_SUBMIT),
    STATED("resultsFirstSubmitQcDate", REGISTRY_RESULTS_FIRST_SUBMIT_QC),
    DATED("resultsFirstPostDateStruct", REGISTRY_RESULTS_FIRST_POST),
    STATED("dispFirstSubmitDate", REGISTRY_DISPOSITION_FIRST_SUBMIT),
    STATED("dispFirstSubmitQcDate", REGISTRY_DISPOSITION_FIRST_SUBMIT_QC),
    DATED("dispFirstPostDateStruct", REGISTRY_DISPOSITION_FIRST_POST),
    STATED("lastUpdateSubmitDate", REGISTRY_LAST_UPDATE_SUBMIT),
    DATED("lastUpdatePostDateStruct", REGISTRY_LAST_UPDATE_POST),
    END};
static const struct field oversight[] = {
    YES("oversightHasDmc", study, has_dmc),
    YES("isFdaRegulatedDrug", study, fda_drug),
    YES("isFdaRegulatedDevice", study, fda_device),
    YES("isUnapprovedDevice", study, unapproved_device),
    YES("isPpsd", study, ppsd),
    YES("isUsExport", study, us_export),
    YES("fdaaa801Violation", study, fdaaa_violation),
    END};
static const struct field description[] = {TEXT("briefSummary", study, brief_summary),
    TEXT("detailedDescription", study, detailed_description), END};
static const struct field conditions[] = {
    TEXTS("conditions", study, conditions), TEXTS("keywords", study, keywords), END};

/* ---- design ---- */

static const struct field access_types[] = {
    YES("individual", study, access_individual),
    YES("intermediate", study, access_intermediate),
    YES("treatment", study, access_treatment),
    END};
static const struct field masking_info[] = {
    WORD("masking", study, masking, maskings),
    TEXT("maskingDescription", study, masking_description),
    WORDS("whoMasked", study, who_masked, masked),
    END};
static const struct field design_info[] = {
    WORD("allocation", study, allocation, allocations),
    WORD("interventionModel", study, intervention_model, models),
    TEXT("interventionModelDescription", study, intervention_model_description),
    WORD("primaryPurpose", study, primary_purpose, purposes),
    WORD("observationalModel", study, observational_model, observations),
    WORD("timePerspective", study, time_perspective, perspectives),
    GROUP("maskingInfo", masking_info),
    END};
static const struct field biospecimen[] = {
    WORD("retention", study, biospecimen, retentions),
    TEXT("description", study, biospecimen_description),
    END};
static const struct field enrolment[] = {
    COUNT("count", study, enrolment),
    WORD("type", study, enrolment_type, parse_fields_date_types),
    END};
static const struct field design[] = {
    WORD("studyType", study, study_type, study_types),
    COUNT("nPtrsToThisExpAccNctId", study, expanded_access_studies),
    GROUP("expandedAccessTypes", access_types),
    YES("patientRegistry", study, patient_registry),
    TEXT("targetDuration", study, target_duration),
    WORDS("phases", study, phases, phases),
    GROUP("designInfo", design_info),
    GROUP("bioSpec", biospecimen),
    GROUP("enrollmentInfo", enrolment),
    END};
static const struct field arm[] = {
    TEXT("label", arm, label), WORD("type", arm, type, arm_types),
    TEXT("description", arm, description), TEXTS("interventionNames", arm, interventions), END};
static const struct field intervention[] = {
    WORD("type", intervention, type, intervention_types),
    TEXT("name", intervention, name),
    TEXT("description", intervention, description),
    TEXTS("armGroupLabels", intervention, arms),
    TEXTS("otherNames", intervention, other_names),
    END};
static const struct field arms[] = {
    ROWS("armGroups", study, arms, arm, arm),
    ROWS("interventions", study, interventions, intervention, intervention),
    END};
static const struct field outcome[] = {
    TEXT("measure", outcome, measure),
    TEXT("description", outcome, description),
    TEXT("timeFrame", outcome, time_frame),
    END};
static const struct field outcomes[] = {
    ROWS("primaryOutcomes", study, primary_outcomes, outcome, outcome),
    ROWS("secondaryOutcomes", study, secondary_outcomes, outcome, outcome),
    ROWS("otherOutcomes", study, other_outcomes, outcome, outcome),
    END};
static const struct field eligibility[] = {
    TEXT("eligibilityCriteria", study, criteria),
    YES("healthyVolunteers", study, healthy_volunteers),
    WORD("sex", study, sex, sexes),
    YES("genderBased", study, gender_based),
    TEXT("genderDescription", study, gender_description),
    AGE("minimumAge", study, minimum_age),
    AGE("maximumAge", study, maximum_age),
    WORDS("stdAges", study, age_groups, age_groups),
    TEXT("studyPopulation", study, study_population),
    WORD("samplingMethod", study, sampling_method, samplings),
    END};

/* ---- people and places ---- */

static const struct field contact[] = {
    TEXT("name", contact, name), WORD("role", contact, role, contact_roles),
    TEXT("phone", contact, phone), TEXT("phoneExt", contact, phone_ext),
    TEXT("email", contact, email), END};
static const struct field official[] = {
    TEXT("name", official, name), TEXT("affiliation", official, affiliation),
    WORD("role", official, role, official_roles), END};
static const struct field location[] = {
    TEXT("facility", location, facility),
    WORD("status", location, status, site_statuses),
    TEXT("city", location, city),
    TEXT("state", location, state),
    TEXT("zip", location, zip),
    TEXT("country", location, country),
    ROWS("contacts", location, contacts, contact, contact),
    {"geoPoint", FIELD_POINT, AT(location, point)},
    END};
static const struct field contacts_locations[] = {
    ROWS("centralContacts", study, central_contacts, contact, contact),
    ROWS("overallOfficials", study, officials, official, official),
    ROWS("locations", study, locations, location, location),
    END};

/* ---- references, sharing ---- */

static const struct field retraction[] = {
    TEXT("pmid", retraction, pmid), TEXT("source", retraction, source), END};
static const struct field reference[] = {
    TEXT("pmid", reference, pmid), WORD("type", reference, type, reference_types),
    TEXT("citation", reference, citation),
    ROWS("retractions", reference, retractions, retraction, retraction), END};
static const struct field link[] = {TEXT("label", link, label), TEXT("url", link, url), END};
static const struct field ipd[] = {TEXT("id", ipd, id), TEXT("type", ipd, type),
                                   TEXT("url", ipd, url), TEXT("comment", ipd, comment), END};
static const struct field references[] = {
    ROWS("references", study, references, reference, reference),
    ROWS("seeAlsoLinks", study, links, link, link),
    ROWS("availIpds", study, ipds, ipd, ipd),
    END};
static const struct field sharing[] = {
    WORD("ipdSharing", study, ipd_sharing, sharings),
    TEXT("description", study, ipd_description),
    WORDS("infoTypes", study, ipd_types, shared),
    TEXT("timeFrame", study, ipd_time_frame),
    TEXT("accessCriteria", study, ipd_access),
    TEXT("url", study, ipd_url),
    END};

static const struct field protocol[] = {
    GROUP("identificationModule", identification),
    GROUP("statusModule", status),
    GROUP("sponsorCollaboratorsModule", sponsors),
    GROUP("oversightModule", oversight),
    GROUP("descriptionModule", description),
    GROUP("conditionsModule", conditions),
    GROUP("designModule", design),
    GROUP("armsInterventionsModule", arms),
    GROUP("outcomesModule", outcomes),
    GROUP("eligibilityModule", eligibility),
    GROUP("contactsLocationsModule", contacts_locations),
    GROUP("referencesModule", references),
    GROUP("ipdSharingStatementModule", sharing),
    END};

/* ---- the other sections ---- */

static const struct field document[] = {
    TEXT("typeAbbrev", document, type),
    YES("hasProtocol", document, protocol),
    YES("hasSap", document, sap),
    YES("hasIcf", document, icf),
    TEXT("label", document, label),
    DATE("date", document, date),
    {"uploadDate", FIELD_STAMP, AT(document, uploaded)},
    TEXT("filename", document, filename),
    COUNT("size", document, size),
    END};
static const struct field large_documents[] = {
    YES("noSap", study, no_sap), ROWS("largeDocs", study, documents, document, document), END};
static const struct field documents[] = {GROUP("largeDocumentModule", large_documents), END};
static const struct field mesh[] = {TEXT("id", term, id), TEXT("term", term, term), END};
static const struct field condition_browse[] = {
    ROWS("meshes", study, condition_meshes, term, mesh), SKIP("ancestors"), SKIP("browseLeaves"),
    SKIP("browseBranches"), END};
static const struct field intervention_browse[] = {
    ROWS("meshes", study, intervention_meshes, term, mesh), SKIP("ancestors"),
    SKIP("browseLeaves"), SKIP("browseBranches"), END};
static const struct field misc_info[] = {
    DATE("versionHolder", study, version), TEXTS("removedCountries", study, removed_countries),
    SKIP("submissionTracking"), SKIP("modelPredictions"), END};
static const struct field derived[] = {
    GROUP("miscInfoModule", misc_info),
    GROUP("conditionBrowseModule", condition_browse),
    GROUP("interventionBrowseModule", intervention_browse),
    END};

const struct field parse_fields_root[] = {
    GROUP("protocolSection", protocol),
    SKIP("resultsSection"),
    SKIP("annotationSection"),
    GROUP("documentSection", documents),
    GROUP("derivedSection", derived),
    YES("hasResults", study, has_results),
    END};
