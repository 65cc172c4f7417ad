/* Scenario files from strangers: read, and when one is accepted, a quarter of an hour of it is worked. */
#include "base/content.h"
#include "lab/lab.h"

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
    scenario_t *scenario;
    shift_t *shift;
    err_t err;
    if (!scenario_read(laboratory(), "fuzz.yaml", data, size, &scenario, &err)) return 0;
    if (shift_start(&shift, laboratory(), scenario, 1, MODE_PRACTICE, &err)) {
        pilot_run(shift, PILOT_CAREFUL, 900, NULL, NULL, &err);
        shift_free(shift);
    }
    scenario_free(scenario);
    return 0;
}
