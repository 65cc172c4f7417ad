/* What stands beside a question: a picture, or a bench screen. Only what can be seen of it, in marks and in words; not
 * from what it was made, and not what it means. */
#ifndef TITER_APP_EXHIBIT_H
#define TITER_APP_EXHIBIT_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

enum {
    EXHIBIT_COLUMNS_MAX = 8,
    EXHIBIT_TABLES_MAX = 6,
    EXHIBIT_LINES_MAX = 40,
    EXHIBIT_PLACES_MAX = 8,
    EXHIBIT_TAG_MAX = 24
};

typedef struct {
    const char *title;
    int columns, rows;
    const char *head[EXHIBIT_COLUMNS_MAX];
    const char **cell; /* [rows * columns] */
} exhibit_table_t;

typedef struct {
    const char *label, *text;
    bool message; /* of a screen: stands out, below its tables */
} exhibit_line_t;

typedef struct {
    bool there;
    bool drawn;                /* a picture; otherwise a screen, which is its lines and tables */
    char tag[EXHIBIT_TAG_MAX]; /* changes with what is drawn and with who sees it; says nothing */
    const char *title;         /* of a screen */
    const char *alt;           /* what is seen, in a sentence or two */
    int width, height;         /* of the picture, pixels */
    int table_count, line_count, place_count;
    exhibit_table_t table[EXHIBIT_TABLES_MAX]; /* a picture's: the same in figures */
    exhibit_line_t line[EXHIBIT_LINES_MAX];    /* a picture's: the same in words */
    struct {
        double x, y, width, height;
    } place[EXHIBIT_PLACES_MAX]; /* of each option of a hotspot item, as they stand */
} app_exhibit_t;

#endif
