/* Tubes and tests that nobody had planned at the start: new draws, tests that are added, aliquots. See shift_world.c.
 */
#include "roles.h"
#include "shift_private.h"

#include <assert.h>
#include <string.h>

int32_t world_another_tube(shift_t *shift, int32_t index)
{
    if (shift->specimen_count == SHIFT_MAX_SPECIMENS) return -1;
    const specimen_t old = shift->specimens[index];
    static const int32_t wait_min[SETTING_COUNT] = {90, 60, 25, 30, 20};
    specimen_t *fresh = specimen_new(shift, (setting_t)old.setting, shift->now_s + wait_min[old.setting] * 60);
    if (!fresh) return -1;
    int32_t at = (int32_t)(fresh - shift->specimens);
    fresh->order_person = fresh->label_person = fresh->blood_person = old.order_person;
    fresh->next_tube = shift->persons[old.order_person].first_tube;
    shift->persons[old.order_person].first_tube = at;
    fresh->location = old.location;
    fresh->priority = old.priority;
    fresh->panel_count = old.panel_count;
    for (int i = 0; i < old.panel_count; i++) fresh->panels[i] = old.panels[i];
    for (int w = 0; w < ANALYTE_WORDS; w++) fresh->tests[w] = old.tests[w];
    specimen_count_tests(fresh);
    fresh->bench = old.bench;
    fresh->tube_ordered = fresh->tube = old.tube_ordered;
    fresh->collected_s = fresh->arrive_s - 600;
    fresh->recollect_of = index;
    specimen_due(fresh);
    if (fresh->arrive_s < shift->length_s) event_push(shift, fresh->arrive_s, EVENT_ARRIVE, -1, at, 0);
    return at;
}

int32_t world_recollect(shift_t *shift, int32_t index)
{
    int32_t at = world_another_tube(shift, index);
    if (at >= 0) shift->specimens[index].replaced_by = at;
    return at;
}

void world_only_test(shift_t *shift, int32_t index, int analyte)
{
    specimen_t *specimen = &shift->specimens[index];
    assert(specimen->state == SPECIMEN_COMING);
    person_complete(shift, specimen->order_person);
    memset(specimen->tests, 0, sizeof specimen->tests);
    tests_add(specimen->tests, analyte);
    specimen_count_tests(specimen);
    specimen->panel_count = 0;
}

bool world_add_test(shift_t *shift, int32_t index, int analyte)
{
    specimen_t *specimen = &shift->specimens[index];
    if (shift->value_count + specimen->test_count + 1 > SHIFT_VALUES_MAX) return false;
    person_complete(shift, specimen->order_person);
    person_complete(shift, specimen->blood_person);
    tests_add(specimen->tests, analyte);
    specimen_count_tests(specimen);
    if (!specimen->prepared) return true;
    specimen->prepared = false; /* the same blood again, with one more number asked of it */
    world_prepare(shift, index);
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        int slot = specimen_slot(specimen, shift->results[r].analyte);
        shift->results[r].slot = (int16_t)slot;
        if (specimen->values >= 0) specimen_newest_by_slot(shift, specimen)[slot] = r;
    }
    return true;
}

/* What the computer calculates from other results goes with them; -1 fills up. */
static void parts_of(const lab_roles_t *roles, int analyte, int parts[3])
{
    const int table[][4] = {{roles->anion_gap, roles->sodium, roles->chloride, roles->co2},
                            {roles->globulin, roles->total_protein, roles->albumin, -1},
                            {roles->tsat, roles->iron, roles->tibc, -1},
                            {roles->ldl_calc, roles->triglycerides, roles->cholesterol, roles->hdl},
                            {roles->egfr, roles->creatinine, -1, -1}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (int k = 0; table[i][0] == analyte && k < 3; k++) parts[k] = table[i][k + 1];
}

int world_parted(const shift_t *shift, int32_t index, uint64_t tests[ANALYTE_WORDS])
{
    const specimen_t *parent = &shift->specimens[index];
    const lab_roles_t *roles = lab_roles(shift->lab);
    uint64_t derived[ANALYTE_WORDS];
    for (int w = 0; w < ANALYTE_WORDS; w++) derived[w] = parent->tests[w] & roles->derived[w];
    for (int a = tests_next(derived, 0); a >= 0; a = tests_next(derived, a + 1)) {
        int parts[3] = {-1, -1, -1}, all = 0, moved = 0;
        parts_of(roles, a, parts);
        for (int k = 0; k < 3; k++) {
            all += parts[k] >= 0;
            moved += parts[k] >= 0 && tests_has(tests, parts[k]);
        }
        if (moved > 0 && moved < all) return a;
        if (moved > 0) tests_add(tests, a);
    }
    return -1;
}

int32_t world_aliquot(shift_t *shift, int32_t index, const uint64_t tests[ANALYTE_WORDS])
{
    specimen_t *cup = specimen_new(shift, (setting_t)shift->specimens[index].setting, shift->now_s);
    if (!cup) return -1;
    specimen_t *parent = &shift->specimens[index];
    int32_t at = (int32_t)(cup - shift->specimens);
    cup->parent = index;
    cup->order_person = parent->order_person;
    cup->blood_person = parent->blood_person;
    cup->label_person = -1;
    cup->cues_before = LOOK_NO_LABEL;
    cup->cues_after = parent->cues_after & (uint32_t)~LOOK_NOT_PACKED;
    cup->next_tube = shift->persons[parent->order_person].first_tube;
    shift->persons[parent->order_person].first_tube = at;
    cup->location = parent->location;
    cup->priority = parent->priority;
    cup->bench = parent->bench;
    cup->tube = cup->tube_ordered = parent->tube;
    cup->fault_count = parent->fault_count;
    memcpy(cup->faults, parent->faults, sizeof cup->faults);
    cup->collected_s = parent->collected_s;
    cup->received_s = shift->now_s;
    cup->spin_s = parent->spin_s;
    cup->spun_s = parent->spun_s;
    cup->due_s = parent->due_s;
    cup->line_draw = parent->line_draw;
    cup->time_missing = parent->time_missing;
    cup->kept = parent->kept;
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        cup->tests[w] = tests[w];
        parent->tests[w] &= ~tests[w];
    }
    specimen_count_tests(cup);
    if (!parent->prepared) specimen_count_tests(parent);
    cup->state = cup->test_count > 0 ? SPECIMEN_SPUN : SPECIMEN_DONE;
    if (cup->test_count == 0) cup->resulted_s = shift->now_s;
    cup->number = (int16_t)(1001 + shift->arrived);
    shift->by_arrival[shift->arrived++] = at;
    return at;
}
