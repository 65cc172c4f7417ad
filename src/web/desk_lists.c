/* Worklist and reception of a running shift. */
#include "desk_view.h"

#include "desk_lists.html.h"
#include "draw/tube.h"

#include <limits.h>
#include <string.h>

/* ---- worklist ---- */

static const column_t worklist_columns[] = {
    COLUMN_BY(specimen_row_t, "prio", "Prio", priority, priority_rank),
    COLUMN(specimen_row_t, "accession", "Accession", accession),
    COLUMN(specimen_row_t, "patient", "Patient", name),
    COLUMN(specimen_row_t, "age", "Sex, age", who),
    COLUMN_LEAST(specimen_row_t, "location", "Location", location),
    COLUMN_LEAST(specimen_row_t, "bench", "Bench", bench),
    COLUMN_LEAST(specimen_row_t, "specimen", "Specimen", tube),
    COLUMN(specimen_row_t, "tests", "Tests", tests),
    COLUMN_LEAST(specimen_row_t, "received", "Received", received),
    COLUMN_BY(specimen_row_t, "due", "Due in min", due, due_min),
    COLUMN(specimen_row_t, "state", "State", state),
    COLUMN(specimen_row_t, "flags", "Flags", flags),
};

static void get_worklist(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_WORKLIST, "Worklist", &d)) return;
    worklist_t page = {.d = &d, .show = request_query(request, "show")};
    table_init(&page.table, request, worklist_columns, (int)(sizeof worklist_columns / sizeof *worklist_columns),
               "show");
    int n = shift_specimen_count(d.shift);
    page.rows = arena_array(d.arena, (size_t)n + 1, sizeof *page.rows);
    bool all = text_equal(page.show, "all"), stat = text_equal(page.show, "stat"), late = text_equal(page.show, "late");
    for (int i = 0; page.rows && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d.shift, i);
        if (!shift_specimen(d.shift, at, &v)) continue;
        bool closed = v.state == SPECIMEN_DONE || v.state == SPECIMEN_REJECTED;
        if ((closed && !all && !page.table.filter[0]) || (stat && v.priority != PRIORITY_STAT) || (late && !v.late))
            continue;
        desk_specimen_row(&d, at, &page.rows[page.count++]);
    }
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "worklist.csv"))
        worklist_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- reception ---- */

static uint32_t serum_of(uint32_t look)
{
    return ((look & LOOK_PINK) ? TUBE_SERUM_PINK : 0u) | ((look & LOOK_RED) ? TUBE_SERUM_RED : 0u) |
           ((look & LOOK_MILKY) ? TUBE_SERUM_MILKY : 0u) | ((look & LOOK_YELLOW) ? TUBE_SERUM_ICTERIC : 0u);
}

static tube_picture_t tube_of(const desk_t *d, const specimen_view_t *v)
{
    const tube_t *tube = lab_tube(d->lab, lab_tube_find(d->lab, v->tube ? v->tube : v->ordered_tube));
    bool named = v->label_mrn[0] != '\0';
    return (tube_picture_t){.cap = tube ? tube->color : "",
                            .additive = tube ? tube->additive : "",
                            .gel = tube && strstr(tube->additive, "gel") && !(v->look & LOOK_NOT_PACKED),
                            .spun = v->looked_after_spin,
                            .fill = v->fill_fraction == v->fill_fraction ? v->fill_fraction : 0.9,
                            .serum = v->looked_after_spin ? serum_of(v->look) : 0,
                            .clot = (v->look & LOOK_CLOT) != 0,
                            .fibrin = (v->look & LOOK_FIBRIN) != 0,
                            .leak = (v->look & LOOK_LEAK) != 0,
                            .label = !named                         ? TUBE_LABEL_NONE
                                     : v->look & LOOK_LABEL_CROOKED ? TUBE_LABEL_CROOKED
                                                                    : TUBE_LABEL_STRAIGHT,
                            .name = named ? v->label_name : NULL,
                            .id = named ? v->label_mrn : NULL,
                            .birth = named ? v->label_birth : NULL,
                            .accession = v->accession};
}

static void fill_compare(reception_t *p, const specimen_view_t *v)
{
    arena_t *a = p->d->arena;
    const tube_t *ordered = lab_tube(p->d->lab, lab_tube_find(p->d->lab, v->ordered_tube)),
                 *held = lab_tube(p->d->lab, lab_tube_find(p->d->lab, v->tube));
    p->compare = arena_array(a, 7, sizeof *p->compare);
    if (!p->compare) return;
    const char *none = v->label_mrn[0] ? "" : "no label";
    p->compare[p->compare_count++] =
        (compare_t){"Name", p->at.name, v->label_mrn[0] ? words(a, "%s", v->label_name) : none};
    p->compare[p->compare_count++] = (compare_t){"MRN", words(a, "%s", v->order.mrn), words(a, "%s", v->label_mrn)};
    p->compare[p->compare_count++] =
        (compare_t){"Born", words(a, "%s", v->order.birth), words(a, "%s", v->label_birth)};
    p->compare[p->compare_count++] =
        (compare_t){"Tube", ordered ? words(a, "%s, %s", ordered->name, ordered->color) : "",
                    held ? words(a, "%s, %s (%s)", held->name, held->color, held->additive) : ""};
    p->compare[p->compare_count++] =
        (compare_t){"Use by", "the day of the draw or later",
                    v->look & LOOK_EXPIRED_TUBE ? "end of the month before last" : "end of next year"};
    p->compare[p->compare_count++] = (compare_t){
        "Fill", "to the line", words(a, "%d %% of the nominal volume", (int)(v->fill_fraction * 100 + 0.5))};
    if (v->looked_after_spin)
        p->compare[p->compare_count++] =
            (compare_t){"After the spin", "a clear layer",
                        v->look & LOOK_NOT_PACKED ? "no clear layer: cells are left above" : "a clear layer"};
}

/* Of a spun tube serum or plasma can be poured off, with tests that were not run yet. */
static void fill_pour(reception_t *p, const specimen_view_t *v)
{
    specimen_view_t parent;
    const lab_t *lab = p->d->lab;
    if (v->parent >= 0 && shift_specimen(p->d->shift, v->parent, &parent))
        p->parent = words(p->d->arena, "%s", parent.accession);
    p->pour = p->spun && v->parent < 0 && v->bench != BENCH_HEMATOLOGY && v->store < 0;
    p->pours = arena_array(p->d->arena, LAB_MAX_ANALYTES, sizeof *p->pours);
    for (int a = 0; p->pour && p->pours && v->state == SPECIMEN_SPUN && a < lab_analyte_count(lab); a++)
        if ((v->tests[a >> 6] >> (a & 63) & 1) && !lab_analyte(lab, a)->derived)
            p->pours[p->pour_count++] = (choice_t){words(p->d->arena, "%d", a), lab_analyte(lab, a)->name};
}

static void fill_open(reception_t *p, int32_t specimen)
{
    specimen_view_t v;
    arena_t *a = p->d->arena;
    if (!shift_specimen(p->d->shift, specimen, &v)) return;
    desk_specimen_row(p->d, specimen, &p->at);
    p->open = true;
    p->in_tray = v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
    p->in_hand = v.state == SPECIMEN_RECEIVED || v.state == SPECIMEN_SPUN || v.state == SPECIMEN_RESULTED ||
                 v.state == SPECIMEN_DONE;
    p->spun = p->in_hand && v.spun_s != INT32_MIN;
    p->unread = v.unread_s == INT32_MIN ? NULL : words_clock(a, p->d->shift, v.unread_s);
    p->inspected = v.inspected;
    p->collected = words(a, "Collected %s by %s, arrived %s.", words_clock(a, p->d->shift, v.collected_s),
                         v.collected_how, words_clock(a, p->d->shift, v.arrived_s));
    p->companions = desk_companions(p->d, &v, &p->companion_count);
    fill_pour(p, &v);
    p->reasons = desk_codes(p->d, CODE_REJECT_REASON, &p->reason_count);
    p->comments = desk_codes(p->d, CODE_ACCEPT_COMMENT, &p->comment_count);
    if (!v.inspected) return;
    fill_compare(p, &v);
    p->picture = words(a, "/shift/%s/tube/%s", p->d->id, v.accession);
    tube_picture_t picture = tube_of(p->d, &v);
    text_t says;
    text_init(&says, 600);
    draw_tube_describe(&says, &picture);
    p->picture_text = words(a, "%s", says.data ? says.data : "");
    text_free(&says);
}

static void get_reception(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_RECEPTION, "Reception", &d)) return;
    reception_t page = {.d = &d};
    desk_tray_tabs(&d, 0, page.views);
    const char *accession = request_route(request, "accession");
    int32_t open = accession ? shift_find_accession(d.shift, accession) : -1;
    int n = shift_specimen_count(d.shift);
    page.tray = arena_array(d.arena, (size_t)n + 1, sizeof *page.tray);
    for (int i = 0; page.tray && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d.shift, i);
        if (!shift_specimen(d.shift, at, &v)) continue;
        bool tray = v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
        if (tray) desk_specimen_row(&d, at, &page.tray[page.tray_count++]);
        if (tray) page.tray[page.tray_count - 1].current = at == open;
        if (tray && at != open && !page.next) page.next = page.tray[page.tray_count - 1].accession;
    }
    if (page.next) page.next = words(d.arena, "/shift/%s/reception/%s", d.id, page.next);
    if (open >= 0) fill_open(&page, open);
    desk_drawer_fill(&d, request);
    desk_key(&d, "i", "Look at label, order and tube");
    desk_key(&d, "a", "Accept");
    desk_key(&d, "x", "Reject");
    desk_key(&d, "h", "Put aside and call");
    desk_key(&d, "n", "Next in the tray");
    desk_key(&d, "l", "Fresh label");
    desk_key(&d, "q", "Pour off an aliquot");
    reception_page(response_html(response), &page);
    desk_close(web, &d);
}

static void get_tube(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    specimen_view_t v;
    err_t err = {0};
    if (!desk_open(web, request, response, TAB_RECEPTION, "Tube", &d)) return;
    int32_t at = shift_find_accession(d.shift, request_route(request, "accession"));
    if (at < 0 || !shift_specimen(d.shift, at, &v) || !v.inspected) {
        response_error(response, 404, "Look at the tube first.");
    } else {
        tube_picture_t picture = tube_of(&d, &v);
        text_t *out = response_body(response, "image/svg+xml");
        if (!draw_tube(out, &picture, desk_look(request), &err)) response_failed(response, &err);
    }
    desk_close(web, &d);
}

const web_route_t *desk_list_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/worklist", get_worklist},
                                         {"GET", "/shift/:id/reception", get_reception},
                                         {"GET", "/shift/:id/reception/:accession", get_reception},
                                         {"GET", "/shift/:id/tube/:accession", get_tube}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
