/* What sittings are given: computed items and cases; the edition of the bank that a sitting began with; difficulties
 * that follow the answers. */
#include "app/items.h"
#include "room.h"

#include "base/rng.h"
#include "store/store.h"

#include <math.h>

static const int64_t DAY = 24 * 3600 * 1000LL;

static void reopen(world_t *w)
{
    app_close(w->app);
    open_app(w);
}

static void start_quiz(world_t *w, const char *area, int items, bool exam, uint64_t seed, char id[APP_ID_MAX])
{
    err_t err = {0};
    app_sitting_start_t start = {.area = area, .items = items, .minutes = 200, .exam = exam, .factor = 1, .seed = seed};
    if (!app_sitting_create(w->app, &start, HERE, id, &err)) fail_msg("%s", err.text);
}

static char *exported(world_t *w, const char *id)
{
    text_t out;
    err_t err = {0};
    text_init(&out, 1 << 20);
    if (!app_sitting_export(w->app, id, &out, &err)) fail_msg("%s", err.text);
    char *copy = strdup(out.data);
    text_free(&out);
    return copy;
}

static int first_computed(world_t *w, const char *id)
{
    int count = look(w, id, 0)->count;
    for (int n = 0; n < count; n++) {
        if (look(w, id, n)->question.may_renew) return n;
        answer(w, id, n);
    }
    return -1;
}

static void numbers_can_be_thrown_away_until_they_are_answered(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], before[2000], after[2000];
    err_t err = {0};
    start_quiz(w, "operations", 40, false, 3, id);
    int n = first_computed(w, id);
    assert_true(n >= 0);
    snprintf(before, sizeof before, "%s", look(w, id, n)->question.stem);
    room_act_t renew = {.kind = ROOM_RENEW, .n = n};
    if (!app_room_act(w->app, id, HERE, &renew, "once", &err)) fail_msg("%s", err.text);
    assert_true(app_room_act(w->app, id, HERE, &renew, "once", &err)); /* sent again: once */
    snprintf(after, sizeof after, "%s", look(w, id, n)->question.stem);
    assert_string_not_equal(before, after);
    reopen(w); /* and a killed program has the same numbers */
    assert_string_equal(after, look(w, id, n)->question.stem);
    char *events = exported(w, id);
    assert_non_null(strstr(events, "\"kind\":\"renew\""));
    assert_null(strstr(strstr(events, "\"kind\":\"renew\"") + 1, "\"kind\":\"renew\""));
    free(events);
    answer(w, id, n);
    assert_false(app_room_act(w->app, id, HERE, &renew, "", &err)); /* answered with these numbers */
    assert_false(look(w, id, n)->question.may_renew);
}

static void in_exam_manners_numbers_stay(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    int computed = 0;
    start_quiz(w, "operations", 40, true, 3, id);
    for (int n = 0; n < 40; n++) {
        room_act_t renew = {.kind = ROOM_RENEW, .n = n};
        assert_false(look(w, id, n)->question.may_renew);
        assert_false(app_room_act(w->app, id, HERE, &renew, "", &err));
        computed += strstr(err.text, "stay") != NULL;
    }
    assert_int_equal(computed, 40);
}

static void computed_items_are_scored_and_explained(void **state)
{
    world_t *w = *state;
    char first[APP_ID_MAX], second[APP_ID_MAX];
    err_t err = {0};
    start_quiz(w, "operations", 40, true, 5, first);
    end(w, first);
    app_report_t *keys = report(w, first);
    int computed = 0;
    for (int i = 0; i < keys->sitting.count; i++) {
        const sitting_entry_t *entry = &keys->sitting.entry[i];
        if (!strchr(entry->id, '@')) continue;
        computed++;
        assert_non_null(entry->item);
        assert_true(entry->item->computed && entry->item->parts > 0);
        for (int p = 0; p < entry->item->parts; p++) assert_true(entry->item->part[p].why[0]);
    }
    assert_true(computed > 0);
    start_quiz(w, "operations", 40, true, 5, second); /* the same seed: the same items and numbers */
    for (int n = 0; n < 40; n++) {
        room_act_t act = right_answer(&keys->sitting.entry[n], n);
        if (!app_room_act(w->app, second, HERE, &act, "", &err)) fail_msg("%d: %s", n + 1, err.text);
    }
    end(w, second);
    app_report_t *all = report(w, second);
    for (int n = 0; n < 40; n++)
        if (!sitting_right(&all->sitting.entry[n])) fail_msg("%s is not right", all->sitting.entry[n].id);
    char *events = exported(w, second); /* lists know families, not their variants */
    const char *end_event = strstr(events, "\"kind\":\"end\"");
    assert_non_null(end_event);
    assert_null(strchr(end_event, '@'));
    free(events);
    report_done(w, all);
    report_done(w, keys);
}

static void a_voided_family_counts_for_nobody(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    start_quiz(w, "operations", 40, true, 5, id);
    end(w, id);
    app_report_t *before = report(w, id);
    int k = 0;
    while (!strchr(before->sitting.entry[k].id, '@')) k++;
    assert_true(app_item_void(w->app, before->sitting.entry[k].id, 0, "two right options", &err));
    app_report_t *after = report(w, id);
    assert_true(after->sitting.entry[k].voided);
    assert_int_equal(after->report.items, before->report.items - 1);
    report_done(w, after);
    report_done(w, before);
}

/* ---- families that change ---- */

typedef struct {
    char id[SITTING_ITEM_ID], *words; /* everything that a review shows of it */
    int right, answered;
    double credit;
} seen_t;

static char *all_words(const sitting_entry_t *entry)
{
    text_t out;
    const item_t *item = entry->item;
    text_init(&out, 1 << 16);
    text_addf(&out, "%s|%s|%s|%s|%s|%s|%g|%g|%s|%d|%s|%s", item->id, item->area, item->objective, item->lesson,
              item->stem, item->why, item->value, item->tolerance, item_is_number(item->type) ? item->unit : "",
              item->decimals, item->source, item->picture.draw ? item->picture.data : "no picture");
    for (int i = 0; i < item->parts; i++)
        text_addf(&out, "|%d %s %s %d %g", entry->shown[i], item->part[i].text, item->part[i].why, item->part[i].key,
                  item->part[i].value);
    char *copy = strdup(out.data);
    text_free(&out);
    return copy;
}

static int computed_of(const app_report_t *r, seen_t *seen, int max)
{
    int count = 0;
    for (int i = 0; i < r->sitting.count && count < max; i++) {
        const sitting_entry_t *entry = &r->sitting.entry[i];
        if (!strchr(entry->id, '@') || !entry->item) continue;
        snprintf(seen[count].id, sizeof seen[count].id, "%s", entry->id);
        seen[count].words = all_words(entry);
        seen[count].right = sitting_right(entry);
        seen[count].answered = entry->answered;
        seen[count++].credit = entry->credit;
    }
    return count;
}

/* Other stems, other numbers (one more is drawn before them), a newer version. */
static source_file_t changed_family(const source_file_t *file)
{
    char *text = malloc(file->length + 1), *out = malloc(4 * file->length + 1);
    assert_true(text && out);
    memcpy(text, file->bytes, file->length);
    text[file->length] = '\0';
    size_t n = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        const char *before = NULL, *after = "";
        size_t kept = length;
        if (strncmp(line, "    stem: >-\n", 13) == 0) after = "      It was rewritten.\n";
        if (strncmp(line, "    draw:\n", 10) == 0) after = "      one_more: {from: 1, to: 100, step: 1}\n";
        if (strncmp(line, "    version: ", 13) == 0) before = "    version: 9\n", kept = 0;
        if (strncmp(line, "    stem: \"", 11) == 0)
            before = "    stem: \"It was rewritten. ", line += 11, length -= 11, kept = length;
        if (before) n += (size_t)sprintf(out + n, "%s", before);
        memcpy(out + n, line, kept);
        n += kept;
        n += (size_t)sprintf(out + n, "%s", after);
        line += length;
    }
    free(text);
    return (source_file_t){.path = file->path, .bytes = (unsigned char *)out, .length = n};
}

static bool is_family_file(const char *path)
{
    return strncmp(path, "items/families/", 15) == 0;
}

/* The program is started again with changed families, or without any. What was there before stays the world's. */
static source_t other_families(world_t *w, bool gone)
{
    source_file_t *files = calloc(w->content.count, sizeof *files);
    source_t before = w->content;
    size_t count = 0;
    assert_non_null(files);
    for (size_t i = 0; i < before.count; i++) {
        bool family = is_family_file(before.files[i].path);
        if (family && gone) continue;
        files[count++] = family ? changed_family(&before.files[i]) : before.files[i];
    }
    app_close(w->app);
    w->content = (source_t){files, count};
    open_app(w);
    return before;
}

static void families_as_before(world_t *w, source_t before)
{
    app_close(w->app);
    for (size_t i = 0; i < w->content.count; i++)
        if (is_family_file(w->content.files[i].path)) free((void *)(uintptr_t)w->content.files[i].bytes);
    free((void *)(uintptr_t)w->content.files);
    w->content = before;
    open_app(w);
}

enum { SEEN_MAX = 60 };

static void same_as_seen(world_t *w, const char *id, const seen_t *seen, int count, const char *voided)
{
    seen_t now[SEEN_MAX];
    app_report_t *r = report(w, id);
    assert_int_equal(computed_of(r, now, SEEN_MAX), count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(now[i].id, seen[i].id);
        assert_string_equal(now[i].words, seen[i].words);
        assert_true(now[i].right == seen[i].right && now[i].answered == seen[i].answered);
        assert_true(now[i].credit >= seen[i].credit && now[i].credit <= seen[i].credit);
        free(now[i].words);
    }
    for (int i = 0; i < r->sitting.count; i++) {
        char base[SITTING_ITEM_ID];
        const sitting_entry_t *entry = &r->sitting.entry[i];
        sitting_base(entry->id, base);
        assert_true(entry->item != NULL && (!strchr(entry->id, '@') || entry->kept));
        assert_int_equal(entry->voided, strcmp(base, voided) == 0);
    }
    report_done(w, r);
}

static void a_review_shows_what_was_seen(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], base[SITTING_ITEM_ID];
    err_t err = {0};
    seen_t seen[SEEN_MAX];
    start_quiz(w, "operations", 40, true, 5, id);
    for (int n = 0; n < 30; n++) answer(w, id, n);
    end(w, id);
    app_report_t *r = report(w, id);
    int count = computed_of(r, seen, SEEN_MAX);
    double score = r->report.score;
    assert_true(count > 3);
    report_done(w, r);
    char *events = exported(w, id);
    same_as_seen(w, id, seen, count, "");
    for (int gone = 0; gone < 2; gone++) {
        source_t before = other_families(w, gone);
        same_as_seen(w, id, seen, count, "");
        r = report(w, id);
        assert_true(fabs(r->report.score - score) < 1e-9);
        report_done(w, r);
        char *again = exported(w, id);
        assert_string_equal(events, again);
        free(again);
        if (gone) { /* spoiled after its family has left: it counts for nobody all the same */
            sitting_base(seen[1].id, base);
            if (!app_item_void(w->app, base, 0, "two right options", &err)) fail_msg("%s", err.text);
            same_as_seen(w, id, seen, count, base);
        }
        families_as_before(w, before);
    }
    for (int i = 0; i < count; i++) {
        assert_non_null(strstr(events, seen[i].id));
        free(seen[i].words);
    }
    assert_non_null(strstr(events, "\"why\"")); /* the export is complete by itself */
    free(events);
}

static void a_running_sitting_keeps_its_numbers(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], adaptive[APP_ID_MAX];
    err_t err = {0};
    seen_t seen[SEEN_MAX];
    start_quiz(w, "operations", 40, true, 5, id);
    end(w, id);
    app_report_t *keys = report(w, id); /* the answers, from the same seed */
    int count = computed_of(keys, seen, SEEN_MAX);
    room_act_t right[40];
    char typed[40][40];
    for (int n = 0; n < 40; n++) {
        right[n] = right_answer(&keys->sitting.entry[n], n);
        if (!right[n].count) right[n].number = strcpy(typed[n], right[n].number);
    }
    report_done(w, keys);
    start_quiz(w, "operations", 40, true, 5, id);
    begin(w, "mlt-adaptive", 1, 0, adaptive);
    answer(w, adaptive, 0);
    char *running = exported(w, id); /* keys wait for the end */
    assert_non_null(strstr(running, "withheld"));
    assert_null(strstr(running, "\"why\""));
    free(running);
    source_t before = other_families(w, false);
    for (int n = 0; n < 40; n++)
        if (!app_room_act(w->app, id, HERE, &right[n], "", &err)) fail_msg("%d: %s", n + 1, err.text);
    end(w, id);
    app_report_t *all = report(w, id);
    assert_int_equal(all->report.right, 40);
    report_done(w, all);
    for (int i = 0; i < count; i++) seen[i].right = seen[i].answered = 1, seen[i].credit = 1;
    same_as_seen(w, id, seen, count, "");
    for (int n = 1; n < 30; n++) answer(w, adaptive, n); /* given after the change: kept as the new family has them */
    end(w, adaptive);
    families_as_before(w, before);
    all = report(w, adaptive);
    for (int n = 0; n < 30; n++) {
        const sitting_entry_t *entry = &all->sitting.entry[n];
        bool computed = strchr(entry->id, '@') != NULL;
        assert_int_equal(entry->kept, computed);
        if (computed && n > 1) assert_non_null(strstr(entry->item->stem, "It was rewritten."));
    }
    report_done(w, all);
    for (int i = 0; i < count; i++) free(seen[i].words);
}

typedef struct {
    store_t *store;
    char name[80];
    int64_t seq;
} copying_t;

static bool copy_but_shown(void *context, const store_event_t *event)
{
    copying_t *to = context;
    err_t err = {0};
    if (strcmp(event->kind, "shown") == 0) return true;
    if (!store_append(to->store, to->name, to->seq, event->kind, event->at_ms, event->payload, event->length, "",
                      &to->seq, &err))
        fail_msg("%s", err.text);
    return true;
}

static void sittings_from_before_open_still(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], name[80];
    err_t err = {0};
    seen_t seen[SEEN_MAX], old[SEEN_MAX];
    store_options_t options = {0};
    copying_t to = {.seq = 0};
    start_quiz(w, "operations", 40, true, 5, id);
    for (int n = 0; n < 30; n++) answer(w, id, n);
    end(w, id);
    app_report_t *r = report(w, id);
    int count = computed_of(r, seen, SEEN_MAX);
    report_done(w, r);
    app_close(w->app); /* a stream as it was written before: seeds alone */
    snprintf(name, sizeof name, "sitting/%s", id);
    id[0] = id[0] == 'a' ? 'b' : 'a';
    snprintf(to.name, sizeof to.name, "sitting/%s", id);
    source_t content = w->content;
    if (!store_open(&to.store, w->dir, &options, &err)) fail_msg("%s", err.text);
    assert_true(store_read(to.store, name, 1, copy_but_shown, &to, &err));
    store_close(to.store);
    open_app(w);
    r = report(w, id); /* the families are as they were, so it is the same */
    assert_int_equal(computed_of(r, old, SEEN_MAX), count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(old[i].words, seen[i].words);
        assert_int_equal(old[i].right, seen[i].right);
        free(old[i].words);
    }
    for (int n = 0; n < r->sitting.count; n++) assert_false(r->sitting.entry[n].kept);
    report_done(w, r);
    assert_ptr_equal(content.files, w->content.files);
    (void)other_families(w, true); /* gone: their items count for nobody, the rest opens */
    r = report(w, id);
    assert_int_equal(computed_of(r, old, SEEN_MAX), 0);
    assert_int_equal(r->report.items, r->sitting.count - count);
    report_done(w, r);
    families_as_before(w, content);
    for (int i = 0; i < count; i++) free(seen[i].words);
}

static void a_case_is_shown_with_each_of_its_items(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    bool met = false;
    for (uint64_t seed = 1; seed < 60 && !met; seed++) {
        start_quiz(w, "hemostasis", 20, true, seed, id);
        for (int n = 0; n < 20 && !met; n++) {
            app_question_t q = look(w, id, n)->question;
            if (!q.about[0]) continue;
            met = true;
            assert_int_equal(q.about_first, n);
            assert_int_equal(q.about_last, n + 2);
            for (int i = n; i <= q.about_last; i++) {
                const app_question_t *next = &look(w, id, i)->question;
                assert_true(next->about[0]);
                assert_int_equal(next->about_first, n);
            }
        }
    }
    assert_true(met);
}

/* ---- the edition of a sitting ---- */

/* The ids and versions in the order in which they were given. */
static int given(world_t *w, const char *id, char list[][40], int max)
{
    char *events = exported(w, id);
    int count = 0;
    for (const char *at = strstr(events, "\"given\":[["); at && count < max; at = strstr(at + 1, "\"next\":[")) {
        at = strchr(at, '[');
        while (*at == '[') at++;
        size_t length = strcspn(at, "]");
        snprintf(list[count++], 40, "%.*s", length < 39 ? (int)length : 39, at);
    }
    free(events);
    return count;
}

/* A newer version of a content item is put in use. */
static void renew_item(world_t *w, const char *id)
{
    const bank_t *bank;
    item_draft_t draft;
    char stem[2000];
    int version;
    err_t err = {0};
    if (!app_bank(w->app, &bank, &err)) fail_msg("%s", err.text);
    item_draft_of(&draft, w->arena, bank_find(bank, id));
    snprintf(stem, sizeof stem, "In a laboratory: %s", draft.stem);
    draft.stem = stem;
    if (!app_item_save(w->app, id, 0, "Ann", &draft, &version, &err)) fail_msg("%s", err.text);
    assert_true(version > 1);
    bool ok = app_item_set_state(w->app, id, STATE_REVIEWED, "Ann", &err) &&
              app_item_review(w->app, id, "Bea", "the key", true, "", &err) &&
              app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err);
    if (!ok) fail_msg("%s", err.text);
}

static void plain_id(char id[APP_ITEM_ID_MAX], const char *entry)
{
    size_t length = strcspn(entry + 1, "\"");
    assert_true(length < APP_ITEM_ID_MAX);
    memcpy(id, entry + 1, length);
    id[length] = '\0';
}

static void a_sitting_stays_with_its_edition(void **state)
{
    enum { ITEMS = 40, CHANGED_AT = 10 };
    world_t *w = *state;
    char undisturbed[APP_ID_MAX], id[APP_ID_MAX], later[APP_ID_MAX], changed[2][APP_ITEM_ID_MAX];
    static char a[ITEMS][40], b[ITEMS][40], c[ITEMS][40];
    err_t err = {0};
    begin(w, "mlt-adaptive", 1, 0, undisturbed);
    for (int n = 0; n + 1 < ITEMS; n++) answer(w, undisturbed, n);
    assert_int_equal(given(w, undisturbed, a, ITEMS), ITEMS);
    begin(w, "mlt-adaptive", 1, 0, id);
    for (int n = 0; n < CHANGED_AT; n++) answer(w, id, n);
    w->now += MINUTE;
    int soon = CHANGED_AT + 1, late = ITEMS - 1; /* items that it is going to be given */
    while (strchr(a[soon], '@')) soon++;
    while (strchr(a[late], '@')) late--;
    plain_id(changed[0], a[soon]);
    plain_id(changed[1], a[late]);
    for (int i = 0; i < 2; i++) renew_item(w, changed[i]);
    if (!app_item_set_state(w->app, changed[1], STATE_RETIRED, "Ann", &err)) fail_msg("%s", err.text);
    reopen(w); /* the edition of the beginning is made again from the events */
    w->now += MINUTE;
    begin(w, "mlt-adaptive", 1, 0, later);
    for (int n = CHANGED_AT; n + 1 < ITEMS; n++) answer(w, id, n);
    for (int n = 0; n + 1 < ITEMS; n++) answer(w, later, n);
    assert_int_equal(given(w, id, b, ITEMS), ITEMS);
    for (int n = 0; n < ITEMS; n++) assert_string_equal(a[n], b[n]);
    assert_int_equal(given(w, later, c, ITEMS), ITEMS);
    bool newer = false;
    for (int n = 0; n < ITEMS; n++) { /* who begins later has the new edition */
        char of[APP_ITEM_ID_MAX + 40];
        snprintf(of, sizeof of, "\"%s\"", changed[1]);
        assert_int_not_equal(strncmp(c[n], of, strlen(of)), 0);
        snprintf(of, sizeof of, "\"%s\",2", changed[0]);
        newer = newer || strncmp(c[n], of, strlen(of)) == 0;
    }
    assert_true(newer);
}

/* ---- difficulties ---- */

static app_item_rating_t rating(world_t *w, const char *id)
{
    app_item_rating_t r;
    err_t err = {0};
    if (!app_item_rating(w->app, id, &r, &err)) fail_msg("%s: %s", id, err.text);
    return r;
}

static void difficulties_follow_finished_sittings(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], open[APP_ID_MAX], next_day[APP_ID_MAX], base[SITTING_ITEM_ID], wrong[SITTING_ITEM_ID] = "";
    err_t err = {0};
    start_quiz(w, "operations", 40, true, 5, open); /* never ended: does not count */
    answer(w, open, 0);
    start_quiz(w, "operations", 40, true, 5, id);
    for (int n = 0; n < 39; n++) answer(w, id, n);
    end(w, id);
    app_report_t *r = report(w, id);
    for (int n = 0; n < 40; n++) {
        sitting_base(r->sitting.entry[n].id, base);
        app_item_rating_t now = rating(w, base);
        assert_int_equal(now.answers, n < 39); /* the last was not reached: that is not wrong */
        if (n == 39) break;
        bool right = sitting_right(&r->sitting.entry[n]);
        assert_int_equal(now.right, right);
        assert_true(now.sd < now.author_sd);
        assert_true(right ? now.difficulty < now.author : now.difficulty > now.author);
        if (!right) memcpy(wrong, base, sizeof wrong);
    }
    double score = r->report.score;
    report_done(w, r);
    app_item_rating_t known = rating(w, wrong);
    char *events = exported(w, id);
    reopen(w); /* nothing of it was kept: it is computed again, to the same bit */
    app_item_rating_t again = rating(w, wrong);
    assert_memory_equal(&known.difficulty, &again.difficulty, sizeof(double));
    start_quiz(w, "operations", 40, true, 5, next_day); /* the same day: as before */
    end(w, next_day);                                   /* difficulties are told when it is over */
    char *same = exported(w, next_day);
    const char *from = strstr(events, "\"given\""), *with = strstr(same, "\"given\"");
    assert_int_equal(strncmp(from, with, strcspn(from, "\n")), 0);
    w->now += DAY;
    start_quiz(w, "operations", 40, true, 5, next_day);
    end(w, next_day);
    char *moved = exported(w, next_day), expected[SITTING_ITEM_ID + 40];
    const char *at = strstr(moved, wrong);
    assert_non_null(at);
    at = strchr(at, ',') + 1; /* version */
    at = strchr(at, ',') + 1;
    snprintf(expected, sizeof expected, "%.4f,%.4f]", known.difficulty, known.sd);
    assert_int_equal(strncmp(at, expected, strlen(expected)), 0);
    r = report(w, id); /* the old sitting keeps what it was measured with */
    assert_true(fabs(r->report.score - score) < 1e-9);
    report_done(w, r);
    assert_true(app_item_void(w->app, wrong, 0, "spoiled", &err));
    assert_true(rating(w, wrong).voided);
    assert_int_equal(rating(w, wrong).answers, 0);
    free(events);
    free(same);
    free(moved);
}

static void a_quiz_of_mistakes_moves_nothing(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], base[SITTING_ITEM_ID];
    err_t err = {0};
    start_quiz(w, "operations", 10, true, 5, id);
    for (int n = 0; n < 10; n++) answer(w, id, n);
    end(w, id);
    w->now += MINUTE;
    app_sitting_start_t start = {.mistakes = true, .items = 3, .minutes = 20, .exam = true, .factor = 1, .seed = 9};
    if (!app_sitting_create(w->app, &start, HERE, id, &err)) fail_msg("%s", err.text);
    for (int n = 0; n < 3; n++) answer(w, id, n);
    end(w, id);
    app_report_t *r = report(w, id);
    for (int n = 0; n < 3; n++) {
        sitting_base(r->sitting.entry[n].id, base);
        assert_int_equal(rating(w, base).answers, 1);
    }
    report_done(w, r);
}

/* ---- calibration ---- */

enum { PEOPLE = 240, QUIZ = 5 };

/* One person answers a quiz whose keys are known: right with the chance of a Rasch model at `theta`. */
static void somebody(world_t *w, const app_report_t *keys, double theta, const double *hard, rng_t *rng)
{
    char id[APP_ID_MAX];
    err_t err = {0};
    start_quiz(w, "hemostasis", QUIZ, true, 11, id);
    for (int n = 0; n < QUIZ; n++) {
        room_act_t act = right_answer(&keys->sitting.entry[n], n);
        if (rng_uniform(rng) >= 1 / (1 + exp(hard[n] - theta))) { /* wrong: another option, another number */
            const item_t *item = keys->sitting.entry[n].item;
            if (item_is_number(item->type))
                act.number = "-987654";
            else if (item->type == ITEM_ORDER || item->type == ITEM_MATCH)
                for (int i = 0, first = act.chosen[0]; i < act.count; i++)
                    act.chosen[i] = i + 1 < act.count ? act.chosen[i + 1] : first;
            else
                act.chosen[0] = (act.chosen[0] + 1) % item->parts;
            if (item->type == ITEM_SEVERAL) act.count = 1;
        }
        if (!app_room_act(w->app, id, HERE, &act, "", &err)) fail_msg("%d: %s", n + 1, err.text);
    }
    w->now += 1000;
    end(w, id);
}

static void calibration_needs_answers_and_is_kept(void **state)
{
    static const double hard[QUIZ] = {-1.2, -0.5, 0.0, 0.6, 1.3};
    world_t *w = *state;
    char id[APP_ID_MAX], later[APP_ID_MAX];
    rng_t rng = rng_at(20261127, 1, 0, 0);
    app_calibration_t c, seen;
    app_calibrated_t list[2 * QUIZ];
    app_calibration_past_t past[4];
    err_t err = {0};
    int count;
    double now = 0;
    start_quiz(w, "hemostasis", QUIZ, true, 11, id);
    end(w, id);
    app_report_t *keys = report(w, id);
    for (int p = 0; p < PEOPLE; p++) {
        double theta = 0;
        for (int i = 0; i < 12; i++) theta += rng_uniform(&rng) - 0.5;
        somebody(w, keys, theta, hard, &rng);
        if (p != 149) continue;
        assert_true(app_calibrate(w->app, "A. Teacher", NULL, &c, &err));
        assert_false(c.enough); /* 150 of 200 */
        assert_int_equal(c.most, 150);
    }
    if (!app_calibration_look(w->app, true, &seen, list, 2 * QUIZ, &count, &err)) fail_msg("%s", err.text);
    c = seen;
    assert_true(c.enough);
    assert_int_equal(c.items, QUIZ);
    assert_int_equal(c.answers, PEOPLE * QUIZ);
    assert_int_equal(count, QUIZ);
    for (int i = 0; i < QUIZ; i++) {
        assert_true(list[i].taken && list[i].answers == PEOPLE && list[i].se > 0.1 && list[i].se < 0.6);
        assert_true(list[i].infit > 0.6 && list[i].infit < 1.4 && list[i].outfit > 0.4 && list[i].outfit < 1.6);
    }
    assert_true(app_calibration_history(w->app, past, 4, &count, &err));
    assert_int_equal(count, 0);
    assert_int_equal(c.persons, PEOPLE);
    assert_true(c.sd > 0.5 && c.sd < 1.6);
    char base[SITTING_ITEM_ID];
    sitting_base(keys->sitting.entry[0].id, base);
    assert_true(rating(w, base).calibrated_ms == 0); /* not kept */
    char *kept = exported(w, id);
    somebody(w, keys, 0, hard, &rng); /* an answer more than were looked at */
    assert_false(app_calibrate(w->app, "A. Teacher", seen.mark, &c, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    if (!app_calibration_look(w->app, false, &seen, NULL, 0, &count, &err)) fail_msg("%s", err.text);
    if (!app_calibrate(w->app, "A. Teacher", seen.mark, &c, &err)) fail_msg("%s", err.text);
    assert_false(app_calibrate(w->app, "A. Teacher", seen.mark, &c, &err)); /* twice is once */
    reopen(w);
    char *after = exported(w, id);
    assert_string_equal(kept, after); /* what is over stays as it was */
    free(kept);
    free(after);
    if (!app_calibration_history(w->app, past, 4, &count, &err)) fail_msg("%s", err.text);
    assert_int_equal(count, 1);
    assert_string_equal(past[0].name, "A. Teacher");
    assert_true(past[0].items == QUIZ && past[0].moved > 0 && past[0].largest >= past[0].moved);
    for (int n = 0; n < QUIZ; n++) {
        sitting_base(keys->sitting.entry[n].id, base);
        app_item_rating_t r = rating(w, base);
        assert_true(r.calibrated_ms > 0);
        assert_true(r.sd > 0.1 && r.sd < 0.6); /* five authors hold the scale: 1 / sqrt(5) of it is theirs */
        now += r.difficulty / QUIZ;
    }
    for (int n = 0; n < QUIZ; n++) { /* as hard as they are, on the scale that was there */
        sitting_base(keys->sitting.entry[n].id, base);
        app_item_rating_t r = rating(w, base);
        if (fabs(r.difficulty - now - (hard[n] - 0.04)) > 0.6) /* four errors of 240 answers */
            fail_msg("%s: %.2f, planted %.2f", base, r.difficulty - now, hard[n]);
    }
    w->now += MINUTE;
    start_quiz(w, "hemostasis", QUIZ, true, 11, later); /* at once, without waiting for a day */
    end(w, later);
    char *events = exported(w, later), expected[60];
    sitting_base(keys->sitting.entry[0].id, base);
    snprintf(expected, sizeof expected, ",%.4f,%.4f]", rating(w, base).difficulty, rating(w, base).sd);
    assert_non_null(strstr(events, expected));
    free(events);
    report_done(w, keys);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_review_shows_what_was_seen),      CASE(a_running_sitting_keeps_its_numbers),
        CASE(sittings_from_before_open_still),   CASE(numbers_can_be_thrown_away_until_they_are_answered),
        CASE(in_exam_manners_numbers_stay),      CASE(computed_items_are_scored_and_explained),
        CASE(a_voided_family_counts_for_nobody), CASE(a_case_is_shown_with_each_of_its_items),
        CASE(a_sitting_stays_with_its_edition),  CASE(difficulties_follow_finished_sittings),
        CASE(a_quiz_of_mistakes_moves_nothing),  CASE(calibration_needs_answers_and_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
