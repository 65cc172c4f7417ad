/* Reads what plans are made of. Conditions and sources are read as every rule is (rules.c); this file reads the rest of
 * content/road/steps.json, and makes the options: a step at full or half pace, work of several lengths, every exam and
 * every license that has an open route, once as certain and once as doubtful where its text leaves a doubt. */
#include "plan_private.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char steps_file[] = "road/steps.json";

typedef struct {
    plans_t *plans;
    arena_t *arena;
    json_t *root;
    err_t *err;
    int bases, months_low, months_high; /* of an application */
} making_t;

static bool wrong(const making_t *m, const char *where, const char *what)
{
    return err_set(m->err, ERR_INPUT, "content/%s: %s: %s", steps_file, where, what);
}

static bool full(const making_t *m)
{
    return err_set(m->err, ERR_LIMIT, "There is no room for the steps of plans.");
}

static bool add(making_t *m, const option_t *option, const path_step_t *step)
{
    plans_t *p = m->plans;
    if (p->count == PATH_STEPS_MAX)
        return err_set(m->err, ERR_LIMIT, "content/%s makes more than %d steps.", steps_file, PATH_STEPS_MAX);
    p->options[p->count] = *option;
    p->steps[p->count++] = *step;
    return true;
}

/* [low, high], whole and not negative; a missing or null value leaves *known false. */
static bool read_pair(const making_t *m, const json_t *object, const char *key, const char *where, bool *known,
                      int *low, int *high)
{
    const json_t *list = json_object_get(object, key);
    *known = list != NULL && !json_is_null(list);
    if (!*known) return true;
    json_int_t a = json_integer_value(json_array_get(list, 0)), b = json_integer_value(json_array_get(list, 1));
    if (json_array_size(list) != 2 || a < 0 || b < a || b > 1000000)
        return wrong(m, where, "prices and months are two whole numbers, the lower first.");
    *low = (int)a;
    *high = (int)b;
    return true;
}

static bool read_adds(const making_t *m, const json_t *adds, const char *where, const record_t **to)
{
    record_t *record = arena_alloc(m->arena, sizeof *record);
    char *text = json_dumps(adds, JSON_COMPACT);
    err_t why = {0};
    bool ok = record != NULL && text != NULL && record_read(record, m->arena, text, strlen(text), &why);
    free(text);
    *to = record;
    if (ok && (record->degree.count > 2 || record->programs.count > 2 || record->jobs.count > 2 ||
               record->courses.count > 2 || record->work_hours.count > 2))
        return wrong(m, where, "a step adds at most two things of a kind.");
    if (record == NULL || why.code == ERR_NONE) return ok || full(m);
    return wrong(m, where, why.text);
}

static path_lane_t lane_of(const char *kind)
{
    return strcmp(kind, "work") == 0 ? PATH_WORK : PATH_STUDY;
}

static const char *known_kind(const char *word)
{
    static const char *const kinds[] = {"program", "degree", "credit", "military", "work"};
    for (size_t i = 0; word != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], word) == 0) return kinds[i];
    return NULL;
}

static const char *work_title(arena_t *arena, const char *title, int months)
{
    char text[200];
    int n = months % 12 == 0
                ? snprintf(text, sizeof text, "%s for %d %s", title, months / 12, months == 12 ? "year" : "years")
                : snprintf(text, sizeof text, "%s for %d months", title, months);
    return arena_text(arena, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

static bool make_work(making_t *m, const json_t *months, option_t option, path_step_t step)
{
    const char *title = option.title;
    size_t count = json_array_size(months);
    if (count == 0 || count > PLAN_WORK_LENGTHS_MAX) return wrong(m, title, "work has one to eight lengths in months.");
    for (size_t i = 0; i < count; i++) {
        json_int_t length = json_integer_value(json_array_get(months, i));
        if (length < 1 || length > PATH_MONTHS_MAX) return wrong(m, title, "a length of work is a number of months.");
        step.months_low = step.months_high = option.months = (int)length;
        if ((option.title = work_title(m->arena, title, option.months)) == NULL) return full(m);
        if (!add(m, &option, &step)) return false;
    }
    return true;
}

static bool make_step(making_t *m, const route_t *route, const json_t *object)
{
    const json_t *step = json_object_get(object, "step");
    option_t option = {.kind = OPTION_STEP, .title = route->summary, .route = route};
    path_step_t path = {.base = m->bases++};
    bool months;
    if ((option.kind_word = known_kind(json_string_value(json_object_get(step, "kind")))) == NULL)
        return wrong(m, route->id, "\"kind\" is program, degree, credit, military or work.");
    if (route->status != ROUTE_OPEN) return wrong(m, route->id, "a step is open.");
    path.lane = lane_of(option.kind_word);
    path.hours_week = (int)json_integer_value(json_object_get(step, "hours_week"));
    if (path.hours_week < 0 || path.hours_week > 100) return wrong(m, route->id, "\"hours_week\" is 0 to 100.");
    if (!read_pair(m, step, "cost_usd", route->id, &path.cost_known, &path.cost_low, &path.cost_high) ||
        !read_adds(m, json_object_get(step, "adds"), route->id, &option.adds))
        return false;
    option.reach = json_is_true(json_object_get(step, "reach"));
    option.military = json_object_get(step, "only_if") != NULL;
    if (path.lane == PATH_WORK) return make_work(m, json_object_get(step, "months"), option, path);
    if (!read_pair(m, step, "months", route->id, &months, &path.months_low, &path.months_high)) return false;
    if (!months || path.months_low < 1 || path.months_high > PATH_MONTHS_MAX / 2)
        return wrong(m, route->id, "\"months\" are the shortest and the longest time, at least 1.");
    if (!add(m, &option, &path)) return false;
    if (!json_is_true(json_object_get(step, "half_pace"))) return true;
    char title[300];
    int n = snprintf(title, sizeof title, "%s, at half pace", option.title);
    if ((option.title = arena_text(m->arena, title, (size_t)n < sizeof title ? (size_t)n : sizeof title - 1)) == NULL)
        return full(m);
    path.months_low *= 2;
    path.months_high *= 2;
    path.hours_week = (path.hours_week + 1) / 2;
    return add(m, &option, &path);
}

static bool make_steps(making_t *m)
{
    const goal_t *goal = rules_goal(&m->plans->own, "STEPS");
    const json_t *goals = json_object_get(m->root, "credentials"), *routes = NULL;
    for (size_t i = 0; i < json_array_size(goals); i++) {
        const json_t *one = json_array_get(goals, i);
        const char *id = json_string_value(json_object_get(one, "credential"));
        if (id != NULL && strcmp(id, "STEPS") == 0) routes = json_object_get(one, "routes");
    }
    if (goal == NULL || routes == NULL) return wrong(m, "STEPS", "is missing among the credentials.");
    for (size_t i = 0; i < goal->count; i++)
        if (!make_step(m, &goal->routes[i], json_array_get(routes, i))) return false;
    return true;
}

/* ---- exams and licenses ---- */

static bool doubtful_node(const node_t *node)
{
    if (node->kind == NODE_LEAF) return node->leaf->disputed || node->leaf->window_unread;
    for (size_t i = 0; i < node->count; i++)
        if (doubtful_node(&node->children[i])) return true;
    return false;
}

/* Does any open route leave nothing open, does any leave a doubt? */
static void look_at(const goal_t *goal, bool *sure, bool *doubt)
{
    *sure = *doubt = false;
    for (size_t i = 0; i < goal->count; i++) {
        const route_t *route = &goal->routes[i];
        if (route->status != ROUTE_OPEN) continue;
        *sure = *sure || route->complete;
        *doubt = *doubt || !route->complete || doubtful_node(route->requires);
    }
}

static json_t *exam_adds(const making_t *m, const char *credential, bool with_perhaps, bool *perhaps)
{
    const json_t *exams = json_object_get(m->root, "exams");
    json_t *adds = json_pack("{s:[{s:s,s:s}]}", "certificates", "id", credential, "status", "valid");
    *perhaps = false;
    for (size_t i = 0; i < json_array_size(exams); i++) {
        const json_t *exam = json_array_get(exams, i);
        const char *id = json_string_value(json_object_get(exam, "credential"));
        if (id == NULL || strcmp(id, credential) != 0) continue;
        if (!json_is_string(json_object_get(exam, "level"))) continue; /* record_read will say so of what is left */
        json_t *by = json_deep_copy(json_object_get(exam, "accepted_by"));
        *perhaps = json_array_size(json_object_get(exam, "perhaps")) > 0;
        if (with_perhaps) json_array_extend(by, json_object_get(exam, "perhaps"));
        json_object_set_new(adds, "exams_passed",
                            json_pack("[{s:O,s:o}]", "level", json_object_get(exam, "level"), "accepted_by", by));
    }
    return adds;
}

static bool add_application(making_t *m, option_t option, path_step_t step, json_t *adds)
{
    bool ok = read_adds(m, adds, option.goal->id, &option.adds);
    json_decref(adds);
    step.lane = PATH_WAIT;
    step.months_low = m->months_low;
    step.months_high = m->months_high;
    step.doubtful = option.lenient;
    return ok && add(m, &option, &step);
}

static bool make_exam(making_t *m, const goal_t *goal)
{
    bool sure, doubt, perhaps;
    look_at(goal, &sure, &doubt);
    if (!sure && !doubt) return true;
    const credential_t *credential = credential_find(m->plans->licenses, goal->id);
    char title[200];
    int64_t fee = 0;
    int n = snprintf(title, sizeof title, "Exam and certificate %s", credential ? credential->post_nominal : goal->id);
    option_t option = {.kind = OPTION_EXAM, .kind_word = "exam", .goal = goal};
    path_step_t step = {.base = m->bases++};
    if ((option.title = arena_text(m->arena, title, (size_t)n < sizeof title ? (size_t)n : sizeof title - 1)) == NULL)
        return full(m);
    step.cost_known = credential != NULL && text_to_int(credential->fee_usd, strlen(credential->fee_usd), &fee);
    step.cost_low = step.cost_high = (int)fee;
    json_t *adds = exam_adds(m, goal->id, false, &perhaps);
    if (sure ? !add_application(m, option, step, adds) : (json_decref(adds), false)) return false;
    option.lenient = true;
    return (!doubt && !perhaps) || add_application(m, option, step, exam_adds(m, goal->id, true, &perhaps));
}

/* Level and fee of a license, from "licenses" or from the goal's own object in this file. */
static const json_t *license_object(const making_t *m, const char *goal)
{
    static const struct {
        const char *list, *key;
    } places[] = {{"licenses", "goal"}, {"state_licences", "licence"}};
    for (size_t k = 0; k < 2; k++) {
        const json_t *list = json_object_get(m->root, places[k].list);
        for (size_t i = 0; i < json_array_size(list); i++) {
            const char *id = json_string_value(json_object_get(json_array_get(list, i), places[k].key));
            if (id != NULL && strcmp(id, goal) == 0) return json_array_get(list, i);
        }
    }
    return NULL;
}

static bool make_license(making_t *m, const goal_t *goal)
{
    bool sure, doubt;
    const json_t *object = license_object(m, goal->id);
    const char *level = json_string_value(json_object_get(object, "level"));
    look_at(goal, &sure, &doubt);
    if (!sure && !doubt) return true;
    if (level == NULL) return wrong(m, goal->id, "a license stands in \"licenses\" with its level.");
    const license_t *state = licenses_find(m->plans->licenses, goal->state);
    option_t option = {.kind = OPTION_LICENSE, .kind_word = "license", .goal = goal};
    path_step_t step = {.base = m->bases++};
    char title[200];
    int n = snprintf(title, sizeof title, "License as a %s in %s", level, state ? state->jurisdiction : goal->state);
    if ((option.title = arena_text(m->arena, title, (size_t)n < sizeof title ? (size_t)n : sizeof title - 1)) == NULL)
        return full(m);
    if (!read_pair(m, object, "fee_usd", goal->id, &step.cost_known, &step.cost_low, &step.cost_high)) return false;
    for (option.lenient = !sure;; option.lenient = true) {
        json_t *adds =
            json_pack("{s:[{s:s,s:s,s:s}]}", "state_licences", "state", goal->state, "level", level, "status", "valid");
        if (!add_application(m, option, step, adds)) return false;
        if (option.lenient || !doubt) return true;
    }
}

static bool make_applications(making_t *m)
{
    const rules_t *both[] = {m->plans->rules, &m->plans->own};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->count; i++) {
            const goal_t *goal = &both[k]->goals[i];
            if (goal->kind == GOAL_CREDENTIAL && k == 0 && !make_exam(m, goal)) return false;
            if (goal->kind == GOAL_STATE && !make_license(m, goal)) return false;
        }
    return true;
}

/* ---- all of it ---- */

const rules_t *plan_part_read(const plans_t *plans)
{
    return &plans->own;
}

void plan_answer_months(const plans_t *plans, int *low, int *high)
{
    *low = plans->answer_low;
    *high = plans->answer_high;
}

/* Its place in the table, empty where the condition is not in it yet. */
touch_t *plans_touch(const plans_t *plans, const leaf_t *leaf)
{
    size_t slot = (size_t)((uintptr_t)leaf / sizeof(void *) * 2654435761u);
    for (;; slot++) {
        touch_t *touch = &plans->touches[slot % (2 * PLAN_LEAVES_MAX)];
        if (touch->leaf == leaf || touch->leaf == NULL) return touch;
    }
}

static bool gather_leaf(making_t *m, const leaf_t *leaf)
{
    plans_t *p = m->plans;
    touch_t *touch = plans_touch(p, leaf);
    if (p->leaves++ == PLAN_LEAVES_MAX)
        return err_set(m->err, ERR_LIMIT, "There are more than %d conditions.", PLAN_LEAVES_MAX);
    touch->leaf = leaf;
    for (int i = 0; i < p->count; i++) {
        if (!option_touches(&p->options[i], leaf)) continue;
        path_set_add(&touch->options, i);
        if (!p->options[i].military) path_set_add(&touch->civilian, i);
    }
    for (int i = 0; i < p->subject_count; i++)
        if (leaf->kind != LEAF_SEMESTER_HOURS || strcmp(p->subjects[i], leaf->word) == 0) return true;
    if (leaf->kind == LEAF_SEMESTER_HOURS && p->subject_count < PLAN_SUBJECTS_MAX)
        p->subjects[p->subject_count++] = leaf->word;
    return true;
}

static bool gather_node(making_t *m, const node_t *node)
{
    if (node->kind == NODE_LEAF) return gather_leaf(m, node->leaf);
    for (size_t i = 0; i < node->count; i++)
        if (!gather_node(m, &node->children[i])) return false;
    return true;
}

static bool gather(making_t *m, const rules_t *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        for (size_t k = 0; k < rules->goals[i].count; k++)
            if (rules->goals[i].routes[k].requires != NULL && !gather_node(m, rules->goals[i].routes[k].requires))
                return false;
    return true;
}

static bool make_notes(making_t *m)
{
    const json_t *list = json_object_get(m->root, "application_notes");
    const char **notes = arena_array(m->arena, json_array_size(list) + 1, sizeof *notes);
    if (notes == NULL) return full(m);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL) return wrong(m, "application_notes", "is a list of texts.");
        if ((notes[i] = arena_text(m->arena, text, strlen(text))) == NULL) return full(m);
    }
    m->plans->application_notes = notes;
    return true;
}

static bool make_all(making_t *m)
{
    bool known;
    plans_t *p = m->plans;
    p->options = arena_array(m->arena, PATH_STEPS_MAX, sizeof *p->options);
    p->steps = arena_array(m->arena, PATH_STEPS_MAX, sizeof *p->steps);
    if (p->options == NULL || p->steps == NULL) return full(m);
    if (!read_pair(m, m->root, "application_months", "application_months", &known, &m->months_low, &m->months_high))
        return false;
    if (!known || m->months_low < 1)
        return wrong(m, "application_months", "are the shortest and the longest, at least 1.");
    p->answer_low = m->months_low;
    p->answer_high = m->months_high;
    if ((p->touches = arena_array(m->arena, (size_t)2 * PLAN_LEAVES_MAX, sizeof *p->touches)) == NULL) return full(m);
    return make_notes(m) && make_steps(m) && make_applications(m) && gather(m, p->rules) && gather(m, &p->own);
}

bool plans_load(plans_t **plans, arena_t *arena, const source_t *content, const rules_t *rules,
                const licenses_t *licenses, err_t *err)
{
    const source_file_t *file = source_find(content, steps_file);
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "content/%s is not there.", steps_file);
    making_t m = {.arena = arena, .err = err, .plans = arena_alloc(arena, sizeof *m.plans)};
    if (m.plans == NULL) return full(&m);
    m.plans->rules = rules;
    m.plans->licenses = licenses;
    const char *bytes = (const char *)file->bytes;
    if (!rules_read(&m.plans->own, arena, file->path, bytes, file->length, err)) return false;
    json_error_t bad;
    m.root = json_loadb(bytes, file->length, JSON_REJECT_DUPLICATES, &bad);
    bool ok = m.root != NULL ? make_all(&m) : wrong(&m, "the file", bad.text);
    json_decref(m.root);
    *plans = m.plans;
    return ok;
}
