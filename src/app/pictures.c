/* Pictures of items: lines of data read, the kind found, made, and shown in words or drawn. See app/pictures.h. */
#include "pictures_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 600, ALT_MAX = 4000 };

static const struct {
    const char *draw;
    bool (*make)(making_t *m);
} KINDS[] = {{"lj", make_lj},         {"youden", make_youden},       {"temperature", make_log},
             {"trend", make_trend},   {"histogram", make_histogram}, {"scatter", make_scatter},
             {"film", make_film},     {"chamber", make_chamber},     {"clot-curve", make_clot},
             {"mixing", make_mixing}, {"dilutions", make_parallel},  {"tube", make_tube}};
static const char SCREEN[] = "bench-";

/* ---- lines ---- */

bool making_fail(making_t *m, const data_line_t *line, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    m->wrong = line ? line->line : 0;
    return err_set(m->err, ERR_INPUT, "%s", text);
}

bool making_memory(making_t *m)
{
    return err_set(m->err, ERR_MEMORY, "There is not enough memory for the picture.");
}

const char *making_text(making_t *m, const char *format, ...)
{
    char text[WORDS_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *kept = arena_text(m->arena, text, strlen(text));
    return kept ? kept : "";
}

const char *making_fixed(making_t *m, double value, int decimals)
{
    char text[40];
    if (!isfinite(value)) return "–";
    text_fixed(text, value, decimals);
    return making_text(m, "%s%s", text[0] == '-' ? "−" : "", text + (text[0] == '-'));
}

const char *making_signed(making_t *m, double value, int decimals)
{
    const char *text = making_fixed(m, value, decimals);
    return value > 0 ? making_text(m, "+%s", text) : text;
}

/* A copy without blanks at its ends. */
static const char *trimmed(making_t *m, const char *from, size_t length)
{
    while (length && (*from == ' ' || *from == '\t')) from++, length--;
    while (length && (from[length - 1] == ' ' || from[length - 1] == '\t')) length--;
    const char *kept = arena_text(m->arena, from, length);
    return kept ? kept : "";
}

static bool read_line(making_t *m, const char *text, size_t length, int number)
{
    data_line_t at = {.line = number};
    const char *colon = memchr(text, ':', length);
    if (!colon) return making_fail(m, &at, "a line of data is \"key: value\", such as \"runs: 20\"");
    if (m->lines == DATA_LINES_MAX) return making_fail(m, &at, "data has at most %d lines", (int)DATA_LINES_MAX);
    at.key = trimmed(m, text, (size_t)(colon - text));
    const char *end = text + length, *from = colon + 1;
    for (;;) {
        const char *bar = memchr(from, '|', (size_t)(end - from)), *to = bar ? bar : end;
        if (at.count == DATA_FIELDS_MAX)
            return making_fail(m, &at, "%s has more than %d fields", at.key, (int)DATA_FIELDS_MAX);
        at.field[at.count++] = trimmed(m, from, (size_t)(to - from));
        if (!bar) break;
        from = bar + 1;
    }
    m->line[m->lines++] = at;
    return true;
}

static bool read_lines(making_t *m, const char *data)
{
    for (int number = 1; *data; number++) {
        size_t length = strcspn(data, "\n");
        const char *rest = data + length + (data[length] == '\n');
        size_t blanks = strspn(data, " \t");
        if (blanks < length && !read_line(m, data, length, number)) return false;
        data = rest;
    }
    return true;
}

bool making_keys(making_t *m, const char *kind, const data_key_t *keys)
{
    char known[300] = "";
    size_t used = 0;
    for (int k = 0; keys[k].key; k++) {
        int wrote = snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", keys[k].key);
        if (wrote > 0 && used + (size_t)wrote < sizeof known) used += (size_t)wrote;
    }
    for (int i = 0; i < m->lines; i++) {
        const data_line_t *l = &m->line[i];
        int k = 0;
        while (keys[k].key && strcmp(keys[k].key, l->key) != 0) k++;
        if (!keys[k].key) return making_fail(m, l, "%s knows the keys %s; found \"%.40s\"", kind, known, l->key);
        if (l->count < keys[k].least || l->count > keys[k].most || !l->field[0][0])
            return making_fail(m, l, "%s takes %d to %d fields between bars (|); this line has %d", l->key,
                               keys[k].least, keys[k].most, l->field[0][0] ? l->count : 0);
    }
    return true;
}

const data_line_t *making_next(const making_t *m, const char *key, int *at)
{
    while (++*at < m->lines)
        if (strcmp(m->line[*at].key, key) == 0) return &m->line[*at];
    return NULL;
}

const data_line_t *making_only(const making_t *m, const char *key)
{
    int at = -1;
    return making_next(m, key, &at);
}

const char *making_words(const making_t *m, const char *key, const char *absent)
{
    const data_line_t *l = making_only(m, key);
    return l ? l->field[0] : absent;
}

bool making_number(making_t *m, const data_line_t *l, int field, double low, double high, double *value)
{
    const char *text = field < l->count ? l->field[field] : "";
    if (text_to_double(text, strlen(text), value) && *value >= low && *value <= high) return true;
    return making_fail(m, l, "field %d of %s is a number from %g to %g; found \"%.40s\"", field + 1, l->key, low, high,
                       text);
}

bool making_int(making_t *m, const data_line_t *l, int field, int low, int high, int *value)
{
    const char *text = field < l->count ? l->field[field] : "";
    int64_t number;
    if (text_to_int(text, strlen(text), &number) && number >= low && number <= high) {
        *value = (int)number;
        return true;
    }
    return making_fail(m, l, "field %d of %s is a whole number from %d to %d; found \"%.40s\"", field + 1, l->key, low,
                       high, text);
}

bool making_number_or(making_t *m, const char *key, double low, double high, double absent, double *value)
{
    const data_line_t *l = making_only(m, key);
    *value = absent;
    return !l || making_number(m, l, 0, low, high, value);
}

bool making_regions(making_t *m, int numbers)
{
    int at = -1;
    for (const data_line_t *l; (l = making_next(m, "region", &at));) {
        if (m->regions == REGIONS_MAX) return making_fail(m, l, "a picture has at most %d regions", (int)REGIONS_MAX);
        region_t *r = &m->region[m->regions++];
        r->name = l->field[0];
        if (l->count != numbers + 1)
            return making_fail(m, l, "region takes a name and %d numbers; this line has %d fields", numbers, l->count);
        for (int i = 0; i < numbers; i++)
            if (!making_number(m, l, i + 1, -1e6, 1e6, &r->at[i])) return false;
    }
    return true;
}

exhibit_table_t *making_table(making_t *m, const char *title, int columns, int rows, const char *const *heads)
{
    app_exhibit_t *seen = m->seen;
    const char **cells = arena_array(m->arena, (size_t)columns * (size_t)rows + 1, sizeof *cells);
    if (!cells || seen->table_count == EXHIBIT_TABLES_MAX || columns > EXHIBIT_COLUMNS_MAX) return NULL;
    exhibit_table_t *table = &seen->table[seen->table_count++];
    *table = (exhibit_table_t){.title = title, .columns = columns, .rows = rows, .cell = cells};
    for (int i = 0; i < columns; i++) table->head[i] = heads[i];
    for (int i = 0; i < columns * rows; i++) cells[i] = "";
    return table;
}

void making_line(making_t *m, const char *label, const char *text, bool message)
{
    if (m->seen->line_count == EXHIBIT_LINES_MAX) return;
    m->seen->line[m->seen->line_count++] = (exhibit_line_t){label, text, message};
}

/* ---- making ---- */

bool making_make(making_t *m, const item_picture_t *picture)
{
    *m->seen = (app_exhibit_t){.title = "", .alt = ""};
    m->rng = rng_at(picture->seed, PICTURE_DOMAIN, 0, 0);
    m->picture.kind = PICTURE_KINDS;
    if (!read_lines(m, picture->data)) return false;
    if (strncmp(picture->draw, SCREEN, strlen(SCREEN)) == 0) return make_screen(m, picture->draw + strlen(SCREEN));
    size_t k = 0;
    while (k < sizeof KINDS / sizeof *KINDS && strcmp(KINDS[k].draw, picture->draw) != 0) k++;
    if (k == sizeof KINDS / sizeof *KINDS)
        return making_fail(m, NULL, "this program draws no \"%.40s\"", picture->draw);
    double width, height;
    if (!KINDS[k].make(m) || !draw_picture_size(&m->picture, &width, &height, m->err)) return false;
    if (m->width > 0) height = height * m->width / width, width = m->width;
    m->seen->drawn = true;
    m->seen->width = (int)(width + 0.5);
    m->seen->height = (int)(height + 0.5);
    return true;
}

/* Memory and a place for words of a picture that is only looked at for a moment. */
making_t *making_new(const lab_t *lab, err_t *err)
{
    making_t *m = calloc(1, sizeof *m);
    if (m) m->seen = calloc(1, sizeof *m->seen);
    if (m) m->arena = arena_new(PICTURE_MEMORY);
    if (m && m->seen && m->arena) {
        m->lab = lab;
        m->err = err;
        return m;
    }
    if (m) {
        free(m->seen);
        arena_free(m->arena);
    }
    free(m);
    err_set(err, ERR_MEMORY, "There is not enough memory for the picture.");
    return NULL;
}

void making_free(making_t *m)
{
    free(m->seen);
    arena_free(m->arena);
    free(m);
}

/* ---- places ---- */

bool making_box(const making_t *m, const double at[4], draw_box_t *box)
{
    draw_look_t look = {.width = m->width};
    const picture_t *p = &m->picture;
    switch (p->kind) {
    case PICTURE_LJ:
        for (int i = 0; i < p->lj->point_count; i++)
            if (p->lj->points[i].run == (int)at[0]) return draw_lj_place(p->lj, look, (int)at[1] - 1, i, box);
        return false;
    case PICTURE_HISTOGRAM:
        return draw_histogram_place(p->histogram, look, at[0], at[1], box);
    case PICTURE_CLOT:
        return draw_clot_curve_place(p->clot, look, at[0], at[1], box);
    case PICTURE_SCATTER:
        return draw_scatter_place(p->scatter, look, at[0], at[1], at[2], at[3], box);
    default:
        return false;
    }
}

static bool find_place(making_t *m, const char *name, draw_box_t *box)
{
    for (int i = 0; i < m->regions; i++)
        if (strcmp(m->region[i].name, name) == 0) {
            if (making_box(m, m->region[i].at, box)) return true;
            return making_fail(m, NULL, "the region \"%.60s\" lies outside the picture; mend its numbers", name);
        }
    return making_fail(m, NULL, "the picture has no region \"%.60s\"; add a line \"region: %.60s | ...\" to its data",
                       name, name);
}

/* ---- what the bank asks ---- */

static bool source_check(const void *self, const item_picture_t *picture, int *line, err_t *err)
{
    making_t *m = making_new(self, err);
    if (!m) return false;
    bool ok = making_make(m, picture);
    draw_box_t box;
    for (int i = 0; ok && i < m->regions; i++) ok = find_place(m, m->region[i].name, &box);
    *line = m->wrong;
    making_free(m);
    return ok;
}

static bool source_place(const void *self, const item_picture_t *picture, const char *name, err_t *err)
{
    draw_box_t box;
    making_t *m = making_new(self, err);
    if (!m) return false;
    bool ok = making_make(m, picture) && find_place(m, name, &box);
    making_free(m);
    return ok;
}

static bool source_count(const void *self, const item_picture_t *picture, const char *what, int *count, err_t *err)
{
    making_t *m = making_new(self, err);
    if (!m) return false;
    bool ok = making_make(m, picture) && count_field(m, what, count);
    making_free(m);
    return ok;
}

void app_picture_source(const lab_t *lab, picture_source_t *source)
{
    *source = (picture_source_t){.self = lab, .check = source_check, .place = source_place, .count = source_count};
}

/* ---- what is seen ---- */

static bool fill_places(making_t *m, const item_t *item, const int *shown)
{
    if (item->type != ITEM_HOTSPOT) return true;
    for (int i = 0; i < item->parts && i < EXHIBIT_PLACES_MAX; i++) {
        draw_box_t box;
        if (!find_place(m, item->part[shown ? shown[i] : i].text, &box)) return false;
        m->seen->place[i].x = box.x;
        m->seen->place[i].y = box.y;
        m->seen->place[i].width = box.width;
        m->seen->place[i].height = box.height;
        m->seen->place_count++;
    }
    return true;
}

bool app_exhibit_of(const lab_t *lab, const item_t *item, const int *shown, arena_t *arena, app_exhibit_t *exhibit,
                    err_t *err)
{
    *exhibit = (app_exhibit_t){.title = "", .alt = ""};
    if (!item->picture.draw) return true;
    making_t *m = calloc(1, sizeof *m);
    if (!m) return err_set(err, ERR_MEMORY, "There is not enough memory for the picture.");
    *m = (making_t){.lab = lab, .arena = arena, .err = err, .seen = exhibit};
    bool ok = making_make(m, &item->picture) && fill_places(m, item, shown);
    if (ok && exhibit->drawn && !exhibit->alt[0]) {
        text_t alt;
        text_init(&alt, ALT_MAX);
        if (item->picture.alt && item->picture.alt[0]) text_addf(&alt, "%s ", item->picture.alt);
        draw_picture_describe(&alt, &m->picture);
        const char *kept = alt.failed || !alt.data ? NULL : arena_text(arena, alt.data, alt.length);
        exhibit->alt = kept ? kept : "A picture.";
        text_free(&alt);
    }
    if (ok) {
        uint64_t hash = hash_bytes(HASH_START, item->id, strlen(item->id));
        hash = hash_bytes(hash, item->picture.data, strlen(item->picture.data));
        snprintf(exhibit->tag, sizeof exhibit->tag, "%016llx", (unsigned long long)rng_mix(hash ^ item->picture.seed));
        exhibit->there = true;
    }
    free(m);
    return ok;
}

bool app_exhibit_draw(const lab_t *lab, const item_t *item, bool dark, text_t *svg, err_t *err)
{
    if (!item->picture.draw) return err_set(err, ERR_NOT_FOUND, "This item has no picture.");
    making_t *m = making_new(lab, err);
    if (!m) return false;
    bool ok = making_make(m, &item->picture);
    if (ok && m->picture.kind == PICTURE_KINDS) ok = err_set(err, ERR_NOT_FOUND, "This item has no picture.");
    ok = ok && draw_picture(svg, &m->picture,
                            (draw_look_t){.format = DRAW_SVG,
                                          .scheme = dark ? DRAW_DARK : DRAW_LIGHT,
                                          .width = m->width,
                                          .height = m->width > 0 ? m->seen->height : 0},
                            err);
    making_free(m);
    return ok;
}
