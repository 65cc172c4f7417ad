/* Other people's formats of questions, read into one neutral form and written from it: CSV (this program's own
 * columns), GIFT and Moodle XML, the two that Moodle's question bank exports and imports.
 *
 * What is read comes from strangers: every size has a limit, nothing is fetched, no entity is expanded. A file that
 * cannot be read at all is an error; a question that cannot be read carries a sentence in `refused` and the others are
 * read all the same. What was read but not kept (pictures, partial credit) is a note of its question.
 *
 * What a format has no place for is put where it survives (tags, the identifier, the general feedback) and otherwise
 * told by the writer in `lost`, never silently dropped. */
#ifndef TITER_WIRE_WIRE_H
#define TITER_WIRE_WIRE_H

#include "base/base.h"

enum {
    WIRE_BYTES_MAX = 8 * 1024 * 1024,   /* of a file */
    WIRE_MEMORY_MAX = 64 * 1024 * 1024, /* of an arena that holds what a file of that size says */
    WIRE_QUESTIONS_MAX = 5000,
    WIRE_PARTS_MAX = 24, /* options, pairs, steps of one question */
    WIRE_TAGS_MAX = 32,
    WIRE_NOTES_MAX = 8,
    WIRE_TEXT_MAX = 16 * 1024, /* of one text, bytes */
    WIRE_TAG_BYTES = 50,       /* what Moodle keeps of a tag, characters */
};

typedef enum { WIRE_CSV, WIRE_GIFT, WIRE_MOODLE, WIRE_FORMATS } wire_format_t;

/* "csv", "gift", "moodle"; WIRE_FORMATS when it is none of them. */
wire_format_t wire_format(const char *word);
/* "items.csv", "items.txt" (GIFT), "items.xml": a name for a file of that format. */
const char *wire_file_name(wire_format_t format);
/* The format that the text looks like: XML begins with '<', a table with its heads, GIFT has braces. */
wire_format_t wire_guess(const char *bytes, size_t length);

typedef enum { WIRE_SINGLE, WIRE_SEVERAL, WIRE_ORDER, WIRE_MATCH, WIRE_NUMERIC, WIRE_OTHER } wire_kind_t;

/* What is known of a question beside its text. All of it travels as tags "area:chemistry" where a format has tags;
 * source and as_of end the general feedback, because they are longer than a tag may be. */
typedef enum {
    WIRE_LESSON,
    WIRE_AREA,
    WIRE_SUBAREA,
    WIRE_OBJECTIVE,
    WIRE_LEVEL,
    WIRE_DIFFICULTY,
    WIRE_DIFFICULTY_SD,
    WIRE_PROGRAMS, /* "MLA+MLT" */
    WIRE_VERSION,
    WIRE_STATE,
    WIRE_SOURCE,
    WIRE_AS_OF,
    WIRE_KEYS
} wire_key_t;

/* "area", "difficulty_sd", ...: as in tags and as columns of CSV. */
const char *wire_key_word(wire_key_t key);

/* What only this program's own table has a column for: a picture is drawn from these, other formats know none. */
typedef enum {
    WIRE_DRAW,
    WIRE_SEED,
    WIRE_DATA,
    WIRE_ALT,
    WIRE_COUNTS, /* of a number that is counted in the picture */
    WIRE_TIMES,
    WIRE_OWN
} wire_own_t;

/* An option, a step, a pair, or a number. No text is NULL. */
typedef struct {
    const char *text;     /* option, step, left of a pair; number: as it was written */
    const char *right;    /* pair: what belongs to it */
    const char *feedback; /* why it is right or wrong */
    double percent;       /* option, number: of the credit, -100 to 100 */
} wire_part_t;

typedef struct {
    int number, line; /* of the question in its file, from 1; of where it begins */
    wire_kind_t kind; /* WIRE_OTHER: `refused` says what it is */
    const char *id, *title, *category, *stem;
    const char *why; /* general feedback, without what is told by `fact` and by parts */
    const char *fact[WIRE_KEYS];
    const char *own[WIRE_OWN];
    const char *type; /* of the table: "hotspot" and "next" are singles, "count" is a number; "" for the others */
    const char *value, *tolerance, *unit, *decimals; /* numeric: text of numbers */
    int parts;                                       /* numeric: wrong numbers that people arrive at */
    wire_part_t part[WIRE_PARTS_MAX];
    int tags;
    const char *tag[WIRE_TAGS_MAX]; /* other than facts */
    const char *refused;            /* why it cannot be read, and what to do; NULL: it was read */
    int notes;
    const char *note[WIRE_NOTES_MAX]; /* what was left out or changed */
} wire_question_t;

typedef struct {
    wire_question_t **question;
    int count;
    const char *note; /* of the file as a whole; NULL */
} wire_t;

/* An empty question: no text is NULL, all facts "". */
void wire_question_init(wire_question_t *question);

/* Reads a whole file into `arena`; `file` is its name in messages. False when it cannot be read at all: too large, not
 * text, not of this format; the sentence names file and line and says what to do. */
bool wire_read(wire_t *wire, arena_t *arena, wire_format_t format, const char *file, const char *bytes, size_t length,
               err_t *err);

/* Appends a whole file of these questions; `lost` gets a line for everything that did not find a place. Questions of
 * WIRE_OTHER are told there. */
void wire_write(wire_format_t format, const wire_question_t *const *questions, int count, text_t *out, text_t *lost);

#endif
