/* Continuing education: cases from a file, what is refused, and the promise of the shortest way: whoever does what the
 * plan says lacks nothing that can be planned for; one hour less of any step and something is missing. */
#include "base/content.h"
#include "base/rng.h"
#include "road/ce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifndef CASES
#error "CASES names the file of cases"
#endif

enum { ARENA = 64 * 1024 * 1024, LINE_MAX_BYTES = 8192 };

typedef struct {
    arena_t *arena;
    ce_t ce;
    int32_t today;
} world_t;

static world_t world(void)
{
    world_t w = {.arena = arena_new(ARENA)};
    err_t err = {0};
    assert_non_null(w.arena);
    if (!ce_load(&w.ce, w.arena, content_source(), &err)) fail_msg("%s", err.text);
    assert_true(day_make(2026, 11, 27, &w.today));
    return w;
}

typedef struct {
    ledger_t ledger;
    ce_result_t *results;
    ce_plan_t plan;
} told_t;

static void tell(world_t *w, const char *json, told_t *told)
{
    err_t err = {0};
    if (!ledger_read(&told->ledger, w->arena, &w->ce, json, strlen(json), &err) ||
        !ce_check(&told->results, w->arena, &w->ce, &told->ledger, w->today, &err) ||
        !ce_plan(&told->plan, w->arena, &w->ce, &told->ledger, told->results, w->today, &err))
        fail_msg("%s: %s", json, err.text);
}

static const ce_need_t *topic_of(const world_t *w, const ce_result_t *r, const char *topic)
{
    for (int i = 0; i < r->least_count; i++)
        if (strcmp(w->ce.topics[r->least[i].topic].id, topic) == 0) return &r->least[i];
    return NULL;
}

static void write_amount(char out[32], int32_t amount)
{
    if (amount == CE_NOT_READ)
        snprintf(out, 32, "-");
    else
        snprintf(out, 32, "%g", (double)amount / CE_UNIT);
}

static void held_says(const world_t *w, const told_t *told, const char *line, char found[64])
{
    int h;
    char key[32], topic[32] = "";
    assert_true(sscanf(line, "held %d %31s %31s", &h, key, topic) >= 2);
    const ce_result_t *r = &told->results[h];
    const ce_need_t *t = &r->total;
    if (strcmp(key, "state") == 0)
        snprintf(found, 64, "%s", ce_state_word(r->state));
    else if (strcmp(key, "total") == 0)
        snprintf(found, 64, "%s", ce_state_word(t->state));
    else if (strcmp(key, "topic") == 0)
        snprintf(found, 64, "%s %s", topic, topic_of(w, r, topic) ? ce_state_word(topic_of(w, r, topic)->state) : "-");
    else if (strcmp(key, "start") == 0 || strcmp(key, "deadline") == 0)
        when_write(key[0] == 's' ? r->start : r->deadline, found);
    else if (strcmp(key, "overdue") == 0)
        snprintf(found, 64, "%d", r->overdue);
    else
        write_amount(found, strcmp(key, "done") == 0       ? t->sure
                            : strcmp(key, "possible") == 0 ? t->possible
                            : strcmp(key, "declared") == 0 ? t->declared
                            : strcmp(key, "needed") == 0   ? t->need
                            : strcmp(key, "missing") == 0  ? t->need - t->sure
                                                           : -100 * CE_UNIT);
}

static void plan_says(const told_t *told, const char *line, char found[64])
{
    char key[32];
    assert_int_equal(sscanf(line, "plan %31s", key), 1);
    if (strcmp(key, "left") == 0) {
        int h = 0;
        while (h < CE_HELD_MAX && !(told->plan.left_out >> h & 1)) h++;
        snprintf(found, 64, "%d", h);
    } else
        snprintf(found, 64, "%d", (int)(strcmp(key, "hours") == 0 ? told->plan.hours : told->plan.apart_hours));
    assert_true(told->plan.proved);
}

static void cases_of_the_file(void **state)
{
    (void)state;
    static char line[LINE_MAX_BYTES], name[LINE_MAX_BYTES];
    int cases = 0, checks = 0;
    bool named = false;
    FILE *file = fopen(CASES, "r");
    assert_non_null(file);
    world_t w = world();
    told_t told = {0};
    while (fgets(line, sizeof line, file)) {
        char found[64] = "";
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#') continue;
        if (line[0] == '\0') {
            named = false;
        } else if (!named) {
            strcpy(name, line);
            named = true;
        } else if (line[0] == '{') {
            tell(&w, line, &told);
            cases++;
        } else {
            if (strncmp(line, "held", 4) == 0)
                held_says(&w, &told, line, found);
            else
                plan_says(&told, line, found);
            const char *wanted = line;
            for (int words = line[0] == 'h' ? 3 : 2; words > 0; words--) wanted = strchr(wanted, ' ') + 1;
            if (strcmp(found, wanted) != 0) fail_msg("%s\n  %s\n  found: %s", name, line, found);
            checks++;
        }
    }
    fclose(file);
    arena_free(w.arena);
    print_message("%d cases, %d checks\n", cases, checks);
    assert_true(cases > 15 && checks > 40);
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } bad[] = {
        {"{", "no JSON"},
        {"[]", "the ledger is an object"},
        {"{\"hold\":[]}", "\"hold\""},
        {"{\"held\":{}}", "is a list"},
        {"{\"held\":[{\"state\":\"ZZ\"}]}", "ZZ"},
        {"{\"held\":[{\"body\":\"ASCP\"}]}", "ASCP"},
        {"{\"held\":[{\"state\":\"CA\",\"credential\":\"plumber\"}]}", "plumber"},
        {"{\"held\":[{\"rule\":\"ASCP BOC\",\"credential\":\"MLT\"}]}", "no rule"},
        {"{\"activities\":[{\"date\":\"2026-02-30\",\"title\":\"x\"}]}", "activities[0].date: 2026-02-30"},
        {"{\"activities\":[{\"date\":\"2026-02\"}]}", "title is missing"},
        {"{\"activities\":[{\"title\":\"x\",\"hours\":-1}]}", "hours is a number"},
        {"{\"activities\":[{\"title\":\"x\",\"hours\":1.005}]}", "two decimals"},
        {"{\"activities\":[{\"title\":\"x\",\"hours\":2001}]}", "hours is a number"},
        {"{\"activities\":[{\"title\":\"x\",\"hours\":\"1,5\"}]}", "hours is a number"},
        {"{\"activities\":[{\"title\":\"x\",\"kind\":\"party\"}]}", "party"},
        {"{\"activities\":[{\"title\":\"x\",\"categories\":[\"magic\"]}]}", "magic"},
        {"{\"activities\":[{\"title\":\"x\",\"kind\":\"course\",\"semester_hours\":1}]}", "college course"},
        {"{\"activities\":[{\"title\":\"x\",\"verified_by\":\"me\"}]}", "has a proof"},
        {"{\"activities\":[{\"title\":\"x\",\"title\":\"y\"}]}", "no JSON"},
    };
    world_t w = world();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ledger_t ledger;
        err_t err = {0};
        assert_false(ledger_read(&ledger, w.arena, &w.ce, bad[i].json, strlen(bad[i].json), &err));
        if (!strstr(err.text, bad[i].says)) fail_msg("%s: %s", bad[i].json, err.text);
    }
    arena_free(w.arena);
}

static void amounts(void **state)
{
    (void)state;
    int32_t a;
    assert_true(ce_amount("1.5", &a) && a == 150);
    assert_true(ce_amount("0.25", &a) && a == 25);
    assert_true(ce_amount("2000", &a) && a == 200000);
    static const char *const bad[] = {"", "x", "-1", "+1", "1.", "1.234", "2001", "1 ", " 1", "1e2", "99999", ".5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(ce_amount(bad[i], &a));
}

/* ---- what the plan promises ---- */

static const char *const holders[] = {
    "\"body\":\"ASCP\",\"credential\":\"MLT\"",       "\"state\":\"CA\",\"credential\":\"MLT\"",
    "\"state\":\"FL\",\"credential\":\"technician\"", "\"state\":\"TN\",\"credential\":\"technician\"",
    "\"state\":\"ND\",\"credential\":\"MLT\"",        "\"state\":\"MT\",\"credential\":\"technician\"",
    "\"state\":\"LA\",\"credential\":\"CLS-G\"",      "\"body\":\"NCCT\",\"credential\":\"NCPT\"",
    "\"state\":\"WV\",\"credential\":\"CLP-MLT\"",    "\"state\":\"CA\",\"credential\":\"CPT I\"",
};

static void random_ledger(const world_t *w, uint64_t seed, char *json, size_t size)
{
    rng_t rng = rng_at(seed, 7, 0, 0);
    size_t n = 0;
    int held = 1 + (int)rng_below(&rng, 5), done = (int)rng_below(&rng, 6);
    n += (size_t)snprintf(json + n, size - n, "{\"held\":[");
    for (int h = 0; h < held; h++) {
        char text[WHEN_TEXT_MAX];
        when_write(when_day(w->today + (int32_t)rng_below(&rng, 900)), text);
        n += (size_t)snprintf(json + n, size - n, "%s{\"id\":\"h%d\",%s,\"deadline\":\"%s\"%s}", h ? "," : "", h,
                              holders[rng_below(&rng, sizeof holders / sizeof *holders)], text,
                              rng_below(&rng, 2) ? ",\"license_categories\":[\"hematology\",\"chemistry\"]" : "");
    }
    n += (size_t)snprintf(json + n, size - n, "],\"activities\":[");
    for (int i = 0; i < done; i++) {
        char text[WHEN_TEXT_MAX];
        when_write(when_day(w->today - (int32_t)rng_below(&rng, 900)), text);
        n += (size_t)snprintf(json + n, size - n, "%s{\"title\":\"a%d\",\"date\":\"%s\",\"hours\":%d.5%s}",
                              i ? "," : "", i, text, (int)rng_below(&rng, 12),
                              rng_below(&rng, 2) ? ",\"categories\":[\"hematology\"]" : "");
    }
    snprintf(json + n, size - n, "]}");
}

/* The ledger with the plan carried out, but for one hour of step `less` (-1: all of it). Each on its first day. */
static ledger_t carried_out(const world_t *w, const told_t *told, int less)
{
    ledger_t ledger = told->ledger;
    ledger.activities =
        arena_array(w->arena, (size_t)(ledger.activity_count + told->plan.step_count), sizeof *ledger.activities);
    assert_non_null(ledger.activities);
    memcpy(ledger.activities, told->ledger.activities, (size_t)ledger.activity_count * sizeof *ledger.activities);
    int general = ce_topic(&w->ce, "laboratory");
    for (int i = 0; i < told->plan.step_count; i++) {
        const ce_step_t *s = &told->plan.steps[i];
        ledger.activities[ledger.activity_count++] =
            (ce_activity_t){.id = "",
                            .title = "planned",
                            .provider = "",
                            .date = when_day(s->from),
                            .kind = CE_COURSE,
                            .hours = (s->hours - (i == less)) * CE_UNIT,
                            .semester_hours = CE_NOT_READ,
                            .quarter_hours = CE_NOT_READ,
                            .topics = UINT64_C(1) << (s->topic < 0 ? general : s->topic),
                            .proof = "",
                            .verified_by = ""};
    }
    return ledger;
}

static bool all_met(world_t *w, const ledger_t *ledger, uint32_t left_out)
{
    ce_result_t *results;
    err_t err = {0};
    int32_t later = w->today + 2000; /* when all of it is done */
    if (!ce_check(&results, w->arena, &w->ce, ledger, later, &err)) fail_msg("%s", err.text);
    for (int h = 0; h < ledger->held_count; h++) {
        if (left_out >> h & 1) continue;
        if (results[h].total.sure < results[h].total.need) return false;
        for (int i = 0; i < results[h].least_count; i++)
            if (results[h].least[i].sure < results[h].least[i].need) return false;
    }
    return true;
}

static void the_plan_keeps_its_promise(void **state)
{
    (void)state;
    static char json[LINE_MAX_BYTES];
    int steps = 0, shared = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        world_t w = world();
        told_t told;
        random_ledger(&w, seed, json, sizeof json);
        tell(&w, json, &told);
        assert_true(told.plan.proved);
        ledger_t whole = carried_out(&w, &told, -1);
        if (!all_met(&w, &whole, told.plan.left_out)) fail_msg("not met: %s", json);
        for (int i = 0; i < told.plan.step_count; i++) {
            ledger_t part = carried_out(&w, &told, i);
            if (all_met(&w, &part, told.plan.left_out)) fail_msg("step %d is an hour too long: %s", i, json);
            steps++;
        }
        assert_true(told.plan.hours <= told.plan.apart_hours);
        shared += told.plan.hours < told.plan.apart_hours;
        arena_free(w.arena);
    }
    assert_true(steps > 1500 && shared > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases_of_the_file), cmocka_unit_test(what_is_refused),
                                       cmocka_unit_test(amounts), cmocka_unit_test(the_plan_keeps_its_promise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
