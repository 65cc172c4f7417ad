/* Methods of the chemistry lines as they lie in memory, and the two laws by which a method fails far above its
 * measuring range. content/lab/reactions.csv and spectra.csv; ext slot 5 of lab_t. */
#ifndef TITER_LAB_REACTION_PRIVATE_H
#define TITER_LAB_REACTION_PRIVATE_H

#include "lab/reaction.h"
#include "lab_private.h"

enum { REACTION_SLOT = 5 /* of lab->ext */, SPECTRUM_MAX = 64 };

typedef struct {
    reaction_method_t method;
    double top;     /* A or A/min that the top of the measuring range gives */
    double reagent; /* A of the reagents alone */
    double part;    /* of the cuvette that is sample */
    double standard_low, standard_high;
    double spent_from; /* the coenzyme is gone before the read window opens; infinite: not known */
    double hook_from;  /* antigen excess brings the signal back into the range; infinite: not known */
    bool given;
} reaction_t;

typedef struct {
    double nm, hemoglobin, bilirubin; /* L/mmol/cm; per heme */
} spectrum_point_t;

typedef struct reaction_table {
    double turns[LAB_MAX_ANALYTES]; /* the least of spent_from and hook_from */
    reaction_t of[LAB_MAX_ANALYTES];
    spectrum_point_t spectrum[SPECTRUM_MAX];
    int spectrum_count;
} reaction_table_t;

/* Called once after the catalog. */
bool reaction_load(lab_t *lab, const source_t *content, err_t *err);
static inline const reaction_table_t *reactions(const lab_t *lab)
{
    return lab->ext[REACTION_SLOT];
}
/* What the method makes of `x` (in the cup, after dilution) where x > turns[analyte]; adds FLAG_ bits. */
double reaction_turned(const lab_t *lab, int analyte, double x, uint32_t *flags);
/* Absorbance per cm of undiluted serum, main less second wavelength (0: none): indices in mg/dL. */
double reaction_serum(const reaction_table_t *table, int main_nm, int second_nm, double hemolysis, double icterus,
                      double lipemia);

#endif
