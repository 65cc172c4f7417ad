/* What is kept of the fit check: as it was given, newest first, once a request; a limit; after deleting nothing. */
#include "app/fit.h"
#include "base/content.h"
#include "world.h"

static void fill(app_fit_t *run, char answer)
{
    *run = (app_fit_t){0};
    memset(run->answers, answer, FIT_ITEMS);
    assert_true(fit_attempt_read(FIT_ODD, "12.61.150.0123456789nn----", &run->attempts[FIT_ODD]));
    assert_true(fit_attempt_read(FIT_PROCEDURE, "7.200.100.a b~\"~\\~~~~~~~9", &run->attempts[FIT_PROCEDURE]));
}

static void kept_and_deleted(void **state)
{
    (void)state;
    world_t *w = world_open(*content_source());
    app_fit_t run, list[APP_FIT_KEPT_MAX];
    int count;
    err_t err = {0};
    assert_true(app_fit_kept(w->app, list, &count, &err));
    assert_int_equal(count, 0);
    fill(&run, '2');
    assert_true(app_fit_keep(w->app, &run, "one", &err));
    assert_true(app_fit_keep(w->app, &run, "one", &err)); /* sent twice */
    w->now += 1000;
    fill(&run, '3');
    assert_true(app_fit_keep(w->app, &run, "two", &err));
    app_close(w->app);
    open_app(w);
    assert_true(app_fit_kept(w->app, list, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].at_ms, w->now);
    assert_int_equal(list[0].answers[59], '3');
    assert_int_equal(list[1].answers[0], '2');
    assert_int_equal(list[0].attempts[FIT_LABELS].seed, 0);
    assert_string_equal(list[0].attempts[FIT_PROCEDURE].answers, run.attempts[FIT_PROCEDURE].answers);
    assert_true(app_fit_forget(w->app, &err));
    assert_true(app_fit_kept(w->app, list, &count, &err));
    assert_int_equal(count, 0);
    for (int i = 0; i < APP_FIT_KEPT_MAX; i++) assert_true(app_fit_keep(w->app, &run, NULL, &err));
    assert_false(app_fit_keep(w->app, &run, NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    world_close(w);
}

/* A table that is wrong is refused with its file, its line and a remedy. */
static void bad_tables(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *complaint;
    } cases[] = {
        {"road/fit/scales.csv", "scale,name,short,about,source,as_of,confidence\nR,Realistic,x,y,,2026,high\n",
         "road/fit/scales.csv:2"},
        {"road/fit/scales.csv", "scale,name,short,about,source,as_of,confidence\nI,Investigative,x,y,s,2026,high\n",
         "order R, I, A, S, E, C"},
        {"road/fit/interest_items.csv", "scale,text,source,as_of,confidence\nR,Build,s,2026,high\n", "60 items"},
        {"road/fit/names.csv", "kind,name,source,as_of,confidence\nfamily,AB,s,2026,high\n", "4 to 16 letters"},
    };
    const source_t *content = content_source();
    source_file_t *files = calloc(content->count, sizeof *files);
    assert_non_null(files);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        source_t changed = {files, content->count};
        memcpy(files, content->files, content->count * sizeof *files);
        for (size_t i = 0; i < content->count; i++)
            if (strcmp(files[i].path, cases[c].path) == 0) {
                files[i].bytes = (const unsigned char *)cases[c].text;
                files[i].length = strlen(cases[c].text);
            }
        arena_t *arena = arena_new((size_t)4 << 20);
        fit_facts_t facts;
        err_t err = {0};
        assert_non_null(arena);
        assert_false(fit_facts_read(&facts, arena, &changed, &err));
        if (!strstr(err.text, cases[c].complaint)) fail_msg("%s", err.text);
        arena_free(arena);
    }
    free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_and_deleted),
        cmocka_unit_test(bad_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
