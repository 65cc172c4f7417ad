/* Roles of analytes and faults by name, looked up once at load; the CKD-EPI equation of the LIS. */
#include "roles.h"

#include "base/base.h"
#include "fault.h"
#include "lab_private.h"

#include <stddef.h>
#include <string.h>

enum { ROLES_SLOT = 2 };

typedef struct {
    const char *id;
    size_t offset;
} name_t;

#define ROLE(field)                                                                                                    \
    {                                                                                                                  \
#field, offsetof(lab_roles_t, field)                                                                           \
    }
static const name_t names[] = {
    ROLE(sodium),  ROLE(potassium), ROLE(chloride),    ROLE(co2),        ROLE(bun),           ROLE(creatinine),
    ROLE(glucose), ROLE(calcium),   ROLE(magnesium),   ROLE(phosphorus), ROLE(total_protein), ROLE(albumin),
    ROLE(ast),     ROLE(alt),       ROLE(alp),         ROLE(ggt),        ROLE(bili_total),    ROLE(bili_direct),
    ROLE(ldh),     ROLE(ck),        ROLE(cholesterol), ROLE(hdl),        ROLE(triglycerides), ROLE(iron),
    ROLE(tibc),    ROLE(anion_gap), ROLE(globulin),    ROLE(egfr),       ROLE(ldl_calc),      ROLE(tsat)};

const lab_roles_t *lab_roles(const lab_t *lab)
{
    return lab->ext[ROLES_SLOT];
}

static void set_add(uint64_t set[ANALYTE_WORDS], int analyte)
{
    set[analyte >> 6] |= 1ULL << (analyte & 63);
}

bool roles_load(lab_t *lab, const source_t *content, err_t *err)
{
    lab_roles_t *roles = arena_alloc(lab->arena, sizeof *roles);
    csv_t table;
    int id, module;
    if (!roles) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    if (!lab_table(lab, content, "lab/modules.csv", &table, err) || !csv_need(&table, "analyte", &id, err) ||
        !csv_need(&table, "module", &module, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        int a = lab_analyte_find(lab, csv_text(&table, row, id));
        const char *word = csv_text(&table, row, module);
        if (a < 0) return csv_fail(&table, row, err, "there is no analyte \"%s\"", csv_text(&table, row, id));
        if (strcmp(word, "ise") == 0)
            set_add(roles->ise, a);
        else if (strcmp(word, "immunoassay") == 0)
            set_add(roles->immunoassay, a);
        else if (strcmp(word, "calculated") == 0)
            set_add(roles->derived, a);
        else if (strcmp(word, "photometry") != 0)
            return csv_fail(&table, row, err, "module is ise, photometry, immunoassay or calculated; found \"%s\"",
                            word);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int a = lab_analyte_find(lab, names[i].id);
        memcpy((char *)roles + names[i].offset, &a, sizeof a);
    }
    const int diluted[] = {roles->total_protein, roles->albumin, roles->calcium, roles->cholesterol};
    const int identity[] = {roles->creatinine, roles->alp,         roles->albumin, roles->total_protein, roles->ggt,
                            roles->bili_total, roles->cholesterol, roles->alt,     roles->ast,           roles->bun};
    static const char *const of_cells[] = {"MCV", "MCH", "MCHC", "RDWCV", "HGB", "PLT", "WBC"};
    for (size_t i = 0; i < sizeof of_cells / sizeof *of_cells; i++) {
        int a = lab_analyte_find(lab, of_cells[i]);
        if (a >= 0) set_add(roles->identity_marks, a);
    }
    for (size_t i = 0; i < sizeof diluted / sizeof *diluted; i++)
        if (diluted[i] >= 0) set_add(roles->dilution_marks, diluted[i]);
    for (size_t i = 0; i < sizeof identity / sizeof *identity; i++)
        if (identity[i] >= 0) set_add(roles->identity_marks, identity[i]);
    roles->fault_delay = fault_find(lab, "delayed_sep");
    roles->fault_short = fault_find(lab, "short_sample");
    roles->fault_old = fault_find(lab, "OLD");
    roles->line_water = analyzer_fault_find(lab, "water_quality");
    roles->line_temperature = analyzer_fault_find(lab, "temperature");
    roles->line_lamp = analyzer_fault_find(lab, "lamp_ageing");
    lab->ext[ROLES_SLOT] = roles;
    return true;
}

/* 142 min(S/k,1)^a max(S/k,1)^-1.200 0.9938^age (x 1.012 if female); k 0.7/0.9, a -0.241/-0.302. */
double roles_egfr(double creatinine_mg_dl, int age_y, bool male)
{
    if (!(creatinine_mg_dl > 0)) return (double)__builtin_nan("");
    double ratio = creatinine_mg_dl / (male ? 0.9 : 0.7);
    double power = ratio < 1 ? (male ? -0.302 : -0.241) : -1.2; /* the other of min and max is 1 */
    double aged = 1;
    for (int age = age_y; age > 0; age--) aged *= 0.9938;
    double egfr = 142 * exact_pow(ratio, power) * aged;
    return male ? egfr : egfr * 1.012;
}

fault_marks_t roles_fault_marks(const lab_t *lab, int kind)
{
    static const struct {
        const char *id;
        fault_marks_t marks;
    } table[] = {{"cal_shift", {.calibration = true}},
                 {"cal_lot", {.new_lot = true}},
                 {"isi_not_updated", {.new_lot = true, .wrong_lot = true, .isi = true}},
                 {"mnpt_not_updated", {.new_lot = true, .wrong_lot = true, .mnpt = true}},
                 {"calibrator_evap", {.calibration = true}},
                 {"wrong_calibrator_value", {.calibration = true, .wrong_lot = true}}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (analyzer_fault_find(lab, table[i].id) == kind) return table[i].marks;
    return (fault_marks_t){0};
}
