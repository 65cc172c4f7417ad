/* The room's front: formats by name, the checks that every file meets first, and what readers and writers share. */
#include "wire_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const format_words[WIRE_FORMATS] = {"csv", "gift", "moodle"};
static const char *const file_names[WIRE_FORMATS] = {"items.csv", "items.txt", "items.xml"};
static const char *const key_words[WIRE_KEYS] = {"lesson",  "area",       "subarea",       "objective",
                                                 "level",   "difficulty", "difficulty_sd", "programs",
                                                 "version", "state",      "source",        "as_of"};

wire_format_t wire_format(const char *word)
{
    int i = 0;
    while (i < WIRE_FORMATS && strcmp(word, format_words[i]) != 0) i++;
    return (wire_format_t)i;
}

const char *wire_file_name(wire_format_t format)
{
    return file_names[format];
}

/* The head of a table names its stem between commas. */
static bool is_table(const char *line, size_t length)
{
    return !memchr(line, '{', length) && memchr(line, ',', length) && memmem(line, length, "stem", 4);
}

wire_format_t wire_guess(const char *bytes, size_t length)
{
    size_t i = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < length && strchr(" \t\r\n", bytes[i])) i++;
    if (i == length) return WIRE_CSV;
    if (bytes[i] == '<') return WIRE_MOODLE;
    const char *end = memchr(bytes + i, '\n', length - i);
    if (is_table(bytes + i, end ? (size_t)(end - bytes) - i : length - i)) return WIRE_CSV;
    return memchr(bytes, '{', length) && memchr(bytes, '}', length) ? WIRE_GIFT : WIRE_CSV;
}

const char *wire_key_word(wire_key_t key)
{
    return key_words[key];
}

void wire_question_init(wire_question_t *q)
{
    *q = (wire_question_t){.id = "",
                           .title = "",
                           .category = "",
                           .stem = "",
                           .why = "",
                           .type = "",
                           .value = "",
                           .tolerance = "",
                           .unit = "",
                           .decimals = ""};
    for (int i = 0; i < WIRE_KEYS; i++) q->fact[i] = "";
    for (int i = 0; i < WIRE_OWN; i++) q->own[i] = "";
    for (int i = 0; i < WIRE_PARTS_MAX; i++) q->part[i] = (wire_part_t){.text = "", .right = "", .feedback = ""};
}

/* ---- reading ---- */

wire_question_t *wire_add(wire_reading_t *in, int line)
{
    if (in->wire->count == WIRE_QUESTIONS_MAX) {
        in->wire->note = wire_say(in, "only the first %d questions were read; divide the file", WIRE_QUESTIONS_MAX);
        return NULL;
    }
    wire_question_t *q = arena_alloc(in->arena, sizeof *q);
    if (!q) {
        in->full = true;
        return NULL;
    }
    wire_question_init(q);
    q->line = line;
    in->wire->question[in->wire->count++] = q;
    q->number = in->wire->count;
    return q;
}

const char *wire_say(wire_reading_t *in, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *copy = arena_text(in->arena, text, strlen(text));
    in->full = in->full || !copy;
    return copy ? copy : "";
}

void wire_note(wire_question_t *q, const char *text)
{
    for (int i = 0; i < q->notes; i++)
        if (strcmp(q->note[i], text) == 0) return;
    if (q->notes < WIRE_NOTES_MAX) q->note[q->notes++] = text;
}

const char *wire_copy(wire_reading_t *in, wire_question_t *q, const char *bytes, size_t length)
{
    if (length > WIRE_TEXT_MAX) {
        if (!q->refused)
            q->refused = wire_say(in, "one of its texts is longer than %d bytes; shorten it", (int)WIRE_TEXT_MAX);
        return "";
    }
    const char *copy = arena_text(in->arena, bytes, length);
    in->full = in->full || !copy;
    return copy ? copy : "";
}

wire_part_t *wire_part(wire_reading_t *in, wire_question_t *q)
{
    if (q->parts < WIRE_PARTS_MAX) return &q->part[q->parts++];
    if (!q->refused) q->refused = wire_say(in, "it has more than %d answers; leave some out", (int)WIRE_PARTS_MAX);
    return NULL;
}

void wire_tag(wire_question_t *q, const char *tag)
{
    const char *colon = strchr(tag, ':');
    size_t n = colon ? (size_t)(colon - tag) : 0;
    for (int i = 0; colon && i < WIRE_KEYS; i++)
        if (strlen(key_words[i]) == n && strncmp(tag, key_words[i], n) == 0) {
            q->fact[i] = colon + 1;
            return;
        }
    if (colon && n == 4 && strncmp(tag, "unit", n) == 0)
        q->unit = colon + 1;
    else if (colon && n == 8 && strncmp(tag, "decimals", n) == 0)
        q->decimals = colon + 1;
    else if (q->tags < WIRE_TAGS_MAX)
        q->tag[q->tags++] = tag;
    else
        wire_note(q, "it has more tags than are read; the rest was left out");
}

const char *wire_number(wire_reading_t *in, const char *text)
{
    char copy[40];
    double value;
    size_t n = strlen(text);
    if (n == 0 || n >= sizeof copy) return NULL;
    memcpy(copy, text, n + 1);
    char *comma = strchr(copy, ',');
    if (comma && !strchr(copy, '.')) *comma = '.';
    if (!text_to_double(copy, n, &value) || !(value > -1e15 && value < 1e15)) return NULL;
    const char *kept = arena_text(in->arena, copy, n);
    in->full = in->full || !kept;
    return kept;
}

void wire_finish(wire_reading_t *in, wire_question_t *q)
{
    if (!q->refused && !q->stem[0]) q->refused = "it has no question text; write one";
    if (q->refused || q->kind != WIRE_NUMERIC || q->decimals[0]) return;
    const char *point = strchr(q->value, '.');
    q->decimals = wire_say(in, "%zu", point ? strspn(point + 1, "0123456789") : (size_t)0);
}

static bool check_file(const char *file, const char *bytes, size_t length, err_t *err)
{
    if (length > WIRE_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "%s: the file is larger than %d MB; divide it", file,
                       WIRE_BYTES_MAX / 1024 / 1024);
    if (length == 0) return err_set(err, ERR_INPUT, "%s: the file is empty", file);
    if (memchr(bytes, 0, length))
        return err_set(err, ERR_INPUT, "%s: the file has a zero byte: it is not text; export it again as UTF-8", file);
    return text_is_utf8(bytes, length) ||
           err_set(err, ERR_INPUT, "%s: the file is not UTF-8 text; save it with that encoding", file);
}

bool wire_read(wire_t *wire, arena_t *arena, wire_format_t format, const char *file, const char *bytes, size_t length,
               err_t *err)
{
    wire_reading_t in = {.wire = wire, .arena = arena, .file = file};
    *wire = (wire_t){0};
    if (!check_file(file, bytes, length, err)) return false;
    wire->question = arena_array(arena, WIRE_QUESTIONS_MAX, sizeof *wire->question);
    if (!wire->question) return err_set(err, ERR_MEMORY, "%s: there is not enough memory to read it", file);
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) { /* byte order mark */
        bytes += 3;
        length -= 3;
    }
    bool ok = format == WIRE_CSV    ? wire_csv_read(&in, bytes, length, err)
              : format == WIRE_GIFT ? wire_gift_read(&in, bytes, length, err)
                                    : wire_moodle_read(&in, bytes, length, err);
    if (ok && in.full) return err_set(err, ERR_MEMORY, "%s: it says more than fits into memory; divide it", file);
    if (ok && wire->count == 0) return err_set(err, ERR_INPUT, "%s: there is no question in it", file);
    return ok;
}

/* ---- writing ---- */

void wire_write(wire_format_t format, const wire_question_t *const *questions, int count, text_t *out, text_t *lost)
{
    if (format == WIRE_CSV)
        wire_csv_write(questions, count, out, lost);
    else if (format == WIRE_GIFT)
        wire_gift_write(questions, count, out, lost);
    else
        wire_moodle_write(questions, count, out, lost);
}

void wire_lose(text_t *lost, const wire_question_t *q, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_addf(lost, "%s: %s\n", q->id[0] ? q->id : q->title, text);
}

void wire_add_percent(text_t *out, double percent)
{
    char number[32];
    size_t n = text_fixed(number, percent, 5);
    while (n > 1 && number[n - 1] == '0') n--;
    if (number[n - 1] == '.') n--;
    text_add_n(out, number, n);
}

const char *wire_category_root(const char *category)
{
    return category[0] == '$' ? "" : "$course$/top/";
}

bool wire_is_shuffled(const wire_question_t *q)
{
    for (int i = 0; i < q->parts; i++)
        if (!strchr("0123456789<>-", q->part[i].text[0])) return true;
    return false;
}
