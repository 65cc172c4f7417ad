/* Files of the ledger: the audit pack as PDF (a cover list, what counts for each obligation, the
 * files with their hashes), the
 * calendar, and the ledger itself as JSON. */
#include "ledger.h"

#include "calendar_answer.h"
#include "draw/paper.h"
#include "page_words.h"
#include "work.h"

#include <string.h>

enum { COVER_COLUMNS = 7, COUNT_COLUMNS = 5, FILE_COLUMNS = 4, BLOCKS_EACH = 4, FIRST_BLOCKS = 8, FILE_BLOCKS = 8 };

/* ---- what goes into a pack ---- */

static void by_date(const app_ledger_t *l, ledger_pack_t *pack)
{
    for (int i = 1; i < pack->count; i++) {
        int moved = pack->activities[i], k = i;
        int32_t day = l->ledger.activities[moved].date.first;
        for (; k > 0 && l->ledger.activities[pack->activities[k - 1]].date.first > day; k--)
            pack->activities[k] = pack->activities[k - 1];
        pack->activities[k] = moved;
    }
}

bool ledger_pack(arena_t *arena, const app_ledger_t *l, const char *id, ledger_pack_t *pack, err_t *err)
{
    *pack = (ledger_pack_t){.held = -1,
                            .activities = arena_array(arena, (size_t)l->ledger.activity_count + 1, sizeof(int))};
    if (!pack->activities) return err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
    for (int h = 0; id && h < l->ledger.held_count; h++)
        if (strcmp(l->ledger.held[h].id, id) == 0) pack->held = h;
    if (id && pack->held < 0) return err_set(err, ERR_NOT_FOUND, "The ledger has no such obligation.");
    const ce_result_t *r = pack->held < 0 ? NULL : &l->results[pack->held];
    for (int i = 0; i < l->ledger.activity_count; i++)
        if (!r || (r->state != CE_NONE_ASKED && r->lines[i].counts != CE_NO)) pack->activities[pack->count++] = i;
    by_date(l, pack);
    return true;
}

/* ---- tables ---- */

typedef struct {
    arena_t *a;
    const app_ledger_t *l;
    const app_entries_t *record;
    const ledger_pack_t *pack;
    paper_block_t *blocks;
    int n;
} cover_t;

static void add_text(cover_t *c, paper_kind_t kind, const char *text)
{
    c->blocks[c->n++] = (paper_block_t){.kind = kind, .text = text};
}

/* As many blocks as its rows need. */
static void add_table(cover_t *c, const paper_table_t *table)
{
    for (int from = 0; from < table->rows; from += PAPER_MAX_ROWS) {
        paper_table_t part = *table;
        part.cells += (size_t)from * (size_t)table->columns;
        part.rows = table->rows - from < PAPER_MAX_ROWS ? table->rows - from : PAPER_MAX_ROWS;
        c->blocks[c->n++] = (paper_block_t){.kind = PAPER_TABLE, .table = part};
    }
}

static const char *proof_files(const cover_t *c, int number, const ce_activity_t *x)
{
    const char *all = x->proof;
    for (int k = 0; k < x->document_count; k++) {
        const app_document_t *d = ledger_document(c->record, x->documents[k]);
        all = words(c->a, "%s%s%s", all, all[0] ? "; " : "",
                    d ? ledger_file_name(c->a, number, k, d) : "a document that was removed");
    }
    return words(c->a, "%s%s%s", all[0] ? all : "no proof", x->verified_by[0] ? "; verified by " : "; declared",
                 x->verified_by);
}

/* The pack's activities. Of one obligation the hours are those that count for it. */
static bool add_activities(cover_t *c)
{
    const app_ledger_t *l = c->l;
    const char **cells = arena_array(c->a, (size_t)c->pack->count * COVER_COLUMNS + 1, sizeof *cells);
    if (!cells) return false;
    for (int i = 0; i < c->pack->count; i++) {
        int at = c->pack->activities[i];
        const ce_activity_t *x = &l->ledger.activities[at];
        const ce_line_t *line = c->pack->held < 0 ? NULL : &l->results[c->pack->held].lines[at];
        const char *amount = !line                    ? ledger_size(c->a, x)
                             : line->counts == CE_YES ? ledger_amount(c->a, line->amount)
                                                      : words(c->a, "cannot tell: %s", line->why);
        const char *topics = ledger_topics(c->a, &l->ce, x->topics);
        const char *row[COVER_COLUMNS] = {words(c->a, "%d", i + 1),
                                          ledger_day(c->a, x->date),
                                          x->title,
                                          x->provider[0] ? x->provider : "–",
                                          topics[0] ? topics : "none entered",
                                          amount,
                                          proof_files(c, i + 1, x)};
        memcpy(cells + (size_t)i * COVER_COLUMNS, row, sizeof row);
    }
    add_table(c, &(paper_table_t){.columns = COVER_COLUMNS,
                                  .rows = c->pack->count,
                                  .names = {"No.", "Date", "Activity", "Provider", "Category",
                                            c->pack->held < 0 ? "Hours" : "Counts", "Proof"},
                                  .cells = cells,
                                  .right = {true},
                                  .share = {0.05, 0.135, 0.21, 0.14, 0.14, 0.115, 0.21}});
    return true;
}

/* Of a pack of everything: what counts for one obligation. */
static bool add_counts(cover_t *c, const ce_result_t *r)
{
    static const char *const said[] = {"no", "yes", "cannot tell"};
    const char **cells = arena_array(c->a, (size_t)c->pack->count * COUNT_COLUMNS + 1, sizeof *cells);
    int rows = 0;
    if (!cells) return false;
    for (int i = 0; i < c->pack->count; i++) {
        const ce_line_t *line = &r->lines[c->pack->activities[i]];
        if (line->counts == CE_NO) continue;
        const char *row[COUNT_COLUMNS] = {words(c->a, "%d", i + 1),
                                          c->l->ledger.activities[c->pack->activities[i]].title, said[line->counts],
                                          ledger_amount(c->a, line->amount), line->why};
        memcpy(cells + (size_t)rows++ * COUNT_COLUMNS, row, sizeof row);
    }
    add_table(c, &(paper_table_t){.columns = COUNT_COLUMNS,
                                  .rows = rows,
                                  .names = {"No.", "Activity", "Counts", "For", "Why"},
                                  .cells = cells,
                                  .right = {true},
                                  .share = {0.06, 0.36, 0.12, 0.12, 0.34}});
    return true;
}

/* The files of the pack with their hashes: what an auditor compares. */
static bool add_files(cover_t *c)
{
    const char **cells = arena_array(c->a, (size_t)c->pack->count * CE_DOCUMENTS_MAX * FILE_COLUMNS + 1, sizeof *cells);
    int rows = 0;
    if (!cells) return false;
    for (int i = 0; i < c->pack->count; i++) {
        const ce_activity_t *x = &c->l->ledger.activities[c->pack->activities[i]];
        for (int k = 0; k < x->document_count; k++) {
            const app_document_t *d = ledger_document(c->record, x->documents[k]);
            if (!d) continue;
            const char *row[FILE_COLUMNS] = {words(c->a, "%d", i + 1), ledger_file_name(c->a, i + 1, k, d),
                                             words(c->a, "%zu", d->bytes),
                                             words(c->a, "%.32s\n%s", d->hash, d->hash + 32)};
            memcpy(cells + (size_t)rows++ * FILE_COLUMNS, row, sizeof row);
        }
    }
    if (rows == 0) return true;
    add_text(c, PAPER_HEADING, "Proof files");
    add_text(c, PAPER_TEXT, "The SHA-256 of each file stands in two lines of 32 digits.");
    add_table(c, &(paper_table_t){.columns = FILE_COLUMNS,
                                  .rows = rows,
                                  .names = {"No.", "File", "Bytes", "SHA-256"},
                                  .cells = cells,
                                  .right = {true, false, true},
                                  .share = {0.06, 0.42, 0.12, 0.40}});
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

static bool add_obligations(cover_t *c)
{
    bool ok = true;
    for (int h = 0; ok && h < c->l->ledger.held_count; h++) {
        add_text(c, PAPER_HEADING, ledger_held_name(c->l, h));
        add_text(c, PAPER_TEXT, needs(c->a, c->l, &c->l->results[h]));
        if (c->l->results[h].state != CE_NONE_ASKED) ok = add_counts(c, &c->l->results[h]);
    }
    return ok;
}

static const char *count_of(arena_t *a, int n, const char *one, const char *many)
{
    return words(a, "%d %s", n, n == 1 ? one : many);
}

static const char *opening(const cover_t *c)
{
    static const char how[] = "In a pack with proofs the name of a file begins with the number of its activity. "
                              "Verified: somebody compared the "
                              "entry with its proof. Declared: nobody did yet.";
    const char *activities = count_of(c->a, c->pack->count, "activity", "activities");
    if (c->pack->held < 0)
        return words(c->a, "%s and %s. %s", activities,
                     count_of(c->a, c->l->ledger.held_count, "obligation", "obligations"), how);
    return words(c->a, "%s that count%s for this obligation or may, by date. %s", activities,
                 c->pack->count == 1 ? "s" : "", how);
}

bool ledger_cover(const request_t *request, const app_ledger_t *l, const app_entries_t *record,
                  const ledger_pack_t *pack, text_t *out, err_t *err)
{
    arena_t *a = request->arena;
    const char *size = request_query(request, "size");
    int most = l->ledger.held_count * BLOCKS_EACH + FIRST_BLOCKS + FILE_BLOCKS;
    cover_t c = {a, l, record, pack, arena_array(a, (size_t)most, sizeof *c.blocks), 0};
    bool ok = c.blocks != NULL;
    if (ok) {
        add_text(&c, PAPER_TEXT, opening(&c));
        if (pack->held >= 0) add_text(&c, PAPER_TEXT, needs(a, l, &l->results[pack->held]));
        add_text(&c, PAPER_HEADING, "Cover list");
        ok = add_activities(&c) && (pack->held >= 0 || add_obligations(&c)) && add_files(&c);
    }
    paper_t sheet = {.size = size && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = "Continuing education: audit pack",
                     .subtitle = pack->held < 0 ? "All obligations" : ledger_held_name(l, pack->held),
                     .date = words_day(a, request->now_ms),
                     .note = "Made from the entries of their owner. Check rules with the body before you rely on them.",
                     .blocks = c.blocks,
                     .block_count = c.n};
    return ok ? draw_paper(out, &sheet, NULL, err)
              : err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
}

static void cover_list(web_t *web, const request_t *request, response_t *response)
{
    app_ledger_t l;
    app_entries_t record;
    ledger_pack_t pack;
    err_t err;
    if (app_ledger(web_app(web), request->arena, &l, &err) &&
        app_record_entries(web_app(web), APP_RECORD_ME, request->arena, &record, &err) &&
        ledger_pack(request->arena, &l, request_query(request, "held"), &pack, &err) &&
        ledger_cover(request, &l, &record, &pack, response_body(response, "application/pdf"), &err))
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
    ce_calendar(calendar_body(response), &l.ce, &l.ledger, l.results, &l.plan, request->now_ms);
    calendar_answer(
        response, "continuing-education.ics",
        "No obligation of the ledger has a deadline that is known: there is nothing to put into a calendar. Add "
        "the deadline to an obligation first.");
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
    {"GET", "/ledger.pdf", cover_list}, {"GET", "/ledger.ics", calendar}, {"GET", "/ledger.json", json}};

const web_route_t *ledger_file_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
