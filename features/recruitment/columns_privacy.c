/* columns_privacy.c: see columns_privacy.h. Refusing too much costs a person one deleted column;
 * refusing too little stores a patient's name. The rules lean accordingly. */
#include "features/recruitment/columns_privacy.h"

#include <string.h>

/* People and things that have names and telephones and are no participants. */
static const char staff[] =
    "site*|pi|investigator*|inv|inv*|principal|study|trial|protocol|hospital|facility|clinic|"
    "center|"
    "centre|institution|institute|doctor|physician|dr|monitor*|cra|coordinator*|sponsor|contact|"
    "user|entered|nurse|crc|manager|staff|arzt|prufarzt|medecin|investigad*|sperimentat*|"
    "onderzoek*|drug|product|file|sheet|form|page|datapage*|folder*|visit*|instance*|city|country|"
    "account|company|vendor|lab|laboratory|treatment|arm|group|test|event|variable|column|"
    "zentr*|klinik|krankenhaus|hopital|centro|ospedale|ziekenhuis|medical|cro|source";

static const char patient[] =
    "patient*|subject*|participant*|proband*|teilnehmer*|paciente*|paziente*|deelnemer*|pat|subj|"
    "volunteer*|pt|proefpersoon*";

static const char birth[] =
    "dob|*dob|birth*|*birth*|brth*|bthdt|*geburt*|geboren*|naissance|nee le|nacimiento|fecnac|"
    "born|nato il|nata il|geb|fecha nac|data "
    "nasc|nascita|nascimento|geboorte*|ddn|gebdat|gebdatum|geb datum|yob|dtnasc|fechanac*";
static const char not_birth[] =
    "weight|*gewicht*|poids|peso|order|control|rate|length|number births|births|geburten|still*|"
    "preterm|gestation*|country|place|land|pays|pais|paese|ort|lieu|lugar|luogo|*geburtsort*|"
    "*geburtsland*";

static const char names[] =
    "surname|last name|lastname|family name|familyname|first name|firstname|forename|given name|"
    "givenname|middle name|maiden name|patient name|patientname|pat name|pt name|patname|patnam|"
    "ptname|full name|fullname|christian name|nachname|vorname|familienname|patientenname|"
    "name patienten|nom famille|prenom|nom patient|nom prenom|apellido*|nombre paciente|"
    "nombre apellido*|cognome|nome paziente|nome cognome|sobrenome|apelido|nome paciente|"
    "achternaam|voornaam|naam patient|patientnaam|name patient|mothers name|father* name";
static const char code_names[] =
    "subject name|subjectname|participant name|volunteer name|subj name|name subject|"
    "name participant|nom participant|nombre participante|nome partecipante|naam deelnemer";
static const char bare_names[] = "name|nom|nombre|nome|naam|person";

static const char initials[] =
    "initials|initialen|initiales|iniciales|iniziali|iniciais|initialer|subjinit*|patinit*|ptinit*|"
    "*initials|patient initial|subject initial|init|inits";
static const char phone[] =
    "*phone*|*telefon*|tel|telnr|telno|mobile|mobil|handy|handynummer|movil|celular|cellulare|"
    "telemovel|gsm|fax|whatsapp|portable";
static const char email[] = "email*|e mail|mail|*email|courriel|correo*|mailadresse|emailadres";
static const char address[] =
    "home address|street|street address|postal address|address|address line|strasse|adresse|"
    "anschrift|direccion|domicilio|indirizzo|endereco|adres|wohnort|hausnummer|zip|zipcode|"
    "postcode|"
    "postal code|plz|code postal|codigo postal|cap residenza";
static const char identity[] =
    "mrn|medical record|medicalrecord*|nhs|nhsno|nhsnumber|ssn|social security|passport*|"
    "insurance no|insurance number|versichertennummer|versicherungsnummer|krankenkasse*|"
    "codice fiscale|dni|nie|bsn|national id|nationalid|aadhaar|cpf|curp|nir|numero securite "
    "sociale|"
    "ahv|burgerservicenummer|personnummer|hospital no patient|patient hospital no";

static bool
is_staff(const struct columns_header *h)
{
    return columns_names_match(h, staff, NULL) && !columns_names_match(h, patient, NULL);
}

/* What the name alone says, where the column holds anything. */
static const char *
by_name(const struct columns_header *h, enum columns_table table)
{
    static const struct {
        const char *pattern, *what;
        bool of_patients; /* in a list of sites or a plan only with a patient's word */
    } kinds[] = {
        {names, "names", true},
        {initials, "initials", true},
        {phone, "telephone numbers", true},
        {email, "e-mail addresses", true},
        {identity, "identity numbers", true},
        {address, "addresses", true},
    };
    if (columns_names_match(h, birth, NULL) && !columns_names_match(h, not_birth, NULL))
        return "birth dates";
    if (is_staff(h))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool here = table == COLUMNS_LOG || columns_names_match(h, patient, NULL);
        if (here && columns_names_match(h, kinds[i].pattern, NULL))
            return kinds[i].what;
    }
    return NULL;
}

bool
columns_privacy_is_contact(const struct columns_header *h)
{
    return columns_names_match(h, names, NULL) || columns_names_match(h, phone, NULL) ||
           columns_names_match(h, email, NULL) || columns_names_match(h, address, NULL);
}

/* Codes have digits. A column of participants without any holds initials or names. */
static const char *
without_digits(const struct columns_content *c)
{
    if (!columns_content_share(c->filled - c->digits, c->filled, 80))
        return NULL;
    if (columns_content_share(c->initials, c->filled, 70))
        return "initials";
    bool letters = false; /* A, B, C are codes */
    for (size_t i = 0; i < c->distinct && i < COLUMNS_FEW; i++)
        letters |= strlen(c->few[i]) > 1;
    return letters ? "names" : NULL;
}

/* Dates of people born at least 16 years before the first enrolment, in a column whose name says
 * nothing. */
static bool
looks_born(const struct columns_content *c, int32_t enrolment)
{
    int32_t oldest;
    return c->dates >= 3 && c->distinct >= 3 && columns_content_share(c->dates, c->filled, 95) &&
           date_parse("1900-01-01", &oldest) && c->first >= oldest &&
           c->last < date_add_months(enrolment, -12 * 16);
}

const char *
columns_privacy_personal(const struct columns_header *h, const struct columns_content *c,
                         enum columns_table table, bool known, int32_t enrolment)
{
    if (c->filled == 0)
        return NULL;
    const char *what = by_name(h, table);
    if (what || table != COLUMNS_LOG || is_staff(h))
        return what;
    bool participant = columns_names_match(h, patient, NULL);
    size_t left = 1;
    if (columns_names_match(h, code_names, NULL) ||
        (columns_names_match(h, bare_names, &left) && left == 0) || (participant && h->n == 1))
        return without_digits(c);
    if (columns_content_share(c->emails, c->filled, 20))
        return "e-mail addresses";
    if (columns_content_share(c->phones, c->filled, 50))
        return "telephone numbers";
    if (!known && looks_born(c, enrolment))
        return "birth dates";
    if (!known && c->filled >= 5 && columns_content_share(c->people, c->filled, 80) &&
        columns_content_share(c->distinct, c->filled, 80))
        return "names";
    return NULL;
}

const char *
columns_privacy_allocation(const struct columns_header *h, const struct columns_content *c)
{
    static const char strong[] =
        "arm|armcd|actarm*|actarmcd|treat|treatment|trt|trt*|allocation|allocated|assigned|"
        "assignment|randomised to|randomized to|random* to|rx|kit|kitno|kitid|kit*|blind|blinding|"
        "unblind*|code break|blindcode|treatment group|study group|dose group|treatment arm|study "
        "arm|"
        "regimen|random* group|random* arm|behandlung|behandlungsarm|therapiearm|zuteilung|"
        "behandlungsgruppe|bras|traitement|brazo|tratamiento|braccio|trattamento|braco|tratamento|"
        "behandeling|toewijzing|behandelarm|*trtgrp*|trtgrp*|virtreat*|stratum arm|strat* arm|"
        "actual arm|planned arm|intervention group|plannedarm";
    static const char number[] =
        "randnum*|randno|rand no|rand num*|rand number|random* no|random* nr|"
        "random* num*|random* number|random* code|random* id|rand id|randid|"
        "randomisierungsnummer|randomization list";
    static const char weak[] =
        "group|grp|gruppe|groupe|grupo|gruppo|groep|cohort|kohorte|intervention|"
        "therapy|therapie|drug|dose|dosis|dose level|medication|vaccine|product|"
        "strat*|random*|arm*";
    static const char other[] =
        "status|start*|begin*|end|stop*|date|duration|day|days|complet*|discontin*|reason*|"
        "emergent|"
        "visit*|phase|period|week|cycle|compliance|failure|trtdur*|age|blood|ethnic*|site|sitegr*|"
        "risk|"
        "country|weight|first|last|trtsdt|trtedt|treated|trtstdt|name group";
    if (c->filled == 0 || columns_content_share(c->dates, c->filled, 30))
        return NULL;
    if (columns_names_match(h, number, NULL))
        return "a randomisation number is a key to the treatment";
    bool meant_otherwise = columns_names_match(h, other, NULL);
    if (columns_names_match(h, strong, NULL) && !meant_otherwise)
        return "its name says which treatment a participant is in";
    bool few = c->distinct >= 2 && c->distinct <= COLUMNS_FEW;
    if (few && columns_content_share(c->arms, c->filled, 15) &&
        !columns_content_share(c->statuses, c->filled, 90))
        return "its values are names of treatments";
    if (few && c->dates == 0 && columns_names_match(h, weak, NULL) && !meant_otherwise &&
        !columns_content_share(c->flags, c->filled, 100))
        return "its name and its few values suggest a treatment";
    return NULL;
}
