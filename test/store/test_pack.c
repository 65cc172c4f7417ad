/* Packed events: what goes in comes out, at every length, and what was cut off or changed is never read past. */
#include "pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void same_event(const store_event_t *a, const store_event_t *b)
{
    assert_int_equal(a->seq, b->seq);
    assert_true(a->at_ms == b->at_ms);
    assert_string_equal(a->kind, b->kind);
    assert_string_equal(a->request, b->request);
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->payload, b->payload, a->length);
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    char *large = malloc(STORE_PAYLOAD_MAX), kind[STORE_KIND_MAX + 1], request[STORE_REQUEST_MAX + 1];
    memset(large, 0xe9, STORE_PAYLOAD_MAX);
    memset(kind, 'k', STORE_KIND_MAX);
    memset(request, 'r', STORE_REQUEST_MAX);
    kind[STORE_KIND_MAX] = request[STORE_REQUEST_MAX] = '\0';
    const store_event_t events[] = {
        {.seq = 1, .at_ms = 0, .kind = "a", .request = "", .payload = "", .length = 0},
        {.seq = 2, .at_ms = -1, .kind = "act", .request = "r1", .payload = "a\0b", .length = 3},
        {.seq = STORE_STREAM_EVENTS_MAX,
         .at_ms = INT64_MIN,
         .kind = kind,
         .request = request,
         .payload = large,
         .length = STORE_PAYLOAD_MAX},
        {.seq = 7, .at_ms = INT64_MAX, .kind = "", .request = "", .payload = "x", .length = 1},
    };
    const int64_t streams[] = {1, INT64_MAX, 77, 1LL << 40};
    enum { COUNT = sizeof events / sizeof *events };
    size_t sizes[COUNT], used = 0, at = 0;
    unsigned char *bytes = malloc(COUNT * PACK_EVENT_MAX);
    for (int i = 0; i < COUNT; i++) {
        sizes[i] = pack_event(bytes + used, streams[i], &events[i]);
        assert_int_equal(sizes[i], pack_size(&events[i]));
        assert_true(sizes[i] <= PACK_EVENT_MAX);
        used += sizes[i];
    }
    assert_int_equal(sizes[2], PACK_EVENT_MAX);
    for (int i = 0; i < COUNT; i++) {
        store_event_t event;
        int64_t stream;
        assert_true(unpack_event(bytes, used, &at, &stream, &event));
        assert_true(stream == streams[i]);
        same_event(&event, &events[i]);
    }
    assert_int_equal(at, used);
    free(bytes);
    free(large);
}

/* A copy that ends where it says it ends: the sanitizer sees a read beyond. */
static bool unpacks(const unsigned char *bytes, size_t length)
{
    unsigned char *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    store_event_t event;
    int64_t stream;
    size_t at = 0;
    bool ok = unpack_event(copy, length, &at, &stream, &event);
    assert_true(!ok || at <= length);
    free(copy);
    return ok;
}

static void what_is_not_whole_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[PACK_HEAD + 40];
    store_event_t event = {.seq = 5, .at_ms = 1, .kind = "act", .request = "r1", .payload = "hello", .length = 5};
    size_t length = pack_event(bytes, 3, &event), at = length + 1;
    int64_t stream;
    assert_true(unpacks(bytes, length));
    assert_false(unpack_event(bytes, length, &at, &stream, &event));
    for (size_t n = 0; n < length; n++) assert_false(unpacks(bytes, n));
    const struct {
        size_t at;
        unsigned char value;
    } spoilt[] = {
        {0, 0},    /* no stream */
        {7, 0x80}, /* a negative one */
        {8, 0},    /* no number */
        {11, 1},   /* too large a number */
        {20, 6},   /* a longer payload than is there */
        {22, 2},   /* than there may be */
        {24, 2},   /* a kind that ends later */
        {24, 4},   /* or earlier */
        {24, 255}, /* or is too long */
        {25, 1},   /* and a request */
        {25, 255}, /*  */
        {27, 0},   /* a zero byte within the kind */
        {31, 0},   /* and within the request */
    };
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        unsigned char kept = bytes[spoilt[i].at];
        bytes[spoilt[i].at] = spoilt[i].value;
        if (unpacks(bytes, length)) fail_msg("byte %zu as %d was taken", spoilt[i].at, spoilt[i].value);
        bytes[spoilt[i].at] = kept;
    }
    assert_true(unpacks(bytes, length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(what_is_not_whole_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
