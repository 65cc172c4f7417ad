/* The truth of a running shift, for the test that looks for it on the pages: folds an exported stream,
 * settles every specimen that has arrived and prints, tab-separated,
 *   now SECOND
 *   value ACCESSION ANALYTE DECIMALS patient|tube NUMBER     (ten digits)
 *   number ACCESSION ANALYTE NUMBER                          what may be shown: as reported, raw, earlier
 *   fault ID NAME WHERE                                      in a tube or on a line now, or planted for later;
 *                                                            what is peculiar in the blood of a count or clotting tube
 *   coming NAME MRN                                          people whose specimen is not here yet
 *   truthz LINE ANALYTE RUN LEVEL NUMBER                     systematic part of a control, in SD
 * Usage: wall_truth STREAM.jsonl */
#include "shift_private.h"

#include "app/app.h"
#include "base/content.h"
#include "lab/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_MAX = 4 * 1024 * 1024 };

static void print_values(const shift_t *shift, const specimen_t *specimen, const char *accession)
{
    const double *truth = specimen_truth(shift, specimen), *tube = specimen_tube(shift, specimen),
                 *prior = specimen_prior(shift, specimen);
    for (int a = tests_next(specimen->tests, 0); a >= 0; a = tests_next(specimen->tests, a + 1)) {
        int slot = specimen_slot(specimen, a);
        const analyte_t *analyte = lab_analyte(shift->lab, a);
        if (slot < 0 || !truth) continue;
        printf("value\t%s\t%s\t%d\tpatient\t%.10g\n", accession, analyte->id, analyte->decimals, truth[slot]);
        printf("value\t%s\t%s\t%d\ttube\t%.10g\n", accession, analyte->id, analyte->decimals, tube[slot]);
        printf("number\t%s\t%s\t%.10g\n", accession, analyte->id, prior[slot]);
    }
}

/* What is peculiar in the blood of the tube: conditions by name, and the quantities that no analyzer prints. */
static void print_blood(const shift_t *shift, const specimen_t *specimen, const char *accession)
{
    const patient_t *model = &shift->persons[specimen->blood_person].model;
    double hour = (double)specimen->collected_s / 3600.0;
    if (specimen->bench == BENCH_HEMATOLOGY) {
        cells_t cells;
        cells_at(shift->lab, model, hour, &cells);
        if (model->cells >= 0 && strncmp(cells_condition_id(shift->lab, model->cells), "NORM", 4) != 0)
            printf("fault\t%s\t%s\t%s\n", cells_condition_id(shift->lab, model->cells),
                   cells_condition_name(shift->lab, model->cells), accession);
        for (int t = 0; t < TRAIT_COUNT; t++)
            if (cells.trait[t] > 0)
                printf("value\t%s\t%s\t2\tpatient\t%.10g\n", accession, trait_id((trait_t)t), cells.trait[t]);
    }
    if (specimen->bench == BENCH_COAGULATION) {
        clotting_t plasma;
        clotting_at(shift->lab, model, hour, &plasma);
        if (model->clotting >= 0 && strcmp(clotting_id(shift->lab, model->clotting), "NORMAL") != 0)
            printf("fault\t%s\t%s\t%s\n", clotting_id(shift->lab, model->clotting),
                   clotting_name(shift->lab, model->clotting), accession);
        const struct {
            const char *name;
            double number;
        } hidden[] = {{"lupus", plasma.lupus},
                      {"inhibitor", plasma.inhibitor_bu},
                      {"ufh", plasma.ufh},
                      {"lmwh", plasma.lmwh},
                      {"drug_xa", plasma.drug_xa}};
        for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
            if (hidden[i].number > 0)
                printf("value\t%s\t%s\t2\tpatient\t%.10g\n", accession, hidden[i].name, hidden[i].number);
        for (int f = 0; f < FACTOR_COUNT; f++)
            printf("value\t%s\tfactor_%s\t2\tpatient\t%.10g\n", accession, factor_name((factor_t)f), plasma.factor[f]);
    }
}

static void print_specimens(shift_t *shift)
{
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        specimen_view_t view;
        const specimen_t *specimen = &shift->specimens[i];
        const person_t *person = &shift->persons[specimen->order_person];
        if (!shift_specimen(shift, i, &view)) {
            printf("coming\t%s, %s\tT9%07d\n", person->family, person->given, (int)person->mrn);
            continue;
        }
        world_prepare(shift, i);
        if (specimen->values >= 0) print_values(shift, specimen, view.accession);
        print_blood(shift, specimen, view.accession);
        for (int f = 0; f < specimen->fault_count; f++) {
            const char *id = fault_id(shift->lab, specimen->faults[f].kind);
            fault_view_t fault;
            if (lab_fault(shift->lab, lab_fault_find(shift->lab, id), &fault))
                printf("fault\t%s\t%s\t%s\n", fault.id, fault.name, view.accession);
        }
    }
}

static void print_results(const shift_t *shift)
{
    for (int32_t i = 0; i < shift_result_count(shift); i++) {
        result_view_t r;
        specimen_view_t v;
        if (!shift_result(shift, i, &r) || !shift_specimen(shift, r.specimen, &v)) continue;
        const char *id = lab_analyte(shift->lab, r.analyte)->id;
        printf("number\t%s\t%s\t%.10g\nnumber\t%s\t%s\t%.10g\nnumber\t%s\t%s\t%.10g\n", v.accession, id, r.value,
               v.accession, id, r.raw, v.accession, id, r.prior);
    }
}

static void print_lines(const shift_t *shift)
{
    for (int i = 0; i < shift->line_fault_count; i++) {
        const char *id = analyzer_fault_id(shift->lab, shift->line_faults[i].fault.kind);
        fault_view_t fault;
        if (lab_fault(shift->lab, lab_fault_find(shift->lab, id), &fault))
            printf("fault\t%s\t%s\t%s\n", fault.id, fault.name, line_name(shift->line_faults[i].line));
    }
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = tests_next(shift->lines[line].tests, 0); a >= 0; a = tests_next(shift->lines[line].tests, a + 1)) {
            const assay_t *assay = &shift->assays[line][a];
            for (int p = 0; assay->points && p < assay->point_count; p++)
                for (int level = 0; level < SHIFT_QC_LEVELS; level++)
                    if (assay->points[p].truth_z[level] != 0.0f)
                        printf("truthz\t%d\t%s\t%d\t%d\t%.9g\n", line + 1, lab_analyte(shift->lab, a)->id,
                               (int)assay->points[p].run, level + 1, (double)assay->points[p].truth_z[level]);
        }
}

/* What nobody has found out yet: the cause of an alarm before service named it, an excursion before somebody
 * stood before the unit. */
static void print_care(const shift_t *shift)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        const line_alarm_t *alarm = &shift->care.alarms[line];
        care_alarm_view_t view;
        if (!care_alarm(shift, line, &view) || view.advice[0]) continue;
        const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
        printf("fault\t%s_%s\t%s\t%s\n", about->id, about->causes[alarm->cause].id, about->causes[alarm->cause].advice,
               line_name(line));
    }
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind != PLANT_REFRIGERATOR || shift->care.unit_looked_s[plant->unit] != NEVER) continue;
        char peak[32];
        text_fixed(peak, plant->value, 1);
        printf("fault\tpeak_%d\thighest %s\t%s\n", i, peak, care_tables(shift->lab)->units[plant->unit].name);
    }
}

int main(int argc, char **argv)
{
    err_t err = {0};
    app_t *app;
    shift_t *shift;
    app_options_t options = {.content = content_source()};
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    char *stream = malloc(STREAM_MAX);
    if (!file || !stream) return fprintf(stderr, "usage: wall_truth STREAM.jsonl\n"), 2;
    size_t length = fread(stream, 1, STREAM_MAX, file);
    fclose(file);
    if (!app_open(&app, &options, &err) || !app_shift_fold(app_lab(app), stream, length, &shift, &err)) {
        fprintf(stderr, "wall_truth: %s\n", err.text);
        return 1;
    }
    printf("now\t%d\n", (int)shift_now_s(shift));
    print_results(shift);
    print_specimens(shift);
    print_lines(shift);
    print_care(shift);
    shift_free(shift);
    app_close(app);
    free(stream);
    return 0;
}
