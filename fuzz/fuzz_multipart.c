/* A form with a file, as strangers send it: the first line is the Content-Type, the rest is the body. */
#include "base/text.h"
#include "web/multipart.h"
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const params_t *form, const upload_t *file, const char *body, size_t length)
{
    size_t text = 0;
    if (form->count > WEB_PARAMS_MAX) abort();
    for (size_t i = 0; i < form->count; i++) {
        text += strlen(form->items[i].value);
        if (!text_is_utf8(form->items[i].name, strlen(form->items[i].name)) ||
            !text_is_utf8(form->items[i].value, strlen(form->items[i].value)))
            abort();
    }
    if (text > WEB_UPLOAD_TEXT_MAX) abort();
    if (file->field == NULL) return;
    if (file->bytes < body || file->length > length || file->bytes + file->length > body + length) abort();
    if (strpbrk(file->name, "/\\\r\n\"") != NULL || strlen(file->name) > MULTIPART_FILE_NAME_MAX) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(WEB_ARENA_MAX);
    const char *bytes = (const char *)data;
    const char *line = memchr(bytes, '\n', size);
    size_t first = line == NULL ? size : (size_t)(line - bytes);
    if (arena == NULL) return 0;
    char *type = arena_text(arena, bytes, first);
    err_t err = {0};
    const char *boundary = type == NULL ? NULL : multipart_boundary(arena, type, &err);
    const char *body = line == NULL ? bytes + size : line + 1;
    size_t length = (size_t)(bytes + size - body);
    params_t form;
    upload_t file;
    if (boundary != NULL &&
        multipart_parse(&form, &file, arena, boundary, body, length, WEB_PARAMS_MAX, WEB_UPLOAD_TEXT_MAX, &err))
        check(&form, &file, body, length);
    else if (err.text[0] == '\0')
        abort();
    arena_free(arena);
    return 0;
}
