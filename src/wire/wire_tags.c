/* What a format has no field for: facts as tags; reasons of pairs and steps, the source and its date at the end of the
 * general feedback, where a learner in Moodle reads them too:
 *
 *   Sodium rises with water loss.            why
 *   Dehydration: less water, same sodium.    text of a part and its reason
 *   Source: CLSI EP28 (as of 2026-11)
 */
#include "wire_private.h"

#include <stdio.h>
#include <string.h>

static const char SOURCE[] = "Source: ", AS_OF[] = " (as of ";

/* ---- reading ---- */

static void take_source(wire_reading_t *in, wire_question_t *q, const char *text, size_t *length)
{
    size_t at = *length, mark = strlen(AS_OF);
    while (at > 0 && text[at - 1] != '\n') at--;
    const char *from = text + at + strlen(SOURCE);
    if (strncmp(text + at, SOURCE, strlen(SOURCE)) != 0) return;
    size_t n = *length - at - strlen(SOURCE);
    for (size_t i = n; i >= mark; i--)
        if (n > 0 && from[n - 1] == ')' && strncmp(from + i - mark, AS_OF, mark) == 0) {
            q->fact[WIRE_AS_OF] = wire_copy(in, q, from + i, n - i - 1);
            n = i - mark;
            break;
        }
    q->fact[WIRE_SOURCE] = wire_copy(in, q, from, n);
    *length = at > 0 ? at - 1 : 0;
}

/* Where the last line before `end` begins with "TEXT: "; false when none does. */
static bool find_line(const char *text, size_t end, const char *begin, size_t *at)
{
    size_t n = strlen(begin);
    if (n == 0) return false;
    for (size_t i = end; i-- > 0;)
        if ((i == 0 || text[i - 1] == '\n') && end - i > n + 1 && memcmp(text + i, begin, n) == 0 &&
            text[i + n] == ':' && text[i + n + 1] == ' ') {
            *at = i;
            return true;
        }
    return false;
}

static void take_parts(wire_reading_t *in, wire_question_t *q, const char *text, size_t *length)
{
    size_t begin[WIRE_PARTS_MAX], end = *length;
    if (q->parts == 0 || (q->kind != WIRE_MATCH && q->kind != WIRE_ORDER)) return;
    for (int i = 0; i < q->parts; i++)
        if (q->part[i].feedback[0]) return;
    for (int i = q->parts - 1; i >= 0; i--) {
        if (!find_line(text, end, q->part[i].text, &begin[i])) return;
        end = begin[i] > 0 ? begin[i] - 1 : 0;
    }
    for (int i = 0; i < q->parts; i++) {
        size_t from = begin[i] + strlen(q->part[i].text) + 2, to = i + 1 < q->parts ? begin[i + 1] - 1 : *length;
        q->part[i].feedback = wire_copy(in, q, text + from, to > from ? to - from : 0);
    }
    *length = end;
}

void wire_split(wire_reading_t *in, wire_question_t *q, const char *feedback)
{
    size_t length = strlen(feedback);
    take_source(in, q, feedback, &length);
    take_parts(in, q, feedback, &length);
    q->why = wire_copy(in, q, feedback, length);
}

/* ---- writing ---- */

static void add_line(text_t *out, size_t start)
{
    if (out->length > start) text_add_char(out, '\n');
}

void wire_join(const wire_question_t *q, bool parts, text_t *out)
{
    size_t start = out->length;
    text_add(out, q->why);
    for (int i = 0; parts && i < q->parts; i++) {
        if (!q->part[i].feedback[0]) continue;
        add_line(out, start);
        text_addf(out, "%s: %s", q->part[i].text, q->part[i].feedback);
    }
    if (!q->fact[WIRE_SOURCE][0]) return;
    add_line(out, start);
    text_addf(out, "%s%s", SOURCE, q->fact[WIRE_SOURCE]);
    if (q->fact[WIRE_AS_OF][0]) text_addf(out, "%s%s)", AS_OF, q->fact[WIRE_AS_OF]);
}

void wire_each_tag(const wire_question_t *q, bool unit, wire_tag_fn each, void *context)
{
    char tag[200];
    for (int i = 0; i < WIRE_SOURCE; i++) {
        if (!q->fact[i][0]) continue;
        snprintf(tag, sizeof tag, "%s:%s", wire_key_word((wire_key_t)i), q->fact[i]);
        each(context, tag);
    }
    if (unit && q->kind == WIRE_NUMERIC && q->unit[0]) {
        snprintf(tag, sizeof tag, "unit:%s", q->unit);
        each(context, tag);
    }
    if (q->kind == WIRE_NUMERIC && q->decimals[0]) {
        snprintf(tag, sizeof tag, "decimals:%s", q->decimals);
        each(context, tag);
    }
    for (int i = 0; i < q->tags; i++) each(context, q->tag[i]);
}

/* ---- what would not come back ---- */

typedef struct {
    const wire_question_t *q;
    text_t *lost;
} tag_check_t;

static void check_tag(void *context, const char *tag)
{
    const tag_check_t *in = context;
    size_t characters = 0;
    for (const char *c = tag; *c; c++) characters += ((unsigned char)*c & 0xc0) != 0x80;
    if (characters > WIRE_TAG_BYTES || strpbrk(tag, "\n<>]"))
        wire_lose(in->lost, in->q, "Moodle cuts or changes the tag \"%.60s\": tags have %d characters and no < > ]",
                  tag, (int)WIRE_TAG_BYTES);
}

static bool same_parts(const wire_question_t *a, const wire_question_t *b)
{
    bool same = strcmp(a->why, b->why) == 0 && strcmp(a->fact[WIRE_SOURCE], b->fact[WIRE_SOURCE]) == 0 &&
                (!a->fact[WIRE_SOURCE][0] || strcmp(a->fact[WIRE_AS_OF], b->fact[WIRE_AS_OF]) == 0);
    bool within = a->kind == WIRE_MATCH || a->kind == WIRE_ORDER;
    for (int i = 0; within && i < a->parts; i++) same = same && strcmp(a->part[i].feedback, b->part[i].feedback) == 0;
    return same;
}

/* Writes the general feedback and reads it again. */
static bool feedback_survives(const wire_question_t *q)
{
    wire_t wire = {0};
    wire_question_t back = *q;
    wire_reading_t in = {.wire = &wire, .arena = arena_new(WIRE_MEMORY_MAX)};
    text_t joined;
    text_init(&joined, WIRE_TEXT_MAX);
    bool within = q->kind == WIRE_MATCH || q->kind == WIRE_ORDER, same = false;
    wire_join(q, within, &joined);
    if (in.arena && !joined.failed) {
        for (int i = 0; within && i < q->parts; i++) back.part[i].feedback = "";
        back.why = back.fact[WIRE_SOURCE] = back.fact[WIRE_AS_OF] = "";
        wire_split(&in, &back, joined.data ? joined.data : "");
        same = !in.full && same_parts(q, &back);
    }
    text_free(&joined);
    arena_free(in.arena);
    return same;
}

void wire_check_loss(const wire_question_t *q, text_t *lost)
{
    tag_check_t in = {q, lost};
    wire_each_tag(q, true, check_tag, &in);
    if (!feedback_survives(q))
        wire_lose(lost, q,
                  "its reasons are in the general feedback, but cannot be told apart again when it is imported: write "
                  "one of each part, in one paragraph");
    if (!q->fact[WIRE_SOURCE][0] && q->fact[WIRE_AS_OF][0])
        wire_lose(lost, q, "its date \"%s\" is left out: there is no source that it belongs to", q->fact[WIRE_AS_OF]);
}
