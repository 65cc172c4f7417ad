/* What is done with a tube of hematology or coagulation beyond running it: warmed, diluted, mixed, looked at; or a
 * better tube is asked for. Each takes its time; what comes back is a new run, a study, words, or a tube. */
#include "roles.h"
#include "shift_private.h"

#include <math.h>
#include <string.h>

typedef enum { WAY_COUNT, WAY_CLOT, WAY_STUDY, WAY_FILM, WAY_TUBE } way_t;

typedef struct {
    const char *word, *words;
    bench_t bench;
    way_t way;
    int minutes, mode; /* counter_mode_t or coag_treatment_t */
    coag_method_t method;
} way_row_t;

static const way_row_t ways[TREAT_COUNT] = {
    [TREAT_WARM] = {"warm", "Warm to 37 °C and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 20, COUNTER_WARMED, 0},
    [TREAT_PLASMA] = {"replace-plasma", "Replace the plasma by saline and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 12,
                      COUNTER_PLASMA_REPLACED, 0},
    [TREAT_DILUTE_BLOOD] = {"dilute-blood", "Dilute and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 6, COUNTER_DILUTED, 0},
    [TREAT_OPTICAL_PLT] = {"optical-platelets", "Rerun with fluorescent platelets", BENCH_HEMATOLOGY, WAY_COUNT, 4,
                           COUNTER_OPTICAL_PLT, 0},
    [TREAT_LYSE] = {"extended-lyse", "Rerun with extended lysis", BENCH_HEMATOLOGY, WAY_COUNT, 4, COUNTER_EXTENDED_LYSE,
                    0},
    [TREAT_REST] = {"predilute", "Predilute, let stand 10 minutes and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 14,
                    COUNTER_REST, 0},
    [TREAT_REMIX] = {"remix", "Mix by 8 to 10 inversions and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 3, COUNTER_REMIXED,
                     0},
    [TREAT_VORTEX] = {"vortex", "Vortex for 2 minutes and rerun", BENCH_HEMATOLOGY, WAY_COUNT, 5, COUNTER_VORTEXED, 0},
    [TREAT_NRBC] = {"nrbc", "Rerun in the nRBC mode", BENCH_HEMATOLOGY, WAY_COUNT, 3, COUNTER_NRBC, 0},
    [TREAT_SPUN_HCT] = {"spun-hematocrit", "Spin a hematocrit", BENCH_HEMATOLOGY, WAY_COUNT, 8, COUNTER_SPUN_HCT, 0},
    [TREAT_FILM] = {"film", "Have a film scanned", BENCH_HEMATOLOGY, WAY_FILM, 15, 0, 0},
    [TREAT_CITRATE_TUBE] = {"citrate-tube", "Ask for a citrate tube", BENCH_HEMATOLOGY, WAY_TUBE, 0, 0, 0},
    [TREAT_MECHANICAL] = {"mechanical", "Rerun by mechanical detection", BENCH_COAGULATION, WAY_CLOT, 9, COAG_PLAIN,
                          COAG_MECHANICAL},
    [TREAT_CLEAR_PLASMA] = {"clear-plasma", "Ultracentrifuge and rerun", BENCH_COAGULATION, WAY_CLOT, 25,
                            COAG_ULTRACENTRIFUGED, COAG_OPTICAL},
    [TREAT_DOUBLE_SPIN] = {"double-spin", "Spin a second time and rerun", BENCH_COAGULATION, WAY_CLOT, 24,
                           COAG_DOUBLE_SPUN, COAG_OPTICAL},
    [TREAT_HEPARINASE] = {"heparinase", "Neutralize heparin", BENCH_COAGULATION, WAY_STUDY, 20, 0, 0},
    [TREAT_MIX] = {"mix", "Mix 1:1 with normal plasma", BENCH_COAGULATION, WAY_STUDY, 12, 0, 0},
    [TREAT_MIX_INCUBATED] = {"mix-incubated", "Mix 1:1 and incubate for 2 hours", BENCH_COAGULATION, WAY_STUDY, 130, 0,
                             0},
    [TREAT_MIX_CONTROL] = {"mix-control", "Incubate apart for 2 hours, then mix", BENCH_COAGULATION, WAY_STUDY, 130, 0,
                           0},
    [TREAT_ADSORB] = {"adsorb", "Remove direct anticoagulants", BENCH_COAGULATION, WAY_STUDY, 15, 0, 0},
    [TREAT_CITRATE_VOLUME] = {"citrate-volume", "Ask for a tube with less citrate", BENCH_COAGULATION, WAY_TUBE, 0, 0,
                              0},
};

bench_t treatment_bench(treatment_t treatment)
{
    return ways[treatment].bench;
}

const char *treatment_word(treatment_t treatment)
{
    return ways[treatment].word;
}

const char *treatment_words(treatment_t treatment)
{
    return ways[treatment].words;
}

int treatment_minutes(treatment_t treatment)
{
    return ways[treatment].minutes;
}

bool treatment_of_test(treatment_t treatment)
{
    return ways[treatment].way == WAY_STUDY;
}

/* Treatment and test in one number, for the event. */
static int32_t pack(int treatment, int analyte)
{
    return treatment * LAB_MAX_ANALYTES + (analyte < 0 ? 0 : analyte);
}

static bool ask_tube(shift_t *shift, int32_t index, treatment_t treatment, err_t *err)
{
    int32_t at = world_another_tube(shift, index);
    if (at < 0) return err_set(err, ERR_LIMIT, "This shift has no room for another specimen.");
    specimen_t *fresh = &shift->specimens[at];
    fresh->citrate_blood = treatment == TREAT_CITRATE_TUBE;
    fresh->citrate_adjusted = treatment == TREAT_CITRATE_VOLUME;
    if (fresh->citrate_blood) {
        int citrate = lab_tube_find(shift->lab, "citrate");
        if (citrate >= 0) fresh->tube = fresh->tube_ordered = (int16_t)citrate;
    }
    return true;
}

bool treat_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->specimen < 0 || action->specimen >= shift->specimen_count ||
        shift->specimens[action->specimen].state == SPECIMEN_COMING)
        return err_set(err, ERR_NOT_FOUND, "There is no such specimen in the laboratory.");
    if (action->code < 0 || action->code >= TREAT_COUNT)
        return err_set(err, ERR_INPUT, "Choose what to do with the specimen.");
    specimen_t *specimen = &shift->specimens[action->specimen];
    const way_row_t *way = &ways[action->code];
    if ((bench_t)specimen->bench != way->bench)
        return err_set(err, ERR_STATE, "That is done with specimens of %s.", bench_name(way->bench));
    if (!need_out(specimen, err)) return false;
    if (specimen->first_result < 0) return err_set(err, ERR_STATE, "Run the specimen first.");
    if (specimen->state == SPECIMEN_REJECTED) return err_set(err, ERR_STATE, "The specimen was rejected.");
    if (way->way == WAY_TUBE) return ask_tube(shift, action->specimen, (treatment_t)action->code, err);
    if (way->way == WAY_STUDY) {
        int test = action->analyte < 0 ? -1 : coag_test_of(shift->lab, action->analyte);
        if (test != COAG_PT && test != COAG_APTT && test != COAG_TT)
            return err_set(err, ERR_INPUT, "Say for which test: PT, aPTT or TT.");
    }
    if (specimen->treated_s > shift->now_s)
        return err_set(err, ERR_STATE, "Something is being done with the tube now.");
    int32_t at = shift->now_s + way->minutes * 60;
    if (shift->result_count + 64 > SHIFT_MAX_RESULTS ||
        !event_push(shift, at, EVENT_TREAT, line_for(shift, way->bench), action->specimen,
                    pack(action->code, action->analyte)))
        return err_set(err, ERR_LIMIT, "This shift has reached its limit of %d results.", SHIFT_MAX_RESULTS);
    /* incubation needs no hands and no needle: other work on the tube goes on */
    if (way->minutes < 60) specimen->treated_s = at;
    return true;
}

void treat_on_event(shift_t *shift, int32_t index, int line, int32_t code)
{
    specimen_t *specimen = &shift->specimens[index];
    int treatment = code / LAB_MAX_ANALYTES, analyte = code % LAB_MAX_ANALYTES;
    const way_row_t *way = &ways[treatment];
    if (specimen->state == SPECIMEN_REJECTED) return;
    int32_t first = shift->result_count;
    switch (way->way) {
    case WAY_COUNT:
        count_run(shift, index, line, (counter_mode_t)way->mode);
        break;
    case WAY_CLOT:
        clot_run(shift, index, line, way->method, (coag_treatment_t)way->mode, -1);
        break;
    case WAY_STUDY:
        clot_study(shift, index, analyte, (treatment_t)treatment);
        break;
    case WAY_FILM:
        specimen->film_s = shift->now_s;
        break;
    case WAY_TUBE:
        break;
    }
    if (shift->result_count > first)
        verify_specimen(shift, index, first);
    else
        notice_push(shift, NOTICE_STUDY, index, line, analyte, -1, -1, treatment);
}

void treat_on_reflex(shift_t *shift, int32_t index, int line, int analyte)
{
    if (shift->specimens[index].state == SPECIMEN_REJECTED) return;
    int32_t first = shift->result_count;
    if (line_bench(line) == BENCH_CHEMISTRY) {
        if (shift_specimen_result(shift, index, analyte) >= 0) return; /* a run under way took it along */
        if (line_measure(shift, index, analyte, line, 1, -1) < 0) return;
        line_derive(shift, index, line);
    } else if (line_bench(line) == BENCH_COAGULATION)
        clot_run(shift, index, line, COAG_OPTICAL, COAG_PLAIN, analyte);
    else
        count_run(shift, index, line, (counter_mode_t)shift->specimens[index].count_mode);
    verify_specimen(shift, index, first);
}

int32_t shift_treated_until_s(const shift_t *shift, int32_t specimen)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return NEVER;
    int32_t until = shift->specimens[specimen].treated_s;
    return until > shift->now_s ? until : NEVER;
}
