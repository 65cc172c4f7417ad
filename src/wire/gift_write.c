/* GIFT, as Moodle itself writes it, with the identifier and tags in a comment as Moodle reads them. See gift_read.c. */
#include "wire_private.h"

#include <string.h>

static void put(text_t *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            text_add(out, "\\n");
        else if (strchr("\\#=~{}:", *text)) {
            text_add_char(out, '\\');
            text_add_char(out, *text);
        } else if ((unsigned char)*text >= 0x20)
            text_add_char(out, *text);
    }
}

/* A text that begins with a bracket could be taken for a mark of its format. */
static void put_text(text_t *out, const char *text)
{
    if (text[0] == '[') text_add(out, "[plain]");
    put(out, text);
}

static void put_answer(text_t *out, const char *mark, const wire_part_t *part, const char *tolerance)
{
    text_addf(out, "\t%s", mark);
    put_text(out, part->text);
    if (tolerance) {
        text_add_char(out, ':');
        put(out, tolerance);
    }
    if (part->feedback[0]) {
        text_add_char(out, '#');
        put_text(out, part->feedback);
    }
    text_add_char(out, '\n');
}

static void put_choice(text_t *out, const wire_question_t *q)
{
    text_t mark;
    text_init(&mark, 64);
    for (int i = 0; i < q->parts; i++) {
        double percent = q->part[i].percent;
        text_clear(&mark);
        if (q->kind == WIRE_SINGLE && percent >= 100) {
            text_add_char(&mark, '=');
        } else {
            text_add_char(&mark, '~');
            if (percent > 0 || percent < 0) {
                text_add_char(&mark, '%');
                wire_add_percent(&mark, percent);
                text_add_char(&mark, '%');
            }
        }
        put_answer(out, mark.data ? mark.data : "~", &q->part[i], NULL);
    }
    text_free(&mark);
}

static void put_numbers(text_t *out, const wire_question_t *q)
{
    wire_part_t right = {.text = q->value, .feedback = ""};
    const char *tolerance = q->tolerance[0] ? q->tolerance : "0";
    put_answer(out, "=%100%", &right, tolerance);
    for (int i = 0; i < q->parts; i++) put_answer(out, "=%0%", &q->part[i], tolerance);
}

static void put_pairs(text_t *out, const wire_question_t *q, text_t *lost)
{
    for (int i = 0; i < q->parts; i++) {
        const char *arrow = strstr(q->part[i].text, "->");
        text_add(out, "\t=");
        if (arrow) {
            wire_lose(lost, q, "\"->\" parts the sides of a pair in GIFT: \"%.60s\" is written with an arrow sign",
                      q->part[i].text);
            for (const char *from = q->part[i].text; *from; from = arrow + 2, arrow = strstr(from, "->")) {
                char piece[WIRE_TEXT_MAX];
                size_t n = arrow ? (size_t)(arrow - from) : strlen(from);
                if (n >= sizeof piece) break;
                memcpy(piece, from, n);
                piece[n] = '\0';
                put(out, piece);
                if (!arrow) break;
                text_add(out, "\xe2\x86\x92");
            }
        } else {
            put_text(out, q->part[i].text);
        }
        text_add(out, " -> ");
        put_text(out, q->part[i].right);
        text_add_char(out, '\n');
    }
}

/* What stands on a line of its own, unescaped. */
static void put_line(text_t *out, const char *text)
{
    for (; *text; text++)
        if (*text == '\n')
            text_add_char(out, ' ');
        else if (!strchr("{}\\", *text) && (unsigned char)*text >= 0x20)
            text_add_char(out, *text);
}

static void put_steps(text_t *out, const wire_question_t *q, text_t *lost)
{
    text_addf(out, ">%d ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW\n", q->parts);
    for (int i = 0; i < q->parts; i++) {
        const char *text = q->part[i].text;
        size_t start = out->length;
        if (!text[0] || strncmp(text, "//", 2) == 0 || strpbrk(text, "\n{}\\"))
            wire_lose(
                lost, q,
                "a step of an ordering question in GIFT is one line without { } \\ and not after //: \"%.60s\" will "
                "not come back as it is",
                text);
        put_line(out, text);
        if (out->length > start + strspn(out->data + start, " ")) text_add_char(out, '\n'); /* else it ends all */
    }
}

/* In brackets, with a ] inside escaped. */
static void put_bracketed(text_t *out, const char *name, const char *text)
{
    text_addf(out, " [%s:", name);
    for (; *text; text++) {
        if (*text == ']') text_add_char(out, '\\');
        text_add_char(out, *text == '\n' ? ' ' : *text);
    }
    text_add_char(out, ']');
}

static void put_tag(void *context, const char *tag)
{
    put_bracketed(context, "tag", tag);
}

static void put_question(text_t *out, const wire_question_t *q, text_t *lost)
{
    text_t feedback;
    text_init(&feedback, 2 * WIRE_TEXT_MAX);
    wire_join(q, q->kind == WIRE_MATCH || q->kind == WIRE_ORDER, &feedback);
    text_add(out, "//");
    if (q->id[0]) put_bracketed(out, "id", q->id);
    wire_each_tag(q, true, put_tag, out);
    text_add_char(out, '\n');
    if (q->kind == WIRE_ORDER && feedback.length) { /* Moodle would take it for another step */
        text_add(out, "// feedback: ");
        put(out, feedback.data);
        text_add_char(out, '\n');
    }
    text_add(out, "::");
    put(out, q->title);
    text_add(out, "::[plain]");
    put(out, q->stem);
    text_add(out, q->kind == WIRE_NUMERIC ? "{#\n" : q->kind == WIRE_ORDER ? "{" : "{\n");
    if (q->kind <= WIRE_SEVERAL)
        put_choice(out, q);
    else if (q->kind == WIRE_ORDER)
        put_steps(out, q, lost);
    else if (q->kind == WIRE_MATCH)
        put_pairs(out, q, lost);
    else
        put_numbers(out, q);
    if (q->kind != WIRE_ORDER && feedback.length) {
        text_add(out, "\t####");
        put_text(out, feedback.data);
        text_add_char(out, '\n');
    }
    text_add(out, "}\n\n");
    text_free(&feedback);
}

/* One sentence for all of them. */
static void tell_orders(const wire_question_t *const *questions, int count, text_t *lost)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        if (questions[i]->kind != WIRE_ORDER) continue;
        if (!any)
            text_add(lost, "ordering questions have no feedback in GIFT: their reasons and sources stand in comments, "
                           "which come back here and which Moodle drops; Moodle XML keeps them: ");
        text_addf(lost, "%s%s", any ? ", " : "", questions[i]->id[0] ? questions[i]->id : questions[i]->title);
        any = true;
    }
    if (any) text_add_char(lost, '\n');
}

void wire_gift_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost)
{
    const char *category = "";
    for (int i = 0; i < count; i++) {
        const wire_question_t *q = questions[i];
        if (q->kind == WIRE_OTHER) {
            wire_lose(lost, q, "left out: %s", q->refused ? q->refused : "GIFT has no question of its kind");
            continue;
        }
        if (strcmp(category, q->category) != 0) {
            category = q->category;
            text_addf(out, "$CATEGORY: %s", wire_category_root(category));
            put_line(out, category);
            text_add(out, "\n\n");
        }
        wire_check_loss(q, lost);
        put_question(out, q, lost);
    }
    tell_orders(questions, count, lost);
}
