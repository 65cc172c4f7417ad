/* See pack.h. What is read may be damaged: nothing is believed before it is compared with what is there. */
#include "pack.h"

#include <assert.h>
#include <string.h>

static void put(unsigned char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *in, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value |= (uint64_t)in[i] << (8 * i);
    return value;
}

size_t pack_size(const store_event_t *event)
{
    return PACK_HEAD + strlen(event->kind) + 1 + strlen(event->request) + 1 + event->length;
}

size_t pack_event(unsigned char *out, int64_t stream, const store_event_t *event)
{
    size_t kind = strlen(event->kind), request = strlen(event->request);
    assert(kind <= STORE_KIND_MAX && request <= STORE_REQUEST_MAX && event->length <= STORE_PAYLOAD_MAX);
    unsigned char *at = out + PACK_HEAD;
    put(out, (uint64_t)stream, 8);
    put(out + 8, (uint64_t)event->seq, 4);
    put(out + 12, (uint64_t)event->at_ms, 8);
    put(out + 20, event->length, 4);
    put(out + 24, kind, 1);
    put(out + 25, request, 1);
    memcpy(at, event->kind, kind + 1);
    memcpy(at + kind + 1, event->request, request + 1);
    at += kind + 1 + request + 1;
    if (event->length) memcpy(at, event->payload, event->length);
    return (size_t)(at - out) + event->length;
}

bool unpack_event(const unsigned char *bytes, size_t length, size_t *at, int64_t *stream, store_event_t *event)
{
    if (*at > length || length - *at < PACK_HEAD) return false;
    const unsigned char *head = bytes + *at;
    size_t payload = get(head + 20, 4), kind = head[24], request = head[25];
    if (payload > STORE_PAYLOAD_MAX || kind > STORE_KIND_MAX || request > STORE_REQUEST_MAX ||
        length - *at - PACK_HEAD < kind + 1 + request + 1 + payload)
        return false;
    const char *kind_text = (const char *)head + PACK_HEAD, *request_text = kind_text + kind + 1;
    if (memchr(kind_text, 0, kind + 1) != kind_text + kind ||
        memchr(request_text, 0, request + 1) != request_text + request)
        return false;
    *stream = (int64_t)get(head, 8);
    *event = (store_event_t){.seq = (int64_t)get(head + 8, 4),
                             .at_ms = (int64_t)get(head + 12, 8),
                             .kind = kind_text,
                             .request = request_text,
                             .payload = request_text + request + 1,
                             .length = payload};
    *at += PACK_HEAD + kind + 1 + request + 1 + payload;
    return *stream > 0 && event->seq > 0 && event->seq <= STORE_STREAM_EVENTS_MAX;
}
