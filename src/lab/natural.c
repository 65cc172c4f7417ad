/* Natural pre-analytic faults; see natural.h. Severity is log-normal about the file's median. */
#include "natural.h"

#include "base/base.h"
#include "lab_private.h"

#include <stdio.h>
#include <string.h>

enum { NATURAL_SLOT = 3, NATURAL_MAX = 64 };

typedef struct {
    int16_t fault, fluid;
    bench_t bench;
    bool every_tube;
    double rate[SETTING_COUNT]; /* share of specimens */
    double median, log_sd, most;
} natural_row_t;

typedef struct {
    natural_row_t rows[NATURAL_MAX];
    int count;
    double any[BENCH_COUNT][SETTING_COUNT]; /* sum of the rates: at least the chance of any of them */
} natural_table_t;

bool natural_load(lab_t *lab, const source_t *content, err_t *err)
{
    natural_table_t *natural = arena_alloc(lab->arena, sizeof *natural);
    csv_t table;
    int fault, fluid, bench, every, median, log_sd, most, rate[SETTING_COUNT];
    if (!natural) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    if (!lab_table(lab, content, "lab/natural_faults.csv", &table, err) || !csv_need(&table, "fault", &fault, err) ||
        !csv_need(&table, "fluid", &fluid, err) || !csv_need(&table, "bench", &bench, err) ||
        !csv_need(&table, "every_tube", &every, err) || !csv_need(&table, "severity_median", &median, err) ||
        !csv_need(&table, "severity_log_sd", &log_sd, err) || !csv_need(&table, "severity_most", &most, err))
        return false;
    for (int s = 0; s < SETTING_COUNT; s++) {
        char name[32];
        snprintf(name, sizeof name, "rate_%s_pct", setting_name((setting_t)s));
        if (!csv_need(&table, name, &rate[s], err)) return false;
    }
    for (size_t i = 0; i < table.rows; i++) {
        if (natural->count == NATURAL_MAX) return csv_fail(&table, i, err, "at most %d natural faults", NATURAL_MAX);
        natural_row_t *row = &natural->rows[natural->count++];
        row->fault = (int16_t)fault_find(lab, csv_text(&table, i, fault));
        if (row->fault < 0)
            return csv_fail(&table, i, err, "there is no pre-analytic fault \"%s\"", csv_text(&table, i, fault));
        const char *word = csv_text(&table, i, fluid);
        row->fluid = word[0] ? (int16_t)lab_fluid_find(lab, word) : (int16_t)-1;
        if (word[0] && row->fluid < 0) return csv_fail(&table, i, err, "there is no IV fluid \"%s\"", word);
        int which = 0;
        while (which < BENCH_COUNT && strcmp(bench_name((bench_t)which), csv_text(&table, i, bench)) != 0) which++;
        if (which == BENCH_COUNT) return csv_fail(&table, i, err, "bench is chemistry, hematology or coagulation");
        row->bench = (bench_t)which;
        row->every_tube = strcmp(csv_text(&table, i, every), "1") == 0;
        if (!csv_double(&table, i, median, &row->median, err) || !csv_double(&table, i, log_sd, &row->log_sd, err) ||
            !csv_double(&table, i, most, &row->most, err))
            return false;
        for (int s = 0; s < SETTING_COUNT; s++) {
            if (!csv_double(&table, i, rate[s], &row->rate[s], err)) return false;
            row->rate[s] /= 100;
            natural->any[row->bench][s] += row->rate[s];
        }
    }
    lab->ext[NATURAL_SLOT] = natural;
    return true;
}

int fault_draw_natural(const lab_t *lab, bench_t bench, setting_t setting, double scale, rng_t *rng,
                       natural_fault_t *drawn, int max)
{
    const natural_table_t *natural = lab->ext[NATURAL_SLOT];
    int n = 0;
    /* one number says which row happens first, if any; the next, which of those that follow */
    double u = rng_uniform(rng), none = 1; /* chance that none of the rows so far has happened */
    if (u < 1 - natural->any[bench][setting] * scale) return 0;
    for (int i = 0; i < natural->count && n < max; i++) {
        const natural_row_t *row = &natural->rows[i];
        if (row->bench != bench) continue;
        none *= 1 - row->rate[setting] * scale;
        if (u < none) continue;
        double severity = row->median * exact_exp(row->log_sd * rng_normal(rng));
        if (severity > row->most) severity = row->most;
        drawn[n].every_tube = row->every_tube;
        drawn[n++].fault = (specimen_fault_t){.kind = row->fault, .fluid = row->fluid, .severity = (float)severity};
        u = rng_uniform(rng);
        none = 1;
    }
    return n;
}
