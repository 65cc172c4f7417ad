/* What compiled templates call: see web/template.h. */
#include "web/template.h"

#include <inttypes.h>
#include <string.h>

void template_text(text_t *out, const char *text)
{
    if (text == NULL) return;
    /* Most values need no escaping: then one copy does. */
    size_t plain = strcspn(text, "&<>\"'");
    text_add_n(out, text, plain);
    if (text[plain] != '\0') text_add_html(out, text + plain);
}

void template_raw(text_t *out, const char *html)
{
    if (html != NULL) text_add(out, html);
}

void template_url(text_t *out, const char *part)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    if (part == NULL) return;
    while (*part != '\0') {
        size_t n = strspn(part, plain); /* RFC 3986, unreserved */
        text_add_n(out, part, n);
        part += n;
        if (*part == '\0') break;
        unsigned char c = (unsigned char)*part++;
        char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
        text_add_n(out, escape, sizeof escape);
    }
}

void template_int(text_t *out, int64_t value)
{
    text_add_int(out, value);
}

void template_unsigned(text_t *out, uint64_t value)
{
    if (value <= INT64_MAX)
        text_add_int(out, (int64_t)value);
    else
        text_addf(out, "%" PRIu64, value);
}
