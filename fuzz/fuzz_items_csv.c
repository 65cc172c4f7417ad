/* Tables of questions from strangers: read; what was read is written in every format, and what was written is read
 * again. */
#include "fuzz_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_wire(WIRE_CSV, data, size);
    return 0;
}
