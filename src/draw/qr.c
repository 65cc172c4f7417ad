/* See draw/qr.h. Runs of dark modules in a row are one piece of the path. */
#include "draw/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 };

static void add_row(text_t *out, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width;) {
        int run = 0;
        while (x + run < width && (row[x + run] & 1)) run++;
        if (run > 0) text_addf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        x += run > 0 ? run : 1;
    }
}

bool draw_qr(text_t *out, const char *text, const char *label, err_t *err)
{
    if (strlen(text) > QR_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "A QR code here holds at most %d bytes.", QR_TEXT_MAX);
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL)
        return err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_INPUT, "This text does not go into a QR code.");
    int side = code->width + 2 * QUIET;
    text_addf(out,
              "<svg class=\"qr\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
              "shape-rendering=\"crispEdges\" aria-label=\"",
              QR_PIXELS, QR_PIXELS, side, side);
    text_add_html(out, label);
    text_addf(out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side, side);
    for (int y = 0; y < code->width; y++) add_row(out, code->data + (size_t)y * (size_t)code->width, code->width, y);
    text_add(out, "\"/></svg>");
    QRcode_free(code);
    return !out->failed || err_set(err, ERR_MEMORY, "There is not enough memory for the QR code.");
}
