/* GIFT (docs.moodle.org, "GIFT format"; checked against Moodle's own reader, question/format/gift, and that of its
 * ordering questions).
 *
 * A file is blocks between empty lines; a line that begins with // is a comment, in which [id:...] and [tag:...] count.
 * A block is `$CATEGORY: path`, or `::title:: text { answers }`:
 *
 *   {=right ~wrong#feedback ~%50%half}   one right answer, or several when none has "="
 *   {T} {FALSE#if wrong#if right}        true or false
 *   {=left -> right =left -> right}      pairs
 *   {#3.14:0.005} {#1..5} {#=1:0 =%50%1:2}   numbers
 *   {>4 ALL VERTICAL ABSOLUTE_POSITION SHOW   steps, one a line
 *   {=word =other}  {}                   a typed word, an essay: not read
 *
 * "####" begins the general feedback; text after } makes a gap of the answers. A backslash before one of ~=#{}:\ takes
 * its meaning away, \n is a line break. [html], [plain], [markdown], [moodle] before a text say how it is marked up. */
#include "wire_private.h"

#include <string.h>

/* Escaped signs wait as control characters, which a file itself has not any more. */
static const char signs[] = ":#={}~\n";
enum { SIGN_FIRST = 1, SIGNS = 7, WORD_MAX_BYTES = 40, BLOCK_MAX = 256 * 1024 };

typedef struct {
    wire_reading_t *in;
    const char *bytes;
    size_t at, length;
    int line;
    const char *category;
    text_t body, comments; /* of the block */
} gift_t;

/* ---- blocks ---- */

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r\v\f", text[i])) return false;
    return true;
}

static const char *next_line(gift_t *g, size_t *length)
{
    const char *from = g->bytes + g->at;
    size_t n = 0, rest = g->length - g->at;
    while (n < rest && from[n] != '\n' && from[n] != '\r') n++;
    *length = n;
    g->at += n;
    if (g->at < g->length && g->bytes[g->at] == '\r') g->at++;
    if (g->at < g->length && g->bytes[g->at] == '\n') g->at++;
    g->line++;
    return from;
}

static bool is_escapable(char c)
{
    return strchr(":#={}~\\n", c) != NULL;
}

/* Signs that are escaped become placeholders; other control characters go. */
static void add_line(text_t *out, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        if (c == '\\' && i + 1 < length && is_escapable(line[i + 1])) {
            c = line[++i];
            text_add_char(out, c == '\\' ? c : (char)(SIGN_FIRST + (strchr(signs, c == 'n' ? '\n' : c) - signs)));
        } else if (c == '\t') {
            text_add_char(out, ' ');
        } else if ((unsigned char)c >= 0x20 && c != 0x7f) {
            text_add_char(out, c);
        }
    }
    text_add_char(out, '\n');
}

/* Gathers the next block; false at the end of the file. *line: its first line that is no comment. */
static bool next_block(gift_t *g, int *line)
{
    text_clear(&g->body);
    text_clear(&g->comments);
    *line = 0;
    while (g->at < g->length) {
        size_t n;
        const char *from = next_line(g, &n);
        if (is_blank(from, n)) {
            if (g->body.length) return true;
            text_clear(&g->comments);
            continue;
        }
        size_t indent = 0;
        while (indent < n && (from[indent] == ' ' || from[indent] == '\t')) indent++;
        bool comment = n - indent >= 2 && memcmp(from + indent, "//", 2) == 0;
        if (*line == 0 && !comment) *line = g->line - 1;
        if (!comment && g->body.length == 0 && n - indent >= 10 && memcmp(from + indent, "$CATEGORY:", 10) == 0) {
            add_line(&g->body, from + indent, n - indent);
            return true; /* what follows without an empty line is a block of its own */
        }
        if (comment)
            text_add_n(&g->comments, from + indent + 2, n - indent - 2);
        else
            add_line(&g->body, from, n);
        if (comment) text_add_char(&g->comments, '\n');
    }
    return g->body.length > 0;
}

/* ---- texts ---- */

static void trim(const char **text, size_t *length)
{
    while (*length && strchr(" \n", (*text)[0])) (*text)++, (*length)--;
    while (*length && strchr(" \n", (*text)[*length - 1])) (*length)--;
}

/* The sign for each placeholder, into the block's own bytes copied to the arena. */
static const char *unescaped(gift_t *g, const char *text, size_t length)
{
    char *copy = arena_text(g->in->arena, text, length);
    g->in->full = g->in->full || !copy;
    for (char *c = copy; c && *c; c++)
        if (*c >= SIGN_FIRST && *c < SIGN_FIRST + SIGNS) *c = signs[*c - SIGN_FIRST];
    return copy ? copy : "";
}

/* The path of a category: one line. */
static const char *gift_line(gift_t *g, const char *text, size_t length)
{
    char *copy = length <= WIRE_TEXT_MAX ? arena_text(g->in->arena, text, length) : NULL;
    for (char *c = copy; c && *c; c++) {
        if (*c >= SIGN_FIRST && *c < SIGN_FIRST + SIGNS) *c = signs[*c - SIGN_FIRST];
        if (*c == '\n') *c = ' ';
    }
    return copy ? copy : "";
}

/* A text with its mark of format, or the format of the question. */
static const char *gift_text(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t *markup)
{
    static const struct {
        const char *mark;
        markup_t markup;
    } marks[] = {{"[html]", MARKUP_HTML},
                 {"[plain]", MARKUP_PLAIN},
                 {"[moodle]", MARKUP_MOODLE},
                 {"[markdown]", MARKUP_MARKDOWN}};
    markup_t own = *markup;
    trim(&text, &length);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i].mark);
        if (length < n || memcmp(text, marks[i].mark, n) != 0) continue;
        own = marks[i].markup;
        text += n;
        length -= n;
        break;
    }
    *markup = own;
    const char *plain = unescaped(g, text, length);
    return wire_plain(g->in, q, own, plain, strlen(plain));
}

static const char *answer_text(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    return gift_text(g, q, text, length, &markup);
}

/* ---- answers ---- */

typedef struct {
    const char *text, *feedback;
    size_t length, feedback_length;
    double percent;
    bool weighed;
} answer_t;

static const char *find(const char *text, size_t length, const char *what)
{
    return text && length ? memmem(text, length, what, strlen(what)) : NULL;
}

/* "%50%" before the answer; what is not such a weight is part of the answer. */
static void take_weight(answer_t *a)
{
    trim(&a->text, &a->length);
    const char *end = a->length > 2 && a->text[0] == '%' ? memchr(a->text + 1, '%', a->length - 1) : NULL;
    double percent;
    if (!end || !text_to_double(a->text + 1, (size_t)(end - a->text - 1), &percent) ||
        !(percent >= -100 && percent <= 100))
        return;
    a->weighed = true;
    a->percent = percent;
    a->length -= (size_t)(end + 1 - a->text);
    a->text = end + 1;
}

/* The answer that begins at *at with one of `begin`; moves behind it. */
static bool next_answer(const char *text, size_t length, const char *begin, size_t *at, char *sign, answer_t *a)
{
    while (*at < length && strchr(" \n", text[*at])) (*at)++;
    if (*at == length) return false;
    *sign = strchr(begin, text[*at]) ? text[*at] : 0;
    if (*sign) (*at)++;
    size_t from = *at;
    while (*at < length && !strchr(begin, text[*at])) (*at)++;
    *a = (answer_t){.text = text + from, .length = *at - from, .feedback = ""};
    take_weight(a);
    const char *hash = memchr(a->text, '#', a->length);
    if (hash) {
        a->feedback = hash + 1;
        a->feedback_length = a->length - (size_t)(hash + 1 - a->text);
        a->length = (size_t)(hash - a->text);
    }
    trim(&a->text, &a->length);
    return true;
}

static void read_choices(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    answer_t a;
    size_t at = 0;
    char sign;
    q->kind = memchr(text, '=', length) ? WIRE_SINGLE : WIRE_SEVERAL;
    while (next_answer(text, length, "=~", &at, &sign, &a)) {
        wire_part_t *part = wire_part(g->in, q);
        if (!part) return;
        part->text = answer_text(g, q, a.text, a.length, markup);
        part->feedback = answer_text(g, q, a.feedback, a.feedback_length, markup);
        part->percent = a.weighed ? a.percent : sign == '=' ? 100 : 0;
    }
    if (q->parts < 2) q->refused = "a choice needs at least two answers, each after = or ~";
}

static void read_pairs(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    size_t at = 0;
    q->kind = WIRE_MATCH;
    while (at < length) {
        while (at < length && strchr(" \n=", text[at])) at++;
        size_t from = at;
        while (at < length && text[at] != '=') at++;
        if (at == from) break;
        const char *arrow = find(text + from, at - from, "->");
        wire_part_t *part = arrow ? wire_part(g->in, q) : NULL;
        if (!part) {
            if (!q->refused) q->refused = "a pair has no \"->\" between its sides; write =left -> right";
            return;
        }
        part->text = answer_text(g, q, text + from, (size_t)(arrow - text) - from, markup);
        part->right = answer_text(g, q, arrow + 2, at - (size_t)(arrow + 2 - text), markup);
    }
}

static void read_truth(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    const char *hash = memchr(text, '#', length), *wrong = "", *right = "";
    size_t wrong_length = 0, right_length = 0;
    bool is_true = text[0] == 'T';
    if (hash) {
        wrong = hash + 1;
        wrong_length = length - (size_t)(wrong - text);
        hash = memchr(wrong, '#', wrong_length);
        if (hash) {
            right = hash + 1;
            right_length = wrong_length - (size_t)(right - wrong);
            wrong_length = (size_t)(hash - wrong);
        }
    }
    q->kind = WIRE_SINGLE;
    q->parts = 2;
    for (int i = 0; i < 2; i++) {
        bool key = is_true == (i == 0);
        q->part[i].text = i == 0 ? "True" : "False";
        q->part[i].percent = key ? 100 : 0;
        q->part[i].feedback =
            key ? answer_text(g, q, right, right_length, markup) : answer_text(g, q, wrong, wrong_length, markup);
    }
}

/* "3.14:0.005", "1..5" or "7" to value and tolerance. */
static bool read_range(gift_t *g, const char *text, size_t length, const char **value, const char **tolerance)
{
    const char *dots = find(text, length, ".."), *colon = memchr(text, ':', length);
    const char *mark = dots ? dots : colon;
    if (!mark) {
        *value = wire_number(g->in, unescaped(g, text, length));
        *tolerance = "0";
        return *value != NULL;
    }
    const char *from = text, *to = mark + (dots ? 2 : 1);
    size_t from_length = (size_t)(mark - text), to_length = length - (size_t)(to - text);
    trim(&from, &from_length);
    trim(&to, &to_length);
    *value = wire_number(g->in, unescaped(g, from, from_length));
    *tolerance = wire_number(g->in, unescaped(g, to, to_length));
    if (!*value || !*tolerance || !dots) return *value && *tolerance;
    double low = 0, high = 0;
    char number[32];
    text_to_double(*value, strlen(*value), &low);
    text_to_double(*tolerance, strlen(*tolerance), &high);
    const char *ends[] = {*value, *tolerance};
    size_t decimals = 0;
    for (int i = 0; i < 2; i++) {
        const char *point = strchr(ends[i], '.');
        if (point && strlen(point + 1) > decimals) decimals = strlen(point + 1);
    }
    int shown = decimals > 7 ? 8 : (int)decimals + 1;
    if (high < low) return false;
    size_t n = text_fixed(number, (low + high) / 2, shown);
    *value = wire_say(g->in, "%.*s", (int)n, number);
    n = text_fixed(number, (high - low) / 2, shown);
    *tolerance = wire_say(g->in, "%.*s", (int)n, number);
    return true;
}

static void read_numbers(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    answer_t a;
    size_t at = 0;
    char sign;
    bool found = false;
    q->kind = WIRE_NUMERIC;
    while (next_answer(text, length, "=~", &at, &sign, &a)) {
        const char *value, *tolerance;
        double percent = a.weighed ? a.percent : sign == '~' ? 0 : 100;
        if (sign == '~' || (a.length == 1 && a.text[0] == '*')) {
            wire_note(q, "the feedback for every other number was left out");
            continue;
        }
        if (!read_range(g, a.text, a.length, &value, &tolerance)) {
            q->refused = wire_say(g->in, "\"%.40s\" is no number; write {#5:0.1} or {#4.9..5.1}",
                                  unescaped(g, a.text, a.length));
            return;
        }
        if (percent >= 100 && !found) {
            found = true;
            q->value = value;
            q->tolerance = tolerance;
            if (a.feedback_length && !q->why[0]) q->why = answer_text(g, q, a.feedback, a.feedback_length, markup);
        } else if (percent > 0) {
            wire_note(q, "a second right number, or one for part of the credit, was left out");
        } else {
            wire_part_t *part = wire_part(g->in, q);
            if (!part) return;
            part->text = value;
            part->feedback = answer_text(g, q, a.feedback, a.feedback_length, markup);
        }
    }
    if (!found) q->refused = "no number has the full credit; write {#5:0.1}";
}

/* The first line has words of how it is shown and graded; each further line is a step. */
static void read_steps(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    const char *end = memchr(text, '\n', length);
    q->kind = WIRE_ORDER;
    for (size_t at = end ? (size_t)(end - text) + 1 : length; at < length;) {
        const char *line = text + at, *stop = memchr(line, '\n', length - at);
        size_t n = stop ? (size_t)(stop - line) : length - at;
        at += n + 1;
        if (is_blank(line, n)) continue;
        wire_part_t *part = wire_part(g->in, q);
        if (!part) return;
        part->text = answer_text(g, q, line, n, markup);
    }
    if (q->parts < 2) q->refused = "an ordering question needs its steps, each on a line of its own after {>";
}

static bool is_truth(const char *text, size_t length)
{
    static const char *const words[] = {"T", "TRUE", "F", "FALSE"};
    const char *hash = memchr(text, '#', length);
    size_t n = hash ? (size_t)(hash - text) : length;
    while (n && strchr(" \n", text[n - 1])) n--;
    for (int i = 0; i < 4; i++)
        if (n == strlen(words[i]) && memcmp(text, words[i], n) == 0) return true;
    return false;
}

static void read_answers(gift_t *g, wire_question_t *q, const char *text, size_t length, markup_t markup)
{
    trim(&text, &length);
    q->kind = WIRE_OTHER;
    if (length == 0)
        q->refused = "it is an essay question, which nobody but a person can score; make options of it";
    else if (text[0] == '>')
        read_steps(g, q, text + 1, length - 1, markup);
    else if (text[0] == '#')
        read_numbers(g, q, text + 1, length - 1, markup);
    else if (memchr(text, '~', length))
        read_choices(g, q, text, length, markup);
    else if (memchr(text, '=', length) && find(text, length, "->"))
        read_pairs(g, q, text, length, markup);
    else if (is_truth(text, length))
        read_truth(g, q, text, length, markup);
    else
        q->refused = "its answer is a typed word, and words are not scored here; make options of it";
}

/* ---- a question ---- */

/* The text in "[id:...]" from `at` on, a ] inside written \]; NULL when there is none. */
static const char *bracketed(gift_t *g, wire_question_t *q, const char *mark, const char **at)
{
    const char *from = strstr(*at, mark);
    if (!from) return NULL;
    from += strlen(mark);
    size_t n = 0;
    while (from[n] && from[n] != ']' && from[n] != '\n') n += from[n] == '\\' && from[n + 1] == ']' ? 2 : 1;
    *at = from + n;
    char *copy = from[n] == ']' ? arena_text(g->in->arena, from, n) : NULL, *to = copy;
    g->in->full = g->in->full || (from[n] == ']' && !copy);
    for (const char *c = copy; c && *c; c++)
        if (*c != '\\' || c[1] != ']') *to++ = *c;
    return copy ? wire_plain(g->in, q, MARKUP_PLAIN, copy, (size_t)(to - copy)) : NULL;
}

/* A comment of our own holds what Moodle's ordering questions have no feedback for. */
static const char *kept_feedback(gift_t *g)
{
    static const char mark[] = " feedback: ";
    const char *from = strstr(g->comments.data ? g->comments.data : "", mark);
    text_t line;
    if (!from || (from > g->comments.data && from[-1] != '\n')) return "";
    from += strlen(mark);
    text_init(&line, BLOCK_MAX);
    add_line(&line, from, strcspn(from, "\n"));
    const char *text = line.failed ? "" : unescaped(g, line.data, line.length - 1);
    text_free(&line);
    return text;
}

static void read_comments(gift_t *g, wire_question_t *q)
{
    const char *text = g->comments.data ? g->comments.data : "", *at = text, *tag;
    if (g->comments.length == 0) return;
    const char *id = bracketed(g, q, "[id:", &at);
    if (id) q->id = id;
    for (at = text; *at && (tag = bracketed(g, q, "[tag:", &at));) wire_tag(q, tag);
}

/* "####" from the end of the answers on. */
static size_t cut_feedback(const char *text, size_t length, const char **feedback, size_t *feedback_length)
{
    *feedback = "";
    *feedback_length = 0;
    for (size_t i = length; i-- > 0;)
        if (i + 4 <= length && memcmp(text + i, "####", 4) == 0) {
            *feedback = text + i + 4;
            *feedback_length = length - i - 4;
            return i;
        }
    return length;
}

static void read_body(gift_t *g, wire_question_t *q, const char *text, size_t length)
{
    const char *open = memchr(text, '{', length), *close = memchr(text, '}', length), *feedback;
    size_t feedback_length, rest;
    markup_t markup = MARKUP_MOODLE;
    if (!open && !close) {
        q->stem = gift_text(g, q, text, length, &markup);
        q->refused = "it has no answers in { }: a text for reading is no question";
        return;
    }
    if (!open || !close || close < open) {
        q->refused = "a { has no } or the other way round; a brace that is part of the text is written \\{ or \\}";
        return;
    }
    rest = length - (size_t)(close + 1 - text);
    const char *tail = close + 1;
    trim(&tail, &rest);
    if (memchr(tail, '{', rest) || memchr(tail, '}', rest)) {
        q->refused = "it has more than one { }: leave an empty line between questions, and write \\{ for a brace";
        return;
    }
    text_t stem; /* with a gap where the answers stand in the sentence */
    text_init(&stem, BLOCK_MAX + 64);
    text_add_n(&stem, text, (size_t)(open - text));
    if (rest) text_add(&stem, "_____");
    if (rest) text_add_n(&stem, close + 1, length - (size_t)(close + 1 - text));
    q->stem = stem.data ? gift_text(g, q, stem.data, stem.length, &markup) : "";
    text_free(&stem);
    size_t answers = cut_feedback(open + 1, (size_t)(close - open - 1), &feedback, &feedback_length);
    read_answers(g, q, open + 1, answers, markup);
    const char *general = feedback_length ? answer_text(g, q, feedback, feedback_length, markup) : kept_feedback(g);
    const char *first = q->why; /* the reason of the right number */
    wire_split(g->in, q, general);
    if (first[0]) q->why = q->why[0] ? wire_say(g->in, "%s\n%s", first, q->why) : first;
}

static void read_question(gift_t *g, int line)
{
    const char *text = g->body.data ? g->body.data : "";
    size_t length = g->body.length;
    trim(&text, &length);
    if (length >= 10 && memcmp(text, "$CATEGORY:", 10) == 0) {
        text += 10;
        length -= 10;
        trim(&text, &length);
        g->category = gift_line(g, text, length);
        return;
    }
    wire_question_t *q = length ? wire_add(g->in, line) : NULL;
    if (!q) return;
    q->category = g->category;
    if (g->body.failed || g->comments.failed) {
        q->refused =
            wire_say(g->in, "it is longer than %d KB; is an empty line missing between questions?", BLOCK_MAX / 1024);
        return;
    }
    read_comments(g, q);
    const char *end = length > 2 && memcmp(text, "::", 2) == 0 ? find(text + 2, length - 2, "::") : NULL;
    if (end) {
        markup_t plain = MARKUP_PLAIN;
        q->title = gift_text(g, q, text + 2, (size_t)(end - text - 2), &plain);
        length -= (size_t)(end + 2 - text);
        text = end + 2;
        trim(&text, &length);
    }
    read_body(g, q, text, length);
    wire_finish(g->in, q);
}

bool wire_gift_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err)
{
    gift_t g = {.in = in, .bytes = bytes, .length = length, .line = 1, .category = ""};
    int line;
    text_init(&g.body, BLOCK_MAX + 64);
    text_init(&g.comments, BLOCK_MAX);
    while (!in->wire->note && !in->full && next_block(&g, &line)) read_question(&g, line);
    bool ok = in->wire->count > 0 || err_set(err, ERR_INPUT,
                                             "%s: there is no question in it; a question of GIFT is a text with its "
                                             "answers in { }, and an empty line between questions",
                                             in->file);
    text_free(&g.body);
    text_free(&g.comments);
    return ok;
}
