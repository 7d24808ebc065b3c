/* tz.c: time zones from the system's TZif files (RFC 9636). See date.h.
 *
 * The transitions listed in the file are used; after the last one the file's footer (a POSIX TZ
 * string) rules, of which the forms in the tz database are read: "CET-1CEST,M3.5.0,M10.5.0/3" and
 * "<+03>-3". A zone whose footer is of another form keeps its last listed offset. */
#include "base/date.h"

#include "base/err.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 64 << 10, MAX_ABBR = 8 };

struct rule { /* Mm.w.d/time */
    int month, week, day;
    int32_t at;
};

struct tz {
    struct tz *next;
    char name[64];
    size_t n;
    int64_t *when;       /* seconds UTC, ascending */
    unsigned char *kind; /* index into offsets */
    struct {
        int32_t seconds;
        char abbr[MAX_ABBR];
    } types[256];
    bool has_footer, has_dst;
    int32_t std, dst;
    char std_abbr[MAX_ABBR], dst_abbr[MAX_ABBR];
    struct rule to_dst, to_std;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tz *zones;

static int64_t
big_endian(const unsigned char *p, int n)
{
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

static bool
read_name(const char **p, char *ret)
{
    const char *s = *p;
    size_t n = 0;
    if (*s == '<') {
        for (s++; *s && *s != '>'; s++)
            if (n < MAX_ABBR - 1)
                ret[n++] = *s;
        if (*s++ != '>')
            return false;
    } else {
        for (; isalpha((unsigned char)*s); s++)
            if (n < MAX_ABBR - 1)
                ret[n++] = *s;
    }
    ret[n] = '\0';
    *p = s;
    return n > 0;
}

static bool
read_time(const char **p, int32_t *ret)
{
    int sign = 1, part[3] = {0};
    if (**p == '-' || **p == '+')
        sign = *(*p)++ == '-' ? -1 : 1;
    for (int i = 0; i < 3; i++) {
        if (!isdigit((unsigned char)**p))
            return false;
        while (isdigit((unsigned char)**p))
            part[i] = part[i] * 10 + (*(*p)++ - '0');
        if (**p != ':')
            break;
        (*p)++;
    }
    *ret = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
    return true;
}

static bool
read_rule(const char **p, struct rule *ret)
{
    int used = 0;
    ret->at = 7200;
    if (sscanf(*p, ",M%d.%d.%d%n", &ret->month, &ret->week, &ret->day, &used) != 3 || !used ||
        ret->month < 1 || ret->month > 12 || ret->week < 1 || ret->week > 5 || ret->day < 0 ||
        ret->day > 6)
        return false;
    *p += used;
    if (**p == '/') {
        (*p)++;
        return read_time(p, &ret->at);
    }
    return true;
}

static void
read_footer(struct tz *z, const char *p)
{
    int32_t std;
    if (!read_name(&p, z->std_abbr) || !read_time(&p, &std))
        return;
    z->std = -std;
    if (!*p) {
        z->has_footer = true;
        return;
    }
    if (!read_name(&p, z->dst_abbr))
        return;
    z->dst = z->std + 3600;
    int32_t dst;
    if (*p != ',') {
        if (!read_time(&p, &dst))
            return;
        z->dst = -dst;
    }
    z->has_footer = z->has_dst = read_rule(&p, &z->to_dst) && read_rule(&p, &z->to_std) && !*p;
}

/* The second, third ... part of a TZif file: header, then data with `size`-byte times. */
static size_t
block_length(const unsigned char *h, int size)
{
    int64_t isut = big_endian(h + 20, 4), isstd = big_endian(h + 24, 4), leap = big_endian(h + 28, 4);
    int64_t times = big_endian(h + 32, 4), types = big_endian(h + 36, 4), chars = big_endian(h + 40, 4);
    return (size_t)(44 + times * size + times + types * 6 + chars + leap * (size + 4) + isstd + isut);
}

static struct tz *
parse(const unsigned char *d, size_t n, const char *name)
{
    if (n < 44 || memcmp(d, "TZif", 4) != 0 || d[4] < '2')
        return NULL;
    size_t skip = block_length(d, 4);
    if (skip + 44 > n)
        return NULL;
    const unsigned char *h = d + skip;
    size_t length = block_length(h, 8);
    if (skip + length > n)
        return NULL;
    size_t times = (size_t)big_endian(h + 32, 4), types = (size_t)big_endian(h + 36, 4);
    size_t chars = (size_t)big_endian(h + 40, 4);
    struct tz *z = calloc(1, sizeof *z);
    INVARIANT(z);
    snprintf(z->name, sizeof z->name, "%s", name);
    z->n = times;
    z->when = calloc(times + 1, sizeof *z->when);
    z->kind = calloc(times + 1, 1);
    INVARIANT(z->when && z->kind);
    const unsigned char *p = h + 44;
    for (size_t i = 0; i < times; i++)
        z->when[i] = big_endian(p + 8 * i, 8);
    memcpy(z->kind, p + 8 * times, times);
    const unsigned char *t = p + 9 * times, *abbr = t + 6 * types;
    for (size_t i = 0; i < types && i < 256; i++) {
        z->types[i].seconds = (int32_t)big_endian(t + 6 * i, 4);
        size_t at = t[6 * i + 5];
        for (size_t k = 0; at + k < chars && abbr[at + k] && k < MAX_ABBR - 1; k++)
            z->types[i].abbr[k] = (char)abbr[at + k];
    }
    char footer[128] = {0};
    const unsigned char *f = h + length;
    if ((size_t)(f - d) < n && *f == '\n') {
        for (size_t k = 0; (size_t)(f + 1 + k - d) < n && f[1 + k] != '\n' && k < 127; k++)
            footer[k] = (char)f[1 + k];
        read_footer(z, footer);
    }
    return z;
}

static struct tz *
load(const char *name)
{
    if (!*name || *name == '/' || strstr(name, "..") || strlen(name) > 63)
        return NULL;
    char path[128];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    unsigned char *d = malloc(MAX_FILE);
    INVARIANT(d);
    size_t n = fread(d, 1, MAX_FILE, f);
    fclose(f);
    struct tz *z = parse(d, n, name);
    free(d);
    return z;
}

/* UTC always exists, even on a machine without zone files. */
static struct tz utc = {.name = "UTC", .has_footer = true, .std_abbr = "UTC"};

const struct tz *
tz_find(const char *name)
{
    if (strcmp(name, "UTC") == 0)
        return &utc;
    pthread_mutex_lock(&lock);
    struct tz *z = zones;
    while (z && strcmp(z->name, name) != 0)
        z = z->next;
    if (!z && (z = load(name))) {
        z->next = zones;
        zones = z;
    }
    pthread_mutex_unlock(&lock);
    return z;
}

/* Seconds UTC at which a rule fires in a year, in the offset valid before it. */
static int64_t
fires(const struct rule *r, int year, int32_t offset)
{
    int32_t first = 0;
    date_from_civil(year, r->month, 1, &first);
    int sunday_based = (date_weekday(first) + 1) % 7;
    int day = 1 + (r->day - sunday_based + 7) % 7 + 7 * (r->week - 1);
    while (day > date_days_in_month(year, r->month))
        day -= 7;
    return ((int64_t)first + day - 1) * 86400 + r->at - offset;
}

int32_t
tz_offset(const struct tz *z, int64_t us, const char **ret_abbr)
{
    int64_t s = us >= 0 ? us / 1000000 : -((-us + 999999) / 1000000);
    int32_t seconds;
    const char *abbr;
    if (z->has_footer && (z->n == 0 || s >= z->when[z->n - 1])) {
        bool summer = false;
        if (z->has_dst) {
            int y, m, d;
            date_to_civil((int32_t)(s / 86400), &y, &m, &d);
            int64_t on = fires(&z->to_dst, y, z->std), off = fires(&z->to_std, y, z->dst);
            summer = on < off ? s >= on && s < off : s >= on || s < off;
        }
        seconds = summer ? z->dst : z->std;
        abbr = summer ? z->dst_abbr : z->std_abbr;
    } else {
        size_t lo = 0, hi = z->n;
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (z->when[mid] <= s)
                lo = mid + 1;
            else
                hi = mid;
        }
        unsigned char k = lo ? z->kind[lo - 1] : 0;
        seconds = z->types[k].seconds;
        abbr = z->types[k].abbr;
    }
    if (ret_abbr)
        *ret_abbr = abbr;
    return seconds;
}

int32_t
tz_day(const struct tz *z, int64_t us)
{
    int64_t local = us + (int64_t)tz_offset(z, us, NULL) * 1000000;
    int64_t day_us = (int64_t)86400 * 1000000;
    return (int32_t)(local >= 0 ? local / day_us : -((-local + day_us - 1) / day_us));
}
