/* A terminal shows no picture: it gets the same figures that stand beside the picture in the browser. */
#include "exhibit_text.h"

#include <string.h>

/* Characters of UTF-8, for columns that stand straight. */
static int width(const char *text)
{
    int count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void cell(text_t *out, const char *text, int wide)
{
    text_add(out, text);
    for (int i = width(text); i < wide + 2; i++) text_add_char(out, ' ');
}

static void table(text_t *out, const exhibit_table_t *t)
{
    int wide[EXHIBIT_COLUMNS_MAX];
    for (int c = 0; c < t->columns; c++) {
        wide[c] = width(t->head[c]);
        for (int r = 0; r < t->rows; r++) {
            int own = width(t->cell[r * t->columns + c]);
            if (own > wide[c]) wide[c] = own;
        }
    }
    text_addf(out, "  %s\n    ", t->title);
    for (int c = 0; c < t->columns; c++) cell(out, t->head[c], wide[c]);
    for (int r = 0; r < t->rows; r++) {
        text_add(out, "\n    ");
        for (int c = 0; c < t->columns; c++) cell(out, t->cell[r * t->columns + c], wide[c]);
    }
    text_add(out, "\n\n");
}

static void lines(text_t *out, const app_exhibit_t *e, bool messages)
{
    bool any = false;
    for (int i = 0; i < e->line_count; i++) {
        if (e->line[i].message != messages) continue;
        text_addf(out, "  %s: %s\n", e->line[i].label, e->line[i].text);
        any = true;
    }
    if (any) text_add_char(out, '\n');
}

void exhibit_text(text_t *out, const app_exhibit_t *e)
{
    if (!e->there) return;
    if (e->drawn)
        text_addf(out, "[A picture, here in words] %s\n\n", e->alt);
    else
        text_addf(out, "[%s]\n\n", e->title);
    lines(out, e, false);
    for (int i = 0; i < e->table_count; i++) table(out, &e->table[i]);
    lines(out, e, true);
}
