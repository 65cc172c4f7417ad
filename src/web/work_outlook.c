/* Pay and outlook: the country, each state with what its license costs, other health occupations, and figures that
 * are often misquoted. Every number stands with its release. */
#include "work.h"

#include "app/work.h"
#include "draw/pay.h"
#include "draw/picture.h"
#include "page_words.h"
#include "work_view.h"

#include "work_outlook.html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PLACES_MAX = 60 };

typedef struct {
    arena_t *arena;
    outlook_t outlook;
    int job;
    const char *state; /* "": none */
    const outlook_pay_t *national, *ranked[PLACES_MAX];
    int ranked_count;
} look_t;

static bool read_look(look_t *look, web_t *web, const request_t *request, err_t *err)
{
    const char *job = request_query(request, "job"), *state = request_query(request, "state");
    *look = (look_t){.arena = request->arena, .state = ""};
    if (!app_outlook(web_app(web), request->arena, &look->outlook, err)) return false;
    look->job = job ? outlook_job(&look->outlook, job) : 0;
    if (look->job < 0 || look->outlook.jobs[look->job].contrast) look->job = 0;
    const outlook_license_t *license = state ? outlook_license(&look->outlook, state) : NULL;
    if (license) look->state = license->code;
    look->national = outlook_newest(&look->outlook, look->job, "US");
    look->ranked_count = outlook_ranked(&look->outlook, look->job, look->ranked, PLACES_MAX);
    return look->national != NULL || err_set(err, ERR_NOT_FOUND, "No pay of this occupation was read.");
}

static const char *dollars(arena_t *arena, int64_t value)
{
    if (value == OUTLOOK_NOT_GIVEN) return "–";
    if (value < 1000) return words(arena, "$%d", (int)value);
    return words(arena, "$%d,%03d", (int)(value / 1000), (int)(value % 1000));
}

static const char *people(arena_t *arena, int64_t value)
{
    if (value == OUTLOOK_NOT_GIVEN) return "–";
    if (value < 1000) return words(arena, "%d", (int)value);
    if (value < 1000000) return words(arena, "%d,%03d", (int)(value / 1000), (int)(value % 1000));
    return words(arena, "%d,%03d,%03d", (int)(value / 1000000), (int)(value / 1000 % 1000), (int)(value % 1000));
}

static const char *from_to(arena_t *arena, int32_t low, int32_t high)
{
    if (low == OUTLOOK_NOT_GIVEN || high == OUTLOOK_NOT_GIVEN) return "–";
    return words(arena, "%s – %s", dollars(arena, low), dollars(arena, high));
}

static const char *percent(arena_t *arena, double value)
{
    return isnan(value) ? "not read" : words(arena, "%s %%", words_fixed(arena, value, 1));
}

static const char *cited(arena_t *arena, const fact_source_t *s)
{
    return words(arena, "%s (as of %s, confidence %s)", s->text, s->as_of, s->confidence);
}

/* ---- pictures ---- */

static double or_nan(int32_t dollars_a_year)
{
    return dollars_a_year == OUTLOOK_NOT_GIVEN ? (double)NAN : (double)dollars_a_year;
}

static pay_row_t pay_row(const char *name, const outlook_pay_t *p, bool marked)
{
    return (pay_row_t){name, or_nan(p->p10), or_nan(p->p25), p->median, or_nan(p->p75), or_nan(p->p90), marked};
}

static bool states_chart(const look_t *look, pay_chart_t *chart)
{
    pay_row_t *rows = arena_array(look->arena, PAY_MAX_ROWS, sizeof *rows);
    int count = 0;
    for (int i = 0; rows && i < look->ranked_count && count < PAY_MAX_ROWS; i++)
        rows[count++] =
            pay_row(look->ranked[i]->name, look->ranked[i], strcmp(look->ranked[i]->place, look->state) == 0);
    *chart = (pay_chart_t){rows, count, look->national->median, words(look->arena, "median of the United States")};
    return count > 0;
}

static bool others_chart(const look_t *look, pay_chart_t *chart)
{
    const outlook_t *o = &look->outlook;
    pay_row_t *rows = arena_array(look->arena, PAY_MAX_ROWS, sizeof *rows);
    int count = 0;
    for (int i = 0; rows && i < o->job_count && count < PAY_MAX_ROWS; i++) {
        const outlook_pay_t *p = outlook_newest(o, i, "US");
        if (p) rows[count++] = pay_row(o->jobs[i].title, p, i == look->job);
    }
    for (int i = 1; rows && i < count; i++)
        for (int k = i; k > 0 && rows[k].median > rows[k - 1].median; k--) {
            pay_row_t swap = rows[k];
            rows[k] = rows[k - 1];
            rows[k - 1] = swap;
        }
    *chart = (pay_chart_t){rows, count, look->national->median,
                           words(look->arena, "median of %s", o->jobs[look->job].title)};
    return count > 0;
}

static void send_chart(web_t *web, const request_t *request, response_t *response,
                       bool (*make)(const look_t *, pay_chart_t *))
{
    look_t look;
    pay_chart_t chart;
    err_t err;
    const char *scheme = request_query(request, "scheme");
    draw_look_t as = {.format = DRAW_SVG, .scheme = scheme && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    if (!read_look(&look, web, request, &err))
        response_failed(response, &err);
    else if (!make(&look, &chart))
        response_error(response, 404, "There is no pay to draw.");
    else if (!draw_pay(response_body(response, draw_media_type(DRAW_SVG)), &chart, as, &err))
        response_failed(response, &err);
}

static void states_svg(web_t *web, const request_t *request, response_t *response)
{
    send_chart(web, request, response, states_chart);
}

static void others_svg(web_t *web, const request_t *request, response_t *response)
{
    send_chart(web, request, response, others_chart);
}

static const char *described(arena_t *arena, const pay_chart_t *chart, int *width, int *height)
{
    text_t alt;
    picture_t picture = {.kind = PICTURE_PAY, .pay = chart};
    double w = PAY_WIDTH, h = 0;
    err_t err;
    *height = draw_picture_size(&picture, &w, &h, &err) ? (int)h : 0;
    *width = (int)w;
    text_init(&alt, 8192);
    draw_pay_describe(&alt, chart);
    const char *copy = words(arena, "%s", alt.data ? alt.data : "Pay by place");
    text_free(&alt);
    return copy;
}

/* ---- the page ---- */

static void fill_rows(outlook_page_t *page, const look_t *look)
{
    arena_t *a = look->arena;
    const outlook_t *o = &look->outlook;
    page->rows = arena_array(a, (size_t)look->ranked_count + 1, sizeof *page->rows);
    page->count = page->rows ? look->ranked_count : 0;
    for (int i = 0; i < page->count; i++) {
        const outlook_pay_t *p = look->ranked[i];
        const outlook_license_t *l = outlook_license(o, p->place);
        const char *asked = outlook_license_asked(l, &o->jobs[look->job]);
        page->rows[i] = (outlook_row_t){
            .code = p->place,
            .place = p->name,
            .median = dollars(a, p->median),
            .middle = from_to(a, p->p25, p->p75),
            .range = from_to(a, p->p10, p->p90),
            .jobs = people(a, p->employment),
            .license = asked && asked[0] ? asked : "unknown",
            .cost = l && l->fees[0]                     ? l->fees
                    : asked && strcmp(asked, "no") == 0 ? "none"
                                                        : "not read",
            .href = words(a, "/outlook?job=%s&state=%s", o->jobs[look->job].id, p->place),
            .median_number = p->median,
            .jobs_number = p->employment,
            .marked = strcmp(p->place, look->state) == 0,
        };
    }
}

static outlook_year_t *fill_years(const look_t *look, const char *place, int *count)
{
    outlook_year_t *years = arena_array(look->arena, 16, sizeof *years);
    *count = 0;
    for (int i = 0; years && i < look->outlook.pay_count && *count < 16; i++) {
        const outlook_pay_t *p = &look->outlook.pay[i];
        if (p->job != look->job || strcmp(p->place, place) != 0) continue;
        years[(*count)++] =
            (outlook_year_t){p->period, dollars(look->arena, p->median), from_to(look->arena, p->p10, p->p90),
                             people(look->arena, p->employment), cited(look->arena, &p->source)};
    }
    return years;
}

static void fill_facts(outlook_page_t *page, const look_t *look)
{
    arena_t *a = look->arena;
    const outlook_t *o = &look->outlook;
    page->cycles = arena_array(a, (size_t)o->projection_count + 1, sizeof *page->cycles);
    page->others = arena_array(a, (size_t)o->job_count + 1, sizeof *page->others);
    page->claims = arena_array(a, (size_t)o->misquote_count + 1, sizeof *page->claims);
    for (int i = 0; page->cycles && i < o->projection_count; i++) {
        const outlook_projection_t *p = &o->projections[i];
        if (p->job == look->job)
            page->cycles[page->cycle_count++] = (outlook_cycle_t){
                p->cycle, percent(a, p->percent), people(a, p->openings), p->note, cited(a, &p->source)};
    }
    for (int i = 0; page->others && i < o->job_count; i++) {
        const outlook_pay_t *pay = outlook_newest(o, i, "US");
        const outlook_projection_t *p = outlook_projection(o, i);
        page->others[page->other_count++] =
            (outlook_other_t){o->jobs[i].title, pay ? words(a, "%s (%s)", dollars(a, pay->median), pay->period) : "–",
                              p ? words(a, "%s (%s)", percent(a, p->percent), p->cycle) : "–",
                              p ? people(a, p->openings) : "–", p && p->education[0] ? p->education : "–"};
    }
    for (int i = 0; page->claims && i < o->misquote_count; i++)
        page->claims[page->claim_count++] =
            (outlook_claim_t){o->misquotes[i].claim, o->misquotes[i].right, cited(a, &o->misquotes[i].source)};
}

static void fill_state(outlook_page_t *page, const look_t *look)
{
    const outlook_license_t *l = outlook_license(&look->outlook, look->state);
    const char *asked = outlook_license_asked(l, &look->outlook.jobs[look->job]);
    page->state = look->state;
    if (!l) return;
    page->state_name = l->name;
    page->license = asked && asked[0] ? asked : "unknown";
    page->cost = l->fees[0]                          ? words(look->arena, "%s dollars", l->fees)
                 : asked && strcmp(asked, "no") == 0 ? "none asked by the state"
                                                     : "not read";
    page->license_source = cited(look->arena, &l->source);
    page->state_years = fill_years(look, look->state, &page->state_year_count);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const outlook_license_t *)a)->name, ((const outlook_license_t *)b)->name);
}

static bool fill_places(outlook_page_t *page, const look_t *look)
{
    size_t n = (size_t)look->outlook.license_count;
    outlook_license_t *sorted = arena_array(look->arena, n + 1, sizeof *sorted);
    page->places = arena_array(look->arena, n + 1, sizeof *page->places);
    if (!sorted || !page->places) return false;
    memcpy(sorted, look->outlook.licenses, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t i = 0; i < n; i++) {
        page->places[i].code = sorted[i].code;
        page->places[i].name = sorted[i].name;
    }
    page->place_count = (int)n;
    return true;
}

static void fill_charts(outlook_page_t *page, const look_t *look)
{
    pay_chart_t chart;
    const char *job = look->outlook.jobs[look->job].id;
    if (states_chart(look, &chart)) {
        page->chart_href = words(look->arena, "/outlook/states.svg?job=%s&state=%s", job, look->state);
        page->chart_alt = described(look->arena, &chart, &page->chart_width, &page->chart_height);
    }
    if (others_chart(look, &chart)) {
        page->others_href = words(look->arena, "/outlook/others.svg?job=%s", job);
        page->others_alt = described(look->arena, &chart, &page->others_width, &page->others_height);
    }
}

static const char *headline(const look_t *look)
{
    const outlook_projection_t *p = outlook_projection(&look->outlook, look->job);
    const outlook_pay_t *n = look->national;
    return words(look->arena,
                 "%s: the middle person earns %s a year (%s); one in ten less than %s, one in ten more than %s. %s",
                 look->outlook.jobs[look->job].title, dollars(look->arena, n->median), n->period,
                 dollars(look->arena, n->p10), dollars(look->arena, n->p90),
                 p ? words(look->arena,
                           "In %s the number of places is expected to grow by %s, with about %s openings a "
                           "year.",
                           p->cycle, percent(look->arena, p->percent), people(look->arena, p->openings))
                   : "");
}

static const column_t columns[] = {
    COLUMN(outlook_row_t, "state", "State", place),
    COLUMN_BY(outlook_row_t, "median", "Median", median, median_number),
    COLUMN(outlook_row_t, "middle", "Middle half", middle),
    COLUMN_LEAST(outlook_row_t, "range", "10th to 90th percentile", range),
    COLUMN_BY(outlook_row_t, "jobs", "Jobs", jobs, jobs_number),
    COLUMN(outlook_row_t, "license", "State license", license),
    COLUMN(outlook_row_t, "cost", "License costs, US dollars", cost),
};

static void outlook_show(web_t *web, const request_t *request, response_t *response)
{
    outlook_page_t page = {.state_name = ""};
    look_t look;
    err_t err;
    frame_init(&page.frame, request, "Pay and outlook");
    page.frame.main_class = "wide";
    if (!read_look(&look, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    const outlook_job_t *job = &look.outlook.jobs[look.job];
    page.job = job->id, page.title = job->title, page.soc = job->soc, page.note = job->note;
    fill_rows(&page, &look);
    page.years = fill_years(&look, "US", &page.year_count);
    fill_facts(&page, &look);
    fill_state(&page, &look);
    fill_charts(&page, &look);
    page.headline = headline(&look);
    if (!fill_places(&page, &look)) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), "job");
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "outlook.csv"))
        outlook_page(response_html(response), &page);
}

static const web_route_t routes[] = {{"GET", "/outlook", outlook_show},
                                     {"GET", "/outlook/states.svg", states_svg},
                                     {"GET", "/outlook/others.svg", others_svg}};

const web_route_t *work_outlook_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
