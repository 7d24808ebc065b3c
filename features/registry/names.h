/* names.h: what the names in registry records are worth: whether a place or a person is really
 * named, and the keys by which the same place or person is found again in another record. Pure
 * rules; they look at the words, never at lists of sponsors or sites. Nothing is guessed: keys join
 * what is equal after folding (utf8_fold) and after leaving out what is not part of the name, and
 * nothing else.
 *
 * `industry_sponsor` is the lead sponsor's name when its class is INDUSTRY, else NULL: a company is
 * no trial site and no investigator, but a university, a hospital or an investigator can sponsor a
 * study and be named in it. Texts are valid UTF-8; results are in `a`. */
#ifndef REGISTRY_NAMES_H
#define REGISTRY_NAMES_H

#include <stdbool.h>

struct arena;

/* True when a facility's name names no place: "Research Site", "Local Institution - 0012",
 * "Novartis Investigative Site", "Call for Information", a bare number, "Hospital", empty or NULL.
 * False for any name that tells one place from another, such as "University Hospital" or "900
 * Hospital". */
bool names_facility_is_placeholder(struct arena *a, const char *name, const char *industry_sponsor);
/* The name as it stands without the study's own numbers for its sites, which some sponsors append:
 * "( Site 1009)", "/ID# 238332", "Site Number : 02", "- PPDS". The name itself when nothing else
 * would be left. */
const char *names_facility_plain(struct arena *a, const char *name);
/* The key of an organisation: the folded plain name, city and country code with bars between.
 * NULL when the name is a placeholder or the town or country is not known: such places never join. */
const char *names_facility_key(struct arena *a, const char *name, const char *city,
                               const char *country_code, const char *industry_sponsor);

/* True when what stands for a person's name is an office, a role, a company, a number or a
 * sentence: "Study Coordinator", "Clinical Trials Office", "Pfizer CT.gov Call Center", "Site
 * 0063", empty. */
bool names_person_is_desk(struct arena *a, const char *name, const char *industry_sponsor);
/* The name without titles, degrees and what follows them: "James N. Weinstein, DO, MS" gives
 * "James N. Weinstein". "Li, Wei" is turned round. */
const char *names_person_plain(struct arena *a, const char *name);
/* The key of a person: folded plain name and folded affiliation (a facility's without the study's own
 * numbers) with a bar between. NULL for a desk, without an affiliation, and where the affiliation is
 * the name again or no place: those never join. */
const char *names_person_key(struct arena *a, const char *name, const char *affiliation,
                             const char *industry_sponsor);

struct names_parts {
    const char *given, *family; /* given may be "" */
};
/* Given and family name, for sorting only. Family names in capitals are believed ("FACON Alain"),
 * particles stay with the family name, otherwise it is the last word. */
struct names_parts names_person_split(struct arena *a, const char *name);

#endif
