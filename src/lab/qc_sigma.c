/* The sigma metric and the choice of control rules by it.
 * Model: sigma = (TEa - |bias|) / CV; Westgard Sigma Rules; quality goal index |bias| / (1.5 CV);
 * defects counted with the customary long-term drift of 1.5 SD. Run sizes are indicative. */
#include "lab/qc.h"

#include "base/exact.h"

static const double CRITICAL_SD = 1.65, DRIFT_SD = 1.5;

bool qc_sigma(double tea_pct, double bias_pct, double cv_pct, qc_sigma_t *sigma, err_t *err)
{
    *sigma = (qc_sigma_t){0};
    if (!(tea_pct > 0 && tea_pct < 1e6)) return err_set(err, ERR_INPUT, "the allowable total error must be above 0 %%");
    if (!(cv_pct > 0 && cv_pct < 1e6)) return err_set(err, ERR_INPUT, "the CV must be above 0 %%");
    if (!(bias_pct > -1e6 && bias_pct < 1e6)) return err_set(err, ERR_INPUT, "the bias must be a number in %%");
    double bias = exact_abs(bias_pct);
    sigma->sigma = (tea_pct - bias) / cv_pct;
    sigma->dse_crit_sd = sigma->sigma - CRITICAL_SD;
    sigma->quality_goal_index = bias / (1.5 * cv_pct);
    sigma->defects_per_million = 1e6 * exact_normal_cdf(DRIFT_SD - sigma->sigma);
    return true;
}

qc_problem_t qc_problem(double quality_goal_index)
{
    if (quality_goal_index < 0.8) return QC_PROBLEM_IMPRECISION;
    return quality_goal_index > 1.2 ? QC_PROBLEM_INACCURACY : QC_PROBLEM_BOTH;
}

bool qc_choose(double sigma, int levels, qc_choice_t *choice, err_t *err)
{
    static const qc_choice_t TWO[4] = {{"1-3s/2-2s/R-4s/4-1s/8-x", 4, 2, 2, 4, 45},
                                       {"1-3s/2-2s/R-4s/4-1s", 4, 1, 2, 2, 200},
                                       {"1-3s/2-2s/R-4s", 2, 1, 0, 0, 450},
                                       {"1-3s", 2, 1, 0, 0, 1000}};
    static const qc_choice_t THREE[4] = {{"1-3s/2of3-2s/R-4s/3-1s/6-x", 6, 1, 3, 2, 45},
                                         {"1-3s/2of3-2s/R-4s/3-1s", 3, 1, 0, 0, 200},
                                         {"1-3s/2of3-2s/R-4s", 3, 1, 0, 0, 450},
                                         {"1-3s", 3, 1, 0, 0, 1000}};
    if (levels != 2 && levels != 3)
        return err_set(err, ERR_INPUT, "sigma rules are for 2 or 3 levels of control, not %d", levels);
    if (sigma != sigma) return err_set(err, ERR_INPUT, "the sigma metric must be a number");
    int row = sigma >= 6 ? 3 : sigma >= 5 ? 2 : sigma >= 4 ? 1 : 0;
    *choice = levels == 2 ? TWO[row] : THREE[row];
    return true;
}
