/* Reader of forms with a file: multipart/form-data (RFC 7578), over the whole body in memory.
 *
 * The HTTP library's own reader works on pieces as they come in its threads; here the body is bounded and complete
 * before anybody looks, so that a broken upload leaves nothing behind. Strict as params.h: what is not well-formed is
 * refused. Pure functions over bytes; fuzzed. */
#ifndef TITER_WEB_MULTIPART_H
#define TITER_WEB_MULTIPART_H

#include "web/params.h"

enum {
    MULTIPART_BOUNDARY_MAX = 70, /* RFC 2046 section 5.1.1 */
    MULTIPART_HEAD_MAX = 2048,   /* bytes of a part's header lines */
    MULTIPART_FILE_NAME_MAX = 255,
};

/* One file of a form. `bytes` points into the body. */
typedef struct {
    const char *field; /* NULL: no file was sent */
    const char *name;  /* as the browser tells it, without folders; "" when no file was chosen */
    const char *bytes;
    size_t length;
} upload_t;

/* The boundary of a Content-Type value, into the arena; NULL and `err` when the type is not multipart/form-data or has
 * no well-formed boundary. */
const char *multipart_boundary(arena_t *arena, const char *content_type, err_t *err);
/* Fields go to `params` (at most `max`, together at most `text_max` bytes), the file to `upload`; a second file is
 * refused. */
bool multipart_parse(params_t *params, upload_t *upload, arena_t *arena, const char *boundary, const char *bytes,
                     size_t length, size_t max, size_t text_max, err_t *err);

#endif
