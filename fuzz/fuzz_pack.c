/* Bytes of a batch of events as they may stand in a damaged database: what is read is within limits and is those bytes.
 */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char again[PACK_EVENT_MAX];
    store_event_t event;
    int64_t stream;
    for (size_t at = 0, from = 0; at < size; from = at) {
        if (!unpack_event(data, size, &at, &stream, &event)) break;
        if (stream <= 0 || event.seq <= 0 || event.seq > STORE_STREAM_EVENTS_MAX) abort();
        if (at > size || at - from != pack_size(&event) || at - from > sizeof again) abort();
        if (pack_event(again, stream, &event) != at - from || memcmp(again, data + from, at - from) != 0) abort();
    }
    return 0;
}
