/* Interview practice: say your own answer first, then see what a good one shows. Charts and cases are drawn by the
 * laboratory from a seed; what was wrong in them is asked of the application only when an answer was given. */
#include "work.h"

#include "app/interview.h"
#include "draw/lj.h"
#include "draw/picture.h"
#include "page_words.h"
#include "work_view.h"

#include "work_interview.html.h"

#include <math.h>
#include <string.h>

enum { SAID_MAX = 4000, SEED_MAX = 1000000 };

static const char *const kind_titles[] = {"technical", "behavior", "chart", "case"};

static void interviews(web_t *web, const request_t *request, response_t *response)
{
    interview_list_t page = {0};
    interview_t all;
    err_t err;
    frame_init(&page.frame, request, "Interview practice");
    page.frame.main_class = "wide";
    if (!app_interview(web_app(web), request->arena, &all, &err)) {
        response_failed(response, &err);
        return;
    }
    page.themes = arena_array(request->arena, (size_t)all.theme_count + 1, sizeof *page.themes);
    page.asks = arena_array(request->arena, (size_t)all.ask_count + 1, sizeof *page.asks);
    if (!page.themes || !page.asks) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    for (int i = 0; i < all.ask_count; i++)
        page.asks[i] = (interview_row_t){all.asks[i].id, all.asks[i].ask, kind_titles[all.asks[i].kind]};
    for (int t = 0; t < all.theme_count; t++)
        page.themes[page.theme_count++] =
            (interview_group_t){all.themes[t].title, page.asks + all.themes[t].first, all.themes[t].count};
    page.count = all.ask_count;
    page.source = words(request->arena, "%s (as of %s)", all.source.text, all.source.as_of);
    interview_list_page(response_html(response), &page);
}

/* ---- what the laboratory draws ---- */

static void make_chart(const practice_chart_t *from, lj_point_t points[PRACTICE_RUNS], lj_chart_t *chart)
{
    static const char *const names[PRACTICE_LEVELS] = {"level 1", "level 2", "level 3"};
    *chart = (lj_chart_t){.title = from->name,
                          .unit = from->unit,
                          .level_count = from->levels,
                          .points = points,
                          .point_count = PRACTICE_RUNS};
    for (int level = 0; level < from->levels; level++)
        chart->levels[level] = (lj_level_t){names[level], from->mean[level], from->sd[level], from->decimals + 1};
    for (int run = 0; run < PRACTICE_RUNS; run++) {
        points[run] = (lj_point_t){.run = run + 1};
        memcpy(points[run].z, from->z[run], sizeof from->z[run]);
    }
}

static void chart_svg(web_t *web, const request_t *request, response_t *response)
{
    practice_chart_t practice;
    lj_point_t points[PRACTICE_RUNS];
    lj_chart_t chart;
    err_t err;
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG, .scheme = scheme && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    uint64_t seed = (uint64_t)request_query_int(request, "seed", 1, SEED_MAX, 1);
    if (!app_practice_chart(web_app(web), seed, &practice, &err)) {
        response_failed(response, &err);
        return;
    }
    make_chart(&practice, points, &chart);
    if (!draw_lj(response_body(response, draw_media_type(DRAW_SVG)), &chart, look, &err))
        response_failed(response, &err);
}

static bool fill_chart(interview_page_t *page, web_t *web, arena_t *a, uint64_t seed, err_t *err)
{
    practice_chart_t practice;
    lj_point_t points[PRACTICE_RUNS];
    lj_chart_t chart;
    text_t alt;
    if (!app_practice_chart(web_app(web), seed, &practice, err)) return false;
    make_chart(&practice, points, &chart);
    page->chart_href = words(a, "/interview/chart.svg?seed=%llu", (unsigned long long)seed);
    page->chart_width = LJ_WIDTH;
    page->chart_height = LJ_LEVEL_HEIGHT * practice.levels;
    page->chart_name = practice.name;
    text_init(&alt, 8192);
    draw_lj_describe(&alt, &chart);
    page->chart_alt = words(a, "%s", alt.data ? alt.data : "Control chart");
    text_free(&alt);
    page->runs = arena_array(a, PRACTICE_RUNS, sizeof *page->runs);
    page->run_count = page->runs ? PRACTICE_RUNS : 0;
    for (int run = 0; run < page->run_count; run++) {
        page->runs[run].run = words(a, "%d", run + 1);
        for (int level = 0; level < 2; level++)
            page->runs[run].z[level] = level < practice.levels ? words(a, "%+.1f", practice.z[run][level]) : "–";
    }
    return true;
}

static bool fill_case(interview_page_t *page, web_t *web, arena_t *a, uint64_t seed, bool answered, err_t *err)
{
    practice_case_t shown;
    practice_case_answer_t answer;
    if (!app_practice_case(web_app(web), seed, &shown, err)) return false;
    if (answered && !app_practice_case_answer(web_app(web), seed, &answer, err)) return false;
    page->values = arena_array(a, PRACTICE_VALUES_MAX, sizeof *page->values);
    page->value_count = page->values ? shown.count : 0;
    for (int i = 0; i < page->value_count; i++) {
        double v = shown.values[i].value, low = shown.values[i].low, high = shown.values[i].high;
        int decimals = shown.values[i].decimals;
        page->values[i] = (interview_value_t){
            .name = shown.values[i].name,
            .unit = words_unit(a, shown.values[i].unit),
            .value = words_fixed(a, v, decimals),
            .mark = v < low    ? "L"
                    : v > high ? "H"
                               : "",
            .interval = isnan(low) || isnan(high)
                            ? "–"
                            : words(a, "%s–%s", words_fixed(a, low, decimals), words_fixed(a, high, decimals)),
            .before = answered ? words_fixed(a, answer.before[i], decimals) : "",
        };
    }
    if (answered)
        page->truth = answer.fault ? words(a, "What happened: %s%s%s.", answer.name,
                                           answer.clue[0] ? ". The clue: " : "", answer.clue)
                                   : "Nothing was done to this specimen: the values are the patient's own.";
    return true;
}

static bool tell_chart(interview_page_t *page, web_t *web, arena_t *a, uint64_t seed, err_t *err)
{
    practice_chart_answer_t answer;
    if (!app_practice_chart_answer(web_app(web), seed, &answer, err)) return false;
    const char *said = answer.rejected
                           ? words(a, "The rules 1-3s, 2-2s, R-4s, 4-1s and 10-x reject run %d (%s; %s error).",
                                   answer.rejected, answer.rules, answer.systematic ? "systematic" : "random")
                           : "The rules 1-3s, 2-2s, R-4s, 4-1s and 10-x reject none of these runs.";
    page->truth = answer.fault ? words(a, "What happened: %s, from run %d on%s%s. %s", answer.name, answer.from,
                                       answer.clue[0] ? ". The clue: " : "", answer.clue, said)
                               : words(a, "Nothing was wrong: what you see is chance. %s", said);
    return true;
}

/* ---- a question ---- */

static void question(web_t *web, const request_t *request, response_t *response, const char *said, uint64_t seed)
{
    interview_page_t page = {.said = said ? said : "", .truth = NULL};
    interview_t all;
    err_t err;
    arena_t *a = request->arena;
    frame_init(&page.frame, request, "Interview question");
    page.frame.main_class = "wide";
    if (!app_interview(web_app(web), a, &all, &err)) {
        response_failed(response, &err);
        return;
    }
    int at = interview_find(&all, request_route(request, "id"));
    if (at < 0) {
        response_error(response, 404, "There is no such question.");
        return;
    }
    const ask_t *ask = &all.asks[at];
    page.id = ask->id, page.theme = all.themes[ask->theme].title, page.kind = kind_titles[ask->kind];
    page.ask = ask->ask, page.weak = ask->weak, page.shows = ask->shows, page.show_count = ask->show_count;
    page.answered = page.said[0] != '\0';
    page.seed = words(a, "%llu", (unsigned long long)seed);
    page.other_seed = words(a, "%llu", (unsigned long long)(seed % SEED_MAX + 1));
    page.next_id = all.asks[(at + 1) % all.ask_count].id;
    page.drawn = ask->kind == ASK_CHART || ask->kind == ASK_CASE;
    if (said && !page.answered) {
        page.frame.notice_kind = "warn";
        page.frame.notice = "Say your own answer first, if only in a few words.";
        response_status(response, 422);
    }
    bool ok = ask->kind == ASK_CHART  ? fill_chart(&page, web, a, seed, &err)
              : ask->kind == ASK_CASE ? fill_case(&page, web, a, seed, page.answered, &err)
                                      : true;
    if (ok && ask->kind == ASK_CHART && page.answered) ok = tell_chart(&page, web, a, seed, &err);
    if (ok)
        interview_ask_page(response_html(response), &page);
    else
        response_failed(response, &err);
}

static void get_question(web_t *web, const request_t *request, response_t *response)
{
    int64_t fresh = request->now_ms % SEED_MAX + 1;
    question(web, request, response, NULL, (uint64_t)request_query_int(request, "seed", 1, SEED_MAX, fresh));
}

static void post_question(web_t *web, const request_t *request, response_t *response)
{
    const char *said = request_form(request, "said");
    if (!said || strlen(said) > SAID_MAX) {
        response_error(response, 400, "An answer has at most %d bytes.", SAID_MAX);
        return;
    }
    while (*said == ' ' || *said == '\n' || *said == '\r') said++;
    question(web, request, response, said, (uint64_t)request_form_int(request, "seed", 1, SEED_MAX, 1));
}

static const web_route_t routes[] = {{"GET", "/interview", interviews},
                                     {"GET", "/interview/chart.svg", chart_svg},
                                     {"GET", "/interview/:id", get_question},
                                     {"POST", "/interview/:id", post_question}};

const web_route_t *work_interview_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
