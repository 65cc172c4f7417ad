/* Draws patients and writes their true values. Values are written with two decimals more than the
 * laboratory reports, so that what is read back is still continuous. Speed matters here (ten
 * million values a second): only what the columns depend on is computed, and rows are gathered
 * into large blocks before the sink sees them. */
#include "lab/sample.h"

#include "lab_private.h"
#include "patient.h"

#include <string.h>

enum { BLOCK = 1 << 16, FIELD_MAX = 32, ROW_MAX = 16 + LAB_MAX_ANALYTES * FIELD_MAX };

bool sample_analytes(const lab_t *lab, const char *list, sample_t *sample, err_t *err)
{
    sample->analyte_count = 0;
    for (const char *at = list;; at++) {
        size_t length = strcspn(at, ",");
        char id[64];
        if (length == 0)
            return err_set(err, ERR_INPUT, "the list of analytes has an empty name; write it as sodium,potassium");
        size_t kept = length < sizeof id ? length : sizeof id - 1;
        memcpy(id, at, kept);
        id[kept] = 0;
        int index = length < sizeof id ? lab_analyte_find(lab, id) : -1;
        if (index < 0)
            return err_set(err, ERR_INPUT, "there is no analyte \"%s\"; did you mean %s?", id,
                           lab_analyte_nearest(lab, id));
        for (int i = 0; i < sample->analyte_count; i++)
            if (sample->analytes[i] == index) return err_set(err, ERR_INPUT, "%s is asked for twice; name it once", id);
        sample->analytes[sample->analyte_count++] = index;
        at += length;
        if (*at == 0) return true;
    }
}

static bool check(const lab_t *lab, const sample_t *sample, err_t *err)
{
    if (sample->analyte_count < 1)
        return err_set(err, ERR_INPUT, "name at least one analyte, such as sodium,potassium");
    for (int i = 0; i < sample->analyte_count; i++)
        if (lab_analyte(lab, sample->analytes[i]) == NULL) return err_set(err, ERR_INPUT, "an analyte is out of range");
    if (sample->age_high != 0 &&
        (sample->age_low < SAMPLE_AGE_LOW || sample->age_high > SAMPLE_AGE_HIGH || sample->age_low > sample->age_high))
        return err_set(err, ERR_INPUT, "ages run from %d to %d, the lower first, as in 40-60: the patients are adults",
                       (int)SAMPLE_AGE_LOW, (int)SAMPLE_AGE_HIGH);
    return true;
}

static void write_header(const lab_t *lab, const sample_t *sample, text_t *header)
{
    text_add(header, "sex,age");
    for (int i = 0; i < sample->analyte_count; i++) {
        text_add_char(header, ',');
        text_add(header, lab_analyte(lab, sample->analytes[i])->id);
    }
    text_add_char(header, '\n');
}

static size_t write_row(const sample_t *sample, const patient_t *patient, const double *values, const int *decimals,
                        char *out)
{
    char *at = out;
    *at++ = patient->sex == SEX_MALE ? 'M' : 'F';
    *at++ = ',';
    at += text_fixed(at, patient->age_y, 0);
    for (int i = 0; i < sample->analyte_count; i++) {
        double value = values[sample->analytes[i]];
        *at++ = ',';
        if (value == value) at += text_fixed(at, value, decimals[i]);
    }
    *at++ = '\n';
    return (size_t)(at - out);
}

bool sample_write(const lab_t *lab, const sample_t *sample, sample_sink_t sink, void *context, err_t *err)
{
    if (!check(lab, sample, err)) return false;
    text_t block;
    text_init(&block, BLOCK + ROW_MAX + 4096);
    write_header(lab, sample, &block);
    analyte_set_t wanted = {{0}};
    int decimals[LAB_MAX_ANALYTES];
    for (int i = 0; i < sample->analyte_count; i++) {
        analyte_set_add(&wanted, sample->analytes[i]);
        int shown = lab_analyte(lab, sample->analytes[i])->decimals + 2;
        decimals[i] = shown > 9 ? 9 : shown;
    }
    patient_plan_t plan;
    patient_plan(lab, &wanted, &plan);
    patient_request_t request = {
        .healthy = sample->healthy, .sex = sample->sex, .age_low = sample->age_low, .age_high = sample->age_high};
    patient_t patient;
    double values[LAB_MAX_ANALYTES] = {0};
    char row[ROW_MAX];
    bool open = true;
    memset(&patient, 0, sizeof patient);
    for (uint64_t n = 0; n < sample->count && open; n++) {
        patient_draw_some(lab, sample->setting, &request, sample->seed, n, &plan, &patient);
        patient_values_some(lab, &patient, 0.0, &plan, values);
        text_add_n(&block, row, write_row(sample, &patient, values, decimals, row));
        if (block.length >= BLOCK) {
            open = sink(context, block.data, block.length);
            text_clear(&block);
        }
    }
    bool failed = block.failed;
    if (open && !failed && block.length > 0) open = sink(context, block.data, block.length);
    text_free(&block);
    if (failed) return err_set(err, ERR_MEMORY, "not enough memory for the table");
    return open ? true : err_set(err, ERR_IO, "the table could not be written; is the disk full or the pipe closed?");
}
