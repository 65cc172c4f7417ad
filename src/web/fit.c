/* Fit: the way through it. Every page takes the run from its address and hands it on in its links and forms (all GET),
 * so that reload and back work, and nothing is kept. A timed form carries the moment it was made; its answer is
 * compared with the clock of this computer, so a sample works without scripts and lateness is seen. */
#include "fit.h"

#include "base/rng.h"
#include "fit.html.h"
#include "fit_view.h"
#include "page_words.h"

#include <stdio.h>
#include <string.h>

static const char *const stage_names[FIT_STAGES] = {
    "Interests", "Label pairs", "Odd result", "Ten steps", "What it asks of you", "First ten minutes", "Result"};
static const char *const stage_paths[FIT_STAGES] = {"/fit/interests", "/fit/labels", "/fit/odd",   "/fit/procedure",
                                                    "/fit/demands",   "/fit/bench",  "/fit/result"};
enum { STAGE_LABELS = 1, STAGE_DEMANDS = 4, STAGE_BENCH = 5, STAGE_RESULT = 6 };

/* ---- the run in the address ---- */

static void add_escaped(text_t *out, const char *text)
{
    for (const char *c = text; *c; c++)
        if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || strchr("-._~", *c))
            text_add_char(out, *c);
        else
            text_addf(out, "%%%02X", (unsigned char)*c);
}

static const char *attempt_text(arena_t *arena, const fit_attempt_t *attempt)
{
    text_t text;
    text_init(&text, 1024);
    fit_attempt_write(&text, attempt);
    const char *copy = text.data && !text.failed ? arena_text(arena, text.data, text.length) : "";
    text_free(&text);
    return copy ? copy : "";
}

static void fill_query(fit_page_t *page, arena_t *arena)
{
    text_t out;
    text_init(&out, WEB_URL_MAX);
    text_addf(&out, "a=%s&x=%d", page->run.answers, page->extra);
    for (int i = 0; i < FIT_SAMPLES; i++) {
        page->text[i] = attempt_text(arena, &page->run.attempts[i]);
        if (!page->text[i][0]) continue;
        text_addf(&out, "&%s=", fit_sample_word((fit_sample_t)i));
        add_escaped(&out, page->text[i]);
    }
    const char *copy = out.data && !out.failed ? arena_text(arena, out.data, out.length) : NULL;
    page->query = copy ? copy : "";
    text_free(&out);
}

static bool answers_valid(const char *answers)
{
    size_t n = strlen(answers);
    return n <= FIT_ITEMS && strspn(answers, "01234-") == n;
}

static bool read_run(fit_page_t *page, const request_t *request, const char *(*get)(const request_t *, const char *))
{
    const char *answers = get(request, "a"), *extra = get(request, "x");
    int64_t percent = 100;
    memset(page->run.answers, '-', FIT_ITEMS);
    if (answers && !answers_valid(answers)) return false;
    if (answers) memcpy(page->run.answers, answers, strlen(answers));
    if (extra && (!text_to_int(extra, strlen(extra), &percent) || !fit_extra_valid(percent))) return false;
    page->extra = (int)percent;
    for (int i = 0; i < FIT_SAMPLES; i++)
        if (!fit_attempt_read((fit_sample_t)i, get(request, fit_sample_word((fit_sample_t)i)), &page->run.attempts[i]))
            return false;
    return true;
}

static void fill_stages(fit_page_t *page, arena_t *arena, int stage)
{
    fit_profile_t profile;
    fit_profile(page->facts, page->run.answers, &profile);
    for (int i = 0; i < FIT_STAGES; i++) {
        fit_stage_t *s = &page->stages[i];
        *s = (fit_stage_t){.name = stage_names[i], .current = i == stage};
        s->href = words(arena, "%s?%s", stage_paths[i], page->query);
        s->done =
            i == 0 ? profile.answered == FIT_ITEMS : i < STAGE_DEMANDS && page->run.attempts[i - STAGE_LABELS].seed > 0;
    }
    page->next = page->stages[stage + 1 < FIT_STAGES ? stage + 1 : stage].href;
}

bool fit_page_begin(fit_page_t *page, app_t *app, const request_t *request, response_t *response, const char *title,
                    int stage)
{
    bool post = strcmp(request->method, "POST") == 0;
    frame_init(&page->frame, request, title);
    page->frame.main_class = "wide";
    err_t err;
    page->facts = app_fit_facts(app, request->arena, &err);
    if (!page->facts) {
        response_failed(response, &err);
        return false;
    }
    if (!read_run(page, request, post ? request_form : request_query)) {
        response_error(response, 400,
                       "This address of the fit check was changed or cut. Begin it anew from its first page.");
        return false;
    }
    fill_query(page, request->arena);
    fill_stages(page, request->arena, stage);
    return true;
}

/* ---- plain pages ---- */

static void start(web_t *web, const request_t *request, response_t *response)
{
    fit_page_t page = {0};
    if (!fit_page_begin(&page, web_app(web), request, response, "Is this career for me?", -1)) return;
    fit_start_page(response_html(response), &page);
}

static void demands(web_t *web, const request_t *request, response_t *response)
{
    fit_page_t page = {0};
    if (!fit_page_begin(&page, web_app(web), request, response, "What the work asks of you", STAGE_DEMANDS)) return;
    fit_demands_page(response_html(response), &page);
}

static void bench(web_t *web, const request_t *request, response_t *response)
{
    fit_page_t page = {0};
    if (!fit_page_begin(&page, web_app(web), request, response, "First ten minutes", STAGE_BENCH)) return;
    fit_bench_page(response_html(response), &page);
}

/* ---- interests ---- */

/* Takes the answers q1..q60 that came with the form; true when there were any, or the form's own mark. */
static bool take_answers(fit_page_t *page, const request_t *request)
{
    for (int i = 0; i < FIT_ITEMS; i++) {
        char name[8];
        snprintf(name, sizeof name, "q%d", i + 1);
        int64_t answer = request_query_int(request, name, 0, FIT_ANSWER_MAX, -1);
        if (answer >= 0) page->run.answers[i] = (char)('0' + answer);
    }
    return request_query(request, "sent") != NULL;
}

static int missing_in(const fit_page_t *page, int block)
{
    int missing = 0;
    for (int i = 0; i < FIT_BLOCK_ITEMS; i++) missing += page->run.answers[(block - 1) * FIT_BLOCK_ITEMS + i] == '-';
    return missing;
}

static void interests(web_t *web, const request_t *request, response_t *response)
{
    fit_interests_t page = {.block = (int)request_query_int(request, "b", 1, FIT_BLOCKS, 1)};
    if (!fit_page_begin(&page.base, web_app(web), request, response, "Interests", 0)) return;
    bool again = request_query(request, "again") != NULL;
    if (take_answers(&page.base, request)) {
        fill_query(&page.base, request->arena);
        int missing = missing_in(&page.base, page.block);
        if (missing > 0)
            response_redirect(response, "/fit/interests?%s&b=%d&again=1", page.base.query, page.block);
        else if (page.block < FIT_BLOCKS)
            response_redirect(response, "/fit/interests?%s&b=%d", page.base.query, page.block + 1);
        else
            response_redirect(response, "/fit/labels?%s", page.base.query);
        return;
    }
    for (int i = 0; i < FIT_BLOCK_ITEMS; i++) {
        int item = (page.block - 1) * FIT_BLOCK_ITEMS + i;
        char answer = page.base.run.answers[item];
        page.rows[i] = (fit_item_row_t){.text = page.base.facts->items[item].text,
                                        .number = item + 1,
                                        .answer = answer == '-' ? -1 : answer - '0',
                                        .missed = again && answer == '-'};
    }
    page.missing = again ? missing_in(&page.base, page.block) : 0;
    if (page.missing > 0) {
        page.base.frame.notice_kind = "warn";
        page.base.frame.notice = words(request->arena,
                                       "%d of these twelve %s open, marked below. \"Unsure\" is an answer too. Scores "
                                       "need all sixty; you may also skip the interests.",
                                       page.missing, page.missing == 1 ? "is" : "are");
    }
    fit_interests_page(response_html(response), &page);
}

/* ---- timed samples ---- */

static const char *form_answer(const request_t *request, const char *letter, int n)
{
    char name[8];
    snprintf(name, sizeof name, "%s%d", letter, n);
    const char *value = request_query(request, name);
    return value ? value : "";
}

static void take_attempt(fit_sample_page_t *page, const request_t *request)
{
    fit_attempt_t *a = &page->base.run.attempts[page->sample];
    int64_t elapsed = (request->now_ms - page->started_ms) / 1000;
    *a = (fit_attempt_t){
        .seed = page->seed, .elapsed_s = (int)(elapsed > 86400 ? 86400 : elapsed), .extra = page->base.extra};
    if (page->sample == FIT_PROCEDURE) {
        for (int i = 0; i < FIT_STEPS; i++) fit_procedure_entry(a, i, form_answer(request, "c", i + 1));
        return;
    }
    int count = page->sample == FIT_LABELS ? FIT_PAIRS : FIT_COLUMNS;
    const char *known = page->sample == FIT_LABELS ? "sd" : "0123456789n";
    for (int i = 0; i < count; i++) {
        const char *said = form_answer(request, "c", i + 1);
        a->answers[i] = said[0] && !said[1] && strchr(known, said[0]) ? said[0] : '-';
    }
}

static bool make_sample(fit_sample_page_t *page, arena_t *arena)
{
    switch (page->sample) {
    case FIT_LABELS:
        page->pairs = arena_array(arena, FIT_PAIRS, sizeof *page->pairs);
        if (page->pairs) fit_labels_make(page->base.facts, page->seed, page->pairs);
        return page->pairs;
    case FIT_ODD:
        page->columns = arena_array(arena, FIT_COLUMNS, sizeof *page->columns);
        if (page->columns) fit_odd_make(page->base.facts, page->seed, page->columns);
        return page->columns;
    case FIT_PROCEDURE:
    case FIT_SAMPLES:
        break;
    }
    page->procedure = arena_alloc(arena, sizeof *page->procedure);
    if (page->procedure) fit_procedure_make(page->seed, page->procedure);
    return page->procedure;
}

static uint32_t fresh_seed(const request_t *request, fit_sample_t sample)
{
    uint64_t h = (uint64_t)request->now_ms + (uint64_t)sample;
    for (const char *c = request->session; *c; c++) h = rng_mix(h ^ (unsigned char)*c);
    return (uint32_t)(1 + rng_mix(h) % FIT_SEED_MAX);
}

static void sample(web_t *web, const request_t *request, response_t *response, fit_sample_t which)
{
    fit_sample_page_t page = {.sample = which};
    const char *path = stage_paths[STAGE_LABELS + which];
    if (!fit_page_begin(&page.base, web_app(web), request, response, stage_names[STAGE_LABELS + which],
                        STAGE_LABELS + (int)which))
        return;
    page.seed = (uint32_t)request_query_int(request, "s", 1, FIT_SEED_MAX, 0);
    page.started_ms = request_query_int(request, "t", 1, request->now_ms, 0);
    page.limit_s = fit_sample_limit_s(which, page.base.extra);
    page.limit = words_length(request->arena, page.limit_s);
    page.running = page.seed > 0 && page.started_ms > 0;
    if (request_query(request, "go")) {
        response_redirect(response, "%s?%s&s=%u&t=%lld", path, page.base.query, fresh_seed(request, which),
                          (long long)request->now_ms);
        return;
    }
    if (page.running && request_query(request, "done")) {
        take_attempt(&page, request);
        fill_query(&page.base, request->arena);
        response_redirect(response, "%s?%s", stage_paths[STAGE_LABELS + which + 1], page.base.query);
        return;
    }
    int64_t left = page.limit_s - (request->now_ms - page.started_ms) / 1000;
    page.left_s = left < 0 ? 0 : (int)left;
    if (page.running && !make_sample(&page, request->arena)) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    fit_sample_page(response_html(response), &page);
}

static void labels(web_t *web, const request_t *request, response_t *response)
{
    sample(web, request, response, FIT_LABELS);
}

static void odd(web_t *web, const request_t *request, response_t *response)
{
    sample(web, request, response, FIT_ODD);
}

static void procedure(web_t *web, const request_t *request, response_t *response)
{
    sample(web, request, response, FIT_PROCEDURE);
}

/* ---- keeping, by consent ---- */

static void keep(web_t *web, const request_t *request, response_t *response)
{
    fit_page_t page = {0};
    err_t err;
    const char *consent = request_form(request, "consent");
    if (!fit_page_begin(&page, web_app(web), request, response, "Result", STAGE_RESULT)) return;
    if (!consent || strcmp(consent, "yes") != 0)
        response_redirect(response, "/fit/result?%s&said=consent#keep", page.query);
    else if (!app_fit_keep(web_app(web), &page.run, request_form(request, "request"), &err))
        response_failed(response, &err);
    else
        response_redirect(response, "/fit/result?%s&said=kept", page.query);
}

static void forget(web_t *web, const request_t *request, response_t *response)
{
    fit_page_t page = {0};
    err_t err;
    if (!fit_page_begin(&page, web_app(web), request, response, "Result", STAGE_RESULT)) return;
    if (app_fit_forget(web_app(web), &err))
        response_redirect(response, "/fit/result?%s&said=deleted", page.query);
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {
    {"GET", "/fit", start},       {"GET", "/fit/interests", interests}, {"GET", "/fit/labels", labels},
    {"GET", "/fit/odd", odd},     {"GET", "/fit/procedure", procedure}, {"GET", "/fit/demands", demands},
    {"GET", "/fit/bench", bench}, {"POST", "/fit/keep", keep},          {"POST", "/fit/forget", forget},
};

const web_route_t *fit_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
