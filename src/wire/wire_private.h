/* What the readers and writers of this room share. */
#ifndef TITER_WIRE_WIRE_PRIVATE_H
#define TITER_WIRE_WIRE_PRIVATE_H

#include "wire/wire.h"

/* How the text of a question is marked up, in the order of Moodle's own names for it. */
typedef enum { MARKUP_PLAIN, MARKUP_HTML, MARKUP_MOODLE, MARKUP_MARKDOWN } markup_t;

typedef struct {
    wire_t *wire;
    arena_t *arena;
    const char *file;
    bool full; /* memory is out */
} wire_reading_t;

/* ---- reading (wire.c) ---- */

/* The next question, which begins at `line`; NULL when there are too many or memory is out. */
wire_question_t *wire_add(wire_reading_t *in, int line);
/* Formats a sentence into the arena; "" when memory is out. */
const char *wire_say(wire_reading_t *in, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a note, once. */
void wire_note(wire_question_t *q, const char *text);
/* Copies `length` bytes; too long or out of memory: "" and the question is refused. */
const char *wire_copy(wire_reading_t *in, wire_question_t *q, const char *bytes, size_t length);
/* A text as people read it: markup taken off, control characters out, ends trimmed. Pictures, tables and formulas that
 * go with it become notes. */
const char *wire_plain(wire_reading_t *in, wire_question_t *q, markup_t markup, const char *bytes, size_t length);
/* Room for another part, or NULL and the question is refused. */
wire_part_t *wire_part(wire_reading_t *in, wire_question_t *q);
/* A tag: "area:chemistry" becomes a fact, anything else is kept as it is. */
void wire_tag(wire_question_t *q, const char *tag);
/* Takes the general feedback apart: reasons of parts that have no feedback of their own, the source, the rest. */
void wire_split(wire_reading_t *in, wire_question_t *q, const char *feedback);
/* A number (a decimal point; a comma in its place is taken as one): its text as written, or NULL. */
const char *wire_number(wire_reading_t *in, const char *text);
/* Decimals of the right number, when nothing said how many; and what only then can be judged. */
void wire_finish(wire_reading_t *in, wire_question_t *q);

/* ---- writing ---- */

/* Appends the general feedback: why, the reasons of parts when `parts`, source and date. */
void wire_join(const wire_question_t *q, bool parts, text_t *out);
/* Calls for each tag of the question: facts that travel as tags, unit and decimals when asked for, the tags it has. */
typedef void (*wire_tag_fn)(void *context, const char *tag);
void wire_each_tag(const wire_question_t *q, bool unit, wire_tag_fn each, void *context);
/* "L52-01: ..." */
void wire_lose(text_t *lost, const wire_question_t *q, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Percent with five decimals as Moodle has them: "33.33333", "100". */
void wire_add_percent(text_t *out, double percent);
/* What stands before the path of a category: the top of a course, unless the path says whose it is. */
const char *wire_category_root(const char *category);
/* Options that are numbers keep their order. */
bool wire_is_shuffled(const wire_question_t *q);
/* Reports what none of the formats of Moodle can hold. */
void wire_check_loss(const wire_question_t *q, text_t *lost);

bool wire_csv_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err);
bool wire_gift_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err);
bool wire_moodle_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err);
void wire_csv_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost);
void wire_gift_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost);
void wire_moodle_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost);

#endif
