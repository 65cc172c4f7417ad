/* The month of controls, truth included: what is planted in it (kind `month` of a scenario) and what was signed. A
 * control's value is
 *     value = target + SD of the method * (systematic part + noise),
 * and its z that value by the limits assigned at its time, which may be wrong. */
#ifndef TITER_LAB_MONTH_PRIVATE_H
#define TITER_LAB_MONTH_PRIVATE_H

#include "lab/month.h"

enum { MONTH_RUNS = 30, MONTH_STEP_S = 86400 }; /* of scenarios with a month to review: one run a day */

typedef enum {
    MONTH_STABLE,
    MONTH_MEAN_OFF,  /* by: true mean less assigned, in SD of the method */
    MONTH_SD_WIDE,   /* by: assigned SD over that of the method */
    MONTH_DRIFT,     /* by: how far it has moved over the month, in SD */
    MONTH_STEP,      /* by: a step before the last third, in SD */
    MONTH_IMPRECISE, /* by: SD of the method now over what it was */
    MONTH_STATES
} month_state_t;

typedef struct {
    int16_t line, analyte;
    uint8_t decision;
    uint8_t levels;
    int32_t at_s, log; /* log: its entry, which has the text */
    double mean[SHIFT_QC_LEVELS], sd[SHIFT_QC_LEVELS];
    month_t seen; /* the numbers when it was signed */
    /* of the accepted runs, for the debrief alone */
    double truth_moved, truth_scatter; /* systematic part, last third less first, in SD; multiple of the SD */
    char initials[MONTH_INITIALS_MAX + 1];
} month_signed_t;

/* A month is unstable in truth from here on. */
static const double MONTH_TRULY_MOVED = 0.75, MONTH_TRULY_SCATTERS = 1.3;

#endif
