/* The exam room: starting a sitting, what the candidate sees, what the candidate does; and, after the end, the report.
 * What goes out through app/exam.h has neither keys nor credits. */
#include "sitting_private.h"

#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 4, TICK_MS = 60000, ROOM_PICTURE_BYTES = 4 << 20 };

static_assert((int)APP_PARTS_MAX == (int)ITEM_PARTS_MAX && (int)APP_SITTING_ITEMS_MAX == (int)FORM_ITEMS_MAX &&
                  (int)APP_MARKS_MAX == (int)SITTING_MARKS_MAX,
              "the room has place for what the exam has");

/* ---- starting ---- */

typedef struct {
    exam_form_t form;
    int order[FORM_ITEMS_MAX], count;
} paper_t;

static bool quiz_admits(const app_sitting_start_t *start, const item_t *item)
{
    return form_shows(item, false) && (!start->area || strcmp(start->area, item->area) == 0) &&
           (!start->pictures || item->picture.draw);
}

/* Items of a quiz: of the area, or those that were wrong last, in an order drawn by the seed. */
static bool draw_quiz(app_t *app, const bank_t *bank, const app_sitting_start_t *start, uint64_t seed, paper_t *paper,
                      err_t *err)
{
    size_t n = bank_count(bank);
    bool *wrong = calloc(n + 1, sizeof *wrong);
    int *pool = calloc(n + 1, sizeof *pool), found = 0;
    bool ok = (wrong && pool) || err_set(err, ERR_MEMORY, "There is not enough memory for the quiz.");
    ok = ok && (!start->mistakes || exams_past(app, bank, true, wrong, err));
    for (size_t i = 0; ok && i < n; i++)
        if (quiz_admits(start, bank_item(bank, i)) && (!start->mistakes || wrong[i])) pool[found++] = (int)i;
    ok = ok && form_pick(bank, pool, found, paper->form.items, seed, start->mistakes, paper->order, &paper->count, err);
    paper->form.items = paper->count;
    free(wrong);
    free(pool);
    if (!ok || paper->count > 0) return ok;
    return err_set(err, ERR_STATE,
                   start->mistakes ? "There is no item that was wrong when you answered it last."
                                   : "The bank has no item in use for this quiz yet.");
}

static bool make_quiz(app_t *app, const bank_t *bank, const app_sitting_start_t *start, uint64_t seed, paper_t *paper,
                      err_t *err)
{
    if (start->items < 1 || start->items > APP_QUIZ_MAX)
        return err_set(err, ERR_INPUT, "A quiz has 1 to %d items.", APP_QUIZ_MAX);
    if (start->minutes < 1 || start->minutes > 240) return err_set(err, ERR_INPUT, "A quiz takes 1 to 240 minutes.");
    paper->form = (exam_form_t){.id = "quiz",
                                .title = start->mistakes   ? "Mistakes only"
                                         : start->pictures ? "Pictures and benches"
                                                           : "Quiz",
                                .credential = "ASCP-MLT",
                                .program = PROGRAM_PBT | PROGRAM_MLA | PROGRAM_MLT,
                                .kind = FORM_FIXED,
                                .navigation = start->exam ? NAVIGATE_FREE : NAVIGATE_FORWARD,
                                .items = start->items,
                                .minutes = start->minutes,
                                .calculator = true,
                                .drawer = !start->exam,
                                .tutor = !start->exam,
                                .families = true};
    return draw_quiz(app, bank, start, seed, paper, err);
}

static bool make_paper(app_t *app, const bank_t *bank, const app_sitting_start_t *start, uint64_t seed, paper_t *paper,
                       err_t *err)
{
    if (!start->form) return make_quiz(app, bank, start, seed, paper, err);
    const exam_form_t *form = form_find(&app->exams->forms, start->form);
    if (!form) return err_set(err, ERR_NOT_FOUND, "There is no such form. Choose one of the list.");
    paper->form = *form;
    if (form->kind == FORM_ADAPTIVE) return true;
    bool *stale = calloc(bank_count(bank) + 1, sizeof *stale);
    bool ok =
        stale ? exams_past(app, bank, false, stale, err) : err_set(err, ERR_MEMORY, "There is not enough memory.");
    ok = ok && form_draw(form, bank, seed, stale, false, paper->order, &paper->count, err);
    if (ok) paper->form.items = paper->count;
    free(stale);
    return ok;
}

static void add_flag(text_t *out, const char *key, bool on)
{
    text_addf(out, ",\"%s\":%s", key, on ? "true" : "false");
}

static const char *programs_word(unsigned program)
{
    static const char *const words[] = {"", "PBT", "MLA", "PBT+MLA", "MLT", "PBT+MLT", "MLA+MLT", "PBT+MLA+MLT"};
    return words[program & 7];
}

static void start_payload(text_t *out, const paper_t *paper, const app_sitting_start_t *start, const char *title,
                          uint64_t seed, const char *device, int64_t now_ms)
{
    const exam_form_t *form = &paper->form;
    seat_payload(out, device);
    text_add(out, ",\"form\":");
    text_add_json(out, form->id);
    text_add(out, ",\"title\":");
    text_add_json(out, title);
    text_addf(out, ",\"program\":\"%s\",\"outline\":\"%s\",\"kind\":%d,\"nav\":%d,\"items\":%d,\"minutes\":%d",
              programs_word(form->program), form->credential, form->kind, form->navigation, form->items, form->minutes);
    add_flag(out, "calc", form->calculator);
    add_flag(out, "drawer", form->drawer);
    add_flag(out, "tutor", form->tutor);
    if (start->mistakes) add_flag(out, "mistakes", true);
    text_addf(out, ",\"as_of\":%lld", (long long)now_ms);
    text_addf(out, ",\"seed\":\"%llu\",\"factor\":", (unsigned long long)seed);
    text_add_fixed(out, start->factor, 2);
    text_addf(out, ",\"breaks\":%d,\"given\":[", start->breaks);
}

/* The first item of an adaptive form, chosen as if the sitting had begun. */
static bool first_item(app_t *app, edition_t *edition, const paper_t *paper, uint64_t seed, int *next, err_t *err)
{
    const sitting_plan_t *plan;
    sitting_t *s = calloc(1, sizeof *s);
    bool *stale = calloc(bank_count(edition->bank) + 1, sizeof *stale);
    bool ok = (s && stale) || err_set(err, ERR_MEMORY, "There is not enough memory for the sitting.");
    ok = ok && exams_plan(app, edition, &paper->form, &plan, err) && exams_recent(app, edition, stale, err) &&
         sitting_begin(s, edition->bank, &paper->form, seed, 1, 0, 0, err) && sitting_choose(plan, s, stale, next, err);
    if (ok && *next < 0) ok = err_set(err, ERR_STATE, "The bank has no item in use for this form yet.");
    free(stale);
    free(s);
    return ok;
}

/* Keeps the computed items that a form begins with as they are. */
static bool show_given(app_t *app, const char *id, err_t *err)
{
    for (int try = 0; try < TRIES; try++) {
        seat_t *seat;
        if (!seat_load(app, id, "", &seat, err)) return false;
        bool ok = seat_show(seat, err);
        seat_free(seat);
        if (ok || err->code != ERR_CONFLICT) return ok;
    }
    return false;
}

bool app_sitting_create(app_t *app, const app_sitting_start_t *start, const char *device, char id[APP_ID_MAX],
                        err_t *err)
{
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!(start->factor >= 1 && start->factor <= 2.5))
        return err_set(err, ERR_INPUT, "Extra time is 1 to 2.5 times the usual.");
    if (start->breaks < 0 || start->breaks > SITTING_BREAKS_MAX)
        return err_set(err, ERR_INPUT, "There are 0 to %d breaks.", SITTING_BREAKS_MAX);
    uint64_t seed = start->seed ? start->seed : 1 + app->options.random(app->options.clock) % 999999;
    paper_t *paper = calloc(1, sizeof *paper);
    if (!paper) return err_set(err, ERR_MEMORY, "There is not enough memory for the sitting.");
    edition_t *edition = NULL;
    int64_t now = app_now_ms(app);
    bool ok = exams_enter_at(app, now, &edition, err) && make_paper(app, edition->bank, start, seed, paper, err);
    if (ok && paper->form.kind == FORM_ADAPTIVE) {
        ok = first_item(app, edition, paper, seed, &paper->order[0], err);
        paper->count = 1;
    }
    if (ok) {
        text_t payload;
        char name[64], title[APP_TITLE_MAX];
        snprintf(title, sizeof title, start->form || !start->area ? "%s" : "%s: %s", paper->form.title,
                 start->area ? start->area : "");
        start_payload(&payload, paper, start, title, seed, device, now);
        for (int i = 0; i < paper->count; i++) {
            text_add(&payload, i ? ",[" : "[");
            seat_given(&payload, bank_item(edition->bank, (size_t)paper->order[i]), seed, i);
            text_add_char(&payload, ']');
        }
        text_add(&payload, "]}");
        app_make_id(app, id);
        snprintf(name, sizeof name, "sitting/%s", id);
        ok = payload.failed
                 ? err_set(err, ERR_LIMIT, "That form is too long to start.")
                 : store_append(app->store, name, 0, "start", now, payload.data, payload.length, "", NULL, err);
        text_free(&payload);
    }
    exams_leave(app, edition);
    free(paper);
    return ok && show_given(app, id, err);
}

/* ---- what the candidate sees ---- */

static const char *copy(arena_t *arena, const char *text)
{
    const char *out = arena_text(arena, text, strlen(text));
    return out ? out : "";
}

static void fill_parts(const sitting_entry_t *entry, arena_t *arena, app_question_t *q)
{
    const item_t *item = entry->item;
    item_answer_t given = entry->response;
    if (entry->answered && !item_is_number(item->type)) sitting_to_places(entry, &given);
    bool match = item->type == ITEM_MATCH;
    for (int i = 0; i < item->parts; i++) {
        app_part_t *part = &q->part[i];
        *part = (app_part_t){.text = copy(arena, item->part[match ? i : entry->shown[i]].text),
                             .right = match ? copy(arena, item->part[entry->rights[i]].right) : "",
                             .chosen = match || item->type == ITEM_ORDER ? -1 : 0,
                             .struck = (entry->struck >> i) & 1u};
        if (!entry->answered) continue;
        if (match) part->chosen = i < given.count ? given.chosen[i] : -1;
        for (int k = 0; !match && k < given.count; k++)
            if (given.chosen[k] == i) part->chosen = item->type == ITEM_ORDER ? k : 1;
    }
}

/* The case, and which entries are asked on it. */
static void fill_case(const seat_t *seat, int n, arena_t *arena, app_question_t *q)
{
    const sitting_t *s = &seat->s;
    const char *set = s->entry[n].item->set;
    int first = n, last = n;
    while (first > 0 && s->entry[first - 1].item && s->entry[first - 1].item->set &&
           strcmp(s->entry[first - 1].item->set, set) == 0)
        first--;
    while (last + 1 < s->count && s->entry[last + 1].item && s->entry[last + 1].item->set &&
           strcmp(s->entry[last + 1].item->set, set) == 0)
        last++;
    q->about = copy(arena, s->entry[n].item->set_text);
    q->about_first = first;
    q->about_last = last;
}

/* Mixed with the sitting, so that the tag of a picture does not tell in another one which item it belongs to. */
static void seat_tag(const seat_t *seat, char tag[EXHIBIT_TAG_MAX])
{
    uint64_t hash = hash_bytes(HASH_START, tag, strlen(tag));
    hash = hash_bytes(hash, seat->id, strlen(seat->id));
    snprintf(tag, EXHIBIT_TAG_MAX, "%016llx", (unsigned long long)rng_mix(hash));
}

static bool entry_exhibit(const seat_t *seat, int n, arena_t *arena, app_exhibit_t *exhibit, err_t *err)
{
    const sitting_entry_t *entry = &seat->s.entry[n];
    if (!app_exhibit_of(seat->app->lab, entry->item, entry->shown, arena, exhibit, err)) return false;
    seat_tag(seat, exhibit->tag);
    return true;
}

static void fill_question(const seat_t *seat, int n, arena_t *arena, app_question_t *q)
{
    const sitting_entry_t *entry = &seat->s.entry[n];
    *q = (app_question_t){.n = n,
                          .gone = !entry->item,
                          .answered = entry->answered,
                          .flagged = entry->flagged,
                          .sure = (int)entry->sure,
                          .answers = entry->answered + entry->changes,
                          .type = "",
                          .about = "",
                          .stem = "",
                          .unit = "",
                          .number = ""};
    if (!entry->item) return;
    err_t ignored;
    if (!entry_exhibit(seat, n, arena, &q->exhibit, &ignored)) q->exhibit.alt = "The picture cannot be shown.";
    q->type = item_type_word(entry->item->type);
    q->stem = copy(arena, entry->item->stem);
    if (entry->item->set_text) fill_case(seat, n, arena, q);
    err_t stays;
    q->may_renew = sitting_may_renew(&seat->s, n, &stays);
    q->unit = copy(arena, entry->item->unit ? entry->item->unit : "");
    q->decimals = entry->item->decimals;
    q->marks = entry->marks;
    for (int i = 0; i < entry->marks; i++) q->mark[i].from = entry->mark[i].from, q->mark[i].to = entry->mark[i].to;
    if (item_is_number(entry->item->type)) {
        char number[40];
        snprintf(number, sizeof number, "%.*f", entry->item->decimals, entry->response.value);
        if (strtod(number, NULL) != entry->response.value)
            snprintf(number, sizeof number, "%.12g", entry->response.value);
        if (entry->answered) q->number = copy(arena, number);
        return;
    }
    q->parts = entry->item->parts;
    fill_parts(entry, arena, q);
}

static void fill_room(const seat_t *seat, const char *device, int n, arena_t *arena, app_room_t *room)
{
    static const room_state_t states[] = {ROOM_RUNNING, ROOM_REVIEW, ROOM_BREAK, ROOM_OVER};
    const sitting_t *s = &seat->s;
    snprintf(room->id, sizeof room->id, "%s", seat->id);
    room->form = (app_form_t){.id = copy(arena, seat->form_id),
                              .title = copy(arena, seat->title),
                              .kind = form_kind_word(s->form.kind),
                              .navigation = navigation_word(s->form.navigation),
                              .items = s->form.items,
                              .minutes = s->form.minutes,
                              .calculator = s->form.calculator,
                              .drawer = s->form.drawer,
                              .tutor = s->form.tutor};
    room->state = states[s->state];
    room->seq = seat->seq;
    room->saved_ms = seat->saved_ms;
    room->left_ms = sitting_left_ms(s);
    room->limit_ms = s->limit_ms;
    room->count = s->count;
    room->items = s->form.items;
    room->answered = sitting_answered(s);
    room->breaks_left = s->breaks_left;
    room->current = n;
    room->elsewhere = device && strcmp(device, seat->device) != 0;
    room->may_go_back = s->form.navigation == NAVIGATE_FREE || s->state == SITTING_REVIEW;
    room->timed_out = s->end == END_TIME;
    room->note = copy(arena, s->note);
    for (int i = 0; i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        room->entry[i] = (unsigned char)((entry->answered ? ROOM_ANSWERED : 0) | (entry->flagged ? ROOM_FLAGGED : 0) |
                                         (entry->seen ? ROOM_SEEN : 0));
        room->flagged += entry->flagged;
    }
    fill_question(seat, n, arena, &room->question);
}

static bool look(seat_t *seat, const char *device, int n, err_t *err)
{
    text_t payload;
    sitting_t *s = &seat->s;
    if (!sitting_may_look(s, n, err)) return false;
    if (s->current == n && s->entry[n].seen) return true;
    seat_payload(&payload, device);
    text_addf(&payload, ",\"n\":%d", n);
    sitting_look(s, n);
    return seat_append(seat, "look", &payload, app_now_ms(seat->app), "", err);
}

/* The time that has gone by is kept once a minute, so that neither a clock that is set back nor a killed program gives
 * more than that back. */
static bool tick(seat_t *seat, const char *device, err_t *err)
{
    text_t payload;
    int64_t now = app_now_ms(seat->app);
    if (now - seat->saved_ms < TICK_MS) return true;
    seat_payload(&payload, device);
    return seat_append(seat, "tick", &payload, now, "", err);
}

bool app_room(app_t *app, const char *id, const char *device, int n, arena_t *arena, app_room_t *room, err_t *err)
{
    *room = (app_room_t){0};
    for (int try = 0; try < TRIES; try++) {
        seat_t *seat;
        if (!seat_load(app, id, "", &seat, err)) return false;
        bool ok = seat_clock(seat, err) && seat_show(seat, err);
        sitting_t *s = &seat->s;
        int at = n >= 0 && n < s->count ? n : s->current < s->count ? s->current : 0;
        bool here = strcmp(device, seat->device) == 0;
        if (ok && s->state != SITTING_OVER && s->state != SITTING_BREAK && here) {
            err_t not_now;
            if (!sitting_may_look(s, at, &not_now))
                at = sitting_answered(s) < s->count ? sitting_answered(s) : s->count - 1;
            ok = look(seat, device, at, err) && tick(seat, device, err);
        }
        if (ok) fill_room(seat, device, at, arena, room);
        seat_free(seat);
        if (ok || err->code != ERR_CONFLICT) return ok;
    }
    return false;
}

bool app_room_picture(app_t *app, const char *id, int n, bool dark, text_t *svg, char tag[EXHIBIT_TAG_MAX], err_t *err)
{
    seat_t *seat;
    if (!seat_load(app, id, "", &seat, err)) return false;
    bool there = n >= 0 && n < seat->s.count && seat->s.entry[n].item;
    bool ok = there || err_set(err, ERR_NOT_FOUND, "There is no such item in this sitting.");
    arena_t *arena = ok ? arena_new(ROOM_PICTURE_BYTES) : NULL;
    app_exhibit_t *exhibit = arena ? arena_alloc(arena, sizeof *exhibit) : NULL;
    if (ok && !exhibit) ok = err_set(err, ERR_MEMORY, "There is not enough memory for the picture.");
    if (ok && seat->s.state != SITTING_OVER) ok = seat->s.entry[n].seen || sitting_may_look(&seat->s, n, err);
    ok = ok && entry_exhibit(seat, n, arena, exhibit, err) &&
         app_exhibit_draw(app->lab, seat->s.entry[n].item, dark, svg, err);
    if (ok) memcpy(tag, exhibit->tag, EXHIBIT_TAG_MAX);
    arena_free(arena);
    seat_free(seat);
    return ok;
}

/* ---- what the candidate does ---- */

static bool take_number(const item_t *item, const char *typed, item_answer_t *r, err_t *err)
{
    if (typed && item_number(typed, &r->value)) return true;
    return err_set(err, ERR_INPUT, "Write a number%s%s, such as 12.5.", item->unit && item->unit[0] ? " in " : "",
                   item->unit ? item->unit : "");
}

/* `same`: it had that answer already, and nothing is to be kept. */
static bool act_answer(seat_t *seat, const room_act_t *act, text_t *payload, bool *same, err_t *err)
{
    sitting_t *s = &seat->s;
    if (!sitting_may_look(s, act->n, err)) return false;
    const sitting_entry_t *entry = &s->entry[act->n];
    item_answer_t r = {.count = act->count};
    if (act->sure < 0 || act->sure >= SURES) return err_set(err, ERR_INPUT, "Choose how sure you are, or leave it.");
    if (!entry->item) {
        r.count = 0; /* it has left the bank and counts for nobody: the sitting goes on */
    } else if (item_is_number(entry->item->type)) {
        if (!take_number(entry->item, act->number, &r, err)) return false;
        r.count = 0;
    } else {
        if (act->count < 0 || act->count > ITEM_PARTS_MAX) return err_set(err, ERR_INPUT, "Choose an answer first.");
        memcpy(r.chosen, act->chosen, sizeof r.chosen);
        sitting_to_parts(entry, &r);
    }
    sitting_entry_t before = *entry;
    if (!sitting_answer(s, act->n, &r, (sure_t)act->sure, err)) return false;
    *same = before.answered && before.sure == entry->sure && entry->changes == before.changes;
    text_addf(payload, ",\"n\":%d,\"a\":%d,\"s\":%d", act->n, sitting_answered(s), act->sure);
    if (entry->item && item_is_number(entry->item->type)) {
        text_add(payload, ",\"v\":");
        text_add_fixed(payload, r.value, 9);
    } else {
        text_add(payload, ",\"p\":[");
        for (int i = 0; i < r.count; i++) text_addf(payload, "%s%d", i ? "," : "", r.chosen[i]);
        text_add_char(payload, ']');
    }
    return seat_next(seat, payload, err);
}

static bool act_renew(seat_t *seat, int n, text_t *payload, err_t *err)
{
    char base[SITTING_ITEM_ID], id[SITTING_ITEM_ID];
    sitting_t *s = &seat->s;
    if (!sitting_may_renew(s, n, err)) return false;
    sitting_base(s->entry[n].id, base);
    seat_variant(id, base, s->seed, n, s->fresh + 1);
    text_addf(payload, ",\"n\":%d,\"id\":\"%s\"", n, id);
    if (!sitting_renew(s, n, id, err)) return false;
    return s->entry[n].item ||
           err_set(err, ERR_STATE, "There are no other numbers of this item any more; answer with these.");
}

static bool apply(seat_t *seat, const room_act_t *act, text_t *payload, const char **kind, bool *same, err_t *err)
{
    sitting_t *s = &seat->s;
    switch (act->kind) {
    case ROOM_ANSWER:
        *kind = "answer";
        return act_answer(seat, act, payload, same, err);
    case ROOM_FLAG:
        *kind = "flag";
        text_addf(payload, ",\"n\":%d,\"on\":%s", act->n, act->on ? "true" : "false");
        return sitting_flag(s, act->n, act->on, err);
    case ROOM_STRIKE:
        *kind = "strike";
        text_addf(payload, ",\"n\":%d,\"place\":%d", act->n, act->place);
        return sitting_strike(s, act->n, act->place, err);
    case ROOM_MARK:
        *kind = "mark";
        text_addf(payload, ",\"n\":%d,\"from\":%d,\"to\":%d", act->n, act->from, act->to);
        return sitting_mark(s, act->n, act->from, act->to, err);
    case ROOM_RENEW:
        *kind = "renew";
        return act_renew(seat, act->n, payload, err);
    case ROOM_NOTE:
        *kind = "note";
        *same = !act->text || strcmp(act->text, s->note) == 0;
        if (*same) return true;
        text_add(payload, ",\"text\":");
        text_add_json(payload, act->text);
        return sitting_note(s, act->text, err);
    case ROOM_BREAK_ON:
    case ROOM_BREAK_OFF:
        *kind = "break";
        text_addf(payload, ",\"on\":%s", act->kind == ROOM_BREAK_ON ? "true" : "false");
        return sitting_break(s, act->kind == ROOM_BREAK_ON, err);
    case ROOM_TAKE:
        *kind = "take";
        return s->state != SITTING_OVER || err_set(err, ERR_STATE, "This sitting is over. Its report is open.");
    case ROOM_END:
    case ROOM_ACTS:
        break;
    }
    return err_set(err, ERR_INPUT, "Nothing of that kind can be done in the exam room.");
}

/* The pad goes with every act, so that nothing that was written is lost by going on. */
static bool keep_note(seat_t *seat, const char *device, const room_act_t *act, err_t *err)
{
    text_t payload;
    if (!act->text || act->kind == ROOM_NOTE || act->kind == ROOM_TAKE || strcmp(act->text, seat->s.note) == 0)
        return true;
    if (!sitting_note(&seat->s, act->text, err)) return false;
    seat_payload(&payload, device);
    text_add(&payload, ",\"text\":");
    text_add_json(&payload, act->text);
    return seat_append(seat, "note", &payload, app_now_ms(seat->app), "", err);
}

static bool act_once(seat_t *seat, const char *device, const room_act_t *act, const char *request, err_t *err)
{
    if (!seat_clock(seat, err) || !seat_show(seat, err)) return false;
    if (seat->s.state == SITTING_OVER)
        return err_set(err, ERR_STATE,
                       seat->s.end == END_TIME ? "The time is up. Your report is open."
                                               : "This sitting is over. Its report is open.");
    if (act->kind != ROOM_TAKE && strcmp(device, seat->device) != 0)
        return err_set(err, ERR_CONFLICT,
                       "This sitting goes on in another browser or on another device. Continue here first.");
    if (!keep_note(seat, device, act, err)) return false;
    if (act->kind == ROOM_END) return seat_end(seat, END_ASKED, device, request, err);
    text_t payload;
    const char *kind = "";
    bool same = false;
    seat_payload(&payload, device);
    bool ok = apply(seat, act, &payload, &kind, &same, err);
    if (!ok || same) {
        text_free(&payload);
        return ok;
    }
    return seat_append(seat, kind, &payload, app_now_ms(seat->app), request, err);
}

bool app_room_act(app_t *app, const char *id, const char *device, const room_act_t *act, const char *request,
                  err_t *err)
{
    for (int try = 0; try < TRIES; try++) {
        seat_t *seat;
        if (!seat_load(app, id, request, &seat, err)) return false;
        bool elsewhere = act->kind != ROOM_TAKE && strcmp(device, seat->device) != 0;
        bool ok = seat->repeated || act_once(seat, device, act, request, err);
        seat_free(seat);
        if (ok || err->code != ERR_CONFLICT || elsewhere) return ok;
    }
    return false;
}

/* ---- after the end ---- */

/* The report holds the bank that its sitting points into. */
static void hand_over(seat_t *seat, app_report_t *out)
{
    out->private_edition = seat->edition;
    out->private_variants = seat->variants;
    seat->edition = NULL;
    seat->variants = NULL;
}

void app_report_leave(app_t *app, app_report_t *report)
{
    exams_leave(app, report->private_edition);
    arena_free(report->private_variants);
    report->private_edition = NULL;
    report->private_variants = NULL;
}

bool app_report(app_t *app, const char *id, app_report_t *out, err_t *err)
{
    seat_t *seat;
    app_sitting_t *list = calloc(APP_LIST_MAX, sizeof *list);
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for the report.");
    if (!seat_load(app, id, "", &seat, err)) {
        free(list);
        return false;
    }
    int count = 0;
    bool ok = seat_clock(seat, err) && report_make(&seat->s, &out->report, err) &&
              app_sitting_list(app, list, APP_LIST_MAX, &count, err);
    out->earlier_count = 0;
    for (int i = 0; ok && i < count && out->earlier_count < APP_EARLIER_MAX; i++)
        if (list[i].over && strcmp(list[i].form, seat->form_id) == 0 && list[i].started_ms < seat->s.started_ms)
            out->earlier[out->earlier_count++] = list[i];
    if (ok) {
        out->sitting = seat->s;
        out->sitting.form.id = out->form_id;
        out->sitting.form.title = out->title;
        out->sitting.form.credential = out->credential;
        memcpy(out->form_id, seat->form_id, sizeof out->form_id);
        memcpy(out->title, seat->title, sizeof out->title);
        memcpy(out->credential, seat->credential, sizeof out->credential);
        hand_over(seat, out);
    }
    seat_free(seat);
    free(list);
    return ok;
}

bool app_tutor(app_t *app, const char *id, int n, app_report_t *out, err_t *err)
{
    seat_t *seat;
    if (!seat_load(app, id, "", &seat, err)) return false;
    const sitting_t *s = &seat->s;
    bool there = n >= 0 && n < s->count;
    bool ok = s->state == SITTING_OVER || (s->form.tutor && there && s->entry[n].answered);
    if (!there)
        ok = err_set(err, ERR_NOT_FOUND, "There is no item %d in this sitting.", n + 1);
    else if (!ok)
        err_set(err, ERR_STATE, "The rationale comes after the end of the sitting.");
    if (ok) {
        out->sitting = *s;
        out->sitting.form.id = out->sitting.form.title = out->sitting.form.credential = "";
        hand_over(seat, out);
    }
    seat_free(seat);
    return ok;
}

typedef struct {
    text_t *out;
    bool over;
} exporting_t;

static bool find_end(void *context, const store_event_t *event)
{
    exporting_t *in = context;
    in->over = in->over || strcmp(event->kind, "end") == 0;
    return true;
}

static bool export_event(void *context, const store_event_t *event)
{
    const exporting_t *in = context;
    text_t *out = in->out;
    bool keys = strcmp(event->kind, "shown") == 0 && !in->over;
    text_addf(out, "{\"seq\":%lld,\"at_ms\":%lld,\"kind\":\"%s\",\"data\":", (long long)event->seq,
              (long long)event->at_ms, event->kind);
    if (keys)
        text_add(out, "{\"withheld\":\"until the sitting is over\"}");
    else
        text_add_n(out, event->payload, event->length);
    text_add(out, "}\n");
    return !out->failed;
}

bool app_sitting_export(app_t *app, const char *id, text_t *jsonl, err_t *err)
{
    char name[64];
    int64_t before = (int64_t)jsonl->length;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such sitting.");
    snprintf(name, sizeof name, "sitting/%s", id);
    exporting_t in = {.out = jsonl};
    if (!store_read(app->store, name, 1, find_end, &in, err) ||
        !store_read(app->store, name, 1, export_event, &in, err))
        return false;
    if ((int64_t)jsonl->length == before) return err_set(err, ERR_NOT_FOUND, "There is no such sitting.");
    return !jsonl->failed || err_set(err, ERR_LIMIT, "The sitting is too long to export.");
}

/* ---- outcomes ---- */

static bool is_date(const char *date)
{
    int y, m, d;
    char rest;
    return strlen(date) == 10 && sscanf(date, "%4d-%2d-%2d%c", &y, &m, &d, &rest) == 3 && y >= 1990 && m >= 1 &&
           m <= 12 && d >= 1 && d <= 31;
}

bool app_outcome_add(app_t *app, const char *exam, const char *date, int passed, int score, bool consent,
                     char id[APP_ID_MAX], err_t *err)
{
    char name[64];
    text_t payload;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!consent) return err_set(err, ERR_INPUT, "Nothing is kept without your consent: tick it, or leave the page.");
    if (!exam[0] || strlen(exam) >= sizeof((app_outcome_t *)0)->exam)
        return err_set(err, ERR_INPUT, "Choose the examination.");
    if (!is_date(date)) return err_set(err, ERR_INPUT, "Write the date as 2026-11-27.");
    if (passed != 0 && passed != 1) return err_set(err, ERR_INPUT, "Choose whether it was passed.");
    if (score < -1 || score > 999) return err_set(err, ERR_INPUT, "A score is 0 to 999, or empty.");
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"exam\":");
    text_add_json(&payload, exam);
    text_addf(&payload, ",\"date\":\"%s\",\"passed\":%d,\"score\":%d,\"consent\":1}", date, passed, score);
    app_make_id(app, id);
    snprintf(name, sizeof name, "outcome/%s", id);
    bool ok =
        store_append(app->store, name, 0, "outcome", app_now_ms(app), payload.data, payload.length, "", NULL, err);
    text_free(&payload);
    return ok;
}

bool app_outcome_withdraw(app_t *app, const char *id, err_t *err)
{
    char name[64];
    int64_t last = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    snprintf(name, sizeof name, "outcome/%s", id);
    if (!store_last(app->store, name, &last, err)) return false;
    if (last == 0) return err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    return store_append(app->store, name, last, "withdraw", app_now_ms(app), "{}", 2, "", NULL, err);
}

typedef struct {
    app_outcome_t *list;
    int max, count;
} outcomes_t;

static bool take_outcome(void *context, const char *key, const char *value)
{
    outcomes_t *in = context;
    json_t *row = json_loads(value, 0, NULL);
    const char *exam = json_string_value(json_object_get(row, "exam")),
               *date = json_string_value(json_object_get(row, "date"));
    if (row && in->count < in->max && strlen(key) < APP_ID_MAX) {
        app_outcome_t *o = &in->list[in->count++];
        *o = (app_outcome_t){.passed = (int)json_integer_value(json_object_get(row, "passed")),
                             .score = (int)json_integer_value(json_object_get(row, "score")),
                             .at_ms = json_integer_value(json_object_get(row, "at_ms"))};
        snprintf(o->id, sizeof o->id, "%s", key);
        snprintf(o->exam, sizeof o->exam, "%s", exam ? exam : "");
        snprintf(o->date, sizeof o->date, "%s", date ? date : "");
    }
    json_decref(row);
    return true;
}

bool app_outcome_list(app_t *app, app_outcome_t *list, int max, int *count, err_t *err)
{
    outcomes_t in = {list, max, 0};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_rows(app->store, "outcome", "", take_outcome, &in, err)) return false;
    *count = in.count;
    return true;
}
