/* The palette: the tokens of the pages' style sheet, light and dark, and one for paper. */
#include "draw/look.h"
#include "base/exact.h"

#include <assert.h>

/* The paper scheme keeps the hues but darkens them, so that they stay legible when the printer has only black. */
static const uint32_t palette[DRAW_SCHEMES][INK_COUNT] = {
    [DRAW_LIGHT] =
        {
            [INK_PAPER] = 0xf5f6f3,
            [INK_SHEET] = 0xffffff,
            [INK_RULE] = 0xd9ddd6,
            [INK_RULE_STRONG] = 0xaab3ab,
            [INK_TEXT] = 0x17201d,
            [INK_TEXT_2] = 0x4a5651,
            [INK_TEXT_3] = 0x6a756f,
            [INK_BRAND] = 0x0b5a5c,
            [INK_BRAND_SOFT] = 0xe2efee,
            [INK_OK] = 0x1c6b3c,
            [INK_OK_SOFT] = 0xe3f1e7,
            [INK_WARN] = 0x7a4a00,
            [INK_WARN_SOFT] = 0xfdf0d3,
            [INK_CRIT] = 0x9c1230,
            [INK_CRIT_SOFT] = 0xfbe4e8,
            [INK_INFO] = 0x1f4f8f,
            [INK_INFO_SOFT] = 0xe5edf8,
        },
    [DRAW_DARK] =
        {
            [INK_PAPER] = 0x121816,
            [INK_SHEET] = 0x1a211f,
            [INK_RULE] = 0x2d3734,
            [INK_RULE_STRONG] = 0x4c5954,
            [INK_TEXT] = 0xe8ede9,
            [INK_TEXT_2] = 0xb3beb8,
            [INK_TEXT_3] = 0x8f9b95,
            [INK_BRAND] = 0x6fc3c0,
            [INK_BRAND_SOFT] = 0x17302f,
            [INK_OK] = 0x79cf97,
            [INK_OK_SOFT] = 0x16301f,
            [INK_WARN] = 0xf0c36a,
            [INK_WARN_SOFT] = 0x35290f,
            [INK_CRIT] = 0xff9aae,
            [INK_CRIT_SOFT] = 0x3a151d,
            [INK_INFO] = 0x9cc1f5,
            [INK_INFO_SOFT] = 0x172436,
        },
    [DRAW_PAPER] =
        {
            [INK_PAPER] = 0xffffff,
            [INK_SHEET] = 0xffffff,
            [INK_RULE] = 0xcccccc,
            [INK_RULE_STRONG] = 0x999999,
            [INK_TEXT] = 0x000000,
            [INK_TEXT_2] = 0x333333,
            [INK_TEXT_3] = 0x555555,
            [INK_BRAND] = 0x0b5a5c,
            [INK_BRAND_SOFT] = 0xe6e6e6,
            [INK_OK] = 0x14502d,
            [INK_OK_SOFT] = 0xf2f2f2,
            [INK_WARN] = 0x5c3800,
            [INK_WARN_SOFT] = 0xebebeb,
            [INK_CRIT] = 0x7c0e26,
            [INK_CRIT_SOFT] = 0xe0e0e0,
            [INK_INFO] = 0x183f72,
            [INK_INFO_SOFT] = 0xf0f0f0,
        },
};

uint32_t draw_color(draw_scheme_t scheme, draw_ink_t ink)
{
    assert((unsigned)scheme < DRAW_SCHEMES && (unsigned)ink < INK_COUNT);
    return palette[scheme][ink];
}

/* Relative luminance (WCAG 2.2, "relative luminance"). */
static double luminance(uint32_t rgb)
{
    static const double weight[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double c = (double)((rgb >> (16 - 8 * i)) & 0xff) / 255.0;
        sum += weight[i] * (c <= 0.04045 ? c / 12.92 : exact_pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double draw_contrast(uint32_t a, uint32_t b)
{
    double la = luminance(a), lb = luminance(b);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}
