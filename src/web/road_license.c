/* /licenses: the map, the table, and a page for every state and territory. */
#include "road.h"

#include "draw/map.h"
#include "draw/picture.h"
#include "road_parts.h"

#include "license.html.h"

#include <string.h>

static const char *const need_chips[] = {"plain", "plain", "warn", "info"}, *const need_marks[] = {"?", "–", "D", "R"};
static const char *const need_keys[] = {"", "yes", "no", "depends", "unknown"};

static bool by_phlebotomy(const request_t *request)
{
    const char *level = request_query(request, "level");
    return level != NULL && strcmp(level, "phlebotomy") == 0;
}

static need_t need_at(const license_t *l, bool phlebotomy)
{
    return phlebotomy ? l->phlebotomy_need : l->personnel_need;
}

static const char *or_unknown(const char *text)
{
    return text[0] != '\0' ? text : "unknown";
}

static license_row_t row_of(const license_t *l)
{
    return (license_row_t){.code = l->code,
                           .name = l->jurisdiction,
                           .personnel = need_word(l->personnel_need),
                           .phlebotomy = need_word(l->phlebotomy_need),
                           .agency = or_unknown(l->agency),
                           .exams = or_unknown(l->certifications),
                           .renewal = or_unknown(l->renewal_years),
                           .as_of = l->as_of,
                           .confidence = or_unknown(l->confidence),
                           .personnel_chip = need_chips[l->personnel_need],
                           .phlebotomy_chip = need_chips[l->phlebotomy_need],
                           .personnel_mark = need_marks[l->personnel_need],
                           .phlebotomy_mark = need_marks[l->phlebotomy_need]};
}

/* ---- the map ---- */

static us_map_t map_of(const licenses_t *licenses, bool phlebotomy, map_tile_t tiles[MAP_TILES_MAX])
{
    us_map_t map = {phlebotomy ? "State license for phlebotomy" : "State license for laboratory personnel", tiles, 0};
    for (size_t i = 0; i < licenses->count && map.count < MAP_TILES_MAX; i++) {
        static const map_say_t says[] = {MAP_UNKNOWN, MAP_NO, MAP_DEPENDS, MAP_YES};
        const license_t *l = &licenses->items[i];
        if (strcmp(l->kind, "federal") != 0) tiles[map.count++] = (map_tile_t){l->code, says[need_at(l, phlebotomy)]};
    }
    return map;
}

static void map_svg(web_t *web, const request_t *request, response_t *response)
{
    map_tile_t tiles[MAP_TILES_MAX];
    err_t err;
    us_map_t map = map_of(app_licenses(web_app(web)), by_phlebotomy(request), tiles);
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG,
                        .scheme = scheme != NULL && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    if (!draw_us_map(response_body(response, draw_media_type(DRAW_SVG)), &map, look, &err))
        response_failed(response, &err);
}

/* ---- the table ---- */

static const column_t columns[] = {
    COLUMN(license_row_t, "state", "State or territory", name),
    COLUMN(license_row_t, "code", "Code", code),
    COLUMN(license_row_t, "personnel", "Laboratory personnel", personnel),
    COLUMN(license_row_t, "phlebotomy", "Phlebotomy", phlebotomy),
    COLUMN(license_row_t, "renewal", "Renewal, years", renewal),
    COLUMN_LEAST(license_row_t, "agency", "Agency", agency),
    COLUMN_LEAST(license_row_t, "as_of", "As of", as_of),
};

static bool passes(const license_t *l, const char *need, bool phlebotomy)
{
    static const char *const keys[] = {"unknown", "no", "depends", "yes"};
    return need[0] == '\0' || strcmp(keys[need_at(l, phlebotomy)], need) == 0;
}

static const char *read_need(const request_t *request)
{
    const char *need = request_query(request, "need");
    for (size_t i = 0; need != NULL && i < sizeof need_keys / sizeof *need_keys; i++)
        if (strcmp(need_keys[i], need) == 0) return need_keys[i];
    return "";
}

static void fill_filters(licenses_page_t *page)
{
    static const char *const texts[] = {"all", "required", "not required", "depends", "unknown"};
    for (size_t i = 0; i < sizeof need_keys / sizeof *need_keys; i++)
        page->needs[i] = (road_choice_t){need_keys[i], texts[i], strcmp(need_keys[i], page->need) == 0};
    bool phlebotomy = strcmp(page->level, "phlebotomy") == 0;
    page->levels[0] = (road_choice_t){"personnel", "laboratory personnel", !phlebotomy};
    page->levels[1] = (road_choice_t){"phlebotomy", "phlebotomy", phlebotomy};
}

static void licenses(web_t *web, const request_t *request, response_t *response)
{
    licenses_page_t page = {0};
    map_tile_t tiles[MAP_TILES_MAX];
    text_t alt;
    const licenses_t *all = app_licenses(web_app(web));
    bool phlebotomy = by_phlebotomy(request);
    frame_init(&page.frame, request, "Licenses by state");
    page.frame.main_class = "wide";
    page.level = phlebotomy ? "phlebotomy" : "personnel";
    page.need = read_need(request);
    page.rows = arena_array(request->arena, all->count + 1, sizeof *page.rows);
    if (page.rows == NULL) {
        response_error(response, 500, "There is not enough memory for this page.");
        return;
    }
    for (size_t i = 0; i < all->count; i++)
        if (passes(&all->items[i], page.need, phlebotomy)) page.rows[page.count++] = row_of(&all->items[i]);
    fill_filters(&page);
    us_map_t map = map_of(all, phlebotomy, tiles);
    text_init(&alt, 4000);
    draw_us_map_describe(&alt, &map);
    page.alt = alt.data != NULL ? words(request->arena, "%s", alt.data) : map.title;
    text_free(&alt);
    page.map_href = phlebotomy ? "/licenses/map.svg?level=phlebotomy" : "/licenses/map.svg?level=personnel";
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), "need");
    if (page.table.kept_count < TABLE_KEPT_MAX) {
        page.table.kept[page.table.kept_count].name = "level";
        page.table.kept[page.table.kept_count++].value = page.level;
    }
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "licenses.csv"))
        licenses_page(response_html(response), &page);
}

/* ---- one state ---- */

static bool is_address(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* "a | b" in its parts. */
static bool fill_sources(license_page_t *page, arena_t *arena, const license_t *l)
{
    enum { SOURCES_MAX = 24 };
    fact_row_t *list = arena_array(arena, SOURCES_MAX, sizeof *list);
    if (list == NULL) return false;
    for (const char *at = l->source; *at && page->source_count < SOURCES_MAX;) {
        const char *end = strstr(at, " | ");
        size_t length = end ? (size_t)(end - at) : strlen(at);
        fact_row_t *source = &list[page->source_count++];
        *source = (fact_row_t){.text = arena_text(arena, at, length)};
        if (source->text == NULL) return false;
        if (is_address(source->text)) source->href = arena_text(arena, at, strcspn(source->text, " "));
        at += length + (end ? 3 : 0);
    }
    page->sources = list;
    return true;
}

static bool fill_facts(license_page_t *page, arena_t *arena, const license_t *l)
{
    page->facts = arena_array(arena, license_column_count, sizeof *page->facts);
    for (size_t i = 0; page->facts != NULL && i < license_column_count; i++) {
        const char *text = license_text(l, &license_columns[i]);
        fact_row_t *fact = &page->facts[page->fact_count++];
        *fact = (fact_row_t){license_columns[i].heading, text[0] ? text : "unknown (not read)",
                             is_address(text) ? text : NULL};
        if (text == l->agency_url && !text[0]) fact->href = license_agencies_url, fact->text = license_agencies_title;
    }
    return page->facts != NULL;
}

static const char *note_of(const license_t *l)
{
    if (l->personnel_need == NEED_UNKNOWN)
        return "Whether this place licenses laboratory personnel was not read. Unknown is not no: ask before you move "
               "or pay.";
    if (l->personnel_need == NEED_DEPENDS)
        return "Sources differ on whether this place licenses laboratory personnel. Ask before you move or pay.";
    return NULL;
}

static bool add_goals(license_page_t *page, road_request_t *road, const license_t *l, const rules_t *rules, bool part,
                      err_t *err)
{
    for (size_t g = 0; g < rules->count; g++) {
        const goal_t *goal = &rules->goals[g];
        bool mine =
            page->federal ? goal->kind == GOAL_FEDERAL : goal->state != NULL && strcmp(goal->state, l->code) == 0;
        if (!mine) continue;
        goal_row_t *row = &page->goals[page->goal_count++];
        if (!road_goal_row(road, goal, row, err)) return false;
        row->part_read = part;
    }
    return true;
}

static bool fill(license_page_t *page, road_request_t *road, const license_t *l, err_t *err)
{
    const rules_t *rules = app_rules(road->app), *part = plan_part_read(app_plans(road->app));
    page->row = row_of(l);
    page->federal = strcmp(l->kind, "federal") == 0;
    page->required = l->personnel_need == NEED_YES || l->phlebotomy_need == NEED_YES;
    page->review_by = road_day(road->arena, l->review_by);
    page->note = page->federal ? NULL : note_of(l);
    page->agency_url = l->agency_url;
    page->agencies_url = license_agencies_url;
    page->agencies_title = license_agencies_title;
    bool ask = l->personnel_need == NEED_UNKNOWN || l->personnel_need == NEED_DEPENDS;
    page->whom = page->required ? (l->agency[0] ? l->agency : "the agency of the federal list")
                 : ask          ? "ask first: to the agency when a license is needed, else to the employer"
                                : "the employer";
    page->by_when = license_by_when(l->personnel_need);
    page->by_when_phlebotomy = license_by_when(l->phlebotomy_need);
    page->goals = arena_array(road->arena, rules->count + part->count + 1, sizeof *page->goals);
    if (page->goals == NULL || !fill_sources(page, road->arena, l) || !fill_facts(page, road->arena, l))
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    return add_goals(page, road, l, rules, false, err) && add_goals(page, road, l, part, true, err);
}

/* What usually proves the conditions of these goals, each once; without conditions, of a license's usual ones. */
static bool fill_proofs(license_page_t *page, road_request_t *road, err_t *err)
{
    static const leaf_kind_t usual[] = {LEAF_DEGREE, LEAF_CERTIFICATE, LEAF_EXPERIENCE};
    const char **proofs = arena_array(road->arena, LEAF_KINDS, sizeof *proofs);
    if (proofs == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int g = 0; g < page->goal_count; g++)
        for (int r = 0; r < page->goals[g].count; r++)
            for (int i = 0; i < page->goals[g].routes[r].count; i++) {
                const char *proof = page->goals[g].routes[r].conditions[i].proof;
                int k = 0;
                while (k < page->proof_count && proof != NULL && strcmp(proofs[k], proof) != 0) k++;
                if (proof != NULL && k == page->proof_count) proofs[page->proof_count++] = proof;
            }
    for (size_t i = 0; page->goal_count == 0 && i < sizeof usual / sizeof *usual; i++)
        if (leaf_proof(usual[i])) proofs[page->proof_count++] = leaf_proof(usual[i]);
    page->proofs = proofs;
    return true;
}

static void license(web_t *web, const request_t *request, response_t *response)
{
    license_page_t page = {0};
    road_request_t road;
    err_t err;
    const license_t *l = licenses_find(app_licenses(web_app(web)), request_route(request, "state"));
    if (l == NULL) {
        response_error(response, 404, "There is no such state or territory. The list of licenses has them all.");
        return;
    }
    frame_init(&page.frame, request, words(request->arena, "License: %s", l->jurisdiction));
    page.frame.main_class = "wide";
    if (!road_begin(&road, web, request, &err) || !fill(&page, &road, l, &err) || !fill_proofs(&page, &road, &err))
        response_failed(response, &err);
    else
        license_page(response_html(response), &page);
}

static const web_route_t routes[] = {
    {"GET", "/licenses", licenses},
    {"GET", "/licenses/map.svg", map_svg},
    {"GET", "/licenses/:state", license},
};

const web_route_t *road_license_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
