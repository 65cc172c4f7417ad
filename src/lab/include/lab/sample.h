/* A table of true values of drawn patients, as CSV, for people who study the model. */
#ifndef TITER_LAB_SAMPLE_H
#define TITER_LAB_SAMPLE_H

#include "lab/catalog.h"

#include <stddef.h>

enum { SAMPLE_AGE_LOW = 18, SAMPLE_AGE_HIGH = 100 };

typedef struct {
    setting_t setting;
    bool healthy;
    int sex;               /* SEX_FEMALE, SEX_MALE, or -1: both */
    int age_low, age_high; /* 0, 0: as the setting has them */
    uint64_t seed, count;
    int analyte_count;
    int analytes[LAB_MAX_ANALYTES]; /* indices, in the order of the columns */
} sample_t;

/* Takes `length` bytes; returns false to stop (a full disk, a closed pipe). */
typedef bool (*sample_sink_t)(void *context, const char *bytes, size_t length);

/* Reads "a,b,c" into sample->analytes; err names an unknown analyte and the nearest known one. */
bool sample_analytes(const lab_t *lab, const char *list, sample_t *sample, err_t *err);

/* Writes the header `sex,age,a,b,c` and a row a patient. Row i is the same whatever is asked
 * beside it. A value that does not exist (calculated LDL above 400 mg/dL triglycerides) is empty. */
bool sample_write(const lab_t *lab, const sample_t *sample, sample_sink_t sink, void *context, err_t *err);

#endif
