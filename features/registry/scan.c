/* scan.c: see scan.h. A pushdown automaton: one state, one bit a level. */
#include "features/registry/scan.h"

#include "base/err.h"

#include <string.h>

enum state {
    TOP,         /* outside everything */
    VALUE,       /* a value must come */
    VALUE_OR_END, /* just after [ */
    NAME,        /* a key must come */
    NAME_OR_END, /* just after { */
    COLON,
    AFTER, /* after a value: a comma or the end */
    STRING,
    ESCAPE,
    HEX,
    WORD, /* inside true, false, null */
    MINUS,
    ZERO,
    DIGITS,
    POINT,
    FRACTION,
    EXPONENT,
    SIGN,
    POWER,
    BROKEN,
};

void
scan_init(struct scan *s, unsigned max_depth, uint64_t offset)
{
    INVARIANT(max_depth >= 1 && max_depth <= SCAN_MAX_DEPTH);
    memset(s, 0, sizeof *s);
    s->max_depth = max_depth;
    s->offset = offset;
    s->line = 1;
    s->state = TOP;
}

char
scan_inside(const struct scan *s)
{
    if (s->depth == 0)
        return 0;
    unsigned level = s->depth - 1;
    return s->is_object[level / 8] & (1u << level % 8) ? '{' : '[';
}

static enum scan_event
fail(struct scan *s, const char *why)
{
    s->state = BROKEN;
    s->why = why;
    return SCAN_ERROR;
}

static enum scan_event
open_level(struct scan *s, bool object)
{
    if (s->depth == s->max_depth)
        return fail(s, "it is nested too deep, far deeper than study records are");
    unsigned level = s->depth++;
    if (object)
        s->is_object[level / 8] |= (unsigned char)(1u << level % 8);
    else
        s->is_object[level / 8] &= (unsigned char)~(1u << level % 8);
    s->weight += 4;
    s->state = object ? NAME_OR_END : VALUE_OR_END;
    return SCAN_OPEN;
}

static enum scan_event
close_level(struct scan *s, bool object)
{
    if ((scan_inside(s) == '{') != object)
        return fail(s,
                    object ? "a } closes what a [ has opened" : "a ] closes what a { has opened");
    s->depth--;
    s->state = s->depth ? AFTER : TOP;
    return SCAN_CLOSE;
}

static enum scan_event
scalar(struct scan *s, enum state next)
{
    s->state = next;
    s->weight++;
    return s->depth <= 2 ? SCAN_SCALAR : SCAN_MORE;
}

static enum scan_event
begin_value(struct scan *s, unsigned char c)
{
    switch (c) {
    case '{':
    case '[':
        return open_level(s, c == '{');
    case '"':
        s->in_key = false;
        return scalar(s, STRING);
    case '-':
        return scalar(s, MINUS);
    case '0':
        return scalar(s, ZERO);
    case 't':
        s->word = "rue";
        return scalar(s, WORD);
    case 'f':
        s->word = "alse";
        return scalar(s, WORD);
    case 'n':
        s->word = "ull";
        return scalar(s, WORD);
    }
    if (c >= '1' && c <= '9')
        return scalar(s, DIGITS);
    return fail(s, "a value was expected here");
}

static enum scan_event
begin_name(struct scan *s, unsigned char c)
{
    if (c != '"')
        return fail(s, "a name in double quotes was expected here");
    s->in_key = true;
    s->key_len = 0;
    s->state = STRING;
    return SCAN_MORE;
}

/* The first byte of a character beyond ASCII: what may follow it (Unicode 15, table 3-7). */
static enum scan_event
begin_character(struct scan *s, unsigned char c)
{
    s->low = 0x80;
    s->high = 0xBF;
    if (c >= 0xC2 && c <= 0xDF)
        s->need = 1;
    else if (c >= 0xE0 && c <= 0xEF)
        s->need = 2;
    else if (c >= 0xF0 && c <= 0xF4)
        s->need = 3;
    else
        return fail(s, "the text is not valid UTF-8");
    if (c == 0xE0)
        s->low = 0xA0;
    else if (c == 0xED)
        s->high = 0x9F;
    else if (c == 0xF0)
        s->low = 0x90;
    else if (c == 0xF4)
        s->high = 0x8F;
    return SCAN_MORE;
}

static void
keep_key(struct scan *s, unsigned char c)
{
    if (s->in_key && s->key_len < SCAN_KEY - 1)
        s->key[s->key_len++] = (char)c;
}

static enum scan_event
end_string(struct scan *s)
{
    if (!s->in_key) {
        s->state = AFTER;
        return SCAN_MORE;
    }
    s->key[s->key_len] = '\0';
    s->state = COLON;
    return SCAN_NAME;
}

static enum scan_event
in_string(struct scan *s, unsigned char c)
{
    if (s->need) {
        if (c < s->low || c > s->high)
            return fail(s, "the text is not valid UTF-8");
        s->need--;
        s->low = 0x80;
        s->high = 0xBF;
    } else if (c == '"') {
        return end_string(s);
    } else if (c == '\\') {
        s->state = ESCAPE;
    } else if (c < 0x20) {
        return fail(s, "a text holds a line end or another control character");
    } else if (c >= 0x80 && begin_character(s, c) == SCAN_ERROR) {
        return SCAN_ERROR;
    }
    keep_key(s, c);
    return SCAN_MORE;
}

static enum scan_event
in_escape(struct scan *s, unsigned char c)
{
    if (c == 'u') {
        s->hex = 4;
        s->state = HEX;
    } else if (c && strchr("\"\\/bfnrt", c)) {
        s->state = STRING;
    } else {
        return fail(s, "a backslash is followed by something it cannot stand before");
    }
    keep_key(s, c);
    return SCAN_MORE;
}

static enum scan_event
in_hex(struct scan *s, unsigned char c)
{
    if (!c || !strchr("0123456789abcdefABCDEF", c))
        return fail(s, "\\u is not followed by four hexadecimal digits");
    keep_key(s, c);
    if (--s->hex == 0)
        s->state = STRING;
    return SCAN_MORE;
}

static enum scan_event
after_value(struct scan *s, unsigned char c)
{
    if (c == '}' || c == ']')
        return close_level(s, c == '}');
    if (c != ',')
        return fail(s, "a comma or a closing bracket was expected here");
    s->state = scan_inside(s) == '{' ? NAME : VALUE;
    return SCAN_MORE;
}

/* A number's states: which come next, on a digit, on a point, on an E; 0 (TOP) means none. */
static enum scan_event
in_number(struct scan *s, unsigned char c)
{
    enum state now = s->state, next = TOP;
    bool digit = c >= '0' && c <= '9', e = c == 'e' || c == 'E';
    if (now == MINUS && digit)
        next = c == '0' ? ZERO : DIGITS;
    else if (now == DIGITS && digit)
        next = DIGITS;
    else if ((now == ZERO || now == DIGITS) && c == '.')
        next = POINT;
    else if ((now == POINT || now == FRACTION) && digit)
        next = FRACTION;
    else if ((now == ZERO || now == DIGITS || now == FRACTION) && e)
        next = EXPONENT;
    else if (now == EXPONENT && (c == '+' || c == '-'))
        next = SIGN;
    else if ((now == EXPONENT || now == SIGN || now == POWER) && digit)
        next = POWER;
    if (next != TOP) {
        s->state = next;
        return SCAN_MORE;
    }
    if (now == MINUS || now == POINT || now == EXPONENT || now == SIGN)
        return fail(s, "a number is not complete");
    s->state = AFTER;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return SCAN_MORE;
    return after_value(s, c);
}

static enum scan_event
in_word(struct scan *s, unsigned char c)
{
    if (c != (unsigned char)*s->word)
        return fail(s, "only true, false and null may stand without quotes");
    if (!*++s->word)
        s->state = AFTER;
    return SCAN_MORE;
}

static enum scan_event
step(struct scan *s, unsigned char c)
{
    enum state now = s->state;
    if (now == STRING)
        return in_string(s, c);
    bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (now <= AFTER && space)
        return SCAN_MORE;
    switch (now) {
    case TOP:
        return c == '{' || c == '[' ? open_level(s, c == '{') : fail(s, "{ or [ was expected here");
    case VALUE_OR_END:
        return c == ']' ? close_level(s, false) : begin_value(s, c);
    case VALUE:
        return begin_value(s, c);
    case NAME_OR_END:
        return c == '}' ? close_level(s, true) : begin_name(s, c);
    case NAME:
        return begin_name(s, c);
    case COLON:
        if (c != ':')
            return fail(s, "a colon was expected here");
        s->state = VALUE;
        return SCAN_MORE;
    case AFTER:
        return after_value(s, c);
    case ESCAPE:
        return in_escape(s, c);
    case HEX:
        return in_hex(s, c);
    case WORD:
        return in_word(s, c);
    case MINUS:
    case ZERO:
    case DIGITS:
    case POINT:
    case FRACTION:
    case EXPONENT:
    case SIGN:
    case POWER:
        return in_number(s, c);
    case STRING:
    case BROKEN:
        break;
    }
    return SCAN_ERROR;
}

size_t
scan_run(struct scan *s, const char *data, size_t n, enum scan_event *ret_event)
{
    for (size_t i = 0; i < n; i++) {
        enum scan_event event = step(s, (unsigned char)data[i]);
        if (event == SCAN_ERROR) {
            *ret_event = event;
            return i;
        }
        s->offset++;
        s->line += data[i] == '\n';
        if (event != SCAN_MORE) {
            *ret_event = event;
            return i + 1;
        }
    }
    *ret_event = SCAN_MORE;
    return n;
}
