/* The general population: `community` reproduces NHANES 2017-2018 by sex (medians within 5 %, 2.5th
 * and 97.5th percentiles within 20 %) and its Spearman correlations (within 0.05, both sexes
 * pooled); among healthy people the structural correlations hold. Seeds are not those of the
 * calibration. */
#include "patient_content.h"

enum { PEOPLE = 60000 };

static double *value[LAB_MAX_ANALYTES];
static double *rank_of[LAB_MAX_ANALYTES];
static unsigned char sex_of[PEOPLE];

static void draw(const lab_t *lab, bool healthy)
{
    patient_request_t request = patient_any();
    request.healthy = healthy;
    for (int n = 0; n < PEOPLE; n++) {
        patient_t patient;
        double v[LAB_MAX_ANALYTES];
        patient_draw(lab, SETTING_COMMUNITY, &request, 4711, (uint64_t)n, &patient);
        patient_values(lab, &patient, 0.0, v);
        for (int i = 0; i < lab_analyte_count(lab); i++) value[i][n] = v[i];
        sex_of[n] = patient.sex;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    double x;
    int n;
} keyed_t;

static void rank(int analyte)
{
    static keyed_t order[PEOPLE];
    for (int n = 0; n < PEOPLE; n++) order[n] = (keyed_t){value[analyte][n], n};
    qsort(order, PEOPLE, sizeof *order, by_value);
    for (int n = 0; n < PEOPLE; n++) rank_of[analyte][order[n].n] = (n + 0.5) / PEOPLE - 0.5;
}

static double spearman(int a, int b)
{
    double sum = 0;
    for (int n = 0; n < PEOPLE; n++) sum += rank_of[a][n] * rank_of[b][n];
    return 12.0 * sum / PEOPLE;
}

static double pearson(int a, int b, bool logs)
{
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (int n = 0; n < PEOPLE; n++) {
        double x = value[a][n], y = value[b][n];
        if (logs) {
            x = exact_log(x);
            y = exact_log(y);
        }
        sx += x;
        sy += y;
        sxx += x * x;
        syy += y * y;
        sxy += x * y;
    }
    double cov = sxy - sx * sy / PEOPLE;
    return cov / exact_sqrt((sxx - sx * sx / PEOPLE) * (syy - sy * sy / PEOPLE));
}

static double percentile(int analyte, int sex, double p)
{
    static double sorted[PEOPLE];
    int count = 0;
    for (int n = 0; n < PEOPLE; n++)
        if (sex_of[n] == sex) sorted[count++] = value[analyte][n];
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    return sorted[(int)(p * (count - 1) + 0.5)];
}

static void check_percentiles(const lab_t *lab, const csv_t *table)
{
    static const char *const COLUMN[3] = {"p2_5", "p50", "p97_5"};
    static const double LEVEL[3] = {0.025, 0.5, 0.975}, TOLERANCE[3] = {20, 5, 20};
    for (size_t row = 0; row < table->rows; row++) {
        const char *id = content_text(table, row, "analyte_id");
        int analyte = lab_analyte_find(lab, id), sex = content_text(table, row, "sex")[0] == 'M';
        for (int k = 0; k < 3; k++) {
            double aim = content_number(table, row, COLUMN[k]), got = percentile(analyte, sex, LEVEL[k]);
            double off = 100 * (got / aim - 1);
            CHECK(exact_abs(off) <= TOLERANCE[k], "%s %c %s: NHANES %.3g, here %.4g (%.1f %% off)", id, "FM"[sex],
                  COLUMN[k], aim, got, off);
        }
    }
    printf("%d rows of NHANES percentiles checked\n", (int)table->rows);
}

static void check_correlations(const lab_t *lab, const csv_t *table, bool healthy)
{
    int count = 0;
    double farthest = 0;
    for (size_t row = 0; row < table->rows; row++) {
        bool empirical = strcmp(content_text(table, row, "kind"), "empirical") == 0;
        bool joint = strcmp(content_text(table, row, "population"), "healthy") == 0;
        if (healthy ? !joint : !empirical) continue;
        int a = lab_analyte_find(lab, content_text(table, row, "a")),
            b = lab_analyte_find(lab, content_text(table, row, "b"));
        const char *statistic = content_text(table, row, "statistic");
        double aim = content_number(table, row, "value");
        double got = healthy ? pearson(a, b, strcmp(statistic, "pearson of logs") == 0) : spearman(a, b);
        if (exact_abs(got - aim) > farthest) farthest = exact_abs(got - aim);
        CHECK(exact_abs(got - aim) <= 0.05, "%s: %s should be %.3f, is %.3f", content_text(table, row, "id"), statistic,
              aim, got);
        count++;
    }
    printf("%d correlations checked, farthest %.3f off\n", count, farthest);
    CHECK(count >= (healthy ? 6 : 100), "too few correlations");
}

int main(void)
{
    content_t content;
    content_open(&content);
    lab_t *lab = content_lab(&content);
    for (int i = 0; i < lab_analyte_count(lab); i++) {
        value[i] = malloc(sizeof(double) * PEOPLE);
        rank_of[i] = malloc(sizeof(double) * PEOPLE);
        if (value[i] == NULL || rank_of[i] == NULL) return 1;
    }
    csv_t nhanes = content_table(&content, "lab/nhanes_percentiles.csv");
    csv_t correlations = content_table(&content, "lab/correlations.csv");
    draw(lab, false);
    for (int i = 0; i < lab_analyte_count(lab); i++) rank(i);
    check_percentiles(lab, &nhanes);
    check_correlations(lab, &correlations, false);
    double r = pearson(lab_analyte_find(lab, "glucose"), lab_analyte_find(lab, "hba1c"), false);
    printf("glucose and HbA1c: r = %.3f\n", r);
    CHECK(r > 0.7, "HbA1c follows glucose too loosely: %.3f", r);
    CHECK(exact_abs(spearman(lab_analyte_find(lab, "crp"), lab_analyte_find(lab, "hscrp")) - 1) < 1e-6,
          "CRP is one protein");
    draw(lab, true);
    check_correlations(lab, &correlations, true);
    for (int i = 0; i < lab_analyte_count(lab); i++) {
        free(value[i]);
        free(rank_of[i]);
    }
    lab_free(lab);
    content_close(&content);
    return failures != 0;
}
