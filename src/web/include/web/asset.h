/* Files that browsers may keep forever: style, script, fonts, icon. tools/assets.c packs them into the
 * program with a fingerprint in the name, and compressed (brotli, gzip) where that saves something.
 * Templates name one with {{asset titer.css}}; a name that does not exist does not compile. */
#ifndef TITER_WEB_ASSET_H
#define TITER_WEB_ASSET_H

#include <stddef.h>

typedef struct {
    const char *name;                           /* "titer.css" */
    const char *url;                            /* "/assets/titer.0123456789abcdef.css" */
    const char *type;                           /* "text/css; charset=utf-8" */
    const unsigned char *plain, *gzip, *brotli; /* gzip and brotli NULL where they save nothing */
    size_t plain_length, gzip_length, brotli_length;
} asset_t;

/* By path of the request ("/assets/..."); NULL when there is none. */
const asset_t *asset_find(const char *url);

#endif
