/* Readers of form bodies, queries, paths and cookies: see params.h.
 *
 * One pass splits, a second decodes into the arena. Nothing here guesses: what is not well-formed is
 * refused with a sentence, so two readers of the same bytes cannot understand different things. */
#include "web/params.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Percent-decodes into the arena; refuses bad escapes, zero bytes and bad UTF-8. */
static char *decode(arena_t *arena, const char *raw, size_t length, bool plus_is_space, err_t *err)
{
    char *out = arena_alloc(arena, length + 1);
    if (out == NULL) {
        err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
        return NULL;
    }
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = raw[i];
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            int a = i + 1 < length ? hex(raw[i + 1]) : -1;
            int b = i + 2 < length ? hex(raw[i + 2]) : -1;
            if (a < 0 || b < 0) {
                err_set(err, ERR_INPUT, "A percent sign in the request is not followed by two hexadecimal digits.");
                return NULL;
            }
            c = (char)(a * 16 + b);
            i += 2;
        }
        if (c == '\0') {
            err_set(err, ERR_INPUT, "The request holds a zero byte.");
            return NULL;
        }
        out[n++] = c;
    }
    if (!text_is_utf8(out, n)) {
        err_set(err, ERR_INPUT, "The request holds text that is not UTF-8.");
        return NULL;
    }
    out[n] = '\0';
    return out;
}

static size_t count_of(const char *bytes, size_t length, char wanted)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += bytes[i] == wanted;
    return n;
}

bool params_parse(params_t *params, arena_t *arena, const char *bytes, size_t length, size_t max, err_t *err)
{
    *params = (params_t){0};
    if (length == 0) return true;
    size_t most = count_of(bytes, length, '&') + 1;
    if (most > max) most = max;
    if (most > 0) params->items = arena_array(arena, most, sizeof *params->items);
    if (most > 0 && params->items == NULL)
        return err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
    const char *end = bytes + length;
    while (bytes < end) {
        const char *stop = memchr(bytes, '&', (size_t)(end - bytes));
        if (stop == NULL) stop = end;
        if (stop > bytes) { /* "a=1&&b=2": an empty part is no pair */
            if (params->count == max) return err_set(err, ERR_LIMIT, "The request has more than %zu fields.", max);
            const char *equals = memchr(bytes, '=', (size_t)(stop - bytes));
            const char *name_end = equals == NULL ? stop : equals;
            const char *value = equals == NULL ? stop : equals + 1;
            param_t *p = &params->items[params->count];
            p->name = decode(arena, bytes, (size_t)(name_end - bytes), true, err);
            if (p->name == NULL) return false;
            p->value = decode(arena, value, (size_t)(stop - value), true, err);
            if (p->value == NULL) return false;
            params->count++;
        }
        bytes = stop < end ? stop + 1 : end;
    }
    return true;
}

static bool is_token(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c <= ' ' || c >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", c) != NULL) return false;
    }
    return n > 0;
}

bool params_cookies(params_t *params, arena_t *arena, const char *header, size_t max, err_t *err)
{
    *params = (params_t){0};
    if (header == NULL || *header == '\0') return true;
    size_t most = count_of(header, strlen(header), ';') + 1;
    if (most > max) most = max;
    params->items = arena_array(arena, most, sizeof *params->items);
    if (params->items == NULL)
        return err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
    for (const char *p = header; *p != '\0';) {
        size_t n = strcspn(p, ";");
        const char *from = p, *stop = p + n;
        p = *stop == ';' ? stop + 1 : stop;
        while (from < stop && (*from == ' ' || *from == '\t')) from++;
        while (stop > from && (stop[-1] == ' ' || stop[-1] == '\t')) stop--;
        const char *equals = memchr(from, '=', (size_t)(stop - from));
        if (equals == NULL || !is_token(from, (size_t)(equals - from))) continue;
        if (params->count == most) return err_set(err, ERR_LIMIT, "The request has more than %zu cookies.", max);
        param_t *c = &params->items[params->count];
        c->name = arena_text(arena, from, (size_t)(equals - from));
        c->value = arena_text(arena, equals + 1, (size_t)(stop - equals - 1));
        if (c->name == NULL || c->value == NULL)
            return err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
        if (text_is_utf8(c->value, strlen(c->value))) params->count++;
    }
    return true;
}

const char *params_nth(const params_t *params, const char *name, size_t n)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->items[i].name, name) == 0 && n-- == 0) return params->items[i].value;
    return NULL;
}

const char *params_get(const params_t *params, const char *name)
{
    return params_nth(params, name, 0);
}

static bool has_control(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7f) return true;
    return false;
}

static char *decode_path(arena_t *arena, const char *raw, size_t length, err_t *err)
{
    char *path = decode(arena, raw, length, false, err);
    if (path != NULL && has_control(path)) {
        err_set(err, ERR_INPUT, "The address holds a control character.");
        return NULL;
    }
    return path;
}

char *path_decode(arena_t *arena, const char *raw, size_t length, err_t *err)
{
    if (length == 0 || raw[0] != '/') {
        err_set(err, ERR_INPUT, "The address must start with '/'.");
        return NULL;
    }
    return decode_path(arena, raw, length, err);
}

bool path_split(arena_t *arena, const char *raw, size_t length, const char **parts, size_t max, size_t *count,
                err_t *err)
{
    *count = 0;
    const char *p = raw, *end = raw + length;
    if (p < end && *p == '/') p++;
    while (p < end) {
        const char *stop = memchr(p, '/', (size_t)(end - p));
        if (stop == NULL) stop = end;
        if (*count < max) {
            parts[*count] = decode_path(arena, p, (size_t)(stop - p), err);
            if (parts[*count] == NULL) return false;
        }
        ++*count;
        if (stop == end) return true;
        p = stop + 1;
    }
    return true;
}

/* The weight of "gzip;q=0.5" is zero only when every digit of it is. */
static bool weight_is_zero(const char *p, const char *end)
{
    while (p < end && *p != ';') p++;
    while (p < end && (*p == ';' || *p == ' ' || *p == '\t')) p++;
    if (end - p < 3 || (*p != 'q' && *p != 'Q') || p[1] != '=') return false;
    for (p += 2; p < end; p++)
        if (*p >= '1' && *p <= '9') return false;
    return true;
}

bool accepts_encoding(const char *header, const char *coding)
{
    if (header == NULL) return false;
    size_t n = strlen(coding);
    for (const char *p = header; *p != '\0';) {
        p += strspn(p, ", \t");
        const char *end = p + strcspn(p, ",");
        size_t name = strcspn(p, ",; \t");
        if (name == n && strncasecmp(p, coding, n) == 0) return !weight_is_zero(p, end);
        p = end;
    }
    return false;
}
