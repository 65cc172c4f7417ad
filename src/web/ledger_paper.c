/* Files of the ledger: the audit pack as PDF (a cover list, then each obligation with what counts for it), the
 * calendar, and the ledger itself as JSON. */
#include "ledger.h"

#include "draw/paper.h"
#include "page_words.h"
#include "road/calendar.h"
#include "work.h"

#include <string.h>

enum { COVER_COLUMNS = 6, COUNT_COLUMNS = 5, BLOCKS_EACH = 4, FIRST_BLOCKS = 4 };

static const char *proof_mark(arena_t *a, const app_entries_t *record, const ce_activity_t *x)
{
    const char *proof = ledger_proof(a, record, x);
    if (!proof[0]) return "no proof";
    return x->verified_by[0] ? words(a, "verified (%s): %s", x->verified_by, proof) : words(a, "declared: %s", proof);
}

static bool cover(paper_block_t *block, arena_t *a, const app_ledger_t *l, const app_entries_t *record)
{
    int count = l->ledger.activity_count < PAPER_MAX_ROWS ? l->ledger.activity_count : PAPER_MAX_ROWS;
    const char **cells = arena_array(a, (size_t)count * COVER_COLUMNS + 1, sizeof *cells);
    if (!cells) return false;
    for (int i = 0; i < count; i++) {
        const ce_activity_t *x = &l->ledger.activities[i];
        const char *row[COVER_COLUMNS] = {
            words(a, "%d", i + 1), ledger_day(a, x->date),  x->title, x->provider[0] ? x->provider : "–",
            ledger_size(a, x),     proof_mark(a, record, x)};
        memcpy(cells + (size_t)i * COVER_COLUMNS, row, sizeof row);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = COVER_COLUMNS,
                                       .rows = count,
                                       .names = {"No.", "Date", "Activity", "Provider", "Hours", "Proof"},
                                       .cells = cells,
                                       .right = {true},
                                       .share = {0.06, 0.13, 0.28, 0.19, 0.12, 0.22}}};
    return true;
}

static bool counts(paper_block_t *block, arena_t *a, const app_ledger_t *l, const ce_result_t *r)
{
    static const char *const said[] = {"no", "yes", "cannot tell"};
    const char **cells = arena_array(a, (size_t)l->ledger.activity_count * COUNT_COLUMNS + 1, sizeof *cells);
    int rows = 0;
    if (!cells) return false;
    for (int i = 0; i < l->ledger.activity_count && rows < PAPER_MAX_ROWS; i++) {
        const ce_line_t *line = &r->lines[i];
        if (line->counts == CE_NO) continue;
        const char *row[COUNT_COLUMNS] = {words(a, "%d", i + 1), l->ledger.activities[i].title, said[line->counts],
                                          ledger_amount(a, line->amount), line->why};
        memcpy(cells + (size_t)rows++ * COUNT_COLUMNS, row, sizeof row);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = COUNT_COLUMNS,
                                       .rows = rows,
                                       .names = {"No.", "Activity", "Counts", "For", "Why"},
                                       .cells = cells,
                                       .right = {true},
                                       .share = {0.06, 0.36, 0.12, 0.12, 0.34}}};
    return true;
}

static const char *needs(arena_t *a, const app_ledger_t *l, const ce_result_t *r)
{
    const ce_rule_t *rule = &l->ce.rules[l->ledger.held[r->held].rule];
    const char *all =
        words(a, "Period %s to %s. Needed %s %s, done %s (of these declared only: %s): %s.", ledger_day(a, r->start),
              ledger_day(a, r->deadline), ledger_amount(a, r->total.need), rule->unit, ledger_amount(a, r->total.sure),
              ledger_amount(a, r->total.declared), ce_state_word(r->state));
    for (int i = 0; i < r->least_count; i++)
        all = words(a, "%s\n%s: needed %s, done %s: %s.", all, l->ce.topics[r->least[i].topic].title,
                    ledger_amount(a, r->least[i].need), ledger_amount(a, r->least[i].sure),
                    ce_state_word(r->least[i].state));
    for (int i = 0; i < r->remark_count; i++) all = words(a, "%s\n%s", all, r->remarks[i]);
    return words(a, "%s\nRule: %s (as of %s, confidence %s).", all, rule->source.text, rule->source.as_of,
                 rule->source.confidence);
}

bool ledger_cover(const request_t *request, const app_ledger_t *l, const app_entries_t *record, text_t *out, err_t *err)
{
    arena_t *a = request->arena;
    const char *size = request_query(request, "size");
    paper_block_t *blocks = arena_array(a, (size_t)l->ledger.held_count * BLOCKS_EACH + FIRST_BLOCKS, sizeof *blocks);
    int n = 0;
    bool ok = blocks != NULL;
    if (ok) {
        blocks[n++] = (paper_block_t){
            .kind = PAPER_TEXT,
            .text = words(a,
                          "%d activities and %d obligations. The number of an activity is the number its proof "
                          "carries: in a pack with proofs, the name of its file begins with it. Verified: somebody "
                          "compared the entry with its proof. Declared: nobody did yet.",
                          l->ledger.activity_count, l->ledger.held_count)};
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Cover list"};
        ok = cover(&blocks[n++], a, l, record);
    }
    for (int h = 0; ok && h < l->ledger.held_count; h++) {
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = ledger_held_name(l, h)};
        blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = needs(a, l, &l->results[h])};
        if (l->results[h].state != CE_NONE_ASKED) ok = counts(&blocks[n++], a, l, &l->results[h]);
    }
    paper_t sheet = {.size = size && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = "Continuing education: audit pack",
                     .subtitle = "Activities, proofs, and what they count for",
                     .date = words_day(a, request->now_ms),
                     .note = "Made from the entries of their owner. Check rules with the body before you rely on them.",
                     .blocks = blocks,
                     .block_count = n};
    return ok ? draw_paper(out, &sheet, NULL, err)
              : err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
}

static void pack(web_t *web, const request_t *request, response_t *response)
{
    app_ledger_t l;
    app_entries_t record;
    err_t err;
    if (app_ledger(web_app(web), request->arena, &l, &err) &&
        app_record_entries(web_app(web), APP_RECORD_ME, request->arena, &record, &err) &&
        ledger_cover(request, &l, &record, response_body(response, "application/pdf"), &err))
        response_download(response, "audit-pack.pdf");
    else
        response_failed(response, &err);
}

static void calendar(web_t *web, const request_t *request, response_t *response)
{
    app_ledger_t l;
    err_t err;
    if (!app_ledger(web_app(web), request->arena, &l, &err)) {
        response_failed(response, &err);
        return;
    }
    ce_calendar(response_body(response, "text/calendar; charset=utf-8"), &l.ce, &l.ledger, l.results, &l.plan,
                request->now_ms);
    response_download(response, "continuing-education.ics");
}

static void json(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_ledger_export(web_app(web), response_json(response), &err))
        response_download(response, "ledger.json");
    else
        response_failed(response, &err);
    (void)request;
}

static const web_route_t routes[] = {
    {"GET", "/ledger.pdf", pack}, {"GET", "/ledger.ics", calendar}, {"GET", "/ledger.json", json}};

const web_route_t *ledger_file_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
