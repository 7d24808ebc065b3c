/* names_person.c: see names.h. Registries write persons as "Given Family, MD, PhD", and offices,
 * companies and sentences in the same place. What stands before the first comma decides. */
#include "features/registry/names.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { MAX_WORDS = 60 };

struct words {
    size_t n;
    const char *text[MAX_WORDS];
};

/* Any of them in a name, and it is no person. None is a family name to speak of. */
static const char *const desk_words[] = {
    "study", "studies", "trial", "trials", "clinical", "clinic", "clinics", "contact", "contacts",
    "center", "centre", "centers", "centres", "office", "team", "coordinator", "coordinators",
    "coordination", "coordinating", "coordinador", "coordinateur", "helpline", "hotline",
    "helpdesk", "desk", "department", "dept", "division", "pharmaceutical", "pharmaceuticals",
    "pharma", "biopharma", "inc", "llc", "ltd", "limited", "gmbh", "corp", "corporation", "company",
    "sponsor", "site", "sites", "registry", "registries", "operations", "affairs", "support",
    "toll", "please", "email", "mail", "phone", "telephone", "website", "www", "http", "https",
    "information", "info", "infoline", "enquiries", "inquiries", "inquiry", "medical", "research",
    "recherche", "development", "regulatory", "transparency", "disclosure", "disclosures",
    "recruitment", "enrollment", "enrolment", "hospital", "university", "universitat", "universite",
    "institute", "institut", "institution", "foundation", "unit", "laboratory", "laboratories",
    "therapeutics", "biotech", "biosciences", "biologics", "sciences", "technology", "technologies",
    "secretariat", "administration", "administrator", "backup", "patient", "patients",
    "participant", "participants", "volunteer", "volunteers", "tbd", "unknown", "investigational",
    "worldwide", "phase", "studienzentrale", "studienzentrum", "studiensekretariat",
    "studienkoordination", "ensayos", "estudio", "estudios", "etude", "sekretariat", "referral",
    "inquire", "queries",
};

/* Roles, and words of sentences: some are family names, so a name must have nothing else. */
static const char *const role_words[] = {
    "director", "manager", "nurse", "head", "lead", "leader", "officer", "call", "line", "number",
    "person", "free", "general", "global", "central", "main", "public", "chief", "senior",
    "principal", "investigator", "investigators", "sub", "co", "physician", "doctor", "scientist",
    "monitor", "assistant", "representative", "responsible", "project", "program", "programme",
    "local", "primary", "secondary", "overall", "the", "of", "for", "and", "use", "see", "to",
    "executive", "vice", "president", "ceo", "cmo", "staff", "service", "services", "agent",
    "affiliate", "associate", "chair", "chairman", "pi", "dr", "md", "phd", "na", "n", "a", "none",
    "not", "applicable", "available", "provided", "name", "no",
};

static const char *const company_forms[] = {"inc", "llc", "ltd", "gmbh", "corp", "plc", "limited"};

static const char *const titles[] = {
    "dr", "prof", "professor", "mr", "mrs", "ms", "mme", "pr", "pd", "priv", "doz", "privdoz",
    "univ", "univprof", "assoc", "associate", "asst", "assist", "assistant", "mudr", "dott",
    "dottssa", "dra", "sir", "dame", "med", "hab", "habil", "ing", "dipl", "doctor", "phdr", "rndr",
    "doc", "docent", "dres",
};

/* Taken off the end without a comma: only what is no name anywhere ("Do", "Ma", "Ms" are). */
static const char *const degrees[] = {
    "md", "phd", "mph", "msc", "mbbs", "mbchb", "bmbs", "pharmd", "dds", "dmd", "dvm", "bsn",
    "facs", "frcp", "frcpc", "fracp", "facc", "mba", "dnp", "psyd", "drph", "dmsc", "dphil", "ccrp",
    "ccrc", "facp", "faap", "fasco", "rn", "prof", "professor", "doctor", "mudr",
};

/* Told apart from names only after a comma, beside the lists above. */
static const char *const letters[] = {
    "do", "ms", "ma", "ba", "bs", "pa", "np", "dm", "crc", "cra", "ph", "m", "d", "sc", "scd",
    "dsc", "pi", "mhs", "mha", "rd", "pt", "dpt", "nd", "od", "pharm", "bsc", "bachelor", "master",
    "ccfp", "mbbch", "lpn", "cpm", "kmd", "dcs", "mtr", "ch", "b", "facep",
};

#define IN(list, word) in_list(list, sizeof(list) / sizeof *(list), word)

static bool
in_list(const char *const *list, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], word) == 0)
            return true;
    }
    return false;
}

static struct words
split(struct arena *a, const char *text, const char *separators)
{
    struct words w = {0};
    char *rest = NULL, *copy = arena_strdup(a, text);
    for (char *s = strtok_r(copy, separators, &rest); s && w.n < MAX_WORDS;
         s = strtok_r(NULL, separators, &rest))
        w.text[w.n++] = s;
    return w;
}

static struct words
folded_words(struct arena *a, const char *text)
{
    return split(a, utf8_fold(a, text), " ");
}

/* A word without its dots, folded: "Ph.D." gives "phd", "Priv.-Doz." "priv doz". */
static const char *
bare(struct arena *a, const char *word)
{
    char *out = arena_strdup(a, word);
    size_t n = 0;
    for (const char *p = word; *p; p++) {
        if (*p != '.')
            out[n++] = *p;
    }
    out[n] = '\0';
    return utf8_fold(a, out);
}

/* True when all that a word says is in the list: "MD-PhD", "Univ.-Prof.". */
static bool
says_only(struct arena *a, const char *word, bool (*known)(const char *))
{
    struct words w = split(a, bare(a, word), " ");
    bool all = w.n > 0;
    for (size_t i = 0; i < w.n; i++)
        all = all && known(w.text[i]);
    return all;
}

static bool
is_title(const char *word)
{
    return IN(titles, word);
}

static bool
is_degree(const char *word)
{
    return IN(degrees, word);
}

static bool
is_any_letters(const char *word)
{
    return IN(degrees, word) || IN(letters, word) || IN(titles, word);
}

static const char *
join(struct arena *a, const struct words *w, size_t from, size_t to)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buf_char(&b, ' ');
        buf_str(&b, w->text[i]);
    }
    return buf_text(&b);
}

/* The words of a name before its first comma; of "Li, Wei", the words after it come first. */
static struct words
name_words(struct arena *a, const char *name)
{
    size_t comma = strcspn(name, ",;");
    struct words head = split(a, arena_strndup(a, name, comma), " \t\r\n");
    if (head.n != 1 || !name[comma])
        return head;
    struct words tail = split(a, name + comma, " \t\r\n,;");
    struct words turned = {0};
    for (size_t i = 0; i < tail.n; i++) {
        if (!says_only(a, tail.text[i], is_any_letters))
            turned.text[turned.n++] = tail.text[i];
    }
    if (turned.n > 3)
        return head;
    turned.text[turned.n++] = head.text[0];
    return turned;
}

const char *
names_person_plain(struct arena *a, const char *name)
{
    if (str_empty(name))
        return "";
    struct words w = name_words(a, name);
    size_t from = 0, to = w.n;
    if (w.n) { /* "Dr.Sumeet" */
        const char *dot = strchr(w.text[0], '.');
        size_t n = dot ? (size_t)(dot - w.text[0]) : 0;
        if (n && dot[1] && is_title(bare(a, arena_strndup(a, w.text[0], n))) &&
            !says_only(a, w.text[0], is_title))
            w.text[0] = dot + 1;
    }
    while (to - from > 1 && says_only(a, w.text[from], is_title))
        from++;
    while (to - from > 2 && says_only(a, w.text[to - 1], is_degree))
        to--;
    return join(a, &w, from, to);
}

/* ---- desks ---- */

static bool
is_number_like(const char *word)
{
    size_t digits = 0;
    for (; *word; word++)
        digits += isdigit((unsigned char)*word) != 0;
    return digits >= 2;
}

static bool
has_desk_word(const struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        size_t n = strlen(w->text[i]);
        bool field = n > 6 && strcmp(w->text[i] + n - 5, "ology") == 0;
        if (field || is_number_like(w->text[i]) || IN(desk_words, w->text[i]))
            return true;
    }
    return false;
}

static bool
only_role_words(const struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (!IN(role_words, w->text[i]))
            return false;
    }
    return true;
}

static bool
only_words_of(const struct words *w, const struct words *of)
{
    for (size_t i = 0; i < w->n; i++) {
        if (!in_list(of->text, of->n, w->text[i]))
            return false;
    }
    return true;
}

/* "BBS": letters, and nobody's name. */
static bool
is_letters_only(const char *name)
{
    size_t n = strlen(name), upper = 0;
    for (size_t i = 0; i < n; i++)
        upper += name[i] >= 'A' && name[i] <= 'Z';
    return n <= 4 && upper == n;
}

/* "Somebody, MD": a company of one physician bears his name. */
static bool
has_degree(struct arena *a, const char *name)
{
    struct words after = split(a, name + strcspn(name, ","), " ,");
    return after.n && says_only(a, after.text[0], is_any_letters);
}

bool
names_person_is_desk(struct arena *a, const char *name, const char *industry_sponsor)
{
    if (str_empty(name) || strchr(name, '@'))
        return true;
    size_t comma = strcspn(name, ",;");
    struct words all = folded_words(a, name);
    struct words head = folded_words(a, arena_strndup(a, name, comma));
    struct words after = folded_words(a, name + comma);
    const struct words *w = head.n >= 2 ? &head : &all;
    for (size_t i = 0; i < after.n; i++) {
        if (IN(company_forms, after.text[i]))
            return true;
    }
    if (w->n == 0 || has_desk_word(w) || only_role_words(w) || is_letters_only(name))
        return true;
    if (str_empty(industry_sponsor) || has_degree(a, industry_sponsor))
        return false;
    struct words sponsor = folded_words(a, industry_sponsor);
    return only_words_of(w, &sponsor);
}

const char *
names_person_key(struct arena *a, const char *name, const char *affiliation,
                 const char *industry_sponsor)
{
    const char *where = utf8_fold(a, names_facility_plain(a, affiliation));
    if (!*where || names_person_is_desk(a, name, industry_sponsor))
        return NULL;
    const char *who = utf8_fold(a, names_person_plain(a, name));
    if (!*who || strcmp(who, where) == 0 || names_facility_is_placeholder(a, affiliation, NULL))
        return NULL;
    return arena_printf(a, "%s|%s", who, where);
}

/* ---- given and family name ---- */

/* Two letters or more and all capitals: "FACON", "GUERCI-BRESLER"; not "J." or "JH". */
static bool
in_capitals(const char *word)
{
    size_t letters_n = 0;
    for (const char *p = word; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            return false;
        letters_n += *p >= 'A' && *p <= 'Z';
    }
    return letters_n > 2 && !strchr(word, '.');
}

static bool
is_particle(struct arena *a, const char *word)
{
    static const char *const particles[] = {
        "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "du", "la",
        "le", "los", "ten", "ter", "el", "al", "bin", "ibn", "zu", "zur", "af",
    };
    return IN(particles, utf8_fold(a, word));
}

static bool
is_suffix(struct arena *a, const char *word)
{
    static const char *const suffixes[] = {"jr", "sr", "ii", "iii", "iv"};
    return IN(suffixes, bare(a, word));
}

/* First and one past the last word of the family name. */
static void
family_words(struct arena *a, const struct words *w, size_t *ret_from, size_t *ret_to)
{
    size_t capitals = 0, first = w->n, last = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (in_capitals(w->text[i])) {
            capitals++;
            first = i < first ? i : first;
            last = i;
        }
    }
    *ret_to = w->n;
    *ret_from = w->n - 1;
    if (capitals && capitals < w->n && last - first + 1 == capitals) {
        *ret_from = first;
        *ret_to = last + 1;
    } else if (w->n > 2 && is_suffix(a, w->text[w->n - 1]))
        --*ret_from;
    while (*ret_from > 1 && is_particle(a, w->text[*ret_from - 1]))
        --*ret_from;
}

struct names_parts
names_person_split(struct arena *a, const char *name)
{
    struct words w = split(a, names_person_plain(a, name), " ");
    if (w.n < 2)
        return (struct names_parts){"", w.n ? w.text[0] : ""};
    size_t from, to;
    family_words(a, &w, &from, &to);
    const char *before = join(a, &w, 0, from), *after = join(a, &w, to, w.n);
    const char *given = *before && *after ? arena_printf(a, "%s %s", before, after)
                                          : (*before ? before : after);
    return (struct names_parts){given, join(a, &w, from, to)};
}
