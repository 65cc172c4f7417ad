/* The tile map: eleven columns, nine rows; the arrangement is the one newspapers use, with the territories added. */
#include "draw/map.h"

#include "paint.h"

#include <string.h>

enum { MAP_COLUMNS = 11, MAP_ROWS = 9, MAP_LEGEND = 84, MAP_TITLE = 34, MAP_GAP = 4, MAP_HATCH = 9 };

typedef struct {
    char code[3];
    int column, row;
} place_t;

static const place_t places[] = {
    {"AK", 0, 0}, {"ME", 10, 0}, {"VT", 9, 1}, {"NH", 10, 1}, {"WA", 0, 2}, {"ID", 1, 2}, {"MT", 2, 2},
    {"ND", 3, 2}, {"MN", 4, 2},  {"WI", 5, 2}, {"MI", 6, 2},  {"NY", 8, 2}, {"MA", 9, 2}, {"RI", 10, 2},
    {"OR", 0, 3}, {"NV", 1, 3},  {"WY", 2, 3}, {"SD", 3, 3},  {"IA", 4, 3}, {"IL", 5, 3}, {"IN", 6, 3},
    {"OH", 7, 3}, {"PA", 8, 3},  {"NJ", 9, 3}, {"CT", 10, 3}, {"CA", 0, 4}, {"UT", 1, 4}, {"CO", 2, 4},
    {"NE", 3, 4}, {"MO", 4, 4},  {"KY", 5, 4}, {"WV", 6, 4},  {"VA", 7, 4}, {"MD", 8, 4}, {"DE", 9, 4},
    {"AZ", 1, 5}, {"NM", 2, 5},  {"KS", 3, 5}, {"AR", 4, 5},  {"TN", 5, 5}, {"NC", 6, 5}, {"SC", 7, 5},
    {"DC", 8, 5}, {"OK", 3, 6},  {"LA", 4, 6}, {"MS", 5, 6},  {"AL", 6, 6}, {"GA", 7, 6}, {"HI", 0, 7},
    {"TX", 3, 7}, {"FL", 8, 7},  {"AS", 0, 8}, {"GU", 1, 8},  {"MP", 2, 8}, {"PR", 9, 8}, {"VI", 10, 8}};

static const struct {
    const char *mark, *word;
    draw_ink_t ink, soft;
} looks[] = {
    [MAP_UNKNOWN] = {"?", "unknown", INK_TEXT_2, INK_PAPER},
    [MAP_NO] = {"–", "not required", INK_TEXT_2, INK_SHEET},
    [MAP_DEPENDS] = {"D", "depends", INK_WARN, INK_WARN_SOFT},
    [MAP_YES] = {"R", "required", INK_BRAND, INK_BRAND_SOFT},
};

static bool map_check(const void *input, err_t *err)
{
    const us_map_t *m = input;
    if (m->count < 1 || m->count > MAP_TILES_MAX)
        return err_set(err, ERR_INPUT, "A map has 1 to %d tiles, not %d.", MAP_TILES_MAX, m->count);
    for (int i = 0; i < m->count; i++)
        if (m->tiles[i].code == NULL || (unsigned)m->tiles[i].says > MAP_YES)
            return err_set(err, ERR_INPUT, "Tile %d of the map needs its two letters and what it says.", i + 1);
    return true;
}

static void map_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = MAP_WIDTH;
    *height = MAP_HEIGHT;
}

static void hatch(pen_t *pen, double x, double y, double side)
{
    cairo_save(pen->cr);
    pen_box(pen, x, y, side, side);
    cairo_clip(pen->cr);
    for (double d = -side; d < side; d += MAP_HATCH) {
        cairo_move_to(pen->cr, x + d, y + side);
        cairo_line_to(pen->cr, x + d + side, y);
    }
    pen_stroke(pen, 1, DASH_NONE);
    cairo_restore(pen->cr);
}

static void tile(pen_t *pen, double x, double y, double side, map_say_t says, const char *code)
{
    draw_ink_t ink = looks[says].ink;
    pen_fill_box(pen, looks[says].soft, x, y, side, side);
    pen_ink(pen, ink);
    if (says == MAP_DEPENDS) hatch(pen, x, y, side);
    pen_box(pen, x + 1, y + 1, side - 2, side - 2);
    pen_stroke(pen, says == MAP_YES ? 3 : 1, says == MAP_UNKNOWN ? DASH_SHORT : DASH_NONE);
    if (says == MAP_DEPENDS) pen_fill_box(pen, INK_WARN_SOFT, x + 6, y + 8, side - 12, side - 16);
    double middle = x + side / 2;
    pen_text(pen, middle, y + side / 2 + (code[0] ? 1 : 6),
             (pen_type_t){TYPE_LARGE, TYPE_STRONG, INK_TEXT, AT_MIDDLE, side}, code[0] ? code : looks[says].mark);
    if (code[0])
        pen_text(pen, middle, y + side - 9, (pen_type_t){TYPE_BASE, TYPE_STRONG, ink, AT_MIDDLE, side},
                 looks[says].mark);
}

static void map_paint(pen_t *pen, const void *input)
{
    const us_map_t *m = input;
    double across = pen->width / MAP_COLUMNS, down = (pen->height - MAP_TITLE - MAP_LEGEND) / MAP_ROWS;
    double step = across < down ? across : down, side = step - MAP_GAP;
    double left = (pen->width - step * MAP_COLUMNS) / 2;
    pen_text(pen, left, 22, (pen_type_t){TYPE_LARGE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width}, m->title);
    for (int i = 0; i < m->count; i++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            if (strcmp(places[k].code, m->tiles[i].code) == 0)
                tile(pen, left + step * places[k].column, MAP_TITLE + step * places[k].row, side, m->tiles[i].says,
                     places[k].code);
    double y = MAP_TITLE + step * MAP_ROWS + 14, x = left;
    for (int says = MAP_YES; says >= MAP_UNKNOWN; says--) {
        tile(pen, x, y, 40, (map_say_t)says, "");
        x += 50;
        x += pen_text(pen, x, y + 25, (pen_type_t){TYPE_LARGE, TYPE_TEXT, INK_TEXT, AT_LEFT, 160}, looks[says].word) +
             26;
    }
}

static void list(text_t *out, const us_map_t *m, map_say_t says, const char *word)
{
    bool first = true;
    for (int i = 0; i < m->count; i++) {
        if (m->tiles[i].says != says) continue;
        text_addf(out, "%s%s", first ? word : ", ", m->tiles[i].code);
        first = false;
    }
    if (!first) text_add(out, "; ");
}

static void map_describe(text_t *out, const void *input)
{
    const us_map_t *m = input;
    int no = 0;
    for (int i = 0; i < m->count; i++) no += m->tiles[i].says == MAP_NO;
    text_addf(out, "%s. ", m->title);
    list(out, m, MAP_YES, "Required: ");
    list(out, m, MAP_DEPENDS, "Depends: ");
    list(out, m, MAP_UNKNOWN, "Unknown: ");
    text_addf(out, "Not required: %d others.", no);
}

const picture_way_t map_way = {map_check, map_size, map_paint, map_describe, false};
