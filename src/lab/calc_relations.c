/* The relations of counts and clotting times in content/lab/formulas.csv: what age, a drip, turbidity and other cells
 * make of a count, what a film can and cannot show, what heparin and fibrinogen do to a clotting time; one function
 * each. Expression, domain and source stand in the row of the same id. */
#include "calc_private.h"

#include "base/exact.h"

#define UNUSED __attribute__((unused))
#define FORMULA(id)                                                                                                    \
    static bool id(const double *in, const martin_table_t *martin UNUSED, double *value, err_t *err UNUSED)
/* One line is the whole formula. */
#define SIMPLE(id, expression)                                                                                         \
    FORMULA(id)                                                                                                        \
    {                                                                                                                  \
        *value = (expression);                                                                                         \
        return true;                                                                                                   \
    }

/* ---- age of the tube, hours at 20-25 C ---- */

SIMPLE(f_mpv_edta, in[0] * (1 + 0.08 * (1 - exact_exp(-in[1])) + 0.004 * in[1]))
SIMPLE(f_mcv_edta, in[0] * (1 + in[2] * (in[1] > 6 ? in[1] - 6 : 0)))
SIMPLE(f_rdw_edta, in[0] * (1 + 0.002 * in[1]))
SIMPLE(f_plt_edta, in[0] * (1 - 0.02 * in[1] / 24))
SIMPLE(f_ret_edta, in[0] * exact_exp(-0.012 * in[1]))

/* 1 % a day for two days, then 5 % a day. */
FORMULA(f_wbc_edta)
{
    double first = in[1] < 48 ? in[1] : 48, later = in[1] - first;
    *value = in[0] * (1 - 0.01 * first / 24 - 0.05 * later / 24);
    return true;
}

/* ---- what else is counted or dilutes ---- */

SIMPLE(f_mpv_plt, 10.1 * exact_pow(in[0] / 250, -0.08))
SIMPLE(f_hgb_turb, in[0] + in[2] * (in[1] - 500) / 1000)
SIMPLE(f_hgb_wbc, in[0] + in[2] * (in[1] - 100) / 100)
SIMPLE(f_rbc_wbc, in[0] + in[1] / 1000)
SIMPLE(f_na_mcv, in[0] + (in[1] - 140) / in[2])
SIMPLE(f_iv_dilute, in[0] * (1 - in[1]))
SIMPLE(f_short_draw, in[0] * (1 - in[1] / 100))
SIMPLE(f_hem_invitro, in[0] * (1 - in[1]))
SIMPLE(f_chcm, in[0] * in[1] / 100)
SIMPLE(f_hgb_rbcunit, in[0] + in[1])
SIMPLE(f_rbc_field, in[0] * in[1] / 1000)

/* ---- what n cells of a film can show ---- */

SIMPLE(f_class_missed, 100 * exact_exp(in[1] * exact_log1p(-in[0] / 100)))
SIMPLE(f_cells_to_see, -exact_floor(-exact_log(0.05) / exact_log1p(-in[0] / 100)))
SIMPLE(f_sides_apart, 200 * exact_abs(in[0] - in[1]) / (in[0] + in[1]))

FORMULA(f_class_tolerance)
{
    double p = in[0], spread = in[3] * exact_sqrt(p * (100 - p) * (1 / in[1] + 1 / in[2]));
    *value = spread > 2 ? spread : 2;
    return true;
}

/* ---- clotting ---- */

SIMPLE(f_tt_fib, 15 * (1 + 0.35 * exact_pow(100 / in[0], 1.3)))
SIMPLE(f_inhibitor_left, 100 * exact_pow(2, -in[0]))

FORMULA(f_aptt_heparin)
{
    double aptt = in[0] * exact_exp(1.6 * in[1]);
    *value = aptt < 200 ? aptt : 200;
    return true;
}

FORMULA(f_aptt_lupus)
{
    double aptt = in[0] * (1 + in[1]);
    *value = aptt < 200 ? aptt : 200;
    return true;
}

/* ---- what each formula needs ---- */

#define HOURS(name, most) NEED_RANGE(name, 0, most)
#define FRACTION(name) NEED_RANGE(name, 0, 0.95)
#define PERCENT_OF_CELLS(name) NEED_OVER(name, 0, 99.99)

static const calc_formula_t FORMULAS[] = {
    {"mpv_edta", f_mpv_edta, {NEED_OVER("mpv", 0, 40), HOURS("t", 24)}},
    {"mcv_edta", f_mcv_edta, {NEED_OVER("mcv", 0, 250), HOURS("t", 72), NEED_RANGE("k", 0.0004, 0.0022)}},
    {"rdw_edta", f_rdw_edta, {NEED_OVER("rdw", 0, 60), HOURS("t", 72)}},
    {"wbc_edta", f_wbc_edta, {NEED_RANGE("wbc", 0, 5000), HOURS("t", 72)}},
    {"plt_edta", f_plt_edta, {NEED_RANGE("plt", 0, 5000), HOURS("t", 72)}},
    {"ret_edta", f_ret_edta, {NEED_RANGE("ret", 0, 100), HOURS("t", 72)}},
    {"mpv_plt", f_mpv_plt, {NEED_RANGE("plt", 100, 500)}},
    {"hgb_turb", f_hgb_turb, {NEED_OVER("hgb", 0, 30), NEED_RANGE("tg", 500, 10000), NEED_RANGE("a", 0.3, 0.6)}},
    {"hgb_wbc", f_hgb_wbc, {NEED_OVER("hgb", 0, 30), NEED_RANGE("wbc", 100, 1000), NEED_RANGE("b", 0, 1)}},
    {"rbc_wbc", f_rbc_wbc, {NEED_OVER("rbc", 0, 15), NEED_RANGE("wbc", 0, 1000)}},
    {"na_mcv", f_na_mcv, {NEED_OVER("mcv", 0, 250), NEED_RANGE("na", 100, 190), NEED_RANGE("per", 5, 8)}},
    {"iv_dilute", f_iv_dilute, {NEED_RANGE("x", 0, 5000), FRACTION("f")}},
    {"short_draw", f_short_draw, {NEED_OVER("x", 0, 250), NEED_RANGE("pct", 1, 5)}},
    {"hem_invitro", f_hem_invitro, {NEED_OVER("x", 0, 90), FRACTION("h")}},
    {"chcm", f_chcm, {NEED_OVER("chcm", 0, 50), NEED_OVER("hct", 0, 90)}},
    {"hgb_rbcunit", f_hgb_rbcunit, {NEED_OVER("hgb", 0, 30), NEED_RANGE("units", 0, 10)}},
    {"rbc_field", f_rbc_field, {NEED_OVER("density", 0, 100), NEED_OVER("area", 0, 1000000)}},
    {"class_missed", f_class_missed, {PERCENT_OF_CELLS("p"), NEED_WHOLE("n", 1, 100000)}},
    {"cells_to_see", f_cells_to_see, {NEED_RANGE("p", 0.01, 99)}},
    {"class_tolerance",
     f_class_tolerance,
     {NEED_RANGE("p", 0, 100), NEED_WHOLE("n", 1, 100000), NEED_WHOLE("n_ref", 1, 100000),
      NEED_RANGE("z", 1.96, 2.58)}},
    {"sides_apart", f_sides_apart, {NEED_WHOLE("a", 1, 100000), NEED_WHOLE("b", 1, 100000)}},
    {"tt_fib", f_tt_fib, {NEED_RANGE("fib", 20, 2000)}},
    {"inhibitor_left", f_inhibitor_left, {NEED_RANGE("bu", 0, 20)}},
    {"aptt_heparin", f_aptt_heparin, {NEED_OVER("aptt", 0, 200), NEED_RANGE("u", 0, 10)}},
    {"aptt_lupus", f_aptt_lupus, {NEED_OVER("aptt", 0, 200), NEED_RANGE("s", 0, 10)}},
};

const calc_chapter_t CALC_RELATIONS = {FORMULAS, (int)(sizeof FORMULAS / sizeof FORMULAS[0])};
