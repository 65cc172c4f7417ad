/* The picture or bench screen of an item while it is written: its fields, how it looks, and the place that somebody
 * points at. The address of a picture says all of it, so an unsaved one can be shown. Instructor's side. */
#include "items.h"

#include "app/pictures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SPARE_ROWS = 4, ROWS_LEAST = 6, PICTURE_HREF_MAX = WEB_URL_MAX - 200 };

/* ---- shown ---- */

/* name=value for a query. */
static void add_query(text_t *out, const char *name, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    text_addf(out, "%s%s=", out->length ? "&" : "", name);
    for (const char *c = value; *c; c++)
        if (strchr(plain, *c))
            text_add_char(out, *c);
        else
            text_addf(out, "%%%02X", (unsigned)(unsigned char)*c);
}

/* As an item of the bank, with what a picture needs of it. */
static bool as_item(const item_draft_t *draft, item_t *item)
{
    int type = item_draft_type(draft);
    *item = (item_t){.id = "", .type = type < 0 ? ITEM_SINGLE : (item_type_t)type};
    for (int i = 0; i < draft->parts; i++)
        if (draft->part[i].text[0]) item->part[item->parts++] = (item_part_t){.text = draft->part[i].text};
    return item_draft_picture(draft, &item->picture);
}

/* A place that is not there yet leaves the rest of the picture to be seen. */
static bool look(app_t *app, item_t *item, arena_t *arena, app_exhibit_t *seen, err_t *err)
{
    err_t with_places;
    if (app_exhibit_of(app_lab(app), item, NULL, arena, seen, &with_places)) return true;
    if (item->type != ITEM_HOTSPOT) return err_set(err, with_places.code, "%s", with_places.text);
    item->type = ITEM_SINGLE;
    if (!app_exhibit_of(app_lab(app), item, NULL, arena, seen, err)) return false;
    return err_set(err, with_places.code, "%s", with_places.text);
}

const char *items_exhibit(exhibit_view_t *view, app_exhibit_t *seen, app_t *app, const item_draft_t *draft,
                          arena_t *arena)
{
    item_t item;
    err_t err = {0};
    text_t href;
    const char *wrong = NULL;
    *seen = (app_exhibit_t){.alt = ""};
    if (item_draft_pictured(draft) && !as_item(draft, &item))
        wrong = "The picture needs a kind, and a whole number for its seed.";
    else if (item_draft_pictured(draft) && !look(app, &item, arena, seen, &err))
        wrong = words(arena, "%s", err.text);
    text_init(&href, PICTURE_HREF_MAX);
    add_query(&href, "draw", draft->draw);
    add_query(&href, "seed", draft->seed);
    add_query(&href, "data", draft->data);
    if (href.failed && seen->drawn) {
        *seen = (app_exhibit_t){.alt = ""};
        wrong = "The picture has more data than can be shown here; fewer lines can be.";
    }
    const char *query = href.failed || !href.data ? "" : href.data;
    exhibit_fill(view, seen, "/items/picture", arena);
    view->src = words(arena, "/items/picture?%s&v=%s", query, seen->tag);
    view->dark = words(arena, "%s&scheme=dark", view->src);
    text_free(&href);
    return wrong;
}

/* ---- its fields ---- */

static item_choice_t *kinds(arena_t *arena, const bank_t *bank, bool screen, const char *chosen, int *count)
{
    item_choice_t *list = arena_array(arena, PICTURE_KINDS_SHOWN, sizeof *list);
    bank_kind_view_t kind;
    *count = 0;
    if (!list) return NULL;
    list[(*count)++] = (item_choice_t){"", screen ? "choose" : "no picture", !chosen[0]};
    for (size_t i = 0; *count < PICTURE_KINDS_SHOWN && bank_kind_at(bank, i, &kind); i++)
        if (kind.screen == screen)
            list[(*count)++] = (item_choice_t){kind.draw, words(arena, "%s: %s", kind.draw, kind.shows),
                                               strcmp(kind.draw, chosen) == 0};
    return list;
}

/* "point: 1 | 15 | 2.4" */
static void fill_row(item_data_row_t *row, arena_t *arena, const picture_key_t *keys, int key_count, int number,
                     const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    size_t key = colon ? (size_t)(colon - line) : 0, from = colon ? key + 1 : 0;
    while (from < length && line[from] == ' ') from++;
    const char *name = words(arena, "%.*s", (int)key, line);
    bool known = key == 0;
    *row = (item_data_row_t){.number = number + 1,
                             .key_name = words(arena, "d%d.key", number),
                             .value_name = words(arena, "d%d.value", number),
                             .value = words(arena, "%.*s", (int)(length - from), line + from)};
    row->keys = arena_array(arena, (size_t)key_count + 2, sizeof *row->keys);
    if (!row->keys) return;
    row->keys[row->key_count++] = (item_choice_t){"", "–", key == 0};
    for (int i = 0; i < key_count; i++) {
        bool chosen = strcmp(keys[i].key, name) == 0;
        known = known || chosen;
        row->keys[row->key_count++] =
            (item_choice_t){keys[i].key, words(arena, "%s: %s", keys[i].key, keys[i].fields), chosen};
    }
    if (!known)
        row->keys[row->key_count++] = (item_choice_t){name, name, true}; /* of another kind: said by the check */
}

static void fill_rows(item_form_t *page, arena_t *arena, const picture_key_t *keys, int key_count, const char *data)
{
    page->data = arena_array(arena, ITEM_DATA_ROWS, sizeof *page->data);
    if (!page->data) return;
    while (*data && page->data_count < ITEM_DATA_ROWS) {
        size_t length = strcspn(data, "\n");
        if (strspn(data, " ") < length)
            fill_row(&page->data[page->data_count], arena, keys, key_count, page->data_count, data, length),
                page->data_count++;
        data += length + (data[length] == '\n');
    }
    int rows = page->data_count + SPARE_ROWS > ROWS_LEAST ? page->data_count + SPARE_ROWS : ROWS_LEAST;
    for (; page->data_count < rows && page->data_count < ITEM_DATA_ROWS; page->data_count++)
        fill_row(&page->data[page->data_count], arena, keys, key_count, page->data_count, "", 0);
}

bool items_picture_fields(item_form_t *page, app_t *app, const bank_t *bank, const item_draft_t *draft, arena_t *arena,
                          err_t *err)
{
    int type = item_draft_type(draft), key_count = 0;
    bool screen = type == ITEM_NEXT;
    picture_key_t *keys = arena_array(arena, PICTURE_KEYS_MAX, sizeof *keys);
    if (!keys || !app_picture_keys(app_content(app), draft->draw, arena, keys, &key_count, err)) return keys != NULL;
    page->pictured = true;
    page->screen = screen;
    page->places = type == ITEM_HOTSPOT;
    page->kind = (item_field_t){.input = ITEM_SELECT,
                                .name = "draw",
                                .label = screen ? "Bench" : "What is drawn",
                                .hint = screen ? NULL : "Show it after choosing: the lines below depend on it."};
    page->kind.choices = kinds(arena, bank, screen, draft->draw, &page->kind.choice_count);
    page->seed = (item_field_t){.name = "seed",
                                .label = "Seed",
                                .value = draft->seed,
                                .max = 18,
                                .hint = "Of chance: the same number, the same picture."};
    page->alt = (item_field_t){.input = ITEM_AREA,
                               .name = "alt",
                               .label = "In words",
                               .value = draft->alt,
                               .max = ITEM_ALT_MAX,
                               .hint = "What is to be seen, for those who cannot see it; not the answer. What the "
                                       "drawing says of itself follows."};
    fill_rows(page, arena, keys, key_count, draft->data);
    page->names = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->names);
    for (int i = 0; page->names && page->places && i < draft->parts; i++)
        if (draft->part[i].text[0]) page->names[page->name_count++] = draft->part[i].text;
    page->preview_wrong = items_exhibit(&page->preview, &page->seen, app, draft, arena);
    return true;
}

const char *items_posted_data(const request_t *request)
{
    text_t data;
    char name[ITEM_DRAFT_FIELD_MAX];
    text_init(&data, ITEM_DRAFT_BYTES_MAX);
    for (int i = 0; i < ITEM_DATA_ROWS; i++) {
        snprintf(name, sizeof name, "d%d.key", i);
        const char *key = items_posted(request, name);
        snprintf(name, sizeof name, "d%d.value", i);
        const char *value = items_posted(request, name);
        if (key[0] || value[0]) text_addf(&data, "%s: %s\n", key, value);
    }
    const char *copy = data.failed || !data.data ? NULL : arena_text(request->arena, data.data, data.length);
    text_free(&data);
    return copy ? copy : "";
}

/* ---- drawn ---- */

static bool asked_picture(const request_t *request, item_draft_t *draft, item_picture_t *picture)
{
    const char *draw = request_query(request, "draw"), *seed = request_query(request, "seed"),
               *data = request_query(request, "data");
    item_draft_init(draft);
    draft->draw = draw ? draw : "";
    draft->seed = seed ? seed : "";
    draft->data = data ? data : "";
    return item_draft_picture(draft, picture);
}

void items_picture(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    item_draft_t draft;
    item_t item = {.id = "", .type = ITEM_SINGLE};
    app_exhibit_t *exhibit = arena_alloc(request->arena, sizeof *exhibit);
    text_t svg;
    err_t err = {0};
    text_init(&svg, EXHIBIT_BYTES);
    if (!asked_picture(request, &draft, &item.picture))
        response_error(response, 404, "There is no such picture.");
    else if (exhibit && app_exhibit_of(app_lab(app), &item, NULL, request->arena, exhibit, &err) &&
             app_exhibit_draw(app_lab(app), &item, exhibit_dark(request), &svg, &err))
        exhibit_answer(request, response, &svg, exhibit->tag);
    else
        response_failed(response, &err);
    text_free(&svg);
}

/* The numbers of the place between two points, as text. */
void items_place(web_t *web, const request_t *request, response_t *response)
{
    static const char *const names[] = {"x0", "y0", "x1", "y1"};
    item_draft_t draft;
    item_picture_t picture;
    double point[4];
    text_t numbers;
    err_t err = {0};
    bool ok = asked_picture(request, &draft, &picture);
    for (int i = 0; i < 4 && ok; i++) {
        const char *text = request_query(request, names[i]);
        ok = text && text_to_double(text, strlen(text), &point[i]) && isfinite(point[i]);
    }
    text_init(&numbers, 200);
    if (!ok)
        response_error(response, 400, "A place is asked for by a picture and two points in it.");
    else if (app_picture_place(app_lab(web_app(web)), &picture, point, &numbers, &err))
        text_add_n(response_body(response, "text/plain; charset=utf-8"), numbers.data, numbers.length);
    else
        response_failed(response, &err);
    text_free(&numbers);
}
