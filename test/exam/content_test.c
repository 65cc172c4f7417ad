/* Blueprints: what is read and refused; quotas; and what may be given, against trying every possible test. */
#include "cat_private.h"
#include "exam_test.h"

static void quotas_of(const char *areas, int length, int low, int high, bool rounded)
{
    arena_t *arena = arena_new(1 << 22);
    items_t items = test_items(arena, 1, 1, false);
    blueprint_t blueprint;
    quotas_t quotas;
    err_t err = {0};
    char text[512];
    snprintf(text, sizeof text, "area,percent_min,percent_max\n%s\n\nitem,area\ni0,a\n", areas);
    if (!blueprint_read(&blueprint, arena, "b", (const unsigned char *)text, strlen(text), &items, &err))
        fail_msg("%s", err.text);
    blueprint_quotas(&blueprint, length, &quotas);
    if (quotas.low[0] != low || quotas.high[0] != high || quotas.rounded != rounded)
        fail_msg("%s of %d: %d .. %d%s", areas, length, quotas.low[0], quotas.high[0],
                 quotas.rounded ? ", rounded" : "");
    arena_free(arena);
}

static void quotas(void **state)
{
    (void)state;
    quotas_of("a,20,25\nb,75,80", 100, 20, 25, false);
    quotas_of("a,20,25\nb,75,80", 30, 6, 7, false);        /* 6 .. 7.5 */
    quotas_of("a,7,29\nb,71,93", 100, 7, 29, false);       /* 0.07 * 100 is not 7 in floating point */
    quotas_of("a,33.3,33.4\nb,66.6,66.7", 10, 3, 4, true); /* nothing whole between 3.33 and 3.34 */
    quotas_of("a,25,25\nb,75,75", 10, 2, 3, true);
    quotas_of("a,0,50\nb,50,100", 3, 0, 1, false);
    /* every share has a whole number, but they cannot add up: 3 .. 3 three times in 10 */
    quotas_of("a,30,35\nb,30,35\nc,30,35", 10, 3, 4, true);
}

typedef struct {
    const char *text, *words;
} bad_t;

static void refused(void **state)
{
    (void)state;
    static const bad_t cases[] = {
        {"", "empty"},
        {"\n\n", "table of areas is missing"},
        {"area,percent_min\na,1\n", "percent_max"},
        {"area,percent_min,percent_max\n", "1 to 64 areas"},
        {"area,percent_min,percent_max\na,60,100\nb,50,60\n", "more than 100"},
        {"area,percent_min,percent_max\na,10,40\nb,10,50\n", "less than 100"},
        {"area,percent_min,percent_max\na,50,40\nb,50,60\n", "b:2: percent_min and percent_max"},
        {"area,percent_min,percent_max\na,x,40\n", "b:2: column percent_min needs a number"},
        {"area,percent_min,percent_max\na,0,100\na,0,100\n", "b:3: the area a was named before, on line 2"},
        {"area,percent_min,percent_max\na,0,100\n", "item i0 has no area"},
        {"area,percent_min,percent_max\na,0,100\n\nitem\ni0\n", "b:4: the column \"area\""},
        {"area,percent_min,percent_max\na,0,100\n\nitem,area\ni0,a\ni7,a\n", "b:6: the item \"i7\" is not in"},
        {"area,percent_min,percent_max\na,0,100\n\nitem,area\ni0,a\ni0,a\n", "b:6: the item i0 has two rows"},
        {"area,percent_min,percent_max\na,0,100\n\nitem,area\ni0,c\ni1,a\n", "of the area \"c\""},
        {"area,percent_min,percent_max\r\na,0,100\r\n\r\nitem,area\r\ni0,a\r\n", "item i1 has no area"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena_t *arena = arena_new(1 << 22);
        items_t items = test_items(arena, 2, 1, false);
        blueprint_t blueprint;
        err_t err = {0};
        if (blueprint_read(&blueprint, arena, "b", (const unsigned char *)cases[i].text, strlen(cases[i].text), &items,
                           &err))
            fail_msg("case %zu was taken", i);
        if (!strstr(err.text, cases[i].words)) fail_msg("case %zu: \"%s\" lacks \"%s\"", i, err.text, cases[i].words);
        arena_free(arena);
    }
}

enum { SMALL_ITEMS = 11 };

/* A drawn bank of 11 items or fewer with areas, enemies that may lie in several areas, and quotas. */
typedef struct {
    blueprint_t blueprint;
    int area_of[SMALL_ITEMS], set_of[SMALL_ITEMS], group_of[SMALL_ITEMS];
    quotas_t quotas;
    int length, items;
} small_t;

static void draw_small(small_t *small, uint64_t seed)
{
    rng_t rng = rng_at(seed, 9, 0, 0);
    *small = (small_t){.items = 4 + (int)rng_below(&rng, SMALL_ITEMS - 3)};
    small->length = 2 + (int)rng_below(&rng, 4);
    int groups = (int)rng_below(&rng, 4);
    blueprint_t *b = &small->blueprint;
    *b = (blueprint_t){
        .file = "drawn", .areas = 1 + (int)rng_below(&rng, 4), .items = (size_t)small->items, .groups = groups};
    for (int i = 0; i < small->items; i++) {
        small->area_of[i] = (int)rng_below(&rng, (uint32_t)b->areas);
        small->set_of[i] = -1;
        double u = rng_uniform(&rng);
        small->group_of[i] = groups > 0 && u < 0.6 ? (int)rng_below(&rng, (uint32_t)groups) : -1;
    }
    for (int g = 0; g < groups; g++) small->group_of[g] = g; /* a group has an item */
    for (int a = 0; a < b->areas; a++) {
        small->quotas.low[a] = (int)rng_below(&rng, 3);
        small->quotas.high[a] = small->quotas.low[a] + (int)rng_below(&rng, 3);
    }
    b->area_of = small->area_of;
    b->set_of = small->set_of;
    b->group_of = small->group_of;
}

/* Is there a test of the right length that holds all of `given`, none of `closed`, and meets quotas and enemies? */
static bool exists(const small_t *small, unsigned given, unsigned closed)
{
    for (unsigned test = 0; test < 1u << small->items; test++) {
        if (__builtin_popcount(test) != small->length || (test & given) != given || (test & closed & ~given)) continue;
        int count[AREAS_MAX] = {0};
        unsigned groups = 0;
        bool good = true;
        for (int i = 0; i < small->items && good; i++) {
            if (!(test >> i & 1)) continue;
            count[small->area_of[i]]++;
            if (small->group_of[i] < 0) continue;
            good = !(groups >> small->group_of[i] & 1);
            groups |= 1u << small->group_of[i];
        }
        for (int a = 0; a < small->blueprint.areas && good; a++)
            good = count[a] >= small->quotas.low[a] && count[a] <= small->quotas.high[a];
        if (good) return true;
    }
    return false;
}

/* At every step of drawn tests, an item is admitted if and only if some whole test contains what was given and it;
 * also after items were closed. */
static void every_test_tried(void **state)
{
    (void)state;
    enum { BANKS = 1500 };
    int feasible = 0, infeasible = 0, refusals = 0, bridges = 0;
    for (uint64_t seed = 0; seed < BANKS; seed++) {
        small_t small;
        units_t units;
        content_t content;
        err_t err = {0};
        arena_t *arena = arena_new(1 << 20);
        rng_t rng = rng_at(seed, 10, 0, 0);
        draw_small(&small, seed);
        assert_true(units_make(&units, arena, &small.blueprint, &err) && content_make(&content, arena, &units, &err));
        content_begin(&content, NULL, small.length, &small.quotas);
        bridges += units.bridges;
        unsigned given = 0, closed = 0;
        bool can = exists(&small, 0, 0);
        assert_int_equal(content_feasible(&content), can);
        feasible += can;
        infeasible += !can;
        for (int step = 0; can && step < small.length; step++) {
            int admitted[SMALL_ITEMS], n = 0, out = (int)rng_below(&rng, (uint32_t)small.items);
            if (content.open[out]) { /* set one aside if the test allows it */
                content_close(&content, out);
                bool still = exists(&small, given, closed | 1u << out);
                assert_int_equal(content_feasible(&content), still);
                if (still)
                    closed |= 1u << out;
                else
                    content_reopen(&content, out);
            }
            for (int i = 0; i < small.items; i++) {
                if (!content.open[i]) continue;
                bool may = exists(&small, given | 1u << i, closed);
                if (content_admits(&content, i) != may)
                    fail_msg("bank %d, step %d, item %d: admitted %d, possible %d", (int)seed, step, i, !may, may);
                if (units.home[units.unit_of[i]] >= 0)
                    assert_int_equal(content_admits_area(&content, small.area_of[i]), may);
                if (may) admitted[n++] = i;
                refusals += !may;
            }
            assert_true(n > 0);
            int item = admitted[rng_below(&rng, (uint32_t)n)];
            content_give(&content, item);
            given |= 1u << item;
        }
        arena_free(arena);
    }
    assert_true(feasible > 200 && infeasible > 200 && refusals > 500 && bridges > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quotas), cmocka_unit_test(refused),
                                       cmocka_unit_test(every_test_tried)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
