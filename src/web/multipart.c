/* Forms with a file: see multipart.h.
 *
 *   --BOUNDARY CRLF  headers CRLF CRLF  content CRLF  --BOUNDARY CRLF ...  --BOUNDARY-- [CRLF] */
#include "web/multipart.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct {
    const char *at, *end;
    char delimiter[MULTIPART_BOUNDARY_MAX + 5]; /* CRLF, two dashes, the boundary */
    size_t delimiter_length;
    size_t text_left;
    params_t *params;
    size_t max;
    upload_t *upload;
    arena_t *arena;
} reader_t;

typedef struct {
    const char *name, *file_name; /* file_name NULL: a field */
} disposition_t;

static bool broken(err_t *err)
{
    return err_set(err, ERR_INPUT,
                   "The form with the file arrived broken. Go back, choose the file and send it again.");
}

static bool starts(const char *at, const char *end, const char *text, size_t length)
{
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

/* ---- the boundary ---- */

const char *multipart_boundary(arena_t *arena, const char *type, err_t *err)
{
    static const char form[] = "multipart/form-data", key[] = "boundary=";
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=?"; /* without the space */
    const char *at = type + (sizeof form - 1);
    if (strncasecmp(type, form, sizeof form - 1) != 0) {
        broken(err);
        return NULL;
    }
    at += strspn(at, " ");
    at += *at == ';';
    at += strspn(at, " ");
    bool keyed = strncasecmp(at, key, sizeof key - 1) == 0;
    if (keyed) at += sizeof key - 1;
    bool quoted = keyed && *at == '"';
    at += quoted;
    size_t n = strspn(at, allowed);
    bool ends = quoted ? strcmp(at + n, "\"") == 0 : at[n] == '\0';
    char *boundary = keyed && ends && n > 0 && n <= MULTIPART_BOUNDARY_MAX ? arena_text(arena, at, n) : NULL;
    if (boundary == NULL) broken(err);
    return boundary;
}

/* ---- the head of a part ---- */

/* A quoted value, as browsers write it: a quote inside is %22, line breaks are %0D and %0A; nothing else is escaped. */
static const char *quoted(arena_t *arena, const char **at, const char *end)
{
    const char *from = *at;
    if (from == end || *from != '"') return NULL;
    const char *close = memchr(from + 1, '"', (size_t)(end - from - 1));
    if (close == NULL) return NULL;
    size_t n = (size_t)(close - from - 1);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)from[1 + i] < 0x20 || from[1 + i] == 0x7f) return NULL;
    *at = close + 1;
    return text_is_utf8(from + 1, n) ? arena_text(arena, from + 1, n) : NULL;
}

static const char *without_folders(const char *name)
{
    const char *base = name;
    for (const char *c = name; *c; c++)
        if (*c == '/' || *c == '\\') base = c + 1;
    return base;
}

/* "form-data; name="a"; filename="b"" */
static bool read_disposition(arena_t *arena, const char *at, const char *end, disposition_t *d)
{
    static const char kind[] = "form-data";
    if ((size_t)(end - at) < sizeof kind - 1 || strncasecmp(at, kind, sizeof kind - 1) != 0) return false;
    at += sizeof kind - 1;
    while (at < end) {
        if (*at++ != ';') return false;
        while (at < end && *at == ' ') at++;
        bool is_name = starts(at, end, "name=", 5), is_file = starts(at, end, "filename=", 9);
        if (!is_name && !is_file) return false;
        at += is_name ? 5 : 9;
        const char *value = quoted(arena, &at, end), **to = is_name ? &d->name : &d->file_name;
        if (value == NULL || *to != NULL) return false;
        *to = is_name ? value : without_folders(value);
    }
    return d->name != NULL && (d->file_name == NULL || strlen(d->file_name) <= MULTIPART_FILE_NAME_MAX);
}

/* Header lines up to the empty one; only Content-Disposition says anything here. */
static bool read_head(reader_t *r, disposition_t *d)
{
    static const char name[] = "Content-Disposition:";
    size_t room = (size_t)(r->end - r->at);
    if (room > MULTIPART_HEAD_MAX) room = MULTIPART_HEAD_MAX;
    const char *stop = memmem(r->at, room, "\r\n\r\n", 4);
    if (stop == NULL) return false;
    bool seen = false;
    for (const char *line = r->at; line < stop + 2;) {
        const char *end = memmem(line, (size_t)(stop + 2 - line), "\r\n", 2);
        if (end == NULL) return false;
        if ((size_t)(end - line) >= sizeof name - 1 && strncasecmp(line, name, sizeof name - 1) == 0) {
            const char *value = line + sizeof name - 1;
            while (value < end && *value == ' ') value++;
            if (seen || !read_disposition(r->arena, value, end, d)) return false;
            seen = true;
        }
        line = end + 2;
    }
    r->at = stop + 4;
    return seen;
}

/* ---- parts ---- */

static bool add_field(reader_t *r, const char *name, const char *from, size_t length, err_t *err)
{
    if (r->params->count == r->max) return err_set(err, ERR_LIMIT, "The form has more than %zu fields.", r->max);
    if (length > r->text_left) return err_set(err, ERR_LIMIT, "The texts of this form are too long: shorten them.");
    r->text_left -= length;
    if (memchr(from, '\0', length) != NULL || !text_is_utf8(from, length))
        return err_set(err, ERR_INPUT, "The form holds text that is not UTF-8.");
    const char *value = arena_text(r->arena, from, length);
    if (value == NULL) return err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
    r->params->items[r->params->count++] = (param_t){name, value};
    return true;
}

static bool read_part(reader_t *r, err_t *err)
{
    disposition_t d = {0};
    if (!read_head(r, &d)) return broken(err);
    const char *from = r->at;
    const char *stop = memmem(from, (size_t)(r->end - from), r->delimiter, r->delimiter_length);
    if (stop == NULL) return broken(err);
    size_t length = (size_t)(stop - from);
    r->at = stop + r->delimiter_length;
    if (d.file_name == NULL) return add_field(r, d.name, from, length, err);
    if (r->upload->field != NULL) return err_set(err, ERR_INPUT, "Send one file at a time.");
    *r->upload = (upload_t){.field = d.name, .name = d.file_name, .bytes = from, .length = length};
    return true;
}

bool multipart_parse(params_t *params, upload_t *upload, arena_t *arena, const char *boundary, const char *bytes,
                     size_t length, size_t max, size_t text_max, err_t *err)
{
    *params = (params_t){0};
    *upload = (upload_t){0};
    reader_t r = {.at = bytes,
                  .end = bytes + length,
                  .text_left = text_max,
                  .params = params,
                  .max = max,
                  .upload = upload,
                  .arena = arena};
    int n = snprintf(r.delimiter, sizeof r.delimiter, "\r\n--%s", boundary);
    if (n < 5 || (size_t)n >= sizeof r.delimiter) return broken(err);
    r.delimiter_length = (size_t)n;
    params->items = arena_array(arena, max, sizeof *params->items);
    if (params->items == NULL)
        return err_set(err, ERR_MEMORY, "The request needs more memory than one request may have.");
    if (!starts(r.at, r.end, r.delimiter + 2, r.delimiter_length - 2)) return broken(err);
    r.at += r.delimiter_length - 2;
    while (starts(r.at, r.end, "\r\n", 2)) {
        r.at += 2;
        if (!read_part(&r, err)) return false;
    }
    bool ends = starts(r.at, r.end, "--", 2);
    if (ends) r.at += 2;
    if (ends && starts(r.at, r.end, "\r\n", 2)) r.at += 2;
    return (ends && r.at == r.end) || broken(err);
}
