/* The arithmetic of the hematology formulas in content/lab/formulas.csv, one function each; expression, domain and
 * source stand in the row of the same id. Counts are in 10^3/uL and 10^6/uL as the analyzer prints them, except for
 * estimates and chamber counts, which are per uL. */
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

/* ---- red cells ---- */

SIMPLE(f_hct_calc, in[0] * in[1] / 10)
SIMPLE(f_mcv_id, in[0] * 10 / in[1])
SIMPLE(f_mch_id, in[0] * 10 / in[1])
SIMPLE(f_mchc_id, in[0] * 100 / in[1])
SIMPLE(f_rule3_1, in[0] * 3)
SIMPLE(f_rule3_2, in[0] * 3)
SIMPLE(f_spurious_check, in[0] - 3 * in[1])
SIMPLE(f_rdwcv_id, 100 * in[0] / in[1])
SIMPLE(f_rdwsd_id, 3.588 * in[0] * in[1] / 100)
SIMPLE(f_dimorph_mcv, in[0] * in[1] + (1 - in[0]) * in[2])

FORMULA(f_dimorph_rdw)
{
    double f = in[0], m1 = in[1], s1 = in[2], m2 = in[3], s2 = in[4];
    double mean = f * m1 + (1 - f) * m2;
    double variance = f * (s1 * s1 + m1 * m1) + (1 - f) * (s2 * s2 + m2 * m2) - mean * mean;
    *value = 100 * exact_sqrt(variance < 0 ? 0 : variance) / mean;
    return true;
}

SIMPLE(f_mentzer, in[0] / in[1])
SIMPLE(f_greenking, in[0] * in[0] * in[1] / (in[2] * 100))
SIMPLE(f_hgb_plasma_blank, in[0] - in[1] * (1 - in[2] / 100))
SIMPLE(f_glu_mcv, in[0] / (1 + 0.00012 * (in[1] - 400)))

/* ---- reticulocytes ---- */

SIMPLE(f_reta, in[0] / 100 * in[1])
SIMPLE(f_ret_corr, in[0] * in[1] / 45)

FORMULA(f_rpi)
{
    double ret = in[0], hct = in[1], days = hct >= 40 ? 1.0 : hct >= 30 ? 1.5 : hct >= 20 ? 2.0 : 2.5;
    *value = ret * (hct / 45) / days;
    return true;
}

FORMULA(f_irf)
{
    double mfr = in[0], hfr = in[1];
    if (mfr + hfr > 100)
        return err_set(err, ERR_INPUT, "mfr and hfr are shares of all reticulocytes: together at most 100");
    *value = mfr + hfr;
    return true;
}

SIMPLE(f_retic_miller, in[0] * 100 / (in[1] * 9))
SIMPLE(f_retic_std, in[0] * 100 / in[1])

/* ---- white cells ---- */

SIMPLE(f_abs_diff, in[0] * in[1] / 100)

FORMULA(f_anc)
{
    double wbc = in[0], seg = in[1], band = in[2];
    if (seg + band > 100)
        return err_set(err, ERR_INPUT, "seg and band are percentages of one differential: together at most 100");
    *value = wbc * (seg + band) / 100;
    return true;
}

SIMPLE(f_wbc_corr, in[0] * 100 / (100 + in[1]))
SIMPLE(f_nlr, in[0] / in[1])
SIMPLE(f_est_wbc, in[0] * in[1])
SIMPLE(f_binom, exact_sqrt(in[0] * (100 - in[0]) / in[1]))
SIMPLE(f_ci_diff2, 1.96 * exact_sqrt(in[0] * (100 - in[0]) * (1 / in[1] + 1 / in[2])))

/* P(X <= k) of n cells when the true share is p. */
static double binomial_cdf(int n, int k, double p)
{
    double sum = 0, choose = 0, lp = exact_log(p), lq = exact_log(1 - p);
    for (int i = 0; i <= k; i++) {
        if (i > 0) choose += exact_log((double)(n - i + 1) / i);
        sum += exact_exp(choose + i * lp + (n - i) * lq);
    }
    return sum > 1 ? 1 : sum;
}

/* Clopper and Pearson: the share at which k or fewer (k or more) cells have 2.5 %. */
static double clopper(int n, int k, bool upper)
{
    if (upper ? k == n : k == 0) return upper ? 1 : 0;
    double low = 0, high = 1;
    for (int i = 0; i < 60; i++) {
        double p = (low + high) / 2;
        double tail = upper ? binomial_cdf(n, k, p) : 1 - binomial_cdf(n, k - 1, p);
        if (upper ? tail > 0.025 : tail < 0.025)
            low = p;
        else
            high = p;
    }
    return (low + high) / 2;
}

static int cells_of(double percent, double n)
{
    return (int)exact_floor(percent * n / 100 + 0.5);
}

SIMPLE(f_rumke_low, exact_floor(100 * clopper((int)in[1], cells_of(in[0], in[1]), false) + 1e-9))
SIMPLE(f_rumke_high, -exact_floor(-100 * clopper((int)in[1], cells_of(in[0], in[1]), true) + 1e-9))

/* ---- platelets ---- */

SIMPLE(f_plr, in[0] / in[1])
SIMPLE(f_pct_id, in[0] * in[1] / 10000)
SIMPLE(f_caput, in[0] * 1.1)
SIMPLE(f_est_plt, in[0] * in[1])
SIMPLE(f_est_plt_rbc, in[0] / in[1] * in[2] * 1000)

/* ---- fetal cells, parasites ---- */

FORMULA(f_kb)
{
    double fetal = in[0], total = in[1];
    if (fetal > total) return err_set(err, ERR_INPUT, "fetal cells are some of all cells: at most total");
    *value = fetal / total * 5000;
    return true;
}

/* The fraction from one half goes up; then one more vial. */
SIMPLE(f_kb_vials, exact_floor(in[0] / 30 + 0.5) + 1)
SIMPLE(f_kb_uk, 2400 * in[0] / in[1])

FORMULA(f_para_thin)
{
    double infected = in[0], red = in[1];
    if (infected > red) return err_set(err, ERR_INPUT, "infected cells are some of all red cells: at most total");
    *value = 100 * infected / red;
    return true;
}

SIMPLE(f_para_thin_ul, in[0] / 100 * in[1] * 1e6)
SIMPLE(f_para_thick, in[0] * in[1] / in[2])

/* ---- what each formula needs ---- */

#define PERCENT(name) NEED_RANGE(name, 0, 100)
#define RBC(name) NEED_OVER(name, 0, 15)
#define HCT(name) NEED_OVER(name, 0, 90)
#define HGB(name) NEED_OVER(name, 0, 30)
#define MCV(name) NEED_OVER(name, 0, 250)
#define COUNT(name) NEED_RANGE(name, 0, 5000)
#define SOME(name) NEED_OVER(name, 0, 5000)

static const calc_formula_t FORMULAS[] = {
    {"hct_calc", f_hct_calc, {RBC("rbc"), MCV("mcv")}},
    {"mcv_id", f_mcv_id, {HCT("hct"), RBC("rbc")}},
    {"mch_id", f_mch_id, {HGB("hgb"), RBC("rbc")}},
    {"mchc_id", f_mchc_id, {HGB("hgb"), HCT("hct")}},
    {"rule3_1", f_rule3_1, {RBC("rbc")}},
    {"rule3_2", f_rule3_2, {HGB("hgb")}},
    {"spurious_check", f_spurious_check, {HCT("hct"), HGB("hgb")}},
    {"rdwcv_id", f_rdwcv_id, {NEED_OVER("sd", 0, 100), MCV("mcv")}},
    {"rdwsd_id", f_rdwsd_id, {MCV("mcv"), NEED_OVER("rdw", 0, 60)}},
    {"dimorph_mcv", f_dimorph_mcv, {NEED_RANGE("f", 0, 1), MCV("m1"), MCV("m2")}},
    {"dimorph_rdw",
     f_dimorph_rdw,
     {NEED_RANGE("f", 0, 1), MCV("m1"), NEED_OVER("s1", 0, 100), MCV("m2"), NEED_OVER("s2", 0, 100)}},
    {"mentzer", f_mentzer, {MCV("mcv"), RBC("rbc")}},
    {"greenking", f_greenking, {MCV("mcv"), NEED_OVER("rdw", 0, 60), HGB("hgb")}},
    {"hgb_plasma_blank", f_hgb_plasma_blank, {HGB("hgb"), NEED_RANGE("plasma", 0, 30), HCT("hct")}},
    {"glu_mcv", f_glu_mcv, {MCV("mcv"), NEED_RANGE("glu", 400, 3000)}},
    {"reta", f_reta, {PERCENT("ret"), RBC("rbc")}},
    {"ret_corr", f_ret_corr, {PERCENT("ret"), HCT("hct")}},
    {"rpi", f_rpi, {PERCENT("ret"), HCT("hct")}},
    {"irf", f_irf, {PERCENT("mfr"), PERCENT("hfr")}},
    {"retic_miller", f_retic_miller, {NEED_WHOLE("ret", 0, 10000), NEED_WHOLE("rbc_b", 1, 10000)}},
    {"retic_std", f_retic_std, {NEED_WHOLE("ret", 0, 10000), NEED_WHOLE("rbc_n", 1, 100000)}},
    {"abs_diff", f_abs_diff, {COUNT("wbc"), PERCENT("pct")}},
    {"anc", f_anc, {COUNT("wbc"), PERCENT("seg"), PERCENT("band")}},
    {"wbc_corr", f_wbc_corr, {COUNT("wbc"), NEED_RANGE("nrbc", 0, 5000)}},
    {"nlr", f_nlr, {COUNT("neut"), SOME("lymph")}},
    {"est_wbc", f_est_wbc, {NEED_RANGE("per_field", 0, 1000), NEED_RANGE("factor", 1500, 3000)}},
    {"binom", f_binom, {PERCENT("p"), NEED_WHOLE("n", 1, 100000)}},
    {"ci_diff2", f_ci_diff2, {PERCENT("p"), NEED_WHOLE("n1", 1, 100000), NEED_WHOLE("n2", 1, 100000)}},
    {"rumke_low", f_rumke_low, {PERCENT("p"), NEED_WHOLE("n", 50, 1000)}},
    {"rumke_high", f_rumke_high, {PERCENT("p"), NEED_WHOLE("n", 50, 1000)}},
    {"plr", f_plr, {COUNT("plt"), SOME("lymph")}},
    {"pct_id", f_pct_id, {COUNT("plt"), NEED_OVER("mpv", 0, 40)}},
    {"caput", f_caput, {COUNT("plt")}},
    {"est_plt", f_est_plt, {NEED_RANGE("per_field", 0, 1000), NEED_RANGE("factor", 10000, 25000)}},
    {"est_plt_rbc", f_est_plt_rbc, {NEED_RANGE("plt_field", 0, 1000), NEED_OVER("rbc_field", 0, 2000), RBC("rbc")}},
    {"kb", f_kb, {NEED_WHOLE("fetal", 0, 100000), NEED_WHOLE("total", 1, 100000)}},
    {"kb_vials", f_kb_vials, {NEED_RANGE("fmh", 0, 5000)}},
    {"kb_uk", f_kb_uk, {NEED_WHOLE("fetal", 0, 100000), NEED_WHOLE("adult", 1, 100000)}},
    {"para_thin", f_para_thin, {NEED_WHOLE("infected", 0, 100000), NEED_WHOLE("total", 1, 100000)}},
    {"para_thin_ul", f_para_thin_ul, {PERCENT("pct"), RBC("rbc")}},
    {"para_thick",
     f_para_thick,
     {NEED_WHOLE("parasites", 0, 100000), NEED_OVER("wbc_ul", 0, 500000), NEED_WHOLE("wbc_n", 1, 10000)}},
};

const calc_chapter_t CALC_HEMATOLOGY = {FORMULAS, (int)(sizeof FORMULAS / sizeof FORMULAS[0])};
