/* Moodle XML, as Moodle itself writes it; all texts are plain. See moodle_read.c. */
#include "wire_private.h"

#include <string.h>

/* How many bytes stand here that XML 1.0 cannot hold: a control character, U+FFFE or U+FFFF. */
static size_t forbidden(const char *text)
{
    if ((unsigned char)*text < 0x20 && *text != '\n') return 1;
    return text[0] == '\xef' && text[1] == '\xbf' && (text[2] == '\xbe' || text[2] == '\xbf') ? 3 : 0;
}

/* Escaped, without what XML cannot hold. */
static void put(text_t *out, const char *text)
{
    while (*text) {
        const char piece[2] = {*text};
        size_t skip = forbidden(text);
        if (!skip && strchr("&<>\"'", *text))
            text_add_html(out, piece);
        else if (!skip)
            text_add_char(out, *text);
        text += skip ? skip : 1;
    }
}

static void put_text(text_t *out, const char *element, const char *text)
{
    text_addf(out, "<%s format=\"plain_text\"><text>", element);
    put(out, text);
    text_addf(out, "</text></%s>\n", element);
}

static void put_answer(text_t *out, const char *text, const char *feedback, double percent, const char *tolerance)
{
    text_add(out, "<answer fraction=\"");
    wire_add_percent(out, percent);
    text_add(out, "\" format=\"plain_text\"><text>");
    put(out, text);
    text_add(out, "</text>\n");
    put_text(out, "feedback", feedback);
    if (tolerance) {
        text_add(out, "<tolerance>");
        put(out, tolerance);
        text_add(out, "</tolerance>\n");
    }
    text_add(out, "</answer>\n");
}

static void put_choice(text_t *out, const wire_question_t *q)
{
    text_addf(out,
              "<single>%s</single>\n<shuffleanswers>%s</shuffleanswers>\n<answernumbering>abc</answernumbering>\n"
              "<showstandardinstruction>0</showstandardinstruction>\n",
              q->kind == WIRE_SINGLE ? "true" : "false", wire_is_shuffled(q) ? "true" : "false");
    for (int i = 0; i < q->parts; i++) put_answer(out, q->part[i].text, q->part[i].feedback, q->part[i].percent, NULL);
}

static void put_numbers(text_t *out, const wire_question_t *q)
{
    put_answer(out, q->value, "", 100, q->tolerance[0] ? q->tolerance : "0");
    for (int i = 0; i < q->parts; i++)
        put_answer(out, q->part[i].text, q->part[i].feedback, 0, q->tolerance[0] ? q->tolerance : "0");
    if (q->unit[0]) {
        text_add(out, "<units><unit><multiplier>1</multiplier><unit_name>");
        put(out, q->unit);
        text_add(out, "</unit_name></unit></units>\n");
    }
    /* 3: the unit is not asked for; 0: it may be written */
    text_addf(out, "<unitgradingtype>0</unitgradingtype>\n<showunits>%d</showunits>\n<unitsleft>0</unitsleft>\n",
              q->unit[0] ? 0 : 3);
}

static void put_pairs(text_t *out, const wire_question_t *q)
{
    text_add(out, "<shuffleanswers>true</shuffleanswers>\n");
    for (int i = 0; i < q->parts; i++) {
        text_add(out, "<subquestion format=\"plain_text\"><text>");
        put(out, q->part[i].text);
        text_add(out, "</text>\n<answer><text>");
        put(out, q->part[i].right);
        text_add(out, "</text></answer>\n</subquestion>\n");
    }
}

static void put_steps(text_t *out, const wire_question_t *q)
{
    text_addf(out,
              "<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n<selectcount>%d</selectcount>\n"
              "<gradingtype>RELATIVE_ALL_PREVIOUS_AND_NEXT</gradingtype>\n<showgrading>SHOW</showgrading>\n",
              q->parts);
    for (int i = 0; i < q->parts; i++) put_answer(out, q->part[i].text, q->part[i].feedback, i + 1, NULL);
}

static void put_tag(void *context, const char *tag)
{
    text_add(context, "<tag><text>");
    put(context, tag);
    text_add(context, "</text></tag>\n");
}

static void put_question(text_t *out, const wire_question_t *q)
{
    static const char *const types[] = {"multichoice", "multichoice", "ordering", "matching", "numerical"};
    text_t feedback;
    text_init(&feedback, 2 * WIRE_TEXT_MAX);
    wire_join(q, q->kind == WIRE_MATCH, &feedback);
    text_addf(out, "<question type=\"%s\">\n<name><text>", types[q->kind]);
    put(out, q->title);
    text_add(out, "</text></name>\n");
    put_text(out, "questiontext", q->stem);
    put_text(out, "generalfeedback", feedback.data ? feedback.data : "");
    text_add(out, "<defaultgrade>1</defaultgrade>\n<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n<idnumber>");
    put(out, q->id);
    text_add(out, "</idnumber>\n");
    if (q->kind <= WIRE_SEVERAL)
        put_choice(out, q);
    else if (q->kind == WIRE_ORDER)
        put_steps(out, q);
    else if (q->kind == WIRE_MATCH)
        put_pairs(out, q);
    else
        put_numbers(out, q);
    text_add(out, "<tags>\n");
    wire_each_tag(q, false, put_tag, out);
    text_add(out, "</tags>\n</question>\n");
    text_free(&feedback);
}

void wire_moodle_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost)
{
    const char *category = "";
    text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    for (int i = 0; i < count; i++) {
        const wire_question_t *q = questions[i];
        if (q->kind == WIRE_OTHER) {
            wire_lose(lost, q, "left out: %s", q->refused ? q->refused : "Moodle has no question of its kind");
            continue;
        }
        if (strcmp(category, q->category) != 0) {
            category = q->category;
            text_addf(out, "<question type=\"category\"><category><text>%s", wire_category_root(category));
            put(out, category);
            text_add(out, "</text></category></question>\n");
        }
        wire_check_loss(q, lost);
        put_question(out, q);
    }
    text_add(out, "</quiz>\n");
}
