/* Power of control rules by simulation: how often a rule set rejects the last of R runs when every
 * control of all R runs carries the same shift and the same widening of its SD.
 *
 * The draws are exactly those of rng_normal: one uniform a control, turned into a normal by
 * inversion. Inversion is monotone, so "z > 2" is the same question as "u > Phi((2 - shift) / ratio)":
 * the uniform is sorted into its class by a table of limits and the normal itself is never made,
 * except for the one rule that subtracts two values (R-4s-range). Judging is qc_branches, the same
 * lines that judge a real run. */
#include "qc_private.h"

#include "base/exact.h"
#include "base/rng.h"

enum { TABLE_BITS = 10, TABLE_SIZE = 1 << TABLE_BITS, MIXED = 255, RNG_DOMAIN_QC_POWER = 0x71637077 };

typedef struct {
    uint64_t limit[QC_LIMITS]; /* a draw is past a limit when it is at or above this number ... */
    bool never[QC_LIMITS];     /* ... unless nothing can be */
    uint8_t table[TABLE_SIZE]; /* class of all draws with these leading bits, or MIXED */
} sorter_t;

static int sort_slowly(const sorter_t *sorter, uint64_t draw)
{
    int class = 0;
    for (int i = 0; i < QC_LIMITS; i++) class += draw >= sorter->limit[i] && !sorter->never[i];
    /* A drawn control is never exactly on the mean: the two limits at 0 are passed together. */
    return class;
}

static inline int sort(const sorter_t *sorter, uint64_t draw)
{
    int class = sorter->table[draw >> (64 - TABLE_BITS)];
    return class != MIXED ? class : sort_slowly(sorter, draw);
}

static void sorter_init(sorter_t *sorter, double shift_sd, double sd_ratio)
{
    for (int i = 0; i < QC_LIMITS; i++) {
        double p = exact_normal_cdf((QC_LIMIT[i] - shift_sd) / sd_ratio) * 9007199254740992.0; /* 2^53 */
        sorter->never[i] = !(p < 9007199254740992.0);
        sorter->limit[i] = sorter->never[i] ? UINT64_MAX : (uint64_t)p << 11;
    }
    for (uint64_t i = 0; i < TABLE_SIZE; i++) {
        uint64_t first = i << (64 - TABLE_BITS), last = first | (UINT64_MAX >> TABLE_BITS);
        int class = sort_slowly(sorter, first);
        sorter->table[i] = class == sort_slowly(sorter, last) ? (uint8_t) class : MIXED;
    }
}

typedef struct {
    const qc_power_t *power;
    const sorter_t *sorter;
    uint32_t set;
    bool trend, range;
    int controls, levels;
} plan_t;

/* One trial: `runs` runs pushed, the last one judged. */
static inline bool trial(const plan_t *plan, rng_t *rng)
{
    qc_history_t history;
    qc_run_t run;
    uint64_t last[QC_LEVELS_MAX];
    memset(history.time, 0, sizeof history.time); /* only what this plan reads: the trials are short */
    memset(history.level, 0, (size_t)plan->levels * sizeof history.level[0]);
    for (int r = 0; r < plan->power->runs; r++) {
        memset(&run, 0, sizeof run);
        double low = 0, high = 0;
        for (int i = 0, level = 0; i < plan->controls; i++, level = level + 1 < plan->levels ? level + 1 : 0) {
            uint64_t draw = rng_u64(rng);
            bool earlier = plan->trend && (r > 0 || i >= plan->levels);
            qc_push(&history, &run, level, sort(plan->sorter, draw), earlier && draw > last[level],
                    earlier && draw < last[level]);
            if (plan->trend) last[level] = draw;
            if (!plan->range || r + 1 < plan->power->runs) continue; /* asked of the judged run only */
            rng_t again = {rng->state - 0x9e3779b97f4a7c15ULL};      /* the same number once more, as a normal */
            double z = plan->power->shift_sd + plan->power->sd_ratio * rng_normal(&again);
            low = i == 0 || z < low ? z : low;
            high = i == 0 || z > high ? z : high;
        }
        run.range = high - low > 4.0;
    }
    uint32_t set = plan->set;
    if (plan->power->rules.mode == QC_MODE_MANUAL && !QC_HAS(run.single, QC_RULE_1_2S)) return false;
    return qc_branches(set, &history, &run) != 0;
}

static bool check(const qc_power_t *power, err_t *err)
{
    if (power->rules.set == 0) return err_set(err, ERR_INPUT, "name at least one control rule, as in 1-3s");
    if (power->levels < 1 || power->replicates < 1 || power->levels > QC_LEVELS_MAX ||
        power->replicates > QC_CONTROLS_MAX || power->levels * power->replicates > QC_CONTROLS_MAX)
        return err_set(err, ERR_INPUT, "a run holds 1 to %d controls: levels times replicates", (int)QC_CONTROLS_MAX);
    if (power->runs < 1 || power->runs > QC_POWER_RUNS_MAX)
        return err_set(err, ERR_INPUT, "the number of runs must be 1 to %d", (int)QC_POWER_RUNS_MAX);
    if (!(power->shift_sd >= -100 && power->shift_sd <= 100))
        return err_set(err, ERR_INPUT, "the shift must be -100 to 100 SD");
    if (!(power->sd_ratio >= 0.01 && power->sd_ratio <= 100))
        return err_set(err, ERR_INPUT, "the SD ratio must be 0.01 to 100; 1 means no added random error");
    if (power->trials < 1) return err_set(err, ERR_INPUT, "the number of trials must be at least 1");
    return true;
}

bool qc_power(const qc_power_t *power, qc_power_result_t *result, err_t *err)
{
    *result = (qc_power_result_t){0};
    if (!check(power, err)) return false;
    sorter_t sorter;
    sorter_init(&sorter, power->shift_sd, power->sd_ratio);
    uint32_t set = power->rules.set, warning = 1u << QC_RULE_1_2S;
    plan_t plan = {.power = power,
                   .sorter = &sorter,
                   .set = set == warning ? set : set & ~warning,
                   .trend = QC_HAS(set, QC_RULE_7_T),
                   .range = QC_HAS(set, QC_RULE_R_4S_RANGE),
                   .controls = power->levels * power->replicates,
                   .levels = power->levels};
    rng_t rng = rng_at(power->seed, RNG_DOMAIN_QC_POWER, 0, 0);
    uint64_t rejected = 0;
    for (uint64_t t = 0; t < power->trials; t++) rejected += trial(&plan, &rng);
    double n = (double)power->trials, p = (double)rejected / n;
    *result = (qc_power_result_t){.p_reject = p,
                                  .standard_error = exact_sqrt(p * (1 - p) / n),
                                  .rejected = rejected,
                                  .controls = power->trials * (uint64_t)(power->runs * plan.controls)};
    return true;
}
