/* Text: a growing buffer, and small exact readers and writers of numbers.
 * A buffer that reaches its limit or runs out of memory stops growing and
 * remembers it in `failed`; check once at the end. */
#ifndef TITER_BASE_TEXT_H
#define TITER_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *data; /* zero-terminated whenever data is not NULL */
    size_t length;
    size_t capacity;
    size_t limit;
    bool failed;
} text_t;

void text_init(text_t *text, size_t limit);
void text_free(text_t *text);
void text_clear(text_t *text);
void text_add(text_t *text, const char *string);
void text_add_n(text_t *text, const char *bytes, size_t length);
void text_add_char(text_t *text, char c);
void text_addf(text_t *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Escapes & < > " ' for HTML text and attribute values. */
void text_add_html(text_t *text, const char *string);
/* A JSON string with its quotes. */
void text_add_json(text_t *text, const char *string);
/* A CSV field, quoted where it must be (RFC 4180). */
void text_add_csv(text_t *text, const char *string);
void text_add_int(text_t *text, int64_t value);
/* Fixed-point decimal, rounded half away from zero, 0..9 decimals, never "-0", |value| < 1e15;
 * "nan" otherwise. The same bytes on every machine; no locale. */
void text_add_fixed(text_t *text, double value, int decimals);

/* Writes a fixed-point decimal to `out` (at least 32 bytes) and returns its length. */
size_t text_fixed(char *out, double value, int decimals);
/* Strict readers: the whole of [string, string+length) must be one number. No locale. */
bool text_to_int(const char *string, size_t length, int64_t *value);
bool text_to_double(const char *string, size_t length, double *value);
/* Whether all of it is well-formed UTF-8: no overlong forms, surrogates or code points above U+10FFFF. */
bool text_is_utf8(const char *string, size_t length);
bool text_equal(const char *a, const char *b);
/* The hour and minute of a second of the day, "HH:MM", into `out` (at least 6 bytes). */
void text_clock(char *out, int64_t seconds);

#endif
