/* The arithmetic of the coagulation formulas in content/lab/formulas.csv, one function each; expression, domain and
 * source stand in the row of the same id. Scores count points; a result on a limit takes the milder side
 * where the rule says "over", the graver where it says "from". */
#include "calc_private.h"

#include "base/exact.h"

#define UNUSED __attribute__((unused))
#define FORMULA(id)                                                                                                    \
    static bool id(const double *in, const martin_table_t *martin UNUSED, double *value, err_t *err UNUSED)

FORMULA(f_inr)
{
    double pt = in[0], mnpt = in[1], isi = in[2];
    *value = exact_pow(pt / mnpt, isi);
    return true;
}

FORMULA(f_aptt_ratio)
{
    double aptt = in[0], mean = in[1];
    *value = aptt / mean;
    return true;
}

FORMULA(f_rosner_index)
{
    double patient = in[0], mix = in[1], npp = in[2];
    *value = 100 * (mix - npp) / patient;
    return true;
}

FORMULA(f_percent_correction)
{
    double patient = in[0], mix = in[1], npp = in[2];
    if (!(patient > npp))
        return err_set(err, ERR_INPUT,
                       "the patient's time must be longer than the normal pool's (npp): there is "
                       "nothing to correct");
    *value = 100 * (patient - mix) / (patient - npp);
    return true;
}

FORMULA(f_citrate_volume)
{
    double hct = in[0], v = in[1];
    *value = 0.00185 * (100 - hct) * v;
    return true;
}

FORMULA(f_dic_isth)
{
    double plt = in[0], dd = in[1], uln = in[2], over = in[3], fib = in[4];
    double platelets = plt > 100 ? 0 : plt >= 50 ? 1 : 2;
    double dimer = dd > 10 * uln ? 3 : dd > uln ? 2 : 0;
    double prolonged = over > 6 ? 2 : over >= 3 ? 1 : 0;
    *value = platelets + dimer + prolonged + (fib > 100 ? 0 : 1);
    return true;
}

FORMULA(f_sic)
{
    double inr = in[0], plt = in[1], sofa = in[2];
    double coagulation = (inr > 1.4 ? 2 : inr > 1.2 ? 1 : 0) + (plt < 100 ? 2 : plt < 150 ? 1 : 0);
    *value = coagulation + (sofa >= 2 ? 2 : sofa);
    return true;
}

FORMULA(f_jaam_dic)
{
    double sirs = in[0], plt = in[1], drop = in[2], ratio = in[3], fdp = in[4];
    double platelets = plt < 80 || drop > 50 ? 3 : plt < 120 || drop > 30 ? 1 : 0;
    *value = (sirs >= 3 ? 1 : 0) + platelets + (ratio >= 1.2 ? 1 : 0) + (fdp >= 25 ? 3 : fdp >= 10 ? 1 : 0);
    return true;
}

FORMULA(f_ddimer_age)
{
    double age = in[0];
    *value = age > 50 ? 0.010 * age : 0.50;
    return true;
}

FORMULA(f_ddu_feu)
{
    double ddu = in[0];
    *value = 2 * ddu;
    return true;
}

FORMULA(f_bethesda)
{
    double residual = in[0], dil = in[1];
    *value = -exact_log(residual / 100) / 0.69314718055994530942 * dil;
    return true;
}

FORMULA(f_fviii_dose)
{
    double kg = in[0], rise = in[1];
    *value = kg * rise * 0.5;
    return true;
}

FORMULA(f_fix_dose)
{
    double kg = in[0], rise = in[1], k = in[2];
    *value = kg * rise * k;
    return true;
}

FORMULA(f_vwf_ratio)
{
    double act = in[0], ag = in[1];
    *value = act / ag;
    return true;
}

FORMULA(f_drvvt_ratio)
{
    double screen = in[0], confirm = in[1];
    *value = screen / confirm;
    return true;
}

static const calc_formula_t FORMULAS[] = {
    {"inr", f_inr, {NEED_OVER("pt", 0, 300), NEED_RANGE("mnpt", 5, 30), NEED_RANGE("isi", 0.5, 3)}},
    {"aptt_ratio", f_aptt_ratio, {NEED_OVER("aptt", 0, 300), NEED_RANGE("mean", 10, 60)}},
    {"rosner_index",
     f_rosner_index,
     {NEED_OVER("patient", 0, 600), NEED_OVER("mix", 0, 600), NEED_OVER("npp", 0, 600)}},
    {"percent_correction",
     f_percent_correction,
     {NEED_OVER("patient", 0, 600), NEED_OVER("mix", 0, 600), NEED_OVER("npp", 0, 600)}},
    {"citrate_volume", f_citrate_volume, {NEED_RANGE("hct", 55, 85), NEED_OVER("v", 0, 10)}},
    {"dic_isth",
     f_dic_isth,
     {NEED_RANGE("plt", 0, 5000), NEED_RANGE("dd", 0, 1000), NEED_OVER("uln", 0, 100), NEED_RANGE("over", -20, 300),
      NEED_RANGE("fib", 0, 2000)}},
    {"sic", f_sic, {NEED_RANGE("inr", 0.5, 30), NEED_RANGE("plt", 0, 5000), NEED_WHOLE("sofa", 0, 24)}},
    {"jaam_dic",
     f_jaam_dic,
     {NEED_WHOLE("sirs", 0, 4), NEED_RANGE("plt", 0, 5000), NEED_RANGE("drop", 0, 100), NEED_RANGE("ptr", 0.5, 30),
      NEED_RANGE("fdp", 0, 2000)}},
    {"ddimer_age", f_ddimer_age, {NEED_RANGE("age", 18, 130)}},
    {"ddu_feu", f_ddu_feu, {NEED_RANGE("ddu", 0, 1000)}},
    {"bethesda", f_bethesda, {NEED_RANGE("residual", 25, 75), NEED_RANGE("dil", 1, 10000)}},
    {"fviii_dose", f_fviii_dose, {NEED_OVER("kg", 0, 300), NEED_OVER("rise", 0, 200)}},
    {"fix_dose", f_fix_dose, {NEED_OVER("kg", 0, 300), NEED_OVER("rise", 0, 200), NEED_RANGE("k", 1, 1.4)}},
    {"vwf_ratio", f_vwf_ratio, {NEED_RANGE("act", 0, 1000), NEED_OVER("ag", 0, 1000)}},
    {"drvvt_ratio", f_drvvt_ratio, {NEED_OVER("screen", 0, 20), NEED_OVER("confirm", 0, 20)}},
};

const calc_chapter_t CALC_COAGULATION = {FORMULAS, (int)(sizeof FORMULAS / sizeof FORMULAS[0])};
