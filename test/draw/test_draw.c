/* Every picture in every format and scheme: it is there, its size is right, it is as dark as it should be, it is the
 * same twice, its SVG is well formed and clean, its sentence says what it shows. `TITER_DRAW_OUT=DIR` keeps the files.
 */
#include "samples.h"

#include <cairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { SVG_LIMIT = 60 * 1024, TAG_DEPTH = 64 };

/* fontconfig keeps what it read of the fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

typedef struct {
    samples_t *samples;
    sample_t list[SAMPLE_MAX];
    int count;
} state_t;

static int set_up(void **state)
{
    state_t *s = calloc(1, sizeof *s);
    s->samples = samples_make(s->list, &s->count);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    state_t *s = *state;
    samples_free(s->samples);
    free(s);
    return 0;
}

static void keep(const char *name, const char *extension, const text_t *bytes)
{
    const char *folder = getenv("TITER_DRAW_OUT");
    if (!folder) return;
    char path[400];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, extension);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes->data, 1, bytes->length, file);
    fclose(file);
}

static text_t drawn(const picture_t *picture, draw_look_t look)
{
    text_t out;
    err_t err = {0};
    text_init(&out, DRAW_BYTES_LIMIT);
    if (!draw_picture(&out, picture, look, &err)) fail_msg("%s", err.text);
    return out;
}

/* ---- PNG ---- */

typedef struct {
    const text_t *bytes;
    size_t at;
} reader_t;

static cairo_status_t read_some(void *closure, unsigned char *data, unsigned length)
{
    reader_t *r = closure;
    if (r->at + length > r->bytes->length) return CAIRO_STATUS_READ_ERROR;
    memcpy(data, r->bytes->data + r->at, length);
    r->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *pixels_of(const text_t *png)
{
    reader_t reader = {png, 0};
    cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_some, &reader);
    assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    return image;
}

static uint32_t pixel(cairo_surface_t *image, int x, int y)
{
    const unsigned char *row =
        cairo_image_surface_get_data(image) + (size_t)y * (size_t)cairo_image_surface_get_stride(image);
    uint32_t value;
    memcpy(&value, row + (size_t)x * 4, 4);
    return value;
}

/* The share of pixels that differ from `ground`. */
static double ink(cairo_surface_t *image, uint32_t ground)
{
    int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    size_t n = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) n += pixel(image, x, y) != ground;
    return (double)n / ((double)w * h);
}

/* How many pixels of that color, of a picture on an opaque ground. */
static int count_color(const picture_t *picture, draw_look_t look, uint32_t rgb)
{
    look.format = DRAW_PNG;
    text_t png = drawn(picture, look);
    cairo_surface_t *image = pixels_of(&png);
    int n = 0, w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) n += (pixel(image, x, y) & 0xffffff) == rgb;
    cairo_surface_destroy(image);
    text_free(&png);
    return n;
}

static void test_png(void **state)
{
    static const char *const schemes[] = {"light", "dark", "paper"};
    const state_t *s = *state;
    for (int i = 0; i < s->count; i++) {
        for (int scheme = 0; scheme < DRAW_SCHEMES; scheme++) {
            const sample_t *sample = &s->list[i];
            draw_look_t look = {.format = DRAW_PNG, .scheme = (draw_scheme_t)scheme, .width = sample->width};
            text_t png = drawn(&sample->picture, look);
            cairo_surface_t *image = pixels_of(&png);
            double width, height;
            assert_true(draw_picture_size(&sample->picture, &width, &height, NULL));
            if (sample->width > 0) width = sample->width;
            assert_int_equal(cairo_image_surface_get_width(image), (int)(width * DRAW_PNG_SCALE + 0.5));
            bool clear = sample->picture.kind == PICTURE_SPARK || sample->picture.kind == PICTURE_TUBE;
            uint32_t ground = clear ? 0 : pixel(image, 0, 0);
            if (!clear) assert_int_equal(ground & 0xffffff, draw_color(look.scheme, INK_SHEET));
            double share = ink(image, ground);
            if (share < sample->ink_low || share > sample->ink_high)
                fail_msg("%s %s: %.4f of it is ink, not %.4f to %.4f", sample->name, schemes[scheme], share,
                         sample->ink_low, sample->ink_high);
            char name[80];
            snprintf(name, sizeof name, "%s-%s", sample->name, schemes[scheme]);
            keep(name, "png", &png);
            cairo_surface_destroy(image);
            text_free(&png);
        }
    }
}

/* ---- SVG ---- */

/* Tags balance, attributes are quoted, no name occurs that a strict policy or a curious eye would mind. */
static void check_svg(const char *name, const char *svg)
{
    static const char *const forbidden[] = {"style", "<script", "<title",  "<desc", "<metadata", "<!--",
                                            "xlink", "on",      "surface", "nan",   "inf",       "data:"};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (strcmp(forbidden[i], "on") == 0) {
            if (strstr(svg, " onload") || strstr(svg, " onclick")) fail_msg("%s has a handler", name);
        } else if (strstr(svg, forbidden[i])) {
            fail_msg("%s has \"%s\" in it", name, forbidden[i]);
        }
    }
    const char *open[TAG_DEPTH];
    size_t lengths[TAG_DEPTH];
    int depth = 0, roots = 0;
    for (const char *p = svg; *p;) {
        if (*p != '<') fail_msg("%s has text outside tags: %.20s", name, p);
        const char *tag = ++p;
        bool closing = *p == '/';
        if (closing) tag = ++p;
        while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')) p++;
        size_t length = (size_t)(p - tag);
        assert_true(length > 0);
        while (*p == ' ') {
            p += strcspn(p, "=>");
            assert_int_equal(p[0], '=');
            assert_int_equal(p[1], '"');
            p += 2;
            p += strcspn(p, "\"<");
            assert_int_equal(*p, '"');
            p++;
        }
        bool empty = *p == '/';
        if (empty) p++;
        assert_int_equal(*p, '>');
        p++;
        if (closing) {
            assert_true(depth > 0);
            depth--;
            assert_true(lengths[depth] == length && memcmp(open[depth], tag, length) == 0);
        } else if (!empty) {
            assert_true(depth < TAG_DEPTH);
            if (!depth) roots++;
            open[depth] = tag;
            lengths[depth++] = length;
        }
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

/* Every reference has its target. */
static void check_references(const char *name, const char *svg)
{
    for (const char *p = strstr(svg, "href=\"#"); p; p = strstr(p + 1, "href=\"#")) {
        size_t length = strcspn(p + 7, "\"");
        char id[60];
        snprintf(id, sizeof id, "id=\"%.*s\"", (int)length, p + 7);
        if (!strstr(svg, id)) fail_msg("%s: nothing has %s", name, id);
    }
}

static void test_svg(void **state)
{
    const state_t *s = *state;
    for (int i = 0; i < s->count; i++) {
        const sample_t *sample = &s->list[i];
        draw_look_t look = {.format = DRAW_SVG, .width = sample->width};
        text_t svg = drawn(&sample->picture, look), again = drawn(&sample->picture, look);
        keep(sample->name, "svg", &svg);
        if (svg.length > SVG_LIMIT) fail_msg("%s is %zu bytes", sample->name, svg.length);
        assert_int_equal(svg.length, again.length);
        assert_memory_equal(svg.data, again.data, svg.length);
        check_svg(sample->name, svg.data);
        check_references(sample->name, svg.data);
        if (getenv("TITER_DRAW_OUT")) printf("%-16s %6zu bytes of SVG\n", sample->name, svg.length);
        text_free(&svg);
        text_free(&again);
    }
}

static void test_pdf(void **state)
{
    const state_t *s = *state;
    for (int i = 0; i < s->count; i++) {
        draw_look_t look = {.format = DRAW_PDF, .scheme = DRAW_PAPER};
        text_t pdf = drawn(&s->list[i].picture, look), again = drawn(&s->list[i].picture, look);
        assert_true(pdf.length > 500 && memcmp(pdf.data, "%PDF-", 5) == 0);
        assert_int_equal(pdf.length, again.length);
        assert_memory_equal(pdf.data, again.data, pdf.length);
        text_free(&pdf);
        text_free(&again);
    }
}

/* ---- words ---- */

static void test_describe(void **state)
{
    const state_t *s = *state;
    for (int i = 0; i < s->count; i++) {
        text_t words;
        text_init(&words, 4000);
        draw_picture_describe(&words, &s->list[i].picture);
        if (getenv("TITER_DRAW_OUT")) printf("%s: %s\n", s->list[i].name, words.data);
        assert_non_null(words.data);
        if (s->list[i].describe) assert_string_equal(words.data, s->list[i].describe);
        assert_int_equal(words.data[words.length - 1], '.');
        text_free(&words);
    }
}

/* ---- what a picture may not tell ---- */

static text_t tube_bytes(const tube_picture_t *tube)
{
    return drawn(&(picture_t){.kind = PICTURE_TUBE, .tube = tube}, (draw_look_t){.format = DRAW_SVG});
}

static void test_unspun_tube_hides_serum(void **state)
{
    (void)state;
    tube_picture_t plain = {.cap = "gold", .additive = "gel", .gel = true, .fill = 0.9, .label = TUBE_LABEL_STRAIGHT};
    tube_picture_t red = plain;
    red.serum = TUBE_SERUM_RED | TUBE_SERUM_MILKY;
    red.fibrin = true;
    text_t a = tube_bytes(&plain), b = tube_bytes(&red), words_a, words_b;
    assert_string_equal(a.data, b.data);
    text_init(&words_a, 1000);
    text_init(&words_b, 1000);
    draw_tube_describe(&words_a, &plain);
    draw_tube_describe(&words_b, &red);
    assert_string_equal(words_a.data, words_b.data);
    text_free(&b);
    red.spun = plain.spun = true;
    b = tube_bytes(&red);
    assert_string_not_equal(a.data, b.data);
    text_free(&a);
    text_free(&b);
    text_free(&words_a);
    text_free(&words_b);
}

/* A point far out that nobody judged is drawn like any other. */
static void test_not_judged_shows_no_state(void **state)
{
    (void)state;
    lj_point_t points[2] = {{.run = 1, .z = {0.2}}, {.run = 2, .z = {3.4}}};
    lj_chart_t chart = {.level_count = 1, .levels = {{"level 1", 0, 0, 0}}, .points = points, .point_count = 2};
    picture_t picture = {.kind = PICTURE_LJ, .lj = &chart};
    draw_look_t look = {.scheme = DRAW_LIGHT};
    uint32_t warn = draw_color(DRAW_LIGHT, INK_WARN), crit = draw_color(DRAW_LIGHT, INK_CRIT);
    int warn_before = count_color(&picture, look, warn), crit_before = count_color(&picture, look, crit);
    points[1].z[0] = 0.1;
    /* The far point covered a little of the line under it; no more than that may differ. */
    int crit_now = count_color(&picture, look, crit);
    if (abs(crit_now - crit_before) > 60) fail_msg("%d and %d pixels of the color of rejection", crit_before, crit_now);
    points[1].judged[0] = LJ_WARNING;
    assert_true(count_color(&picture, look, warn) > warn_before + 40);
    points[1].judged[0] = LJ_REJECT;
    assert_true(count_color(&picture, look, crit) > crit_before + 40);
}

/* Every state of a place, and a STAT order, is told without color and in words. */
static void test_racks_tell_states(void **state)
{
    (void)state;
    text_t seen[RACKS_STATES + 1], said[RACKS_STATES + 1];
    for (int i = 0; i <= RACKS_STATES; i++) {
        racks_rack_t rack = {.number = 1, .places = 5};
        rack.place[0] = (racks_place_t){(racks_state_t)(i % RACKS_STATES), "gold", "26-1001", false};
        if (i == RACKS_STATES) rack.place[0] = (racks_place_t){RACKS_WAITING, "gold", "26-1001", true};
        racks_picture_t racks = {"AN-1", &rack, 1};
        seen[i] = drawn(&(picture_t){.kind = PICTURE_RACKS, .racks = &racks}, (draw_look_t){.scheme = DRAW_PAPER});
        text_init(&said[i], 2000);
        draw_racks_describe(&said[i], &racks);
    }
    for (int i = 0; i <= RACKS_STATES; i++)
        for (int k = i + 1; k <= RACKS_STATES; k++) {
            bool empty = i == RACKS_FREE && k == RACKS_PASSED;
            assert_string_not_equal(seen[i].data, seen[k].data);
            if (!empty) assert_string_not_equal(said[i].data, said[k].data);
        }
    for (int i = 0; i <= RACKS_STATES; i++) text_free(&seen[i]), text_free(&said[i]);
}

/* An empty place hides what stood there; a cap shows as its color. */
static void test_racks_show_caps(void **state)
{
    (void)state;
    uint32_t gold;
    assert_true(draw_cap_color("gold", &gold));
    racks_rack_t rack = {.number = 1, .places = 5, .place[2] = {RACKS_WAITING, "gold", "26-1001", false}};
    racks_picture_t racks = {"AN-1", &rack, 1};
    picture_t picture = {.kind = PICTURE_RACKS, .racks = &racks};
    for (int scheme = 0; scheme < DRAW_SCHEMES; scheme++)
        assert_true(count_color(&picture, (draw_look_t){.scheme = (draw_scheme_t)scheme}, gold) > 400);
    rack.place[2].state = RACKS_FREE;
    assert_int_equal(count_color(&picture, (draw_look_t){0}, gold), 0);
}

static void test_place(void **state)
{
    const state_t *s = *state;
    const lj_chart_t *chart = s->list[0].picture.lj;
    draw_box_t a, b;
    assert_true(draw_lj_place(chart, (draw_look_t){0}, 0, 28, &a)); /* z +4.4 */
    assert_true(draw_lj_place(chart, (draw_look_t){0}, 0, 29, &b)); /* z +1.24 */
    assert_true(b.x > a.x && b.y > a.y && a.height >= 24);
    assert_false(draw_lj_place(chart, (draw_look_t){0}, 1, 4, &a)); /* not measured */
    assert_false(draw_lj_place(chart, (draw_look_t){0}, 2, 1, &a));
    assert_false(draw_lj_place(chart, (draw_look_t){0}, 0, 30, &a));
    lj_cell_t cells[5] = {
        {.level_count = 1}, {.level_count = 1}, {.level_count = 1}, {.level_count = 1}, {.level_count = 1}};
    lj_overview_t overview = {cells, 5, 2};
    assert_true(draw_lj_overview_place(&overview, (draw_look_t){.width = 400}, 0, &a));
    assert_true(draw_lj_overview_place(&overview, (draw_look_t){.width = 400}, 3, &b));
    assert_true(b.x >= a.x + a.width && b.y >= a.y + a.height && b.x + b.width <= 400);
}

static void test_timeline_second(void **state)
{
    (void)state;
    timeline_chart_t c = {.length_s = 28800, .clock_s = 0, .lane_count = 1, .lanes = {"QC"}};
    draw_look_t look = {.width = 900};
    assert_int_equal(draw_timeline_second(&c, look, 0), 0);
    assert_int_equal(draw_timeline_second(&c, look, 899), 28800);
    int32_t before = -1;
    for (double x = 95; x < 880; x += 20) {
        int32_t now = draw_timeline_second(&c, look, x);
        assert_true(now > before && now <= 28800);
        before = now;
    }
}

/* ---- colors ---- */

static void test_contrast(void **state)
{
    (void)state;
    static const draw_ink_t words[] = {INK_TEXT, INK_TEXT_2, INK_TEXT_3, INK_BRAND,
                                       INK_OK,   INK_WARN,   INK_CRIT,   INK_INFO};
    static const draw_ink_t soft[][2] = {
        {INK_OK, INK_OK_SOFT},     {INK_WARN, INK_WARN_SOFT}, {INK_CRIT, INK_CRIT_SOFT},  {INK_INFO, INK_INFO_SOFT},
        {INK_TEXT, INK_CRIT_SOFT}, {INK_TEXT_2, INK_OK_SOFT}, {INK_TEXT_2, INK_CRIT_SOFT}};
    assert_true(draw_contrast(0x000000, 0xffffff) > 20.9 && draw_contrast(0x000000, 0xffffff) < 21.1);
    assert_true(draw_contrast(0x777777, 0xffffff) > 4.4 && draw_contrast(0x777777, 0xffffff) < 4.5);
    for (int scheme = 0; scheme < DRAW_SCHEMES; scheme++) {
        draw_scheme_t s = (draw_scheme_t)scheme;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            assert_true(draw_contrast(draw_color(s, words[i]), draw_color(s, INK_SHEET)) >= 4.5);
        for (size_t i = 0; i < sizeof soft / sizeof *soft; i++)
            assert_true(draw_contrast(draw_color(s, soft[i][0]), draw_color(s, soft[i][1])) >= 4.5);
    }
    for (int ink_of = 0; ink_of < INK_COUNT; ink_of++) /* paper prints on white: every ink of words is dark in grey */
        if (ink_of == INK_CRIT || ink_of == INK_WARN || ink_of == INK_INFO || ink_of == INK_OK || ink_of == INK_BRAND)
            assert_true(draw_contrast(draw_color(DRAW_PAPER, (draw_ink_t)ink_of), 0xffffff) >= 7.0);
}

static void test_caps(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        uint32_t rgb;
        bool known;
    } rows[] = {{"gold or red/gray tiger", 0xe6b422, true},
                {"Light Blue", 0x8fc3e8, true},
                {"light green/mint", 0x9bd3a5, true},
                {"royal blue", 0x1f3f9e, true},
                {"lavender/purple", 0xa48bd0, true},
                {"pearl white", 0xece9e2, true},
                {"plaid", 0xe4e7e5, false},
                {"", 0xe4e7e5, false},
                {NULL, 0xe4e7e5, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t rgb = 0;
        assert_int_equal(draw_cap_color(rows[i].word, &rgb), rows[i].known);
        assert_int_equal(rgb, rows[i].rgb);
    }
}

/* ---- refusals ---- */

static void refused(const picture_t *picture, draw_look_t look)
{
    text_t out;
    err_t err = {0};
    text_init(&out, DRAW_BYTES_LIMIT);
    assert_false(draw_picture(&out, picture, look, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_true(strlen(err.text) > 10 && err.text[strlen(err.text) - 1] == '.');
    assert_int_equal(out.length, 0);
    text_free(&out);
}

static void test_refusals(void **state)
{
    const state_t *s = *state;
    double nan = (double)__builtin_nan("");
    draw_look_t own = {0};
    refused(&(picture_t){.kind = PICTURE_LJ}, own);
    refused(&(picture_t){.kind = PICTURE_KINDS, .lj = s->list[0].picture.lj}, own);
    refused(&s->list[0].picture, (draw_look_t){.width = 5000});
    refused(&s->list[0].picture, (draw_look_t){.width = 4});
    refused(&s->list[0].picture, (draw_look_t){.format = (draw_format_t)9});
    refused(&s->list[0].picture, (draw_look_t){.scheme = DRAW_SCHEMES});
    lj_chart_t lj = *s->list[0].picture.lj;
    lj.point_count = LJ_MAX_POINTS + 1;
    refused(&(picture_t){.kind = PICTURE_LJ, .lj = &lj}, own);
    lj = *s->list[0].picture.lj;
    lj.levels[1].sd = nan;
    refused(&(picture_t){.kind = PICTURE_LJ, .lj = &lj}, own);
    lj.level_count = 1;
    refused(&(picture_t){.kind = PICTURE_YOUDEN, .lj = &lj}, own);
    spark_t spark = {.values = {1, nan}, .count = 2};
    refused(&(picture_t){.kind = PICTURE_SPARK, .spark = &spark}, own);
    spark.count = 1;
    refused(&(picture_t){.kind = PICTURE_SPARK, .spark = &spark}, own);
    tube_picture_t tube = {.fill = 1.5};
    refused(&(picture_t){.kind = PICTURE_TUBE, .tube = &tube}, own);
    timeline_event_t event = {.lane = 3};
    timeline_chart_t timeline = {.length_s = 3600, .lane_count = 2, .events = &event, .event_count = 1};
    refused(&(picture_t){.kind = PICTURE_TIMELINE, .timeline = &timeline}, own);
    timeline.event_count = 0;
    timeline.length_s = 0;
    refused(&(picture_t){.kind = PICTURE_TIMELINE, .timeline = &timeline}, own);
    racks_rack_t rack = {.number = 1, .places = RACKS_PLACES_MAX + 1};
    racks_picture_t racks = {"AN-1", &rack, 1};
    refused(&(picture_t){.kind = PICTURE_RACKS, .racks = &racks}, own);
    rack.places = 5;
    rack.place[1].state = RACKS_STATES;
    refused(&(picture_t){.kind = PICTURE_RACKS, .racks = &racks}, own);
    racks.count = 0;
    refused(&(picture_t){.kind = PICTURE_RACKS, .racks = &racks}, own);
    detect_chart_t detect = {.row_count = 1, .rows = {{.hits = -1}}};
    refused(&(picture_t){.kind = PICTURE_DETECT, .detect = &detect}, own);
    text_t small;
    err_t err = {0};
    text_init(&small, 100);
    assert_false(draw_picture(&small, &s->list[0].picture, own, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    text_free(&small);
}

/* Names that are empty, long, not UTF-8, or look like markup. */
static void test_hostile_text(void **state)
{
    (void)state;
    char long_name[5000];
    memset(long_name, 'W', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *const names[] = {
        NULL, "", long_name, "\xff\xfe\x80", "<script>\"&'", "two\nlines\ttab", "\u05d0\u05d1 \u4e2d\u6587"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lj_point_t point = {.run = INT32_MIN, .time = names[i], .z = {1e8, -1e8}, .marks = 0xffffffff};
        lj_chart_t lj = {.title = names[i],
                         .unit = names[i],
                         .level_count = 2,
                         .levels = {{names[i], -5, 1e8, 40}, {names[i], 0, 1, -3}},
                         .points = &point,
                         .point_count = 1,
                         .focus = 1};
        tube_picture_t tube = {.cap = names[i],
                               .additive = names[i],
                               .volume = names[i],
                               .fill = 1.2,
                               .label = TUBE_LABEL_CROOKED,
                               .name = names[i],
                               .id = names[i],
                               .birth = names[i],
                               .accession = names[i],
                               .expiry = names[i]};
        detect_chart_t detect = {names[i], names[i], names[i], names[i],
                                 names[i], 0,        1,        {{names[i], 0, 0, 0, 1000000}}};
        const picture_t pictures[] = {{.kind = PICTURE_LJ, .lj = &lj},
                                      {.kind = PICTURE_YOUDEN, .lj = &lj},
                                      {.kind = PICTURE_TUBE, .tube = &tube},
                                      {.kind = PICTURE_DETECT, .detect = &detect}};
        for (size_t k = 0; k < sizeof pictures / sizeof *pictures; k++) {
            text_t svg = drawn(&pictures[k], (draw_look_t){0}), words;
            check_svg("hostile", svg.data);
            text_free(&svg);
            svg = drawn(&pictures[k], (draw_look_t){.format = DRAW_PNG, .width = 20, .height = 20});
            text_free(&svg);
            text_init(&words, 100000);
            draw_picture_describe(&words, &pictures[k]);
            text_free(&words);
        }
    }
}

/* ---- paper ---- */

static int count_of(const text_t *bytes, const char *word)
{
    size_t length = strlen(word);
    int n = 0;
    for (size_t i = 0; i + length <= bytes->length; i++) n += memcmp(bytes->data + i, word, length) == 0;
    return n;
}

static void test_paper(void **state)
{
    const state_t *s = *state;
    for (int i = 0; i < 4; i++) {
        paper_t paper;
        samples_paper(s->samples, &paper, i & 1);
        paper.size = i & 2 ? PAPER_A4 : PAPER_LETTER;
        text_t pdf, again;
        err_t err = {0};
        int pages = 0;
        text_init(&pdf, DRAW_BYTES_LIMIT);
        text_init(&again, DRAW_BYTES_LIMIT);
        if (!draw_paper(&pdf, &paper, &pages, &err)) fail_msg("%s", err.text);
        assert_true(draw_paper(&again, &paper, NULL, NULL));
        assert_true(memcmp(pdf.data, "%PDF-", 5) == 0);
        assert_int_equal(pdf.length, again.length);
        assert_memory_equal(pdf.data, again.data, pdf.length);
        if (i & 1)
            assert_true(pages > 2);
        else
            assert_int_equal(pages, 1);
        char name[20];
        snprintf(name, sizeof name, "paper-%d", i);
        keep(name, "pdf", &pdf);
        char count[20];
        snprintf(count, sizeof count, "/Count %d", pages);
        assert_int_equal(count_of(&pdf, count), 1);
        assert_int_equal(count_of(&pdf, "20260301"), 1);
        text_free(&pdf);
        text_free(&again);
    }
}

static void test_paper_refusals(void **state)
{
    const state_t *s = *state;
    text_t pdf;
    err_t err = {0};
    text_init(&pdf, DRAW_BYTES_LIMIT);
    paper_block_t block = {.kind = PAPER_TABLE, .table = {.columns = 11}};
    paper_t paper = {.blocks = &block, .block_count = 1};
    assert_false(draw_paper(&pdf, &paper, NULL, &err));
    assert_int_equal(err.code, ERR_INPUT);
    block = (paper_block_t){.kind = PAPER_PICTURE, .picture = s->list[0].picture, .width = 2};
    assert_false(draw_paper(&pdf, &paper, NULL, &err));
    block.picture.any = NULL;
    block.width = 0;
    assert_false(draw_paper(&pdf, &paper, NULL, &err));
    paper.block_count = 0;
    int pages = 0;
    assert_true(draw_paper(&pdf, &paper, &pages, &err)); /* an empty paper is a page with a foot */
    assert_int_equal(pages, 1);
    text_clear(&pdf);
    static const char *cells[PAPER_MAX_ROWS];
    paper_block_t many[PAPER_MAX_BLOCKS];
    for (int i = 0; i < PAPER_MAX_BLOCKS; i++)
        many[i] = (paper_block_t){.kind = PAPER_TABLE,
                                  .table = {.columns = 1, .rows = PAPER_MAX_ROWS, .names = {"n"}, .cells = cells}};
    paper = (paper_t){.blocks = many, .block_count = PAPER_MAX_BLOCKS};
    assert_false(draw_paper(&pdf, &paper, &pages, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(pdf.length, 0);
    text_free(&pdf);
}

/* ---- speed ---- */

static void test_speed(void **state)
{
    const state_t *s = *state;
    struct timespec from, to;
    enum { ROUNDS = 20 };
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < ROUNDS; i++) {
        text_t svg = drawn(&s->list[0].picture, (draw_look_t){0});
        text_free(&svg);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double ms = ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / ROUNDS;
    print_message("a Levey-Jennings chart of two levels as SVG: %.2f ms\n", ms);
    assert_true(ms < 50); /* with sanitizers on a busy machine; 5 ms is the promise of an optimized build */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_svg),
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_unspun_tube_hides_serum),
        cmocka_unit_test(test_not_judged_shows_no_state),
        cmocka_unit_test(test_racks_tell_states),
        cmocka_unit_test(test_racks_show_caps),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_timeline_second),
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_paper),
        cmocka_unit_test(test_paper_refusals),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
