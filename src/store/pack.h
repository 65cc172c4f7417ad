/* Events one after another as bytes: what one row of the table `batch` holds. A row costs SQLite the same whether it
 * holds one event or all of a commit.
 *
 * An event is a head of PACK_HEAD bytes, its kind and its request, each with a zero byte after it, and its payload. The
 * head, little-endian: stream id (8 bytes), number (4), time in ms (8), bytes of the payload (4), of the kind (1) and
 * of the request (1). */
#ifndef TITER_STORE_PACK_H
#define TITER_STORE_PACK_H

#include "store/store.h"

enum {
    PACK_HEAD = 26,
    PACK_EVENT_MAX = PACK_HEAD + STORE_KIND_MAX + 1 + STORE_REQUEST_MAX + 1 + STORE_PAYLOAD_MAX,
};

/* Bytes that the event takes; its kind, request and payload are within the limits of store.h. */
size_t pack_size(const store_event_t *event);
/* Writes that many bytes and returns their number. */
size_t pack_event(unsigned char *out, int64_t stream, const store_event_t *event);
/* The event at *at, which then is where the next one begins. The event points into `bytes`; its stream's name is NULL.
 * false: no well-formed event is there. */
bool unpack_event(const unsigned char *bytes, size_t length, size_t *at, int64_t *stream, store_event_t *event);

#endif
