/* How a picture comes out: its format, its palette, its size. Every picture of this room is a pure
 * function from a plain struct and a look to bytes: the same input gives the same bytes.
 *
 * Sizes are CSS pixels (96 an inch on paper). SVG: text is glyph outlines, presentation attributes
 * only (no style, script or title), so a strict Content-Security-Policy lets it through; serve it as an
 * image and show it with <img alt=...>, the alt text made by the picture's describe function.
 * PNG: the same drawing at twice the size. PDF: one page of just that size. */
#ifndef TITER_DRAW_LOOK_H
#define TITER_DRAW_LOOK_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { DRAW_SVG, DRAW_PNG, DRAW_PDF } draw_format_t;

/* DRAW_PAPER is for print: white ground, inks that stay apart without color. */
typedef enum { DRAW_LIGHT, DRAW_DARK, DRAW_PAPER, DRAW_SCHEMES } draw_scheme_t;

enum {
    DRAW_PNG_SCALE = 2,
    DRAW_MIN_SIDE = 8,                  /* pixels */
    DRAW_MAX_SIDE = 4000,               /* pixels */
    DRAW_MAX_TEXT = 300,                /* bytes of one label; longer ones are cut */
    DRAW_BYTES_LIMIT = 8 * 1024 * 1024, /* a good limit for the buffer that takes a picture */
};

typedef struct {
    draw_format_t format;
    draw_scheme_t scheme;
    double width, height; /* 0: the picture's own size */
    bool clear;           /* leave the ground unpainted (for pictures on a colored row) */
} draw_look_t;

/* The tokens of the pages' style sheet, as far as pictures use them. */
typedef enum {
    INK_PAPER,
    INK_SHEET,
    INK_RULE,
    INK_RULE_STRONG,
    INK_TEXT,
    INK_TEXT_2,
    INK_TEXT_3,
    INK_BRAND,
    INK_BRAND_SOFT,
    INK_OK,
    INK_OK_SOFT,
    INK_WARN,
    INK_WARN_SOFT,
    INK_CRIT,
    INK_CRIT_SOFT,
    INK_INFO,
    INK_INFO_SOFT,
    INK_COUNT,
} draw_ink_t;

/* 0xRRGGBB. */
uint32_t draw_color(draw_scheme_t scheme, draw_ink_t ink);
/* Contrast ratio of two colors as WCAG 2 defines it, 1..21. */
double draw_contrast(uint32_t a, uint32_t b);

/* A place in a picture, in pixels of its own size: for image maps and focus targets. */
typedef struct {
    double x, y, width, height;
} draw_box_t;

/* What a mark says; always drawn as a shape of its own as well as a color. */
typedef enum {
    TONE_PLAIN, /* dot */
    TONE_OK,    /* ring with a check */
    TONE_WARN,  /* triangle */
    TONE_CRIT,  /* square with x */
    TONE_INFO,  /* diamond */
    TONE_COUNT
} draw_tone_t;

#endif
