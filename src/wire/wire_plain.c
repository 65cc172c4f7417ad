/* Text as people read it from text as Moodle keeps it: HTML (also in its own "auto format"), Markdown, plain. Raised
 * and lowered digits become their own characters (10<sup>9</sup>: 10⁹), because there is no markup here. */
#include "wire_private.h"

#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 12, ENTITY_MAX = 10 };

typedef struct {
    const char *from;
    size_t at, length;
    markup_t markup;
    char out[WIRE_TEXT_MAX + 8];
    size_t written; /* may pass WIRE_TEXT_MAX by less than one character; `longer` then */
    bool longer;
    bool raised, lowered, unclosed; /* unclosed: no '>' follows any more */
    bool picture, table, formula;
} stripping_t;

static void put(stripping_t *s, const char *bytes, size_t length)
{
    if (s->written + length > WIRE_TEXT_MAX) {
        s->longer = true;
        return;
    }
    memcpy(s->out + s->written, bytes, length);
    s->written += length;
}

/* A space that does not stand at the begin of a line or after another. */
static void put_space(stripping_t *s)
{
    if (s->written > 0 && s->out[s->written - 1] != ' ' && s->out[s->written - 1] != '\n') put(s, " ", 1);
}

static void put_line(stripping_t *s)
{
    while (s->written > 0 && s->out[s->written - 1] == ' ') s->written--;
    if (s->written > 0 && s->out[s->written - 1] != '\n') put(s, "\n", 1);
}

static void put_code(stripping_t *s, uint32_t code)
{
    char b[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return;
    if (code == 0xa0) { /* no-break space */
        put_space(s);
        return;
    }
    if (n == 1) {
        b[0] = (char)code;
    } else {
        b[0] = (char)((n == 2 ? 0xc0u : n == 3 ? 0xe0u : 0xf0u) | code >> (6 * (n - 1)));
        for (size_t i = 1; i < n; i++) b[i] = (char)(0x80u | (code >> (6 * (n - 1 - i)) & 0x3fu));
    }
    put(s, b, n);
}

/* ---- entities ---- */

static const struct {
    const char *name;
    uint32_t code;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},      {"apos", '\''},    {"nbsp", 0xa0},
    {"deg", 0xb0},     {"plusmn", 0xb1},  {"sup1", 0xb9},    {"sup2", 0xb2},     {"sup3", 0xb3},    {"micro", 0xb5},
    {"middot", 0xb7},  {"frac12", 0xbd},  {"frac14", 0xbc},  {"times", 0xd7},    {"divide", 0xf7},  {"alpha", 0x3b1},
    {"beta", 0x3b2},   {"gamma", 0x3b3},  {"delta", 0x3b4},  {"Delta", 0x394},   {"kappa", 0x3ba},  {"lambda", 0x3bb},
    {"mu", 0x3bc},     {"sigma", 0x3c3},  {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"bull", 0x2022},  {"hellip", 0x2026}, {"larr", 0x2190},  {"rarr", 0x2192},
    {"minus", 0x2212}, {"le", 0x2264},    {"ge", 0x2265},    {"ne", 0x2260},     {"asymp", 0x2248}, {"eacute", 0xe9},
    {"ouml", 0xf6},    {"uuml", 0xfc},    {"auml", 0xe4},    {"szlig", 0xdf},    {"epsilon", 0x3b5}};

static uint32_t numbered(const char *digits, size_t n)
{
    bool hexadecimal = n > 1 && (digits[0] == 'x' || digits[0] == 'X');
    uint32_t code = 0;
    for (size_t i = hexadecimal ? 1 : 0; i < n; i++) {
        uint32_t d = digits[i] >= '0' && digits[i] <= '9' ? (uint32_t)(digits[i] - '0')
                     : (digits[i] | 0x20) >= 'a' && (digits[i] | 0x20) <= 'f'
                         ? (uint32_t)((digits[i] | 0x20) - 'a' + 10)
                         : 16;
        if (d >= (hexadecimal ? 16u : 10u) || code > 0x10ffff) return 0;
        code = code * (hexadecimal ? 16 : 10) + d;
    }
    return code > 0x10ffff ? 0 : code;
}

static bool take_entity(stripping_t *s)
{
    const char *name = s->from + s->at + 1;
    size_t rest = s->length - s->at - 1, n = 0;
    while (n < rest && n < ENTITY_MAX && name[n] != ';') n++;
    if (n == 0 || n == rest || name[n] != ';') return false;
    uint32_t code = name[0] == '#' ? numbered(name + 1, n - 1) : 0;
    for (size_t i = 0; code == 0 && i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == n && memcmp(entities[i].name, name, n) == 0) code = entities[i].code;
    if (code == 0) return false;
    put_code(s, code);
    s->at += n + 2;
    return true;
}

/* ---- tags ---- */

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0) return true;
    return false;
}

/* Moves behind the next `end`, or to the end of the text. */
static void skip_past(stripping_t *s, const char *end)
{
    size_t n = strlen(end);
    for (; s->at + n <= s->length; s->at++)
        if (strncasecmp(s->from + s->at, end, n) == 0) {
            s->at += n;
            return;
        }
    s->at = s->length;
}

static void act_on(stripping_t *s, const char *name, bool closes)
{
    static const char *const blocks[] = {"br", "p",  "div", "li", "tr",  "ul", "ol",         "table", "h1", "h2",
                                         "h3", "h4", "h5",  "h6", "pre", "hr", "blockquote", "dt",    "dd", NULL};
    static const char *const pictures[] = {"img", "svg", "video", "audio", "object", "iframe", "embed", "canvas", NULL};
    if (strcmp(name, "sup") == 0) s->raised = !closes;
    if (strcmp(name, "sub") == 0) s->lowered = !closes;
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) put_space(s);
    if (strcmp(name, "table") == 0) s->table = true;
    if (is_one_of(name, blocks)) put_line(s);
    if (is_one_of(name, pictures)) s->picture = true;
    if (!closes && strcmp(name, "script") == 0) skip_past(s, "</script>");
    if (!closes && strcmp(name, "style") == 0) skip_past(s, "</style>");
}

/* A '<' that a letter, '/' or '!' follows and a '>' closes; anything else is a sign of its own ("pH < 7"). */
static bool take_tag(stripping_t *s)
{
    const char *from = s->from + s->at;
    size_t rest = s->length - s->at, n = 0;
    char name[NAME_MAX_BYTES + 1];
    if (rest >= 4 && memcmp(from, "<!--", 4) == 0) {
        skip_past(s, "-->");
        return true;
    }
    bool closes = rest > 1 && from[1] == '/';
    size_t i = closes ? 2 : 1;
    if (i >= rest || !(((from[i] | 0x20) >= 'a' && (from[i] | 0x20) <= 'z') || from[i] == '!') || s->unclosed)
        return false;
    const char *end = memchr(from, '>', rest);
    s->unclosed = !end;
    if (!end) return false;
    for (; from + i < end && n < NAME_MAX_BYTES; i++) {
        char c = from[i] >= 'A' && from[i] <= 'Z' ? (char)(from[i] | 0x20) : from[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) break;
        name[n++] = c;
    }
    name[n] = '\0';
    s->at += (size_t)(end - from) + 1;
    act_on(s, name, closes);
    return true;
}

/* ---- characters ---- */

static bool take_small(stripping_t *s, char c)
{
    static const char signs[] = "0123456789+-";
    static const uint32_t high[] = {0x2070, 0xb9,   0xb2,   0xb3,   0x2074, 0x2075,
                                    0x2076, 0x2077, 0x2078, 0x2079, 0x207a, 0x207b};
    const char *at = (s->raised || s->lowered) ? strchr(signs, c) : NULL;
    if (!at || !c) return false;
    size_t i = (size_t)(at - signs);
    put_code(s, s->raised ? high[i] : 0x2080 + (uint32_t)i);
    return true;
}

static void take_character(stripping_t *s)
{
    char c = s->from[s->at];
    bool html = s->markup == MARKUP_HTML, marked = html || s->markup == MARKUP_MOODLE;
    if (c == '\\' && s->at + 1 < s->length && strchr("([", s->from[s->at + 1])) s->formula = true;
    if (c == '$' && s->at + 1 < s->length && s->from[s->at + 1] == '$') s->formula = true;
    if (s->markup == MARKUP_MARKDOWN && c == '*' && s->at + 1 < s->length && s->from[s->at + 1] == '*') {
        s->at += 2;
        return;
    }
    s->at++;
    if (c == '\n' && !html)
        put(s, "\n", 1);
    else if (c == '\t' || c == '\n')
        put_space(s);
    else if (c == ' ' && marked)
        put_space(s);
    else if (((unsigned char)c >= 0x20 && c != 0x7f) && !(marked && take_small(s, c)))
        put(s, &c, 1);
}

/* A character of several bytes is taken whole, so that the limit cannot cut it. */
static void take_wide(stripping_t *s)
{
    size_t n = 1;
    while (s->at + n < s->length && ((unsigned char)s->from[s->at + n] & 0xc0) == 0x80) n++;
    const unsigned char *c = (const unsigned char *)s->from + s->at;
    bool none = n == 3 && c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe; /* U+FFFE, U+FFFF: refused by XML */
    if (n == 2 && c[0] == 0xc2 && c[1] == 0xa0 && s->markup != MARKUP_PLAIN)
        put_space(s);
    else if (!none)
        put(s, s->from + s->at, n);
    s->at += n;
}

const char *wire_plain(wire_reading_t *in, wire_question_t *q, markup_t markup, const char *bytes, size_t length)
{
    stripping_t s;
    s.from = bytes;
    s.at = s.written = 0;
    s.length = length;
    s.markup = markup;
    s.longer = s.raised = s.lowered = s.unclosed = s.picture = s.table = s.formula = false;
    bool marked = markup == MARKUP_HTML || markup == MARKUP_MOODLE;
    while (s.at < s.length && !s.longer) {
        char c = s.from[s.at];
        if (marked && c == '<' && take_tag(&s)) continue;
        if (marked && c == '&' && take_entity(&s)) continue;
        if ((unsigned char)c >= 0x80)
            take_wide(&s);
        else
            take_character(&s);
    }
    size_t first = 0;
    while (s.written > 0 && strchr(" \n", s.out[s.written - 1])) s.written--;
    while (first < s.written && strchr(" \n", s.out[first])) first++;
    if (s.picture) wire_note(q, "a picture was left out: pictures are not imported; say in words what it showed");
    if (s.table) wire_note(q, "a table became lines of text; read them again");
    if (s.formula) wire_note(q, "a formula in TeX stays as it was typed; write it in plain text");
    if (s.longer) return wire_copy(in, q, "", WIRE_TEXT_MAX + 1u);
    return wire_copy(in, q, s.out + first, s.written - first);
}
