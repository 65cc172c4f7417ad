/* Settings: the keys of the program by other keys, and the units. They are kept in signed cookies of this browser and
 * touch no shift. */
#include "home.h"

#include "page_words.h"
#include "settings.html.h"
#include "settings_view.h"
#include "web/keymap.h"

#include <string.h>

/* What a key does, where it does something; a letter that is not here is free. */
static const struct {
    char key;
    const char *does;
} uses[] = {{'v', "Verify the ticked results; review"},
            {'r', "Rerun; QC board: reject"},
            {'d', "Dilute"},
            {'h', "Hold; reception: put aside and call; debrief: 15 minutes back; exam: mark the question"},
            {'c', "Call; exam: calculator"},
            {'m', "Comment"},
            {'x', "Cancel a result; reception: reject; exam: strike out"},
            {'o', "Open at the bench: look at the tube"},
            {'n', "Next"},
            {'a', "Accept; in control; answer the telephone; tick all"},
            {'b', "At its bench"},
            {'f', "Exam: flag"},
            {'g', "Ask for a hint"},
            {'i', "Look at label, order and tube"},
            {'l', "Reception: print a label; debrief: 15 minutes on; exam: list of the items"},
            {'p', "Pause or run the clock; the one before"},
            {'q', "Reject the specimen"},
            {'s', "Spin; store"},
            {'t', "Timeline, add a test"},
            {'w', "QC board: warning; exam: why"},
            {'z', "Exam: enlarge"},
            {'j', "Down in a list"},
            {'k', "Up in a list"},
            {'.', "To the next event"},
            {'/', "To the search or scan box"},
            {'?', "The keys of the page"}};
enum { USES = sizeof uses / sizeof *uses };

static void fill(settings_t *page, const request_t *request, const char *back)
{
    frame_init(&page->frame, request, "Keys and units");
    page->back = back && back[0] == '/' && back[1] != '/' && back[1] != '\\' ? back : "/";
    page->keys = arena_array(request->arena, USES, sizeof *page->keys);
    for (int i = 0; page->keys && i < USES; i++) {
        char key[2] = {uses[i].key, '\0'}, pressed[2] = {keymap_pressed(page->frame.keymap, uses[i].key), '\0'};
        const char *typed = request_form(request, words(request->arena, "key-%d", i));
        page->keys[page->key_count++] = (setting_key_t){.name = words(request->arena, "key-%d", i),
                                                        .key = words(request->arena, "%s", key),
                                                        .pressed = typed ? typed : words(request->arena, "%s", pressed),
                                                        .does = uses[i].does,
                                                        .moved = key[0] != pressed[0]};
    }
}

static void show(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    settings_t page = {0};
    fill(&page, request, request_query(request, "back"));
    if (text_equal(request_query(request, "kept"), "1")) {
        page.frame.notice_kind = "ok";
        page.frame.notice = "Kept. The new keys stand on the buttons.";
    }
    settings_page(response_html(response), &page);
}

/* The keys as they came when `reset` was pressed, else as typed; an empty field is the key as it came. */
static bool read_keys(const request_t *request, char map[KEYMAP_TEXT], err_t *err)
{
    char wanted[KEYMAP_COUNT] = {0};
    map[0] = '\0';
    if (request_form(request, "reset")) return true;
    for (int i = 0; i < USES; i++) {
        const char *typed = request_form(request, words(request->arena, "key-%d", i));
        char key = typed && typed[0] && !typed[1] ? typed[0] : '\0';
        if (key >= 'A' && key <= 'Z') key = (char)(key - 'A' + 'a');
        if (typed && typed[0] && !key)
            return err_set(err, ERR_INPUT, "One key each: \"%.20s\" for %c is more than one.", typed, uses[i].key);
        wanted[strchr(KEYMAP_KEYS, uses[i].key) - KEYMAP_KEYS] = key;
    }
    return keymap_make(wanted, map, err);
}

static void keep(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    char map[KEYMAP_TEXT];
    err_t err = {0};
    const char *back = request_form(request, "back");
    if (!read_keys(request, map, &err)) {
        settings_t page = {0};
        fill(&page, request, back);
        page.frame.notice_kind = "crit";
        page.frame.notice = err.text;
        response_status(response, 422);
        settings_page(response_html(response), &page);
        return;
    }
    response_cookie(response, "keymap", map[0] ? map : "-", 31536000);
    response_redirect(response, "/settings?kept=1&back=%.200s", back && back[0] == '/' ? back : "/");
}

const web_route_t *settings_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/settings", show}, {"POST", "/settings/keymap", keep}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
