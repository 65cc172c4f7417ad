/* A specimen tube to the life: cap color and additive in words, fill against the line on the glass,
 * gel, label, and after the spin what stands above the cells. It shows what it is told and no more;
 * an unspun tube shows blood, whatever its serum will look like. */
#ifndef TITER_DRAW_TUBE_H
#define TITER_DRAW_TUBE_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>
#include <stdint.h>

enum { TUBE_SMALL_WIDTH = 36, TUBE_SMALL_HEIGHT = 112, TUBE_WIDTH = 240, TUBE_HEIGHT = 330 };

/* Appearance of serum or plasma; straw when none is set. They mix (pink and milky). */
enum {
    TUBE_SERUM_PINK = 1 << 0,
    TUBE_SERUM_RED = 1 << 1,
    TUBE_SERUM_MILKY = 1 << 2,
    TUBE_SERUM_ICTERIC = 1 << 3, /* deep yellow-brown */
};

typedef enum { TUBE_LABEL_NONE, TUBE_LABEL_STRAIGHT, TUBE_LABEL_CROOKED } tube_label_t;

typedef struct {
    const char *cap;      /* color word: "gold", "lavender", "light blue", "green", "red", "gray", ... */
    const char *additive; /* "clot activator + gel", "K2EDTA" */
    const char *volume;   /* printed on the glass: "5 mL"; NULL: none */
    bool gel;
    bool spun;
    double fill;    /* fraction of the nominal volume, 0..1.2 */
    double cells;   /* fraction of the fill that is cells after the spin; 0: 0.45 */
    uint32_t serum; /* TUBE_SERUM_ bits, used only when spun */
    bool clot;      /* a clot to be seen in the blood */
    bool fibrin;    /* strands in the serum, used only when spun */
    bool leak;      /* drops under the cap and on the glass */
    tube_label_t label;
    const char *name, *id, *birth, *accession; /* on the label; NULL: left out */
    const char *expiry;                        /* printed on the tube's own paper: "EXP 2027-01"; NULL: none */
    bool small; /* the cap, the level and the label's outline only, for lists and trays */
} tube_picture_t;

bool draw_tube(text_t *out, const tube_picture_t *tube, draw_look_t look, err_t *err);
void draw_tube_describe(text_t *out, const tube_picture_t *tube);
/* 0xRRGGBB of a cap's color word ("gold or red/gray tiger" is gold); false: not a known color, drawn clear. */
bool draw_cap_color(const char *cap, uint32_t *color);

#endif
