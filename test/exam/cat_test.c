/* Adaptive tests: whole sequences against an independent implementation (cat_sequences.csv; see README.md), each choice
 * against looking at every item, and what a sitting promises: the full bank gives the fixed form's ability, review
 * scores the final answers, the same seed gives the same test. */
#include "cat_private.h"
#include "exam_test.h"

static responses_t read_responses(arena_t *arena, const char *name)
{
    responses_t responses;
    size_t length;
    err_t err = {0};
    char *bytes = test_read(name, &length);
    if (!responses_read(&responses, arena, name, (const unsigned char *)bytes, length, &err)) fail_msg("%s", err.text);
    free(bytes);
    return responses;
}

static items_t read_items(arena_t *arena, const char *name)
{
    items_t items;
    size_t length;
    err_t err = {0};
    char *bytes = test_read(name, &length);
    if (!items_read(&items, arena, name, (const unsigned char *)bytes, length, &err)) fail_msg("%s", err.text);
    free(bytes);
    return items;
}

/* Bank and sitting of a design without a blueprint. */
static cat_sitting_t *open_sitting(arena_t *arena, const items_t *items, const cat_design_t *design)
{
    blueprint_t *blueprint = arena_alloc(arena, sizeof *blueprint);
    cat_bank_t *bank = NULL;
    cat_sitting_t *sitting = NULL;
    err_t err = {0};
    if (!blueprint_none(blueprint, arena, items, &err) || !cat_bank(&bank, arena, items, blueprint, design, &err) ||
        !cat_sitting(&sitting, arena, bank, &err))
        fail_msg("%s", err.text);
    return sitting;
}

static void begin(cat_sitting_t *sitting, uint64_t seed, uint64_t person, cat_use_t *use)
{
    err_t err = {0};
    if (!cat_begin(sitting, seed, person, NULL, use, &err)) fail_msg("%s", err.text);
}

static void play(cat_sitting_t *sitting, const int8_t *answers)
{
    for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting)) {
        assert_int_equal(cat_next(sitting), item); /* the same until it is answered */
        cat_answer(sitting, answers[item]);
    }
}

static void sequences(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 26);
    items_t items = read_items(arena, "cat_items.csv");
    responses_t responses = read_responses(arena, "cat_responses.csv");
    csv_t table = test_table("cat_sequences.csv", arena);
    cat_sitting_t *sitting = NULL;
    int checked = 0;
    for (size_t row = 0; row < table.rows; row++) {
        int64_t person = 0, step = 0, response = 0;
        double theta = 0, se = 0;
        err_t err = {0};
        assert_true(csv_int(&table, row, 2, &person, &err) && csv_int(&table, row, 3, &step, &err) &&
                    csv_int(&table, row, 5, &response, &err) && csv_double(&table, row, 6, &theta, &err) &&
                    csv_double(&table, row, 7, &se, &err));
        if (step == 1) { /* a new test */
            cat_design_t design = cat_defaults();
            assert_true(cat_select_from_name(csv_text(&table, row, 0), &design.select));
            assert_true(ability_method_from_name(csv_text(&table, row, 1), &design.ability.method));
            for (size_t next = row; next < table.rows; next++) {
                int64_t at = 0;
                assert_true(csv_int(&table, next, 3, &at, &err));
                if (at != design.length_max + 1) break;
                design.length_max++;
            }
            sitting = open_sitting(arena, &items, &design);
            begin(sitting, 1, (uint64_t)person, NULL);
            play(sitting, responses.answers + (size_t)(person - 1) * responses.items);
            assert_int_equal(cat_view(sitting).count, design.length_max);
        }
        const cat_step_t *found = &cat_view(sitting).steps[step - 1];
        char what[96];
        snprintf(what, sizeof what, "%s %s person %d step %d", csv_text(&table, row, 0), csv_text(&table, row, 1),
                 (int)person, (int)step);
        if (strcmp(items.items[found->item].id, csv_text(&table, row, 4)) != 0)
            fail_msg("%s: item %s, expected %s", what, items.items[found->item].id, csv_text(&table, row, 4));
        assert_int_equal(found->response, response);
        near(what, found->theta, theta, 2e-6);
        near(what, found->se, se, 2e-6);
        checked++;
    }
    assert_int_equal(checked, 354);
    arena_free(arena);
}

/* Every choice by information, also far outside the table, is that of looking at all items. */
static void all_items_looked_at(void **state)
{
    (void)state;
    enum { ITEMS = 300, LENGTH = 40, PEOPLE = 40 };
    arena_t *arena = arena_new(1 << 26);
    items_t items = test_items(arena, ITEMS, 8, true);
    cat_design_t design = cat_defaults();
    design.length_max = LENGTH;
    cat_sitting_t *sitting = open_sitting(arena, &items, &design);
    for (uint64_t person = 0; person < PEOPLE; person++) {
        bool given[ITEMS] = {false};
        rng_t rng = rng_at(2, 2, person, 0);
        begin(sitting, 1, person, NULL);
        for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting)) {
            double theta = sitting->ability.theta, most = -1;
            int best = -1;
            for (int i = 0; i < ITEMS; i++)
                if (!given[i] && irt_information(&items.items[i], theta) > most) {
                    most = irt_information(&items.items[i], theta);
                    best = i;
                }
            if (best != item) fail_msg("person %d at %.4f: item %d, best %d", (int)person, theta, item, best);
            given[item] = true;
            cat_answer(sitting, (int)rng_below(&rng, (uint32_t)items.items[item].categories));
            if (person % 2) sitting->ability.theta = 18 * (rng_uniform(&rng) - 0.5); /* look anywhere */
        }
    }
    arena_free(arena);
}

/* A test of the whole bank ends with the ability of the fixed form, by every estimator and selection. */
static void full_bank(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 28);
    items_t items = read_items(arena, "cat_items.csv");
    responses_t responses = read_responses(arena, "cat_responses.csv");
    for (int m = 0; m < ABILITY_METHODS; m++)
        for (int s = 0; s < CAT_SELECTIONS; s++) {
            cat_design_t design = cat_defaults();
            design.ability.method = (ability_method_t)m;
            design.select = (cat_select_t)s;
            cat_sitting_t *sitting = open_sitting(arena, &items, &design);
            for (size_t person = 0; person < responses.persons; person++) {
                irt_answer_t answers[64];
                const int8_t *given = responses.answers + person * responses.items;
                for (size_t i = 0; i < items.count; i++) answers[i] = (irt_answer_t){&items.items[i], given[i]};
                begin(sitting, 1, person, NULL);
                play(sitting, given);
                ability_t fixed = ability_estimate(answers, items.count, &design.ability);
                cat_view_t view = cat_view(sitting);
                assert_int_equal(view.count, items.count);
                assert_int_equal(view.stop, CAT_STOP_LENGTH);
                near("theta", view.ability.theta, fixed.theta, 1e-9);
                near("se", view.ability.se, fixed.se, 1e-6);
            }
        }
    arena_free(arena);
}

/* Review after the end scores the final answers; the items stay; nothing else is allowed. */
static void review(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 26);
    items_t items = read_items(arena, "cat_items.csv");
    responses_t responses = read_responses(arena, "cat_responses.csv");
    for (int m = 0; m < ABILITY_METHODS; m++) {
        cat_design_t design = cat_defaults();
        err_t err = {0};
        irt_answer_t answers[64];
        design.length_max = 15;
        design.has_cut = true;
        design.ability.method = (ability_method_t)m;
        cat_sitting_t *sitting = open_sitting(arena, &items, &design);
        begin(sitting, 1, 0, NULL);
        cat_next(sitting);
        assert_false(cat_revise(sitting, 0, 0, &err));
        assert_int_equal(err.code, ERR_STATE);
        play(sitting, responses.answers);
        cat_view_t view = cat_view(sitting);
        assert_int_equal(view.decision, CAT_FAIL); /* the first person is weak */
        double before = view.ability.theta, shown = view.steps[3].theta;
        for (int i = 0; i < view.count; i++) {
            int item = view.steps[i].item, top = items.items[item].categories - 1;
            assert_false(cat_revise(sitting, i, top + 1, &err));
            if (i % 5 != 4 && !cat_revise(sitting, i, top, &err)) fail_msg("%s", err.text);
            answers[i] = (irt_answer_t){&items.items[item], view.steps[i].response};
        }
        assert_false(cat_revise(sitting, view.count, 0, &err));
        view = cat_view(sitting);
        near("final theta", view.ability.theta, ability_estimate(answers, (size_t)view.count, &design.ability).theta,
             0);
        assert_true(view.ability.theta > before + 0.5);
        assert_int_equal(view.decision, CAT_PASS);
        near("what was shown", view.steps[3].theta, shown, 0);
    }
    arena_free(arena);
}

/* The rules that draw: among the best, reproducible, and from chance to information. */
static void random_rules(void **state)
{
    (void)state;
    enum { ITEMS = 200, LENGTH = 30 };
    arena_t *arena = arena_new(1 << 27);
    items_t items = test_items(arena, ITEMS, 21, false);
    int8_t answers[ITEMS];
    for (int i = 0; i < ITEMS; i++) answers[i] = (int8_t)(i % 2);
    for (int s = CAT_PROGRESSIVE; s <= CAT_RANDOMESQUE; s++) {
        cat_design_t design = cat_defaults();
        design.select = (cat_select_t)s;
        design.length_max = LENGTH;
        cat_sitting_t *sitting = open_sitting(arena, &items, &design);
        int first[ITEMS], different = 0;
        double early = 0, late = 0;
        for (uint64_t person = 0; person < 50; person++) {
            for (int again = 0; again < 2; again++) {
                bool given[ITEMS] = {false};
                double from = design.start;
                begin(sitting, 5, person, NULL);
                play(sitting, answers);
                cat_view_t view = cat_view(sitting);
                for (int i = 0; i < LENGTH; i++) {
                    int item = view.steps[i].item, ahead = 0;
                    if (again) assert_int_equal(item, first[i]);
                    if (!again && person && i == 0 && item != first[0]) different++;
                    assert_false(given[item]);
                    for (int k = 0; k < ITEMS; k++)
                        ahead += !given[k] &&
                                 irt_information(&items.items[k], from) > irt_information(&items.items[item], from);
                    if (s == CAT_RANDOMESQUE) assert_true(ahead < design.randomesque);
                    if (i < 5) early += ahead;
                    if (i >= LENGTH - 5) late += ahead;
                    given[item] = true;
                    from = view.steps[i].theta;
                }
                for (int i = 0; i < LENGTH; i++) first[i] = view.steps[i].item;
            }
        }
        assert_true(different > 20);
        if (s == CAT_PROGRESSIVE) assert_true(early > 5 * late && late > 0);
    }
    arena_free(arena);
}

/* Flat items first, steep items last, in every part of the scale. */
static void strata(void **state)
{
    (void)state;
    enum { ITEMS = 400, LENGTH = 40, STRATA = 4 };
    arena_t *arena = arena_new(1 << 26);
    items_t items = test_items(arena, ITEMS, 33, false);
    cat_design_t design = cat_defaults();
    design.select = CAT_STRATIFIED;
    design.length_max = LENGTH;
    cat_sitting_t *sitting = open_sitting(arena, &items, &design);
    double slope[STRATA] = {0}, place[STRATA] = {0};
    int count[STRATA] = {0};
    for (int i = 0; i < ITEMS; i++) {
        int stratum = sitting->bank->stratum[i];
        slope[stratum] += items.items[i].a / (ITEMS / STRATA);
        place[stratum] += items.items[i].b[0] / (ITEMS / STRATA);
        count[stratum]++;
    }
    for (int s = 0; s < STRATA; s++) {
        assert_int_equal(count[s], ITEMS / STRATA);
        near("mean difficulty", place[s], place[0], 0.15);
        if (s > 0) assert_true(slope[s] > slope[s - 1]);
    }
    begin(sitting, 1, 0, NULL);
    for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting)) {
        assert_int_equal(sitting->bank->stratum[item], sitting->count * STRATA / LENGTH);
        cat_answer(sitting, sitting->count % 2);
    }
    arena_free(arena);
}

/* Each reason to stop, and what an infinite estimate does on the way. */
static void stopping(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 27);
    items_t items = test_items(arena, 200, 5, false);
    int8_t right[200], mixed[200];
    for (int i = 0; i < 200; i++) {
        right[i] = 1;
        mixed[i] = items.items[i].b[0] < 0.3;
    }
    cat_design_t design = cat_defaults();
    design.stop_se = 0.3;
    design.length_min = 7;
    cat_sitting_t *sitting = open_sitting(arena, &items, &design);
    begin(sitting, 1, 0, NULL);
    play(sitting, mixed);
    cat_view_t view = cat_view(sitting);
    assert_int_equal(view.stop, CAT_STOP_SE);
    assert_true(view.ability.se <= 0.3 && view.steps[view.count - 2].se > 0.3 && view.count >= 7);

    design = cat_defaults();
    design.has_cut = true;
    design.cut = -0.5;
    design.length_max = 60;
    for (int rule = CAT_RULE_INTERVAL; rule < CAT_RULES; rule++) {
        design.rule = (cat_rule_t)rule;
        sitting = open_sitting(arena, &items, &design);
        begin(sitting, 1, 0, NULL);
        play(sitting, right);
        view = cat_view(sitting);
        assert_int_equal(view.stop, CAT_STOP_DECISION);
        assert_int_equal(view.decision, CAT_PASS);
        assert_true(view.count < 20);
    }
    design.rule = CAT_RULE_NONE; /* the mark alone decides at the end and stops nothing */
    sitting = open_sitting(arena, &items, &design);
    begin(sitting, 1, 0, NULL);
    play(sitting, mixed);
    view = cat_view(sitting);
    assert_int_equal(view.stop, CAT_STOP_LENGTH);
    assert_int_equal(view.decision, CAT_PASS);
    assert_int_equal(view.count, 60);

    design.ability.method = ABILITY_MLE; /* all right: theta climbs, the end is the bound, and it is said */
    sitting = open_sitting(arena, &items, &design);
    begin(sitting, 1, 0, NULL);
    play(sitting, right);
    view = cat_view(sitting);
    for (int i = 0; i + 1 < view.count; i++) {
        assert_true(view.steps[i].se > 1e300);
        assert_true(i == 0 || view.steps[i].theta > view.steps[i - 1].theta || i > 40);
    }
    assert_int_equal(view.ability.state, ABILITY_HIGHEST);
    near("bound", view.ability.theta, 6, 0);
    arena_free(arena);
}

static void refused(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 26);
    items_t items = test_items(arena, 10, 5, false);
    blueprint_t none;
    cat_bank_t *bank = NULL;
    cat_use_t use;
    err_t err = {0};
    assert_true(blueprint_none(&none, arena, &items, &err));
    const struct {
        cat_design_t design;
        const char *words;
    } cases[] = {
        {.words = "nodes", .design = {.ability = {.nodes = 2}}},
        {.words = "bank of 10"},
        {.words = "least length"},
        {.words = "pass mark"},
        {.words = "confidence"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cat_design_t design = i == 0 ? cases[i].design : cat_defaults();
        if (i == 1) design.length_max = 11;
        if (i == 2) design.length_min = 11;
        if (i == 3) design.rule = CAT_RULE_SPRT;
        if (i == 4) design.confidence = 1;
        assert_false(cat_bank(&bank, arena, &items, &none, &design, &err));
        if (!strstr(err.text, cases[i].words)) fail_msg("\"%s\" does not speak of %s", err.text, cases[i].words);
    }
    cat_design_t design = cat_defaults();
    design.length_max = 5;
    assert_true(cat_bank(&bank, arena, &items, &none, &design, &err));
    assert_false(cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.4, &err));
    assert_non_null(strstr(err.text, "0.500"));
    assert_true(cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.6, &err));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sequences),    cmocka_unit_test(all_items_looked_at),
                                       cmocka_unit_test(full_bank),    cmocka_unit_test(review),
                                       cmocka_unit_test(random_rules), cmocka_unit_test(strata),
                                       cmocka_unit_test(stopping),     cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
