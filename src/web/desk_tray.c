/* Reception beyond the tray: the bench with its centrifuges, tubes to spin and to load; the store with added tests. */
#include "desk_tray_view.h"

#include "desk_tray.html.h"
#include "draw/rotor.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

void desk_tray_tabs(const desk_t *d, int current, desk_tab_link_t views[DESK_TRAY_VIEWS])
{
    static const char *const labels[DESK_TRAY_VIEWS] = {"Tray", "Bench", "Store"}, *const paths[] = {"reception",
                                                                                                     "bench", "store"};
    int counts[DESK_TRAY_VIEWS] = {0};
    for (int32_t i = 0; i < shift_specimen_count(d->shift); i++) {
        specimen_state_t state = shift_specimen_state(d->shift, shift_arrived_specimen(d->shift, i));
        counts[0] += state == SPECIMEN_TRAY || state == SPECIMEN_ON_HOLD;
        counts[1] += state == SPECIMEN_RECEIVED || state == SPECIMEN_SPUN;
    }
    add_on_view_t orders[ADD_ONS_MAX];
    for (int i = shift_add_ons(d->shift, orders) - 1; i >= 0; i--) counts[2] += orders[i].state == ADD_ON_OPEN;
    for (int i = 0; i < DESK_TRAY_VIEWS; i++)
        views[i] =
            (desk_tab_link_t){labels[i], words(d->arena, "/shift/%s/%s", d->id, paths[i]), counts[i], i == current};
}

bool desk_tray_form(const request_t *request, action_t *action, err_t *err)
{
    if (action->kind != ACT_SPIN || !request_form(request, "run")) return true;
    const char *minutes = request_form(request, "number");
    if (action->code < 0) return err_set(err, ERR_INPUT, "Choose the program of the centrifuge.");
    if (!minutes || !minutes[0]) return err_set(err, ERR_INPUT, "Give the minutes of the spin.");
    if (action->run == BALANCE_NOT_SAID) return err_set(err, ERR_INPUT, "Say how the rotor is balanced.");
    return true;
}

/* ---- centrifuges ---- */

static rotor_picture_t rotor_of(const desk_t *d, int which, bool *runs)
{
    centrifuge_view_t v;
    rotor_picture_t rotor = {.display = "stands", .below = "lid open", .count = CENTRIFUGE_PLACES};
    *runs = shift_centrifuge(d->shift, which, &v);
    if (!*runs) return rotor;
    const spin_program_t *program = lab_spin_program(d->lab, v.program);
    int32_t left = v.until_s - shift_now_s(d->shift);
    rotor.display = words(d->arena, "%d min", (int)(left + 59) / 60);
    rotor.below = words(d->arena, "%d min at %d g", v.minutes, program->g);
    for (int i = 0; i < v.count; i++) {
        specimen_view_t s;
        if (!shift_specimen(d->shift, v.specimens[i], &s)) continue;
        const tube_t *tube = lab_tube(d->lab, lab_tube_find(d->lab, s.tube ? s.tube : s.ordered_tube));
        rotor.place[i] = ROTOR_TUBE;
        rotor.cap[i] = tube ? tube->color : "";
    }
    if (v.balance_tube && v.count < CENTRIFUGE_PLACES) rotor.place[v.count] = ROTOR_BALANCE;
    return rotor;
}

static void fill_centrifuge(const desk_t *d, int which, rotor_card_t *card)
{
    centrifuge_view_t v;
    text_t says;
    rotor_picture_t rotor = rotor_of(d, which, &card->runs);
    card->name = words(d->arena, "Centrifuge %d", which + 1);
    card->display = card->runs ? words(d->arena, "%s left", rotor.display) : "stands";
    int32_t left = shift_centrifuge(d->shift, which, &v) ? v.until_s - shift_now_s(d->shift) : 0;
    card->picture = words(d->arena, "/shift/%s/rotor/%d?v=%d-%d", d->id, which + 1, left > 0 ? (int)v.started_s : 0,
                          (int)(left + 59) / 60); /* another address only when the picture is another */
    text_init(&says, 400);
    draw_rotor_describe(&says, &rotor);
    card->picture_text = words(d->arena, "%s", says.data ? says.data : "");
    text_free(&says);
    if (!card->runs || !shift_centrifuge(d->shift, which, &v)) return;
    card->program = words(d->arena, "%s, %s", lab_spin_program(d->lab, v.program)->name, rotor.below);
    card->balance_tube = v.balance_tube;
    card->rows = arena_array(d->arena, CENTRIFUGE_PLACES, sizeof *card->rows);
    for (int i = 0; card->rows && i < v.count; i++) desk_specimen_row(d, v.specimens[i], &card->rows[card->count++]);
}

static void get_rotor(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    err_t err = {0};
    int64_t which;
    const char *number = request_route(request, "number");
    if (!desk_open(web, request, response, TAB_RECEPTION, "Centrifuge", &d)) return;
    if (!text_to_int(number, strlen(number), &which) || which < 1 || which > CENTRIFUGES) {
        response_error(response, 404, "There is no such centrifuge.");
    } else {
        bool runs;
        rotor_picture_t rotor = rotor_of(&d, (int)which - 1, &runs);
        text_t *out = response_body(response, "image/svg+xml");
        if (!draw_rotor(out, &rotor, desk_look(request), &err)) response_failed(response, &err);
    }
    desk_close(web, &d);
}

/* ---- the bench ---- */

static void fill_choices(bench_page_t *p)
{
    for (int i = 0; i < lab_spin_program_count(p->d->lab); i++) {
        const spin_program_t *program = lab_spin_program(p->d->lab, i);
        p->programs[p->program_count++] =
            (choice_t){words(p->d->arena, "%d", i), words(p->d->arena, "%s, %d g", program->name, program->g)};
    }
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_view_t v;
        if (shift_line(p->d->shift, line, &v))
            p->lines[p->line_count++] = (choice_t){words(p->d->arena, "%d", line), v.name};
    }
}

static void fill_tubes(bench_page_t *p)
{
    int n = shift_specimen_count(p->d->shift);
    p->to_spin = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->to_spin);
    p->to_load = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->to_load);
    p->unread = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->unread);
    for (int i = 0; p->to_spin && p->to_load && p->unread && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(p->d->shift, i);
        if (!shift_specimen(p->d->shift, at, &v)) continue;
        bool again = v.state == SPECIMEN_SPUN && (v.look & LOOK_NOT_PACKED);
        if (v.state == SPECIMEN_RECEIVED || again) desk_specimen_row(p->d, at, &p->to_spin[p->to_spin_count++]);
        if (v.state == SPECIMEN_SPUN && v.unread_s != INT32_MIN)
            desk_specimen_row(p->d, at, &p->unread[p->unread_count++]);
        else if (v.state == SPECIMEN_SPUN)
            desk_specimen_row(p->d, at, &p->to_load[p->to_load_count++]);
    }
}

static void get_bench(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_RECEPTION, "Bench of the reception", &d)) return;
    bench_page_t page = {.d = &d};
    desk_tray_tabs(&d, 1, page.views);
    fill_choices(&page);
    fill_tubes(&page);
    for (int i = 0; i < CENTRIFUGES; i++) fill_centrifuge(&d, i, &page.centrifuges[i]);
    desk_drawer_fill(&d, request);
    desk_key(&d, "s", "Spin the ticked tubes");
    desk_key(&d, "o", "Load the ticked tubes");
    bench_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- the store ---- */

static const column_t store_columns[] = {
    COLUMN(stored_row_t, "accession", "Accession", accession),
    COLUMN(stored_row_t, "patient", "Patient", patient),
    COLUMN_LEAST(stored_row_t, "tube", "Kind", tube),
    COLUMN(stored_row_t, "tests", "Tests", tests),
    COLUMN(stored_row_t, "drawn", "Drawn", drawn),
    {"where", "Where", offsetof(stored_row_t, where), offsetof(stored_row_t, rank), false, false},
    COLUMN_LEAST(stored_row_t, "stored", "Stored", stored),
};

/* "05:20", "the day before, 23:10". */
static const char *day_clock(const desk_t *d, int32_t at_s)
{
    static const char *const days[] = {"", "the day before, ", "two days before, "};
    scenario_view_t view;
    if (at_s == INT32_MIN) return "not known";
    scenario_view(shift_scenario(d->shift), &view);
    int32_t second = view.start_clock_s + at_s;
    int back = second >= 0 ? 0 : (int)((-second + 86399) / 86400);
    const char *clock = words_clock(d->arena, d->shift, at_s);
    return back < 3 ? words(d->arena, "%s%s", days[back], clock) : words(d->arena, "%d days before, %s", back, clock);
}

static const char *where_words(const desk_t *d, const specimen_view_t *v)
{
    if (v->store < 0) return "on the bench";
    return words(d->arena, "%s, rack %d, place %d", storage_name((storage_t)v->store), v->store_rack, v->store_place);
}

static void fill_orders(store_page_t *p)
{
    static const char *const states[] = {"", "open", "done", "refused"};
    add_on_view_t orders[ADD_ONS_MAX];
    int n = shift_add_ons(p->d->shift, orders);
    for (int i = 0; i < n; i++) {
        specimen_view_t v;
        specimen_row_t row;
        if (!shift_specimen(p->d->shift, orders[i].specimen, &v)) continue;
        desk_specimen_row(p->d, orders[i].specimen, &row);
        const analyte_t *analyte = orders[i].analyte < 0 ? NULL : lab_analyte(p->d->lab, orders[i].analyte);
        p->orders[p->order_count++] =
            (order_row_t){.specimen = orders[i].specimen,
                          .accession = row.accession,
                          .href = row.href,
                          .patient = row.name,
                          .tests = row.tests,
                          .drawn = day_clock(p->d, v.collected_s),
                          .where = where_words(p->d, &v),
                          .test = analyte ? analyte->name : "An aliquot at -20 °C",
                          .analyte = analyte ? analyte->id : NULL,
                          .ordered = words_clock(p->d->arena, p->d->shift, orders[i].at_s),
                          .state = states[orders[i].state],
                          .open = orders[i].state == ADD_ON_OPEN,
                          .out = v.store < 0,
                          .hand = words(p->d->arena, "/shift/%s/reception/%s", p->d->id, v.accession)};
    }
}

static void fill_stored(store_page_t *p)
{
    int n = shift_specimen_count(p->d->shift);
    p->done = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->done);
    p->stored = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->stored);
    for (int i = 0; p->done && p->stored && i < n; i++) {
        specimen_view_t v;
        specimen_row_t row;
        int32_t at = shift_arrived_specimen(p->d->shift, i);
        if (!shift_specimen(p->d->shift, at, &v)) continue;
        if (v.store < 0 && v.position == 0 && v.state == SPECIMEN_DONE)
            desk_specimen_row(p->d, at, &p->done[p->done_count++]);
        if (v.store < 0) continue;
        desk_specimen_row(p->d, at, &row);
        p->stored[p->stored_count++] = (stored_row_t){.index = at,
                                                      .accession = row.accession,
                                                      .href = row.href,
                                                      .patient = row.name,
                                                      .tube = row.tube,
                                                      .tests = row.tests,
                                                      .where = where_words(p->d, &v),
                                                      .stored = day_clock(p->d, v.stored_s),
                                                      .drawn = day_clock(p->d, v.collected_s),
                                                      .rank = v.store * 1e6 + v.store_rack * 1e3 + v.store_place};
    }
}

static void get_store(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_RECEPTION, "Store of tubes", &d)) return;
    store_page_t page = {.d = &d};
    desk_tray_tabs(&d, 2, page.views);
    for (int i = 0; i < STORE_COUNT; i++)
        page.stores[i] = (choice_t){words(d.arena, "%d", i), storage_name((storage_t)i)};
    fill_orders(&page);
    fill_stored(&page);
    table_init(&page.table, request, store_columns, (int)(sizeof store_columns / sizeof *store_columns), NULL);
    page.stored_count = table_arrange(&page.table, request, page.stored, page.stored_count, sizeof *page.stored);
    desk_drawer_fill(&d, request);
    desk_key(&d, "s", "Store the ticked tubes");
    desk_key(&d, "t", "Take the ticked tubes out");
    if (!table_csv(&page.table, request, response, page.stored, sizeof *page.stored, "store.csv"))
        store_page(response_html(response), &page);
    desk_close(web, &d);
}

const web_route_t *desk_tray_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/bench", get_bench},
                                         {"GET", "/shift/:id/store", get_store},
                                         {"GET", "/shift/:id/rotor/:number", get_rotor}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
