/* Data of pictures and bench screens from strangers: the first byte picks the kind, the rest is its data. What is
 * accepted can be drawn and said in words. */
#include "app/pictures.h"
#include "base/content.h"
#include "lab/lab.h"

#include <stdlib.h>
#include <string.h>

/* fontconfig keeps what it read of the fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"lj",
                                        "youden",
                                        "temperature",
                                        "trend",
                                        "histogram",
                                        "scatter",
                                        "film",
                                        "chamber",
                                        "clot-curve",
                                        "mixing",
                                        "dilutions",
                                        "tube",
                                        "bench-chemistry",
                                        "bench-hematology",
                                        "bench-reception"};
    static lab_t *lab;
    char text[ITEM_DATA_MAX + 1];
    err_t err;
    int line = 0, count = 0;
    picture_source_t source;
    if (!lab && !lab_open(&lab, content_source(), &err)) abort();
    if (size < 1 || size > ITEM_DATA_MAX) return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    item_t item = {.id = "x", .picture = {kinds[data[0] % (sizeof kinds / sizeof *kinds)], data[0], text, ""}};
    app_picture_source(lab, &source);
    if (!source.check(source.self, &item.picture, &line, &err)) {
        if (!err.text[0] || line < 0) abort();
        return 0;
    }
    arena_t *arena = arena_new(8 << 20);
    app_exhibit_t *seen = arena_alloc(arena, sizeof *seen);
    if (!seen || !app_exhibit_of(lab, &item, NULL, arena, seen, &err) || !seen->there) abort();
    source.count(source.self, &item.picture, "by the border rule", &count, &err);
    if (seen->drawn) {
        text_t svg;
        text_init(&svg, 16 << 20);
        if (!app_exhibit_draw(lab, &item, false, &svg, &err)) abort();
        text_free(&svg);
    }
    arena_free(arena);
    return 0;
}
