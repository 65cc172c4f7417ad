/* What circulates: identities over thousands of patients, healthy adults against every interval, correlations, time,
 * agreement of the cells with the chemistry, the same patient however it is asked for. */
#include "cells_model.h"
#include "patient_content.h"

enum { PEOPLE = 40000, SEEDS = 3000 };

static lab_t *lab;

static bool close_to(double a, double b)
{
    return exact_abs(a - b) <= 1e-9 * (1 + exact_abs(a) + exact_abs(b));
}

static patient_plan_t plan_of_cells(void)
{
    analyte_set_t wanted = {{0}};
    patient_plan_t plan;
    for (int i = 0; i < HEMA_COUNT; i++) analyte_set_add(&wanted, cells_analyte(lab, (hema_t)i));
    patient_plan(lab, &wanted, &plan);
    return plan;
}

/* ---- identities ---- */

static void check_identities(const cells_t *c, const double *v)
{
    double sum = 0, kinds = 0;
#define V(which) v[cells_analyte(lab, which)]
    CHECK(close_to(V(HEMA_HCT), V(HEMA_RBC) * V(HEMA_MCV) / 10), "HCT = RBC MCV / 10");
    CHECK(close_to(V(HEMA_MCH), V(HEMA_HGB) * 10 / V(HEMA_RBC)), "MCH = 10 HGB / RBC");
    CHECK(close_to(V(HEMA_MCHC), V(HEMA_HGB) * 100 / V(HEMA_HCT)), "MCHC = 100 HGB / HCT");
    CHECK(close_to(V(HEMA_RDWSD), 3.588 * V(HEMA_MCV) * V(HEMA_RDWCV) / 100), "RDW-SD");
    CHECK(close_to(V(HEMA_RETA), V(HEMA_RETP) / 100 * V(HEMA_RBC)), "RETA");
    CHECK(close_to(V(HEMA_IGA), V(HEMA_IGP) / 100 * V(HEMA_WBC)), "IGA");
    static const hema_t share[] = {HEMA_NEUTP, HEMA_LYMPHP, HEMA_MONOP, HEMA_EOSP, HEMA_BASOP};
    static const hema_t count[] = {HEMA_NEUTA, HEMA_LYMPHA, HEMA_MONOA, HEMA_EOSA, HEMA_BASOA};
    for (int i = 0; i < 5; i++) {
        CHECK(close_to(V(count[i]), V(share[i]) / 100 * V(HEMA_WBC)), "absolute = relative x WBC");
        CHECK(V(share[i]) >= 0, "a class of %g %%", V(share[i]));
        sum += V(share[i]);
    }
    for (int k = 0; k < CELL_KINDS; k++) kinds += c->pct[k];
    CHECK(close_to(sum, 100) && close_to(kinds, 100), "the differential sums to %g and %g", sum, kinds);
    CHECK(V(HEMA_IGP) <= V(HEMA_NEUTP) + 1e-9, "immature granulocytes are counted with neutrophils");
    if (c->populations == 2) { /* DIMORPH */
        double f = c->red[0].share, m1 = c->red[0].mean, m2 = c->red[1].mean, s1 = c->red[0].sd, s2 = c->red[1].sd;
        double mean = f * m1 + (1 - f) * m2;
        double variance = f * (s1 * s1 + m1 * m1) + (1 - f) * (s2 * s2 + m2 * m2) - mean * mean;
        CHECK(close_to(mean, c->mcv), "mean of two populations");
        CHECK(close_to(100 * exact_sqrt(variance) / mean, c->rdw_cv), "RDW of two populations");
    }
    for (int i = 0; i < HEMA_COUNT; i++)
        CHECK(v[cells_analyte(lab, (hema_t)i)] >= 0, "%s below 0", cells_hema_id((hema_t)i));
#undef V
}

static void test_identities(void)
{
    patient_plan_t plan = plan_of_cells();
    for (int s = 0; s < SETTING_COUNT; s++)
        for (uint64_t n = 0; n < SEEDS; n++) {
            patient_t patient;
            cells_t cells;
            double v[LAB_MAX_ANALYTES] = {0};
            memset(&patient, 0, sizeof patient);
            patient_draw_some(lab, (setting_t)s, NULL, 21, n, &plan, &patient);
            cells_at(lab, &patient, -5.0 + (double)(n % 40), &cells);
            cells_values(lab, &cells, v);
            check_identities(&cells, v);
        }
}

/* ---- intervals ---- */

static void test_intervals(content_t *content)
{
    static unsigned below[2][HEMA_COUNT], above[2][HEMA_COUNT], young[2], young_above[2];
    patient_plan_t plan = plan_of_cells();
    csv_t table = content_table(content, "lab/hematology/intervals.csv");
    int ends = 0, listed = 0;
    for (int sex = 0; sex < 2; sex++)
        for (uint64_t n = 0; n < PEOPLE; n++) {
            patient_request_t request = patient_any();
            patient_t patient;
            double v[LAB_MAX_ANALYTES] = {0};
            request.healthy = true;
            request.sex = sex;
            memset(&patient, 0, sizeof patient);
            patient_draw_some(lab, SETTING_COMMUNITY, &request, 95, n, &plan, &patient);
            CHECK(patient.cells == -1, "a healthy person has a condition of the cells");
            patient_values_some(lab, &patient, 0, &plan, v);
            for (int i = 0; i < HEMA_COUNT; i++) {
                const analyte_t *a = lab_analyte(lab, cells_analyte(lab, (hema_t)i));
                double x = v[cells_analyte(lab, (hema_t)i)];
                below[sex][i] += x < a->ri_low[sex];
                above[sex][i] += x > a->ri_high[sex];
            }
            if (patient.age_y > 50) continue;
            young[sex]++;
            young_above[sex] +=
                v[cells_analyte(lab, HEMA_ESR)] > lab_analyte(lab, cells_analyte(lab, HEMA_ESR))->ri_high[sex];
        }
    for (size_t row = 0; row < table.rows; row++) {
        const char *id = content_text(&table, row, "analyte_id"), *kind = content_text(&table, row, "interval_kind");
        int sex = content_text(&table, row, "sex")[0] == 'M' ? SEX_MALE : SEX_FEMALE, i = 0;
        while (i < HEMA_COUNT && strcmp(cells_hema_id((hema_t)i), id) != 0) i++;
        CHECK(i < HEMA_COUNT, "no analyte %s", id);
        double low = 100.0 * below[sex][i] / PEOPLE, high = 100.0 * above[sex][i] / PEOPLE;
        if (i == HEMA_ESR) high = 100.0 * young_above[sex] / young[sex];
        bool two = strcmp(kind, "two_sided") == 0, upper = strcmp(kind, "upper_only") == 0;
        if (two) CHECK(low >= 1.8 && low <= 3.2, "%s %c: %.2f %% below the interval", id, "FM"[sex], low);
        if (two || upper) CHECK(high >= 1.8 && high <= 3.2, "%s %c: %.2f %% above the interval", id, "FM"[sex], high);
        if (strcmp(kind, "zero") == 0) CHECK(below[sex][i] == 0 && above[sex][i] == 0, "%s is not zero", id);
        if (strcmp(kind, "listed") == 0) {
            listed++;
            CHECK(content_text(&table, row, "interval_note")[0] != 0, "%s needs a reason", id);
            CHECK(low < 5 && high < 5, "%s %c: %.2f and %.2f %% outside", id, "FM"[sex], low, high);
            printf("listed  %-8s %c below %5.2f %%  above %5.2f %%\n", id, "FM"[sex], low, high);
        }
        ends += two ? 2 : upper;
    }
    CHECK(table.rows == 2 * HEMA_COUNT, "every analyte has a row by sex");
    printf("%d ends of true intervals checked, %d rows listed\n", ends, listed);
    CHECK(ends >= 60, "too few ends");
}

/* ---- correlations ---- */

static double correlation(const double *a, const double *b, int n)
{
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) ma += a[i] / n, mb += b[i] / n;
    for (int i = 0; i < n; i++) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / exact_sqrt(aa * bb);
}

static void test_correlations(void)
{
    enum { N = 20000 };
    static double x[6][N];
    patient_plan_t plan = plan_of_cells();
    for (int n = 0; n < N; n++) {
        patient_request_t request = patient_any();
        patient_t patient;
        cells_t c;
        request.healthy = true;
        request.sex = SEX_FEMALE;
        memset(&patient, 0, sizeof patient);
        patient_draw_some(lab, SETTING_COMMUNITY, &request, 7, (uint64_t)n, &plan, &patient);
        cells_at(lab, &patient, 0, &c);
        x[0][n] = c.hgb, x[1][n] = c.mcv, x[2][n] = c.mchc, x[3][n] = c.rdw_cv;
        x[4][n] = exact_log(c.wbc), x[5][n] = c.pct[CELL_LYMPH];
    }
    static const struct {
        int a, b;
        double r;
    } rows[] = {{0, 1, 0.30}, {0, 2, 0.34}, {1, 2, 0.20}, {1, 3, -0.42}, {4, 5, -0.20}, {0, 3, 0.0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double r = correlation(x[rows[i].a], x[rows[i].b], N);
        CHECK(exact_abs(r - rows[i].r) < 0.03 || (rows[i].r == 0 && exact_abs(r) < 0.05), "r(%d, %d) = %.3f, not %.2f",
              rows[i].a, rows[i].b, r, rows[i].r);
    }
}

/* ---- time ---- */

/* Within a person values move by CVi; an hour moves them little; MCV hardly moves in three days. */
static void test_time(void)
{
    static const hema_t which[] = {HEMA_HGB, HEMA_MCV, HEMA_WBC, HEMA_PLT};
    patient_plan_t plan = plan_of_cells();
    double squares[4] = {0}, hour_step = 0;
    int n = 0, far = 0;
    for (uint64_t p = 0; p < 1500; p++) {
        patient_request_t request = patient_any();
        patient_t patient;
        cells_t a, b, soon;
        double va[HEMA_COUNT], vb[HEMA_COUNT];
        request.healthy = true;
        memset(&patient, 0, sizeof patient);
        patient_draw_some(lab, SETTING_OUTPATIENT, &request, 5, p, &plan, &patient);
        cells_at(lab, &patient, 0, &a);
        cells_at(lab, &patient, -2000, &b);
        cells_numbers(&a, va);
        cells_numbers(&b, vb);
        for (int i = 0; i < 4; i++) {
            double d = exact_log(va[which[i]] / vb[which[i]]);
            squares[i] += d * d / 2;
        }
        cells_at(lab, &patient, 0.5, &soon);
        hour_step += exact_abs(exact_log(soon.wbc / a.wbc));
        cells_at(lab, &patient, -72, &b);
        far += exact_abs(b.mcv - a.mcv) > 3;
        n++;
    }
    for (int i = 0; i < 4; i++) {
        const analyte_t *analyte = lab_analyte(lab, cells_analyte(lab, which[i]));
        double cv = 100 * exact_sqrt(squares[i] / n);
        CHECK(cv > 0.85 * analyte->cvi_pct && cv < 1.15 * analyte->cvi_pct, "%s varies by %.2f %%, CVi %.2f %%",
              analyte->id, cv, analyte->cvi_pct);
    }
    CHECK(hour_step / n < 0.02, "half an hour moves WBC by %.3f", hour_step / n);
    CHECK(far < n / 50, "MCV moves by more than 3 fL in 3 days in %d of %d", far, n);
}

/* ---- conditions ---- */

static int chemistry(const char *id)
{
    int c = lab_condition_find(lab, id);
    CHECK(c >= 0, "no condition %s", id);
    return c;
}

static void test_agreement(void)
{
    static const struct {
        const char *chemistry, *cells;
        double least;
    } rows[] = {{"iron_def", "IDA_MOD", 0.5},     {"ckd5_hd", "CKD", 0.85},     {"sepsis", "SEPSIS", 0.65},
                {"cirrhosis", "LIVER", 0.75},     {"myeloma", "MYELOMA", 0.95}, {"pregnancy", "PREG3", 0.8},
                {"anaemia_chronic", "ACD", 0.95}, {"inf_mono", "IM", 0.85}};
    patient_plan_t plan = plan_of_cells();
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int hits = 0, want = cells_condition_find(lab, rows[r].cells);
        patient_request_t request = patient_any();
        request.forced_count = 1;
        request.forced[0] = (int16_t)chemistry(rows[r].chemistry);
        request.only_forced = true;
        for (uint64_t n = 0; n < 500; n++) {
            patient_t patient;
            memset(&patient, 0, sizeof patient);
            patient_draw_some(lab, SETTING_INPATIENT, &request, 3, n, &plan, &patient);
            hits += patient.cells == want;
        }
        CHECK(hits >= 500 * rows[r].least, "%s has %s in %d of 500", rows[r].chemistry, rows[r].cells, hits);
        CHECK(cells_condition_chemistry(lab, want) >= 0, "%s has no chemistry", rows[r].cells);
    }
    int tied = 0, with = 0;
    for (uint64_t n = 0; n < 4000; n++) { /* nobody is iron deficient in the cells alone */
        patient_t patient;
        memset(&patient, 0, sizeof patient);
        patient_draw_some(lab, SETTING_INPATIENT, NULL, 4, n, &plan, &patient);
        with += patient.cells >= 0;
        if (patient.cells != cells_condition_find(lab, "IDA_MOD")) continue;
        bool found = false;
        for (int i = 0; i < patient.n_conditions; i++) found |= patient.condition[i] == chemistry("iron_def");
        CHECK(found, "IDA_MOD without iron deficiency in the chemistry");
        tied++;
    }
    CHECK(tied > 5, "only %d patients with IDA_MOD", tied);
    CHECK(with > 1000, "only %d of 4000 inpatients have a condition of the cells", with);
}

static void test_forced(void)
{
    patient_plan_t plan = plan_of_cells();
    CHECK(cells_condition_count(lab) >= 62, "%d conditions", cells_condition_count(lab));
    for (int c = 0; c < cells_condition_count(lab); c++) {
        const cells_condition_t *condition = &lab->cells->conditions[c];
        double hgb = 0, wbc = 0;
        enum { N = 400 };
        for (uint64_t n = 0; n < N; n++) {
            patient_request_t request = patient_any();
            patient_t patient;
            cells_t cells;
            request.cells = (int16_t)(c + 1);
            memset(&patient, 0, sizeof patient);
            patient_draw_some(lab, SETTING_ED, &request, 9, n, &plan, &patient);
            CHECK(patient.cells == (condition->normal ? -1 : c), "%s is not what was forced", condition->id);
            CHECK(cells_condition_fit(lab, c, patient.sex, patient.age_y) > 0, "%s in sex %d at %d", condition->id,
                  patient.sex, patient.age_y);
            cells_at(lab, &patient, 0, &cells);
            hgb += cells.hgb / N;
            wbc += exact_log(cells.wbc) / N;
        }
        CHECK(exact_abs(hgb - condition->hgb.center) < 0.35, "%s: mean HGB %.2f, not %.2f", condition->id, hgb,
              condition->hgb.center);
        CHECK(exact_abs(wbc - condition->wbc.center) < 0.25, "%s: median WBC %.2f, not %.2f", condition->id,
              exact_exp(wbc), exact_exp(condition->wbc.center));
    }
}

/* ---- the same however asked ---- */

static void test_same(void)
{
    analyte_set_t sodium = {{0}};
    patient_plan_t plan = plan_of_cells(), alone;
    analyte_set_add(&sodium, lab_analyte_find(lab, "sodium"));
    patient_plan(lab, &sodium, &alone);
    CHECK(plan.cells && !alone.cells && lab->patients->all.cells, "the plan says when cells are wanted");
    for (uint64_t n = 0; n < 2000; n++) {
        patient_t all, some, none;
        double a[LAB_MAX_ANALYTES] = {0}, b[LAB_MAX_ANALYTES] = {0}, c[LAB_MAX_ANALYTES] = {0};
        memset(&some, 0, sizeof some);
        memset(&none, 0, sizeof none);
        patient_draw(lab, SETTING_INPATIENT, NULL, 13, n, &all);
        patient_draw_some(lab, SETTING_INPATIENT, NULL, 13, n, &plan, &some);
        patient_draw_some(lab, SETTING_INPATIENT, NULL, 13, n, &alone, &none);
        patient_values(lab, &all, 3, a);
        patient_values_some(lab, &some, 3, &plan, b);
        patient_values_some(lab, &none, 3, &alone, c);
        CHECK(all.cells == some.cells && none.cells == -1, "condition of the cells");
        for (int i = 0; i < HEMA_COUNT; i++) {
            int at = cells_analyte(lab, (hema_t)i);
            CHECK(a[at] == b[at], "%s differs by how it was asked", cells_hema_id((hema_t)i));
        }
        int na = lab_analyte_find(lab, "sodium");
        CHECK(a[na] == c[na], "sodium differs when cells are asked too");
    }
}

int main(void)
{
    content_t content;
    content_open(&content);
    lab = content_lab(&content);
    test_identities();
    test_intervals(&content);
    test_correlations();
    test_time();
    test_agreement();
    test_forced();
    test_same();
    lab_free(lab);
    content_close(&content);
    printf("%d failures\n", failures);
    return failures != 0;
}
