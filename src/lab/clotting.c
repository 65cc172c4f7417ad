/* The patient's plasma. In order:
 *
 * 1. Condition. As requested; else what goes with the patient's condition of the cells (DIC), then with the
 *    others (a cirrhotic has the clotting of liver disease); else drawn by the weights of the setting (heparin on the
 * wards, warfarin in the clinic). Healthy people have none.
 * 2. Person. Each test has a healthy center and spread (clotting_load.c); its score is the person's own, moved
 *    by noise within the person, a smooth function of the hour. Factor VIII goes with von Willebrand factor
 *    (r = 0.6) and the activity of that with its antigen (r = 0.92): design values, recalled.
 * 3. Severity. One score a patient moves the whole pattern: a level of 0.22 becomes 0.22^k, heparin and
 *    drugs come in more or less. The clotting tests feel the level as a share of the person's healthy one, because
 *    the personal factors of the times already carry the healthy spread. */
#include "clotting_tables.h"

#include "patient_model.h"

#include <assert.h>
#include <string.h>

enum { DOMAIN_CLOTTING = 0x434c4f54, STREAM_CLOTTING = 0x434c4f54 };

/* Scores of a person: one a test, by coag_test_t. The INR has none of its own; its place holds the severity. */
enum { SCORE_SEVERITY = COAG_INR };

int clotting_count(const lab_t *lab)
{
    return clotting_tables(lab)->count;
}

const char *clotting_id(const lab_t *lab, int index)
{
    assert(index >= 0 && index < clotting_count(lab));
    return clotting_tables(lab)->conditions[index].id;
}

const char *clotting_name(const lab_t *lab, int index)
{
    assert(index >= 0 && index < clotting_count(lab));
    return clotting_tables(lab)->conditions[index].name;
}

int clotting_find(const lab_t *lab, const char *id)
{
    const clotting_tables_t *tables = clotting_tables(lab);
    for (int i = 0; i < tables->count; i++)
        if (strcmp(tables->conditions[i].id, id) == 0) return i;
    return -1;
}

double clotting_platelets(const lab_t *lab, int condition)
{
    return condition < 0 ? 250 : clotting_tables(lab)->conditions[condition].platelets;
}

int coag_analyte(const lab_t *lab, coag_test_t test)
{
    assert((unsigned)test < COAG_TESTS);
    return clotting_tables(lab)->analyte[test];
}

const analyte_set_t *coag_analytes(const lab_t *lab)
{
    return &clotting_tables(lab)->analytes;
}

int coag_test_of(const lab_t *lab, int analyte)
{
    return analyte < 0 || analyte >= LAB_MAX_ANALYTES ? -1 : clotting_tables(lab)->test[analyte];
}

/* ---- which condition ---- */

static int implied_by(const clotting_tables_t *tables, bool cells, int with, double u)
{
    if (!tables->implies[cells][with]) return -1; /* mostly */
    for (int i = 0; i < tables->implied_count; i++) {
        if (tables->implied[i].with != with || tables->implied[i].cells != cells) continue;
        if (u < tables->implied[i].chance) return tables->implied[i].clotting;
        u -= tables->implied[i].chance;
    }
    return -1;
}

void clotting_choose(const lab_t *lab, const patient_request_t *request, patient_t *patient)
{
    const clotting_tables_t *tables = clotting_tables(lab);
    rng_t rng = rng_at(patient->key, DOMAIN_CLOTTING, 0, 0);
    patient->clotting = -1;
    if (request->clotting > 0) {
        assert(request->clotting <= tables->count);
        patient->clotting = (int16_t)(request->clotting - 1);
        return;
    }
    if (patient->healthy) return;
    double by_cells = rng_uniform(&rng);
    if (patient->cells >= 0) patient->clotting = (int16_t)implied_by(tables, true, patient->cells, by_cells);
    for (int i = 0; i < patient->n_conditions; i++) {
        double u = rng_uniform(&rng);
        int found = implied_by(tables, false, patient->condition[i], u);
        if (found >= 0 && patient->clotting < 0) patient->clotting = (int16_t)found;
    }
    if (patient->clotting >= 0 || request->only_forced) return;
    double u = rng_uniform(&rng);
    int c = 0;
    while (c + 1 < tables->count && u >= tables->upto[patient->setting][c]) c++;
    if (c != tables->normal) patient->clotting = (int16_t)c;
}

/* ---- the plasma ---- */

typedef struct {
    const clotting_tables_t *tables;
    const patient_t *patient;
    float between[COAG_TESTS], within[COAG_TESTS];
} person_t;

static double score(const person_t *person, int test)
{
    int sex = person->patient->sex;
    return person->tables->healthy[sex][test].between * (double)person->between[test] +
           person->tables->healthy[sex][test].within * (double)person->within[test];
}

/* The healthy value whose score is z. */
static double healthy_value(const person_t *person, int test, double z)
{
    int sex = person->patient->sex;
    double x = person->tables->healthy[sex][test].center + person->tables->healthy[sex][test].spread * z;
    return person->tables->healthy[sex][test].log ? exact_exp(x) : x;
}

static double healthy(const person_t *person, int test)
{
    return healthy_value(person, test, score(person, test));
}

static double at_least(double x, double low)
{
    return x < low ? low : x;
}

/* Times, fibrinogen, D-dimer and severity are always asked; what is a test of its own and bears on no other, only where
 * `need` (NULL: all) has it. Bits by coag_test_t. */
static uint32_t asked_of(const clotting_tables_t *tables, const analyte_set_t *need)
{
    const uint32_t vwf = 1u << COAG_VWFAG, of_vwf = 1u << COAG_F8 | 1u << COAG_VWFACT;
    uint32_t asked = 1u << COAG_PT | 1u << SCORE_SEVERITY | 1u << COAG_APTT | 1u << COAG_TT | 1u << COAG_FIB |
                     1u << COAG_DDIMER | 1u << COAG_DRVVT | 1u << COAG_REPT;
    for (int t = COAG_AT; t <= COAG_VWFACT; t++)
        if (need == NULL || analyte_set_has(need, tables->analyte[t])) asked |= 1u << t;
    return asked & of_vwf ? asked | vwf : asked;
}

/* The person without any condition; what is not asked is the normal pool's. */
static void healthy_plasma(const person_t *person, uint32_t asked, clotting_t *plasma)
{
    double vwf = asked >> COAG_VWFAG & 1 ? score(person, COAG_VWFAG) : 0;
    *plasma = clot_normal_pool();
    for (int t = COAG_F2; t <= COAG_F12; t++) {
        if (!(asked >> t & 1)) continue;
        double z = score(person, t);
        if (t == COAG_F8) z = 0.6 * vwf + 0.8 * z;
        plasma->level[coag_test_factor((coag_test_t)t)] = healthy_value(person, t, z) / 100;
    }
    if (asked >> COAG_VWFAG & 1) plasma->vwf_antigen = healthy_value(person, COAG_VWFAG, vwf) / 100;
    if (asked >> COAG_VWFACT & 1)
        plasma->vwf_activity =
            healthy_value(person, COAG_VWFACT, 0.92 * vwf + 0.39191835884530846 * score(person, COAG_VWFACT)) / 100;
    if (asked >> COAG_AT & 1) plasma->antithrombin = at_least(healthy(person, COAG_AT), 50) / 100;
    if (asked >> COAG_PC & 1) plasma->protein_c = at_least(healthy(person, COAG_PC), 30) / 100;
    if (asked >> COAG_PS & 1) plasma->protein_s = at_least(healthy(person, COAG_PS), 25) / 100;
    plasma->fibrinogen = plasma->fibrinogen_antigen = at_least(healthy(person, COAG_FIB), 90);
    plasma->own_pt = healthy(person, COAG_PT);
    plasma->own_aptt = healthy(person, COAG_APTT);
    plasma->own_tt = healthy(person, COAG_TT);
    plasma->own_drvvt = at_least(healthy(person, COAG_DRVVT), 0.6);
    plasma->own_reptilase = at_least(healthy(person, COAG_REPT), 9) / 18;
    plasma->d_dimer = healthy(person, COAG_DDIMER);
    /* it rises with age: that is why its cut-off does, age x 0.01 above 50 */
    if (person->patient->age_y > 50) plasma->d_dimer *= person->patient->age_y / 50.0;
}

static void apply_condition(const clotting_condition_t *condition, double z, clotting_t *plasma)
{
    const clotting_t *typical = &condition->plasma;
    double k = 1 + condition->spread * (z < -3 ? -3 : z > 3 ? 3 : z);
    if (k < 0.2) k = 0.2;
    double dose = exact_exp(condition->spread * z);
    for (int f = 0; f < FACTOR_COUNT; f++)
        if (typical->factor[f] != 1) plasma->factor[f] = exact_pow(typical->factor[f], k);
    if (typical->fibrinogen != 300) plasma->fibrinogen *= exact_pow(typical->fibrinogen / 300, k);
    if (typical->fibrinogen_antigen != 300)
        plasma->fibrinogen_antigen *= exact_pow(typical->fibrinogen_antigen / 300, k);
    if (typical->d_dimer != 0.3) plasma->d_dimer *= exact_pow(typical->d_dimer / 0.3, k);
    plasma->ufh = typical->ufh * dose;
    plasma->lmwh = typical->lmwh * dose;
    plasma->lupus = typical->lupus * dose;
    plasma->drug_xa = typical->drug_xa * dose;
    if (typical->inhibitor_bu > 0)
        plasma->inhibitor_bu = typical->inhibitor_bu * exact_exp(z); /* titers: a wide range */
    plasma->drug_pt = exact_pow(typical->drug_pt, dose);
    plasma->drug_aptt = exact_pow(typical->drug_aptt, dose);
    plasma->drug_tt = exact_pow(typical->drug_tt, dose);
    plasma->fibrin_tt = exact_pow(typical->fibrin_tt, dose);
    plasma->antithrombin *= typical->antithrombin;
    plasma->protein_c *= typical->protein_c;
    plasma->protein_s *= typical->protein_s;
    plasma->vwf_antigen *= typical->vwf_antigen;
    plasma->vwf_activity *= typical->vwf_activity;
}

void clotting_at(const lab_t *lab, const patient_t *patient, double hour, clotting_t *plasma)
{
    clotting_at_some(lab, patient, hour, NULL, plasma);
}

void clotting_at_some(const lab_t *lab, const patient_t *patient, double hour, const analyte_set_t *need,
                      clotting_t *plasma)
{
    person_t person;
    person.tables = clotting_tables(lab);
    person.patient = patient;
    uint32_t asked = asked_of(person.tables, need);
    patient_scores(lab, patient, STREAM_CLOTTING, hour, asked, person.between, person.within);
    healthy_plasma(&person, asked, plasma);
    if (patient->clotting < 0) return;
    double z =
        0.95 * (double)person.between[SCORE_SEVERITY] + 0.31224989991991992 * (double)person.within[SCORE_SEVERITY];
    apply_condition(&person.tables->conditions[patient->clotting], z, plasma);
}

void clotting_of(const lab_t *lab, int condition, clotting_t *plasma)
{
    assert(condition >= 0 && condition < clotting_count(lab));
    *plasma = clotting_tables(lab)->conditions[condition].plasma;
}

/* ---- the values ---- */

static double least(double a, double b)
{
    return a < b ? a : b;
}

void clotting_values_some(const lab_t *lab, const clotting_t *plasma, const analyte_set_t *need, double *values)
{
    const int16_t *at = clotting_tables(lab)->analyte;
    clot_reagents_t reagents = clot_reagents();
    double anti_xa = plasma->ufh + plasma->lmwh + plasma->drug_xa;
    values[at[COAG_PT]] = least(clot_pt(plasma, &reagents), CLOT_PT_MAX);
    values[at[COAG_INR]] = clot_inr(values[at[COAG_PT]], CLOT_MNPT, 1);
    values[at[COAG_APTT]] = least(clot_aptt(plasma, &reagents), CLOT_APTT_MAX);
    if (need == NULL || analyte_set_has(need, at[COAG_TT])) values[at[COAG_TT]] = least(clot_tt(plasma), CLOT_TT_MAX);
    if (need == NULL || analyte_set_has(need, at[COAG_REPT]))
        values[at[COAG_REPT]] = least(clot_reptilase(plasma), CLOT_TT_MAX);
    values[at[COAG_DRVVT]] = clot_drvvt(plasma);
    values[at[COAG_FIB]] = plasma->fibrinogen;
    values[at[COAG_DDIMER]] = plasma->d_dimer;
    values[at[COAG_ANTIXA_UFH]] = values[at[COAG_ANTIXA_LMWH]] = anti_xa;
    values[at[COAG_AT]] = 100 * plasma->antithrombin;
    values[at[COAG_PC]] = 100 * plasma->protein_c;
    values[at[COAG_PS]] = 100 * plasma->protein_s;
    values[at[COAG_VWFAG]] = 100 * plasma->vwf_antigen;
    values[at[COAG_VWFACT]] = 100 * plasma->vwf_activity;
    for (int t = COAG_F2; t <= COAG_F12; t++) {
        int f = coag_test_factor((coag_test_t)t);
        values[at[t]] = 100 * plasma->factor[f] * plasma->level[f];
    }
}

void clotting_values(const lab_t *lab, const clotting_t *plasma, double *values)
{
    clotting_values_some(lab, plasma, NULL, values);
}

void clotting_patient_values(const lab_t *lab, const patient_t *patient, double hour, const analyte_set_t *need,
                             double *values)
{
    clotting_t plasma;
    clotting_at_some(lab, patient, hour, need, &plasma);
    clotting_values_some(lab, &plasma, need, values);
}
