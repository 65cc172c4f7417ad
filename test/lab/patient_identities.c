/* Over thousands of patients of every setting: identities hold exactly, values are alive, the same
 * patient comes out however it is asked for, time moves values as much as CVi says, conditions do
 * what they should and go to whom they should. */
#include "patient_content.h"

enum { PEOPLE = 3000 };

static const lab_t *lab;

static int at(const char *id)
{
    int index = lab_analyte_find(lab, id);
    if (index < 0) {
        printf("no analyte %s\n", id);
        exit(1);
    }
    return index;
}

static bool close_to(double a, double b)
{
    return exact_abs(a - b) <= 1e-9 * (1 + exact_abs(a) + exact_abs(b));
}

static void check_identities(const double *v, const patient_t *patient)
{
    const named_t *n = &lab->patients->at;
    const char *where = setting_name((setting_t)patient->setting);
    CHECK(close_to(v[n->chloride], v[n->sodium] - v[n->co2] - v[n->anion_gap]), "charge balance, %s", where);
    CHECK(close_to(v[n->globulin], v[n->total_protein] - v[n->albumin]), "globulin, %s", where);
    CHECK(v[n->globulin] > 0.5, "globulin %.2f, %s", v[n->globulin], where);
    CHECK(v[n->bili_direct] <= v[n->bili_total], "direct bilirubin above total, %s", where);
    CHECK(close_to(v[n->tsat], 100 * v[n->iron] / v[n->tibc]), "transferrin saturation, %s", where);
    CHECK(close_to(v[n->crp], v[n->hscrp]), "CRP, %s", where);
    CHECK(close_to(v[n->u_protein], v[n->u_pcr] * v[n->u_creatinine] / 1000), "urine protein, %s", where);
    double zones = v[n->spe_alb] + v[n->spe_a1] + v[n->spe_a2] + v[n->spe_beta] + v[n->spe_gamma];
    CHECK(close_to(zones, v[n->total_protein]), "zones sum to %.3f of %.3f, %s", zones, v[n->total_protein], where);
    double ph = 6.103 + exact_log(v[n->hco3_calc] / (0.0307 * v[n->pco2_art])) / 2.302585092994045684;
    CHECK(exact_abs(ph - v[n->ph_art]) < 1e-9, "Henderson-Hasselbalch: %.4f, %.4f, %s", ph, v[n->ph_art], where);
    if (v[n->triglycerides] <= 400) {
        CHECK(close_to(v[n->ldl_calc], v[n->cholesterol] - v[n->hdl] - v[n->triglycerides] / 5), "LDL, %s", where);
        CHECK(close_to(v[n->ldl_calc], v[n->ldl_direct]), "LDL direct, %s", where);
    } else {
        CHECK(v[n->ldl_calc] != v[n->ldl_calc], "calculated LDL above 400 mg/dL triglycerides, %s", where);
    }
    double formula = 2 * v[n->sodium] + v[n->glucose] / 18 + v[n->bun] / 2.8 + v[n->ethanol] / 3.7;
    double gap = v[n->osmolality] - formula;
    CHECK(gap > -16 && gap < 300, "osmolal gap %.1f, %s", gap, where);
    if (patient->healthy) CHECK(gap > -14 && gap < 6, "healthy osmolal gap %.1f", gap);
    double kappa = patient->sex ? 0.9 : 0.7, alpha = patient->sex ? -0.302 : -0.241, ratio = v[n->creatinine] / kappa;
    double gfr = 142 * exact_pow(ratio < 1 ? ratio : 1, alpha) * exact_pow(ratio > 1 ? ratio : 1, -1.2) *
                 exact_pow(0.9938, patient->age_y) * (patient->sex ? 1 : 1.012);
    CHECK(exact_abs(gfr - v[n->egfr]) < 1e-6, "eGFR %.3f, %.3f", gfr, v[n->egfr]);
    for (int i = 0; i < lab_analyte_count(lab); i++) {
        if (i == n->ldl_calc || i == n->base_excess || i == n->anion_gap) continue;
        CHECK(v[i] >= 0 && v[i] < 1e6, "%s is %g, %s", lab_analyte(lab, i)->id, v[i], where);
    }
}

static void check_subsets(const patient_t *patient, const double *all, int n)
{
    analyte_set_t wanted = {{0}};
    int asked[3];
    for (int k = 0; k < 3; k++) {
        asked[k] = (n * 7 + k * 31) % lab_analyte_count(lab);
        analyte_set_add(&wanted, asked[k]);
    }
    patient_plan_t plan;
    patient_plan(lab, &wanted, &plan);
    patient_t again;
    double v[LAB_MAX_ANALYTES] = {0};
    patient_request_t request = patient_any();
    request.healthy = patient->healthy;
    patient_draw_some(lab, (setting_t)patient->setting, &request, 2024, (uint64_t)n, &plan, &again);
    patient_values_some(lab, &again, -5.25, &plan, v);
    for (int k = 0; k < 3; k++)
        CHECK(memcmp(&v[asked[k]], &all[asked[k]], sizeof(double)) == 0 || (v[asked[k]] == 0 && all[asked[k]] == 0),
              "%s alone is %.17g, among all %.17g", lab_analyte(lab, asked[k])->id, v[asked[k]], all[asked[k]]);
}

static void check_all_settings(void)
{
    for (int s = 0; s < SETTING_COUNT; s++)
        for (int healthy = 0; healthy < 2; healthy++)
            for (int n = 0; n < PEOPLE; n++) {
                patient_request_t request = patient_any();
                request.healthy = healthy == 1;
                patient_t patient;
                double v[LAB_MAX_ANALYTES];
                patient_draw(lab, (setting_t)s, &request, 2024, (uint64_t)n, &patient);
                patient_values(lab, &patient, -5.25, v);
                check_identities(v, &patient);
                check_subsets(&patient, v, n);
                CHECK(patient.n_conditions <= 3, "%d conditions", patient.n_conditions);
                CHECK(patient.age_y >= PATIENT_AGE_LOW && patient.age_y <= PATIENT_AGE_HIGH, "age %d", patient.age_y);
            }
}

/* Every condition by itself: identities, sex, and the direction of its effects. */
static void check_conditions(void)
{
    const int EACH = 200;
    for (int c = 0; c < lab_condition_count(lab); c++) {
        const condition_t *condition = &lab->patients->conditions[c];
        patient_request_t request = patient_any();
        request.forced_count = 1;
        request.forced[0] = (int16_t)c;
        request.only_forced = true;
        double with[LAB_MAX_ANALYTES] = {0};
        for (int n = 0; n < EACH; n++) {
            patient_t patient;
            double v[LAB_MAX_ANALYTES];
            patient_draw(lab, SETTING_INPATIENT, &request, 7, (uint64_t)n, &patient);
            patient_values(lab, &patient, 2.0, v);
            check_identities(v, &patient);
            CHECK(condition->sex_weight[patient.sex] > 0, "%s in sex %d", condition->id, patient.sex);
            CHECK(condition->outside_age > 0 ||
                      (patient.age_y >= condition->age_low && patient.age_y <= condition->age_high),
                  "%s at age %d", condition->id, patient.age_y);
            for (int i = 0; i < lab_analyte_count(lab); i++) with[i] += v[i] / EACH;
        }
        for (int i = 0; i < condition->effect_count; i++) {
            const effect_t *e = &condition->effects[i];
            if (e->op != OP_SETLN || e->analyte >= lab_analyte_count(lab)) continue;
            double middle = exact_exp(e->value + e->spread * e->spread / 2), got = with[e->analyte];
            CHECK(got > 0.55 * middle && got < 1.9 * middle, "%s sets %s to %.3g on average, not near %.3g",
                  condition->id, lab_analyte(lab, e->analyte)->id, got, middle);
        }
    }
}

/* The same person every week for a year: the spread over time is CVi of the catalog. */
static void check_time(void)
{
    static const char *const WHO[] = {"sodium", "potassium", "chloride",    "creatinine", "calcium", "albumin",
                                      "alt",    "alp",       "cholesterol", "uric_acid",  "tsh"};
    for (size_t k = 0; k < sizeof WHO / sizeof *WHO; k++) {
        int i = at(WHO[k]);
        double sum_cv2 = 0;
        for (int n = 0; n < 100; n++) {
            patient_request_t request = patient_any();
            request.healthy = true;
            patient_t patient;
            double v[LAB_MAX_ANALYTES], sum = 0, squares = 0;
            patient_draw(lab, SETTING_COMMUNITY, &request, 12, (uint64_t)n, &patient);
            for (int week = 0; week < 52; week++) {
                patient_values(lab, &patient, -168.0 * week - 3.7 * week, v);
                sum += v[i];
                squares += v[i] * v[i];
            }
            double mean = sum / 52;
            sum_cv2 += (squares / 52 - mean * mean) / (mean * mean);
        }
        double cv = 100 * exact_sqrt(sum_cv2 / 100), cvi = lab_analyte(lab, i)->cvi_pct;
        CHECK(cv > 0.75 * cvi && cv < 1.25 * cvi, "%s varies by %.2f %% in time, CVi is %.2f %%", WHO[k], cv, cvi);
    }
    patient_t patient;
    double a[LAB_MAX_ANALYTES], b[LAB_MAX_ANALYTES];
    patient_draw(lab, SETTING_ICU, NULL, 3, 5, &patient);
    patient_values(lab, &patient, 1.0, a);
    patient_values(lab, &patient, 1.02, b);
    for (int i = 0; i < lab_analyte_count(lab); i++)
        if (a[i] == a[i])
            CHECK(exact_abs(a[i] - b[i]) <= 0.03 * (exact_abs(a[i]) + 1), "%s jumps in a minute: %g, %g",
                  lab_analyte(lab, i)->id, a[i], b[i]);
}

int main(void)
{
    content_t content;
    content_open(&content);
    lab_t *loaded = content_lab(&content);
    lab = loaded;
    CHECK(lab_analyte_count(lab) >= 55, "%d analytes", lab_analyte_count(lab));
    CHECK(lab_condition_count(lab) >= 45, "%d conditions", lab_condition_count(lab));
    CHECK(strcmp(lab_analyte_nearest(lab, "potasium"), "potassium") == 0, "nearest to potasium");
    check_all_settings();
    check_conditions();
    check_time();
    printf("%d analytes, %d conditions\n", lab_analyte_count(lab), lab_condition_count(lab));
    lab_free(loaded);
    content_close(&content);
    return failures != 0;
}
