/* Pages: the blocks are laid out twice, first to count the pages (and to find the size at which they fit on one),
 * then to draw them, so that every foot can say "page x of y". */
#include "draw/paper.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum { PAPER_MARGIN = 64, PAPER_FOOT = 40, PAPER_GAP = 10, PAPER_SHRINK_PERCENT = 70 };

typedef struct {
    pen_t *pen;
    const paper_t *paper;
    bool drawing;
    double width, bottom; /* of the text */
    double y;
    int page, pages;
    double sheet_width, sheet_height, scale;
} flow_t;

static const pen_type_t body_type = {12, TYPE_TEXT, INK_TEXT, AT_LEFT, 0};

/* ---- checks ---- */

static bool table_check(const paper_table_t *t, int block, err_t *err)
{
    if (t->columns < 1 || t->columns > PAPER_MAX_COLUMNS || t->rows < 0 || t->rows > PAPER_MAX_ROWS ||
        (t->rows && !t->cells))
        return err_set(err, ERR_INPUT, "Block %d: a table has 1 to %d columns and at most %d rows.", block,
                       PAPER_MAX_COLUMNS, PAPER_MAX_ROWS);
    for (int c = 0; c < t->columns; c++)
        if (!(t->share[c] >= 0 && t->share[c] <= 1))
            return err_set(err, ERR_INPUT, "Block %d: column %d has a share of the width outside 0 to 1.", block,
                           c + 1);
    return true;
}

static bool paper_check(const paper_t *paper, err_t *err)
{
    if (paper->size != PAPER_LETTER && paper->size != PAPER_A4)
        return err_set(err, ERR_INPUT, "Paper is Letter or A4.");
    if (paper->block_count < 0 || paper->block_count > PAPER_MAX_BLOCKS || (paper->block_count && !paper->blocks))
        return err_set(err, ERR_INPUT, "A paper has at most %d blocks, not %d.", PAPER_MAX_BLOCKS, paper->block_count);
    for (int i = 0; i < paper->block_count; i++) {
        const paper_block_t *b = &paper->blocks[i];
        double width, height;
        if ((unsigned)b->kind > PAPER_PICTURE) return err_set(err, ERR_INPUT, "Block %d is of no known kind.", i + 1);
        if (b->text && strlen(b->text) > PAPER_TEXT_MAX)
            return err_set(err, ERR_LIMIT, "Block %d has more than %d bytes of text: split it.", i + 1, PAPER_TEXT_MAX);
        if ((b->kind == PAPER_TABLE || b->kind == PAPER_FIELDS) && !table_check(&b->table, i + 1, err)) return false;
        if (b->kind == PAPER_FIELDS && b->table.columns != 2)
            return err_set(err, ERR_INPUT, "Block %d: fields are a table of two columns.", i + 1);
        if (b->kind == PAPER_PICTURE) {
            if (!(b->width >= 0 && b->width <= 1))
                return err_set(err, ERR_INPUT, "Block %d: a picture takes 0 to 1 of the width.", i + 1);
            if (!picture_fit(&b->picture, (draw_look_t){0}, &width, &height, err)) return false;
        }
    }
    return true;
}

/* ---- pages ---- */

static double flow_text(flow_t *f, double x, double y, pen_type_t type, const char *text)
{
    return f->drawing ? pen_text(f->pen, x, y, type, text) : 0;
}

static double flow_paragraph(flow_t *f, double x, double y, pen_type_t type, const char *text)
{
    return pen_paragraph(f->pen, x, y, type, text, f->drawing);
}

static void flow_foot(flow_t *f)
{
    if (!f->drawing) return;
    const paper_t *p = f->paper;
    double y = f->bottom + 22;
    char words[400], number[40];
    pen_ink(f->pen, INK_RULE_STRONG);
    pen_line(f->pen, 0, f->bottom + 8, f->width, f->bottom + 8, 0.8, DASH_NONE);
    const char *const parts[3][2] = {{"", p->date}, {"content ", p->version}, {"seed ", p->seed}};
    size_t at = 0;
    words[0] = '\0';
    for (int i = 0; i < 3; i++) {
        if (!parts[i][1] || !*parts[i][1]) continue;
        at += (size_t)snprintf(words + at, sizeof words - at, "%s%s%.100s", at ? "  \u00b7  " : "", parts[i][0],
                               parts[i][1]);
    }
    snprintf(number, sizeof number, "page %d of %d", f->page, f->pages);
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, f->width - 100};
    pen_text(f->pen, 0, y, type, words);
    pen_text(f->pen, 0, y + 15, type, p->note);
    type = (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, 0};
    pen_text(f->pen, f->width, y, type, number);
}

static void flow_page(flow_t *f)
{
    if (f->page && f->drawing) {
        flow_foot(f);
        cairo_show_page(f->pen->cr);
    }
    f->page++;
    f->y = 0;
    if (f->page == 1) {
        pen_type_t type = {TYPE_TITLE, TYPE_STRONG, INK_TEXT, AT_LEFT, f->width};
        f->y += flow_paragraph(f, 0, f->y, type, f->paper->title) + 3;
        type = (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT_2, AT_LEFT, f->width};
        f->y += flow_paragraph(f, 0, f->y, type, f->paper->subtitle) + 8;
    } else {
        flow_text(f, 0, 4, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT_2, AT_LEFT, f->width}, f->paper->title);
        f->y = 18;
    }
}

/* Starts a new page when `height` does not fit; true when it did. */
static bool flow_need(flow_t *f, double height)
{
    if (f->y + height <= f->bottom || f->y <= 40) return false;
    flow_page(f);
    return true;
}

/* ---- tables ---- */

static void table_widths(flow_t *f, const paper_table_t *t, bool header, double widths[PAPER_MAX_COLUMNS])
{
    double shares = 0, pad = 12, want[PAPER_MAX_COLUMNS] = {0};
    for (int c = 0; c < t->columns; c++) shares += t->share[c];
    pen_type_t strong = {TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, 0};
    double room = f->width, open = t->columns;
    for (int c = 0; c < t->columns; c++) {
        if (shares > 0) {
            widths[c] = f->width * t->share[c] / shares;
            continue;
        }
        if (header) want[c] = pen_text_width(f->pen, strong, t->names[c]) + pad;
        for (int r = 0; r < t->rows; r++) {
            double w = pen_text_width(f->pen, body_type, t->cells[r * t->columns + c]) + pad;
            if (w > want[c]) want[c] = w;
        }
        widths[c] = 0;
    }
    if (shares > 0) return;
    /* Narrow columns get what they want; the others share what is left. */
    for (bool again = true; again && open > 0;) {
        again = false;
        double fair = room / open;
        for (int c = 0; c < t->columns; c++) {
            if (widths[c] > 0 || want[c] > fair) continue;
            widths[c] = want[c] > 1 ? want[c] : 1;
            room -= widths[c];
            open -= 1;
            again = true;
        }
    }
    for (int c = 0; c < t->columns; c++)
        if (!(widths[c] > 0)) widths[c] = room / open;
}

static double table_row(flow_t *f, const paper_table_t *t, const char *const *cells, const double *widths,
                        pen_type_t type, bool draw)
{
    double x = 0, tall = 0;
    bool was = f->drawing;
    f->drawing = draw && was;
    for (int c = 0; c < t->columns; c++) {
        type.room = widths[c] - 12 > 8 ? widths[c] - 12 : 8;
        type.align = t->right[c] ? AT_RIGHT : AT_LEFT;
        double h = flow_paragraph(f, x, f->y + 3, type, cells[c]);
        if (h > tall) tall = h;
        x += widths[c];
    }
    f->drawing = was;
    return tall + 7;
}

static void flow_rule(flow_t *f, double width, draw_ink_t ink)
{
    if (!f->drawing) return;
    pen_ink(f->pen, ink);
    pen_line(f->pen, 0, f->y, width, f->y, 0.8, DASH_NONE);
}

static void flow_table(flow_t *f, const paper_table_t *t, bool header)
{
    double widths[PAPER_MAX_COLUMNS], all = 0;
    table_widths(f, t, header, widths);
    for (int c = 0; c < t->columns; c++) all += widths[c];
    pen_type_t head = {TYPE_SMALL, TYPE_STRONG, INK_TEXT_2, AT_LEFT, 0}, body = body_type;
    for (int r = -1; r < t->rows; r++) {
        if (r < 0) {
            if (!header) continue;
            flow_need(f, 60);
        } else {
            double tall = table_row(f, t, t->cells + r * t->columns, widths, body, false);
            if (!flow_need(f, tall) || !header) goto draw_row;
        }
        f->y += table_row(f, t, t->names, widths, head, true);
        flow_rule(f, all, INK_RULE_STRONG);
        if (r < 0) continue;
    draw_row:
        f->y += table_row(f, t, t->cells + r * t->columns, widths, body, true);
        if (header) flow_rule(f, all, INK_RULE);
    }
    f->y += PAPER_GAP;
}

/* ---- pictures ---- */

typedef struct {
    double width, height, scale, caption;
} placed_t;

static placed_t picture_place(flow_t *f, const paper_block_t *b)
{
    placed_t p = {.scale = 1};
    picture_fit(&b->picture, (draw_look_t){0}, &p.width, &p.height, NULL);
    double room = b->width > 0 ? f->width * b->width - (b->width < 1 ? 8 : 0) : p.width < f->width ? p.width : f->width;
    picture_fit(&b->picture, (draw_look_t){.width = room}, &p.width, &p.height, NULL);
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, room};
    p.caption = b->text ? pen_paragraph(f->pen, 0, 0, type, b->text, false) + 4 : 0;
    double tallest = f->bottom - 60 - p.caption;
    if (p.height > tallest) p.scale = tallest / p.height;
    return p;
}

static void picture_draw(flow_t *f, const paper_block_t *b, placed_t p, double x)
{
    if (!f->drawing) return;
    pen_t *pen = f->pen;
    const picture_way_t *way = picture_way(&b->picture, NULL);
    double width = pen->width, height = pen->height;
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x, f->y);
    cairo_scale(pen->cr, p.scale, p.scale);
    pen->width = p.width;
    pen->height = p.height;
    way->paint(pen, b->picture.any);
    cairo_restore(pen->cr);
    pen->width = width;
    pen->height = height;
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, p.width};
    pen_paragraph(pen, x, f->y + p.height * p.scale + 2, type, b->text, true);
}

/* Pictures that follow one another and together fill no more than the width stand side by side. Returns how many. */
static int flow_pictures(flow_t *f, const paper_block_t *blocks, int count)
{
    double tall = 0, used = 0;
    int n = 0;
    while (n < count && blocks[n].kind == PAPER_PICTURE) {
        if (n && !(blocks[n].width > 0 && blocks[0].width > 0 && used + blocks[n].width <= 1.001)) break;
        placed_t p = picture_place(f, &blocks[n]);
        if (p.height * p.scale + p.caption > tall) tall = p.height * p.scale + p.caption;
        used += blocks[n].width;
        n++;
    }
    flow_need(f, tall);
    double x = 0;
    for (int i = 0; i < n; i++) {
        picture_draw(f, &blocks[i], picture_place(f, &blocks[i]), x);
        x += f->width * blocks[i].width;
    }
    f->y += tall + PAPER_GAP;
    return n;
}

/* ---- the whole ---- */

/* Lays everything out at a scale; with `drawing` also draws it. Returns the number of pages. */
static int flow_run(flow_t *f, double scale, bool drawing)
{
    const paper_t *paper = f->paper;
    f->scale = scale;
    f->drawing = drawing;
    f->width = (f->sheet_width - 2 * PAPER_MARGIN) / scale;
    f->bottom = (f->sheet_height - PAPER_MARGIN - PAPER_FOOT - 24) / scale;
    f->page = 0;
    cairo_save(f->pen->cr);
    cairo_translate(f->pen->cr, PAPER_MARGIN, PAPER_MARGIN - 12);
    cairo_scale(f->pen->cr, scale, scale);
    flow_page(f);
    for (int i = 0; i < paper->block_count;) {
        const paper_block_t *b = &paper->blocks[i];
        if (b->kind == PAPER_PICTURE) {
            i += flow_pictures(f, b, paper->block_count - i);
            continue;
        }
        pen_type_t type = body_type;
        type.room = f->width;
        if (b->kind == PAPER_HEADING) {
            type.size = TYPE_BASE + 1;
            type.face = TYPE_STRONG;
            flow_need(f, 90); /* not alone at the foot of a page */
            f->y += 6;
            f->y += flow_paragraph(f, 0, f->y, type, b->text) + 4;
        } else if (b->kind == PAPER_TEXT) {
            flow_need(f, pen_paragraph(f->pen, 0, 0, type, b->text, false));
            f->y += flow_paragraph(f, 0, f->y, type, b->text) + PAPER_GAP - 2;
        } else {
            flow_table(f, &b->table, b->kind == PAPER_TABLE);
        }
        i++;
    }
    flow_foot(f);
    cairo_restore(f->pen->cr);
    return f->page;
}

bool draw_paper(text_t *out, const paper_t *paper, int *pages, err_t *err)
{
    if (!paper_check(paper, err)) return false;
    bool letter = paper->size == PAPER_LETTER;
    canvas_t canvas;
    flow_t f = {.pen = &canvas.pen, .paper = paper};
    f.sheet_width = letter ? 816 : 210.0 / 25.4 * 96;
    f.sheet_height = letter ? 1056 : 297.0 / 25.4 * 96;
    if (!canvas_begin(&canvas, DRAW_PDF, DRAW_PAPER, f.sheet_width, f.sheet_height, true, paper->date, err))
        return false;
    int percent = 100;
    f.pages = flow_run(&f, 1.0, false);
    while (paper->one_page && f.pages > 1 && percent > PAPER_SHRINK_PERCENT) {
        percent -= 5;
        f.pages = flow_run(&f, percent / 100.0, false);
    }
    if (paper->one_page && f.pages > 1) {
        percent = 100; /* it does not fit in any case: keep it legible */
        f.pages = flow_run(&f, 1.0, false);
    }
    bool fits = f.pages <= PAPER_MAX_PAGES;
    if (fits) flow_run(&f, percent / 100.0, true);
    if (pages) *pages = f.pages;
    if (!fits) {
        err_set(err, ERR_LIMIT, "The paper would have %d pages; at most %d are printed.", f.pages, PAPER_MAX_PAGES);
        canvas_end(&canvas, out, NULL);
        text_clear(out);
        return false;
    }
    return canvas_end(&canvas, out, err);
}
