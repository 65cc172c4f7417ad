/* Patients as controls: a moving average of truncated patient results, over a window or with
 * exponential weights, E = lambda x + (1 - lambda) E with E0 = target and lambda = 2 / (N + 1).
 * Steady SD of the average: SD / sqrt(N) for the window, SD sqrt(lambda / (2 - lambda)) for the
 * weights. Results outside the truncation limits are left out, or pulled in to the limit. */
#include "lab/qc.h"

#include "base/exact.h"

#include <assert.h>
#include <string.h>

bool qc_average_check(const qc_average_plan_t *plan, err_t *err)
{
    if (plan->window < 2 || plan->window > QC_AVERAGE_WINDOW_MAX)
        return err_set(err, ERR_INPUT, "a moving average needs a window of 2 to %d results, not %d",
                       (int)QC_AVERAGE_WINDOW_MAX, plan->window);
    if (!(plan->low < plan->high))
        return err_set(err, ERR_INPUT, "the lower truncation limit must be below the upper one");
    if (!(plan->target > plan->low && plan->target < plan->high))
        return err_set(err, ERR_INPUT, "the target of a moving average must lie between its truncation limits");
    if (!(plan->sd > 0)) return err_set(err, ERR_INPUT, "the SD of the patient results must be above 0");
    if (!(plan->limit_sd > 0)) return err_set(err, ERR_INPUT, "the limit of a moving average must be above 0 SD");
    return true;
}

void qc_average_init(const qc_average_plan_t *plan, qc_average_t *average)
{
    memset(average, 0, sizeof *average);
    average->average = plan->target;
}

static double window_mean(const qc_average_t *average)
{
    double sum = 0; /* summed afresh: a running sum would drift with rounding */
    for (int i = 0; i < average->filled; i++) sum += average->values[i];
    return sum / average->filled;
}

qc_average_signal_t qc_average_add(const qc_average_plan_t *plan, qc_average_t *average, double value)
{
    assert(plan->window >= 2 && plan->window <= QC_AVERAGE_WINDOW_MAX);
    bool outside = !(value >= plan->low && value <= plan->high);
    if (value != value || (outside && plan->outside == QC_OUTSIDE_LEFT_OUT)) {
        average->left_out++;
    } else {
        if (outside) value = value < plan->low ? plan->low : plan->high;
        average->used++;
        double n = (double)plan->window, steady;
        if (plan->kind == QC_AVERAGE_EWMA) {
            double lambda = 2 / (n + 1);
            average->average = lambda * value + (1 - lambda) * average->average;
            steady = plan->sd * exact_sqrt(lambda / (2 - lambda));
        } else {
            average->values[average->next] = value;
            average->next = average->next + 1 < plan->window ? average->next + 1 : 0;
            if (average->filled < plan->window) average->filled++;
            average->average = window_mean(average);
            steady = plan->sd / exact_sqrt((double)average->filled);
        }
        average->z = (average->average - plan->target) / steady;
    }
    if (average->used < (uint32_t)plan->window) return QC_AVERAGE_NOT_YET;
    if (average->z > plan->limit_sd) return QC_AVERAGE_HIGH;
    return average->z < -plan->limit_sd ? QC_AVERAGE_LOW : QC_AVERAGE_IN;
}
