/* Exported shifts from strangers: the fold must answer or refuse, whatever the lines say. */
#include "app/app.h"
#include "base/content.h"

#include <stdlib.h>

static const lab_t *laboratory(void)
{
    static lab_t *lab;
    err_t err;
    if (!lab && !lab_open(&lab, content_source(), &err)) abort();
    return lab;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    shift_t *shift;
    err_t err;
    if (app_shift_fold(laboratory(), (const char *)data, size, &shift, &err)) shift_free(shift);
    return 0;
}
