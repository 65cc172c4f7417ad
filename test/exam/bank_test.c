/* The item bank: what is read, what is refused and with which words, scoring, the rules over many items. */
#include "exam_test.h"

#include "bank_private.h"
#include "base/content.h"
#include "exam/bank.h"

enum { FILE_LIMIT = 256 * 1024, LINE_LIMIT = 600, MANY = 400 };

static bank_t *open_bank(void)
{
    err_t err = {0};
    bank_t *bank;
    if (!bank_open(&bank, content_source(), &err)) fail_msg("%s", err.text);
    return bank;
}

static bank_t *read_and_check(const char *name, const char *text, size_t length)
{
    err_t err = {0};
    bank_t *bank = open_bank();
    if (!bank_read(bank, name, (const unsigned char *)text, length, &err) || !bank_check(bank, false, &err))
        fail_msg("%s", err.text);
    return bank;
}

static bool said(const bank_t *bank, const char *words)
{
    const finding_t *found;
    size_t count = bank_findings(bank, &found);
    for (size_t i = 0; i < count; i++)
        if (strstr(found[i].text, words)) return true;
    return false;
}

static const char *first_said(const bank_t *bank)
{
    const finding_t *found;
    return bank_findings(bank, &found) ? found[0].text : "nothing";
}

/* ---- reading ---- */

static void test_good_file(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("bank_good.yaml", &length);
    bank_t *bank = read_and_check("L25.yaml", text, length);
    if (bank_errors(bank)) fail_msg("%s", first_said(bank));
    assert_int_equal(bank_count(bank), 8);
    const item_t *item = bank_find(bank, "L25-01");
    assert_non_null(item);
    assert_int_equal(item_key(item), 1);
    assert_int_equal(item->programs, PROGRAM_PBT | PROGRAM_MLA | PROGRAM_MLT);
    assert_int_equal(item->line, 3);
    assert_string_equal(bank_find(bank, "L25-08")->picture.draw, "bench-chemistry");
    assert_null(bank_find(bank, "L25-09"));
    bank_close(bank);
    bank = read_and_check("L26.yaml", text, length);
    assert_true(said(bank, "a file of L25 is named L25.yaml"));
    bank_close(bank);
    free(text);
}

static void unescape(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++) {
        if (p[0] == '\\' && p[1] == 'n')
            *out++ = '\n', p++;
        else
            *out++ = *p;
    }
    *out = 0;
}

/* Splits "a | b | c" in place; the parts keep their blanks at the line's beginning. */
static bool split(char *line, char *parts[3])
{
    for (int i = 0; i < 3; i++) {
        parts[i] = line;
        char *bar = strstr(line, i < 2 ? " | " : "\n");
        if (!bar && i < 2) return false;
        if (bar) *bar = 0;
        line = bar ? bar + (i < 2 ? 3 : 1) : line + strlen(line);
        unescape(parts[i]);
    }
    return true;
}

static void run_case(const char *good, char *parts[3], int line)
{
    const char *at = strstr(good, parts[0]);
    if (!at) fail_msg("bank.cases:%d: bank_good.yaml has no \"%s\"", line, parts[0]);
    text_t text;
    text_init(&text, FILE_LIMIT);
    text_add_n(&text, good, (size_t)(at - good));
    text_add(&text, parts[1]);
    text_add(&text, at + strlen(parts[0]));
    bank_t *bank = read_and_check("L25.yaml", text.data, text.length);
    if (!said(bank, parts[2]))
        fail_msg("bank.cases:%d: \"%s\" is not said; said was: %s", line, parts[2], first_said(bank));
    bank_close(bank);
    text_free(&text);
}

static void test_cases(void **state)
{
    (void)state;
    size_t length, good_length;
    char *cases = test_read("bank.cases", &length), *good = test_read("bank_good.yaml", &good_length);
    int line = 0, run = 0;
    for (char *p = cases, *next; p && *p; p = next) {
        char copy[LINE_LIMIT], *parts[3];
        next = strchr(p, '\n');
        if (next) *next++ = 0;
        line++;
        if (*p == '#' || !*p) continue;
        /* an empty middle part is written " | |" */
        snprintf(copy, sizeof copy, "%s", p);
        char *empty = strstr(copy, " | | ");
        if (empty) memmove(empty + 4, empty + 3, strlen(empty + 3) + 1), empty[3] = ' ';
        if (!split(copy, parts)) fail_msg("bank.cases:%d: a case is \"there | instead | said\"", line);
        run_case(good, parts, line);
        run++;
    }
    assert_true(run >= 40);
    free(good);
    free(cases);
}

/* A bad item leaves the others. */
static void test_others_stay(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("bank_good.yaml", &length);
    memcpy(strstr(text, "type: order"), "type: ordre", 11);
    bank_t *bank = read_and_check("L25.yaml", text, length);
    assert_int_equal(bank_count(bank), 7);
    assert_int_equal(bank_errors(bank), 1);
    bank_close(bank);
    free(text);
}

/* ---- pictures ---- */

/* Somebody who draws: knows the place "run 7 level 2", three points, and no data with the word "bad". */
static bool draws(const void *self, const item_picture_t *picture, int *line, err_t *err)
{
    (void)self;
    const char *bad = strstr(picture->data, "bad");
    *line = 0;
    for (const char *c = picture->data; bad && c < bad; c++) *line += *c == '\n';
    *line += bad != NULL;
    return !bad || err_set(err, ERR_INPUT, "that is bad");
}

static bool has_place(const void *self, const item_picture_t *picture, const char *name, err_t *err)
{
    (void)self;
    (void)picture;
    return strncmp(name, "run ", 4) == 0 || err_set(err, ERR_INPUT, "no place \"%s\"", name);
}

static bool three(const void *self, const item_picture_t *picture, const char *what, int *count, err_t *err)
{
    (void)self;
    (void)picture;
    *count = 3;
    return strcmp(what, "points beyond 2 SD") == 0 || err_set(err, ERR_INPUT, "nothing to count");
}

static void with_pictures(const char *from, const char *to, int line, const char *words)
{
    static const picture_source_t source = {NULL, draws, has_place, three};
    size_t length;
    err_t err = {0};
    char *text = test_read("bank_good.yaml", &length), changed[FILE_LIMIT];
    const char *at = strstr(text, from);
    assert_non_null(at);
    int wrote = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_true(wrote > 0 && wrote < (int)sizeof changed);
    bank_t *bank = open_bank();
    bank_pictures(bank, &source);
    assert_true(bank_read(bank, "L25.yaml", (const unsigned char *)changed, (size_t)wrote, &err));
    const finding_t *found;
    size_t count = bank_findings(bank, &found);
    if (words && (count != 1 || !strstr(found[0].text, words) || found[0].line != line))
        fail_msg("%s: %zu findings, line %d \"%s\"", to, count, count ? found[0].line : 0, count ? found[0].text : "");
    if (!words && count) fail_msg("%s", found[0].text);
    bank_close(bank);
    free(text);
}

static void test_pictures(void **state)
{
    (void)state;
    with_pictures("draw: lj, seed: 8", "draw: lj, seed: 8", 0, NULL);
    with_pictures("{draw: lj, seed: 8}", "{draw: lj, seed: 8, data: \"runs: bad\"}", 135, "that is bad");
    with_pictures("{draw: lj, seed: 8}",
                  "\n      draw: lj\n      seed: 8\n      data: |\n        runs: 3\n        runs: bad", 140,
                  "that is bad");
    with_pictures("text: run 7 level 2", "text: point 7 level 2", 120, "no place \"point 7 level 2\"");
    with_pictures("value: 3, tolerance", "value: 4, tolerance", 136,
                  "the picture shows 3 (points beyond 2 SD), so the value is 3; found 4");
    with_pictures("counts: points beyond 2 SD", "counts: points beyond 2 SD, times: 2", 136,
                  "so the value is 6; found 3");
    with_pictures("counts: points beyond 2 SD", "counts: stars", 136, "nothing to count");
}

/* The words for a picture say what is to be seen and not the key. */
static void test_alt(void **state)
{
    static const char LJ[] = "{draw: lj, seed: 8, alt: \"%s\"}";
    static const struct {
        const char *alt, *said; /* NULL: nothing */
    } cases[] = {{"A chart of two control levels.", NULL},
                 {"Of two levels, run 7 level 2 stands highest.", "the words for the picture (alt) say the key"},
                 {"Three points are beyond 2 SD.", "tell the answer, a number"},
                 {"There are 3 points beyond the limits.", "tell the answer, a number"},
                 {"There are 13 points within the limits.", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int count = 0; count < 2; count++) { /* the hotspot item, then the count item */
            size_t length;
            err_t err = {0};
            char *text = test_read("bank_good.yaml", &length), changed[FILE_LIMIT], alt[200];
            const char *from = count ? "{draw: lj, seed: 8}" : "{draw: lj, seed: 7}", *at = strstr(text, from);
            assert_non_null(at);
            snprintf(alt, sizeof alt, LJ, cases[i].alt);
            int wrote = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, alt, at + strlen(from));
            assert_true(wrote > 0 && wrote < (int)sizeof changed);
            bank_t *bank = open_bank();
            assert_true(bank_read(bank, "L25.yaml", (const unsigned char *)changed, (size_t)wrote, &err));
            assert_true(bank_check(bank, false, &err));
            bool number = cases[i].said && strstr(cases[i].said, "number");
            bool meant = cases[i].said && number == (count == 1);
            if (meant != (cases[i].said && said(bank, cases[i].said)))
                fail_msg("\"%s\" (%d): %s", cases[i].alt, count, first_said(bank));
            bank_close(bank);
            free(text);
        }
}

/* ---- scoring ---- */

static double score(const bank_t *bank, const char *id, item_answer_t response)
{
    double credit;
    err_t err = {0};
    if (!item_score(bank_find(bank, id), &response, &credit, &err)) return -1;
    return credit;
}

static void test_scoring(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("bank_good.yaml", &length);
    bank_t *bank = read_and_check("L25.yaml", text, length);
    near("key", score(bank, "L25-01", (item_answer_t){.count = 1, .chosen = {1}}), 1, 0);
    near("distractor", score(bank, "L25-01", (item_answer_t){.count = 1, .chosen = {2}}), 0, 0);
    near("no option", score(bank, "L25-01", (item_answer_t){.count = 0}), -1, 0);
    near("unknown option", score(bank, "L25-01", (item_answer_t){.count = 1, .chosen = {4}}), -1, 0);
    near("both keys", score(bank, "L25-02", (item_answer_t){.count = 2, .chosen = {2, 0}}), 1, 0);
    near("one key", score(bank, "L25-02", (item_answer_t){.count = 1, .chosen = {0}}), 0.5, 1e-12);
    near("keys and one other", score(bank, "L25-02", (item_answer_t){.count = 3, .chosen = {0, 1, 2}}), 0.5, 1e-12);
    near("all", score(bank, "L25-02", (item_answer_t){.count = 4, .chosen = {0, 1, 2, 3}}), 0, 0);
    near("twice", score(bank, "L25-02", (item_answer_t){.count = 2, .chosen = {0, 0}}), -1, 0);
    near("in order", score(bank, "L25-03", (item_answer_t){.count = 4, .chosen = {0, 1, 2, 3}}), 1, 0);
    near("two exchanged", score(bank, "L25-03", (item_answer_t){.count = 4, .chosen = {1, 0, 2, 3}}), 4.0 / 6, 1e-12);
    near("turned over", score(bank, "L25-03", (item_answer_t){.count = 4, .chosen = {3, 2, 1, 0}}), 0, 0);
    near("a step missing", score(bank, "L25-03", (item_answer_t){.count = 3, .chosen = {0, 1, 2}}), -1, 0);
    near("matched", score(bank, "L25-04", (item_answer_t){.count = 3, .chosen = {0, 1, 2}}), 1, 0);
    near("the same right side", score(bank, "L25-04", (item_answer_t){.count = 3, .chosen = {0, 2, 1}}), 1, 0);
    near("one right", score(bank, "L25-04", (item_answer_t){.count = 3, .chosen = {1, 0, 2}}), 1.0 / 3, 1e-12);
    near("one left open", score(bank, "L25-04", (item_answer_t){.count = 3, .chosen = {0, 1, -1}}), 2.0 / 3, 1e-12);
    near("within", score(bank, "L25-05", (item_answer_t){.value = 4.35}), 1, 0);
    near("outside", score(bank, "L25-05", (item_answer_t){.value = 4.36}), 0, 0);
    near("unit", score(bank, "L25-05", (item_answer_t){.value = 4.3, .unit = "MMOL / L"}), 1, 0);
    near("wrong unit", score(bank, "L25-05", (item_answer_t){.value = 4.3, .unit = "mg/dL"}), 0, 0);
    near("not a number", score(bank, "L25-05", (item_answer_t){.value = (double)__builtin_nan("")}), -1, 0);
    near("count", score(bank, "L25-07", (item_answer_t){.value = 3}), 1, 0);
    assert_int_equal(item_mistake(bank_find(bank, "L25-05"), 3.7), 1);
    assert_int_equal(item_mistake(bank_find(bank, "L25-05"), 5), -1);
    bank_close(bank);
    free(text);
}

/* Of all answers only the right order is worth 1, and what is no order is refused. */
static void test_order_credit(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("bank_good.yaml", &length);
    bank_t *bank = read_and_check("L25.yaml", text, length);
    int full = 0;
    for (int code = 0; code < 256; code++) {
        item_answer_t r = {.count = 4, .chosen = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3}};
        double credit = score(bank, "L25-03", r);
        unsigned seen = 1u << r.chosen[0] | 1u << r.chosen[1] | 1u << r.chosen[2] | 1u << r.chosen[3];
        if (seen != 15) near("not an order", credit, -1, 0);
        full += credit == 1;
    }
    assert_int_equal(full, 1);
    bank_close(bank);
    free(text);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"12,500", 12500}, {" 2.34 ", 2.34}, {"-3", -3}, {"0.5", 0.5}, {"1,200.5", 1200.5}};
    static const char *const bad[] = {"", " ", "<5", "4 mmol", "1.2.3", "--1", "1e5", "nan", ",5"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!item_number(good[i].text, &value)) fail_msg("\"%s\" is a number", good[i].text);
        near(good[i].text, value, good[i].value, 1e-12);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (item_number(bad[i], &value)) fail_msg("\"%s\" is no number", bad[i]);
}

/* Every option comes to every place about as often; numbers and nothing else stay; steps are never in order. */
static void test_shuffle(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("bank_good.yaml", &length);
    bank_t *bank = read_and_check("L25.yaml", text, length);
    int first[4] = {0}, shown[ITEM_PARTS_MAX];
    for (uint64_t seed = 0; seed < 4000; seed++) {
        item_shuffle(bank_find(bank, "L25-01"), seed, shown);
        first[shown[0]]++;
        item_shuffle(bank_find(bank, "L25-03"), seed, shown);
        if (shown[0] == 0 && shown[1] == 1 && shown[2] == 2 && shown[3] == 3) fail_msg("the steps stand in order");
    }
    for (int i = 0; i < 4; i++) near("share of the first place", first[i] / 4000.0, 0.25, 0.03);
    bank_close(bank);
    free(text);
}

/* ---- words ---- */

static void test_reading_grade(void **state)
{
    (void)state;
    /* 6 words, 1 sentence, 6 syllables: 0.39*6 + 11.8*1 - 15.59 */
    near("short words", item_reading_grade("The cat sat on the mat."), 0.39 * 6 + 11.8 - 15.59, 1e-9);
    /* a run of vowels is one syllable: To-tal cal-cium is low, Why: 2 + 2 + 1 + 1 + 1 */
    near("two sentences", item_reading_grade("Total calcium is low. Why?"), 0.39 * 5 / 2 + 11.8 * 7 / 5 - 15.59, 1e-9);
    /* a number has one syllable and its point ends no sentence */
    near("numbers", item_reading_grade("It is 7.41 now."), 0.39 * 4 + 11.8 - 15.59, 1e-9);
    /* no word counts more than three */
    near("long word", item_reading_grade("Electrophoresis."), 0.39 + 11.8 * 3 - 15.59, 1e-9);
}

static void test_words(void **state)
{
    (void)state;
    assert_true(words_in("None of the above.", "none of the above"));
    assert_false(words_in("None of these are above", "none of the above"));
    assert_true(words_in("none none of the above", "none of the above"));
    assert_true(word_in("All units, always.", "always"));
    assert_false(word_in("hallway", "all"));
}

/* ---- rules over many items ---- */

static const char ITEM[] = "  - id: L25-%02d\n    type: single\n    programs: [MLT]\n    area: operations\n"
                           "    subarea: quality-control\n    objective: L25.1\n    level: recall\n    difficulty: %d\n"
                           "    difficulty_sd: 1\n    state: draft\n    version: 1\n    source: s\n    as_of: 2026-11\n"
                           "    stem: Which %s goes with %s and %s for %s and %s?\n    options:\n";

/* `count` items with four options; the key of item i stands in place[i % 4] and is longest where asked. */
static bank_t *many(int count, const int place[4], bool longest, bool alike)
{
    static const char *const words[] = {"ash", "bay", "cob", "den", "elm", "fig", "gum", "hay", "ivy", "jar", "keg"};
    text_t text;
    text_init(&text, FILE_LIMIT);
    text_add(&text, "lesson: L25\nitems:\n");
    for (int i = 0; i < count; i++) {
        int a = alike ? 0 : i;
        text_addf(&text, ITEM, i + 1, i % 3 - 1, words[a % 11], words[a / 11 % 11], words[(a * 3 + 1) % 11],
                  words[(a * 5 + 2) % 11], words[(a * 7 + 3 + a / 11) % 11]);
        for (int k = 0; k < 4; k++) {
            bool key = k == place[i % 4];
            text_addf(&text, "      - {text: %s%d%s, why: w%s}\n", words[(a + k) % 11], k,
                      key && longest ? " more" : "", key ? ", key: true" : "");
        }
    }
    bank_t *bank = read_and_check("L25.yaml", text.data, text.length);
    text_free(&text);
    return bank;
}

static void test_many(void **state)
{
    (void)state;
    static const int even[4] = {0, 1, 2, 3}, first[4] = {0, 0, 0, 1};
    bank_t *bank = many(40, even, false, false);
    assert_int_equal(bank_count(bank), 40);
    assert_false(said(bank, "each place takes"));
    assert_false(said(bank, "longer than every distractor"));
    assert_false(said(bank, "nearly the same"));
    bank_close(bank);
    bank = many(40, first, false, false);
    assert_true(said(bank, "the key is first in 30, second in 10, third in 0"));
    assert_true(bank_errors(bank) > 0);
    bank_close(bank);
    bank = many(40, even, true, false);
    assert_true(said(bank, "longer than every distractor in 40 of 40 items"));
    bank_close(bank);
    bank = many(2, even, false, true);
    assert_true(said(bank, "nearly the same as L25-01"));
    bank_close(bank);
}

/* The index by sorted sequences finds the same near-duplicates as comparing every pair. */
static void test_near_against_all_pairs(void **state)
{
    (void)state;
    static const int even[4] = {0, 1, 2, 3};
    bank_t *bank = many(99, even, false, false);
    const finding_t *found;
    size_t count = bank_findings(bank, &found), near_count = 0, expected = 0;
    for (size_t i = 0; i < count; i++) near_count += strstr(found[i].text, "nearly the same") != NULL;
    for (size_t i = 0; i < bank_count(bank); i++)
        for (size_t k = 0; k < i; k++) {
            char a[MANY][3 * WORD_MAX], b[MANY][3 * WORD_MAX];
            size_t n[2] = {0}, both = 0;
            for (int side = 0; side < 2; side++) {
                const item_t *item = bank_item(bank, side ? k : i);
                char all[2000], word[WORD_MAX], last[2][WORD_MAX] = {"", ""};
                const char *p = all;
                snprintf(all, sizeof all, "%s %s", item->stem, item->part[item_key(item)].text);
                for (int w = 0; word_next(&p, word); w++) {
                    char triple[3 * WORD_MAX];
                    snprintf(triple, sizeof triple, "%s %s %s", last[0], last[1], word);
                    memcpy(last[0], last[1], WORD_MAX);
                    memcpy(last[1], word, WORD_MAX);
                    bool known = w < 2;
                    for (size_t x = 0; x < n[side] && !known; x++) known = strcmp(side ? b[x] : a[x], triple) == 0;
                    if (!known) memcpy(side ? b[n[side]++] : a[n[side]++], triple, sizeof triple);
                }
            }
            for (size_t x = 0; x < n[0]; x++)
                for (size_t y = 0; y < n[1]; y++) both += strcmp(a[x], b[y]) == 0;
            expected += both * 100 >= (n[0] + n[1] - both) * 60;
        }
    assert_int_equal(near_count, expected);
    bank_close(bank);
}

/* ---- reviews ---- */

static bank_t *with_reviews(const char *reviews, const char *good, size_t length)
{
    const source_t *content = content_source();
    source_file_t *files = malloc(content->count * sizeof *files);
    assert_non_null(files);
    memcpy(files, content->files, content->count * sizeof *files);
    for (size_t i = 0; i < content->count; i++)
        if (strcmp(files[i].path, "items/reviews.csv") == 0) {
            files[i].bytes = (const unsigned char *)reviews;
            files[i].length = strlen(reviews);
        }
    source_t changed = {files, content->count};
    bank_t *bank;
    err_t err = {0};
    if (!bank_open(&bank, &changed, &err)) fail_msg("%s", err.text);
    if (!bank_read(bank, "L25.yaml", (const unsigned char *)good, length, &err) || !bank_check(bank, false, &err))
        fail_msg("%s", err.text);
    free(files);
    return bank;
}

static void test_reviews(void **state)
{
    (void)state;
    static const char head[] = "item,version,reader,answer,agrees,resolution,as_of\n";
    static const struct {
        const char *row, *said;
    } cases[] = {{"L25-01,1,reader 1,B,yes,,2026-11\n", NULL},
                 {"L25-01,2,reader 1,B,yes,,2026-11\n", "no blind review of its version 1"},
                 {"L25-01,1,reader 1,A,no,,2026-11\n", "a reader disagrees"},
                 {"L25-01,1,reader 1,A,no,stem mended,2026-11\n", NULL}};
    size_t length;
    char *good = test_read("bank_good.yaml", &length), text[300];
    text_t used;
    text_init(&used, FILE_LIMIT);
    char *at = strstr(good, "state: draft");
    text_add_n(&used, good, (size_t)(at - good));
    text_add(&used, "state: in_use");
    text_add(&used, at + strlen("state: draft"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%s%s", head, cases[i].row);
        bank_t *bank = with_reviews(text, used.data, used.length);
        if (cases[i].said ? !said(bank, cases[i].said) : bank_errors(bank) > 0)
            fail_msg("%s: %s", cases[i].row, first_said(bank));
        bank_close(bank);
    }
    text_free(&used);
    free(good);
}

/* What the program carries keeps to the rules. */
static void test_own_content(void **state)
{
    (void)state;
    err_t err = {0};
    bank_t *bank = open_bank();
    assert_true(bank_read_content(bank, content_source(), &err));
    assert_true(bank_check(bank, true, &err));
    if (bank_errors(bank)) fail_msg("%s", first_said(bank));
    int objectives;
    assert_int_equal(bank_lesson(bank, "L52", &objectives), PROGRAM_MLT);
    assert_int_equal(objectives, 5);
    assert_true(bank_area_known(bank, "chemistry", "lipids"));
    assert_false(bank_area_known(bank, "chemistry", "abo"));
    bank_close(bank);
}

/* By hand: 57 items of immunology are 5 % of 1,140, and the other areas fill the rest within their shares; 14 of the
 * circulatory system are 5 % of 280. More is possible only with more of these. */
static void test_proportions(void **state)
{
    (void)state;
    static const struct {
        const char *credential;
        int least;
        double share;
        const char *limit, *area;
    } cases[] = {{"ASCP-MLT", 900, 5, "Immunology", "immunology"},
                 {"ASCP-PBT", 250, 5, "Circulatory System", "circulatory"}};
    err_t err = {0};
    bank_t *bank = open_bank();
    assert_true(bank_read_content(bank, content_source(), &err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int placed, here = 0;
        const char *limit;
        unsigned program = i == 0 ? PROGRAM_MLT : PROGRAM_PBT;
        for (size_t k = 0; k < bank_count(bank); k++) {
            const item_t *item = bank_item(bank, k);
            here +=
                strcmp(item->area, cases[i].area) == 0 && (item->programs & program) && item->state != STATE_RETIRED;
        }
        int count = bank_in_proportion(bank, cases[i].credential, &placed, &limit);
        assert_true(count >= cases[i].least && count <= placed);
        assert_string_equal(limit, cases[i].limit);
        assert_int_equal(count, (int)(here * 100 / cases[i].share));
    }
    bank_close(bank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_file),    cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_alt),          cmocka_unit_test(test_cases),
        cmocka_unit_test(test_others_stay),  cmocka_unit_test(test_scoring),
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_shuffle),
        cmocka_unit_test(test_order_credit), cmocka_unit_test(test_words),
        cmocka_unit_test(test_many),         cmocka_unit_test(test_reading_grade),
        cmocka_unit_test(test_reviews),      cmocka_unit_test(test_own_content),
        cmocka_unit_test(test_proportions),  cmocka_unit_test(test_near_against_all_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
