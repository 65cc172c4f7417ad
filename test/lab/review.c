/* The review rules: each with hits and near misses through the table that people give (review.cases), the little
 * language of the rules, and what must be refused with a place. */
#include "lab/review.h"
#include "cells.h"
#include "fault_test.h"

static const lab_t *lab;
static const review_t *review;

static bool keep(void *context, int line, const char *id, uint64_t hits)
{
    uint64_t *out = context;
    *out = hits;
    return line == 2 && id[0] == 0;
}

static uint64_t ask_table(const char *table)
{
    uint64_t hits = 0;
    err_t err = {0};
    CHECK(review_csv(review, "case", (const unsigned char *)table, strlen(table), keep, &hits, &err), "%s", err.text);
    return hits;
}

/* "WBC=3 first=0" as a table of one row. */
static void as_table(char *words, char *out, size_t size)
{
    char names[400] = "", values[400] = "";
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        if (equals == NULL) continue;
        *equals = 0;
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", names[0] ? "," : "", word);
        snprintf(values + strlen(values), sizeof values - strlen(values), "%s%s", values[0] ? "," : "", equals + 1);
    }
    snprintf(out, size, "%s\n%s\n", names, values);
}

static void test_rules(fixture_t *bench, const char *path)
{
    size_t length;
    char *text = (char *)read_whole(bench->arena, path, &length), *next;
    bool hit[64] = {false}, missed[64] = {false};
    int cases = 0;
    for (char *line = text; line != NULL && *line; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) *next++ = 0;
        if (*line == '#' || *line == 0) continue;
        char *first = strchr(line, '|'), *second = first ? strchr(first + 1, '|') : NULL, table[900];
        if (second == NULL) {
            CHECK(false, "not a case: %s", line);
            continue;
        }
        *first = *second = 0;
        int number = atoi(line), index = 0;
        bool expected = strstr(second + 1, "hit") != NULL;
        while (index < review_count(review) && review_rule(review, index)->number != number) index++;
        CHECK(index < review_count(review), "no rule %d", number);
        as_table(first + 1, table, sizeof table);
        bool found = ask_table(table) >> index & 1;
        CHECK(found == expected, "rule %d, %s: %s", number, table, found ? "hit" : "no hit");
        (expected ? hit : missed)[index] = true;
        cases++;
    }
    int both = 0;
    for (int i = 0; i < review_count(review); i++) {
        CHECK(hit[i], "rule %d is never hit", review_rule(review, i)->number);
        both += hit[i] && missed[i];
    }
    CHECK(review_count(review) == 41 && cases > 90 && both >= 25, "%d rules, %d cases, %d with both",
          review_count(review), cases, both);
}

static void test_language(void)
{
    static const struct {
        const char *text;
        bool answer;
    } rows[] = {{"WBC > 4", true},
                {"WBC > 4 && WBC < 5", false},
                {"WBC > 4 || WBC < 5", true},
                {"!(WBC > 4)", false},
                {"!WBC > 4", false},
                {"WBC - 3 >= 4", true},
                {"WBC == 7", true},
                {"HGB > 1", false},
                {"!(HGB > 1)", true},
                {"WBC > 4 && HGB > 1 || PLT == 200", true},
                {"PLT_CLUMP", true},
                {"flag(PLT_CLUMP) && !flag(BLAST)", true},
                {"upper(WBC) == 11.0", true},
                {"-WBC < -6.5", true},
                {"first && adult", true},
                {"within(168)", true},
                {"delta_fail(PLT)", true},
                {"delta_fail(WBC)", false},
                {"novalue(MCV)", true},
                {"(WBC || HGB) == 1", true},
                {"(WBC < 4 || PLT) + 1 == 2", true},
                {"(WBC > 4 && PLT) + 1 == 2", true},
                {"(WBC > 4 && HGB) + 1 == 1", true},
                {"!(WBC < 4 || HGB) && -(WBC > 4 && PLT > 4) == -1", true},
                {"female", false}};
    review_case_t what;
    review_case_clear(&what);
    what.value[cells_analyte(lab, HEMA_WBC)] = 7;
    what.value[cells_analyte(lab, HEMA_PLT)] = 200;
    what.previous[cells_analyte(lab, HEMA_PLT)] = 420;
    what.flags = count_flag_bit(CF_PLT_CLUMPS);
    int mcv = cells_analyte(lab, HEMA_MCV);
    what.no_value[mcv >> 6] |= (uint64_t)1 << (mcv & 63);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool answer;
        err_t err = {0};
        bool good = review_ask(lab, rows[i].text, &what, &answer, &err);
        CHECK(good && answer == rows[i].answer, "%s: %s", rows[i].text, good ? answer ? "true" : "false" : err.text);
    }
}

static void test_refused(void)
{
    static const struct {
        const char *text, *says;
    } rows[] = {{"", "a number, a name or a parenthesis"},
                {"WBC >", "at place 6"},
                {"WBX > 4", "no analyte, no flag"},
                {"(WBC > 4", "closing parenthesis"},
                {"WBC > 4)", "should end here"},
                {"WBC > 4 5", "should end here"},
                {"WBC & 4", "should end here"},
                {"flag(NOTHING)", "no such flag"},
                {"upper(NOTHING)", "no such analyte"},
                {"WBC(4)", "take something in parentheses"},
                {"within(x)", "a number is expected"},
                {"1.2.3 > WBC", "a number is expected"}};
    review_case_t what;
    review_case_clear(&what);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool answer;
        err_t err = {0};
        bool good = review_ask(lab, rows[i].text, &what, &answer, &err);
        CHECK(!good && strstr(err.text, rows[i].says) != NULL, "%s: %s", rows[i].text, good ? "accepted" : err.text);
    }
    char deep[600];
    bool answer;
    err_t err = {0};
    memset(deep, '(', 500);
    strcpy(deep + 500, "1");
    CHECK(!review_ask(lab, deep, &what, &answer, &err) && strstr(err.text, "too deep") != NULL, "%s", err.text);
    memset(deep, '!', 500);
    CHECK(!review_ask(lab, deep, &what, &answer, &err) && strstr(err.text, "too many negations") != NULL, "%s",
          err.text);
    deep[0] = 0;
    for (int i = 0; i < 60; i++) strcat(deep, "1+");
    strcat(deep, "1");
    CHECK(!review_ask(lab, deep, &what, &answer, &err) && strstr(err.text, "too long") != NULL, "%s", err.text);
}

static void test_tables(const fixture_t *bench)
{
    static const struct {
        const char *table, *says;
    } rows[] = {{"WBX\n1\n", "case:1: there is no column \"WBX\""},
                {"sodium\n140\n", "case:1: there is no column"},
                {"WBC\nmany\n", "case:2"},
                {"sex\nX\n", "case:2: sex is \"X\""},
                {"first\nyes\n", "write 0 or 1"},
                {"flags\nBLASTS? NOTHING\n", "no flag \"NOTHING\""},
                {"WBC,WBC\n1,2\n", "case"},
                {"WBC\n1,2\n", "case:2"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t hits = 0;
        err_t err = {0};
        bool good =
            review_csv(review, "case", (const unsigned char *)rows[i].table, strlen(rows[i].table), keep, &hits, &err);
        CHECK(!good && strstr(err.text, rows[i].says) != NULL, "%s: %s", rows[i].table, good ? "accepted" : err.text);
    }
    source_file_t files[] = {{"lab/hematology/review_rules.csv", NULL, 0}};
    static const char bad[] = "rule,parameter,criterion,action,machine\n1,WBC,low,look,WBC < 4\n2,WBC,low,look,WBC <\n";
    files[0].bytes = (const unsigned char *)bad;
    files[0].length = sizeof bad - 1;
    source_t source = {files, 1};
    review_t *other;
    err_t err = {0};
    CHECK(!review_open(&other, bench->lab, &source, &err) &&
              strstr(err.text, "review_rules.csv:3: machine at place") != NULL,
          "%s", err.text);
}

/* A rule that review_hits does not run, because something that it needs is missing, is not broken either. */
static void test_skipped(void)
{
    enum { CASES = 4000 };
    int broken = 0;
    for (uint64_t n = 0; n < CASES; n++) {
        rng_t rng = rng_at(7, 7, n, 0);
        review_case_t what;
        review_case_clear(&what);
        what.age = 100 * rng_uniform(&rng);
        what.sex = (int)rng_below(&rng, 3) - 1;
        what.since_h = 400 * rng_uniform(&rng);
        what.first = rng_chance(&rng, 0.5);
        what.confirmed = rng_chance(&rng, 0.5);
        for (int f = 0; f < CF_COUNT; f++)
            if (rng_chance(&rng, 0.05)) what.flags |= count_flag_bit(f);
        for (int a = 0; a < lab_analyte_count(lab); a++) {
            const analyte_t *about = lab_analyte(lab, a);
            if (about->bench != BENCH_HEMATOLOGY) continue;
            what.value[a] = 3 * about->ri_high[SEX_MALE] * rng_uniform(&rng);
            if (rng_chance(&rng, 0.5)) what.previous[a] = 3 * about->ri_high[SEX_MALE] * rng_uniform(&rng);
            if (rng_chance(&rng, 0.005)) what.no_value[a >> 6] |= (uint64_t)1 << (a & 63);
        }
        uint64_t hits = review_hits(review, &what);
        for (int i = 0; i < review_count(review); i++) {
            bool answer;
            err_t err = {0};
            CHECK(review_ask(lab, review_rule(review, i)->machine, &what, &answer, &err), "%s", err.text);
            CHECK(answer == (bool)(hits >> i & 1), "rule %d of case %d", review_rule(review, i)->number, (int)n);
            broken += answer;
        }
    }
    CHECK(broken > CASES, "only %d rules were broken", broken);
}

int main(int argc, char **argv)
{
    static fixture_t bench;
    review_t *rules;
    err_t err = {0};
    if (argc != 2) return fprintf(stderr, "usage: review CASES\n"), 2;
    bench_open(&bench);
    lab = bench.lab;
    if (!review_open(&rules, lab, &bench.source, &err)) return printf("%s\n", err.text), 1;
    review = rules;
    test_rules(&bench, argv[1]);
    test_language();
    test_refused();
    test_tables(&bench);
    test_skipped();
    review_close(rules);
    bench_close(&bench);
    printf("%d failures\n", failures);
    return failures != 0;
}
