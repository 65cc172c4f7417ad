/* Designs by simulation: the blueprint on 10,000 sittings, exposure limits, error rates of decisions, standard errors
 * that are true, and sums against counting anew. */
#include "cat_private.h"
#include "exam/study.h"
#include "exam_test.h"

/* A drawn bank with six areas, sets of four, and enemies within and between areas; and its blueprint. */
static const char BLUEPRINT[] = "area,percent_min,percent_max\n"
                                "a,25,30\nb,20,25\nc,15,20\nd,10,20\ne,5,10\nf,5,5\n";

static items_t content_items(arena_t *arena, size_t count, uint64_t seed)
{
    static const char *const areas[] = {"a", "a", "a", "b", "b", "b", "c", "c", "d", "e", "f", "f"};
    items_t items = test_items(arena, count, seed, false);
    items.area = arena_array(arena, count, sizeof *items.area);
    items.set = arena_array(arena, count, sizeof *items.set);
    items.enemies = arena_array(arena, count, sizeof *items.enemies);
    assert_true(items.area && items.set && items.enemies);
    for (size_t i = 0; i < count; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "n%zu", i < 80 ? i / 4 : i % 20);
        items.area[i] = areas[i % 12];
        items.set[i] = i < 80 ? arena_text(arena, name, (size_t)length) : "";
        items.enemies[i] = i >= 100 && i < 200 ? arena_text(arena, name, (size_t)length) : "";
        if (i < 80) items.area[i] = areas[i / 4 % 12];
    }
    return items;
}

static cat_bank_t *open_bank(arena_t *arena, const items_t *items, const char *blueprint_text,
                             const cat_design_t *design)
{
    blueprint_t *blueprint = arena_alloc(arena, sizeof *blueprint);
    cat_bank_t *bank = NULL;
    err_t err = {0};
    bool good = blueprint_text ? blueprint_read(blueprint, arena, "b", (const unsigned char *)blueprint_text,
                                                strlen(blueprint_text), items, &err)
                               : blueprint_none(blueprint, arena, items, &err);
    if (!good || !cat_bank(&bank, arena, items, blueprint, design, &err)) fail_msg("%s", err.text);
    return bank;
}

static study_t run(arena_t *arena, const cat_bank_t *bank, study_plan_t plan, cat_use_t *use, study_watch_t *watch,
                   void *context)
{
    study_t study;
    err_t err = {0};
    if (!study_run(&study, arena, bank, &plan, use, watch, context, &err)) fail_msg("%s", err.text);
    return study;
}

/* ---- content ---- */

typedef struct {
    const cat_bank_t *bank;
    double furthest; /* of any area from its share of any beginning of any test, in items */
    uint64_t hash;
    int tests, set_breaks;
} content_watch_t;

static void watch_content(void *context, const cat_view_t *view, double truth)
{
    content_watch_t *watch = context;
    const blueprint_t *b = watch->bank->blueprint;
    int count[AREAS_MAX] = {0}, left_sets[64], left = 0;
    bool given[1024] = {false}, group[1024] = {false};
    (void)truth;
    for (int i = 0; i < view->count; i++) {
        int item = view->steps[i].item, set = b->set_of[item];
        assert_false(given[item]);
        given[item] = true;
        watch->hash = hash_u64(watch->hash, (uint64_t)item);
        if (b->group_of[item] >= 0) {
            assert_false(group[b->group_of[item]]);
            group[b->group_of[item]] = true;
        }
        for (int k = 0; k < left; k++) assert_true(set != left_sets[k]); /* a set that was left is not come back to */
        int next = i + 1 < view->count ? b->set_of[view->steps[i + 1].item] : -1;
        if (set >= 0 && next != set) left_sets[left++] = set;
        count[b->area_of[item]]++;
        for (int a = 0; a < b->areas; a++) {
            double low = b->area[a].percent_min * (i + 1) / 100, high = b->area[a].percent_max * (i + 1) / 100;
            double off = count[a] < low ? low - count[a] : count[a] - high;
            if (off > watch->furthest) watch->furthest = off;
        }
    }
    quotas_t quotas;
    blueprint_quotas(b, view->count, &quotas);
    for (int a = 0; a < b->areas; a++)
        if (count[a] < quotas.low[a] || count[a] > quotas.high[a])
            fail_msg("test %d: %d of area %s", watch->tests, count[a], b->area[a].name);
    watch->tests++;
}

static void blueprint_is_met(void **state)
{
    (void)state;
    for (int s = 0; s < CAT_SELECTIONS; s++)
        for (int early = 0; early < 2; early++) {
            arena_t *arena = arena_new(1 << 28);
            items_t items = content_items(arena, 480, 12);
            cat_design_t design = cat_defaults();
            err_t err = {0};
            cat_use_t use;
            design.select = (cat_select_t)s;
            design.length_max = 40;
            if (early) design.stop_se = 0.32;
            cat_bank_t *bank = open_bank(arena, &items, BLUEPRINT, &design);
            study_plan_t plan = {.people = s == CAT_MFI ? 10000 : s == CAT_KL ? 100 : 1000, .seed = 4, .sd = 1};
            if (early) plan.people /= 4;
            assert_true(cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.3, &err));
            use.planned = plan.people;
            content_watch_t watch = {.bank = bank};
            study_t study = run(arena, bank, plan, &use, watch_content, &watch);
            assert_int_equal(watch.tests, plan.people);
            assert_int_equal(study.quota_violations, 0);
            assert_int_equal(study.yielded, 0);
            assert_true(study.exposure_max <= 0.3);
            assert_true(early ? study.shortest < 40 && study.stops[CAT_STOP_SE] > 0 : study.shortest == 40);
            /* at any moment no area is further outside its percentages than this; sets of four take their room */
            if (watch.furthest > 5) fail_msg("%s: %.2f items off", cat_select_name(design.select), watch.furthest);
            arena_free(arena);
        }
}

/* Without sets the beginning of a test is as balanced as the whole. */
static void every_length_is_balanced(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 28);
    items_t items = content_items(arena, 480, 12);
    items.set = NULL;
    cat_design_t design = cat_defaults();
    design.length_max = 60;
    cat_bank_t *bank = open_bank(arena, &items, BLUEPRINT, &design);
    content_watch_t watch = {.bank = bank};
    study_plan_t plan = {.people = 2000, .seed = 4, .sd = 1};
    run(arena, bank, plan, NULL, watch_content, &watch);
    if (watch.furthest > 1.5) fail_msg("%.2f items off", watch.furthest);
    arena_free(arena);
}

/* ---- exposure ---- */

static void exposure(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 28);
    items_t items = content_items(arena, 480, 3);
    cat_design_t design = cat_defaults();
    err_t err = {0};
    cat_use_t use;
    double reached;
    design.length_max = 30;
    cat_bank_t *bank = open_bank(arena, &items, BLUEPRINT, &design);
    study_plan_t plan = {.people = 3000, .seed = 9, .sd = 1};
    study_t free_use = run(arena, bank, plan, NULL, NULL, NULL);
    assert_true(free_use.exposure_max > 0.9); /* everybody begins with the same item */

    assert_true(cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.2, &err));
    use.planned = plan.people;
    study_t restricted = run(arena, bank, plan, &use, NULL, NULL);
    assert_true(restricted.exposure_max <= 0.2);
    assert_true(restricted.overlap < free_use.overlap && restricted.unused_share < free_use.unused_share);
    assert_int_equal(restricted.quota_violations, 0);

    assert_true(cat_use(&use, arena, bank, CAT_EXPOSURE_SYMPSON_HETTER, 0.2, &err));
    study_plan_t draft = plan;
    draft.people = 1500;
    assert_true(study_tune(&use, arena, bank, &draft, 25, &reached, &err));
    assert_true(reached < 0.24);
    study_t hetter = run(arena, bank, plan, &use, NULL, NULL);
    /* four standard errors of a share of 0.2 in either simulation */
    if (hetter.exposure_max > 0.2 + 4 * exact_sqrt(0.16 * (1.0 / 1500 + 1.0 / 3000)))
        fail_msg("sympson-hetter: %.3f after tuning to %.3f", hetter.exposure_max, reached);
    assert_int_equal(hetter.quota_violations, 0);
    /* what the limits cost: little */
    assert_true(restricted.rmse < free_use.rmse * 1.15 && hetter.rmse < free_use.rmse * 1.15);
    arena_free(arena);
}

/* A bank that cannot keep the limit and the blueprint: the blueprint is kept, the limit yields and that is counted. */
static void limit_yields(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 26);
    items_t items = content_items(arena, 60, 3);
    items.set = items.enemies = NULL;
    cat_design_t design = cat_defaults();
    err_t err = {0};
    cat_use_t use;
    design.length_max = 20;
    cat_bank_t *bank = open_bank(
        arena, &items, "area,percent_min,percent_max\na,75,75\nb,5,10\nc,5,20\nd,0,5\ne,0,5\nf,0,5\n", &design);
    assert_true(cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.5, &err));
    study_plan_t plan = {.people = 200, .seed = 1, .sd = 1};
    study_t study = run(arena, bank, plan, &use, NULL, NULL);
    assert_int_equal(study.quota_violations, 0);
    assert_true(study.yielded > 50 && study.exposure_max > 0.5);
    arena_free(arena);
}

/* ---- decisions ---- */

typedef struct {
    uint32_t decided, wrong;
} decided_watch_t;

static void watch_decided(void *context, const cat_view_t *view, double truth)
{
    decided_watch_t *watch = context;
    if (view->stop != CAT_STOP_DECISION) return;
    watch->decided++;
    watch->wrong += (view->decision == CAT_PASS) != (truth > 0.25);
}

/* Share of wrong decisions among those that the rule made, of people drawn as N(mean, sd); the mark is 0.25. */
static double wrong_share(cat_rule_t rule, double confidence, double mean, double sd, bool at_cut, uint32_t people)
{
    arena_t *arena = arena_new(1 << 26);
    items_t items = test_items(arena, 500, 44, false);
    cat_design_t design = cat_defaults();
    design.rule = rule;
    design.has_cut = true;
    design.cut = 0.25;
    design.at_cut = at_cut;
    design.confidence = confidence;
    design.alpha = design.beta = 1 - confidence;
    design.delta = 0.4;
    design.length_max = 200;
    cat_bank_t *bank = open_bank(arena, &items, NULL, &design);
    decided_watch_t watch = {0};
    study_plan_t plan = {.people = people, .seed = 70, .mean = mean, .sd = sd};
    study_t study = run(arena, bank, plan, NULL, watch_decided, &watch);
    assert_int_equal(study.decided, watch.decided);
    assert_int_equal(study.right + study.false_pass + study.false_fail, people);
    assert_true(watch.decided > people * 7 / 10);
    arena_free(arena);
    return (double)watch.wrong / watch.decided;
}

static void within(const char *what, double share, double low, double high)
{
    if (!(share >= low && share <= high)) fail_msg("%s: %.4f is not within %.3f .. %.3f", what, share, low, high);
}

static void error_rates(void **state)
{
    (void)state;
    enum { PEOPLE = 3000 };
    /* Wald: at cut - delta and cut + delta the error rates are near alpha and beta, a little below, because the last
     * item overshoots the bound; far from the mark they are far below. Sampling: 4 SE of 0.05 are 0.016. */
    for (int side = -1; side <= 1; side += 2)
        for (int tenth = 0; tenth < 2; tenth++) {
            double rate = wrong_share(CAT_RULE_SPRT, tenth ? 0.9 : 0.95, 0.25 + 0.4 * side, 0, true, PEOPLE);
            within("sprt at its limits", rate, tenth ? 0.05 : 0.02, tenth ? 0.122 : 0.066);
        }
    within("sprt two limits away", wrong_share(CAT_RULE_SPRT, 0.95, 1.05, 0, true, PEOPLE), 0, 0.008);
    /* Whatever the stopping rule, a posterior of 0.95 is wrong in at most 0.05 when the prior is the population. */
    within("posterior", wrong_share(CAT_RULE_POSTERIOR, 0.95, 0, 1, false, PEOPLE), 0.015, 0.06);
    within("posterior 0.9", wrong_share(CAT_RULE_POSTERIOR, 0.9, 0, 1, false, PEOPLE), 0.04, 0.115);
    within("interval", wrong_share(CAT_RULE_INTERVAL, 0.95, 0, 1, false, PEOPLE), 0.015, 0.066);
    within("interval 0.9", wrong_share(CAT_RULE_INTERVAL, 0.9, 0, 1, false, PEOPLE), 0.04, 0.122);
}

/* ---- sums ---- */

typedef struct {
    double error, square, se;
    int tests;
    bool given[50][300];
} sums_watch_t;

static void watch_sums(void *context, const cat_view_t *view, double truth)
{
    sums_watch_t *watch = context;
    watch->error += view->ability.theta - truth;
    watch->square += (view->ability.theta - truth) * (view->ability.theta - truth);
    watch->se += view->ability.se * view->ability.se;
    for (int i = 0; i < view->count; i++) watch->given[watch->tests][view->steps[i].item] = true;
    watch->tests++;
}

static void sums(void **state)
{
    (void)state;
    enum { ITEMS = 300, PEOPLE = 50, LENGTH = 25 };
    arena_t *arena = arena_new(1 << 26);
    items_t items = test_items(arena, ITEMS, 6, false);
    cat_design_t design = cat_defaults();
    design.length_max = LENGTH;
    design.select = CAT_RANDOMESQUE;
    cat_bank_t *bank = open_bank(arena, &items, NULL, &design);
    sums_watch_t watch = {0};
    study_plan_t plan = {.people = PEOPLE, .seed = 3, .sd = 1};
    study_t study = run(arena, bank, plan, NULL, watch_sums, &watch), again = run(arena, bank, plan, NULL, NULL, NULL);
    assert_memory_equal(study.given, again.given, ITEMS * sizeof *study.given);
    again.given = study.given;
    assert_memory_equal(&study, &again, sizeof study);
    near("bias", study.bias, watch.error / PEOPLE, 1e-12);
    near("rmse", study.rmse, exact_sqrt(watch.square / PEOPLE), 1e-12);
    near("se", study.se, exact_sqrt(watch.se / PEOPLE), 1e-12);
    double common = 0;
    uint32_t people = 0, items_counted = 0;
    for (int p = 0; p < PEOPLE; p++)
        for (int q = 0; q < p; q++)
            for (int i = 0; i < ITEMS; i++) common += watch.given[p][i] && watch.given[q][i];
    near("overlap", study.overlap, common / (PEOPLE * (PEOPLE - 1) / 2.0) / LENGTH, 1e-12);
    near("mean exposure", study.exposure_mean, (double)LENGTH / ITEMS, 1e-12);
    for (int b = 0; b < STUDY_BANDS; b++) people += study.bands[b].people;
    for (int d = 0; d < STUDY_DECILES; d++) items_counted += study.exposure_deciles[d];
    assert_int_equal(people, PEOPLE);
    assert_int_equal(items_counted, ITEMS);
    arena_free(arena);
}

/* The standard error that a sitting states is that of its estimate: over the population for eap and map (whose prior is
 * the population), by ability for mle and wle. */
static void honest_errors(void **state)
{
    (void)state;
    for (int m = 0; m < ABILITY_METHODS; m++) {
        arena_t *arena = arena_new(1 << 26);
        items_t items = test_items(arena, 400, 15, false);
        cat_design_t design = cat_defaults();
        design.ability.method = (ability_method_t)m;
        design.length_max = 40;
        cat_bank_t *bank = open_bank(arena, &items, NULL, &design);
        study_plan_t plan = {.people = m == ABILITY_EAP ? 3000 : 400, .seed = 8, .sd = 1};
        study_t study = run(arena, bank, plan, NULL, NULL, NULL);
        within(ability_method_name((ability_method_t)m), study.rmse / study.se, 0.9, 1.12);
        within("bias", study.bias, -0.06, 0.06);
        assert_true(study.correlation > 0.95);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(blueprint_is_met), cmocka_unit_test(every_length_is_balanced),
                                       cmocka_unit_test(exposure),         cmocka_unit_test(limit_yields),
                                       cmocka_unit_test(error_rates),      cmocka_unit_test(sums),
                                       cmocka_unit_test(honest_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
