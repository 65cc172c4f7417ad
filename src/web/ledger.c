/* Keep current: obligations with what is needed, done and missing; the shortest way; one table of activities, and the
 * forms that enter them. What is declared and what somebody verified never look the same. */
#include "ledger.h"

#include "app/ledger.h"
#include "draw/need.h"
#include "draw/picture.h"
#include "ledger_view.h"
#include "page_words.h"
#include "work.h"

#include "ledger.html.h"

#include <string.h>

enum { SOON_DAYS = 90 };

const char *ledger_day(arena_t *arena, when_t when)
{
    char text[WHEN_TEXT_MAX];
    when_write(when, text);
    return words(arena, "%s", text);
}

const char *ledger_amount(arena_t *arena, int32_t amount)
{
    if (amount == CE_NOT_READ) return "not read";
    return words_fixed(arena, (double)amount / CE_UNIT, amount % CE_UNIT == 0 ? 0 : amount % 10 == 0 ? 1 : 2);
}

const char *ledger_held_name(const app_ledger_t *l, int held)
{
    return l->ce.rules[l->ledger.held[held].rule].title;
}

const char *ledger_topics(arena_t *arena, const ce_t *ce, uint64_t topics)
{
    const char *all = "";
    for (int t = 0; t < ce->topic_count; t++)
        if (topics >> t & 1) all = words(arena, "%s%s%s", all, all[0] ? ", " : "", ce->topics[t].title);
    return all;
}

const char *ledger_size(arena_t *arena, const ce_activity_t *a)
{
    const char *all = "";
    if (a->hours != CE_NOT_READ) all = words(arena, "%s h", ledger_amount(arena, a->hours));
    if (a->semester_hours != CE_NOT_READ)
        all = words(arena, "%s%s%s semester h", all, all[0] ? ", " : "", ledger_amount(arena, a->semester_hours));
    if (a->quarter_hours != CE_NOT_READ)
        all = words(arena, "%s%s%s quarter h", all, all[0] ? ", " : "", ledger_amount(arena, a->quarter_hours));
    return all[0] ? all : "not entered";
}

const app_document_t *ledger_document(const app_entries_t *record, const char *id)
{
    for (int i = 0; i < record->document_count; i++)
        if (strcmp(record->documents[i].id, id) == 0) return &record->documents[i];
    return NULL;
}

const char *ledger_proof(arena_t *a, const app_entries_t *record, const ce_activity_t *x)
{
    const char *all = x->proof;
    for (int i = 0; i < x->document_count; i++) {
        const app_document_t *d = ledger_document(record, x->documents[i]);
        all = words(a, "%s%s%s", all, all[0] ? "; " : "", d ? d->name : "a document that was removed");
    }
    return all;
}

static const char *tone(ce_state_t state)
{
    return state == CE_MET ? "ok" : state == CE_MISSING ? "warn" : state == CE_CANNOT_TELL ? "info" : "plain";
}

/* ---- obligations ---- */

static int32_t lacking(const ce_need_t *n)
{
    return n->need == CE_NOT_READ || n->sure >= n->need ? 0 : n->need - n->sure;
}

static ledger_need_t need_row(arena_t *a, const ce_t *ce, const ce_need_t *n)
{
    return (ledger_need_t){
        .name = n->topic < 0 ? "All together" : ce->topics[n->topic].title,
        .needed = ledger_amount(a, n->need),
        .verified = ledger_amount(a, n->sure - n->declared),
        .declared = ledger_amount(a, n->declared),
        .possible = n->open_ended ? "cannot tell how much" : ledger_amount(a, n->possible - n->sure),
        .missing = n->need == CE_NOT_READ ? "cannot tell" : ledger_amount(a, lacking(n)),
        .state = ce_state_word(n->state),
        .tone = tone(n->state),
    };
}

static const char *time_left(arena_t *a, const ce_result_t *r, int32_t today)
{
    if (when_is_unknown(r->deadline)) return "deadline not known";
    if (r->overdue) return "over";
    int32_t days = r->deadline.first - today;
    return words(a, "%s%d day%s", when_is_day(r->deadline) ? "" : "at least ", (int)(days > 0 ? days : 0),
                 days == 1 ? "" : "s");
}

static bool fill_lines(ledger_card_t *card, arena_t *a, const app_ledger_t *l, const ce_result_t *r)
{
    static const char *const said[] = {"does not count", "counts", "cannot tell"}, *const tones[] = {"plain", "ok",
                                                                                                     "info"};
    if (r->state == CE_NONE_ASKED) return true;
    card->lines = arena_array(a, (size_t)l->ledger.activity_count + 1, sizeof *card->lines);
    if (!card->lines) return false;
    card->line_count = l->ledger.activity_count;
    for (int i = 0; i < card->line_count; i++) {
        const ce_line_t *line = &r->lines[i];
        card->lines[i].title = l->ledger.activities[i].title;
        card->lines[i].counts = said[line->counts];
        card->lines[i].tone = tones[line->counts];
        card->lines[i].amount = line->counts == CE_NO ? "–" : ledger_amount(a, line->amount);
        card->lines[i].why = line->why;
    }
    return true;
}

static bool fill_card(ledger_card_t *card, arena_t *a, const app_ledger_t *l, const ce_result_t *r)
{
    const ce_held_t *held = &l->ledger.held[r->held];
    const ce_rule_t *rule = &l->ce.rules[held->rule];
    bool soon = r->state == CE_MISSING && !when_is_unknown(r->deadline) && r->deadline.first - l->today <= SOON_DAYS;
    *card = (ledger_card_t){
        .id = held->id,
        .title = ledger_held_name(l, r->held),
        .unit = rule->unit,
        .start = ledger_day(a, r->start),
        .deadline = ledger_day(a, r->deadline),
        .left = time_left(a, r, l->today),
        .state = ce_state_word(r->state),
        .tone = soon || (r->overdue && r->state == CE_MISSING) ? "crit" : tone(r->state),
        .number = held->number,
        .asked = r->state != CE_NONE_ASKED,
        .source =
            words(a, "%s (as of %s, confidence %s)", rule->source.text, rule->source.as_of, rule->source.confidence),
        .late = rule->late,
        .audit = rule->audit,
        .counts = rule->counts,
        .notes = rule->notes,
        .remarks = r->remarks,
        .remark_count = r->remark_count,
    };
    card->needs = arena_array(a, (size_t)r->least_count + 1, sizeof *card->needs);
    if (!card->needs) return false;
    card->needs[card->need_count++] = need_row(a, &l->ce, &r->total);
    for (int i = 0; i < r->least_count; i++) card->needs[card->need_count++] = need_row(a, &l->ce, &r->least[i]);
    return fill_lines(card, a, l, r);
}

static const char *held_names(arena_t *a, const app_ledger_t *l, uint32_t set)
{
    const char *all = "";
    for (int h = 0; h < l->ledger.held_count; h++)
        if (set >> h & 1) all = words(a, "%s%s%s", all, all[0] ? "; " : "", ledger_held_name(l, h));
    return all;
}

static void fill_plan(ledger_page_t *page, arena_t *a, const app_ledger_t *l)
{
    const ce_plan_t *plan = &l->plan;
    page->steps = arena_array(a, (size_t)plan->step_count + 1, sizeof *page->steps);
    page->step_count = page->steps ? plan->step_count : 0;
    for (int i = 0; i < page->step_count; i++) {
        const ce_step_t *s = &plan->steps[i];
        page->steps[i] =
            (ledger_step_t){words(a, "%d", (int)s->hours),
                            s->topic < 0 ? "any topic of laboratory practice" : l->ce.topics[s->topic].title,
                            words(a, "%s to %s", ledger_day(a, when_day(s->from)), ledger_day(a, when_day(s->by))),
                            held_names(a, l, s->serves)};
    }
    page->plan_said = plan->hours == 0
                          ? "Nothing that can be planned for is missing."
                          : words(a, "%d hour%s will do for everything that can be planned for%s%s.", (int)plan->hours,
                                  plan->hours == 1 ? "" : "s",
                                  plan->apart_hours > plan->hours
                                      ? words(a, "; met one by one it would be %d", (int)plan->apart_hours)
                                      : "",
                                  plan->proved ? "; fewer whole hours are not enough" : "; fewer may be enough");
    page->left_out = plan->left_out ? held_names(a, l, plan->left_out) : NULL;
}

static const char *counted_by(arena_t *a, const app_ledger_t *l, int activity)
{
    const char *all = "";
    for (int h = 0; h < l->ledger.held_count; h++)
        if (l->results[h].state != CE_NONE_ASKED && l->results[h].lines[activity].counts == CE_YES) {
            all = words(a, "%s%s%s", all, all[0] ? "; " : "", ledger_held_name(l, h));
        }
    return all[0] ? all : "–";
}

static void fill_rows(ledger_page_t *page, arena_t *a, const app_ledger_t *l, const app_entries_t *record)
{
    page->rows = arena_array(a, (size_t)l->ledger.activity_count + 1, sizeof *page->rows);
    page->count = page->rows ? l->ledger.activity_count : 0;
    for (int i = 0; i < page->count; i++) {
        const ce_activity_t *x = &l->ledger.activities[i];
        int corrections = l->entries[i].corrections;
        bool verified = x->verified_by[0] != '\0';
        const char *proof = ledger_proof(a, record, x);
        page->rows[i] = (ledger_row_t){
            .id = x->id,
            .date = ledger_day(a, x->date),
            .title = x->title,
            .provider = x->provider[0] ? x->provider : "–",
            .kind = ce_kind_title(x->kind),
            .amount = ledger_size(a, x),
            .topics = x->topics ? ledger_topics(a, &l->ce, x->topics) : "–",
            .proof = proof[0] ? proof : "none",
            .state = verified ? words(a, "verified by %s", x->verified_by) : "declared",
            .tone = verified ? "ok" : "plain",
            .counts = counted_by(a, l, i),
            .record = corrections ? words(a, "entered %s, corrected %d time%s", words_day(a, l->entries[i].entered_ms),
                                          corrections, corrections == 1 ? "" : "s")
                                  : words(a, "entered %s", words_day(a, l->entries[i].entered_ms)),
            .href = words(a, "/ledger/activity/%s", x->id),
            .date_number = x->date.first,
            .amount_number = x->hours,
        };
    }
}

/* ---- the picture ---- */

static bool make_chart(arena_t *a, const app_ledger_t *l, need_chart_t *chart)
{
    need_row_t *rows = arena_array(a, NEED_MAX_ROWS, sizeof *rows);
    int count = 0;
    for (int h = 0; rows && h < l->ledger.held_count; h++) {
        const ce_result_t *r = &l->results[h];
        for (int i = -1; i < r->least_count && count < NEED_MAX_ROWS; i++) {
            const ce_need_t *n = i < 0 ? &r->total : &r->least[i];
            const char *missing =
                lacking(n) > 0 ? words(a, "%s missing", ledger_amount(a, lacking(n))) : ce_state_word(n->state);
            rows[count++] = (need_row_t){
                .name = i < 0 ? ledger_held_name(l, h) : l->ce.topics[n->topic].title,
                .said = i < 0 && !when_is_unknown(r->deadline)
                            ? words(a, "%s · by %s", missing, ledger_day(a, r->deadline))
                            : missing,
                .need = n->need > 0 ? (double)n->need / CE_UNIT : 0,
                .verified = (double)(n->sure - n->declared) / CE_UNIT,
                .declared = (double)n->declared / CE_UNIT,
                .possible = (double)(n->possible - n->sure) / CE_UNIT,
                .part = i >= 0,
            };
        }
    }
    *chart = (need_chart_t){rows, count};
    return count > 0;
}

static void chart_svg(web_t *web, const request_t *request, response_t *response)
{
    app_ledger_t l;
    need_chart_t chart;
    err_t err;
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG, .scheme = scheme && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    if (!app_ledger(web_app(web), request->arena, &l, &err))
        response_failed(response, &err);
    else if (!make_chart(request->arena, &l, &chart))
        response_error(response, 404, "There is no obligation to draw yet.");
    else if (!draw_need(response_body(response, draw_media_type(DRAW_SVG)), &chart, look, &err))
        response_failed(response, &err);
}

static void fill_chart(ledger_page_t *page, arena_t *a, const app_ledger_t *l)
{
    need_chart_t chart;
    double width = 0, height = 0;
    text_t alt;
    err_t err;
    if (!make_chart(a, l, &chart)) return;
    picture_t picture = {.kind = PICTURE_NEED, .need = &chart};
    if (!draw_picture_size(&picture, &width, &height, &err)) return;
    page->chart_href = "/ledger/needs.svg";
    page->chart_width = (int)width;
    page->chart_height = (int)height;
    text_init(&alt, 8192);
    draw_need_describe(&alt, &chart);
    page->chart_alt = words(a, "%s", alt.data ? alt.data : "Needed and done");
    text_free(&alt);
}

/* ---- the page ---- */

static const column_t columns[] = {
    {"date", "Date", offsetof(ledger_row_t, date), offsetof(ledger_row_t, date_number), false, false},
    COLUMN(ledger_row_t, "title", "Activity", title),
    COLUMN(ledger_row_t, "provider", "Provider", provider),
    COLUMN_BY(ledger_row_t, "amount", "Hours", amount, amount_number),
    COLUMN(ledger_row_t, "topics", "Topics", topics),
    COLUMN(ledger_row_t, "state", "State", state),
    COLUMN_LEAST(ledger_row_t, "proof", "Proof", proof),
    COLUMN(ledger_row_t, "counts", "Counts for", counts),
};

static void ledger_show(web_t *web, const request_t *request, response_t *response)
{
    ledger_page_t page = {0};
    app_ledger_t l;
    app_entries_t record;
    err_t err;
    frame_init(&page.frame, request, "Keep current");
    page.frame.main_class = "wide";
    if (!app_ledger(web_app(web), request->arena, &l, &err) ||
        !app_record_entries(web_app(web), APP_RECORD_ME, request->arena, &record, &err)) {
        response_failed(response, &err);
        return;
    }
    page.cards = arena_array(request->arena, (size_t)l.ledger.held_count + 1, sizeof *page.cards);
    for (int h = 0; page.cards && h < l.ledger.held_count; h++)
        if (fill_card(&page.cards[page.card_count], request->arena, &l, &l.results[h])) page.card_count++;
    fill_plan(&page, request->arena, &l);
    fill_rows(&page, request->arena, &l, &record);
    fill_chart(&page, request->arena, &l);
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "ledger.csv"))
        ledger_page(response_html(response), &page);
}

/* ---- forms ---- */

typedef struct {
    const char *list[CE_TOPICS_MAX];
    int count;
} typed_topics_t;

typedef struct {
    const char *list[CE_DOCUMENTS_MAX + 1]; /* one more is refused with a sentence */
    int count;
} typed_documents_t;

static typed_documents_t typed_documents(const request_t *request)
{
    typed_documents_t t = {.count = 0};
    for (size_t i = 0; i <= CE_DOCUMENTS_MAX; i++) {
        const char *value = params_nth(&request->form, "document", i);
        if (!value) break;
        t.list[t.count++] = value;
    }
    return t;
}

static typed_topics_t typed_topics(const request_t *request)
{
    typed_topics_t t = {.count = 0};
    for (size_t i = 0; i < CE_TOPICS_MAX; i++) {
        const char *value = params_nth(&request->form, "topic", i);
        if (!value) break;
        t.list[t.count++] = value;
    }
    return t;
}

static const char *typed(const request_t *request, const char *name)
{
    const char *value = request_form(request, name);
    return value ? value : "";
}

static bool fill_topics(ledger_form_t *form, arena_t *a, const ce_t *ce, uint64_t chosen,
                        const typed_topics_t *typed_ones)
{
    form->topics = arena_array(a, (size_t)ce->topic_count + 1, sizeof *form->topics);
    if (!form->topics) return false;
    form->topic_count = ce->topic_count;
    for (int t = 0; t < ce->topic_count; t++) {
        form->topics[t] = (ledger_choice_t){ce->topics[t].id, ce->topics[t].title, chosen >> t & 1};
        for (int i = 0; typed_ones && i < typed_ones->count; i++)
            if (strcmp(typed_ones->list[i], ce->topics[t].id) == 0) form->topics[t].chosen = true;
    }
    return true;
}

static bool fill_rules(ledger_form_t *form, arena_t *a, const ce_t *ce, const char *chosen)
{
    form->choices = arena_array(a, (size_t)ce->rule_count + 1, sizeof *form->choices);
    if (!form->choices) return false;
    form->choice_count = ce->rule_count;
    for (int i = 0; i < ce->rule_count; i++) {
        const ce_rule_t *r = &ce->rules[i];
        form->choices[i] =
            (ledger_choice_t){r->id, words(a, "%s (%s)", r->title, r->credentials), strcmp(r->id, chosen) == 0};
    }
    return true;
}

static bool fill_kinds(ledger_form_t *form, arena_t *a, const char *chosen)
{
    form->choices = arena_array(a, CE_KINDS, sizeof *form->choices);
    if (!form->choices) return false;
    form->choice_count = CE_KINDS;
    for (int k = 0; k < CE_KINDS; k++)
        form->choices[k] = (ledger_choice_t){ce_kind_word((ce_kind_t)k), ce_kind_title((ce_kind_t)k),
                                             strcmp(ce_kind_word((ce_kind_t)k), chosen) == 0};
    return true;
}

/* The documents of the record, ticked where they prove this one. */
static bool fill_documents(ledger_form_t *form, const app_t *app, arena_t *a, const app_entries_t *record,
                           const char *const *chosen, int chosen_count)
{
    form->documents = arena_array(a, (size_t)record->document_count + 1, sizeof *form->documents);
    if (!form->documents) return false;
    for (int i = 0; i < record->document_count; i++) {
        const app_document_t *d = &record->documents[i];
        const app_entry_t *e = &record->entries[d->entry];
        ledger_document_t *row = &form->documents[form->document_count++];
        *row = (ledger_document_t){d->id, d->name, app_record_title(app, e->section, e->values, a), false};
        for (int k = 0; k < chosen_count; k++) row->chosen = row->chosen || strcmp(chosen[k], d->id) == 0;
    }
    return true;
}

static void say_why(frame_t *frame, response_t *response, const request_t *request, const err_t *why)
{
    if (!why) return;
    frame->notice_kind = "crit";
    frame->notice = words(request->arena, "%s", why->text);
    response_status(response, 422);
}

static int held_by_id(const app_ledger_t *l, const char *id)
{
    for (int h = 0; h < l->ledger.held_count; h++)
        if (strcmp(l->ledger.held[h].id, id) == 0) return h;
    return -1;
}

static const char *unless_unknown(arena_t *a, when_t when)
{
    return when_is_unknown(when) ? "" : ledger_day(a, when);
}

/* The form of an obligation: as it is on record, or as it was typed when `why` says what is wrong with it. */
static void held_form(web_t *web, const request_t *request, response_t *response, const char *id, const err_t *why)
{
    ledger_form_t form = {.id = id, .start = "", .deadline = "", .number = ""};
    app_ledger_t l;
    err_t err;
    arena_t *a = request->arena;
    frame_init(&form.frame, request, id[0] ? "Obligation" : "New obligation");
    form.frame.main_class = "wide";
    if (!app_ledger(web_app(web), a, &l, &err)) {
        response_failed(response, &err);
        return;
    }
    int at = id[0] ? held_by_id(&l, id) : -1;
    if (id[0] && at < 0) {
        response_error(response, 404, "The ledger has no such obligation.");
        return;
    }
    const ce_held_t *held = at < 0 ? NULL : &l.ledger.held[at];
    typed_topics_t topics = typed_topics(request);
    if (why) {
        form.start = typed(request, "start"), form.deadline = typed(request, "deadline");
        form.number = typed(request, "number"), form.first = request_form(request, "first") != NULL;
    } else if (held) {
        form.start = unless_unknown(a, held->start), form.deadline = unless_unknown(a, held->deadline);
        form.number = held->number, form.first = held->first;
    }
    const char *rule = why ? typed(request, "rule") : held ? held->rule_id : "";
    say_why(&form.frame, response, request, why);
    if (!fill_rules(&form, a, &l.ce, rule) ||
        !fill_topics(&form, a, &l.ce, why || !held ? 0 : held->license_topics, why ? &topics : NULL))
        response_error(response, 503, "There is not enough memory for this page.");
    else
        ledger_held_page(response_html(response), &form);
}

static void get_held(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    held_form(web, request, response, id ? id : "", NULL);
}

static void post_held(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    char made[APP_ID_MAX];
    typed_topics_t topics = typed_topics(request);
    err_t err;
    app_held_t held = {.rule = typed(request, "rule"),
                       .start = typed(request, "start"),
                       .deadline = typed(request, "deadline"),
                       .number = typed(request, "number"),
                       .first = request_form(request, "first") != NULL,
                       .topics = topics.list,
                       .topic_count = topics.count};
    if (app_ledger_hold(web_app(web), id ? id : "", &held, typed(request, "request"), made, &err))
        response_redirect(response, "/ledger");
    else if (err.code == ERR_INPUT || err.code == ERR_LIMIT)
        held_form(web, request, response, id ? id : "", &err);
    else
        response_failed(response, &err);
}

static void post_drop(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_ledger_drop(web_app(web), request_route(request, "id"), &err))
        response_redirect(response, "/ledger");
    else
        response_failed(response, &err);
}

static int activity_by_id(const app_ledger_t *l, const char *id)
{
    for (int i = 0; i < l->ledger.activity_count; i++)
        if (strcmp(l->ledger.activities[i].id, id) == 0) return i;
    return -1;
}

static const char *or_empty(arena_t *a, int32_t amount)
{
    return amount == CE_NOT_READ ? "" : ledger_amount(a, amount);
}

static void take_typed(ledger_form_t *form, const request_t *request)
{
    form->date = typed(request, "date"), form->title = typed(request, "title");
    form->provider = typed(request, "provider"), form->hours = typed(request, "hours");
    form->semester_hours = typed(request, "semester_hours"), form->quarter_hours = typed(request, "quarter_hours");
    form->proof = typed(request, "proof");
}

static void take_entry(ledger_form_t *form, arena_t *a, const app_ledger_t *l, int at)
{
    const ce_activity_t *x = &l->ledger.activities[at];
    form->date = unless_unknown(a, x->date), form->title = x->title, form->provider = x->provider;
    form->hours = or_empty(a, x->hours), form->semester_hours = or_empty(a, x->semester_hours);
    form->quarter_hours = or_empty(a, x->quarter_hours), form->proof = x->proof, form->verified_by = x->verified_by;
    form->entered = words(a, "Entered %s, corrected %d times.", words_day(a, l->entries[at].entered_ms),
                          l->entries[at].corrections);
}

/* `documents`: what was ticked, and the file that came with the form. */
static void activity_form(web_t *web, const request_t *request, response_t *response, const char *id,
                          const typed_documents_t *documents, const err_t *why)
{
    ledger_form_t form = {.id = id,
                          .date = "",
                          .title = "",
                          .provider = "",
                          .hours = "",
                          .semester_hours = "",
                          .quarter_hours = "",
                          .proof = "",
                          .verified_by = "",
                          .entered = ""};
    app_ledger_t l;
    app_entries_t record;
    err_t err;
    arena_t *a = request->arena;
    frame_init(&form.frame, request, id[0] ? "Activity" : "New activity");
    form.frame.main_class = "wide";
    if (!app_ledger(web_app(web), a, &l, &err) || !app_record_entries(web_app(web), APP_RECORD_ME, a, &record, &err)) {
        response_failed(response, &err);
        return;
    }
    int at = id[0] ? activity_by_id(&l, id) : -1;
    if (id[0] && at < 0) {
        response_error(response, 404, "The ledger has no such activity. It may have been struck out.");
        return;
    }
    typed_topics_t topics = typed_topics(request);
    if (at >= 0) take_entry(&form, a, &l, at);
    if (why) take_typed(&form, request);
    const char *kind = why ? typed(request, "kind") : at >= 0 ? ce_kind_word(l.ledger.activities[at].kind) : "course";
    say_why(&form.frame, response, request, why);
    const char *const *chosen = why ? documents->list : at >= 0 ? l.ledger.activities[at].documents : NULL;
    int chosen_count = why ? documents->count : at >= 0 ? l.ledger.activities[at].document_count : 0;
    if (!fill_kinds(&form, a, kind) || !fill_documents(&form, web_app(web), a, &record, chosen, chosen_count) ||
        !fill_topics(&form, a, &l.ce, why || at < 0 ? 0 : l.ledger.activities[at].topics, why ? &topics : NULL))
        response_error(response, 503, "There is not enough memory for this page.");
    else
        ledger_activity_page(response_html(response), &form);
}

static void get_activity(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    activity_form(web, request, response, id ? id : "", NULL, NULL);
}

/* The file of the form comes to the record and is chosen, so that it is there whatever else is wrong with the form. */
static bool take_file(web_t *web, const request_t *request, typed_documents_t *documents, const char **kept, err_t *err)
{
    const upload_t *file = request_file(request, "file");
    char *id = arena_alloc(request->arena, APP_ID_MAX);
    if (!file || !file->name[0]) return true;
    if (!id) return err_set(err, ERR_MEMORY, "There is not enough memory for this document.");
    if (documents->count >= CE_DOCUMENTS_MAX)
        return err_set(err, ERR_LIMIT, "An activity has at most %d documents as proof. Take one out first.",
                       CE_DOCUMENTS_MAX);
    const char *once = typed(request, "request");
    if (!app_ledger_document(web_app(web), file->name, file->bytes, file->length,
                             once[0] ? words(request->arena, "%.40s-file", once) : "", id, err))
        return false;
    documents->list[documents->count++] = id;
    *kept = file->name;
    return true;
}

static void post_activity(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    char made[APP_ID_MAX];
    typed_topics_t topics = typed_topics(request);
    typed_documents_t documents = typed_documents(request);
    const char *kept = NULL;
    err_t err = {0};
    bool ok = take_file(web, request, &documents, &kept, &err);
    app_activity_t x = {.date = typed(request, "date"),
                        .title = typed(request, "title"),
                        .provider = typed(request, "provider"),
                        .kind = typed(request, "kind"),
                        .hours = typed(request, "hours"),
                        .semester_hours = typed(request, "semester_hours"),
                        .quarter_hours = typed(request, "quarter_hours"),
                        .proof = typed(request, "proof"),
                        .topics = topics.list,
                        .topic_count = topics.count,
                        .documents = documents.list,
                        .document_count = documents.count};
    ok = ok && app_ledger_enter(web_app(web), id ? id : "", &x, typed(request, "request"), made, &err);
    if (ok) {
        response_redirect(response, "/ledger");
    } else if (err.code == ERR_INPUT || err.code == ERR_LIMIT) {
        err_t why = err;
        if (kept)
            err_set(&why, err.code, "%.300s Your file \"%.80s\" is kept and ticked below: no need to choose it again.",
                    err.text, kept);
        activity_form(web, request, response, id ? id : "", &documents, &why);
    } else {
        response_failed(response, &err);
    }
}

static void post_strike(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    const char *id = request_route(request, "id");
    if (app_ledger_strike(web_app(web), id, typed(request, "why"), &err))
        response_redirect(response, "/ledger");
    else
        response_failed(response, &err);
}

static void post_verify(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    const char *id = request_route(request, "id");
    if (app_ledger_verify(web_app(web), id, typed(request, "by"), &err))
        response_redirect(response, "/ledger");
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {
    {"GET", "/ledger", ledger_show},
    {"GET", "/ledger/needs.svg", chart_svg},
    {"GET", "/ledger/held", get_held},
    {"POST", "/ledger/held", post_held},
    {"GET", "/ledger/held/:id", get_held},
    {"POST", "/ledger/held/:id", post_held},
    {"POST", "/ledger/held/:id/drop", post_drop},
    {"GET", "/ledger/activity", get_activity},
    {"POST", "/ledger/activity", post_activity},
    {"GET", "/ledger/activity/:id", get_activity},
    {"POST", "/ledger/activity/:id", post_activity},
    {"POST", "/ledger/activity/:id/strike", post_strike},
    {"POST", "/ledger/activity/:id/verify", post_verify},
};

const web_route_t *ledger_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
