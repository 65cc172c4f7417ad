/* The arithmetic of the formulas in content/lab/formulas.csv, one function each; the expression and
 * its source stand in the row of the same id. Conventional units; sex is 1 for F and 0 for M. Below
 * the functions: the table of what each formula needs. Powers and logarithms are those of
 * base/exact.h, so a result has the same bits everywhere. */
#include "calc_private.h"

#include "base/exact.h"

static const double SQRT_2 = 1.41421356237309504880;

static double lower(double a, double b)
{
    return a < b ? a : b;
}

static double higher(double a, double b)
{
    return a > b ? a : b;
}

static double power_whole(double x, int n)
{
    double product = 1;
    for (int i = 0; i < n; i++) product *= x;
    return product;
}

#define UNUSED __attribute__((unused))
/* A function of the inputs `in`; the Martin-Hopkins table and the error are for those that need them. */
#define FORMULA(id)                                                                                                    \
    static bool id(const double *in, const martin_table_t *martin UNUSED, double *value, err_t *err UNUSED)

FORMULA(f_anion_gap)
{
    double na = in[0], cl = in[1], hco3 = in[2];
    *value = na - cl - hco3;
    return true;
}

FORMULA(f_anion_gap_k)
{
    double na = in[0], k = in[1], cl = in[2], hco3 = in[3];
    *value = na + k - cl - hco3;
    return true;
}

FORMULA(f_ag_corrected)
{
    double ag = in[0], alb = in[1];
    *value = ag + 2.5 * (4.0 - alb);
    return true;
}

FORMULA(f_delta_ratio)
{
    double ag = in[0], hco3 = in[1];
    *value = (ag - 12) / (24 - hco3);
    return true;
}

FORMULA(f_osm_calc)
{
    double na = in[0], glu = in[1], bun = in[2];
    *value = 2 * na + glu / 18 + bun / 2.8;
    return true;
}

FORMULA(f_osm_calc_186)
{
    double na = in[0], glu = in[1], bun = in[2];
    *value = 1.86 * na + glu / 18 + bun / 2.8 + 9;
    return true;
}

FORMULA(f_osm_gap)
{
    double meas = in[0], na = in[1], glu = in[2], bun = in[3], etoh = in[4];
    *value = meas - (2 * na + glu / 18 + bun / 2.8 + etoh / 4.6);
    return true;
}

FORMULA(f_friedewald)
{
    double tc = in[0], hdl = in[1], tg = in[2];
    if (hdl >= tc) return err_set(err, ERR_INPUT, "HDL cholesterol (hdl) must be below total cholesterol (tc)");
    *value = tc - hdl - tg / 5;
    return true;
}

FORMULA(f_sampson)
{
    double tc = in[0], hdl = in[1], tg = in[2];
    if (hdl >= tc) return err_set(err, ERR_INPUT, "HDL cholesterol (hdl) must be below total cholesterol (tc)");
    double non_hdl = tc - hdl;
    *value = tc / 0.948 - hdl / 0.971 - (tg / 8.56 + tg * non_hdl / 2140 - tg * tg / 16100) - 9.44;
    return true;
}

FORMULA(f_martin_hopkins)
{
    double tc = in[0], hdl = in[1], tg = in[2];
    if (hdl >= tc) return err_set(err, ERR_INPUT, "HDL cholesterol (hdl) must be below total cholesterol (tc)");
    static const double non_hdl_from[MARTIN_NON_HDL_BANDS] = {0, 100, 130, 160, 190, 220};
    double non_hdl = tc - hdl;
    int row = 0, column = 0;
    while (row + 1 < MARTIN_TG_BANDS && tg >= martin->tg_from_mg_dl[row + 1]) row++;
    while (column + 1 < MARTIN_NON_HDL_BANDS && non_hdl >= non_hdl_from[column + 1]) column++;
    *value = non_hdl - tg / martin->factor[row][column];
    return true;
}

FORMULA(f_nonhdl)
{
    double tc = in[0], hdl = in[1];
    if (hdl > tc) return err_set(err, ERR_INPUT, "HDL cholesterol (hdl) cannot exceed total cholesterol (tc)");
    *value = tc - hdl;
    return true;
}

FORMULA(f_corr_ca)
{
    double ca = in[0], alb = in[1];
    *value = ca + 0.8 * (4.0 - alb);
    return true;
}

FORMULA(f_corr_na)
{
    double na = in[0], glu = in[1];
    *value = na + 1.6 * (glu - 100) / 100;
    return true;
}

FORMULA(f_corr_na_hillier)
{
    double na = in[0], glu = in[1];
    *value = na + 2.4 * (glu - 100) / 100;
    return true;
}

FORMULA(f_ckd_epi_2021)
{
    double scr = in[0], age = in[1], sex = in[2];
    double kappa = sex > 0 ? 0.7 : 0.9, alpha = sex > 0 ? -0.241 : -0.302;
    *value = 142 * exact_pow(lower(scr / kappa, 1), alpha) * exact_pow(higher(scr / kappa, 1), -1.200) *
             exact_pow(0.9938, age) * (sex > 0 ? 1.012 : 1);
    return true;
}

FORMULA(f_ckd_epi_cys_2012)
{
    double scys = in[0], age = in[1], sex = in[2];
    *value = 133 * exact_pow(lower(scys / 0.8, 1), -0.499) * exact_pow(higher(scys / 0.8, 1), -1.328) *
             exact_pow(0.996, age) * (sex > 0 ? 0.932 : 1);
    return true;
}

FORMULA(f_ckd_epi_comb_2021)
{
    double scr = in[0], scys = in[1], age = in[2], sex = in[3];
    double kappa = sex > 0 ? 0.7 : 0.9, alpha = sex > 0 ? -0.219 : -0.144;
    *value = 135 * exact_pow(lower(scr / kappa, 1), alpha) * exact_pow(higher(scr / kappa, 1), -0.544) *
             exact_pow(lower(scys / 0.8, 1), -0.323) * exact_pow(higher(scys / 0.8, 1), -0.778) *
             exact_pow(0.9961, age) * (sex > 0 ? 0.963 : 1);
    return true;
}

FORMULA(f_mdrd)
{
    double scr = in[0], age = in[1], sex = in[2];
    *value = 175 * exact_pow(scr, -1.154) * exact_pow(age, -0.203) * (sex > 0 ? 0.742 : 1);
    return true;
}

FORMULA(f_cockcroft_gault)
{
    double age = in[0], wt = in[1], scr = in[2], sex = in[3];
    *value = (140 - age) * wt / (72 * scr) * (sex > 0 ? 0.85 : 1);
    return true;
}

FORMULA(f_schwartz)
{
    double ht = in[0], scr = in[1];
    *value = 0.413 * ht / scr;
    return true;
}

FORMULA(f_crcl)
{
    double ucr = in[0], vol = in[1], pcr = in[2], bsa = in[3];
    *value = ucr * vol / (pcr * 1440) * 1.73 / bsa;
    return true;
}

FORMULA(f_bsa_mosteller)
{
    double ht = in[0], wt = in[1];
    *value = exact_sqrt(ht * wt / 3600);
    return true;
}

FORMULA(f_bsa_dubois)
{
    double ht = in[0], wt = in[1];
    *value = 0.007184 * exact_pow(ht, 0.725) * exact_pow(wt, 0.425);
    return true;
}

FORMULA(f_winters)
{
    double hco3 = in[0];
    *value = 1.5 * hco3 + 8;
    return true;
}

FORMULA(f_metalk_comp)
{
    double hco3 = in[0];
    *value = 0.7 * hco3 + 20;
    return true;
}

FORMULA(f_aa_gradient)
{
    double fio2 = in[0], patm = in[1], paco2 = in[2], pao2 = in[3];
    *value = fio2 * (patm - 47) - paco2 / 0.8 - pao2;
    return true;
}

FORMULA(f_pf_ratio)
{
    double pao2 = in[0], fio2 = in[1];
    *value = pao2 / fio2;
    return true;
}

FORMULA(f_hh_ph)
{
    double hco3 = in[0], pco2 = in[1];
    *value = 6.1 + exact_log10(hco3 / (0.0307 * pco2));
    return true;
}

FORMULA(f_hh_hco3)
{
    double ph = in[0], pco2 = in[1];
    *value = 0.0307 * pco2 * exact_pow(10, ph - 6.103);
    return true;
}

FORMULA(f_h_ion)
{
    double pco2 = in[0], hco3 = in[1];
    *value = 24 * pco2 / hco3;
    return true;
}

FORMULA(f_base_excess)
{
    double hco3 = in[0], ph = in[1], hb = in[2];
    *value = (1 - 0.014 * hb) * ((hco3 - 24.8) + (1.43 * hb + 7.7) * (ph - 7.40));
    return true;
}

FORMULA(f_total_co2)
{
    double hco3 = in[0], pco2 = in[1];
    *value = hco3 + 0.0307 * pco2;
    return true;
}

FORMULA(f_tsat)
{
    double iron = in[0], tibc = in[1];
    *value = 100 * iron / tibc;
    return true;
}

FORMULA(f_tibc_from_tf)
{
    double tf = in[0];
    *value = tf * 1.25;
    return true;
}

FORMULA(f_uibc)
{
    double tibc = in[0], iron = in[1];
    *value = tibc - iron;
    return true;
}

FORMULA(f_bili_ind)
{
    double t = in[0], d = in[1];
    if (d > t) return err_set(err, ERR_INPUT, "direct bilirubin (d) cannot exceed total bilirubin (t)");
    *value = t - d;
    return true;
}

FORMULA(f_globulin)
{
    double tp = in[0], alb = in[1];
    if (alb >= tp) return err_set(err, ERR_INPUT, "albumin (alb) must be below total protein (tp)");
    *value = alb / (tp - alb);
    return true;
}

FORMULA(f_fena)
{
    double una = in[0], pcr = in[1], pna = in[2], ucr = in[3];
    *value = 100 * (una * pcr) / (pna * ucr);
    return true;
}

FORMULA(f_feurea)
{
    double uu = in[0], pcr = in[1], bun = in[2], ucr = in[3];
    *value = 100 * (uu * pcr) / (bun * ucr);
    return true;
}

FORMULA(f_pcr)
{
    double up = in[0], uc = in[1];
    *value = 1000 * up / uc;
    return true;
}

FORMULA(f_acr)
{
    double ua = in[0], uc = in[1];
    *value = 100 * ua / uc;
    return true;
}

FORMULA(f_eag)
{
    double a1c = in[0];
    *value = 28.7 * a1c - 46.7;
    return true;
}

FORMULA(f_a1c_ifcc)
{
    double a1c = in[0];
    *value = (a1c - 2.152) / 0.09148;
    return true;
}

FORMULA(f_homa_ir)
{
    double glu = in[0], ins = in[1];
    *value = glu * ins / 405;
    return true;
}

FORMULA(f_sg_corr)
{
    double sg = in[0], prot = in[1], glu = in[2];
    *value = sg - 0.003 * prot - 0.004 * glu;
    return true;
}

FORMULA(f_sg_temp)
{
    double sg = in[0], t = in[1];
    *value = sg + 0.001 * (t - 20) / 3;
    return true;
}

FORMULA(f_sg_osm)
{
    double sg = in[0];
    *value = (sg - 1) * 1000 * 35;
    return true;
}

FORMULA(f_c1v1)
{
    double c1 = in[0], c2 = in[1], v2 = in[2];
    if (c2 > c1) return err_set(err, ERR_INPUT, "a dilution (c2) cannot be stronger than what it is made from (c1)");
    *value = c2 * v2 / c1;
    return true;
}

FORMULA(f_dil_result)
{
    double meas = in[0], s = in[1], d = in[2];
    *value = meas * (s + d) / s;
    return true;
}

FORMULA(f_serial_dil)
{
    double first = in[0], factor = in[1], n = in[2];
    *value = first * power_whole(factor, (int)n - 1);
    return true;
}

FORMULA(f_beer)
{
    double A = in[0], eps = in[1], l = in[2];
    *value = A / (eps * l) * 1000;
    return true;
}

FORMULA(f_abs_t)
{
    double pt = in[0];
    *value = 2 - exact_log10(pt);
    return true;
}

FORMULA(f_single_std)
{
    double cs = in[0], au = in[1], as_ = in[2];
    *value = cs * au / as_;
    return true;
}

FORMULA(f_enzyme_act)
{
    double da = in[0], tv = in[1], sv = in[2], eps = in[3], l = in[4];
    if (sv > tv)
        return err_set(err, ERR_INPUT, "the sample volume (sv) is part of the total volume (tv) and cannot exceed it");
    *value = da * 1e6 * tv / (eps * sv * l);
    return true;
}

FORMULA(f_rcf)
{
    double r = in[0], rpm = in[1];
    *value = 1.118e-5 * r * rpm * rpm;
    return true;
}

FORMULA(f_rpm_from_rcf)
{
    double r = in[0], rcf = in[1];
    *value = exact_sqrt(rcf / (1.118e-5 * r));
    return true;
}

FORMULA(f_molarity)
{
    double g = in[0], mw = in[1], L = in[2];
    *value = g / (mw * L);
    return true;
}

FORMULA(f_normality)
{
    double m = in[0], v = in[1];
    *value = m * v;
    return true;
}

FORMULA(f_meq)
{
    double mgdl = in[0], val = in[1], aw = in[2];
    *value = mgdl * 10 * val / aw;
    return true;
}

FORMULA(f_hydrate)
{
    double g = in[0], a = in[1], h = in[2];
    if (a > h) return err_set(err, ERR_INPUT, "the anhydrous salt (a) cannot weigh more than its hydrate (h)");
    *value = g * a / h;
    return true;
}

FORMULA(f_pct_wv)
{
    double g = in[0], ml = in[1];
    *value = 100 * g / ml;
    return true;
}

FORMULA(f_temp_cf)
{
    double c = in[0];
    *value = 1.8 * c + 32;
    return true;
}

FORMULA(f_mean_sd_cv)
{
    double mean = in[0], sd = in[1];
    *value = 100 * sd / mean;
    return true;
}

FORMULA(f_z)
{
    double x = in[0], mean = in[1], sd = in[2];
    *value = (x - mean) / sd;
    return true;
}

FORMULA(f_sdi)
{
    double lab = in[0], peer = in[1], sd = in[2];
    *value = (lab - peer) / sd;
    return true;
}

FORMULA(f_cvr)
{
    double a = in[0], b = in[1];
    *value = a / b;
    return true;
}

FORMULA(f_total_error)
{
    double bias = in[0], cv = in[1];
    *value = exact_abs(bias) + 1.65 * cv;
    return true;
}

FORMULA(f_sigma)
{
    double tea = in[0], bias = in[1], cv = in[2];
    *value = (tea - exact_abs(bias)) / cv;
    return true;
}

FORMULA(f_dse_crit)
{
    double tea = in[0], bias = in[1], cv = in[2];
    *value = (tea - exact_abs(bias)) / cv - 1.65;
    return true;
}

FORMULA(f_dre_crit)
{
    double tea = in[0], bias = in[1], cv = in[2];
    *value = (tea - exact_abs(bias)) / (1.96 * cv);
    return true;
}

FORMULA(f_rcv)
{
    double cva = in[0], cvi = in[1], z = in[2];
    *value = SQRT_2 * z * exact_sqrt(cva * cva + cvi * cvi);
    return true;
}

FORMULA(f_rcv_log)
{
    double cva = in[0], cvi = in[1], z = in[2];
    *value = 100 * (exact_exp(z * SQRT_2 * exact_sqrt(exact_log(1 + cva * cva + cvi * cvi))) - 1);
    return true;
}

FORMULA(f_bv_desirable)
{
    double cvi = in[0], cvg = in[1];
    *value = 0.25 * exact_sqrt(cvi * cvi + cvg * cvg) + 1.65 * 0.5 * cvi;
    return true;
}

FORMULA(f_index_ind)
{
    double cvi = in[0], cva = in[1], cvg = in[2];
    *value = exact_sqrt(cvi * cvi + cva * cva) / cvg;
    return true;
}

FORMULA(f_uncert)
{
    double a = in[0], b = in[1], c = in[2], k = in[3];
    *value = k * exact_sqrt(a * a + b * b + c * c);
    return true;
}

FORMULA(f_ppv)
{
    double se = in[0], sp = in[1], p = in[2];
    *value = se * p / (se * p + (1 - sp) * (1 - p));
    return true;
}

FORMULA(f_npv)
{
    double se = in[0], sp = in[1], p = in[2];
    *value = sp * (1 - p) / (sp * (1 - p) + (1 - se) * p);
    return true;
}

FORMULA(f_phenytoin_corr)
{
    double c = in[0], alb = in[1];
    *value = c / (0.2 * alb + 0.1);
    return true;
}

FORMULA(f_rumack)
{
    double t = in[0];
    *value = 150 * exact_pow(2, -(t - 4) / 4);
    return true;
}

FORMULA(f_saag)
{
    double s = in[0], a = in[1];
    *value = s - a;
    return true;
}

FORMULA(f_igg_index)
{
    double ic = in[0], is_ = in[1], ac = in[2], as_ = in[3];
    *value = (ic / is_) / (ac / as_);
    return true;
}

FORMULA(f_csf_alb_index)
{
    double ac = in[0], as_ = in[1];
    *value = ac / as_;
    return true;
}

FORMULA(f_csf_wbc_corr)
{
    double wc = in[0], wb = in[1], rc = in[2], rb = in[3];
    *value = wc - wb * rc / rb;
    return true;
}

FORMULA(f_hemocytometer)
{
    double n = in[0], dil = in[1], mm2 = in[2];
    *value = n * dil / (mm2 * 0.1);
    return true;
}

FORMULA(f_fib4)
{
    double age = in[0], ast = in[1], plt = in[2], alt = in[3];
    *value = age * ast / (plt * exact_sqrt(alt));
    return true;
}

FORMULA(f_r_factor)
{
    double alt = in[0], altu = in[1], alp = in[2], alpu = in[3];
    *value = (alt / altu) / (alp / alpu);
    return true;
}

FORMULA(f_meld3)
{
    double sex = in[0], bili = in[1], na = in[2], inr = in[3], cr = in[4], alb = in[5];
    /* The published bounds: what lies outside counts as the bound. */
    double ln_bili = exact_log(higher(bili, 1)), ln_inr = exact_log(higher(inr, 1));
    double ln_cr = exact_log(lower(higher(cr, 1), 3)), na_low = 137 - lower(higher(na, 125), 137);
    double alb_low = 3.5 - lower(higher(alb, 1.5), 3.5);
    *value = (sex > 0 ? 1.33 : 0) + 4.56 * ln_bili + 0.82 * na_low - 0.24 * na_low * ln_bili + 9.09 * ln_inr +
             11.14 * ln_cr + 1.85 * alb_low - 1.83 * alb_low * ln_cr + 6;
    return true;
}

FORMULA(f_fwd)
{
    double wt = in[0], na = in[1], f = in[2];
    *value = f * wt * (na / 140 - 1);
    return true;
}

FORMULA(f_uag)
{
    double na = in[0], k = in[1], cl = in[2];
    *value = na + k - cl;
    return true;
}

FORMULA(f_ckmb_index)
{
    double mb = in[0], ck = in[1];
    *value = 100 * mb / ck;
    return true;
}

FORMULA(f_water_pct)
{
    double tg = in[0], tp = in[1];
    *value = 99.1 - 1.03 * tg - 0.73 * tp;
    return true;
}

FORMULA(f_na_pseudo)
{
    double na = in[0], w = in[1];
    *value = na * w / 93;
    return true;
}

FORMULA(f_kt_ion)
{
    double ica = in[0], ph = in[1];
    *value = ica * (1 - 0.53 * (7.40 - ph));
    return true;
}

FORMULA(f_deming)
{
    double sxx = in[0], syy = in[1], sxy = in[2], l = in[3];
    if (sxy == 0) return err_set(err, ERR_INPUT, "with sxy = 0 there is no slope");
    double d = syy - l * sxx;
    *value = (d + exact_sqrt(d * d + 4 * l * sxy * sxy)) / (2 * sxy);
    return true;
}

FORMULA(f_ols)
{
    double sxx = in[0], sxy = in[1];
    *value = sxy / sxx;
    return true;
}

FORMULA(f_osm_fp)
{
    double dt = in[0];
    *value = dt / 1.858 * 1000;
    return true;
}

/* ---- what each formula needs ---- */

#define MOST 1e9 /* no quantity of the bench is larger */
#define ANY(name)                                                                                                      \
    {                                                                                                                  \
        name, INPUT_RANGE, -MOST, MOST                                                                                 \
    }
#define FROM_0(name)                                                                                                   \
    {                                                                                                                  \
        name, INPUT_RANGE, 0, MOST                                                                                     \
    }
#define ABOVE_0(name)                                                                                                  \
    {                                                                                                                  \
        name, INPUT_ABOVE, 0, MOST                                                                                     \
    }
#define RANGE(name, low, high)                                                                                         \
    {                                                                                                                  \
        name, INPUT_RANGE, low, high                                                                                   \
    }
#define OVER(name, low, high)                                                                                          \
    {                                                                                                                  \
        name, INPUT_ABOVE, low, high                                                                                   \
    }
#define WHOLE(name, low, high)                                                                                         \
    {                                                                                                                  \
        name, INPUT_WHOLE, low, high                                                                                   \
    }
#define SEX                                                                                                            \
    {                                                                                                                  \
        "sex", INPUT_SEX, 0, 1                                                                                         \
    }

static const calc_formula_t FORMULAS[] = {
    {"anion_gap", f_anion_gap, {ABOVE_0("na"), ABOVE_0("cl"), FROM_0("hco3")}},
    {"anion_gap_k", f_anion_gap_k, {ABOVE_0("na"), ABOVE_0("k"), ABOVE_0("cl"), FROM_0("hco3")}},
    {"ag_corrected", f_ag_corrected, {ANY("ag"), FROM_0("alb")}},
    {"delta_ratio", f_delta_ratio, {ANY("ag"), RANGE("hco3", 0, 23.99)}},
    {"osm_calc", f_osm_calc, {ABOVE_0("na"), FROM_0("glu"), FROM_0("bun")}},
    {"osm_calc_186", f_osm_calc_186, {ABOVE_0("na"), FROM_0("glu"), FROM_0("bun")}},
    {"osm_gap", f_osm_gap, {ABOVE_0("meas"), ABOVE_0("na"), FROM_0("glu"), FROM_0("bun"), FROM_0("etoh")}},
    {"friedewald", f_friedewald, {ABOVE_0("tc"), ABOVE_0("hdl"), OVER("tg", 0, 400)}},
    {"sampson", f_sampson, {ABOVE_0("tc"), ABOVE_0("hdl"), OVER("tg", 0, 800)}},
    {"martin_hopkins", f_martin_hopkins, {ABOVE_0("tc"), ABOVE_0("hdl"), RANGE("tg", 7, 399.99)}},
    {"nonhdl", f_nonhdl, {ABOVE_0("tc"), ABOVE_0("hdl")}},
    {"corr_ca", f_corr_ca, {ABOVE_0("ca"), FROM_0("alb")}},
    {"corr_na", f_corr_na, {ABOVE_0("na"), OVER("glu", 100, 10000)}},
    {"corr_na_hillier", f_corr_na_hillier, {ABOVE_0("na"), OVER("glu", 400, 10000)}},
    {"ckd_epi_2021", f_ckd_epi_2021, {ABOVE_0("scr"), RANGE("age", 18, 130), SEX}},
    {"ckd_epi_cys_2012", f_ckd_epi_cys_2012, {ABOVE_0("scys"), RANGE("age", 18, 130), SEX}},
    {"ckd_epi_comb_2021", f_ckd_epi_comb_2021, {ABOVE_0("scr"), ABOVE_0("scys"), RANGE("age", 18, 130), SEX}},
    {"mdrd", f_mdrd, {ABOVE_0("scr"), RANGE("age", 18, 130), SEX}},
    {"cockcroft_gault", f_cockcroft_gault, {RANGE("age", 18, 130), ABOVE_0("wt"), ABOVE_0("scr"), SEX}},
    {"schwartz", f_schwartz, {OVER("ht", 0, 250), ABOVE_0("scr")}},
    {"crcl", f_crcl, {FROM_0("ucr"), FROM_0("vol"), ABOVE_0("pcr"), RANGE("bsa", 0.1, 5)}},
    {"bsa_mosteller", f_bsa_mosteller, {OVER("ht", 0, 300), OVER("wt", 0, 700)}},
    {"bsa_dubois", f_bsa_dubois, {OVER("ht", 0, 300), OVER("wt", 0, 700)}},
    {"winters", f_winters, {RANGE("hco3", 0, 24)}},
    {"metalk_comp", f_metalk_comp, {ABOVE_0("hco3")}},
    {"aa_gradient", f_aa_gradient, {OVER("fio2", 0, 1), OVER("patm", 47, 5000), ABOVE_0("paco2"), ABOVE_0("pao2")}},
    {"pf_ratio", f_pf_ratio, {ABOVE_0("pao2"), OVER("fio2", 0, 1)}},
    {"hh_ph", f_hh_ph, {ABOVE_0("hco3"), ABOVE_0("pco2")}},
    {"hh_hco3", f_hh_hco3, {RANGE("ph", 6, 8.5), ABOVE_0("pco2")}},
    {"h_ion", f_h_ion, {ABOVE_0("pco2"), ABOVE_0("hco3")}},
    {"base_excess", f_base_excess, {ABOVE_0("hco3"), RANGE("ph", 6, 8.5), RANGE("hb", 0, 30)}},
    {"total_co2", f_total_co2, {FROM_0("hco3"), FROM_0("pco2")}},
    {"tsat", f_tsat, {FROM_0("iron"), ABOVE_0("tibc")}},
    {"tibc_from_tf", f_tibc_from_tf, {FROM_0("tf")}},
    {"uibc", f_uibc, {FROM_0("tibc"), FROM_0("iron")}},
    {"bili_ind", f_bili_ind, {FROM_0("t"), FROM_0("d")}},
    {"globulin", f_globulin, {ABOVE_0("tp"), ABOVE_0("alb")}},
    {"fena", f_fena, {FROM_0("una"), ABOVE_0("pcr"), ABOVE_0("pna"), ABOVE_0("ucr")}},
    {"feurea", f_feurea, {FROM_0("uu"), ABOVE_0("pcr"), ABOVE_0("bun"), ABOVE_0("ucr")}},
    {"pcr", f_pcr, {FROM_0("up"), ABOVE_0("uc")}},
    {"acr", f_acr, {FROM_0("ua"), ABOVE_0("uc")}},
    {"eag", f_eag, {OVER("a1c", 0, 100)}},
    {"a1c_ifcc", f_a1c_ifcc, {RANGE("a1c", 2.152, 100)}},
    {"homa_ir", f_homa_ir, {ABOVE_0("glu"), FROM_0("ins")}},
    {"sg_corr", f_sg_corr, {RANGE("sg", 1, 1.2), FROM_0("prot"), FROM_0("glu")}},
    {"sg_temp", f_sg_temp, {RANGE("sg", 1, 1.2), RANGE("t", 0, 60)}},
    {"sg_osm", f_sg_osm, {RANGE("sg", 1, 1.2)}},
    {"c1v1", f_c1v1, {ABOVE_0("c1"), FROM_0("c2"), ABOVE_0("v2")}},
    {"dil_result", f_dil_result, {FROM_0("meas"), ABOVE_0("s"), FROM_0("d")}},
    {"serial_dil", f_serial_dil, {ABOVE_0("first"), ABOVE_0("factor"), WHOLE("n", 1, 60)}},
    {"beer", f_beer, {FROM_0("A"), ABOVE_0("eps"), ABOVE_0("l")}},
    {"abs_t", f_abs_t, {OVER("pt", 0, 100)}},
    {"single_std", f_single_std, {FROM_0("cs"), ANY("au"), ABOVE_0("as_")}},
    {"enzyme_act", f_enzyme_act, {ANY("da"), ABOVE_0("tv"), ABOVE_0("sv"), ABOVE_0("eps"), ABOVE_0("l")}},
    {"rcf", f_rcf, {ABOVE_0("r"), FROM_0("rpm")}},
    {"rpm_from_rcf", f_rpm_from_rcf, {ABOVE_0("r"), FROM_0("rcf")}},
    {"molarity", f_molarity, {FROM_0("g"), ABOVE_0("mw"), ABOVE_0("L")}},
    {"normality", f_normality, {FROM_0("m"), ABOVE_0("v")}},
    {"meq", f_meq, {FROM_0("mgdl"), ABOVE_0("val"), ABOVE_0("aw")}},
    {"hydrate", f_hydrate, {FROM_0("g"), ABOVE_0("a"), ABOVE_0("h")}},
    {"pct_wv", f_pct_wv, {FROM_0("g"), ABOVE_0("ml")}},
    {"temp_cf", f_temp_cf, {RANGE("c", -273.15, 1e6)}},
    {"mean_sd_cv", f_mean_sd_cv, {ABOVE_0("mean"), FROM_0("sd")}},
    {"z", f_z, {ANY("x"), ANY("mean"), ABOVE_0("sd")}},
    {"sdi", f_sdi, {ANY("lab"), ANY("peer"), ABOVE_0("sd")}},
    {"cvr", f_cvr, {FROM_0("a"), ABOVE_0("b")}},
    {"total_error", f_total_error, {ANY("bias"), FROM_0("cv")}},
    {"sigma", f_sigma, {ABOVE_0("tea"), ANY("bias"), ABOVE_0("cv")}},
    {"dse_crit", f_dse_crit, {ABOVE_0("tea"), ANY("bias"), ABOVE_0("cv")}},
    {"dre_crit", f_dre_crit, {ABOVE_0("tea"), ANY("bias"), ABOVE_0("cv")}},
    {"rcv", f_rcv, {FROM_0("cva"), FROM_0("cvi"), ABOVE_0("z")}},
    {"rcv_log", f_rcv_log, {RANGE("cva", 0, 10), RANGE("cvi", 0, 10), OVER("z", 0, 10)}},
    {"bv_desirable", f_bv_desirable, {FROM_0("cvi"), FROM_0("cvg")}},
    {"index_ind", f_index_ind, {FROM_0("cvi"), FROM_0("cva"), ABOVE_0("cvg")}},
    {"uncert", f_uncert, {FROM_0("a"), FROM_0("b"), FROM_0("c"), ABOVE_0("k")}},
    {"ppv", f_ppv, {RANGE("se", 0, 1), RANGE("sp", 0, 1), RANGE("p", 0, 1)}},
    {"npv", f_npv, {RANGE("se", 0, 1), RANGE("sp", 0, 1), RANGE("p", 0, 1)}},
    {"phenytoin_corr", f_phenytoin_corr, {FROM_0("c"), FROM_0("alb")}},
    {"rumack", f_rumack, {RANGE("t", 4, 24)}},
    {"saag", f_saag, {FROM_0("s"), FROM_0("a")}},
    {"igg_index", f_igg_index, {FROM_0("ic"), ABOVE_0("is_"), ABOVE_0("ac"), ABOVE_0("as_")}},
    {"csf_alb_index", f_csf_alb_index, {FROM_0("ac"), ABOVE_0("as_")}},
    {"csf_wbc_corr", f_csf_wbc_corr, {FROM_0("wc"), FROM_0("wb"), FROM_0("rc"), ABOVE_0("rb")}},
    {"hemocytometer", f_hemocytometer, {FROM_0("n"), RANGE("dil", 1, 1e6), ABOVE_0("mm2")}},
    {"fib4", f_fib4, {RANGE("age", 18, 130), ABOVE_0("ast"), ABOVE_0("plt"), ABOVE_0("alt")}},
    {"r_factor", f_r_factor, {ABOVE_0("alt"), ABOVE_0("altu"), ABOVE_0("alp"), ABOVE_0("alpu")}},
    {"meld3", f_meld3, {SEX, ABOVE_0("bili"), ABOVE_0("na"), ABOVE_0("inr"), ABOVE_0("cr"), ABOVE_0("alb")}},
    {"fwd", f_fwd, {ABOVE_0("wt"), ABOVE_0("na"), OVER("f", 0, 1)}},
    {"uag", f_uag, {FROM_0("na"), FROM_0("k"), FROM_0("cl")}},
    {"ckmb_index", f_ckmb_index, {FROM_0("mb"), ABOVE_0("ck")}},
    {"water_pct", f_water_pct, {RANGE("tg", 0, 90), RANGE("tp", 0, 30)}},
    {"na_pseudo", f_na_pseudo, {ABOVE_0("na"), OVER("w", 0, 100)}},
    {"kt_ion", f_kt_ion, {ABOVE_0("ica"), RANGE("ph", 7.2, 7.6)}},
    {"deming", f_deming, {FROM_0("sxx"), FROM_0("syy"), ANY("sxy"), ABOVE_0("l")}},
    {"ols", f_ols, {ABOVE_0("sxx"), ANY("sxy")}},
    {"osm_fp", f_osm_fp, {FROM_0("dt")}},
};

const calc_chapter_t CALC_GENERAL = {FORMULAS, (int)(sizeof FORMULAS / sizeof FORMULAS[0])};
