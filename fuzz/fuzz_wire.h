/* What the targets of src/wire do with a file. */
#ifndef TITER_FUZZ_WIRE_H
#define TITER_FUZZ_WIRE_H

#include "wire/wire.h"

#include <stdlib.h>
#include <string.h>

enum { FUZZ_WIRE_OUT = 4 * 1024 * 1024 };

/* No text of a question may be NULL, too long or hold control characters other than a line break. */
static inline void fuzz_wire_text(const char *text)
{
    if (!text || strlen(text) > WIRE_TEXT_MAX) abort();
    for (const char *c = text; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f) abort();
    if (!text_is_utf8(text, strlen(text))) abort();
}

static inline void fuzz_wire_question(const wire_question_t *q)
{
    fuzz_wire_text(q->id);
    fuzz_wire_text(q->title);
    fuzz_wire_text(q->stem);
    fuzz_wire_text(q->why);
    for (int i = 0; i < WIRE_KEYS; i++) fuzz_wire_text(q->fact[i]);
    if (q->parts > WIRE_PARTS_MAX || q->tags > WIRE_TAGS_MAX || q->notes > WIRE_NOTES_MAX) abort();
    for (int i = 0; i < q->parts; i++) {
        fuzz_wire_text(q->part[i].text);
        fuzz_wire_text(q->part[i].right);
        fuzz_wire_text(q->part[i].feedback);
        if (!(q->part[i].percent >= -100 && q->part[i].percent <= 100)) abort();
    }
    if (q->kind == WIRE_OTHER && !q->refused) abort();
}

static inline void fuzz_wire(wire_format_t format, const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(WIRE_MEMORY_MAX), *back = arena_new(WIRE_MEMORY_MAX);
    wire_t wire, again;
    err_t err = {0};
    wire_guess((const char *)data, size);
    if (wire_read(&wire, arena, format, "fuzz", (const char *)data, size, &err)) {
        int good = 0;
        for (int i = 0; i < wire.count; i++) {
            fuzz_wire_question(wire.question[i]);
            if (!wire.question[i]->refused) wire.question[good++] = wire.question[i];
        }
        for (int to = 0; to < WIRE_FORMATS && good; to++) {
            text_t out, lost;
            text_init(&out, FUZZ_WIRE_OUT);
            text_init(&lost, FUZZ_WIRE_OUT);
            wire_write((wire_format_t)to, (const wire_question_t *const *)wire.question, good, &out, &lost);
            arena_reset(back);
            if (!out.failed && (!wire_read(&again, back, (wire_format_t)to, "again", out.data, out.length, &err) ||
                                again.count != good))
                abort(); /* what was written is a file of that many questions */
            text_free(&out);
            text_free(&lost);
        }
    } else if (!err.text[0]) {
        abort();
    }
    arena_free(back);
    arena_free(arena);
}

#endif
