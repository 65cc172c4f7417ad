/* Form bodies: whatever the bytes, they are read within the limits or refused; what is read is valid
 * UTF-8, and writing it out again and reading that gives the same pairs. */
#include "base/text.h"
#include "web/params.h"
#include "web/template.h"
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(WEB_ARENA_MAX);
    params_t params, again;
    text_t text;
    text_init(&text, 8 * 1024 * 1024);
    err_t err = {0};
    if (arena != NULL && params_parse(&params, arena, (const char *)data, size, WEB_PARAMS_MAX, &err)) {
        check(params.count <= WEB_PARAMS_MAX);
        for (size_t i = 0; i < params.count; i++) {
            const param_t *p = &params.items[i];
            check(text_is_utf8(p->name, strlen(p->name)) && text_is_utf8(p->value, strlen(p->value)));
            check(params_get(&params, p->name) != NULL);
            template_url(&text, p->name);
            text_add_char(&text, '=');
            template_url(&text, p->value);
            text_add_char(&text, '&');
        }
        if (!text.failed && params_parse(&again, arena, text.data, text.length, WEB_PARAMS_MAX, &err)) {
            check(again.count == params.count);
            for (size_t i = 0; i < params.count; i++) {
                check(strcmp(again.items[i].name, params.items[i].name) == 0);
                check(strcmp(again.items[i].value, params.items[i].value) == 0);
            }
        } else {
            check(err.code == ERR_MEMORY || text.failed);
        }
    } else {
        check(arena == NULL || err.text[0] != '\0');
    }
    text_free(&text);
    arena_free(arena);
    return 0;
}
