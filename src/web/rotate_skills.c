/* Competencies with the site's evidence and, beside it, the bench's; evaluations. */
#include "rotate.h"

#include "page_words.h"

#include "rotate_skills.html.h"

#include <string.h>

/* ---- bench evidence: what Titer's own shifts say, from their stored summaries ---- */

static bool read_bench(app_pool_t *pool, web_t *web, const request_t *request, err_t *err)
{
    int count;
    app_past_t *past = arena_array(request->arena, APP_HISTORY_MAX, sizeof *past);
    memset(pool, 0, sizeof *pool);
    if (past == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_history(web_app(web), past, APP_HISTORY_MAX, &count, err)) return false;
    for (int i = 0; i < count; i++) app_pool_add(pool, &past[i]);
    return true;
}

static const char *tally_words(arena_t *a, const char *name, const app_tally_t *t)
{
    if (t->observations == 0) return NULL;
    if (t->observations < app_competence_minimum())
        return words(a, "%s: %d observations, too few to say", name, t->observations);
    return words(a, "%s: %d of %d right", name, t->right, t->observations);
}

/* Of the competence of the debrief that the content names, and of the department's bench. NULL: nothing yet. */
static const char *bench_words(arena_t *a, const app_pool_t *pool, const rotation_rules_t *rules, const competency_t *c)
{
    static const char *const words_of[APP_COMPETENCES] = {"acceptance", "release", "criticals", "controls",
                                                          "upkeep",     "planted", "problems",  "telephone"};
    static const char *const benches[BENCH_COUNT] = {"chemistry", "hematology", "coagulation"};
    for (int i = 0; i < APP_COMPETENCES; i++)
        if (strcmp(words_of[i], c->bench) == 0) return tally_words(a, app_competence_name(i), &pool->competence[i]);
    int d = rotation_department(rules, c->department);
    for (int b = 0; d >= 0 && b < BENCH_COUNT; b++)
        if (strcmp(benches[b], rules->departments[d].bench) == 0)
            return tally_words(a, "results released", &pool->bench[b]);
    return NULL;
}

/* ---- the list ---- */

static const char *rating(arena_t *a, int value)
{
    return value > 0 ? words(a, "%d %s", value, rating_words(value)) : rating_words(value);
}

static const char *elements(arena_t *a, unsigned set, bool in_full)
{
    const char *line = "";
    for (int i = 0; i < ELEMENTS; i++) {
        if (!(set & (1u << i))) continue;
        if (in_full)
            line = words(a, "%s%s%d %s", line, line[0] ? "; " : "", i + 1, element_words(i));
        else
            line = words(a, "%s%s%d", line, line[0] ? " " : "", i + 1);
    }
    return line;
}

static skill_row_t skill_row(arena_t *a, const rotation_t *r, const competency_t *c, const skill_view_t *v,
                             const char *bench)
{
    static const char *const states[] = {"not rated", "waiting", "not yet", "needs remediation", "complete"};
    static const char *const kinds[] = {"plain", "warn", "info", "crit", "ok"};
    return (skill_row_t){
        .id = c->id,
        .href = words(a, "/rotate/skills/%s", c->id),
        .area = c->area,
        .department = c->department[0] != '\0' ? rotate_department_title(r, c->department) : "",
        .text = c->text,
        .state = states[v->state],
        .state_kind = kinds[v->state],
        .rating = v->by != NULL ? rating(a, v->by->rating) : "–",
        /* beside what was signed; alone, the newest */
        .self = v->by != NULL     ? rating(a, v->self_then)
                : v->last != NULL ? rating(a, v->last->self)
                                  : "–",
        .elements = elements(a, c->elements, false),
        .bench = bench != NULL ? bench : "–",
        .by = v->by != NULL ? words(a, "%s, %s", v->by->name, v->by->role) : "",
        .source = c->source,
    };
}

static const column_t skill_columns[] = {
    COLUMN(skill_row_t, "competency", "Competency", text),
    COLUMN(skill_row_t, "state", "State", state),
    COLUMN(skill_row_t, "rating", "Preceptor", rating),
    COLUMN_LEAST(skill_row_t, "self", "Own", self),
    COLUMN_LEAST(skill_row_t, "area", "Area", area),
    COLUMN_LEAST(skill_row_t, "elements", "Elements", elements),
    COLUMN_LEAST(skill_row_t, "bench", "At Titer's bench", bench),
};

static void get_skills(web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    skills_page_t page = {0};
    app_pool_t pool;
    err_t err;
    arena_t *a = request->arena;
    rotate_frame(&page.r, request, "Competencies", "/rotate/skills");
    if (!read_bench(&pool, web, request, &err) || !app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    page.rows = arena_array(a, COMPETENCIES_MAX, sizeof *page.rows);
    page.program_title = rotation_program_title(r->program);
    for (int e = 0; e < ELEMENTS; e++) page.elements[e].text = element_words(e);
    for (int i = 0; page.rows != NULL && i < r->rules->competency_count; i++) {
        const competency_t *c = &r->rules->competencies[i];
        skill_view_t v;
        if (strcmp(c->program, r->program) != 0) continue;
        rotation_competency(r, c->id, &v);
        page.rows[page.count++] = skill_row(a, r, c, &v, bench_words(a, &pool, r->rules, c));
        page.complete += v.state == SKILL_COMPLETE;
        for (int e = 0; e < ELEMENTS; e++) {
            page.elements[e].tagged += ((c->elements >> e) & 1u) != 0;
            page.elements[e].complete += ((c->elements >> e) & 1u) && v.state == SKILL_COMPLETE;
        }
    }
    app_rotation_leave(web_app(web));
    for (int e = 0; e < ELEMENTS; e++)
        if (page.elements[e].tagged > 0)
            page.elements[e].share = 100.0 * page.elements[e].complete / page.elements[e].tagged;
    page.all = page.count;
    table_init(&page.table, request, skill_columns, 7, NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "rotation-competencies.csv"))
        rotate_skills_page(response_html(response), &page);
}

/* ---- one competency ---- */

static void fill_past(skill_page_t *page, arena_t *a, const rotation_t *r)
{
    page->past = arena_array(a, (size_t)r->skill_count + 1, sizeof *page->past);
    for (int i = r->skill_count - 1; page->past != NULL && i >= 0; i--) {
        const rotation_skill_t *s = &r->skills[i];
        if (strcmp(s->competency, page->id) != 0) continue;
        const rotation_signature_t *by = rotation_signed(r, &s->item);
        page->past[page->past_count++] =
            (skill_row_t){.href = words(a, "/rotate/item/%s", s->item.id),
                          .text = words(a, "%s: own rating %s%s", words_day(a, s->item.at_ms), rating(a, s->self),
                                        by != NULL ? words(a, ", preceptor %s", rating(a, by->rating)) : ""),
                          .state = by == NULL  ? "waiting"
                                   : by->sound ? "signed"
                                               : "changed after signing",
                          .state_kind = by == NULL  ? "warn"
                                        : by->sound ? "ok"
                                                    : "crit",
                          .by = by != NULL ? words(a, "%s, %s", by->name, by->role) : ""};
    }
    if (page->site[0] == '\0' && r->entry_count > 0)
        page->site = words(a, "%s", r->entries[r->entry_count - 1].item.site);
}

static void skill_page(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    const rotation_t *r;
    app_pool_t pool;
    err_t err;
    arena_t *a = request->arena;
    const char *self = rotate_field(request, "self");
    skill_page_t page = {.site = rotate_field(request, "site"), .comment = rotate_field(request, "comment")};
    page.self = self[0] >= '1' && self[0] <= '5' && self[1] == '\0' ? self[0] - '0' : RATING_NONE;
    rotate_frame(&page.r, request, "Competency", "/rotate/skills");
    if (!read_bench(&pool, web, request, &err) || !app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    const competency_t *c = rotation_competency_of(r->rules, request_route(request, "id"));
    if (c != NULL) {
        page.id = c->id;
        page.text = c->text;
        page.elements = elements(a, c->elements, true);
        page.bench = bench_words(a, &pool, r->rules, c);
        page.source = words(a, "%s; %s, confidence %s.", c->source, c->as_of, c->confidence);
        fill_past(&page, a, r);
    }
    app_rotation_leave(web_app(web));
    if (c == NULL) {
        response_error(response, 404, "There is no such competency. The list shows what there is.");
        return;
    }
    if (refusal != NULL) {
        rotate_refused(&page.r, response, refusal);
        page.request = rotate_field(request, "request");
        page.ask_patient = refusal->code == ERR_STATE;
    }
    rotate_skill_page(response_html(response), &page);
}

static void get_skill(web_t *web, const request_t *request, response_t *response)
{
    skill_page(web, request, response, NULL);
}

static void post_skill(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    app_skill_t skill = {.id = rotate_field(request, "request"),
                         .competency = request_route(request, "id"),
                         .site = rotate_field(request, "site"),
                         .comment = rotate_field(request, "comment"),
                         .self = rotate_number(rotate_field(request, "self"), RATING_NONE),
                         .no_patient = rotate_ticked(request, "no_patient")};
    if (app_rotation_skill(web_app(web), &skill, &err))
        response_redirect(response, "/rotate/item/%s", skill.id);
    else
        skill_page(web, request, response, &err);
}

/* ---- evaluations ---- */

static void evaluations_page(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    const rotation_t *r;
    err_t err;
    arena_t *a = request->arena;
    signed char chosen[BEHAVIORS_MAX];
    evaluations_page_t page = {.site = rotate_field(request, "site"), .comment = rotate_field(request, "comment")};
    rotate_frame(&page.r, request, "Evaluations", "/rotate/evaluations");
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    page.final = strcmp(rotate_field(request, "kind"), "final") == 0;
    rotate_read_behaviors(request, r->rules, chosen);
    rotate_behaviors(page.behaviors, &page.behavior_count, r->rules, chosen);
    page.departments = arena_array(a, DEPARTMENTS_MAX, sizeof *page.departments);
    for (int i = 0; page.departments != NULL && i < r->rules->department_count; i++)
        page.departments[page.department_count++] =
            (option_t){r->rules->departments[i].id, r->rules->departments[i].title,
                       strcmp(r->rules->departments[i].id, rotate_field(request, "department")) == 0};
    page.past = arena_array(a, ROTATION_EVALUATIONS_MAX, sizeof *page.past);
    for (int i = r->evaluation_count - 1; page.past != NULL && i >= 0; i--) {
        const rotation_item_t *item = &r->evaluations[i].item;
        const rotation_signature_t *by = rotation_signed(r, item);
        page.past[page.past_count++] =
            (waiting_row_t){rotate_title(a, r, item), words(a, "/rotate/item/%s", item->id),
                            by == NULL ? words(a, "waiting since %s", words_day(a, item->at_ms))
                                       : words(a, "%s by %s, %s", by->sound ? "signed" : "changed after it was signed",
                                               by->name, words_day(a, by->at_ms)),
                            NULL};
    }
    app_rotation_leave(web_app(web));
    if (refusal != NULL) {
        rotate_refused(&page.r, response, refusal);
        page.request = rotate_field(request, "request");
        page.ask_patient = refusal->code == ERR_STATE;
    }
    rotate_evaluations_page(response_html(response), &page);
}

static void get_evaluations(web_t *web, const request_t *request, response_t *response)
{
    evaluations_page(web, request, response, NULL);
}

static void post_evaluations(web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    err_t err;
    signed char self[BEHAVIORS_MAX];
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    rotate_read_behaviors(request, r->rules, self);
    app_rotation_leave(web_app(web));
    app_evaluation_t e = {.id = rotate_field(request, "request"),
                          .site = rotate_field(request, "site"),
                          .department = rotate_field(request, "department"),
                          .comment = rotate_field(request, "comment"),
                          .final = strcmp(rotate_field(request, "kind"), "final") == 0,
                          .no_patient = rotate_ticked(request, "no_patient"),
                          .self = self};
    if (app_rotation_evaluate(web_app(web), &e, &err))
        response_redirect(response, "/rotate/item/%s", e.id);
    else
        evaluations_page(web, request, response, &err);
}

static const web_route_t routes[] = {
    {"GET", "/rotate/skills", get_skills},
    {"GET", "/rotate/skills/:id", get_skill},
    {"POST", "/rotate/skills/:id", post_skill},
    {"GET", "/rotate/evaluations", get_evaluations},
    {"POST", "/rotate/evaluations", post_evaluations},
};

const web_route_t *rotate_skill_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
