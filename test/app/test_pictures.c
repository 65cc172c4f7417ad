/* Pictures and bench screens of items: every one of the content can be drawn, says what is seen and nothing of what it
 * was made from, has its places inside; what is to be counted is counted again in the finished drawing; data that are
 * wrong are refused with their line. */
#include "app/pictures.h"
#include "base/content.h"
#include "draw/field.h"
#include "draw/look.h"
#include "lab/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA = 8 * 1024 * 1024, SEEN = 400000, LEAST_PICTURES = 40, LEAST_OF_TYPE = 12, LEAST_NEXT = 24 };

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig"; /* it keeps what it read of the fonts until the process ends */
}

typedef struct {
    lab_t *lab;
    bank_t *bank;
    picture_source_t source;
    arena_t *arena;
} room_t;

static int setup(void **state)
{
    err_t err = {0};
    room_t *r = calloc(1, sizeof *r);
    assert_non_null(r);
    if (!lab_open(&r->lab, content_source(), &err) || !bank_open(&r->bank, content_source(), &err))
        fail_msg("%s", err.text);
    app_picture_source(r->lab, &r->source);
    bank_pictures(r->bank, &r->source);
    if (!bank_read_content(r->bank, content_source(), &err)) fail_msg("%s", err.text);
    r->arena = arena_new(ARENA);
    assert_non_null(r->arena);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    room_t *r = *state;
    arena_free(r->arena);
    bank_close(r->bank);
    lab_close(r->lab);
    free(r);
    return 0;
}

static app_exhibit_t *seen_of(room_t *r, const item_t *item)
{
    err_t err = {0};
    arena_reset(r->arena);
    app_exhibit_t *seen = arena_alloc(r->arena, sizeof *seen);
    assert_non_null(seen);
    if (!app_exhibit_of(r->lab, item, NULL, r->arena, seen, &err)) fail_msg("%s: %s", item->id, err.text);
    return seen;
}

static void drawn(room_t *r, const item_t *item, bool dark, text_t *svg)
{
    err_t err = {0};
    text_init(svg, 8 * 1024 * 1024);
    if (!app_exhibit_draw(r->lab, item, dark, svg, &err)) fail_msg("%s: %s", item->id, err.text);
}

/* Everything that a candidate can read of it, in one text. */
static void all_words(const app_exhibit_t *seen, text_t *out)
{
    text_init(out, SEEN);
    text_addf(out, "%s\n%s\n", seen->title, seen->alt);
    for (int i = 0; i < seen->line_count; i++) text_addf(out, "%s: %s\n", seen->line[i].label, seen->line[i].text);
    for (int t = 0; t < seen->table_count; t++) {
        const exhibit_table_t *table = &seen->table[t];
        text_addf(out, "%s\n", table->title);
        for (int c = 0; c < table->columns; c++) text_addf(out, "%s\t", table->head[c]);
        for (int i = 0; i < table->rows * table->columns; i++) text_addf(out, "%s\t", table->cell[i]);
    }
    assert_false(out->failed);
}

/* ---- all of them ---- */

static void test_content(void **state)
{
    room_t *r = *state;
    int types[ITEM_TYPES] = {0}, pictures = 0;
    for (size_t i = 0; i < bank_count(r->bank); i++) {
        const item_t *item = bank_item(r->bank, i);
        if (!item->picture.draw) continue;
        types[item->type]++;
        app_exhibit_t *seen = seen_of(r, item);
        assert_true(seen->there);
        assert_true(seen->drawn == (item->type != ITEM_NEXT));
        assert_true(strlen(seen->alt) > 10 && strlen(seen->tag) == 16);
        text_t svg, again, dark;
        if (!seen->drawn) continue;
        pictures += item->type == ITEM_SINGLE;
        drawn(r, item, false, &svg);
        drawn(r, item, false, &again);
        drawn(r, item, true, &dark);
        assert_int_equal(svg.length, again.length);
        assert_memory_equal(svg.data, again.data, svg.length);
        assert_true(dark.length != svg.length || memcmp(dark.data, svg.data, svg.length) != 0);
        char size[64];
        snprintf(size, sizeof size, "viewBox=\"0 0 %d ", seen->width);
        if (!strstr(svg.data, size)) fail_msg("%s: the picture is not %d wide", item->id, seen->width);
        text_free(&svg);
        text_free(&again);
        text_free(&dark);
    }
    assert_true(pictures >= LEAST_PICTURES);
    assert_true(types[ITEM_HOTSPOT] >= LEAST_OF_TYPE && types[ITEM_COUNT] >= LEAST_OF_TYPE);
    assert_true(types[ITEM_NEXT] >= LEAST_NEXT);
}

/* Neither the words nor the drawing tell how it was made or what the answer is. */
static void test_silence(void **state)
{
    static const char *const made[] = {
        "shift:", "trend:", "wide:", "breaks", "region", "cluster:", "spike", "drift:", "bump:", "inside:", "debris"};
    room_t *r = *state;
    for (size_t i = 0; i < bank_count(r->bank); i++) {
        const item_t *item = bank_item(r->bank, i);
        if (!item->picture.draw) continue;
        app_exhibit_t *seen = seen_of(r, item);
        text_t words, svg;
        all_words(seen, &words);
        for (size_t k = 0; k < sizeof made / sizeof *made; k++)
            if (strstr(words.data, made[k])) fail_msg("%s says \"%s\"", item->id, made[k]);
        for (int k = 0; k < item->parts; k++)
            if (strstr(words.data, item->part[k].why)) fail_msg("%s tells a rationale", item->id);
        if (strstr(words.data, item->id) || strstr(seen->tag, item->id)) fail_msg("%s names itself", item->id);
        if (item->type == ITEM_SINGLE && item->part[item_key(item)].text[0]) {
            const char *key = item->part[item_key(item)].text;
            if (strlen(key) > 12 && strstr(words.data, key)) fail_msg("%s says its key", item->id);
        }
        text_free(&words);
        if (!seen->drawn) continue;
        drawn(r, item, false, &svg);
        static const char *const never[] = {"<title", "<desc",  "<text",  "<!--",
                                            "data-",  "class=", "region", "neutrophil"};
        for (size_t k = 0; k < sizeof never / sizeof *never; k++)
            if (strstr(svg.data, never[k])) fail_msg("the picture of %s has %s", item->id, never[k]);
        if (strstr(svg.data, item->id)) fail_msg("the picture of %s names it", item->id);
        text_free(&svg);
    }
}

static void test_places(void **state)
{
    room_t *r = *state;
    for (size_t i = 0; i < bank_count(r->bank); i++) {
        const item_t *item = bank_item(r->bank, i);
        if (item->type != ITEM_HOTSPOT) continue;
        app_exhibit_t *seen = seen_of(r, item);
        assert_int_equal(seen->place_count, item->parts);
        for (int k = 0; k < seen->place_count; k++) {
            double x = seen->place[k].x, y = seen->place[k].y, width = seen->place[k].width,
                   height = seen->place[k].height;
            if (!(x >= 0 && y >= 0 && width >= 8 && height >= 8 && x + width <= seen->width &&
                  y + height <= seen->height))
                fail_msg("%s, %s: %.0f %.0f %.0f %.0f", item->id, item->part[k].text, x, y, width, height);
            for (int j = 0; j < k; j++) { /* they do not cover one another's middle */
                double dx = x + width / 2 - seen->place[j].x, dy = y + height / 2 - seen->place[j].y;
                if (dx > 0 && dx < seen->place[j].width && dy > 0 && dy < seen->place[j].height)
                    fail_msg("%s: %s lies on %s", item->id, item->part[k].text, item->part[j].text);
            }
        }
        /* in another order they are the same places */
        int turned[ITEM_PARTS_MAX];
        for (int k = 0; k < item->parts; k++) turned[k] = (k + 1) % item->parts;
        double first = seen->place[0].x, height = seen->place[0].y;
        app_exhibit_t other;
        err_t err = {0};
        assert_true(app_exhibit_of(r->lab, item, turned, r->arena, &other, &err));
        assert_true(other.place[item->parts - 1].x == first && other.place[item->parts - 1].y == height);
    }
}

/* ---- counted again in the drawing ---- */

typedef struct {
    double x, y;
    char width[16], stroke[16];
} mark_t;

static void attribute(const char *tag, const char *end, const char *name, char out[16])
{
    char wanted[24];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(tag, wanted);
    out[0] = '\0';
    if (at && at < end) sscanf(at + strlen(wanted), "%15[^\"]", out);
}

/* The next stroked path that was turned into its place, within the field. */
static bool next_mark(const char **at, double bottom, mark_t *mark)
{
    while ((*at = strstr(*at, "<path "))) {
        const char *tag = *at, *end = strchr(tag, '>'), *turn = strstr(tag, "matrix(");
        *at = end;
        if (!turn || turn > end) continue;
        if (sscanf(turn, "matrix(%*f,%*f,%*f,%*f,%lf,%lf", &mark->x, &mark->y) != 2) continue;
        attribute(tag, end, "stroke-width", mark->width);
        attribute(tag, end, "stroke", mark->stroke);
        if (mark->y < bottom) return true;
    }
    return false;
}

/* Each kind of cell has one line that no other kind in these pictures has, by its width and ink. */
static const struct {
    const char *what, *width, *stroke;
} SIGNS[] = {{"reticulocyte", "2.28", "#17201d"}, {"lymphocyte", ".9", "#4a5651"},
             {"eosinophil", "1.22", "#7a4a00"},   {"band", "5.71", "#0b5a5c"},
             {"nucleated red cell", "1.72", ""},  {"hypersegmented neutrophil", "1.22", "#4a5651"},
             {"platelet", ".6", "#4a5651"},       {"fragment", "1.33", ""}};

static int recount_film(const char *svg, const item_t *item, const app_exhibit_t *seen)
{
    int count = 0;
    mark_t mark;
    size_t k = 0;
    while (k < sizeof SIGNS / sizeof *SIGNS && strcmp(SIGNS[k].what, item->counts) != 0) k++;
    if (k == sizeof SIGNS / sizeof *SIGNS) fail_msg("%s: no sign of a %s", item->id, item->counts);
    double bottom = 26 + (double)seen->width * FIELD_HEIGHT / FIELD_WIDTH; /* below it: what the signs mean */
    for (const char *at = svg; next_mark(&at, bottom, &mark);)
        count += strcmp(mark.width, SIGNS[k].width) == 0 &&
                 (!SIGNS[k].stroke[0] || strcmp(mark.stroke, SIGNS[k].stroke) == 0);
    return count;
}

/* By the border rule, from where the circles lie: 26 pixels of title, the large square from 9 to 91 % of the side. */
static int recount_chamber(const char *svg)
{
    double side = FIELD_CHAMBER_SIDE, from = 0.09 * side, to = 0.91 * side, r = 0.0105 * side;
    int count = 0;
    mark_t mark;
    for (const char *at = svg; next_mark(&at, 1e9, &mark);) {
        double x = mark.x, y = mark.y - 26;
        bool touches = x > from - r && x < to + r && y > from - r && y < to + r;
        bool below = y > to - r, beside = x > to - r;
        count += touches && !below && !beside;
    }
    return count;
}

static void test_recount(void **state)
{
    room_t *r = *state;
    int recounted = 0;
    for (size_t i = 0; i < bank_count(r->bank); i++) {
        const item_t *item = bank_item(r->bank, i);
        if (item->type != ITEM_COUNT) continue;
        app_exhibit_t *seen = seen_of(r, item);
        text_t svg;
        drawn(r, item, false, &svg);
        bool chamber = strcmp(item->picture.draw, "chamber") == 0;
        int count = chamber ? recount_chamber(svg.data) : recount_film(svg.data, item, seen);
        double value = exact_round(count * item->times, item->decimals);
        if (exact_abs(value - item->value) > 1e-9)
            fail_msg("%s: %d are drawn, so %g; the item says %g", item->id, count, value, item->value);
        double credit;
        err_t err = {0};
        item_answer_t right = {.value = value}, wrong = {.value = value + item->tolerance + item->times + 0.5};
        assert_true(item_score(item, &right, &credit, &err) && credit > 0.999);
        assert_true(item_score(item, &wrong, &credit, &err) && credit < 0.001);
        text_free(&svg);
        recounted++;
    }
    assert_true(recounted >= LEAST_OF_TYPE);
}

/* The sum is known for other seeds, too, whatever the places drawn. */
static void test_seeds(void **state)
{
    room_t *r = *state;
    const char data[] = "title: x\ninside: 30\non: top | 2\non: left | 4\non: bottom | 3\non: right | 5\noutside: 4";
    for (uint64_t seed = 0; seed < 100; seed++) {
        item_t item = {.id = "x", .type = ITEM_COUNT, .picture = {.draw = "chamber", .seed = seed, .data = data}};
        int count;
        err_t err = {0};
        text_t svg;
        if (!r->source.count(r->source.self, &item.picture, "by the border rule", &count, &err))
            fail_msg("%s", err.text);
        assert_int_equal(count, 36);
        drawn(r, &item, false, &svg);
        assert_int_equal(recount_chamber(svg.data), 36);
        text_free(&svg);
    }
}

/* ---- what is refused ---- */

static void test_refused(void **state)
{
    static const struct {
        const char *draw, *data;
        int line;
        const char *words;
    } cases[] = {
        {"lj", "level: level 1\nruns: 20\nshfit: 0 | 3 | 2", 3, "knows the keys"},
        {"lj", "level: level 1\nruns: 20\nshift: 0 | 30 | 2", 3, "from 1 to 20"},
        {"lj", "level: level 1\nruns: 20\nshift: 2 | 3 | 2", 3, "from 0 to 1"},
        {"lj", "level: level 1\nruns twenty", 2, "key: value"},
        {"lj", "level: level 1\nruns: twenty", 2, "whole number"},
        {"lj", "level: level 1\nruns: 20\npoint: 1 | 9 | 3.6\nbreaks: 2-2s | 9", 4,
         "run 9 is the first that is rejected, by 1-3s"},
        {"lj", "level: level 1\nruns: 20\nnoise: 0.2\nbreaks: 1-3s | 9", 4, "no run is rejected"},
        {"lj", "level: level 1\nruns: 20\nmark: 3 | party", 3, "a mark is lot"},
        {"lj", "level: level 1\nruns: 20\nregion: here | 40 | 1", 0, "lies outside the picture"},
        {"lj", "runs: 20", 0, "level: level 1"},
        {"histogram", "range: 0 | 250\npeak: 88 | 0 | 1", 2, "field 2 of peak"},
        {"histogram", "range: 0 | 250", 0, "peak"},
        {"scatter", "cluster: a | 300 | 3 | 4 | 5 | 6", 1, "from 0 to 255"},
        {"film", "cell: unicorn | 3", 1, "no cell is drawn for \"unicorn\""},
        {"film", "cell: monocyte | 240", 0, "do not fit"},
        {"chamber", "inside: 30\non: middle | 3", 2, "top, left, bottom or right"},
        {"clot-curve", "end: 60", 0, "lines \"run\""},
        {"mixing", "row: patient | 70 | mxi", 1, "third field of row is mix"},
        {"tube", "cap: gold\nwith: glitter", 2, "found \"glitter\""},
        {"temperature", "days: 3\nallowed: 2 | 8\nbase: 4", 3, "takes 2 to 2 fields"},
        {"trend", "result: 0 | 1\nresult: 1 | x", 2, "field 2 of result"},
        {"bench-chemistry", "", 0, "needs lines"},
        {"bench-chemistry", "patient: woman | 50\nresult: potasium | 4.1", 2, "did you mean potassium"},
        {"bench-chemistry", "patient: woman | 50\nresult: potassium | 4.15", 2, "reported with 1 decimals"},
        {"bench-chemistry", "result: potassium | 4.1", 0, "results need a line \"patient"},
        {"bench-chemistry", "columns: A | b | c\nrow: ", 2, "takes"},
        {"bench-chemistry", "columns: A | b | c\nrow: 1 | 2 | 3", 2, "its table has 2 columns"},
        {"bench-chemistry", "row: 1 | 2", 1, "a row follows"},
        {"bench-kitchen", "message: a | b", 0, "no bench \"kitchen\""},
        {"smear", "cell: monocyte | 1", 0, "draws no \"smear\""},
    };
    const room_t *r = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        item_picture_t picture = {.draw = cases[i].draw, .seed = 7, .data = cases[i].data};
        int line = -1;
        err_t err = {0};
        if (r->source.check(r->source.self, &picture, &line, &err))
            fail_msg("%s: %s passed", cases[i].draw, cases[i].data);
        if (!strstr(err.text, cases[i].words) || line != cases[i].line)
            fail_msg("%s: line %d, \"%s\"; expected line %d, \"%s\"", cases[i].data, line, err.text, cases[i].line,
                     cases[i].words);
    }
}

/* Whatever stands in the data, nothing breaks. */
static void test_noise(void **state)
{
    static const char *const kinds[] = {"lj",        "youden", "temperature",    "trend",      "histogram",
                                        "scatter",   "film",   "chamber",        "clot-curve", "mixing",
                                        "dilutions", "tube",   "bench-chemistry"};
    static const char *const pieces[] = {
        "level: ", "runs: ",    "shift: ", "run: ",  "row: ", "cell: ",    "result: ", "range: ", "peak: ", "days: ",
        "base: ",  "cluster: ", "line: ",  "with: ", "a",     "potassium", "1",        "-3",      "1e9",    "0.5",
        "250",     " | ",       " | ",     " | ",    "\n",    "\n",        ":",        "x"};
    room_t *r = *state;
    rng_t rng = rng_at(5, 77, 0, 0);
    for (int round = 0; round < 3000; round++) {
        char data[400] = "";
        for (int k = 0; k < 24; k++) strcat(data, pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)]);
        const char *kind = kinds[rng_below(&rng, sizeof kinds / sizeof *kinds)];
        item_picture_t picture = {.draw = kind, .seed = rng_u64(&rng), .data = data};
        int line = 0;
        err_t err = {0};
        if (!r->source.check(r->source.self, &picture, &line, &err)) assert_true(err.text[0] && line >= 0);
    }
}

/* A screen takes its units, limits and flags from the laboratory. */
static void test_screen(void **state)
{
    room_t *r = *state;
    item_t item = {
        .id = "x",
        .type = ITEM_NEXT,
        .picture = {
            .draw = "bench-chemistry",
            .data =
                "time: 06:42\npatient: man | 64 | 5 East\nresult: potassium | 7.4 | 4.2\nresult: creatinine | 1.20 | "
                "-\nresult: sodium | 130 | 129\nmessage: Ward | waits"}};
    const app_exhibit_t *seen = seen_of(r, &item);
    text_t words;
    all_words(seen, &words);
    assert_false(seen->drawn);
    assert_string_equal(seen->title, "Chemistry, 06:42");
    assert_non_null(strstr(words.data, "Potassium\t7.4\u00a0mmol/L\tH, critical, delta\t4.2\t3.5 to 5.1"));
    assert_non_null(strstr(words.data, "Creatinine\t1.20\u00a0mg/dL\t\t\t0.74 to 1.35")); /* of a man */
    assert_non_null(strstr(words.data, "Sodium\t130\u00a0mmol/L\tL\t129"));
    assert_true(seen->line[seen->line_count - 1].message);
    text_free(&words);
    text_init(&words, SEEN);
    err_t err = {0};
    assert_false(app_exhibit_draw(r->lab, &item, false, &words, &err));
    text_free(&words);
}

/* ---- for who writes a picture ---- */

/* The table of keys is what the drawings know: each kind names its keys when it meets one that it does not know. */
static void test_keys(void **state)
{
    room_t *r = *state;
    bank_kind_view_t kind;
    int kinds = 0;
    for (size_t i = 0; bank_kind_at(r->bank, i, &kind); i++, kinds++) {
        picture_key_t keys[PICTURE_KEYS_MAX];
        int count, line, named = 1;
        const char *text;
        err_t err = {0};
        item_picture_t picture = {.draw = kind.draw, .seed = 7, .data = "nothing: 1"};
        arena_reset(r->arena);
        assert_true(app_picture_keys(content_source(), kind.draw, r->arena, keys, &count, &err));
        assert_false(r->source.check(r->source.self, &picture, &line, &err));
        text = strstr(err.text, "knows the keys ");
        if (!text) fail_msg("%s: %s", kind.draw, err.text);
        text += strlen("knows the keys ");
        for (const char *c = text; *c && *c != ';'; c++) named += *c == ',';
        for (int k = 0; k < count; k++) {
            if (!strstr(text, keys[k].key) || !keys[k].fields[0])
                fail_msg("%s does not know the key %s", kind.draw, keys[k].key);
        }
        if (strcmp(kind.draw, "youden") == 0) named--; /* it shares those of lj, but has no places */
        if (count != named) fail_msg("%s: %d keys in the table, %d in \"%s\"", kind.draw, count, named, text);
    }
    assert_int_equal(kinds, 16);
    picture_key_t none[PICTURE_KEYS_MAX];
    int count = 5;
    err_t err = {0};
    assert_true(app_picture_keys(content_source(), "smear", r->arena, none, &count, &err));
    assert_int_equal(count, 0);
}

/* Pointing at the corners of a place of the bank gives its numbers again, as near as whole numbers are. */
static void test_pointing(void **state)
{
    room_t *r = *state;
    int tried = 0, points = 0;
    for (size_t i = 0; i < bank_count(r->bank); i++) {
        const item_t *item = bank_item(r->bank, i);
        if (item->type != ITEM_HOTSPOT) continue;
        const app_exhibit_t *seen = seen_of(r, item);
        for (int k = 0; k < item->parts; k++, tried++) {
            double x = seen->place[k].x, y = seen->place[k].y, width = seen->place[k].width,
                   height = seen->place[k].height;
            char line[400];
            const char *at = item->picture.data;
            snprintf(line, sizeof line, "region: %s |", item->part[k].text);
            at = strstr(at, line);
            if (!at) fail_msg("%s has no line %s", item->id, line);
            at += strlen(line);
            text_t numbers;
            err_t err = {0};
            text_init(&numbers, 100);
            if (!app_picture_place(r->lab, &item->picture, (double[4]){x, y, x + width, y + height}, &numbers, &err))
                fail_msg("%s: %s", item->id, err.text);
            double wanted[4], got[4];
            int a = sscanf(at, " %lf | %lf | %lf | %lf", &wanted[0], &wanted[1], &wanted[2], &wanted[3]);
            int b = sscanf(numbers.data, "%lf | %lf | %lf | %lf", &got[0], &got[1], &got[2], &got[3]);
            bool chart = strcmp(item->picture.draw, "lj") == 0;
            assert_int_equal(a, b);
            for (int n = 0; n < a; n++) {
                double off = wanted[n] - got[n], most = chart ? 0 : 3.5; /* a narrow place is widened */
                if (off > most || off < -most) fail_msg("%s, %s: %s", item->id, item->part[k].text, numbers.data);
            }
            points += chart;
            text_free(&numbers);
        }
    }
    assert_true(tried > 30 && points > 5);
    text_t out;
    err_t err = {0};
    text_init(&out, 100);
    assert_false(app_picture_place(r->lab, &(item_picture_t){.draw = "film", .seed = 1, .data = "cell: band | 3"},
                                   (double[4]){1, 1, 9, 9}, &out, &err));
    assert_non_null(strstr(err.text, "has no places"));
    text_free(&out);
}

/* The author's words come first, then what the drawing says of itself. */
static void test_alt(void **state)
{
    room_t *r = *state;
    item_t item = {.id = "x", .type = ITEM_SINGLE, .picture = {.draw = "film", .seed = 3, .data = "cell: band | 3"}};
    char own[2000];
    snprintf(own, sizeof own, "%s", seen_of(r, &item)->alt);
    item.picture.alt = "A field of a stained film.";
    const char *both = seen_of(r, &item)->alt;
    assert_int_equal(strncmp(both, "A field of a stained film. ", 27), 0);
    assert_string_equal(both + 27, own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),  cmocka_unit_test(test_silence), cmocka_unit_test(test_places),
        cmocka_unit_test(test_recount),  cmocka_unit_test(test_seeds),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_noise),    cmocka_unit_test(test_screen),  cmocka_unit_test(test_keys),
        cmocka_unit_test(test_pointing), cmocka_unit_test(test_alt),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
