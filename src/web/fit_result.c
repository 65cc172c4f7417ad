/* Fit: the result, on the page and on two sheets of paper. Everything is computed anew from the run in the address. */
#include "fit.h"

#include "draw/paper.h"
#include "draw/picture.h"
#include "fit_result.html.h"
#include "fit_view.h"
#include "page_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { STAGE_RESULT = 6, BLOCKS_MAX = 24, BARS_NARROW = 300 };

bool fit_is_part(const fit_reality_t *reality, const char *part)
{
    return strcmp(reality->part, part) == 0;
}

/* ---- interests ---- */

/* The answer word next to the mean of ten answers. */
static const char *mean_words(arena_t *arena, int score)
{
    static const char *const answers[FIT_ANSWER_MAX + 1] = {"strongly dislike", "dislike", "unsure", "like",
                                                            "strongly like"};
    int whole = score / FIT_PER_SCALE;
    if (score % FIT_PER_SCALE == FIT_PER_SCALE / 2)
        return words(arena, "%s: between \"%s\" and \"%s\"", words_fixed(arena, (double)score / FIT_PER_SCALE, 1),
                     answers[whole], answers[whole + 1]);
    return words(arena, "%s: nearest to \"%s\"", words_fixed(arena, (double)score / FIT_PER_SCALE, 1),
                 answers[(score + FIT_PER_SCALE / 2) / FIT_PER_SCALE]);
}

static void fill_bars(fit_result_t *page, arena_t *arena)
{
    bars_chart_t chart = {page->bars, FIT_SCALES, FIT_SCALE_MAX};
    picture_t picture = {.kind = PICTURE_BARS, .bars = &chart};
    double width, height;
    text_t alt;
    const int *s = page->profile.score;
    text_init(&alt, 2048);
    draw_bars_describe(&alt, &chart);
    page->alt = alt.data ? words(arena, "%s", alt.data) : "Six bars";
    text_free(&alt);
    if (draw_picture_size(&picture, &width, &height, NULL)) {
        page->picture_width = (int)width;
        page->picture_height = (int)height;
    }
    page->picture = words(arena, "/fit/bars.svg?s=%d.%d.%d.%d.%d.%d", s[0], s[1], s[2], s[3], s[4], s[5]);
}

static void fill_interests(fit_result_t *page, arena_t *arena)
{
    const fit_facts_t *facts = page->base.facts;
    fit_match_t matches[FIT_ROWS_MAX];
    fit_profile(facts, page->base.run.answers, &page->profile);
    for (int i = 0; i < FIT_SCALES; i++) {
        const fit_scale_t *s = &facts->scales[i];
        int score = page->profile.score[i];
        page->scales[i] = (fit_scale_row_t){s->name, s->about, mean_words(arena, score), score};
        page->bars[i] = (bar_t){s->name, s->brief, score};
    }
    fill_bars(page, arena);
    int count = fit_matches(facts, &page->profile, matches);
    for (int i = 0; i < count; i++) {
        const fit_match_t *m = &matches[i];
        fit_match_row_t *row =
            m->occupation->family ? &page->family[page->family_count++] : &page->neighbors[page->neighbor_count++];
        *row = (fit_match_row_t){
            .title = m->occupation->title,
            .r = words_fixed(arena, m->r, 2),
            .range = words(arena, "%s to %s", words_fixed(arena, m->r_low, 2), words_fixed(arena, m->r_high, 2)),
            .technician = words_fixed(arena, m->occupation->r_technician, 3),
            .preparation = m->occupation->preparation,
            .about = m->occupation->about};
    }
}

/* ---- samples ---- */

static void line(fit_sample_card_t *card, const char *name, const char *value, const fit_target_t *target)
{
    if (card->count < FIT_LINES_MAX)
        card->lines[card->count++] = (fit_line_t){name, value, target ? target->words : NULL};
}

static const char *of(arena_t *arena, int part, int whole)
{
    return words(arena, "%d of %d", part, whole);
}

static const char *a_minute(arena_t *arena, double per_min, const fit_attempt_t *attempt)
{
    return words(arena, "%s a minute (%d s used)", words_fixed(arena, per_min, 1), attempt->elapsed_s);
}

static const char *blocks_note(arena_t *arena, const fit_labels_score_t *s)
{
    int early = s->rare_first.hits + s->rare_first.missed, later = s->rare_second.hits + s->rare_second.missed;
    return words(
        arena,
        "Half differing (24 pairs): missed %d, false alarms %d. Rarely differing (50 pairs, as at work): missed "
        "%d of %d reached, false alarms %d; in their first half %d of %d missed, in the second %d of %d, where "
        "attention tires. d' %s, criterion %s (0: alarms and misses weigh the same; above 0: rather misses).",
        s->even.missed, s->even.false_alarms, s->rare.missed, s->rare.hits + s->rare.missed, s->rare.false_alarms,
        s->rare_first.missed, early, s->rare_second.missed, later, words_fixed(arena, s->d_prime, 2),
        words_fixed(arena, s->criterion, 2));
}

static bool fill_labels(fit_sample_card_t *card, const fit_facts_t *facts, const fit_attempt_t *a, arena_t *arena)
{
    fit_labels_score_t s;
    fit_pair_t *pairs = arena_array(arena, FIT_PAIRS, sizeof *pairs);
    if (!pairs) return false;
    fit_labels_make(facts, a->seed, pairs);
    fit_labels_score(pairs, a, &s);
    card->late = s.late;
    line(card, "Right minus wrong", words(arena, "%d (%d right, %d wrong)", s.net, s.right, s.wrong), NULL);
    line(card, "Missed", words(arena, "%d of %d that differ", s.all.missed, s.all.hits + s.all.missed),
         fit_target(facts, "labels", "missed_rate"));
    line(card, "False alarms",
         words(arena, "%d of %d that agree", s.all.false_alarms, s.all.false_alarms + s.all.passes),
         fit_target(facts, "labels", "false_rate"));
    line(card, "Reached", of(arena, s.answered, FIT_PAIRS), NULL);
    line(card, "Speed", a_minute(arena, s.per_min, a), fit_target(facts, "labels", "per_min"));
    card->note = blocks_note(arena, &s);
    return true;
}

static bool fill_odd(fit_sample_card_t *card, const fit_facts_t *facts, const fit_attempt_t *a, arena_t *arena)
{
    fit_odd_score_t s;
    fit_column_t *columns = arena_array(arena, FIT_COLUMNS, sizeof *columns);
    if (!columns) return false;
    fit_odd_make(facts, a->seed, columns);
    fit_odd_score(columns, a, &s);
    card->late = s.late;
    line(card, "Right minus wrong", words(arena, "%d (%d right, %d wrong)", s.net, s.right, s.wrong),
         fit_target(facts, "odd", "right_rate"));
    line(card, "Missed", words(arena, "%d said to have none", s.missed), NULL);
    line(card, "Another row", words(arena, "%d", s.wrong_row), NULL);
    line(card, "False alarms", words(arena, "%d where none is odd", s.false_alarms), NULL);
    line(card, "Reached", of(arena, s.answered, FIT_COLUMNS), NULL);
    line(card, "Speed", a_minute(arena, s.per_min, a), fit_target(facts, "odd", "per_min"));
    return true;
}

static bool fill_procedure(fit_sample_card_t *card, const fit_facts_t *facts, const fit_attempt_t *a, arena_t *arena)
{
    fit_procedure_score_t s;
    fit_procedure_t *p = arena_alloc(arena, sizeof *p);
    text_t note;
    if (!p) return false;
    fit_procedure_make(a->seed, p);
    fit_procedure_score(p, a, &s);
    card->late = s.late;
    line(card, "Steps as written", of(arena, s.right, FIT_STEPS), fit_target(facts, "procedure", "right_rate"));
    line(card, "Otherwise", words(arena, "%d wrong, %d left open", s.wrong, FIT_STEPS - s.answered), NULL);
    line(card, "Time", words(arena, "%d s", a->elapsed_s), NULL);
    text_init(&note, 2048);
    for (int i = 0; i < FIT_STEPS; i++) {
        char said[FIT_ENTRY_MAX + 1];
        fit_procedure_said(a, i, said);
        if (!s.ok[i] && said[0])
            text_addf(&note, "%sStep %d: you wrote %s, asked for was %s.", note.length ? " " : "", i + 1, said,
                      p->key[i]);
    }
    card->note = note.data && note.length ? words(arena, "%s", note.data) : NULL;
    text_free(&note);
    return true;
}

static bool fill_card(fit_sample_card_t *card, const fit_page_t *base, fit_sample_t sample, arena_t *arena)
{
    static const char *const titles[FIT_SAMPLES] = {"Label pairs", "The odd result", "Ten steps"};
    const fit_attempt_t *a = &base->run.attempts[sample];
    *card = (fit_sample_card_t){.title = titles[sample],
                                .again = words(arena, "/fit/%s?%s", fit_sample_word(sample), base->query),
                                .done = a->seed > 0,
                                .extra = a->extra > 100};
    if (!card->done) return true;
    if (sample == FIT_LABELS) return fill_labels(card, base->facts, a, arena);
    if (sample == FIT_ODD) return fill_odd(card, base->facts, a, arena);
    return fill_procedure(card, base->facts, a, arena);
}

/* ---- what was kept before ---- */

static bool fill_kept(fit_result_t *page, app_t *app, arena_t *arena, err_t *err)
{
    app_fit_t *list = arena_array(arena, APP_FIT_KEPT_MAX, sizeof *list);
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_fit_kept(app, list, &page->kept_count, err)) return false;
    for (int i = 0; i < page->kept_count; i++) {
        fit_page_t other = page->base;
        fit_profile_t profile;
        other.run = list[i];
        fit_profile(other.facts, list[i].answers, &profile);
        const int *s = profile.score;
        page->kept[i] = (fit_kept_row_t){.when = words_date(arena, list[i].at_ms), .interests = "not finished"};
        if (profile.shape != FIT_SHAPE_OPEN)
            page->kept[i].interests = words(arena, "%d %d %d %d %d %d", s[0], s[1], s[2], s[3], s[4], s[5]);
        for (int k = 0; k < FIT_SAMPLES; k++) {
            fit_sample_card_t card;
            if (!fill_card(&card, &other, (fit_sample_t)k, arena))
                return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
            page->kept[i].sample[k] = !card.done ? "–"
                                                 : words(arena, "%s%s%s", card.lines[0].value,
                                                         card.late ? ", late" : "", card.extra ? ", extra time" : "");
        }
    }
    return true;
}

bool fit_result_fill(fit_result_t *page, app_t *app, const request_t *request, err_t *err)
{
    arena_t *arena = request->arena;
    fill_interests(page, arena);
    page->something = page->profile.answered > 0;
    for (int i = 0; i < FIT_SAMPLES; i++) {
        if (!fill_card(&page->cards[i], &page->base, (fit_sample_t)i, arena))
            return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
        page->something = page->something || page->cards[i].done;
    }
    return fill_kept(page, app, arena, err);
}

static void notice(frame_t *frame, const char *said)
{
    if (!said) return;
    if (strcmp(said, "kept") == 0)
        frame->notice_kind = "ok", frame->notice = "Kept. It stands below and can be deleted there.";
    if (strcmp(said, "deleted") == 0)
        frame->notice_kind = "ok", frame->notice = "Deleted for good: nothing of the fit check is kept.";
    if (strcmp(said, "consent") == 0)
        frame->notice_kind = "warn", frame->notice = "Nothing was kept: tick the box above Keep if you want it kept.";
}

static void result(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    fit_result_t *page = arena_alloc(request->arena, sizeof *page);
    if (!page) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    if (!fit_page_begin(&page->base, web_app(web), request, response, "Result", STAGE_RESULT)) return;
    notice(&page->base.frame, request_query(request, "said"));
    if (fit_result_fill(page, web_app(web), request, &err))
        fit_result_page(response_html(response), page);
    else
        response_failed(response, &err);
}

/* ---- the picture ---- */

static bool read_scores(const char *text, int score[FIT_SCALES])
{
    for (int i = 0; text && i < FIT_SCALES; i++) {
        int64_t value;
        size_t n = strcspn(text, ".");
        if (!text_to_int(text, n, &value) || value < 0 || value > FIT_SCALE_MAX) return false;
        score[i] = (int)value;
        text += n + (text[n] == '.');
    }
    return text && !*text;
}

static void bars_svg(web_t *web, const request_t *request, response_t *response)
{
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG, .scheme = scheme && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    bar_t bars[FIT_SCALES];
    int score[FIT_SCALES];
    look.width = (double)request_query_int(request, "width", BARS_NARROW, BARS_WIDTH, BARS_WIDTH);
    err_t err;
    if (!read_scores(request_query(request, "s"), score)) {
        response_error(response, 404, "There is no such picture.");
        return;
    }
    const fit_facts_t *facts = app_fit_facts(web_app(web), request->arena, &err);
    if (!facts) {
        response_failed(response, &err);
        return;
    }
    for (int i = 0; i < FIT_SCALES; i++) bars[i] = (bar_t){facts->scales[i].name, facts->scales[i].brief, score[i]};
    bars_chart_t chart = {bars, FIT_SCALES, FIT_SCALE_MAX};
    if (!draw_bars(response_body(response, draw_media_type(DRAW_SVG)), &chart, look, &err))
        response_failed(response, &err);
}

/* ---- two sheets ---- */

typedef struct {
    paper_block_t blocks[BLOCKS_MAX];
    int count;
    arena_t *arena;
    bool failed;
} sheet_t;

static paper_block_t *add(sheet_t *sheet, paper_kind_t kind, const char *text)
{
    assert(sheet->count < BLOCKS_MAX); /* what is added does not depend on what came from outside */
    paper_block_t *block = &sheet->blocks[sheet->count++];
    *block = (paper_block_t){.kind = kind, .text = text};
    return block;
}

static void add_matches(sheet_t *sheet, const fit_match_row_t *rows, int count, const char *title)
{
    enum { COLUMNS = 4 };
    const char **cells = arena_array(sheet->arena, (size_t)(count + 1) * COLUMNS, sizeof *cells);
    if (!cells) {
        sheet->failed = true;
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *row[COLUMNS] = {rows[i].title, rows[i].r, rows[i].range, rows[i].preparation};
        memcpy(&cells[COLUMNS * i], row, sizeof row);
    }
    add(sheet, PAPER_TABLE, NULL)->table = (paper_table_t){.columns = COLUMNS,
                                                           .rows = count,
                                                           .names = {title, "r with you", "Range", "Preparation"},
                                                           .cells = cells,
                                                           .right = {false, true}};
}

static void add_card(sheet_t *sheet, const fit_sample_card_t *card)
{
    const char **cells = arena_array(sheet->arena, FIT_LINES_MAX * 2, sizeof *cells);
    if (!cells || !card->done) {
        sheet->failed = sheet->failed || !cells;
        return;
    }
    for (int i = 0; i < card->count; i++) {
        cells[2 * i] = card->lines[i].name;
        cells[2 * i + 1] = card->lines[i].target
                               ? words(sheet->arena, "%s. Our target: %s", card->lines[i].value, card->lines[i].target)
                               : card->lines[i].value;
    }
    add(sheet, PAPER_TEXT,
        words(sheet->arena, "%s%s%s", card->title, card->late ? " (late)" : "", card->extra ? " (extra time)" : ""));
    add(sheet, PAPER_FIELDS, NULL)->table = (paper_table_t){.columns = 2, .rows = card->count, .cells = cells};
}

static const char *gather(arena_t *arena, const fit_facts_t *facts, const char *part)
{
    text_t out;
    text_init(&out, 4096);
    for (int i = 0; i < facts->reality_count; i++)
        if (fit_is_part(&facts->realities[i], part))
            text_addf(&out, "%s%s%s%s", out.length ? "\n" : "", facts->realities[i].text,
                      facts->realities[i].more[0] ? " " : "", facts->realities[i].more);
    const char *copy = out.data && !out.failed ? arena_text(arena, out.data, out.length) : NULL;
    text_free(&out);
    return copy ? copy : "";
}

static void fill_sheet(sheet_t *sheet, const fit_result_t *page, const bars_chart_t *chart)
{
    const fit_facts_t *facts = page->base.facts;
    add(sheet, PAPER_HEADING, "What you like");
    if (page->profile.shape == FIT_SHAPE_OPEN) {
        add(sheet, PAPER_TEXT, words(sheet->arena, "%d of 60 answered: no scores.", page->profile.answered));
    } else {
        paper_block_t *block = add(sheet, PAPER_PICTURE, "Raw scores, 0 to 40; no norms exist for this form.");
        block->picture = (picture_t){.kind = PICTURE_BARS, .bars = chart};
        block->width = 0.8;
        if (page->profile.shape == FIT_SHAPE_FLAT)
            add(sheet, PAPER_TEXT, "The answers do not separate the areas: there is no profile to compare.");
        else
            add(sheet, PAPER_TEXT,
                "r: how alike the shapes are, 1 the same, 0 unrelated; the range is what one answer "
                "could have moved. It says little about who does well.");
        if (page->family_count > 0) add_matches(sheet, page->family, page->family_count, "The laboratory family");
        if (page->neighbor_count > 0)
            add_matches(sheet, page->neighbors, page->neighbor_count, "Neighbors, for contrast");
    }
    add(sheet, PAPER_HEADING, "What you did");
    for (int i = 0; i < FIT_SAMPLES; i++) add_card(sheet, &page->cards[i]);
    add(sheet, PAPER_TEXT, "Targets are ours, not norms. Compare with your own later tries.");
    add(sheet, PAPER_HEADING, "What the work is");
    add(sheet, PAPER_TEXT, gather(sheet->arena, facts, "day"));
    add(sheet, PAPER_HEADING, "Why people leave");
    add(sheet, PAPER_TEXT, gather(sheet->arena, facts, "leave"));
    add(sheet, PAPER_TEXT, gather(sheet->arena, facts, "twice"));
    add(sheet, PAPER_TEXT, gather(sheet->arena, facts, "closer"));
    add(sheet, PAPER_TEXT,
        "Interest questions: O*NET Interest Profiler Short Form, USDOL/ETA, items unchanged (CC BY-ND 4.0; O*NET Tools "
        "Developer License); for exploring careers only. Interest values: O*NET 30.2 Database, USDOL/ETA, CC BY 4.0, "
        "modified by Titer; USDOL/ETA has not approved, endorsed, or tested these modifications. O*NET is a trademark "
        "of "
        "USDOL/ETA. Pay and openings: Bureau of Labor Statistics. Survey: ASCP.");
}

static void summary(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    fit_result_t *page = arena_alloc(request->arena, sizeof *page);
    sheet_t *sheet = arena_alloc(request->arena, sizeof *sheet);
    const char *size = request_query(request, "size");
    if (!page || !sheet) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    if (!fit_page_begin(&page->base, web_app(web), request, response, "Result", STAGE_RESULT)) return;
    if (!fit_result_fill(page, web_app(web), request, &err)) {
        response_failed(response, &err);
        return;
    }
    bars_chart_t chart = {page->bars, FIT_SCALES, FIT_SCALE_MAX};
    sheet->arena = request->arena;
    fill_sheet(sheet, page, &chart);
    paper_t paper = {.size = size && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = "Is this career for me?",
                     .subtitle = "Interests, work samples, facts",
                     .date = words_day(request->arena, request->now_ms),
                     .note = "For exploring a career, never for selecting people.",
                     .blocks = sheet->blocks,
                     .block_count = sheet->count};
    if (sheet->failed)
        response_error(response, 503, "There is not enough memory for this paper.");
    else if (draw_paper(response_body(response, "application/pdf"), &paper, NULL, &err))
        response_download(response, "fit.pdf");
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {
    {"GET", "/fit/result", result},
    {"GET", "/fit/bars.svg", bars_svg},
    {"GET", "/fit/summary.pdf", summary},
};

const web_route_t *fit_result_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
