/* The blood counter: each interference has the signature of the facts and its resolution takes it away, over thousands
 * of specimens; imprecision is that of the controls; flags are raised where they should be and seldom elsewhere;
 * pictures agree with the numbers; the same tube and run give the same print. */
#include "cells_model.h"
#include "counter_model.h"
#include "fault_test.h"
#include "patient.h"

#include <time.h>

enum { SEEDS = 2000 };

static const lab_t *lab;
static patient_plan_t plan;

static cells_t blood_of(const char *condition, uint64_t n)
{
    patient_request_t request = patient_any();
    patient_t patient;
    cells_t cells;
    request.healthy = condition == NULL;
    request.only_forced = true;
    if (condition != NULL) request.cells = (int16_t)(cells_condition_find(lab, condition) + 1);
    memset(&patient, 0, sizeof patient);
    patient_draw_some(lab, SETTING_OUTPATIENT, &request, 17, n, &plan, &patient);
    cells_at(lab, &patient, 0, &cells);
    return cells;
}

static counter_state_t quiet(void)
{
    counter_state_t state = counter_clean();
    state.imprecision = 0;
    return state;
}

static specimen_fault_t fault_of(const char *id, double severity)
{
    int kind = fault_find(lab, id);
    if (kind < 0) {
        printf("no fault %s\n", id);
        exit(1);
    }
    return (specimen_fault_t){(int16_t)kind, -1, (float)severity};
}

static count_t count_of(const cells_t *cells, const specimen_fault_t *fault, counter_mode_t mode,
                        const counter_state_t *state, uint64_t seed)
{
    count_t out;
    count_tube_t tube = {.cells = cells,
                         .plasma = {95, 140, 110, 0.6, 0},
                         .faults = fault,
                         .fault_count = fault != NULL,
                         .age_h = 2,
                         .seed = seed};
    counter_run(lab, &tube, mode, state, 0, &out);
    return out;
}

static bool same_values(const count_t *a, const count_t *b)
{
    for (int i = 0; i < HEMA_COUNT; i++)
        if (a->value[i] != b->value[i] && (a->value[i] == a->value[i] || b->value[i] == b->value[i])) return false;
    return true;
}

static bool near(double a, double b, double share)
{
    return exact_abs(a - b) <= share * (exact_abs(b) + 1e-9);
}

/* ---- every interference is there, and its resolutions take it away ---- */

static void test_resolutions(void)
{
    const counter_model_t *model = counter_model(lab);
    counter_state_t state = quiet();
    int kinds = 0, resolved = 0;
    for (int i = 0; i < model->interference_count; i++) {
        const interference_t *one = &model->interferences[i];
        fault_view_t view;
        if (one->kind < 0 || !lab_fault(lab, one->kind, &view) || strcmp(one->id, "SMUDGE") == 0) continue;
        kinds++;
        int moved = 0;
        for (uint64_t n = 0; n < SEEDS; n++) {
            cells_t cells = blood_of(strcmp(one->id, "NRBC_WBC") == 0 ? "SS" : NULL, n % 200);
            memset(cells.trait, 0, sizeof cells.trait);
            /* icterus as usual in chemistry is too faint for a counter */
            specimen_fault_t fault = fault_of(one->id, strcmp(one->id, "ICTERUS") == 0 ? 40 : view.usual);
            if (strcmp(one->id, "iv_contam") == 0) fault.fluid = (int16_t)fault_fluid_find(lab, "ns");
            count_t clean = count_of(&cells, NULL, COUNTER_NORMAL, &state, n);
            count_t bent = count_of(&cells, &fault, COUNTER_NORMAL, &state, n);
            moved += !same_values(&clean, &bent);
            for (int m = 1; m < COUNTER_MODES; m++) {
                if (!(one->resolved >> m & 1)) continue;
                count_t there = count_of(&cells, &fault, (counter_mode_t)m, &state, n);
                count_t back = count_of(&cells, NULL, (counter_mode_t)m, &state, n);
                if (strcmp(one->id, "HIGH_WBC") == 0) /* the white cells themselves stay, their shadow goes */
                    CHECK(near(there.value[HEMA_HGB], back.value[HEMA_HGB], 1e-9), "HGB when diluted");
                else
                    CHECK(same_values(&there, &back), "%s is not taken away by %s", one->id,
                          counter_mode_id((counter_mode_t)m));
                resolved++;
            }
        }
        CHECK(moved > SEEDS * 9 / 10, "%s moves something in %d of %d", one->id, moved, (int)SEEDS);
    }
    CHECK(kinds >= 26 && resolved >= 15 * SEEDS, "%d kinds, %d resolutions", kinds, resolved);
}

/* ---- signatures ---- */

typedef struct {
    count_t clean, bent, noisy;
    double s;
} pair_t;

#define RATIO(pair, which) ((pair)->bent.value[which] / (pair)->clean.value[which])

static void cold_agglutinin(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_RBC), 1 - 0.75 * p->s, 1e-9) && near(RATIO(p, HEMA_MCV), 1 + 0.35 * p->s, 1e-9),
          "the row");
    CHECK(near(RATIO(p, HEMA_HGB), 1, 1e-9) && near(RATIO(p, HEMA_WBC), 1, 1e-9), "HGB and WBC are right");
    CHECK(p->noisy.value[HEMA_MCHC] > 37, "MCHC %.1f at %.2f", p->noisy.value[HEMA_MCHC], p->s);
    CHECK(p->noisy.value[HEMA_HGB] > 3 * p->noisy.value[HEMA_RBC] + 1.5, "the rule of three fails");
    CHECK(p->bent.flags >> CF_RBC_AGGLUT & 1, "RBC_AGGLUT?");
}

static void dilution(const pair_t *p)
{
    static const hema_t lines[] = {HEMA_WBC, HEMA_RBC, HEMA_HGB, HEMA_HCT, HEMA_PLT};
    for (int i = 0; i < 5; i++) CHECK(near(RATIO(p, lines[i]), 1 - p->s, 1e-9), "all lines fall by the same share");
    CHECK(near(RATIO(p, HEMA_MCV), 1, 1e-9) && near(RATIO(p, HEMA_MCHC), 1, 1e-9) && near(RATIO(p, HEMA_MCH), 1, 1e-9),
          "the indices stay");
}

static void dextrose(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_HGB), 1 - p->s, 1e-9) && near(RATIO(p, HEMA_MCV), 1.1, 1e-9), "diluted and swollen");
    CHECK(near(RATIO(p, HEMA_MCHC), 1 / 1.1, 1e-9), "MCHC falls");
}

static void clumps(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_PLT), 1 - p->s * (1 - exact_exp(-2 / 0.5)), 1e-6), "PLT %.3f", RATIO(p, HEMA_PLT));
    double more = p->bent.value[HEMA_WBC] - p->clean.value[HEMA_WBC];
    CHECK(more >= 0 && more <= 2 * p->s / 0.6 + 1e-9, "clumps counted as white: %.2f", more);
}

static void hemolyzed(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_RBC), 1 - p->s, 1e-6) && near(RATIO(p, HEMA_HCT), 1 - p->s, 1e-6), "RBC and HCT");
    CHECK(near(RATIO(p, HEMA_HGB), 1, 1e-9) && RATIO(p, HEMA_MCHC) > 1, "HGB stays, MCHC rises");
}

static void satellites(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_PLT), 1 - p->s, 1e-6) && near(RATIO(p, HEMA_WBC), 1, 1e-9), "PLT alone");
}

static void fragments(const pair_t *p)
{
    double more = p->bent.value[HEMA_PLT] - p->clean.value[HEMA_PLT];
    CHECK(near(more, p->clean.value[HEMA_RBC] * 1000 * p->s * 0.6, 1e-5), "PLT + RBC fragments: %.1f", more);
    CHECK(p->s < 0.016 || (p->bent.flags >> CF_RBC_FRAG & 1), "RBC_FRAG?");
    CHECK(more < 0.25 * p->clean.value[HEMA_PLT] || (p->bent.flags >> CF_PLT_ABN_DIST & 1), "PLT_ABN_DIST");
}

static void unmixed(const pair_t *p)
{
    if (p->bent.flags >> CF_OVER_RANGE & 1) return; /* so rich in red cells that none are printed */
    double u = RATIO(p, HEMA_RBC);
    CHECK(u >= 0.4 - 1e-6 && u <= 1.7 + 1e-6 && near(RATIO(p, HEMA_HGB), u, 1e-9), "u %.2f", u);
    CHECK((RATIO(p, HEMA_PLT) - 1) * (u - 1) < 0 && near(RATIO(p, HEMA_PLT), 1 / u, 1e-6), "PLT moves the other way");
    CHECK(near(RATIO(p, HEMA_MCV), 1, 1e-9) && near(RATIO(p, HEMA_MCHC), 1, 1e-9), "the indices stay");
}

static void turbid(const pair_t *p)
{
    double d = p->bent.value[HEMA_HGB] - p->clean.value[HEMA_HGB];
    CHECK(near(d, p->s, 1e-6) && near(RATIO(p, HEMA_RBC), 1, 1e-9) && RATIO(p, HEMA_MCHC) > 1, "HGB + %.2f", d);
    CHECK(p->bent.flags >> CF_HGB_INTERF & 1, "HGB_INTERF");
}

static void milky(const pair_t *p)
{
    double d = p->bent.value[HEMA_HGB] - p->clean.value[HEMA_HGB], per = (p->s - 500) / 1000;
    CHECK(d >= 0.3 * per - 1e-9 && d <= 0.6 * per + 1e-9, "HGB + %.2f at %.0f mg/dL", d, p->s);
}

static void sweet(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_MCV), 1 + 0.00012 * (p->s - 400), 1e-9), "MCV x %.4f", RATIO(p, HEMA_MCV));
    CHECK(RATIO(p, HEMA_MCHC) < 1 && near(RATIO(p, HEMA_HGB), 1, 1e-9) && near(RATIO(p, HEMA_RBC), 1, 1e-9),
          "MCHC falls");
}

static void salty(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_MCV), 1 + 0.0006 * (p->s - 140), 1e-9), "MCV x %.4f", RATIO(p, HEMA_MCV));
}

static void yellow(const pair_t *p)
{
    double d = p->bent.value[HEMA_HGB] - p->clean.value[HEMA_HGB];
    CHECK(near(d, 0.01 * (p->s - 20), 1e-6), "HGB + %.2f", d);
}

static void many_white(const pair_t *p)
{
    double rbc = p->bent.value[HEMA_RBC] - p->clean.value[HEMA_RBC],
           hgb = p->bent.value[HEMA_HGB] - p->clean.value[HEMA_HGB];
    CHECK(near(rbc, p->s / 1000, 1e-6) && near(hgb, 0.5 * (p->s - 100) / 100, 1e-6), "RBC + %.3f, HGB + %.2f", rbc,
          hgb);
    double hct = p->bent.value[HEMA_HCT] - p->clean.value[HEMA_HCT];
    CHECK(near(hct, p->s / 1000 * 250 / 10, 1e-6), "HCT + %.2f", hct);
    CHECK(p->bent.value[HEMA_MCV] > p->clean.value[HEMA_MCV], "MCV rises");
}

static void clotted(const pair_t *p)
{
    CHECK(p->bent.flags >> CF_SHORT_SAMPLE & 1, "the clot is felt");
    if (p->bent.flags >> CF_VOTE_OUT & 1) {
        CHECK(p->bent.value[HEMA_PLT] != p->bent.value[HEMA_PLT] && p->bent.mark[HEMA_PLT] == MARK_VOTE_OUT, "---");
        return;
    }
    CHECK(near(RATIO(p, HEMA_PLT), 1 - p->s, 1e-6) && near(RATIO(p, HEMA_WBC), 1 - 0.3 * p->s, 1e-6) &&
              near(RATIO(p, HEMA_RBC), 1 - 0.15 * p->s, 1e-6),
          "PLT, WBC, RBC");
}

static void short_draw(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_MCV), p->s < 0.5 ? 1 : 0.97, 0.02) && RATIO(p, HEMA_MCHC) >= 1, "cells shrink");
    CHECK(near(RATIO(p, HEMA_RBC), 1, 1e-9), "none is lost");
}

static void old(const pair_t *p)
{
    double hours = p->s + 2, mcv = 1 + 0.0022 * (hours - 6);
    CHECK(near(p->bent.value[HEMA_MCV] / p->clean.value[HEMA_MCV], mcv, 1e-6), "MCV %.4f, not %.4f", RATIO(p, HEMA_MCV),
          mcv);
    CHECK(near(RATIO(p, HEMA_HGB), 1, 1e-9) && near(RATIO(p, HEMA_RBC), 1, 1e-9), "HGB and RBC are stable");
    CHECK(RATIO(p, HEMA_MCHC) < 1 && RATIO(p, HEMA_MPV) > 1.05 && RATIO(p, HEMA_RETP) < 0.85,
          "MCHC, MPV, reticulocytes");
}

static void tenth(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_WBC), 0.9, 1e-6) && near(RATIO(p, HEMA_HGB), 0.9, 1e-6) &&
              near(RATIO(p, HEMA_PLT), 0.9, 1e-6),
          "a tenth less of everything");
}

static void heparin(const pair_t *p)
{
    CHECK(RATIO(p, HEMA_PLT) >= 0.3 - 1e-6 && RATIO(p, HEMA_PLT) <= 0.8 + 1e-6, "PLT x %.2f", RATIO(p, HEMA_PLT));
}

static void more_white(const pair_t *p)
{
    CHECK(near(p->bent.value[HEMA_WBC] - p->clean.value[HEMA_WBC], p->s, 1e-5), "WBC + %.2f",
          p->bent.value[HEMA_WBC] - p->clean.value[HEMA_WBC]);
    CHECK(p->bent.value[HEMA_LYMPHP] > p->clean.value[HEMA_LYMPHP], "taken for lymphocytes");
}

static void free_in_plasma(const pair_t *p)
{
    double d = p->bent.value[HEMA_HGB] - p->clean.value[HEMA_HGB];
    CHECK(d > 0 && d < p->s / 1000 && RATIO(p, HEMA_MCHC) > 1 && near(RATIO(p, HEMA_RBC), 1, 1e-9), "HGB + %.3f", d);
}

static void tight_arm(const pair_t *p)
{
    CHECK(near(RATIO(p, HEMA_HGB), 1.05, 1e-6) && near(RATIO(p, HEMA_RBC), 1.05, 1e-6) &&
              near(RATIO(p, HEMA_WBC), 1.05, 1e-6),
          "five percent more");
}

static const struct {
    const char *fault;
    double low, high;
    void (*check)(const pair_t *pair);
} SIGNATURES[] = {{"COLD_AGG", 0.35, 0.8, cold_agglutinin},
                  {"IV_SALINE", 0.1, 0.6, dilution},
                  {"iv_contam", 0.1, 0.6, dilution},
                  {"LINE_DILUTION", 0.1, 0.6, dilution},
                  {"IV_D5", 0.1, 0.6, dextrose},
                  {"EDTA_CLUMP", 0.1, 0.9, clumps},
                  {"HEM_VITRO", 0.02, 0.2, hemolyzed},
                  {"SATELLITE", 0.2, 0.8, satellites},
                  {"GIANT_PLT", 0.1, 0.6, satellites},
                  {"SMALL_RBC", 0.012, 0.03, fragments},
                  {"UNMIXED", 0.1, 1, unmixed},
                  {"PARAPROT", 0.7, 2, turbid},
                  {"LIPAEMIA", 600, 8000, milky},
                  {"ICTERUS", 21, 50, yellow},
                  {"HYPERGLY", 500, 1800, sweet},
                  {"HYPERNA", 105, 180, salty},
                  {"HIGH_WBC", 110, 390, many_white},
                  {"CLOT", 0.2, 0.95, clotted},
                  {"SHORT", 0.5, 0.9, short_draw},
                  {"OLD", 24, 70, old},
                  {"CIT_CBC", 1, 1, tenth},
                  {"HEPARIN_TUBE", 1, 1, heparin},
                  {"LYSE_RES", 1, 5, more_white},
                  {"CRYO", 1, 50, more_white},
                  {"HEM_VIVO", 100, 2000, free_in_plasma},
                  {"TOURNIQUET", 3, 15, tight_arm}};

static void test_signatures(void)
{
    counter_state_t still = quiet(), usual = counter_clean();
    for (size_t r = 0; r < sizeof SIGNATURES / sizeof *SIGNATURES; r++)
        for (uint64_t n = 0; n < SEEDS; n++) {
            int before = failures;
            rng_t rng = rng_at(n, 3, r, 0);
            pair_t pair = {.s = SIGNATURES[r].low + (SIGNATURES[r].high - SIGNATURES[r].low) * rng_uniform(&rng)};
            cells_t cells = blood_of(NULL, n % 500);
            specimen_fault_t fault = fault_of(SIGNATURES[r].fault, pair.s);
            pair.s = (double)fault.severity;
            pair.clean = count_of(&cells, NULL, COUNTER_NORMAL, &still, n);
            pair.bent = count_of(&cells, &fault, COUNTER_NORMAL, &still, n);
            pair.noisy = count_of(&cells, &fault, COUNTER_NORMAL, &usual, n);
            SIGNATURES[r].check(&pair);
            if (failures > before) {
                printf("  that was %s at %g, seed %llu\n", SIGNATURES[r].fault, pair.s, (unsigned long long)n);
                break;
            }
        }
}

/* Cold agglutinins warmed: MCHC is that of the patient again. */
static void test_warmed(void)
{
    counter_state_t usual = counter_clean();
    int good = 0;
    for (uint64_t n = 0; n < SEEDS; n++) {
        cells_t cells = blood_of("CAD", n);
        count_t warm = count_of(&cells, NULL, COUNTER_WARMED, &usual, n);
        good += exact_abs(warm.value[HEMA_MCHC] - cells.mchc) < 1.8;
    }
    CHECK(good > SEEDS * 99 / 100, "MCHC is right in %d of %d warmed tubes", good, (int)SEEDS);
}

static void test_nrbc(void)
{
    counter_state_t state = quiet();
    for (uint64_t n = 0; n < SEEDS; n++) {
        cells_t cells = blood_of("SS", n);
        memset(cells.trait, 0, sizeof cells.trait);
        specimen_fault_t fault = fault_of("NRBC_WBC", 1);
        count_t bent = count_of(&cells, &fault, COUNTER_NORMAL, &state, n),
                clean = count_of(&cells, NULL, COUNTER_NORMAL, &state, n);
        CHECK(near(bent.value[HEMA_WBC], clean.value[HEMA_WBC] * (1 + cells.nrbc / 100), 1e-9),
              "WBC x (1 + nRBC / 100)");
        CHECK(near(bent.value[HEMA_WBC] * 100 / (100 + cells.nrbc), clean.value[HEMA_WBC], 1e-9), "WBC_CORR");
        counter_state_t older = state;
        older.nrbc_counted = 1;
        count_t counted = count_of(&cells, NULL, COUNTER_NORMAL, &older, n);
        CHECK(near(counted.value[HEMA_WBC], bent.value[HEMA_WBC], 1e-9), "a counter without a channel of its own");
    }
}

/* ---- the instrument ---- */

static void test_imprecision(void)
{
    static const struct {
        hema_t which;
        double cv;
    } rows[] = {{HEMA_WBC, 2.0}, {HEMA_RBC, 1.0}, {HEMA_HGB, 1.0}, {HEMA_MCV, 0.8}, {HEMA_PLT, 3.0}, {HEMA_RDWCV, 1.2}};
    counter_state_t usual = counter_clean();
    cells_t cells = blood_of(NULL, 3);
    cells.wbc = 7.5, cells.plt = 230, cells.hgb = 13.0, cells.mcv = 85, cells.mchc = 13.0 / (4.5 * 8.5) * 100;
    cells_derive(lab, &cells);
    cells.red[0] = (red_population_t){1, 85, 11};
    double sum[6] = {0}, squares[6] = {0};
    enum { RUNS = 4000 };
    count_tube_t tube = {.cells = &cells, .plasma = {95, 140, 110, 0.6, 0}, .age_h = 2, .seed = 5};
    for (uint64_t run = 0; run < RUNS; run++) {
        count_t out;
        counter_run(lab, &tube, COUNTER_NORMAL, &usual, run, &out);
        for (int i = 0; i < 6; i++)
            sum[i] += out.value[rows[i].which], squares[i] += out.value[rows[i].which] * out.value[rows[i].which];
    }
    for (int i = 0; i < 6; i++) {
        double mean = sum[i] / RUNS, cv = 100 * exact_sqrt(squares[i] / RUNS - mean * mean) / mean;
        CHECK(cv > 0.9 * rows[i].cv && cv < 1.12 * rows[i].cv, "%s: CV %.2f, not %.2f", cells_hema_id(rows[i].which),
              cv, rows[i].cv);
    }
}

static void test_state(void)
{
    counter_state_t state = quiet();
    cells_t cells = blood_of("APLASTIC", 1);
    count_t clean = count_of(&cells, NULL, COUNTER_NORMAL, &state, 1);
    state.carryover = 0.005;
    state.before[CHANNEL_WBC] = 300, state.before[CHANNEL_PLT] = 1500;
    count_t after = count_of(&cells, NULL, COUNTER_NORMAL, &state, 1);
    CHECK(near(after.value[HEMA_WBC] - clean.value[HEMA_WBC], 1.5, 1e-9), "x + 0.005 of the sample before");
    CHECK(near(after.value[HEMA_PLT] - clean.value[HEMA_PLT], 7.5, 1e-9), "platelets too");
    state = quiet();
    state.gain[CHANNEL_HGB] = 1.05;
    count_t high = count_of(&cells, NULL, COUNTER_NORMAL, &state, 1);
    CHECK(near(high.value[HEMA_HGB] / clean.value[HEMA_HGB], 1.05, 1e-9) &&
              near(high.value[HEMA_MCHC] / clean.value[HEMA_MCHC], 1.05, 1e-9) &&
              near(high.value[HEMA_MCV], clean.value[HEMA_MCV], 1e-9),
          "HGB + x: MCH and MCHC follow, MCV stays (Bull's table)");
    state = quiet();
    state.background[CHANNEL_PLT] = 12;
    CHECK(count_of(&cells, NULL, COUNTER_NORMAL, &state, 1).flags >> CF_BACKGROUND & 1, "BACKGROUND");
    state = quiet();
    state.aperture = 1;
    int votes = 0;
    for (uint64_t n = 0; n < 500; n++) {
        count_t blocked = count_of(&cells, NULL, COUNTER_NORMAL, &state, n);
        if (blocked.flags >> CF_VOTE_OUT & 1)
            votes++;
        else
            CHECK(blocked.value[HEMA_RBC] > 0.69 * clean.value[HEMA_RBC] &&
                      blocked.value[HEMA_RBC] < 1.31 * clean.value[HEMA_RBC],
                  "x (0.7 to 1.3)");
    }
    CHECK(votes > 350 && votes < 450, "%d of 500 vote out", votes);
    cells = blood_of("CML", 2);
    cells.wbc = 520;
    state = quiet();
    count_t over = count_of(&cells, NULL, COUNTER_NORMAL, &state, 1),
            diluted = count_of(&cells, NULL, COUNTER_DILUTED, &state, 1);
    CHECK(over.mark[HEMA_WBC] == MARK_OVER && over.value[HEMA_WBC] != over.value[HEMA_WBC] &&
              over.flags >> CF_OVER_RANGE & 1,
          "+++");
    CHECK(near(diluted.value[HEMA_WBC], 520, 0.01), "diluted it has a value");
}

/* ---- flags ---- */

static double flag_rate(const char *condition, int flag, int n)
{
    counter_state_t usual = counter_clean();
    int hits = 0;
    for (int i = 0; i < n; i++) {
        cells_t cells = blood_of(condition, (uint64_t)i);
        hits += (int)(count_of(&cells, NULL, COUNTER_NORMAL, &usual, (uint64_t)i).flags >> flag & 1);
    }
    return (double)hits / n;
}

static void test_flags(void)
{
    for (int flag = CF_BLASTS; flag < CF_COUNT; flag++) {
        double rate = flag_rate(NULL, flag, SEEDS);
        CHECK(rate < 0.05, "%s in %.1f %% of healthy people", count_flag_name(flag), 100 * rate);
    }
    static const struct {
        const char *condition;
        int flag;
        double least;
    } rows[] = {{"AML", CF_BLASTS, 0.9},        {"CML", CF_IMM_GRAN, 0.95},     {"SEPSIS", CF_LEFT_SHIFT, 0.9},
                {"IM", CF_ATYPICAL_LYMPH, 0.9}, {"CLL", CF_ABN_LYMPH, 0.9},     {"BTHAL_MIN", CF_HGB_DEFECT, 0.6},
                {"IDA_MOD", CF_IRON_DEF, 0.7},  {"TRANSF", CF_DIMORPHIC, 0.7},  {"TTP", CF_RBC_FRAG, 0.7},
                {"BSS", CF_GIANT_PLT, 0.95},    {"SS", CF_NRBC, 0.9},           {"SC", CF_LYSE_RESIST, 0.7},
                {"CAD", CF_RBC_AGGLUT, 0.8},    {"BURNS", CF_PLT_ABN_DIST, 0.8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double rate = flag_rate(rows[i].condition, rows[i].flag, 600);
        CHECK(rate >= rows[i].least, "%s in %.0f %% of %s", count_flag_name(rows[i].flag), 100 * rate,
              rows[i].condition);
    }
    int clumps_seen = 0, missed = 0;
    counter_state_t usual = counter_clean();
    for (uint64_t n = 0; n < SEEDS; n++) {
        cells_t cells = blood_of(NULL, n);
        specimen_fault_t fault = fault_of("EDTA_CLUMP", 0.6);
        clumps_seen += (int)(count_of(&cells, &fault, COUNTER_NORMAL, &usual, n).flags >> CF_PLT_CLUMPS & 1);
        cells = blood_of("AML", n);
        cells.wbc = 0.06;
        missed += !(count_of(&cells, NULL, COUNTER_NORMAL, &usual, n).flags >> CF_BLASTS & 1);
    }
    CHECK(clumps_seen > SEEDS / 2 && clumps_seen < SEEDS * 9 / 10, "clumps are seen in %d of %d", clumps_seen,
          (int)SEEDS);
    CHECK(missed > SEEDS * 9 / 10, "blasts in leukopenia are missed: %d", missed);
}

static void test_words(void)
{
    for (int f = 0; f < CF_COUNT; f++) {
        analyte_set_t reach;
        const char *name = count_flag_name(f);
        int found = count_flag_find(name, strlen(name));
        CHECK(name[0] && count_flag_words(f)[0] && (found == f || (f < CF_BLASTS && found >= CF_BLASTS)),
              "flag %d is %s", f, name);
        counter_flag_reach(lab, f, &reach);
        CHECK((reach.bits[0] | reach.bits[1] | reach.bits[2]) != 0, "%s concerns nothing", name);
    }
    analyte_set_t reach;
    counter_flag_reach(lab, CF_PLT_CLUMPS, &reach);
    CHECK(analyte_set_has(&reach, cells_analyte(lab, HEMA_PLT)) &&
              analyte_set_has(&reach, cells_analyte(lab, HEMA_WBC)),
          "clumps concern PLT and WBC");
    CHECK(count_flag_find("PLT_CLUMP", 9) == CF_PLT_CLUMPS && count_flag_find("nothing", 7) < 0, "names of the rules");
    for (int m = 0; m < COUNTER_MODES; m++)
        CHECK(counter_mode_find(counter_mode_id((counter_mode_t)m)) == m, "mode %d", m);
}

/* ---- pictures ---- */

static double share_between(const float bins[COUNT_BINS], count_curve_t curve, double low, double high)
{
    double step = (count_curve_high(curve) - count_curve_low(curve)) / COUNT_BINS, sum = 0;
    for (int i = 0; i < COUNT_BINS; i++) {
        double volume = count_curve_low(curve) + (i + 0.5) * step;
        if (volume >= low && volume < high) sum += (double)bins[i] * step;
    }
    return sum;
}

static void test_pictures(void)
{
    counter_state_t usual = counter_clean();
    float bins[COUNT_BINS], again[COUNT_BINS];
    static count_dot_t dots[12000], twice[12000];
    for (uint64_t n = 0; n < 60; n++) {
        cells_t cells = blood_of(n % 2 ? "CAD" : NULL, n);
        count_tube_t tube = {.cells = &cells, .plasma = {95, 140, 110, 0.6, 0}, .age_h = 2, .seed = n};
        for (int curve = 0; curve < COUNT_CURVES; curve++) {
            counter_histogram(lab, &tube, COUNTER_NORMAL, &usual, 0, (count_curve_t)curve, bins);
            counter_histogram(lab, &tube, COUNTER_NORMAL, &usual, 0, (count_curve_t)curve, again);
            CHECK(memcmp(bins, again, sizeof bins) == 0, "the same picture twice");
            CHECK(near(share_between(bins, (count_curve_t)curve, -1, 1e9), 1, 1e-4), "area 1");
        }
        counter_histogram(lab, &tube, COUNTER_NORMAL, &usual, 0, CURVE_RBC, bins);
        double second = share_between(bins, CURVE_RBC, 1.6 * cells.mcv, 2.4 * cells.mcv);
        if (n % 2 == 0) CHECK(second > 0.005 && second < 0.05, "pairs in health: %.3f", second);
        if (n % 2 == 1 && cells.trait[TRAIT_COLD_AGG] > 0.25) CHECK(second > 0.07, "a second hump: %.3f", second);
        int count = counter_scatter(lab, &tube, COUNTER_NORMAL, &usual, 0, 12000, dots);
        CHECK(count == counter_scatter(lab, &tube, COUNTER_NORMAL, &usual, 0, 12000, twice) &&
                  memcmp(dots, twice, sizeof *dots * (size_t)count) == 0,
              "the same points twice");
        int neutrophils = 0;
        for (int i = 0; i < count; i++) neutrophils += dots[i].cluster == DOT_NEUT;
        CHECK(count > 1000 && exact_abs(100.0 * neutrophils / count - cells.pct[CELL_SEG]) < 14,
              "%d of %d neutrophils, %.1f %%", neutrophils, count, cells.pct[CELL_SEG]);
    }
    cells_t cells = blood_of("CHEMO", 1);
    cells.wbc = 0.3;
    count_tube_t tube = {.cells = &cells, .plasma = {95, 140, 110, 0.6, 0}, .age_h = 2, .seed = 1};
    CHECK(counter_scatter(lab, &tube, COUNTER_NORMAL, &usual, 0, 12000, dots) < 600, "leukopenia has few points");
}

/* ---- from the counter to the rules ---- */

static void test_rules(const fixture_t *bench)
{
    review_t *review;
    err_t err = {0};
    if (!review_open(&review, lab, &bench->source, &err)) {
        CHECK(false, "%s", err.text);
        return;
    }
    static const struct {
        const char *condition, *fault;
        double severity;
        int rule;
        double least, most;
    } rows[] = {
        {NULL, "COLD_AGG", 0.5, 13, 0.98, 1},  {NULL, "IV_D5", 0.3, 14, 0.1, 1}, {NULL, "CLOT", 0.9, 4, 0.8, 1},
        {"CHEMO", NULL, 0, 7, 0.9, 1},         {"AML", NULL, 0, 37, 0.9, 1},     {NULL, NULL, 0, 13, 0, 0.001},
        {NULL, NULL, 0, 14, 0, 0.001},         {NULL, NULL, 0, 30, 0, 0.02},     {NULL, NULL, 0, 4, 0, 0},
        {NULL, "EDTA_CLUMP", 0.8, 30, 0.5, 1}, {"SEPSIS", NULL, 0, 32, 0.9, 1},  {"PREG3", NULL, 0, 5, 0, 0.01}};
    counter_state_t usual = counter_clean();
    int any = 0;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int hits = 0, index = 0;
        while (review_rule(review, index)->number != rows[r].rule) index++;
        for (uint64_t n = 0; n < 1000; n++) {
            cells_t cells = blood_of(rows[r].condition, n);
            specimen_fault_t fault = fault_of(rows[r].fault ? rows[r].fault : "OLD", rows[r].severity);
            count_t count = count_of(&cells, rows[r].fault ? &fault : NULL, COUNTER_NORMAL, &usual, n);
            review_case_t what;
            review_case_clear(&what);
            counter_case(lab, &count, &what);
            uint64_t found = review_hits(review, &what);
            hits += (int)(found >> index & 1);
            any += r == 5 && found != 0;
        }
        CHECK(hits >= 1000 * rows[r].least && hits <= 1000 * rows[r].most, "rule %d in %d of 1000 of %s with %s",
              rows[r].rule, hits, rows[r].condition ? rows[r].condition : "health",
              rows[r].fault ? rows[r].fault : "nothing");
    }
    printf("%.1f %% of healthy first samples are reviewed\n", any / 10.0);
    CHECK(any < 250, "%d of 1000 healthy people are reviewed", any);
    review_close(review);
}

/* ---- determinism, speed, content ---- */

static void test_same_print(void)
{
    counter_state_t usual = counter_clean();
    for (uint64_t n = 0; n < SEEDS; n++) {
        cells_t cells = blood_of(NULL, n);
        count_t a = count_of(&cells, NULL, COUNTER_NORMAL, &usual, n),
                b = count_of(&cells, NULL, COUNTER_NORMAL, &usual, n);
        CHECK(same_values(&a, &b) && a.flags == b.flags, "the same tube and run");
        for (int i = 0; i < HEMA_COUNT; i++) {
            const analyte_t *analyte = lab_analyte(lab, cells_analyte(lab, (hema_t)i));
            CHECK(a.value[i] != a.value[i] || a.value[i] == exact_round(a.value[i], analyte->decimals),
                  "rounded as printed");
            CHECK((i == HEMA_ESR) == (a.mark[i] == MARK_NOT_MEASURED), "%s is measured", analyte->id);
        }
        CHECK(exact_abs(a.value[HEMA_NEUTP] + a.value[HEMA_LYMPHP] + a.value[HEMA_MONOP] + a.value[HEMA_EOSP] +
                        a.value[HEMA_BASOP] - 100) < 0.3,
              "the printed differential sums to 100");
    }
}

static void measure_speed(void)
{
    enum { RUNS = 100000 };
    counter_state_t usual = counter_clean();
    static patient_t patients[64];
    struct timespec from, to;
    double sum = 0;
    for (int n = 0; n < 64; n++) patient_draw_some(lab, SETTING_INPATIENT, NULL, 3, (uint64_t)n, &plan, &patients[n]);
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < RUNS; i++) {
        cells_t cells;
        cells_at(lab, &patients[i & 63], i * 0.01, &cells);
        sum += count_of(&cells, NULL, COUNTER_NORMAL, &usual, (uint64_t)i).raw[0];
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 1000 / RUNS;
    printf("a count with differential: %.2f us (%g)\n", us, sum);
    CHECK(sum > 0, "counts were made");
}

static void test_bad_content(fixture_t *bench)
{
    static const struct {
        const char *file, *old, *new_text, *says;
    } rows[] = {{"lab/hematology/interference_effects.csv", "COLD_AGG,RBC,mul", "COLD_AGG,RBX,mul", "channel is"},
                {"lab/hematology/interference_effects.csv", "COLD_AGG,RBC,mul", "COLD_AGX,RBC,mul", "no interference"},
                {"lab/hematology/interference_effects.csv", "COLD_AGG,RBC,mul", "COLD_AGG,RBC,bend", "model is"},
                {"lab/hematology/interferences.csv", "warmed;plasma_replaced", "warm;plasma_replaced", "resolved_by"},
                {"lab/hematology/counter.csv", "flag_blasts,", "flag_blast,", "no figure"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        source_file_t files[TEST_FILES];
        source_t source = {files, bench->source.count};
        lab_t *other = NULL;
        err_t err = {0};
        memcpy(files, bench->files, sizeof files);
        bool changed = false;
        for (size_t i = 0; i < source.count; i++) {
            if (strcmp(files[i].path, rows[r].file) != 0) continue;
            const char *text = (const char *)files[i].bytes, *found = strstr(text, rows[r].old);
            if (found == NULL) continue;
            size_t a = strlen(rows[r].old), b = strlen(rows[r].new_text), before = (size_t)(found - text);
            char *room = arena_alloc(bench->arena, files[i].length + b + 1);
            memcpy(room, text, before);
            memcpy(room + before, rows[r].new_text, b);
            memcpy(room + before + b, found + a, files[i].length - before - a);
            files[i].bytes = (unsigned char *)room;
            files[i].length += b - a;
            changed = true;
        }
        CHECK(changed, "%s has no %s", rows[r].file, rows[r].old);
        bool good =
            lab_load(&other, &source, &err) && fault_load(other, &source, &err) && counter_load(other, &source, &err);
        CHECK(!good && strstr(err.text, rows[r].says) != NULL, "%s: %s", rows[r].new_text,
              good ? "accepted" : err.text);
        lab_free(other);
    }
}

int main(void)
{
    static fixture_t bench;
    analyte_set_t wanted = {{0}};
    bench_open(&bench);
    lab = bench.lab;
    for (int i = 0; i < HEMA_COUNT; i++) analyte_set_add(&wanted, cells_analyte(lab, (hema_t)i));
    patient_plan(lab, &wanted, &plan);
    test_resolutions();
    test_signatures();
    test_warmed();
    test_nrbc();
    test_imprecision();
    test_state();
    test_flags();
    test_words();
    test_pictures();
    test_same_print();
    test_rules(&bench);
    measure_speed();
    test_bad_content(&bench);
    bench_close(&bench);
    printf("%d failures\n", failures);
    return failures != 0;
}
