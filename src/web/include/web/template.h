/* What compiled templates call (tools/template.c). {{= x}} chooses by type: text is escaped, integers
 * are written; a double does not compile ({{fixed 2 x}} says how many decimals), nor does a bool. */
#ifndef TITER_WEB_TEMPLATE_H
#define TITER_WEB_TEMPLATE_H

#include "base/text.h"

#include <stdint.h>

void template_text(text_t *out, const char *text); /* escaped; NULL writes nothing */
void template_raw(text_t *out, const char *html);  /* as it is; NULL writes nothing */
void template_url(text_t *out, const char *part);  /* percent-encoded: one part of a path or a query value */
void template_int(text_t *out, int64_t value);
void template_unsigned(text_t *out, uint64_t value);

/* clang-format off */
#define TEMPLATE_PUT(out, x) _Generic((x), \
    char *: template_text, const char *: template_text, \
    signed char: template_int, short: template_int, int: template_int, long: template_int, long long: template_int, \
    unsigned char: template_unsigned, unsigned short: template_unsigned, unsigned: template_unsigned, \
    unsigned long: template_unsigned, unsigned long long: template_unsigned)((out), (x))
/* clang-format on */

#endif
