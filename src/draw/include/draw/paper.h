/* Paper: headings, paragraphs, fields, small tables and pictures laid out on Letter or A4, greyscale-safe, with
 * date, content version, seed and "page x of y" at the foot of every page. PDF only. */
#ifndef TITER_DRAW_PAPER_H
#define TITER_DRAW_PAPER_H

#include "draw/picture.h"

enum {
    PAPER_MAX_BLOCKS = 200,
    PAPER_MAX_COLUMNS = 10,
    PAPER_MAX_ROWS = 400,
    PAPER_MAX_PAGES = 60,
    PAPER_TEXT_MAX = 8000
};

typedef enum { PAPER_LETTER, PAPER_A4 } paper_size_t;

typedef enum {
    PAPER_HEADING, /* text */
    PAPER_TEXT,    /* text: a paragraph; a line break starts a new line */
    PAPER_FIELDS,  /* table of two columns without header: name, value */
    PAPER_TABLE,   /* table; its header is repeated on a new page */
    PAPER_PICTURE, /* picture, text under it as caption */
} paper_kind_t;

typedef struct {
    int columns, rows;
    const char *names[PAPER_MAX_COLUMNS];
    const char *const *cells;        /* [rows * columns]; NULL is empty */
    bool right[PAPER_MAX_COLUMNS];   /* right-aligned: numbers */
    double share[PAPER_MAX_COLUMNS]; /* of the width; all 0: by what is in them */
} paper_table_t;

typedef struct {
    paper_kind_t kind;
    const char *text;
    paper_table_t table;
    picture_t picture;
    double width; /* of a picture, fraction of the text width; 0: 1 */
} paper_block_t;

typedef struct {
    paper_size_t size;
    const char *title, *subtitle;
    const char *date;    /* "2026-03-01": printed; also the file's date when it has this form */
    const char *version; /* of the content */
    const char *seed;
    const char *note; /* "Synthetic patients. For training only." */
    const paper_block_t *blocks;
    int block_count;
    bool one_page; /* shrink, down to 70 %, until it fits on one page */
} paper_t;

/* *pages (may be NULL) is how many there are. */
bool draw_paper(text_t *out, const paper_t *paper, int *pages, err_t *err);

#endif
