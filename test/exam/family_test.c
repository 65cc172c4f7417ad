/* Computed families: every one is solved a second time by another path, over many seeds.
 *
 * Numbers: plain arithmetic written out in family_answers.h. Decisions: a plain decision on the printed values.
 * Control series: a naive judge below, which tries every window. Panels: the signature of the fault as the table
 * content/lab/preanalytic_faults.csv tells it. Beside that: the same seed gives the same item, distractors never equal
 * the key or one another, and every text is filled in. */
#include "app/families.h"
#include "base/content.h"
#include "exam/family.h"
#include "lab/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 200, MEMORY = 1 << 20 };

static int failures;

#define FAIL(...)                                                                                                      \
    do {                                                                                                               \
        failures++;                                                                                                    \
        printf("FAIL: ");                                                                                              \
        printf(__VA_ARGS__);                                                                                           \
        printf("\n");                                                                                                  \
    } while (0)

static double value_of(const family_item_t *made, const char *name)
{
    for (int i = 0; i < made->values; i++)
        if (strcmp(made->name[i], name) == 0) return made->value[i];
    printf("there is no value %s in %s\n", name, made->item.id);
    abort();
}

/* ---- a naive judge of control series ---- */

static bool beyond(const double *z, const int *at, int count, double limit)
{
    bool high = true, low = true;
    for (int i = 0; i < count; i++) {
        high = high && z[at[i]] > limit;
        low = low && z[at[i]] < -limit;
    }
    return high || low;
}

/* Any `count` neighbors of the series, in time order or of one level, that end in the last run. */
static bool window(const family_item_t *m, int count, double limit, bool across)
{
    int total = m->levels * m->runs, first_of_last = total - m->levels, at[16];
    for (int end = first_of_last; end < total; end++) {
        for (int i = 0; i < count; i++) at[i] = end - (count - 1 - i);
        bool inside = at[0] >= first_of_last, whole = end == total - 1;
        if (at[0] >= 0 && (inside || (across && whole)) && beyond(m->z, at, count, limit)) return true;
        for (int i = 0; i < count; i++) at[i] = end - (count - 1 - i) * m->levels;
        if (m->levels > 1 && at[0] >= 0 && beyond(m->z, at, count, limit)) return true;
    }
    return false;
}

static bool last_run(const family_item_t *m, double above, double below)
{
    bool high = false, low = false;
    for (int i = m->levels * (m->runs - 1); i < m->levels * m->runs; i++) {
        high = high || m->z[i] > above;
        low = low || m->z[i] < -below;
    }
    return high && low;
}

static bool any_last(const family_item_t *m, double limit)
{
    for (int i = m->levels * (m->runs - 1); i < m->levels * m->runs; i++)
        if (fabs(m->z[i]) > limit) return true;
    return false;
}

static bool two_of_three(const family_item_t *m)
{
    int high = 0, low = 0;
    for (int i = m->levels * (m->runs - 1); i < m->levels * m->runs; i++) {
        high += m->z[i] > 2;
        low += m->z[i] < -2;
    }
    return high >= 2 || low >= 2;
}

static bool breaks(const family_item_t *m, const char *rule)
{
    if (strcmp(rule, "1-2s") == 0) return any_last(m, 2);
    if (strcmp(rule, "1-3s") == 0) return any_last(m, 3);
    if (strcmp(rule, "R-4s") == 0) return last_run(m, 2, 2);
    if (strcmp(rule, "2of3-2s") == 0) return two_of_three(m);
    if (strcmp(rule, "2-2s") == 0) return window(m, 2, 2, false) || (m->levels == 1 && window(m, 2, 2, true));
    if (strcmp(rule, "3-1s") == 0) return window(m, 3, 1, m->levels == 1);
    if (strcmp(rule, "4-1s") == 0) return window(m, 4, 1, true);
    int count = atoi(rule);
    return window(m, count, 0, true);
}

static const char *const REJECTING[] = {"1-3s", "2-2s", "R-4s", "2of3-2s", "3-1s", "4-1s", "6-x", "8-x", "10-x"};

/* The rules that the stem names and that the last run breaks, but for the warning. */
static int broken_rules(const family_item_t *m, const char **which)
{
    int count = 0;
    for (size_t i = 0; i < sizeof REJECTING / sizeof *REJECTING; i++) {
        if (!strstr(m->item.stem, REJECTING[i]) || !breaks(m, REJECTING[i])) continue;
        *which = REJECTING[i];
        count++;
    }
    return count;
}

static void check_judged(const family_item_t *m, const char *kind)
{
    const char *rule = "", *key = m->item.part[item_key(&m->item)].text;
    int count = broken_rules(m, &rule);
    bool random = strcmp(rule, "1-3s") == 0 || strcmp(rule, "R-4s") == 0, right;
    if (strcmp(kind, "rule") == 0)
        right = count == 1 && strcmp(key, rule) == 0;
    else if (strcmp(kind, "error") == 0)
        right = count == 0 ? strstr(key, "No error") || strstr(key, "Release")
                : random   ? strstr(key, "Random") || strstr(key, "scatter")
                           : strstr(key, "Systematic") || strstr(key, "shift");
    else
        right = count            ? strstr(key, "Reject") != NULL
                : any_last(m, 2) ? strstr(key, "Warning") != NULL
                                 : strstr(key, "Accept") != NULL;
    if (!right || count > 1)
        FAIL("%s: the naive judge finds %d rules (%s); the key is \"%s\"", m->item.id, count, rule, key);
}

/* ---- the oracles ---- */

#define V(name) value_of(m, #name)
#define ANSWER(function, id, expression)                                                                               \
    static double function(const family_item_t *m)                                                                     \
    {                                                                                                                  \
        return expression;                                                                                             \
    }
#define OPTION(function, id, expression)                                                                               \
    static const char *function(const family_item_t *m)                                                                \
    {                                                                                                                  \
        return expression;                                                                                             \
    }
#define JUDGE(function, id)
#define ERROR(function, id)
#define VERDICT(function, id)
#include "family_answers.h"
#undef ANSWER
#undef OPTION
#undef JUDGE
#undef ERROR
#undef VERDICT

typedef struct {
    const char *id;
    double (*number)(const family_item_t *made);
    const char *(*option)(const family_item_t *made);
    const char *judged; /* rule, error, verdict */
} oracle_t;

#define ANSWER(function, id, expression) {id, function, NULL, NULL},
#define OPTION(function, id, expression) {id, NULL, function, NULL},
#define JUDGE(function, id) {id, NULL, NULL, "rule"},
#define ERROR(function, id) {id, NULL, NULL, "error"},
#define VERDICT(function, id) {id, NULL, NULL, "verdict"},
static const oracle_t ORACLES[] = {
#include "family_answers.h"
};

static const oracle_t *oracle_of(const char *id)
{
    for (size_t i = 0; i < sizeof ORACLES / sizeof *ORACLES; i++)
        if (strcmp(ORACLES[i].id, id) == 0) return &ORACLES[i];
    return NULL;
}

/* ---- checks ---- */

/* The number that the option prints, with the decimals it prints. */
static double printed(const char *text, int *decimals)
{
    char digits[40];
    size_t n = 0;
    *decimals = 0;
    bool point = false;
    for (; (*text >= '0' && *text <= '9') || *text == '-' || *text == '.' || *text == ','; text++) {
        if (*text == ',') continue;
        *decimals += point;
        point = point || *text == '.';
        digits[n++] = *text;
    }
    digits[n] = 0;
    return strtod(digits, NULL);
}

static void check_typed(const family_item_t *made, double want)
{
    const item_t *item = &made->item;
    double unit = pow(10, -item->decimals), credit;
    item_answer_t right = {.value = want}, wrong;
    if (!(fabs(item->value - want) <= 0.5 * unit * (1 + 1e-6) + 1e-9 * fabs(want)))
        FAIL("%s: the answer says %.6f, by hand it is %.6f (%s)", item->id, item->value, want, item->stem);
    if (!item_score(item, &right, &credit, NULL) || credit != 1) FAIL("%s: the answer by hand is not right", item->id);
    for (int i = 0; i < item->parts; i++) {
        wrong = (item_answer_t){.value = item->part[i].value};
        if (!item_score(item, &wrong, &credit, NULL) || credit != 0) FAIL("%s: a mistake counts as right", item->id);
        if (item_mistake(item, wrong.value) != i) FAIL("%s: mistake %d is not known again", item->id, i);
    }
}

static void check_number(const family_item_t *made, double want)
{
    int decimals, key = item_key(&made->item);
    double shown = printed(made->item.part[key].text, &decimals);
    double unit = pow(10, -decimals);
    if (!(fabs(shown - want) <= 0.5 * unit * (1 + 1e-6) + 1e-9 * fabs(want)))
        FAIL("%s: the key says %s, by hand it is %.6f (%s)", made->item.id, made->item.part[key].text, want,
             made->item.stem);
    for (int i = 0; i < made->item.parts; i++)
        for (int k = 0; k < i; k++) {
            double a = printed(made->item.part[i].text, &decimals), b = printed(made->item.part[k].text, &decimals);
            if (!(a > b))
                FAIL("%s: options do not ascend: %s, %s", made->item.id, made->item.part[k].text,
                     made->item.part[i].text);
        }
}

static void check_filled(const family_item_t *made, const char *text)
{
    if (!text[0] || strpbrk(text, "{}") || strstr(text, " nan") || strstr(text, "(nan"))
        FAIL("%s: a text is not filled in: %s", made->item.id, text);
}

static void check_texts(const family_item_t *made)
{
    int keys = 0;
    check_filled(made, made->item.stem);
    for (int i = 0; i < made->item.parts; i++) {
        if (made->item.type == ITEM_SINGLE) check_filled(made, made->item.part[i].text);
        check_filled(made, made->item.part[i].why);
        keys += made->item.part[i].key;
        for (int k = 0; k < i && made->item.type == ITEM_SINGLE; k++)
            if (strcmp(made->item.part[i].text, made->item.part[k].text) == 0)
                FAIL("%s: two options say %s", made->item.id, made->item.part[i].text);
    }
    if (made->item.type == ITEM_NUMERIC) check_filled(made, made->item.why);
    if (keys != (made->item.type == ITEM_SINGLE) || made->item.parts < 3)
        FAIL("%s: %d keys of %d options", made->item.id, keys, made->item.parts);
}

static void check_same(const family_item_t *a, const family_item_t *b)
{
    bool same = strcmp(a->item.stem, b->item.stem) == 0 && a->item.parts == b->item.parts &&
                memcmp(a->value, b->value, sizeof a->value) == 0;
    for (int i = 0; same && i < a->item.parts; i++)
        same = strcmp(a->item.part[i].text, b->item.part[i].text) == 0 && a->item.part[i].key == b->item.part[i].key;
    if (!same) FAIL("%s: the same seed gives another item", a->item.id);
}

static void check_item(const oracle_t *oracle, const family_item_t *made)
{
    check_texts(made);
    if (oracle->judged) check_judged(made, oracle->judged);
    if (oracle->number && made->item.type == ITEM_NUMERIC)
        check_typed(made, oracle->number(made));
    else if (oracle->number)
        check_number(made, oracle->number(made));
    if (!oracle->option) return;
    const char *want = oracle->option(made), *key = made->item.part[item_key(&made->item)].text;
    if (!strstr(key, want))
        FAIL("%s: the key is \"%s\", by hand it is \"%s\" (%s)", made->item.id, key, want, made->item.stem);
}

static void check_family(const families_t *families, int family, arena_t *arena, int seeds)
{
    family_view_t view;
    families_view(families, family, &view);
    const oracle_t *oracle = oracle_of(view.id);
    if (!oracle) {
        FAIL("%s has no second solution in family_answers.h", view.id);
        return;
    }
    uint64_t first_stem = 0;
    bool varies = false;
    int failed_before = failures;
    for (int seed = 1; seed <= seeds && failures < failed_before + 3; seed++) {
        family_item_t made, again;
        err_t err = {0};
        arena_reset(arena);
        if (!family_make(families, family, (uint64_t)seed, arena, &made, &err) ||
            !family_make(families, family, (uint64_t)seed, arena, &again, &err)) {
            FAIL("%s", err.text);
            return;
        }
        check_same(&made, &again);
        check_item(oracle, &made);
        uint64_t stem = hash_bytes(HASH_START, made.item.stem, strlen(made.item.stem));
        varies = varies || (seed > 1 && stem != first_stem);
        if (seed == 1) first_stem = stem;
    }
    if (!varies) FAIL("%s: every seed gives the same stem", view.id);
}

int main(int argc, char **argv)
{
    err_t err = {0};
    bank_t *bank;
    app_laboratory_t laboratory;
    lab_t *lab;
    calc_t *calc;
    family_source_t source;
    families_t *families;
    int seeds = argc > 1 ? atoi(argv[1]) : SEEDS;
    if (!bank_open(&bank, content_source(), &err) || !lab_open(&lab, content_source(), &err) ||
        !calc_open(&calc, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    laboratory = (app_laboratory_t){lab, calc};
    app_family_source(&laboratory, &source);
    if (!families_open(&families, content_source(), bank, &source, &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    arena_t *arena = arena_new(MEMORY);
    if (families_count(families) < 120) FAIL("only %d families", families_count(families));
    if (families_count(families) != (int)(sizeof ORACLES / sizeof *ORACLES))
        FAIL("%d families and %zu second solutions", families_count(families), sizeof ORACLES / sizeof *ORACLES);
    for (int i = 0; i < families_count(families); i++) check_family(families, i, arena, seeds);
    printf("%d families, %d seeds each, %d failures\n", families_count(families), seeds, failures);
    arena_free(arena);
    families_close(families);
    calc_close(calc);
    lab_close(lab);
    bank_close(bank);
    return failures != 0;
}
