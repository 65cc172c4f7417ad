/* A field to count in: cells of a film, drawn as plain signs of what tells them apart, or the large square of a
 * counting chamber with its sixteen small ones (improved Neubauer). Where each cell lies and what it is comes from the
 * caller; the picture adds nothing and leaves nothing out. */
#ifndef TITER_DRAW_FIELD_H
#define TITER_DRAW_FIELD_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { FIELD_MAX_CELLS = 240, FIELD_WIDTH = 560, FIELD_HEIGHT = 430, FIELD_CHAMBER_SIDE = 440, FIELD_SQUARES = 4 };
/* The large square's border lies so far from the edges of the picture, as a share of its side. */
static const double FIELD_CHAMBER_MARGIN = 0.09;

typedef enum {
    CELL_RED,          /* ring with a pale center */
    CELL_RETICULOCYTE, /* the same with dark strands */
    CELL_NUCLEATED,    /* red cell with a small round nucleus */
    CELL_NEUTROPHIL,   /* three lobes */
    CELL_HYPER,        /* six lobes */
    CELL_BAND,         /* a nucleus bent like a horseshoe */
    CELL_LYMPHOCYTE,   /* a round nucleus that fills the cell */
    CELL_MONOCYTE,     /* large, the nucleus notched */
    CELL_EOSINOPHIL,   /* two lobes, large open granules */
    CELL_BASOPHIL,     /* dark granules over everything */
    CELL_PLATELET,     /* a small dotted disc */
    CELL_FRAGMENT,     /* a helmet with two horns */
    CELL_SPHERE,       /* small, round, without pallor */
    CELL_BODY,         /* a round cell in a chamber */
    CELL_SHAPES
} cell_shape_t;

typedef struct {
    double x, y; /* shares of the field, from the upper left */
    double turn; /* of the cell, in turns */
    cell_shape_t shape;
} field_cell_t;

typedef struct {
    const char *title; /* NULL: none */
    bool chamber;
    bool key; /* below the field: what the signs mean, of those in it */
    const field_cell_t *cells;
    int cell_count;
} field_t;

bool draw_field(text_t *out, const field_t *field, draw_look_t look, err_t *err);
/* What there is to count in, not how many. */
void draw_field_describe(text_t *out, const field_t *field);
/* "reticulocyte" and how it is told apart: "ring with dark strands". */
const char *draw_cell_name(cell_shape_t shape);
const char *draw_cell_looks(cell_shape_t shape);
/* Radius as a share of the width of the field: how far apart cells must lie, and what touches a line. */
double draw_cell_radius(cell_shape_t shape);

#endif
