/* The hashes of many shifts, one a line: scenario, seed, policy, hash. Run by tools/check-portable.sh
 * from builds by different compilers, at different optimization, for different machines; the outputs
 * must be the same bytes. Then the hashes of adaptive tests (sittings.c). Usage: portable SHIFTS */
#include "base/content.h"
#include "lab/debrief.h"
#include "lab/lab.h"
#include "sittings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int shifts = argc > 1 ? atoi(argv[1]) : 100;
    lab_t *lab;
    err_t err = {0};
    if (!lab_open(&lab, content_source(), &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    shift_t *shift = NULL;
    for (int i = 0; i < shifts; i++) {
        const scenario_t *scenario = scenario_get(lab, i % scenario_count(lab));
        uint64_t seed = 1 + (uint64_t)(i / scenario_count(lab));
        pilot_t pilot = (pilot_t)(i % 7 == 3 ? PILOT_ACCEPT_ALL : i % 7 == 5 ? PILOT_REJECT_ALL : PILOT_CAREFUL);
        debrief_t *debrief;
        scenario_view_t view;
        scenario_view(scenario, &view);
        bool ok = shift ? shift_restart(shift, scenario, seed, MODE_ASSESS, &err)
                        : shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err);
        if (!ok || !pilot_run(shift, pilot, shift_length_s(shift), NULL, NULL, &err) ||
            !debrief_make(shift, &debrief, &err)) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        printf("%s %" PRIu64 " %s %016" PRIx64 " %.6f\n", view.id, seed, pilot_word(pilot), shift_hash(shift),
               debrief->score);
        debrief_free(debrief);
    }
    shift_free(shift);
    lab_close(lab);
    return print_sittings() ? 0 : 1;
}
