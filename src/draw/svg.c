/* Tidies the SVG that cairo writes: styles become presentation attributes (a strict
 * Content-Security-Policy forbids style attributes), defaults are left out, colors are #rrggbb, paths are relative with
 * two decimals, glyphs are plain paths, and the serial number that cairo gives its surfaces goes, since it differs from
 * call to call. What it does not know it passes through. The file is less than half of what it was. */
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum { SVG_MAX_ATTRIBUTES = 24, SVG_MAX_BLANKS = 16 };

typedef struct {
    const char *at;
    size_t length;
} span_t;

typedef struct {
    span_t name, value;
} attribute_t;

typedef struct {
    span_t name;
    bool closing, empty;
    attribute_t attributes[SVG_MAX_ATTRIBUTES];
    int count;
} tag_t;

static bool span_is(span_t span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.at, text, span.length) == 0;
}

static bool span_starts(span_t span, const char *text)
{
    size_t length = strlen(text);
    return span.length >= length && memcmp(span.at, text, length) == 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ---- numbers and paths ---- */

/* Reads a number and moves *at behind it; false when there is none. */
static bool take_number(const char **at, const char *end, double *value)
{
    const char *p = *at;
    while (p < end && (is_space(*p) || *p == ',')) p++;
    const char *start = p;
    while (p < end && ((*p >= '0' && *p <= '9') || *p == '.' || *p == '-' || *p == '+' || *p == 'e' || *p == 'E')) p++;
    if (!text_to_double(start, (size_t)(p - start), value)) return false;
    *at = p;
    return true;
}

/* Hundredths without needless zeros: "-.5", "12", "3.07". */
static void add_hundredths(text_t *out, int64_t n)
{
    char buffer[32];
    int64_t whole = (n < 0 ? -n : n) / 100, part = (n < 0 ? -n : n) % 100;
    int length = snprintf(buffer, sizeof buffer, "%s", n < 0 ? "-" : "");
    if (whole || !part) length += snprintf(buffer + length, sizeof buffer - (size_t)length, "%d", (int)whole);
    if (part)
        length += snprintf(buffer + length, sizeof buffer - (size_t)length, part % 10 ? ".%02d" : ".%d",
                           (int)(part % 10 ? part : part / 10));
    text_add_n(out, buffer, (size_t)length);
}

static int64_t hundredths(double value)
{
    if (!number_fits(value)) return 0;
    return (int64_t)exact_floor(value * 100.0 + 0.5);
}

static void add_pair(text_t *out, int64_t x, int64_t y, bool first)
{
    if (!first && x >= 0) text_add_char(out, ' ');
    add_hundredths(out, x);
    if (y >= 0) text_add_char(out, ' ');
    add_hundredths(out, y);
}

/* Absolute M, L, C, Z to relative ones. Positions are rounded, then subtracted, so that nothing adds up. */
static bool add_path(text_t *out, span_t d)
{
    const char *p = d.at, *end = d.at + d.length;
    int64_t x = 0, y = 0, start_x = 0, start_y = 0;
    while (p < end) {
        while (p < end && is_space(*p)) p++;
        if (p >= end) break;
        char command = *p++;
        int pairs = command == 'C' ? 3 : command == 'M' || command == 'L' ? 1 : 0;
        if (!pairs && command != 'Z') return false;
        int64_t at[6] = {0};
        for (int i = 0; i < 2 * pairs; i++) {
            double value;
            if (!take_number(&p, end, &value)) return false;
            at[i] = hundredths(value);
        }
        if (command == 'Z') {
            text_add_char(out, 'z');
            x = start_x, y = start_y;
            continue;
        }
        if (command == 'M') {
            const char *rest = p;
            while (rest < end && is_space(*rest)) rest++;
            if (rest == end) break; /* cairo ends a closed path with a move that draws nothing */
            start_x = at[0], start_y = at[1];
        }
        bool level = command == 'L' && at[1] == y, upright = command == 'L' && !level && at[0] == x;
        text_add_char(out, command == 'M' ? 'm' : level ? 'h' : upright ? 'v' : command == 'L' ? 'l' : 'c');
        if (level)
            add_hundredths(out, at[0] - x);
        else if (upright)
            add_hundredths(out, at[1] - y);
        else
            for (int i = 0; i < pairs; i++) add_pair(out, at[2 * i] - x, at[2 * i + 1] - y, i == 0);
        x = at[2 * pairs - 2], y = at[2 * pairs - 1];
    }
    return true;
}

/* ---- attributes ---- */

/* rgb(0%,50%,100%) to #0080ff. */
static bool add_color(text_t *out, span_t value)
{
    if (!span_starts(value, "rgb(")) return false;
    const char *p = value.at + 4, *end = value.at + value.length;
    int part[3];
    for (int i = 0; i < 3; i++) {
        double percent;
        if (!take_number(&p, end, &percent) || p >= end || *p != '%') return false;
        p++;
        part[i] = (int)(percent * 2.55 + 0.5);
    }
    text_addf(out, "#%02x%02x%02x", (unsigned)part[0] & 0xff, (unsigned)part[1] & 0xff, (unsigned)part[2] & 0xff);
    return true;
}

static bool is_default(span_t name, span_t value)
{
    static const char *const defaults[][2] = {
        {"stroke", "none"},          {"fill-rule", "nonzero"},   {"fill-opacity", "1"},
        {"stroke-opacity", "1"},     {"stroke-linecap", "butt"}, {"stroke-linejoin", "round"},
        {"stroke-miterlimit", "10"}, {"clip-rule", "nonzero"},   {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
        {"stroke-width", "1"},       {"fill", "none"}, /* the root has it */
    };
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (span_is(name, defaults[i][0]) && span_is(value, defaults[i][1])) return true;
    return span_is(name, "id") && span_starts(value, "surface");
}

/* "1-29" of cairo's "glyph1-29" to "b29": the name is written at every letter of the picture. */
static void add_glyph_name(text_t *out, span_t name)
{
    bool one = name.length > 2 && name.at[1] == '-' && name.at[0] >= '0' && name.at[0] <= '9';
    text_add_char(out, one ? (char)('a' + name.at[0] - '0') : 'g');
    if (one)
        text_add_n(out, name.at + 2, name.length - 2);
    else
        text_add_n(out, name.at, name.length);
}

static void add_attribute(text_t *out, span_t name, span_t value)
{
    if (is_default(name, value)) return;
    if (span_is(name, "xlink:href")) name = (span_t){"href", 4};
    text_add_char(out, ' ');
    text_add_n(out, name.at, name.length);
    text_add(out, "=\"");
    size_t mark = out->length;
    const char *p = value.at;
    double number;
    if (span_is(name, "d")) {
        if (!add_path(out, value)) {
            out->length = mark;
            text_add_n(out, value.at, value.length);
        }
    } else if (span_is(name, "id") && span_starts(value, "glyph")) {
        add_glyph_name(out, (span_t){value.at + 5, value.length - 5});
    } else if (span_is(name, "href") && span_starts(value, "#glyph")) {
        text_add_char(out, '#');
        add_glyph_name(out, (span_t){value.at + 6, value.length - 6});
    } else if (!add_color(out, value)) {
        bool plain =
            take_number(&p, value.at + value.length, &number) && p == value.at + value.length && number_fits(number);
        if (plain)
            add_hundredths(out, hundredths(number));
        else
            text_add_n(out, value.at, value.length);
    }
    text_add_char(out, '"');
}

/* "fill:none;stroke-width:2;" to attributes. */
static void add_style(text_t *out, span_t style)
{
    const char *p = style.at, *end = style.at + style.length;
    while (p < end) {
        while (p < end && (is_space(*p) || *p == ';')) p++;
        const char *name = p;
        while (p < end && *p != ':') p++;
        if (p >= end) return;
        const char *value = p + 1;
        while (p < end && *p != ';') p++;
        add_attribute(out, (span_t){name, (size_t)(value - 1 - name)}, (span_t){value, (size_t)(p - value)});
    }
}

/* ---- tags ---- */

/* Reads what is between '<' and '>'. */
static bool read_tag(tag_t *tag, const char *p, const char *end)
{
    *tag = (tag_t){0};
    if (p < end && *p == '/') tag->closing = true, p++;
    if (end > p && end[-1] == '/') tag->empty = true, end--;
    tag->name.at = p;
    while (p < end && !is_space(*p)) p++;
    tag->name.length = (size_t)(p - tag->name.at);
    for (;;) {
        while (p < end && is_space(*p)) p++;
        if (p >= end) return true;
        if (tag->count == SVG_MAX_ATTRIBUTES) return false;
        attribute_t *attribute = &tag->attributes[tag->count++];
        attribute->name.at = p;
        while (p < end && *p != '=') p++;
        attribute->name.length = (size_t)(p - attribute->name.at);
        if (end - p < 2 || p[1] != '"') return false;
        p += 2;
        attribute->value.at = p;
        while (p < end && *p != '"') p++;
        if (p >= end) return false;
        attribute->value.length = (size_t)(p - attribute->value.at);
        p++;
    }
}

static void add_tag(text_t *out, const tag_t *tag, span_t glyph)
{
    text_add(out, tag->closing ? "</" : "<");
    text_add_n(out, tag->name.at, tag->name.length);
    if (glyph.length) add_attribute(out, (span_t){"id", 2}, glyph);
    for (int i = 0; i < tag->count; i++) {
        const attribute_t *a = &tag->attributes[i];
        if (span_is(a->name, "style"))
            add_style(out, a->value);
        else
            add_attribute(out, a->name, a->value);
    }
    if (span_is(tag->name, "svg") && !tag->closing)
        text_add(out, " fill=\"none\" stroke-linejoin=\"round\""); /* as the pen has it */
    text_add(out, tag->empty ? "/>" : ">");
}

/* A line of text is a group of glyphs; two lines of one color that follow one another need one group. */
typedef struct {
    size_t open, open_length; /* in the output: the last opening tag of a group */
    bool only_uses;           /* nothing but glyphs since then */
    size_t closed;            /* where the output ended behind its closing tag; 0: not closed */
} group_t;

static void add_grouped(text_t *out, const tag_t *tag, span_t glyph, group_t *group)
{
    bool is_group = span_is(tag->name, "g");
    size_t before = out->length;
    add_tag(out, tag, glyph);
    if (out->failed) return;
    size_t wrote = out->length - before;
    if (is_group && !tag->closing) {
        bool same = group->closed == before && group->open_length == wrote &&
                    memcmp(out->data + group->open, out->data + before, wrote) == 0;
        if (same) {
            out->length = before - strlen("</g>");
            out->data[out->length] = '\0';
        } else {
            group->open = before;
            group->open_length = wrote;
        }
        group->only_uses = true;
        group->closed = 0;
    } else if (is_group) {
        group->closed = group->only_uses ? out->length : 0;
        group->only_uses = false;
    } else if (!span_is(tag->name, "use")) {
        group->only_uses = false;
    }
}

static span_t tag_value(const tag_t *tag, const char *name)
{
    for (int i = 0; i < tag->count; i++)
        if (span_is(tag->attributes[i].name, name)) return tag->attributes[i].value;
    return (span_t){NULL, 0};
}

/* Spaces are glyphs without an outline: they are left out, and so are their uses. */
typedef struct {
    span_t names[SVG_MAX_BLANKS];
    int count;
} blanks_t;

static bool is_blank(blanks_t *blanks, const tag_t *tag, span_t glyph)
{
    if (glyph.length && span_is(tag->name, "path") && tag_value(tag, "d").length == 0 &&
        blanks->count < SVG_MAX_BLANKS) {
        blanks->names[blanks->count++] = glyph;
        return true;
    }
    if (!span_is(tag->name, "use")) return false;
    span_t to = tag_value(tag, "xlink:href");
    for (int i = 0; i < blanks->count; i++)
        if (to.length == blanks->names[i].length + 1 &&
            memcmp(to.at + 1, blanks->names[i].at, blanks->names[i].length) == 0)
            return true;
    return false;
}

void svg_tidy(text_t *out, const char *svg, size_t length)
{
    const char *p = svg, *end = svg + length;
    group_t group = {0};
    blanks_t blanks = {.count = 0};
    span_t glyph = {NULL, 0}; /* the id of a <symbol>, given to the path in it */
    while (p < end) {
        const char *open = memchr(p, '<', (size_t)(end - p));
        if (!open) return;
        const char *close = memchr(open, '>', (size_t)(end - open));
        if (!close) return;
        p = close + 1;
        tag_t tag;
        if (open[1] == '?' || open[1] == '!') continue;
        if (!read_tag(&tag, open + 1, close)) {
            text_add_n(out, open, (size_t)(p - open));
        } else if (span_is(tag.name, "symbol")) {
            if (!tag.closing) glyph = tag_value(&tag, "id");
        } else {
            bool path = span_is(tag.name, "path");
            if (!is_blank(&blanks, &tag, glyph)) add_grouped(out, &tag, path ? glyph : (span_t){NULL, 0}, &group);
            if (path) glyph = (span_t){NULL, 0};
        }
    }
}
