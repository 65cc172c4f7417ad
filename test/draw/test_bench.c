/* The pictures of cells and clots: what they refuse, that random input never breaks them, what their sentences say of
 * shapes made for the purpose, that a class shows by more than its color, how long they take. */
#include "base/rng.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig"; /* it keeps what it read of the fonts until the process ends */
}

#define NOT_A_NUMBER ((double)__builtin_nan(""))

static void refused(picture_kind_t kind, const void *input)
{
    text_t out, words;
    err_t err = {0};
    text_init(&out, DRAW_BYTES_LIMIT);
    text_init(&words, 1000);
    picture_t picture = {.kind = kind, .any = input};
    assert_false(draw_picture(&out, &picture, (draw_look_t){0}, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_true(strlen(err.text) > 10 && err.text[strlen(err.text) - 1] == '.');
    assert_int_equal(out.length, 0);
    draw_picture_describe(&words, &picture);
    assert_int_equal(words.length, 0);
    text_free(&out);
    text_free(&words);
}

static void test_refuse_cells(void **state)
{
    (void)state;
    float bins[4] = {0, 1, 2, 0};
    histogram_t good = {.bins = bins, .bin_count = 4, .last = 10}, h = good;
    h.bin_count = 0, refused(PICTURE_HISTOGRAM, &h);
    h.bin_count = HISTOGRAM_MAX_BINS + 1, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.bins = NULL, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.last = 0, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.first = NOT_A_NUMBER, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.line_count = 1, h.lines[0].at = 11, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.line_count = HISTOGRAM_MAX_LINES + 1, refused(PICTURE_HISTOGRAM, &h);
    float bad[4] = {0, (float)NOT_A_NUMBER, 1, 0};
    h = good, h.reference = bad, refused(PICTURE_HISTOGRAM, &h);
    h = good, h.bins = bad, refused(PICTURE_HISTOGRAM, &h);
    bad[1] = -1, refused(PICTURE_HISTOGRAM, &h);
    scatter_point_t point = {1, 2, 1};
    scatter_t fine = {.points = &point, .point_count = 1}, s = fine;
    s.point_count = SCATTER_MAX_POINTS + 1, refused(PICTURE_SCATTER, &s);
    s.point_count = -1, refused(PICTURE_SCATTER, &s);
    s = fine, s.points = NULL, refused(PICTURE_SCATTER, &s);
    s = fine, s.class_count = 1, s.classes[0].ink = INK_TEXT, refused(PICTURE_SCATTER, &s); /* of class 1 */
    s = fine, s.class_count = 2, s.classes[0].ink = INK_RULE, refused(PICTURE_SCATTER, &s);
    s = fine, s.class_count = SCATTER_MAX_CLASSES + 1, refused(PICTURE_SCATTER, &s);
    s = fine, s.gate_count = 1, s.gates[0].corner_count = 2, refused(PICTURE_SCATTER, &s);
}

static void test_refuse_clots(void **state)
{
    (void)state;
    curve_point_t points[3] = {{0, 1}, {1, 2}, {30, 3}};
    clot_curve_t good = {.limit_s = 200, .run_count = 1, .runs = {{NULL, points, 3, 20, 1}}}, c = good;
    c.run_count = 0, refused(PICTURE_CLOT, &c);
    c = good, c.runs[0].point_count = 1, refused(PICTURE_CLOT, &c);
    c = good, c.runs[0].clot_s = -1, refused(PICTURE_CLOT, &c);
    c = good, c.limit_s = NOT_A_NUMBER, refused(PICTURE_CLOT, &c);
    c = good, c.full = -5, refused(PICTURE_CLOT, &c);
    points[2].second = 0.5, c = good, refused(PICTURE_CLOT, &c); /* back in time */
    points[1].second = points[2].second = 0, refused(PICTURE_CLOT, &c);
    mixing_t fine = {.low = 25, .high = 35, .row_count = 1, .rows = {{"a", 30, false, false}}}, m = fine;
    m.row_count = 0, refused(PICTURE_MIXING, &m);
    m = fine, m.rows[0].seconds = -3, refused(PICTURE_MIXING, &m);
    m = fine, m.high = 20, refused(PICTURE_MIXING, &m);
    m = fine, m.high = NOT_A_NUMBER, refused(PICTURE_MIXING, &m);
    m = fine, m.word_count = MIXING_MAX_WORDS + 1, refused(PICTURE_MIXING, &m);
    parallelism_t lines = {.line_count = 1, .lines = {{"a", 2, {{10, 5}, {20, 3}}}}}, p = lines;
    p.lines[0].point_count = 1, refused(PICTURE_PARALLEL, &p); /* an axis of no width */
    p = lines, p.lines[0].points[1].value = 0, refused(PICTURE_PARALLEL, &p);
    p = lines, p.lines[0].points[1].dilution = 10, refused(PICTURE_PARALLEL, &p);
    p = lines, p.line_count = 9, refused(PICTURE_PARALLEL, &p);
    log_point_t entries[2] = {{1, 5}, {2, 5}};
    log_chart_t whole = {
        .day_count = 1, .low = 2, .high = 8, .gap_hours = 12, .points = entries, .point_count = 2, .mark_count = 1};
    log_chart_t l = whole;
    l.day_count = 0, refused(PICTURE_LOG, &l);
    l = whole, l.high = 2, refused(PICTURE_LOG, &l);
    l = whole, l.gap_hours = 0, refused(PICTURE_LOG, &l);
    l = whole, l.marks[0].hour = 25, refused(PICTURE_LOG, &l);
    l = whole, l.point_count = LOG_MAX_POINTS + 1, refused(PICTURE_LOG, &l);
    entries[1].value = NOT_A_NUMBER, l = whole, refused(PICTURE_LOG, &l);
}

static void test_refuse_study(void **state)
{
    (void)state;
    study_chart_band_t bands[2] = {{-1, 10, 0.1, 0.3, 0.3}, {1, 0, NOT_A_NUMBER, 0, 0}}; /* nobody: not looked at */
    double exposure[2] = {0.5, 0.1};
    study_chart_area_t area = {"a", 2, 4, 3, 2, 4};
    study_chart_step_t steps[2] = {{-1, 5, 5}, {1, 5, 3}};
    const study_chart_t good = {NULL, NULL, bands, 2, exposure, 2, 0.5, &area, 1, steps, 2};
    study_chart_t s = good;
    picture_t picture = {.kind = PICTURE_STUDY, .any = &good};
    assert_true(draw_picture_size(&picture, &(double){0}, &(double){0}, NULL));
    s.band_count = 1, refused(PICTURE_STUDY, &s);
    s = good, s.item_count = 0, refused(PICTURE_STUDY, &s);
    s = good, s.bound = 1.5, refused(PICTURE_STUDY, &s);
    s = good, s.step_count = 1, refused(PICTURE_STUDY, &s);
    s = good, s.area_count = STUDY_CHART_AREAS_MAX + 1, refused(PICTURE_STUDY, &s);
    area.mean = 5, refused(PICTURE_STUDY, &good);
    area.mean = 3, steps[1].right = 6, refused(PICTURE_STUDY, &good);
    steps[1].right = 3, exposure[1] = 0.6, refused(PICTURE_STUDY, &good); /* rises */
    exposure[1] = 0.1, bands[0].rmse = NOT_A_NUMBER, refused(PICTURE_STUDY, &good);
}

/* ---- random input ---- */

typedef struct {
    float bins[64], reference[64];
    scatter_point_t points[400];
    curve_point_t clot[2][64];
    log_point_t entries[100];
    histogram_t histogram;
    scatter_t scatter;
    clot_curve_t curve;
    mixing_t mixing;
    parallelism_t parallel;
    log_chart_t log;
} wild_t;

static const char *wild_word(rng_t *rng)
{
    static const char *const words[] = {NULL,       "",       "run",
                                        "\xff\xfe", "<b>&\"", "a name much too long for where it is to stand"};
    return words[rng_below(rng, 6)];
}

/* Mostly a plain number, now and then none, a huge or a negative one. */
static double wild(rng_t *rng, double most)
{
    uint32_t kind = rng_below(rng, 40);
    double value = rng_uniform(rng) * most;
    return kind == 0 ? NOT_A_NUMBER : kind == 1 ? 1e300 : kind == 2 ? -value : kind == 3 ? 0 : kind == 4 ? 9e8 : value;
}

static int wild_count(rng_t *rng, int most)
{
    return (int)rng_below(rng, 30) == 0 ? -1 + (int)rng_below(rng, 3) * most : (int)rng_below(rng, (uint32_t)most + 1);
}

static void wild_cells(wild_t *w, rng_t *rng)
{
    bool calm = rng_below(rng, 4) != 0; /* so that enough of it is drawn */
    for (int i = 0; i < 64; i++) {
        w->bins[i] = (float)(calm ? rng_uniform(rng) * 100 : wild(rng, 100));
        w->reference[i] = (float)(rng_uniform(rng) * 5);
    }
    histogram_t *h = &w->histogram;
    *h = (histogram_t){.title = wild_word(rng), .axis = wild_word(rng), .bins = w->bins, .small = rng_below(rng, 2)};
    h->bin_count = calm ? 4 + (int)rng_below(rng, 61) : (int)rng_below(rng, 65);
    h->first = wild(rng, 50);
    h->last = h->first + wild(rng, 300);
    if (rng_below(rng, 2)) h->reference = w->reference;
    h->line_count = (int)rng_below(rng, HISTOGRAM_MAX_LINES + 1);
    for (int i = 0; i < h->line_count; i++)
        h->lines[i] = (histogram_line_t){h->first + rng_uniform(rng) * (h->last - h->first), wild_word(rng)};
    scatter_t *s = &w->scatter;
    *s = (scatter_t){.title = wild_word(rng), .points = w->points, .x_axis = wild_word(rng), .y_axis = wild_word(rng)};
    s->point_count = (int)rng_below(rng, 401);
    s->class_count = wild_count(rng, SCATTER_MAX_CLASSES);
    s->labels = rng_below(rng, 2);
    s->small = rng_below(rng, 2);
    for (int i = 0; i < 400; i++) {
        uint32_t kind = s->class_count > 0 ? rng_below(rng, (uint32_t)s->class_count) : 0;
        s->class_count = s->class_count > SCATTER_MAX_CLASSES ? SCATTER_MAX_CLASSES + 1 : s->class_count;
        w->points[i] = (scatter_point_t){(uint8_t)rng_below(rng, 256), (uint8_t)rng_below(rng, 256),
                                         (uint8_t)(rng_below(rng, 9) ? kind : SCATTER_NOT_TOLD)};
    }
    for (int i = 0; i < SCATTER_MAX_CLASSES; i++)
        s->classes[i] = (scatter_class_t){wild_word(rng), (scatter_mark_t)rng_below(rng, SCATTER_MARKS), INK_INFO};
    s->gate_count = (int)rng_below(rng, SCATTER_MAX_GATES + 1);
    for (int g = 0; g < s->gate_count; g++) {
        s->gates[g].name = wild_word(rng);
        s->gates[g].corner_count = 3 + wild_count(rng, SCATTER_MAX_CORNERS - 3);
        for (int i = 0; i < SCATTER_MAX_CORNERS; i++) s->gates[g].x[i] = (uint8_t)rng_below(rng, 256);
    }
}

static void wild_clots(wild_t *w, rng_t *rng)
{
    w->curve = (clot_curve_t){.title = wild_word(rng), .signal = wild_word(rng), .small = rng_below(rng, 2)};
    w->curve.limit_s = wild(rng, 300);
    w->curve.end_s = rng_below(rng, 2) ? 0 : wild(rng, 300);
    w->curve.full = rng_below(rng, 2) ? 0 : wild(rng, 100);
    w->curve.run_count = wild_count(rng, 2);
    for (int r = 0; r < 2; r++) {
        double at = 0;
        for (int i = 0; i < 64; i++) {
            at += rng_uniform(rng) * 5;
            double signal = rng_below(rng, 900) ? rng_uniform(rng) * 90 - 20 : wild(rng, 9);
            w->clot[r][i] = (curve_point_t){at, signal};
        }
        w->curve.runs[r] = (clot_run_t){wild_word(rng), w->clot[r], (int)rng_below(rng, 65), NOT_A_NUMBER, 0};
        w->curve.runs[r].clot_s = wild(rng, 400);
        w->curve.runs[r].baseline = wild(rng, 50);
    }
    w->mixing = (mixing_t){.title = wild_word(rng), .low = wild(rng, 30)};
    w->mixing.high = w->mixing.low + wild(rng, 20);
    w->mixing.row_count = wild_count(rng, MIXING_MAX_ROWS);
    w->mixing.word_count = wild_count(rng, MIXING_MAX_WORDS);
    for (int i = 0; i < MIXING_MAX_ROWS; i++) {
        w->mixing.rows[i] = (mixing_row_t){wild_word(rng), 0, rng_below(rng, 3) == 0, rng_below(rng, 2)};
        w->mixing.rows[i].seconds = wild(rng, 120);
    }
    w->parallel = (parallelism_t){.title = wild_word(rng), .y_axis = wild_word(rng)};
    w->parallel.decimals = (int)rng_below(rng, 60) - 20;
    w->parallel.line_count = wild_count(rng, PARALLEL_MAX_LINES);
    for (int k = 0; k < PARALLEL_MAX_LINES; k++) {
        double dilution = 1;
        w->parallel.lines[k].name = wild_word(rng);
        w->parallel.lines[k].point_count = wild_count(rng, PARALLEL_MAX_POINTS);
        for (int i = 0; i < PARALLEL_MAX_POINTS; i++) {
            dilution *= 1.001 + rng_uniform(rng) * 3;
            double value = rng_below(rng, 50) ? rng_uniform(rng) * 150 : wild(rng, 1);
            w->parallel.lines[k].points[i] = (parallel_point_t){dilution, value};
        }
    }
    w->log = (log_chart_t){.title = wild_word(rng), .unit = wild_word(rng), .points = w->entries};
    w->log.decimals = (int)rng_below(rng, 60) - 20;
    w->log.day_count = wild_count(rng, LOG_MAX_DAYS);
    w->log.low = wild(rng, 5);
    w->log.high = w->log.low + wild(rng, 6);
    w->log.gap_hours = wild(rng, 30);
    w->log.point_count = (int)rng_below(rng, 101);
    w->log.mark_count = wild_count(rng, LOG_MAX_MARKS);
    for (int i = 0; i < 100; i++) {
        double value = rng_below(rng, 500) ? rng_uniform(rng) * 12 : wild(rng, 9);
        w->entries[i] = (log_point_t){0.24 * i * w->log.day_count, value};
    }
    for (int i = 0; i < LOG_MAX_MARKS; i++)
        w->log.marks[i] = (log_mark_t){rng_uniform(rng) * 24 * w->log.day_count, wild_word(rng)};
}

/* A picture is drawn and described, or refused with a sentence: nothing else. Most kinds of it must be drawn often. */
static void test_random(void **state)
{
    (void)state;
    enum { ROUNDS = 150 };
    int drawn[PICTURE_KINDS] = {0};
    wild_t *w = calloc(1, sizeof *w);
    for (int round = 0; round < ROUNDS; round++) {
        rng_t rng = rng_at(31, 1, (uint64_t)round, 0);
        wild_cells(w, &rng);
        wild_clots(w, &rng);
        const picture_t pictures[] = {{.kind = PICTURE_HISTOGRAM, .histogram = &w->histogram},
                                      {.kind = PICTURE_SCATTER, .scatter = &w->scatter},
                                      {.kind = PICTURE_CLOT, .clot = &w->curve},
                                      {.kind = PICTURE_MIXING, .mixing = &w->mixing},
                                      {.kind = PICTURE_PARALLEL, .parallel = &w->parallel},
                                      {.kind = PICTURE_LOG, .log = &w->log}};
        for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
            static const double widths[] = {0, 12, 60, 300, 1500};
            draw_look_t look = {.width = widths[rng_below(&rng, 5)]};
            if (rng_below(&rng, 3) == 0) look.height = 10 + rng_below(&rng, 200);
            text_t out, words;
            err_t err = {0};
            text_init(&out, DRAW_BYTES_LIMIT);
            text_init(&words, 10000);
            bool done = draw_picture(&out, &pictures[i], look, &err);
            draw_picture_describe(&words, &pictures[i]);
            if (done) {
                drawn[pictures[i].kind]++;
                assert_null(strstr(out.data, "nan"));
                assert_null(strstr(out.data, "inf"));
                assert_int_equal(words.data[words.length - 1], '.');
            } else {
                assert_int_equal(err.code, ERR_INPUT);
                assert_true(strlen(err.text) > 10);
            }
            text_free(&out);
            text_free(&words);
        }
    }
    free(w);
    for (int kind = PICTURE_HISTOGRAM; kind <= PICTURE_LOG; kind++)
        if (drawn[kind] < ROUNDS / 10) fail_msg("kind %d was drawn only %d times", kind, drawn[kind]);
}

/* ---- words and marks ---- */

static void says(picture_kind_t kind, const void *input, const char *part, bool yes)
{
    text_t words;
    text_init(&words, 4000);
    draw_picture_describe(&words, &(picture_t){.kind = kind, .any = input});
    assert_non_null(words.data);
    if ((strstr(words.data, part) != NULL) != yes) fail_msg("%s: \"%s\"", words.data, part);
    text_free(&words);
}

static void test_histogram_words(void **state)
{
    (void)state;
    float bins[11] = {0, 0, 50, 100, 50, 0, 25, 50, 50, 25, 20};
    histogram_t h = {.bins = bins, .bin_count = 11, .last = 100, .line_count = 1, .lines = {{50, "limit"}}};
    says(PICTURE_HISTOGRAM, &h, "2 peaks at 30 fL, 70 fL (50 % as high);", true); /* a level summit counts once */
    says(PICTURE_HISTOGRAM, &h, "limit at 50 fL: 54.1 % of events below, 45.9 % above", true);
    says(PICTURE_HISTOGRAM, &h, "at 0 fL on the base line", true);
    says(PICTURE_HISTOGRAM, &h, "at 100 fL not on the base line, 20 % of its peak", true);
    bins[10] = 0;
    bins[4] = 97, bins[5] = 99; /* a dip of 2 % is a bump, not a peak */
    says(PICTURE_HISTOGRAM, &h, "2 peaks at 30 fL, 70 fL (50 % as high); 1 smaller bump", true);
    says(PICTURE_HISTOGRAM, &h, "not on the base line", false);
    memset(bins, 0, sizeof bins);
    says(PICTURE_HISTOGRAM, &h, "no events.", true);
}

/* Two classes of one ink and different marks give different pictures; points of no class show none. */
static void test_marks_differ(void **state)
{
    (void)state;
    scatter_point_t points[2] = {{60, 60, 0}, {200, 200, 0}};
    text_t bytes[SCATTER_MARKS];
    for (int mark = 0; mark < SCATTER_MARKS; mark++) {
        scatter_t s = {.points = points, .point_count = 2, .class_count = 1};
        s.classes[0] = (scatter_class_t){"a", (scatter_mark_t)mark, INK_TEXT};
        text_init(&bytes[mark], DRAW_BYTES_LIMIT);
        assert_true(draw_scatter(&bytes[mark], &s, (draw_look_t){0}, NULL));
        for (int other = 0; other < mark; other++) assert_string_not_equal(bytes[mark].data, bytes[other].data);
    }
    for (int mark = 0; mark < SCATTER_MARKS; mark++) text_free(&bytes[mark]);
    scatter_t told = {.points = points, .point_count = 2}, other = told;
    scatter_point_t classed[2] = {{60, 60, 3}, {200, 200, 1}};
    other.points = classed;
    text_t a, b;
    text_init(&a, DRAW_BYTES_LIMIT);
    text_init(&b, DRAW_BYTES_LIMIT);
    assert_true(draw_scatter(&a, &told, (draw_look_t){0}, NULL) && draw_scatter(&b, &other, (draw_look_t){0}, NULL));
    assert_string_equal(a.data, b.data);
    text_free(&a);
    text_free(&b);
}

static void test_speed(void **state)
{
    (void)state;
    enum { ROUNDS = 10 };
    sample_t list[SAMPLE_MAX];
    int count = 0;
    bench_samples_t *samples = bench_samples_make(list, &count);
    for (int i = 0; i < count; i++) {
        struct timespec from, to;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        for (int k = 0; k < ROUNDS; k++) {
            text_t svg;
            text_init(&svg, DRAW_BYTES_LIMIT);
            assert_true(draw_picture(&svg, &list[i].picture, (draw_look_t){.width = list[i].width}, NULL));
            text_free(&svg);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double ms = ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / ROUNDS;
        print_message("%s: %.2f ms\n", list[i].name, ms);
        assert_true(ms < 150); /* with sanitizers on a busy machine */
    }
    bench_samples_free(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuse_cells),    cmocka_unit_test(test_refuse_clots),
        cmocka_unit_test(test_refuse_study),    cmocka_unit_test(test_random),
        cmocka_unit_test(test_histogram_words), cmocka_unit_test(test_marks_differ),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
