/* The rest of a request that strangers write: target (path and query), cookies, Accept-Encoding.
 * The input is split at line breaks into these parts. */
#include "base/text.h"
#include "web/params.h"
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_target(arena_t *arena, const char *target, size_t length)
{
    const char *mark = memchr(target, '?', length);
    size_t path_length = mark == NULL ? length : (size_t)(mark - target);
    err_t err = {0};
    const char *path = path_decode(arena, target, path_length, &err);
    if (path != NULL) {
        if (path[0] != '/' || !text_is_utf8(path, strlen(path))) abort();
        for (const char *p = path; *p != '\0'; p++)
            if ((unsigned char)*p < ' ' || *p == 0x7f) abort();
    } else if (err.text[0] == '\0') {
        abort();
    }
    const char *parts[WEB_SEGMENTS_MAX];
    size_t count;
    bool split = path_split(arena, target, path_length, parts, WEB_SEGMENTS_MAX, &count, &err);
    for (size_t i = 0; split && i < count && i < WEB_SEGMENTS_MAX; i++)
        if (!text_is_utf8(parts[i], strlen(parts[i]))) abort();
    params_t query;
    if (mark != NULL) params_parse(&query, arena, mark + 1, length - path_length - 1, WEB_PARAMS_MAX, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(WEB_ARENA_MAX);
    const char *bytes = (const char *)data;
    const char *line = memchr(bytes, '\n', size);
    size_t first = line == NULL ? size : (size_t)(line - bytes);
    if (arena == NULL) return 0;
    read_target(arena, bytes, first);
    char *rest = first < size ? arena_text(arena, bytes + first + 1, size - first - 1) : NULL;
    if (rest != NULL) {
        char *accept = strchr(rest, '\n');
        if (accept != NULL) *accept++ = '\0';
        params_t cookies;
        err_t err;
        if (params_cookies(&cookies, arena, rest, WEB_COOKIES_MAX, &err) && cookies.count > WEB_COOKIES_MAX) abort();
        accepts_encoding(accept, "gzip");
        accepts_encoding(accept, "br");
    }
    arena_free(arena);
    return 0;
}
