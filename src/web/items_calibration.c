/* What the answers of this installation say of difficulties: which items have enough, what a calibration would change,
 * accepting it, and what was accepted before. Instructor's side. */
#include "items.h"

#include "draw/moves.h"
#include "draw/picture.h"
#include "items_calibration_view.h"

#include "items_calibration.html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAST_SHOWN = 20, ALT_BYTES = 4096 };

static const double Z95 = 1.959964;
static const double FIT_LEAST = 0.7, FIT_MOST = 1.3;

/* Counts alone, or all that a calibration would make of them. */
typedef struct {
    app_calibration_t all;
    app_calibrated_t *list; /* calloc'ed */
    int count;
} looked_t;

static bool look(looked_t *looked, app_t *app, bool fit, err_t *err)
{
    *looked = (looked_t){.list = calloc(APP_ITEMS_MAX, sizeof *looked->list)};
    if (!looked->list) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    return app_calibration_look(app, fit, &looked->all, looked->list, APP_ITEMS_MAX, &looked->count, err);
}

/* ---- the picture: the items that would change most ---- */

static int by_change(const void *a, const void *b)
{
    const app_calibrated_t *const *x = a, *const *y = b;
    const double dx = fabs((*x)->after - (*x)->before), dy = fabs((*y)->after - (*y)->before);
    if (dx != dy) return dx > dy ? -1 : 1;
    return strcmp((*x)->id, (*y)->id);
}

static bool make_chart(const looked_t *looked, arena_t *arena, moves_chart_t *chart)
{
    const app_calibrated_t **sorted = arena_array(arena, (size_t)looked->count + 1, sizeof *sorted);
    move_row_t *rows = arena_array(arena, MOVES_MAX_ROWS, sizeof *rows);
    size_t taken = 0;
    if (!sorted || !rows) return false;
    for (int i = 0; i < looked->count; i++)
        if (looked->list[i].taken && looked->all.enough) sorted[taken++] = &looked->list[i];
    if (taken > 1) qsort(sorted, taken, sizeof *sorted, by_change);
    *chart = (moves_chart_t){.rows = rows, .unit = "difficulty in logits: to the right, harder"};
    for (size_t i = 0; i < taken && i < MOVES_MAX_ROWS; i++)
        rows[chart->count++] = (move_row_t){words(arena, "%s", sorted[i]->id), sorted[i]->before,
                                            Z95 * sorted[i]->before_sd, sorted[i]->after, Z95 * sorted[i]->se};
    return chart->count > 0;
}

static void fill_chart(calibration_page_t *page, const looked_t *looked, arena_t *arena)
{
    moves_chart_t chart;
    picture_t picture = {.kind = PICTURE_MOVES, .moves = &chart};
    double width = MOVES_WIDTH, height = 0;
    text_t alt;
    err_t none;
    if (!make_chart(looked, arena, &chart) || !draw_picture_size(&picture, &width, &height, &none)) return;
    text_init(&alt, ALT_BYTES);
    draw_moves_describe(&alt, &chart);
    page->chart_alt = words(arena, "%s", alt.data ? alt.data : "Difficulties before and after");
    text_free(&alt);
    page->chart_href = words(arena, "/items/calibration/changes.svg?of=%s", looked->all.mark);
    page->chart_width = (int)width;
    page->chart_height = (int)height;
    page->chart_note = chart.count < looked->all.items
                           ? words(arena, "The %d of %d that would change most.", chart.count, looked->all.items)
                           : "";
}

void items_calibration_chart(web_t *web, const request_t *request, response_t *response)
{
    looked_t looked;
    moves_chart_t chart;
    err_t err;
    const draw_look_t as = {.format = DRAW_SVG, .scheme = exhibit_dark(request) ? DRAW_DARK : DRAW_LIGHT};
    if (!look(&looked, web_app(web), true, &err))
        response_failed(response, &err);
    else if (!make_chart(&looked, request->arena, &chart))
        response_error(response, 404, "There is no change to draw.");
    else if (!draw_moves(response_body(response, draw_media_type(DRAW_SVG)), &chart, as, &err))
        response_failed(response, &err);
    free(looked.list);
}

/* ---- the tables ---- */

static const column_t columns[] = {
    COLUMN(calibration_row_t, "id", "Item", id),
    COLUMN_BY(calibration_row_t, "answers", "Answers", answers_text, answers),
    COLUMN_BY(calibration_row_t, "right", "Right %", right_text, right),
    COLUMN_BY(calibration_row_t, "author", "Author said", author_text, author),
    COLUMN_BY(calibration_row_t, "now", "Now", now_text, now),
    COLUMN(calibration_row_t, "state", "Enough?", state),
    COLUMN_BY(calibration_row_t, "after", "Would be", after_text, after),
    COLUMN_BY(calibration_row_t, "change", "Change", change_text, change),
    COLUMN_BY(calibration_row_t, "infit", "Infit", infit_text, infit),
    COLUMN_BY(calibration_row_t, "outfit", "Outfit", outfit_text, outfit),
    COLUMN(calibration_row_t, "fit", "Fit", fit),
};
enum { COLUMNS = sizeof columns / sizeof *columns, COUNTED = 6 };

static const char *interval(arena_t *arena, double value, double sd)
{
    if (isnan(value)) return "–";
    return words(arena, "%s (%s to %s)", words_fixed(arena, value, 2), words_fixed(arena, value - Z95 * sd, 2),
                 words_fixed(arena, value + Z95 * sd, 2));
}

static const char *fit_words(const app_calibrated_t *c)
{
    if (isnan(c->infit)) return "–";
    if (c->infit > FIT_MOST || c->outfit > FIT_MOST) return "noisy";
    if (c->infit < FIT_LEAST || c->outfit < FIT_LEAST) return "too regular";
    return "as expected";
}

static void fill_row(calibration_row_t *row, const app_calibrated_t *c, bool fitted, arena_t *arena)
{
    const double after = fitted && c->taken ? c->after : NAN, change = after - c->before;
    *row = (calibration_row_t){
        .id = words(arena, "%s", c->id),
        .answers = c->answers,
        .answers_text = words(arena, "%d", c->answers),
        .right = 100.0 * c->right / c->answers,
        .right_text = words_fixed(arena, 100.0 * c->right / c->answers, 0),
        .author = c->author,
        .author_text = words(arena, "%s ± %s", words_fixed(arena, c->author, 2), words_fixed(arena, c->author_sd, 2)),
        .now = c->before,
        .now_text = interval(arena, c->before, c->before_sd),
        .state = c->taken                              ? "enough"
                 : c->answers >= APP_CALIBRATION_LEAST ? "all alike"
                                                       : words(arena, "%d more", APP_CALIBRATION_LEAST - c->answers),
        .after = after,
        .after_text = c->taken ? interval(arena, after, c->se) : "stays",
        .change = change,
        .change_text = isnan(change) ? "–" : words(arena, "%s%s", change > 0 ? "+" : "", words_fixed(arena, change, 2)),
        .infit = c->infit,
        .infit_text = words_fixed(arena, c->infit, 2),
        .outfit = c->outfit,
        .outfit_text = words_fixed(arena, c->outfit, 2),
        .fit = fit_words(c)};
}

static bool fill_past(calibration_page_t *page, app_t *app, arena_t *arena, err_t *err)
{
    app_calibration_past_t list[PAST_SHOWN];
    int count;
    if (!app_calibration_history(app, list, PAST_SHOWN, &count, err)) return false;
    page->past = arena_array(arena, PAST_SHOWN, sizeof *page->past);
    for (int i = 0; page->past && i < count; i++)
        page->past[page->past_count++] =
            (calibration_past_row_t){.when = words_date(arena, list[i].at_ms),
                                     .who = list[i].name[0] ? words(arena, "%s", list[i].name) : "the command line",
                                     .items = words(arena, "%d", list[i].items),
                                     .answers = words(arena, "%d", list[i].answers),
                                     .persons = words(arena, "%d", list[i].persons),
                                     .moved = words_fixed(arena, list[i].moved, 2),
                                     .largest = isnan(list[i].moved) ? "–"
                                                                     : words(arena, "%s by %s", list[i].largest_id,
                                                                             words_fixed(arena, list[i].largest, 2))};
    return true;
}

static void fill_words(calibration_page_t *page, const app_calibration_t *all, arena_t *arena)
{
    page->least = APP_CALIBRATION_LEAST;
    page->said = words(arena,
                       "%d sittings are over, with answers to %d items in their present version; %d items have %d "
                       "answers or more.",
                       all->sittings, all->answered, all->items, page->least);
    if (all->alike)
        page->alike =
            words(arena, "%d more have enough, but all right or all wrong: that sets no difficulty.", all->alike);
    if (!all->enough)
        page->missing = all->most == 0
                            ? "No item has answers yet."
                            : words(arena, "At least %d items are needed. The item with most answers has %d.",
                                    (int)APP_CALIBRATION_ITEMS_LEAST, all->most);
    if (page->looked)
        page->persons =
            words(arena,
                  "%d answers of %d sittings went into it. The persons' mean is %s logits, their SD "
                  "%s; authors' difficulties hold the scale.",
                  all->answers, all->persons, words_fixed(arena, all->mean, 2), words_fixed(arena, all->sd, 2));
}

/* `refused`: a sentence, with what was typed kept. */
static void show(web_t *web, const request_t *request, response_t *response, bool fit, const char *refused, int status)
{
    calibration_page_t page = {.typed_name = "", .alike = "", .missing = "", .persons = ""};
    arena_t *arena = request->arena;
    looked_t looked;
    err_t err = {0};
    frame_init(&page.frame, request, "Calibration");
    page.frame.here = "/items/calibration";
    page.frame.main_class = "wide";
    if (!look(&looked, web_app(web), fit, &err) || !fill_past(&page, web_app(web), arena, &err)) {
        free(looked.list);
        response_failed(response, &err);
        return;
    }
    page.ready = looked.all.enough;
    page.looked = fit && looked.all.enough;
    page.mark = words(arena, "%s", looked.all.mark);
    fill_words(&page, &looked.all, arena);
    table_init(&page.table, request, columns, page.looked ? COLUMNS : COUNTED, fit ? "look=1" : NULL);
    page.rows = arena_array(arena, (size_t)looked.count + 1, sizeof *page.rows);
    for (int i = 0; page.rows && i < looked.count; i++)
        fill_row(&page.rows[page.count++], &looked.list[i], page.looked, arena);
    if (page.looked) fill_chart(&page, &looked, arena);
    free(looked.list);
    if (refused) {
        page.typed_name = items_posted(request, "name");
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        response_status(response, status);
    } else if (request_query(request, "saved")) {
        page.frame.notice_kind = "ok";
        page.frame.notice = "Saved. Sittings that begin from now on use the new difficulties.";
    }
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (refused || !table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "calibration.csv"))
        calibration_page(response_html(response), &page);
}

void items_calibration_get(web_t *web, const request_t *request, response_t *response)
{
    show(web, request, response, request_query(request, "look") != NULL, NULL, 200);
}

void items_calibration_post(web_t *web, const request_t *request, response_t *response)
{
    const char *name = items_posted(request, "name"), *mark = items_posted(request, "mark");
    app_calibration_t all;
    err_t err = {0};
    if (!name[strspn(name, " ")] || strlen(name) > APP_NAME_MAX)
        show(web, request, response, true,
             words(request->arena, "Write your name, in at most %d letters, so that others know who accepted it.",
                   APP_NAME_MAX),
             422);
    else if (!app_calibrate(web_app(web), name, mark, &all, &err))
        show(web, request, response, true, words(request->arena, "%s", err.text), err.code == ERR_CONFLICT ? 409 : 422);
    else if (!all.enough)
        show(web, request, response, false, "No items have enough answers.", 422);
    else
        response_redirect(response, "/items/calibration?saved=1");
}
