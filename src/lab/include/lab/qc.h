/* Quality control: what the controls of a run say, how often a rule says it, and what to choose.
 *
 * Model: z = (x - mean) / SD of the laboratory's own lot, level and instrument. All limits are
 * strict (z = 2.00 breaks no 2s rule) and a control exactly on the mean (z = 0) ends every count
 * "on one side of the mean". The rules are those of Westgard 1981 and their later kin:
 *
 *   1-2s             one beyond 2s: a warning, never a rejection while judging
 *   1-2.5s 1-3s 1-3.5s   one beyond the limit
 *   2-2s             two consecutive beyond the same 2s limit: neighbors in the run, or one level
 *                    in two consecutive runs
 *   R-4s             one above +2s and one below -2s inside one run
 *   R-4s-range       highest minus lowest of the run above 4 SD (used by some programs)
 *   2of3-2s          two of three neighbors of the run beyond the same 2s limit
 *   3-1s             three neighbors of the run, or one level over three runs, beyond the same 1s
 *   4-1s             four consecutive beyond the same 1s limit: one level over runs, or in time order
 *   6-x ... 12-x     so many consecutive on one side of the mean: one level, or in time order
 *   7-T              seven values of one level, each higher (or each lower) than the one before
 *                    (six steps)
 *
 * Time order is run 1 level 1, level 2, (level 3), run 2 level 1 ...; replicates as measured. A rule
 * that counts in time order looks at the last k values when the run is complete, and at any k
 * neighbors inside the run; a rule that counts within a level looks at any k values of that level
 * that end in this run and reach into an earlier one. With these readings the simulated power
 * agrees with every published row (test/lab/qc_power.csv).
 *
 * Look-back uses the accepted runs since the last qc_history_init, which the caller makes at every
 * calibration, corrective action or lot change. A rejected run is not accepted and therefore never
 * stands in the look-back of a later run; the accepted runs before it stay, because rejection by
 * itself corrects nothing. A level missing from a run is skipped: it breaks no count. */
#ifndef TITER_LAB_QC_H
#define TITER_LAB_QC_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QC_LEVELS_MAX = 6,   /* levels are numbered from 1 */
    QC_CONTROLS_MAX = 6, /* controls of one run */
    QC_RULES_TEXT_MAX = 160,
};

typedef enum {
    QC_RULE_1_2S,
    QC_RULE_1_2_5S,
    QC_RULE_1_3S,
    QC_RULE_1_3_5S,
    QC_RULE_2_2S,
    QC_RULE_R_4S,
    QC_RULE_R_4S_RANGE,
    QC_RULE_2OF3_2S,
    QC_RULE_3_1S,
    QC_RULE_4_1S,
    QC_RULE_6_X,
    QC_RULE_8_X,
    QC_RULE_9_X,
    QC_RULE_10_X,
    QC_RULE_12_X,
    QC_RULE_7_T,
    QC_RULE_COUNT
} qc_rule_t;

typedef enum {
    QC_MODE_COMPUTER, /* every rule, every run */
    QC_MODE_MANUAL,   /* nothing beyond 2s: accepted unread; otherwise every rule */
} qc_mode_t;

typedef struct {
    uint32_t set; /* bit 1u << QC_RULE_... */
    qc_mode_t mode;
} qc_rules_t;

/* "1-3s" and so on. */
const char *qc_rule_name(qc_rule_t rule);
/* True when the rule points to systematic error rather than random error. */
bool qc_rule_is_systematic(qc_rule_t rule);
/* Reads "1-3s,2-2s,R-4s" or "1-3s/2-2s/R-4s" into rules->set; the mode stays as it is in *rules.
 * err names an unknown rule and lists the known ones. */
bool qc_rules_parse(const char *text, qc_rules_t *rules, err_t *err);
/* The names with commas, into `out` (at least QC_RULES_TEXT_MAX bytes). */
void qc_rules_text(const qc_rules_t *rules, char *out);

/* What later runs need of earlier ones: shift registers, newest value in bit 0, one register for
 * each limit and side. Plain data; copy it freely. */
enum { QC_LANES = 8 }; /* above and below 0, 1, 2 SD; rising; falling */

typedef struct {
    uint32_t time[QC_LANES];                 /* all levels in time order */
    uint32_t level[QC_LEVELS_MAX][QC_LANES]; /* each level by itself */
    double last[QC_LEVELS_MAX];              /* z of the level's last value, NAN at the start */
} qc_history_t;

void qc_history_init(qc_history_t *history);

typedef enum { QC_VERDICT_ACCEPT, QC_VERDICT_WARN, QC_VERDICT_REJECT } qc_verdict_kind_t;

typedef struct {
    qc_verdict_kind_t verdict;
    uint32_t broken;              /* bit 1u << QC_RULE_... */
    uint8_t count;                /* of `rules` */
    uint8_t rules[QC_RULE_COUNT]; /* in the order of reporting: the first is the one that rejects, 1-2s is last */
} qc_verdict_t;

/* Judges one run of n controls (at most QC_CONTROLS_MAX) given in time order; level[i] is 1 to
 * QC_LEVELS_MAX; a z that is NAN is a missing control. The run joins the history unless rejected.
 * In manual mode the gate itself is reported as 1-2s. */
void qc_judge_run(const qc_rules_t *rules, qc_history_t *history, const double z[], const uint8_t level[], int n,
                  qc_verdict_t *verdict);

/* ---- power ---- */

typedef struct {
    qc_rules_t rules;
    int levels, replicates; /* a run measures level 1..levels, `replicates` times over */
    int runs;               /* consecutive runs with the error; the last one is judged */
    double shift_sd;        /* systematic error of every control, in SD */
    double sd_ratio;        /* random error: factor on the SD, 1 = none */
    uint64_t trials, seed;
} qc_power_t;

enum { QC_POWER_RUNS_MAX = 100 };

typedef struct {
    double p_reject, standard_error;
    uint64_t rejected, controls; /* trials rejected; controls drawn and judged */
} qc_power_result_t;

/* The probability that the rules reject the last of `runs` runs when the error was present in all
 * of them and none of the earlier ones was acted upon. 1-2s counts only where it is the only rule. */
bool qc_power(const qc_power_t *power, qc_power_result_t *result, err_t *err);

/* ---- sigma metric and the choice of rules ---- */

typedef struct {
    double sigma;       /* (TEa - |bias|) / CV */
    double dse_crit_sd; /* sigma - 1.65: the shift that must be found */
    double quality_goal_index;
    double defects_per_million; /* with the customary 1.5 SD of long-term drift */
} qc_sigma_t;

typedef enum { QC_PROBLEM_NONE, QC_PROBLEM_IMPRECISION, QC_PROBLEM_BOTH, QC_PROBLEM_INACCURACY } qc_problem_t;

typedef struct {
    const char *rules;              /* for qc_rules_parse */
    int controls, runs;             /* N controls a run over R runs */
    int other_controls, other_runs; /* an equal choice, 0 when there is none */
    int patients_between;           /* indicative number of patients between control runs */
} qc_choice_t;

/* All in percent at the decision level; TEa and CV above 0. */
bool qc_sigma(double tea_pct, double bias_pct, double cv_pct, qc_sigma_t *sigma, err_t *err);
/* What a sigma below 6 suffers from, by the quality goal index (below 0.8, to 1.2, above). */
qc_problem_t qc_problem(double quality_goal_index);
/* Westgard Sigma Rules for two or three levels of control. */
bool qc_choose(double sigma, int levels, qc_choice_t *choice, err_t *err);

/* ---- patients as controls ---- */

typedef enum { QC_AVERAGE_WINDOW, QC_AVERAGE_EWMA } qc_average_kind_t;
typedef enum { QC_OUTSIDE_LEFT_OUT, QC_OUTSIDE_PULLED_IN } qc_outside_t; /* excluded, or winsorized */

enum { QC_AVERAGE_WINDOW_MAX = 100 };

typedef struct {
    qc_average_kind_t kind;
    qc_outside_t outside;
    int window;        /* N of the window, 2 to 100; for EWMA lambda = 2 / (N + 1) */
    double low, high;  /* truncation limits, in the unit of the test */
    double target, sd; /* mean and SD of the truncated patient results */
    double limit_sd;   /* signal beyond so many SD of the average; customary 3 */
} qc_average_plan_t;

typedef struct {
    double average; /* in the unit of the test; the target before the first result */
    double z;       /* its distance from the target in its steady SD */
    uint32_t used, left_out;
    int next, filled;
    double values[QC_AVERAGE_WINDOW_MAX];
} qc_average_t;

typedef enum { QC_AVERAGE_NOT_YET, QC_AVERAGE_IN, QC_AVERAGE_HIGH, QC_AVERAGE_LOW } qc_average_signal_t;

bool qc_average_check(const qc_average_plan_t *plan, err_t *err);
void qc_average_init(const qc_average_plan_t *plan, qc_average_t *average);
/* Adds one patient result. NOT_YET until `window` results have been used. */
qc_average_signal_t qc_average_add(const qc_average_plan_t *plan, qc_average_t *average, double value);

/* ---- Bull's average of red cell indices ---- */

enum { QC_BULL_BATCH_MAX = 40 };

typedef struct {
    double target, limit_pct; /* signal beyond so many percent of the target; customary 3 */
    int batch;                /* patients; customary 20 */
} qc_bull_plan_t;

typedef struct {
    double average; /* the target before the first batch */
    int filled;
    uint32_t batches;
    double values[QC_BULL_BATCH_MAX];
} qc_bull_t;

/* What three averages together point at. */
typedef enum {
    QC_BULL_NONE,
    QC_BULL_SIZE_HIGH, /* MCV up, MCHC down, MCH stable: sizing */
    QC_BULL_SIZE_LOW,
    QC_BULL_HGB_HIGH_OR_RBC_LOW, /* MCH and MCHC up, MCV stable; the controls tell which */
    QC_BULL_HGB_LOW_OR_RBC_HIGH,
    QC_BULL_MIXED,
} qc_bull_cause_t;

/* The average after one batch. */
double qc_bull_next(double previous, const double *values, int count);
bool qc_bull_check(const qc_bull_plan_t *plan, err_t *err);
void qc_bull_init(const qc_bull_plan_t *plan, qc_bull_t *bull);
/* Adds a patient (NAN: left out); true when that completed a batch. */
bool qc_bull_add(const qc_bull_plan_t *plan, qc_bull_t *bull, double value);
qc_average_signal_t qc_bull_signal(const qc_bull_plan_t *plan, const qc_bull_t *bull);
qc_bull_cause_t qc_bull_cause(qc_average_signal_t mcv, qc_average_signal_t mch, qc_average_signal_t mchc);

#endif
