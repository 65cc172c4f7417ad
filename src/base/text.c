/* See text.h. Numbers are written by hand: no locale, the same bytes everywhere, and fast. */
#include "base/text.h"

#include "base/exact.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_FIRST = 256, NUMBER_MAX = 40 };

void text_init(text_t *text, size_t limit)
{
    *text = (text_t){.limit = limit};
}

void text_free(text_t *text)
{
    free(text->data);
    *text = (text_t){.limit = text->limit};
}

void text_clear(text_t *text)
{
    text->length = 0;
    text->failed = false;
    if (text->data) text->data[0] = '\0';
}

static bool text_room(text_t *text, size_t more)
{
    if (text->failed) return false;
    if (more > text->limit || text->length > text->limit - more) {
        text->failed = true;
        return false;
    }
    size_t need = text->length + more + 1;
    if (need <= text->capacity) return true;
    size_t capacity = text->capacity ? text->capacity : TEXT_FIRST;
    while (capacity < need) capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_add_n(text_t *text, const char *bytes, size_t length)
{
    if (!text_room(text, length)) return;
    if (length) memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add(text_t *text, const char *string)
{
    if (string) text_add_n(text, string, strlen(string));
}

void text_add_char(text_t *text, char c)
{
    text_add_n(text, &c, 1);
}

void text_addf(text_t *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) text->failed = true;
    if (length >= 0 && text_room(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void text_add_html(text_t *text, const char *string)
{
    if (!string) return;
    const char *from = string;
    for (const char *c = string; *c; c++) {
        const char *entity = NULL;
        switch (*c) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        text_add_n(text, from, (size_t)(c - from));
        text_add(text, entity);
        from = c + 1;
    }
    text_add(text, from);
}

void text_add_json(text_t *text, const char *string)
{
    text_add_char(text, '"');
    for (const unsigned char *c = (const unsigned char *)(string ? string : ""); *c; c++) {
        if (*c == '"' || *c == '\\') {
            text_add_char(text, '\\');
            text_add_char(text, (char)*c);
        } else if (*c == '\n') {
            text_add(text, "\\n");
        } else if (*c < 0x20) {
            text_addf(text, "\\u%04x", *c);
        } else {
            text_add_char(text, (char)*c);
        }
    }
    text_add_char(text, '"');
}

void text_add_csv(text_t *text, const char *string)
{
    if (!string[strcspn(string, ",\"\r\n")]) {
        text_add(text, string);
        return;
    }
    text_add_char(text, '"');
    for (const char *c = string; *c; c++) {
        if (*c == '"') text_add_char(text, '"');
        text_add_char(text, *c);
    }
    text_add_char(text, '"');
}

static size_t write_digits(char *out, uint64_t value)
{
    char digits[24];
    size_t n = 0;
    do digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    for (size_t i = 0; i < n; i++) out[i] = digits[n - 1 - i];
    return n;
}

void text_add_int(text_t *text, int64_t value)
{
    char out[NUMBER_MAX];
    size_t n = 0;
    if (value < 0) out[n++] = '-';
    n += write_digits(out + n, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    text_add_n(text, out, n);
}

/* round(|value| * 10^decimals) as a whole number, then the point is put in. */
size_t text_fixed(char *out, double value, int decimals)
{
    static const double powers[10] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    static const uint64_t whole_powers[10] = {1,      10,      100,      1000,      10000,
                                              100000, 1000000, 10000000, 100000000, 1000000000};
    if (decimals < 0) decimals = 0;
    if (decimals > 9) decimals = 9;
    double magnitude = exact_abs(value);
    if (!(magnitude < 1e15) || magnitude * powers[decimals] > 9e18) {
        memcpy(out, "nan", 4);
        return 3;
    }
    /* the integer part apart, so that nothing is lost in the product */
    uint64_t whole = (uint64_t)magnitude;
    uint64_t part = (uint64_t)((magnitude - (double)whole) * powers[decimals] + 0.5);
    if (part >= whole_powers[decimals]) {
        part -= whole_powers[decimals];
        whole++;
    }
    size_t n = 0;
    if (value < 0 && (whole || part)) out[n++] = '-';
    n += write_digits(out + n, whole);
    if (decimals > 0) {
        out[n] = '.';
        for (int i = decimals; i > 0; i--) {
            out[n + (size_t)i] = (char)('0' + part % 10);
            part /= 10;
        }
        n += (size_t)decimals + 1;
    }
    out[n] = '\0';
    return n;
}

void text_add_fixed(text_t *text, double value, int decimals)
{
    char out[NUMBER_MAX];
    text_add_n(text, out, text_fixed(out, value, decimals));
}

bool text_to_int(const char *string, size_t length, int64_t *value)
{
    size_t i = 0;
    bool negative = false;
    if (length > 0 && (string[0] == '-' || string[0] == '+')) negative = string[i++] == '-';
    if (i == length || length - i > 18) return false;
    int64_t sum = 0;
    for (; i < length; i++) {
        if (string[i] < '0' || string[i] > '9') return false;
        sum = sum * 10 + (string[i] - '0');
    }
    *value = negative ? -sum : sum;
    return true;
}

/* Checks the form [+-]digits[.digits][e[+-]digits]; strtod does the correctly rounded reading. */
static bool is_number(const char *s, size_t n)
{
    size_t i = 0, digits = 0;
    if (i < n && (s[i] == '-' || s[i] == '+')) i++;
    for (; i < n && s[i] >= '0' && s[i] <= '9'; i++) digits++;
    if (i < n && s[i] == '.')
        for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++) digits++;
    if (digits == 0) return false;
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        size_t exponent = 0;
        i++;
        if (i < n && (s[i] == '-' || s[i] == '+')) i++;
        for (; i < n && s[i] >= '0' && s[i] <= '9'; i++) exponent++;
        if (exponent == 0) return false;
    }
    return i == n;
}

/* Up to 15 digits and a power of ten up to 22 are both exact, so one rounding gives the right double. */
static bool read_short(const char *s, size_t n, double *value)
{
    static const double powers[23] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t mantissa = 0;
    size_t digits = 0, decimals = 0, i = 0;
    bool negative = false, point = false;
    if (s[0] == '-' || s[0] == '+') negative = s[i++] == '-';
    for (; i < n; i++) {
        if (s[i] == '.') {
            point = true;
            continue;
        }
        if (s[i] < '0' || s[i] > '9' || ++digits > 15) return false;
        mantissa = mantissa * 10 + (s[i] - '0');
        decimals += point;
    }
    double result = (double)mantissa / powers[decimals];
    *value = negative ? -result : result;
    return true;
}

bool text_to_double(const char *string, size_t length, double *value)
{
    if (length == 0 || length > 60 || !is_number(string, length)) return false;
    if (read_short(string, length, value)) return true;
    char copy[64];
    memcpy(copy, string, length);
    copy[length] = '\0';
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale) return false;
    double result = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    if (result - result != 0) return false; /* too large */
    *value = result;
    return true;
}

bool text_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

void text_clock(char *out, int64_t seconds)
{
    int64_t minute = ((seconds % 86400) + 86400) % 86400 / 60;
    out[0] = (char)('0' + minute / 600);
    out[1] = (char)('0' + minute / 60 % 10);
    out[2] = ':';
    out[3] = (char)('0' + minute % 60 / 10);
    out[4] = (char)('0' + minute % 10);
    out[5] = '\0';
}

bool text_is_utf8(const char *string, size_t n)
{
    const unsigned char *s = (const unsigned char *)string;
    for (size_t i = 0; i < n;) {
        unsigned char c = s[i];
        size_t more = c < 0x80                ? 0
                      : c >= 0xc2 && c < 0xe0 ? 1
                      : c >= 0xe0 && c < 0xf0 ? 2
                      : c >= 0xf0 && c < 0xf5 ? 3
                                              : 9;
        if (more == 9 || n - i <= more) return false;
        for (size_t k = 1; k <= more; k++)
            if ((s[i + k] & 0xc0) != 0x80) return false;
        if ((c == 0xe0 && s[i + 1] < 0xa0) || (c == 0xed && s[i + 1] > 0x9f) || (c == 0xf0 && s[i + 1] < 0x90) ||
            (c == 0xf4 && s[i + 1] > 0x8f))
            return false;
        i += more + 1;
    }
    return true;
}
