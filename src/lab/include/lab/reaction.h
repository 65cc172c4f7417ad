/* How a chemistry test is read, and what the analyzer recorded while it read one result: absorbance against time, the
 * potential of an electrode on its slope, the signal of an immunoassay on its calibration curve. Sight only: a curve
 * is what the instrument saw, its number is the number that the instrument made of it. */
#ifndef TITER_LAB_REACTION_H
#define TITER_LAB_REACTION_H

#include "lab/shift.h"

typedef enum {
    REACTION_UNKNOWN, /* the method is not settled, or nothing is recorded: no curve */
    REACTION_ENDPOINT,
    REACTION_TWO_POINT, /* fixed time */
    REACTION_RATE,
    REACTION_ISE,
    REACTION_IMMUNOASSAY,
    REACTION_CALCULATED,
    REACTION_KINDS
} reaction_kind_t;

enum { REACTION_STEP_S = 10, REACTION_END_S = 600, REACTION_POINTS = REACTION_END_S / REACTION_STEP_S + 1 };
enum { REACTION_STANDARDS = 6 };

typedef struct {
    reaction_kind_t kind;
    bool falls;             /* the absorbance, potential or signal falls as there is more of it */
    int main_nm, second_nm; /* 0: none */
    int start_s;            /* the reagent that starts the reaction; sample and first reagent come at 0 */
    int from_s, to_s;       /* what is read */
    const char *principle, *source;
} reaction_method_t;

/* "end point", "two-point (fixed time)", "rate", ... */
const char *reaction_kind_words(reaction_kind_t kind);
/* The method of a chemistry test; NULL for a test of another bench and for what no line measures. */
const reaction_method_t *lab_reaction(const lab_t *lab, int analyte);

typedef struct {
    const reaction_method_t *method;
    double absorbance[REACTION_POINTS]; /* main less second wavelength, per cm; point i at REACTION_STEP_S * i */
    /* What was read, upward always: A (end point, two-point), A/min (rate), mV, relative units. */
    double read;
    double factor; /* unit of the test for one A or A/min; NAN: there is none */
    /* What the analyzer makes of it: factor x read, or off the line or curve, then times the dilution. NAN: it gives
     * no number, because the sample is above or below its range or because what it read cannot be read. */
    double number;
    /* Electrode and immunoassay: standards and the signal each gives; of an electrode with the slope. */
    int standards;
    double standard[REACTION_STANDARDS], signal[REACTION_STANDARDS];
    double slope_mv; /* a decade; NAN where it is no electrode */
} reaction_view_t;

/* False when there is no such result, or its method has no curve. */
bool shift_reaction(const shift_t *shift, int32_t result, reaction_view_t *view);
/* The signal of an immunoassay at a concentration (above 0) in the unit of the test; NAN for another kind. */
double reaction_signal(const lab_t *lab, int analyte, double concentration);
/* The read-out of a recorded curve, as the analyzer takes it; NAN for a kind without one. */
double reaction_read(const reaction_method_t *method, const double absorbance[REACTION_POINTS]);

#endif
