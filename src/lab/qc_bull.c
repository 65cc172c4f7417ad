/* Bull's moving average of patients (X-bar-B; Bull, Elashoff, Heilbron, Couperus 1974) for MCV, MCH and MCHC, which
 * hardly differ from one group of twenty patients to the next. With the previous average M and a batch of N values,
 *
 *   S = sum over j of sgn(x_j - M) sqrt |x_j - M|,   new M = M + sgn(S) (S / N)^2
 *
 * so that one wild value counts as its square root only. It signals when it leaves the target by more than a
 * percentage, usually 3. */
#include "lab/qc.h"

#include "base/exact.h"

#include <assert.h>
#include <string.h>

double qc_bull_next(double previous, const double *values, int count)
{
    assert(count > 0);
    double sum = 0;
    for (int i = 0; i < count; i++) {
        double off = values[i] - previous, root = exact_sqrt(exact_abs(off));
        sum += off < 0 ? -root : root;
    }
    double step = (sum / count) * (sum / count);
    return previous + (sum < 0 ? -step : step);
}

bool qc_bull_check(const qc_bull_plan_t *plan, err_t *err)
{
    if (!(plan->target > 0)) return err_set(err, ERR_INPUT, "the target of a patient average must be above 0");
    if (!(plan->limit_pct > 0 && plan->limit_pct < 50))
        return err_set(err, ERR_INPUT,
                       "the limit of a patient average is a percentage above 0 and below 50; 3 is usual");
    if (plan->batch < 2 || plan->batch > QC_BULL_BATCH_MAX)
        return err_set(err, ERR_INPUT, "a batch has 2 to %d patients, not %d; 20 is usual", (int)QC_BULL_BATCH_MAX,
                       plan->batch);
    return true;
}

void qc_bull_init(const qc_bull_plan_t *plan, qc_bull_t *bull)
{
    memset(bull, 0, sizeof *bull);
    bull->average = plan->target;
}

qc_average_signal_t qc_bull_signal(const qc_bull_plan_t *plan, const qc_bull_t *bull)
{
    if (bull->batches == 0) return QC_AVERAGE_NOT_YET;
    double off = 100 * (bull->average - plan->target) / plan->target;
    if (off > plan->limit_pct) return QC_AVERAGE_HIGH;
    return off < -plan->limit_pct ? QC_AVERAGE_LOW : QC_AVERAGE_IN;
}

bool qc_bull_add(const qc_bull_plan_t *plan, qc_bull_t *bull, double value)
{
    assert(plan->batch >= 2 && plan->batch <= QC_BULL_BATCH_MAX);
    if (value != value) return false;
    bull->values[bull->filled++] = value;
    if (bull->filled < plan->batch) return false;
    bull->average = qc_bull_next(bull->average, bull->values, plan->batch);
    bull->filled = 0;
    bull->batches++;
    return true;
}

static int direction(qc_average_signal_t signal)
{
    return signal == QC_AVERAGE_HIGH ? 1 : signal == QC_AVERAGE_LOW ? -1 : 0;
}

/* A channel that is off moves two indices and leaves one: sizing leaves MCH, hemoglobin and the red cell count MCV. */
qc_bull_cause_t qc_bull_cause(qc_average_signal_t mcv, qc_average_signal_t mch, qc_average_signal_t mchc)
{
    int v = direction(mcv), h = direction(mch), c = direction(mchc);
    if (v == 0 && h == 0 && c == 0) return QC_BULL_NONE;
    if (h == 0 && v >= 0 && c <= 0) return QC_BULL_SIZE_HIGH;
    if (h == 0 && v <= 0 && c >= 0) return QC_BULL_SIZE_LOW;
    if (v == 0 && h >= 0 && c >= 0) return QC_BULL_HGB_HIGH_OR_RBC_LOW;
    if (v == 0 && h <= 0 && c <= 0) return QC_BULL_HGB_LOW_OR_RBC_HIGH;
    return QC_BULL_MIXED;
}
