/* The director's outcome measures: each figure with its counts, its years and the list of persons behind it. */
#include "rotate.h"

#include "draw/paper.h"
#include "page_words.h"
#include "road/when.h"

#include "rotate_places.html.h"

#include <math.h>
#include <string.h>

enum { ARENA_MAX = 16 * 1024 * 1024 };

typedef struct {
    outcome_rules_t rules;
    cohort_t cohort;
    outcome_rate_t outcomes[OUTCOME_RULES_MAX];
    int32_t today;
} measures_t;

/* The table may be larger than a request's memory: it has its own, which lives until the answer is written. */
static bool read_measures(measures_t *m, arena_t *own, web_t *web, const request_t *request, err_t *err)
{
    if (own == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!rotate_day(words_day(request->arena, request->now_ms), &m->today))
        return err_set(err, ERR_STATE, "The clock of this computer is wrong: set it first.");
    if (!app_outcome_rules(web_app(web), own, &m->rules, err) || !app_cohort(web_app(web), own, &m->cohort, err))
        return false;
    for (int i = 0; i < m->rules.count; i++)
        if (!outcome_compute(&m->rules.rules[i], &m->cohort, m->today, &m->outcomes[i], err)) return false;
    return true;
}

static const char *rate_words(arena_t *a, int numerator, int denominator)
{
    double rate = outcome_rate(numerator, denominator);
    return isnan(rate) ? "–" : words(a, "%s %%", words_fixed(a, rate, 1));
}

static const char *counts(arena_t *a, int numerator, int denominator)
{
    return words(a, "%d/%d", numerator, denominator);
}

static cohort_cell_t *year_cells(arena_t *a, int rule, const outcome_rate_t *o)
{
    cohort_cell_t *cells = arena_array(a, COHORT_YEARS_MAX, sizeof *cells);
    for (int y = 0; cells != NULL && y < o->year_count; y++) {
        const outcome_year_t *v = &o->years[y];
        cells[y] = (cohort_cell_t){.year = words(a, "%d", v->year),
                                   .rate = rate_words(a, v->numerator, v->denominator),
                                   .counts = counts(a, v->numerator, v->denominator),
                                   .href = words(a, "/rotate/outcomes/%d/%d", rule, v->year),
                                   .pooled = y >= o->from,
                                   .provisional = v->open > 0};
    }
    return cells;
}

static const char *span_words(arena_t *a, const outcome_rate_t *o)
{
    if (o->year_count == 0) return "no year";
    int first = o->years[o->from].year, last = o->years[o->year_count - 1].year;
    return first == last ? words(a, "%d", first) : words(a, "%d to %d pooled", first, last);
}

static cohort_row_t rule_row(arena_t *a, const measures_t *m, int i)
{
    const outcome_rule_t *q = &m->rules.rules[i];
    const outcome_rate_t *o = &m->outcomes[i];
    double rate = outcome_rate(o->numerator, o->denominator);
    cohort_row_t row = {.title = q->title,
                        .accreditor = strcmp(q->accreditor, "abhes") == 0 ? "ABHES" : "NAACLS",
                        .pooled_rate = rate_words(a, o->numerator, o->denominator),
                        .pooled_counts = counts(a, o->numerator, o->denominator),
                        .span = span_words(a, o),
                        .href = words(a, "/rotate/outcomes/%d/pooled", i),
                        .numerator = q->numerator,
                        .denominator = q->denominator,
                        .standard = q->standard[0] != '\0' ? words(a, "Standard %s;", q->standard) : "",
                        .source = q->source,
                        .as_of = q->as_of,
                        .share = isnan(rate) ? 0 : rate,
                        .has_rate = !isnan(rate),
                        .has_threshold = !isnan(q->threshold),
                        .provisional = o->open > 0,
                        .years = year_cells(a, i, o),
                        .year_count = o->year_count};
    if (row.has_threshold) {
        row.threshold = words(a, "%s %%", words_fixed(a, q->threshold, 0));
        row.threshold_share = q->threshold;
    }
    if (!row.has_rate || !row.has_threshold) return row;
    bool met = rate >= q->threshold;
    row.verdict = met ? (row.provisional ? "met so far, provisional" : "met")
                      : (row.provisional ? "below so far, provisional" : "below");
    row.verdict_kind = met ? "ok" : "warn";
    return row;
}

static void cohort_page(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    measures_t *m = arena_alloc(request->arena, sizeof *m);
    arena_t *own = arena_new(ARENA_MAX);
    cohort_page_t page = {0};
    err_t err = {0};
    rotate_frame(&page.r, request, "Outcome measures", "/rotate/outcomes");
    if (m == NULL || !read_measures(m, own, web, request, &err)) {
        response_failed(response, &err);
        arena_free(own);
        return;
    }
    page.persons = m->cohort.count;
    page.rows = arena_array(request->arena, OUTCOME_RULES_MAX, sizeof *page.rows);
    for (int i = 0; page.rows != NULL && i < m->rules.count; i++)
        if (m->outcomes[i].denominator > 0 || m->rules.rules[i].measure != OUTCOME_RETENTION)
            page.rows[page.count++] = rule_row(request->arena, m, i);
    if (refusal != NULL) {
        rotate_refused(&page.r, response, refusal);
        page.csv = rotate_field(request, "csv");
    }
    rotate_cohort_page(response_html(response), &page);
    arena_free(own);
}

static void get_outcomes(web_t *web, const request_t *request, response_t *response)
{
    cohort_page(web, request, response, NULL);
}

static void post_outcomes(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    const char *csv = rotate_field(request, "csv");
    if (app_cohort_save(web_app(web), csv, strlen(csv), &err))
        response_redirect(response, "/rotate/outcomes");
    else
        cohort_page(web, request, response, &err);
}

/* ---- the list behind a figure ---- */

static const column_t person_columns[] = {
    COLUMN(person_row_t, "id", "Person", id),
    COLUMN(person_row_t, "cohort", "Cohort", cohort),
    COLUMN(person_row_t, "counted", "Counted", counted),
    COLUMN(person_row_t, "why", "Why", why),
};

static const char *counted_words(arena_t *a, const outcome_person_t *p)
{
    if (p->times > 1)
        return words(a, "%s, %d times below", p->counted == COUNTED_ABOVE ? "above and below" : "below", p->times);
    return p->counted == COUNTED_ABOVE ? "above and below" : p->counted == COUNTED_BELOW ? "below only" : "not counted";
}

/* Persons of `year`, or of the pooled years when it is 0. */
static void fill_persons(persons_page_t *page, arena_t *a, const measures_t *m, int i, int year)
{
    const outcome_rule_t *q = &m->rules.rules[i];
    const outcome_rate_t *o = &m->outcomes[i];
    int numerator = o->numerator, denominator = o->denominator;
    page->rows = arena_array(a, (size_t)m->cohort.count * (year == 0 ? (size_t)q->years : 1) + 1, sizeof *page->rows);
    for (int y = 0; page->rows != NULL && y < o->year_count; y++) {
        if (year == 0 ? y < o->from : o->years[y].year != year) continue;
        if (year != 0) {
            numerator = o->years[y].numerator;
            denominator = o->years[y].denominator;
        }
        for (int k = 0; k < m->cohort.count; k++) {
            const cohort_person_t *p = &m->cohort.persons[k];
            if (q->measure != OUTCOME_RETENTION && p->cohort != o->years[y].year) continue;
            outcome_person_t counted = outcome_of(q, p, o->years[y].year, m->today);
            page->rows[page->count++] = (person_row_t){.id = words(a, "%s", p->id),
                                                       .cohort = words(a, "%d", p->cohort),
                                                       .counted = counted_words(a, &counted),
                                                       .why = counted.open && strstr(counted.why, "open") == NULL
                                                                  ? words(a, "%s (may still change)", counted.why)
                                                                  : counted.why};
        }
    }
    page->figure = words(a, "%s = %s", counts(a, numerator, denominator), rate_words(a, numerator, denominator));
    page->rule = words(a, "%s, over %s", q->numerator, q->denominator);
    page->title = words(a, "%s (%s), %s", q->title, strcmp(q->accreditor, "abhes") == 0 ? "ABHES" : "NAACLS",
                        year == 0 ? span_words(a, o) : words(a, "%d", year));
}

static void get_persons(web_t *web, const request_t *request, response_t *response)
{
    measures_t *m = arena_alloc(request->arena, sizeof *m);
    arena_t *own = arena_new(ARENA_MAX);
    persons_page_t page = {0};
    err_t err = {0};
    const char *which = request_route(request, "year");
    int rule = rotate_number(request_route(request, "rule"), -1);
    int year = strcmp(which, "pooled") == 0 ? 0 : rotate_number(which, -1);
    rotate_frame(&page.r, request, "Persons behind a figure", "/rotate/outcomes");
    if (m == NULL || !read_measures(m, own, web, request, &err))
        response_failed(response, &err);
    else if (rule < 0 || rule >= m->rules.count || year < 0)
        response_error(response, 404, "There is no such figure. The page of outcome measures shows what there is.");
    else {
        fill_persons(&page, request->arena, m, rule, year);
        table_init(&page.table, request, person_columns, 4, NULL);
        page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
        if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "outcome-persons.csv"))
            rotate_persons_page(response_html(response), &page);
    }
    arena_free(own);
}

/* ---- files ---- */

static void get_csv(web_t *web, const request_t *request, response_t *response)
{
    measures_t *m = arena_alloc(request->arena, sizeof *m);
    arena_t *own = arena_new(ARENA_MAX);
    err_t err = {0};
    if (m == NULL || !read_measures(m, own, web, request, &err)) {
        response_failed(response, &err);
        arena_free(own);
        return;
    }
    text_t *out = response_body(response, "text/csv; charset=utf-8");
    text_add(out, "accreditor,measure,year,numerator,denominator,rate,provisional\r\n");
    for (int i = 0; i < m->rules.count; i++) {
        const outcome_rate_t *o = &m->outcomes[i];
        const outcome_rule_t *q = &m->rules.rules[i];
        for (int y = 0; y <= o->year_count; y++) {
            bool pooled = y == o->year_count;
            int n = pooled ? o->numerator : o->years[y].numerator,
                d = pooled ? o->denominator : o->years[y].denominator;
            text_addf(out, "%s,%s,%s,%d,%d,", q->accreditor, outcome_measure_word(q->measure),
                      pooled ? "pooled" : words(request->arena, "%d", o->years[y].year), n, d);
            if (d > 0) text_add_fixed(out, outcome_rate(n, d), 2);
            text_addf(out, ",%s\r\n", (pooled ? o->open : o->years[y].open) > 0 ? "yes" : "no");
        }
    }
    response_download(response, "outcomes.csv");
    arena_free(own);
}

static void get_pdf(web_t *web, const request_t *request, response_t *response)
{
    enum { COLUMNS = 6 };
    measures_t *m = arena_alloc(request->arena, sizeof *m);
    arena_t *own = arena_new(ARENA_MAX), *a = request->arena;
    err_t err = {0};
    if (m == NULL || !read_measures(m, own, web, request, &err)) {
        response_failed(response, &err);
        arena_free(own);
        return;
    }
    const char **c = arena_array(a, (size_t)OUTCOME_RULES_MAX * COLUMNS, sizeof *c);
    for (int i = 0; c != NULL && i < m->rules.count; i++) {
        cohort_row_t row = rule_row(a, m, i);
        const char *years = "";
        for (int y = 0; row.years != NULL && y < row.year_count; y++)
            years = words(a, "%s%s%s: %s%s", years, y > 0 ? "; " : "", row.years[y].year, row.years[y].counts,
                          row.years[y].provisional ? " (provisional)" : "");
        const char *cells[COLUMNS] = {words(a, "%s, %s", row.title, row.accreditor),
                                      row.pooled_rate,
                                      row.pooled_counts,
                                      row.has_threshold ? row.threshold : "–",
                                      row.verdict != NULL ? row.verdict : "",
                                      years};
        memcpy(&c[COLUMNS * i], cells, sizeof cells);
    }
    paper_block_t blocks[] = {
        {.kind = PAPER_TABLE,
         .table = {.columns = COLUMNS,
                   .rows = c != NULL ? m->rules.count : 0,
                   .names = {"Measure", "Rate", "Counts", "Asked", "", "By year"},
                   .cells = c,
                   .share = {0.22, 0.09, 0.10, 0.08, 0.15, 0.36}}},
        {.kind = PAPER_TEXT,
         .text = "Figures over several years are made from pooled counts; percentages are never averaged. A year is "
                 "provisional while somebody's window of a year after graduating is open."}};
    paper_t sheet = {.size = PAPER_LETTER,
                     .title = "Outcome measures",
                     .subtitle = words(a, "%d persons", m->cohort.count),
                     .date = words_day(a, request->now_ms),
                     .note = "From the table that the program took in.",
                     .blocks = blocks,
                     .block_count = sizeof blocks / sizeof *blocks};
    if (!draw_paper(response_body(response, "application/pdf"), &sheet, NULL, &err))
        response_failed(response, &err);
    else
        response_download(response, "outcomes.pdf");
    arena_free(own);
}

static const web_route_t routes[] = {
    {"GET", "/rotate/outcomes", get_outcomes},
    {"POST", "/rotate/outcomes", post_outcomes},
    {"GET", "/rotate/outcomes.csv", get_csv},
    {"GET", "/rotate/outcomes.pdf", get_pdf},
    {"GET", "/rotate/outcomes/:rule/:year", get_persons},
};

const web_route_t *rotate_outcome_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
