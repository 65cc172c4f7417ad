/* The inner wheels of the control rules, shared by judging (qc_rules.c) and by simulation
 * (qc_power.c), so that both judge by the same lines of code.
 *
 * A control value matters only by the interval between limits in which it falls: 13 classes, the
 * middle one being z = 0 exactly. A class sets bits in shift registers; "k consecutive beyond a
 * limit" is then an AND of a register with itself, shifted. */
#ifndef TITER_LAB_QC_PRIVATE_H
#define TITER_LAB_QC_PRIVATE_H

#include "lab/qc.h"

#include <string.h>

enum { LANE_ABOVE_0, LANE_BELOW_0, LANE_ABOVE_1, LANE_BELOW_1, LANE_ABOVE_2, LANE_BELOW_2, LANE_RISING, LANE_FALLING };

enum { QC_LIMITS = 12, QC_CLASSES = QC_LIMITS + 1, QC_CLASS_MEAN = 6 };

/* Rising limits; a value is past the first six when it is not below them, past the others when above. */
extern const double QC_LIMIT[QC_LIMITS];
/* What a class pushes into the lanes (rising and falling stay 0), 1 each. */
extern const uint32_t QC_PUSH[QC_CLASSES][QC_LANES];
/* The single-value rules a class breaks: 1-2s, 1-2.5s, 1-3s, 1-3.5s. */
extern const uint32_t QC_SINGLE[QC_CLASSES];

/* The branches of the rules in the order of reporting. */
enum {
    BRANCH_1_3S,
    BRANCH_1_3_5S,
    BRANCH_1_2_5S,
    BRANCH_2_2S_ACROSS,
    BRANCH_2_2S_WITHIN,
    BRANCH_R_4S,
    BRANCH_R_4S_RANGE,
    BRANCH_2OF3_2S,
    BRANCH_3_1S,
    BRANCH_4_1S_WITHIN,
    BRANCH_4_1S_ACROSS,
    BRANCH_8_X_WITHIN,
    BRANCH_10_X_WITHIN,
    BRANCH_12_X_WITHIN,
    BRANCH_6_X_WITHIN,
    BRANCH_9_X_WITHIN,
    BRANCH_8_X_ACROSS,
    BRANCH_10_X_ACROSS,
    BRANCH_12_X_ACROSS,
    BRANCH_6_X_ACROSS,
    BRANCH_9_X_ACROSS,
    BRANCH_7_T,
    BRANCH_1_2S,
    BRANCH_COUNT
};

/* What one run adds to the history while it is pushed. */
typedef struct {
    int n; /* controls */
    uint8_t in_level[QC_LEVELS_MAX];
    uint32_t levels; /* bit per level present */
    uint32_t single; /* rules broken by single values */
    bool range;      /* highest - lowest above 4 */
} qc_run_t;

static inline int qc_class_of(double z)
{
    double size = z < 0 ? -z : z;
    int beyond = 0; /* the limits mirror */
    for (int i = QC_CLASS_MEAN; i < QC_LIMITS; i++) beyond += size > QC_LIMIT[i];
    return z < 0 ? QC_CLASS_MEAN - beyond : QC_CLASS_MEAN + beyond;
}

/* Half of the lanes in one machine register, where the machine has such registers. */
typedef uint32_t qc_half_t __attribute__((vector_size(16)));

static inline void qc_shift_in(uint32_t *lanes, const uint32_t *push)
{
    for (int i = 0; i < QC_LANES; i += 4) {
        qc_half_t w, in;
        memcpy(&w, lanes + i, sizeof w);
        memcpy(&in, push + i, sizeof in);
        w = w << 1 | in;
        memcpy(lanes + i, &w, sizeof w);
    }
}

/* level counts from 0 here. */
static inline void qc_push(qc_history_t *history, qc_run_t *run, int level, int class, uint32_t rising,
                           uint32_t falling)
{
    uint32_t *own = history->level[level];
    qc_shift_in(history->time, QC_PUSH[class]);
    qc_shift_in(own, QC_PUSH[class]);
    own[LANE_RISING] |= rising;
    own[LANE_FALLING] |= falling;
    run->n++;
    run->in_level[level]++;
    run->levels |= 1u << level;
    run->single |= QC_SINGLE[class];
}

#define QC_HAS(set, rule) (((set) >> (rule)) & 1u)

/* Does a stretch of k ones end at one of the positions `ends` (bit 0 = the newest value) in either register of a pair?
 * Mostly there is one position and nothing at it. */
static inline uint32_t qc_stretch(const uint32_t *pair, int k, uint32_t ends)
{
    uint32_t all = (1u << k) - 1;
    for (uint32_t left = ends & (pair[0] | pair[1]); left; left &= left - 1) {
        int at = __builtin_ctz(left);
        if ((pair[0] >> at & all) == all || (pair[1] >> at & all) == all) return 1;
    }
    return 0;
}

/* Positions in time order: the end of the run, and whatever k neighbors lie inside the run. */
static inline uint32_t qc_ends_time(int n, int k)
{
    return 1u | (n >= k ? (1u << (n - k + 1)) - 1 : 0);
}

/* Positions inside the run alone. */
static inline uint32_t qc_ends_inside(int n, int k)
{
    return n >= k ? (1u << (n - k + 1)) - 1 : 0;
}

/* Positions within a level of m values in this run: ends in this run, starts in an earlier one. */
static inline uint32_t qc_ends_level(int m, int k)
{
    return ((1u << m) - 1) & ~qc_ends_inside(m, k);
}

/* The branches of the rules of `set` that the pushed run breaks. */
uint32_t qc_branches(uint32_t set, const qc_history_t *history, const qc_run_t *run);

#endif
