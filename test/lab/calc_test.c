/* Every formula against both worked examples of its row in content/lab/formulas.csv, then what must
 * be refused (calc.cases), and the rounding. */
#include "lab/calc.h"
#include "qc_test.h"

static source_file_t files[2];
static source_t content = {files, 2};
static calc_t *calc;

static char *read_content(const char *name, size_t *length)
{
    char path[1024];
    const char *folder = getenv("TITER_TEST_CONTENT");
    snprintf(path, sizeof path, "%s/lab/%s", folder ? folder : "content", name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be opened; set TITER_TEST_CONTENT to the folder content", path);
    char *bytes = malloc(1u << 20);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1u << 20, file);
    fclose(file);
    return bytes;
}

static int open_all(void **state)
{
    (void)state;
    files[0].path = "lab/formulas.csv";
    files[0].bytes = (unsigned char *)read_content("formulas.csv", &files[0].length);
    files[1].path = "lab/martin_hopkins.csv";
    files[1].bytes = (unsigned char *)read_content("martin_hopkins.csv", &files[1].length);
    err_t err = {0};
    if (!calc_open(&calc, &content, &err)) fail_msg("%s", err.text);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    calc_close(calc);
    for (int i = 0; i < 2; i++) free((void *)(uintptr_t)files[i].bytes);
    return 0;
}

/* Cuts "na=140; cl=104" or "na=140 cl=104" in place. */
static int cut(char *text, calc_input_t inputs[CALC_INPUTS_MAX + 2])
{
    int count = 0;
    for (char *word = strtok(text, "; "); word; word = strtok(NULL, "; ")) {
        char *equals = strchr(word, '=');
        assert_non_null(equals);
        assert_true(count < CALC_INPUTS_MAX + 2);
        *equals = 0;
        inputs[count++] = (calc_input_t){word, equals + 1};
    }
    return count;
}

static void worked_examples(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1u << 20);
    csv_t table;
    err_t err = {0};
    assert_true(csv_read(&table, arena, "formulas.csv", files[0].bytes, files[0].length, &err));
    assert_int_equal(table.rows, calc_count(calc));
    int id = csv_column(&table, "formula_id"), decimals = csv_column(&table, "decimals"), wrong = 0;
    for (size_t row = 0; row < table.rows; row++)
        for (int example = 0; example < 2; example++) {
            char inputs_text[256], got[32];
            calc_input_t inputs[CALC_INPUTS_MAX + 2];
            calc_result_t result;
            int column = csv_column(&table, example ? "example2_inputs" : "example1_inputs");
            snprintf(inputs_text, sizeof inputs_text, "%s", csv_text(&table, row, column));
            int count = cut(inputs_text, inputs), formula = calc_find(calc, csv_text(&table, row, id), &err);
            assert_true(formula >= 0);
            if (!calc_run(calc, formula, inputs, count, &result, &err))
                fail_msg("%s: %s", csv_text(&table, row, id), err.text);
            assert_int_equal(result.decimals, atoi(csv_text(&table, row, decimals)));
            text_fixed(got, result.rounded, result.decimals);
            const char *expected = csv_text(&table, row, column + 1);
            if (strcmp(got, expected) == 0) continue;
            print_error("%s: %s gives %s (%.12g), expected %s\n", csv_text(&table, row, id),
                        csv_text(&table, row, column), got, result.value, expected);
            wrong++;
        }
    assert_int_equal(wrong, 0);
    arena_free(arena);
}

/* Lines "formula inputs -> value" and "formula inputs ! part of the sentence". */
static void cases(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("calc.cases", &length), *next;
    int done = 0;
    for (char *line = text; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        if (!*line || *line == '#') continue;
        char *refused = strstr(line, " ! "), *arrow = strstr(line, " -> "),
             *expected = refused ? refused + 3 : arrow + 4;
        assert_true(refused || arrow);
        *(refused ? refused : arrow) = 0;
        char *space = strchr(line, ' ');
        if (space) *space = 0;
        calc_input_t inputs[CALC_INPUTS_MAX + 2];
        int count = space ? cut(space + 1, inputs) : 0;
        err_t err = {0};
        calc_result_t result;
        int formula = calc_find(calc, line, &err);
        bool good = formula >= 0 && calc_run(calc, formula, inputs, count, &result, &err);
        if (good != !refused) fail_msg("%s: %s, expected %s", line, good ? "accepted" : err.text, expected);
        if (refused) {
            if (!strstr(err.text, expected)) fail_msg("%s says \"%s\", expected \"%s\"", line, err.text, expected);
        } else {
            char got[32];
            text_fixed(got, result.rounded, result.decimals);
            assert_string_equal(got, expected);
        }
        done++;
    }
    assert_true(done >= 40);
    free(text);
}

static void rounding(void **state)
{
    (void)state;
    static const struct {
        double x;
        int decimals;
        double expected;
    } rows[] = {{1.125, 2, 1.12}, {1.135, 2, 1.14}, {0.5, 0, 0},           {1.5, 0, 2},     {2.5, 0, 2},
                {-2.5, 0, -2},    {-3.5, 0, -4},    {2.675, 2, 2.67},      {1.005, 2, 1.0}, {0.285, 2, 0.28},
                {1e15, 2, 1e15},  {0, 3, 0},        {123.4565, 3, 123.457}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(calc_round(rows[i].x, rows[i].decimals) == rows[i].expected);
    for (int i = 0; i < 200000; i++) { /* the C library prints the exact binary value rounded the same way */
        rng_t rng = rng_at(3, 1, (uint64_t)i, 0);
        int decimals = i % 5;
        double x = 0.125 * exact_floor(rng_uniform(&rng) * 8000) * (i % 3 ? 1 : 0.1);
        char expected[40], got[40];
        snprintf(expected, sizeof expected, "%.*f", decimals, x);
        text_fixed(got, calc_round(x, decimals), decimals);
        assert_string_equal(got, expected);
    }
}

static void broken_content(void **state)
{
    (void)state;
    source_file_t broken[2] = {files[0], files[1]};
    source_t source = {broken, 2};
    err_t err = {0};
    calc_t *other = NULL;
    broken[0].length = 200; /* most formulas missing */
    while (broken[0].bytes[broken[0].length - 1] != '\n') broken[0].length++;
    assert_false(calc_open(&other, &source, &err));
    assert_non_null(strstr(err.text, "has no row"));
    broken[0] = files[0];
    broken[1].length = 0;
    assert_false(calc_open(&other, &source, &err));
    source.count = 1;
    assert_false(calc_open(&other, &source, &err));
    assert_non_null(strstr(err.text, "missing"));
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worked_examples), cmocka_unit_test(cases),
                                       cmocka_unit_test(rounding), cmocka_unit_test(broken_content)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
