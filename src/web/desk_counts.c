/* The pages of the hematology and the coagulation bench: the analyzer and what it tells of itself, the specimens of the
 * bench, and one of them open for review as in the verification queue. */
#include "desk_counts_view.h"

#include "desk_counts.html.h"
#include "lab/bench.h"

#include <limits.h>
#include <string.h>

/* ---- what the analyzer tells of itself ---- */

static void fill_averages(counts_page_t *p)
{
    static const char *const names[] = {"MCV", "MCH", "MCHC"};
    const desk_t *d = p->d;
    for (int i = 0; i < BULL_SHOWN; i++) {
        double pct = shift_bull_pct(d->shift, i);
        bool known = pct == pct, out = known && (pct > BULL_LIMIT_PCT || pct < -BULL_LIMIT_PCT);
        p->averages[i] = (average_row_t){.name = names[i],
                                         .value = known ? words(d->arena, "%+.1f %%", pct) : "–",
                                         .state = !known ? "no full batch yet"
                                                  : out  ? "▲ outside"
                                                         : "inside",
                                         .kind = !known ? "plain"
                                                 : out  ? "warn"
                                                        : "ok"};
    }
}

static void fill_pools(counts_page_t *p)
{
    static const char *const clotting[] = {"PT", "APTT", "TT"};
    const desk_t *d = p->d;
    double isi, mnpt, mean, high;
    shift_inr_lot(d->shift, &isi, &mnpt);
    p->lot = words(d->arena, "ISI %.2f, mean normal PT %.1f s, as entered", isi, mnpt);
    p->pools = "";
    for (size_t i = 0; i < sizeof clotting / sizeof *clotting; i++) {
        int a = lab_analyte_find(d->lab, clotting[i]);
        if (a >= 0 && shift_normal_pool(d->shift, a, &mean, &high))
            p->pools = words(d->arena, "%s%s%s %.1f s, to %.1f s", p->pools, p->pools[0] ? " · " : "", clotting[i],
                             mean, high);
    }
}

/* ---- the page ---- */

static void fill_specimens(counts_page_t *p, bench_t bench, int32_t open)
{
    const desk_t *d = p->d;
    int n = shift_specimen_count(d->shift);
    bool after = false;
    p->rows = arena_array(d->arena, (size_t)n + 1, sizeof *p->rows);
    for (int i = 0; p->rows && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d->shift, i);
        if (!shift_specimen(d->shift, at, &v) || v.bench != bench) continue;
        bool closed = v.state == SPECIMEN_DONE || v.state == SPECIMEN_REJECTED;
        bool tray = v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
        if (at != open && (closed || tray)) continue;
        specimen_row_t *row = &p->rows[p->count++];
        desk_specimen_row(d, at, row);
        row->current = at == open;
        row->href = words(d->arena, "/shift/%s/%s/%s", d->id, p->path, row->accession);
        int32_t until = shift_treated_until_s(d->shift, at);
        if (until != INT_MIN) row->state = words(d->arena, "in hand until %s", words_clock(d->arena, d->shift, until));
        if (at != open && row->waiting && (!p->review.next || (after && !p->next_after))) {
            p->review.next = row->href;
            p->next_after = after;
        }
        after |= at == open;
    }
}

static void get_bench(web_t *web, const request_t *request, response_t *response, bench_t bench)
{
    desk_t d;
    const char *title = bench == BENCH_HEMATOLOGY ? "Hematology" : "Coagulation";
    if (!desk_open(web, request, response, bench == BENCH_HEMATOLOGY ? TAB_HEMATOLOGY : TAB_COAGULATION, title, &d))
        return;
    const char *accession = request_route(request, "accession"), *path = desk_bench_path(d.shift, bench);
    int32_t open = accession ? shift_find_accession(d.shift, accession) : -1;
    specimen_view_t s;
    bool ours = open >= 0 && shift_specimen(d.shift, open, &s) && s.bench == bench;
    if (!path) {
        response_error(response, 404, "This laboratory has no %s bench on this shift.", bench_name(bench));
    } else if (accession && !ours) {
        response_error(response, 404,
                       "There is no specimen of that number at this bench. Look for it in the worklist.");
    } else {
        counts_page_t page = {.d = &d, .review = {.d = &d}, .title = title, .path = path};
        for (int line = 0; line < SHIFT_LINES; line++) {
            line_view_t v;
            if (shift_line(d.shift, line, &v) && v.bench == bench)
                desk_line_card(&d, line, &page.lines[page.line_count++]);
        }
        page.hematology = bench == BENCH_HEMATOLOGY;
        if (page.hematology)
            fill_averages(&page);
        else
            fill_pools(&page);
        fill_specimens(&page, bench, open);
        desk_review_fill(&page.review, open, request);
        if (ours) page.review.bench_href = NULL; /* it is here */
        if (page.review.next) desk_key(&d, "n", "Next to review");
        counts_page(response_html(response), &page);
    }
    desk_close(web, &d);
}

static void get_hematology(web_t *web, const request_t *request, response_t *response)
{
    get_bench(web, request, response, BENCH_HEMATOLOGY);
}

static void get_coagulation(web_t *web, const request_t *request, response_t *response)
{
    get_bench(web, request, response, BENCH_COAGULATION);
}

const web_route_t *desk_counts_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/hematology", get_hematology},
                                         {"GET", "/shift/:id/hematology/:accession", get_hematology},
                                         {"GET", "/shift/:id/coagulation", get_coagulation},
                                         {"GET", "/shift/:id/coagulation/:accession", get_coagulation}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
