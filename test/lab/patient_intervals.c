/* Healthy adults against the reference intervals: outside each end of every true 95 % interval lie
 * 2.5 +- 0.7 % of the true values, by sex. Which rows are true intervals is said in
 * content/lab/distribution.csv (interval_kind); decision limits and the exceptions that the facts
 * name are listed, not bent. */
#include "patient_content.h"

enum { PEOPLE = 40000 };

static unsigned below[LAB_MAX_ANALYTES], above[LAB_MAX_ANALYTES];

static void count_outside(const lab_t *lab, int sex)
{
    patient_request_t request = patient_any();
    request.healthy = true;
    request.sex = sex;
    memset(below, 0, sizeof below);
    memset(above, 0, sizeof above);
    for (int n = 0; n < PEOPLE; n++) {
        patient_t patient;
        double v[LAB_MAX_ANALYTES];
        patient_draw(lab, SETTING_COMMUNITY, &request, 95, (uint64_t)n, &patient);
        CHECK(patient.n_conditions == 0, "a healthy person has a condition");
        patient_values(lab, &patient, 0.0, v);
        for (int i = 0; i < lab_analyte_count(lab); i++) {
            below[i] += v[i] < lab_analyte(lab, i)->ri_low[sex];
            above[i] += v[i] > lab_analyte(lab, i)->ri_high[sex];
        }
    }
}

static bool right(double percent)
{
    return percent >= 1.8 && percent <= 3.2;
}

int main(void)
{
    content_t content;
    content_open(&content);
    lab_t *lab = content_lab(&content);
    csv_t table = content_table(&content, "lab/distribution.csv");
    int ends = 0, listed = 0;
    for (int sex = 0; sex < 2; sex++) {
        count_outside(lab, sex);
        for (size_t row = 0; row < table.rows; row++) {
            const char *id = content_text(&table, row, "analyte_id"),
                       *kind = content_text(&table, row, "interval_kind");
            if ((content_text(&table, row, "sex")[0] == 'M') != (sex == SEX_MALE)) continue;
            int i = lab_analyte_find(lab, id);
            double low = 100.0 * below[i] / PEOPLE, high = 100.0 * above[i] / PEOPLE;
            bool two = strcmp(kind, "two_sided") == 0, upper = strcmp(kind, "upper_only") == 0;
            if (two) CHECK(right(low), "%s %c: %.2f %% below the interval", id, "FM"[sex], low);
            if (two || upper) CHECK(right(high), "%s %c: %.2f %% above the interval", id, "FM"[sex], high);
            if (strcmp(kind, "percentile_99") == 0)
                CHECK(high >= 0.7 && high <= 1.4, "%s %c: %.2f %% above its 99th percentile", id, "FM"[sex], high);
            ends += two ? 2 : upper;
            if (!two && !upper && strcmp(kind, "zero") != 0) {
                listed++;
                printf("listed  %-14s %c %-13s below %5.2f %%  above %5.2f %%\n", id, "FM"[sex], kind, low, high);
                CHECK(content_text(&table, row, "interval_note")[0] != 0, "%s needs a reason", id);
            }
        }
    }
    printf("%d ends of true intervals checked, %d rows listed as not 95 %% intervals\n", ends, listed);
    CHECK(ends >= 200, "too few ends");
    lab_free(lab);
    content_close(&content);
    return failures != 0;
}
