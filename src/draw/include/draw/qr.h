/* A QR code as SVG, encoded by libqrencode: black on white with the quiet zone of four modules that the standard
 * (ISO/IEC 18004) asks, whatever the page's scheme, because readers expect that. */
#ifndef TITER_DRAW_QR_H
#define TITER_DRAW_QR_H

#include "base/err.h"
#include "base/text.h"

enum { QR_TEXT_MAX = 500, QR_PIXELS = 220 };

/* Appends an <svg> with that label; error correction level M. */
bool draw_qr(text_t *out, const char *text, const char *label, err_t *err);

#endif
