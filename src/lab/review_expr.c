/* The small language of review rules, by recursive descent into a program over a stack:
 *
 *   or   = and { "||" and }            sum  = unit { ("+" | "-") unit }
 *   and  = test { "&&" test }          unit = number | name | name "(" argument ")" | "(" or ")" | "-" unit
 *   test = "!" test | sum [ ("<" | "<=" | ">" | ">=" | "==") sum ]
 *
 * Names are analytes of the catalog, flags of the counter, and what the table below lists. A comparison with a value
 * that is not there is false. */
#include "review_private.h"

#include "cells.h"

#include "base/base.h"

#include <assert.h>
#include <string.h>

typedef struct {
    const lab_t *lab;
    const char *start, *at;
    review_code_t *code;
    int depth, stack;
    err_t *err;
} reader_t;

static bool refuse(reader_t *in, const char *what)
{
    return err_set(in->err, ERR_INPUT, "at place %d, before \"%.20s\": %s", (int)(in->at - in->start) + 1, in->at,
                   what);
}

static void skip(reader_t *in)
{
    while (*in->at == ' ' || *in->at == '\t') in->at++;
}

static bool take(reader_t *in, const char *word)
{
    size_t n = strlen(word);
    skip(in);
    if (strncmp(in->at, word, n) != 0) return false;
    in->at += n;
    return true;
}

/* `grow`: how the stack changes. */
static bool emit(reader_t *in, step_kind_t kind, int index, double number, int grow)
{
    if (in->code->count == REVIEW_STEPS) return refuse(in, "the expression is too long; split the rule");
    in->stack += grow;
    if (in->stack > REVIEW_STACK) return refuse(in, "the expression is too deep; split the rule");
    in->code->steps[in->code->count++] = (step_t){(uint8_t)kind, (int16_t)index, number};
    return true;
}

/* A comparison of what the last two steps give; of a value and a number it becomes one step with them. */
static bool emit_comparison(reader_t *in, step_kind_t kind)
{
    review_code_t *code = in->code;
    step_t *two = code->count < 2 ? NULL : &code->steps[code->count - 2];
    if (two == NULL || two[0].kind != STEP_VALUE || two[1].kind != STEP_NUMBER || kind == STEP_EQUAL)
        return emit(in, kind, 0, 0, -1);
    two[0].kind = (uint8_t)(STEP_VALUE_LESS + (kind - STEP_LESS));
    two[0].number = two[1].number;
    code->count--;
    in->stack--;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t name_length(const char *at)
{
    size_t n = 0;
    while (is_letter(at[n]) || is_digit(at[n])) n++;
    return n;
}

static bool read_or(reader_t *in);

static const struct {
    const char *name;
    step_kind_t kind;
} WORDS[] = {{"first", STEP_FIRST},     {"confirmed", STEP_CONFIRMED},
             {"adult", STEP_ADULT},     {"child", STEP_CHILD},
             {"suspect", STEP_SUSPECT}, {"diff_missing", STEP_DIFF_MISSING},
             {"age", STEP_AGE},         {"age_days", STEP_AGE_DAYS},
             {"age_h", STEP_AGE_H},     {"female", STEP_FEMALE},
             {"male", STEP_MALE}},
  CALLS[] = {{"upper", STEP_UPPER},     {"lower", STEP_LOWER},      {"amr_high", STEP_AMR_HIGH},
             {"amr_low", STEP_AMR_LOW}, {"novalue", STEP_NO_VALUE}, {"delta_fail", STEP_DELTA_FAIL}};

static bool same(const char *word, const char *at, size_t length)
{
    return strlen(word) == length && memcmp(word, at, length) == 0;
}

static int analyte_named(const reader_t *in, const char *at, size_t length)
{
    char id[32];
    if (length >= sizeof id) return -1;
    memcpy(id, at, length);
    id[length] = 0;
    return lab_analyte_find(in->lab, id);
}

static bool read_number(reader_t *in, double *value)
{
    size_t n = 0;
    skip(in);
    while (is_digit(in->at[n]) || in->at[n] == '.') n++;
    if (n == 0 || !text_to_double(in->at, n, value)) return refuse(in, "a number is expected");
    in->at += n;
    return true;
}

/* name "(" analyte ")", "flag(NAME)", "within(hours)" */
static bool read_call(reader_t *in, const char *name, size_t length)
{
    skip(in);
    if (same("within", name, length)) {
        double hours;
        if (!read_number(in, &hours)) return false;
        if (!emit(in, STEP_WITHIN, 0, hours, 1)) return false;
    } else {
        size_t n = name_length(in->at);
        int kind = same("flag", name, length) ? STEP_FLAG : -1, index;
        for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS && kind < 0; i++)
            if (same(CALLS[i].name, name, length)) kind = (int)CALLS[i].kind;
        if (kind < 0)
            return refuse(in, "only upper, lower, amr_high, amr_low, novalue, delta_fail, flag and within take "
                              "something in parentheses");
        index = kind == STEP_FLAG ? count_flag_find(in->at, n) : analyte_named(in, in->at, n);
        if (index < 0) return refuse(in, kind == STEP_FLAG ? "there is no such flag" : "there is no such analyte");
        in->at += n;
        const analyte_t *about = kind == STEP_FLAG ? NULL : lab_analyte(in->lab, index);
        if (kind == STEP_AMR_HIGH || kind == STEP_AMR_LOW) {
            if (!emit(in, STEP_NUMBER, 0, kind == STEP_AMR_HIGH ? about->amr_high : about->amr_low, 1)) return false;
        } else if (!emit(in, (step_kind_t)kind, index, 0, 1)) {
            return false;
        }
    }
    return take(in, ")") || refuse(in, "a closing parenthesis is expected");
}

static bool read_name(reader_t *in)
{
    const char *name = in->at;
    size_t length = name_length(name);
    in->at += length;
    if (take(in, "(")) return read_call(in, name, length);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (same(WORDS[i].name, name, length)) return emit(in, WORDS[i].kind, 0, 0, 1);
    int index = analyte_named(in, name, length);
    if (index >= 0) return emit(in, STEP_VALUE, index, 0, 1);
    index = count_flag_find(name, length);
    if (index >= 0) return emit(in, STEP_FLAG, index, 0, 1);
    in->at = name;
    return refuse(in, "this is no analyte, no flag and no word of the rules");
}

static bool read_unit(reader_t *in)
{
    enum { DEPTH = 24 };
    skip(in);
    if (in->depth >= DEPTH) return refuse(in, "the parentheses are too deep; split the rule");
    if (is_digit(*in->at) || *in->at == '.') {
        double value;
        return read_number(in, &value) && emit(in, STEP_NUMBER, 0, value, 1);
    }
    if (is_letter(*in->at)) return read_name(in);
    in->depth++;
    bool good = false;
    if (take(in, "("))
        good = read_or(in) && (take(in, ")") || refuse(in, "a closing parenthesis is expected"));
    else if (take(in, "-"))
        good = read_unit(in) && emit(in, STEP_NEGATE, 0, 0, 0);
    else
        refuse(in, "a number, a name or a parenthesis is expected");
    in->depth--;
    return good;
}

static bool read_sum(reader_t *in)
{
    if (!read_unit(in)) return false;
    for (;;) {
        step_kind_t kind = STEP_ADD;
        if (!take(in, "+")) {
            if (!take(in, "-")) return true;
            kind = STEP_SUBTRACT;
        }
        if (!read_unit(in) || !emit(in, kind, 0, 0, -1)) return false;
    }
}

static bool read_test(reader_t *in)
{
    static const struct {
        const char *word;
        step_kind_t kind;
    } signs[] = {
        {"<=", STEP_LESS_EQUAL}, {">=", STEP_GREATER_EQUAL}, {"==", STEP_EQUAL}, {"<", STEP_LESS}, {">", STEP_GREATER}};
    enum { DEPTH = 24 };
    if (take(in, "!")) {
        if (++in->depth > DEPTH) return refuse(in, "too many negations; split the rule");
        bool good = read_test(in) && emit(in, STEP_NOT, 0, 0, 0);
        in->depth--;
        return good;
    }
    if (!read_sum(in)) return false;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take(in, signs[i].word)) return read_sum(in) && emit_comparison(in, signs[i].kind);
    return true;
}

/* Does this step leave nothing but 0 or 1? */
static bool is_truth(step_kind_t kind)
{
    return (kind >= STEP_VALUE_LESS && kind <= STEP_VALUE_GREATER_EQUAL) ||
           (kind >= STEP_NO_VALUE && kind <= STEP_WITHIN) || (kind >= STEP_FEMALE && kind <= STEP_DIFF_MISSING) ||
           kind == STEP_NOT || kind == STEP_TRUTH || (kind >= STEP_LESS && kind <= STEP_EQUAL);
}

/* The right side of && or ||, behind a step that either skips it or drops the left one, so that nothing joins them. */
static bool read_right(reader_t *in, bool (*right)(reader_t *), step_kind_t skip)
{
    review_code_t *code = in->code;
    int at = code->count;
    if (!emit(in, skip, 0, 0, -1) || !right(in)) return false;
    if (!is_truth((step_kind_t)code->steps[code->count - 1].kind) && !emit(in, STEP_TRUTH, 0, 0, 0)) return false;
    code->steps[at].index = (int16_t)(code->count - at - 1);
    return true;
}

static bool read_and(reader_t *in)
{
    if (!read_test(in)) return false;
    while (take(in, "&&"))
        if (!read_right(in, read_test, STEP_IF_TRUE)) return false;
    return true;
}

static bool read_or(reader_t *in)
{
    if (!read_and(in)) return false;
    while (take(in, "||"))
        if (!read_right(in, read_and, STEP_UNLESS_TRUE)) return false;
    return true;
}

/* ---- what a rule cannot do without ---- */

static uint64_t suspect_flags(void)
{
    uint64_t flags = 0;
    for (int f = CF_BLASTS; f < CF_VOTE_OUT; f++)
        if (f != CF_IMM_GRAN && f != CF_LEFT_SHIFT) flags |= count_flag_bit(f);
    return flags;
}

/* Where so much is missing, does this step give 0? */
static bool leaf_is_false(const step_t *step, review_need_t missing)
{
    switch ((step_kind_t)step->kind) {
    case STEP_FIRST:
        return missing == REVIEW_FIRST;
    case STEP_CONFIRMED:
        return missing == REVIEW_CONFIRMED;
    case STEP_NO_VALUE:
    case STEP_DIFF_MISSING:
        return missing == REVIEW_NO_VALUE;
    case STEP_FLAG:
    case STEP_SUSPECT:
        return missing == REVIEW_FLAG;
    default:
        return false;
    }
}

typedef enum { FALSE, TRUE, UNKNOWN } known_t;

/* Steps `from` up to `end` run over what is known when `missing` is not there. */
static known_t known(const review_code_t *code, int from, int end, review_need_t missing)
{
    known_t stack[REVIEW_STACK + 1];
    int top = 0;
    for (int i = from; i < end; i++) {
        const step_t *step = &code->steps[i];
        step_kind_t kind = (step_kind_t)step->kind;
        if (kind < STEP_UNLESS_TRUE) {
            bool sure = kind == STEP_FIRST && missing == REVIEW_REPEAT;
            stack[top++] = leaf_is_false(step, missing) ? FALSE : sure ? TRUE : UNKNOWN;
        } else if (kind == STEP_NOT) {
            if (stack[top - 1] != UNKNOWN) stack[top - 1] = stack[top - 1] == FALSE ? TRUE : FALSE;
        } else if (kind == STEP_IF_TRUE || kind == STEP_UNLESS_TRUE) {
            known_t decides = kind == STEP_IF_TRUE ? FALSE : TRUE, otherwise = kind == STEP_IF_TRUE ? TRUE : FALSE;
            known_t left = stack[top - 1], right = known(code, i + 1, i + 1 + step->index, missing);
            bool decided = left == decides || right == decides, open = left == UNKNOWN || right == UNKNOWN;
            stack[top - 1] = decided ? decides : open ? UNKNOWN : otherwise;
            i += step->index;
        } else if (kind == STEP_NEGATE) {
            stack[top - 1] = UNKNOWN;
        } else if (kind > STEP_NEGATE) {
            top--;
            stack[top - 1] = UNKNOWN;
        }
    }
    return top == 1 ? stack[0] : UNKNOWN;
}

static void find_needs(review_code_t *code)
{
    static const review_need_t all[] = {REVIEW_FIRST, REVIEW_REPEAT, REVIEW_CONFIRMED, REVIEW_NO_VALUE, REVIEW_FLAG};
    code->needs = 0;
    code->flags = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (known(code, 0, code->count, all[i]) == FALSE) code->needs |= all[i];
    for (int i = 0; i < code->count; i++) {
        if (code->steps[i].kind == STEP_FLAG) code->flags |= count_flag_bit(code->steps[i].index);
        if (code->steps[i].kind == STEP_SUSPECT) code->flags |= suspect_flags();
    }
}

bool review_compile(const lab_t *lab, const char *text, review_code_t *code, err_t *err)
{
    reader_t in = {.lab = lab, .start = text, .at = text, .code = code, .err = err};
    code->count = 0;
    if (strlen(text) > REVIEW_EXPRESSION_MAX)
        return err_set(err, ERR_LIMIT, "an expression has at most %d characters", (int)REVIEW_EXPRESSION_MAX);
    if (!read_or(&in)) return false;
    skip(&in);
    if (*in.at != 0) return refuse(&in, "the expression should end here, or go on with && or ||");
    find_needs(code);
    return true;
}

/* ---- running ---- */

enum { ADULT_FROM = 18, HOURS_FRESH = 0 };

static double limit_of(const lab_t *lab, int index, int sex, bool upper)
{
    const analyte_t *a = lab_analyte(lab, index);
    const double *limit = upper ? a->ri_high : a->ri_low;
    if (sex >= 0) return limit[sex];
    return (limit[0] > limit[1]) == upper ? limit[0] : limit[1];
}

static bool delta_fail(const lab_t *lab, int index, const review_case_t *what)
{
    const analyte_t *a = lab_analyte(lab, index);
    double now = what->value[index], before = what->previous[index];
    if (a->delta == DELTA_NONE || now != now || before != before || what->since_h > a->delta_window_h) return false;
    double change = exact_abs(now - before);
    if (a->delta == DELTA_PCT) return before > 0 && 100 * change / before > a->delta_limit;
    return change > a->delta_limit;
}

static bool tried(const review_case_t *what, int index)
{
    return (what->no_value[index >> 6] >> (index & 63)) & 1;
}

/* A differential that was tried and has a class without a number. */
static bool diff_missing(const lab_t *lab, const review_case_t *what)
{
    for (int i = HEMA_NEUTA; i <= HEMA_BASOP; i++)
        if (tried(what, cells_analyte(lab, (hema_t)i))) return true;
    return false;
}

static double leaf(const lab_t *lab, const step_t *step, const review_case_t *what)
{
    double age = what->age == what->age ? what->age : ADULT_FROM;
    switch ((step_kind_t)step->kind) {
    case STEP_NUMBER:
        return step->number;
    case STEP_VALUE:
        return what->value[step->index];
    case STEP_VALUE_LESS:
        return what->value[step->index] < step->number;
    case STEP_VALUE_LESS_EQUAL:
        return what->value[step->index] <= step->number;
    case STEP_VALUE_GREATER:
        return what->value[step->index] > step->number;
    case STEP_VALUE_GREATER_EQUAL:
        return what->value[step->index] >= step->number;
    case STEP_UPPER:
        return limit_of(lab, step->index, what->sex, true);
    case STEP_LOWER:
        return limit_of(lab, step->index, what->sex, false);
    case STEP_NO_VALUE:
        return tried(what, step->index);
    case STEP_DELTA_FAIL:
        return delta_fail(lab, step->index, what);
    case STEP_FLAG:
        return (double)(what->flags >> step->index & 1);
    case STEP_WITHIN:
        return !(what->since_h > step->number);
    case STEP_AGE:
        return age;
    case STEP_AGE_DAYS:
        return age * 365.25;
    case STEP_AGE_H:
        return what->age_h == what->age_h ? what->age_h : HOURS_FRESH;
    case STEP_FEMALE:
        return what->sex == SEX_FEMALE;
    case STEP_MALE:
        return what->sex == SEX_MALE;
    case STEP_FIRST:
        return what->first;
    case STEP_CONFIRMED:
        return what->confirmed;
    case STEP_ADULT:
        return age >= ADULT_FROM;
    case STEP_CHILD:
        return age < ADULT_FROM;
    case STEP_SUSPECT:
        return (what->flags & suspect_flags()) != 0;
    case STEP_DIFF_MISSING:
        return diff_missing(lab, what);
    default:
        return 0;
    }
}

static double join(step_kind_t kind, double a, double b)
{
    switch (kind) {
    case STEP_ADD:
        return a + b;
    case STEP_SUBTRACT:
        return a - b;
    case STEP_LESS:
        return a < b;
    case STEP_LESS_EQUAL:
        return a <= b;
    case STEP_GREATER:
        return a > b;
    case STEP_GREATER_EQUAL:
        return a >= b;
    default: /* STEP_EQUAL */
        return a >= b && a <= b;
    }
}

bool review_run(const lab_t *lab, const review_code_t *code, const review_case_t *what)
{
    double stack[REVIEW_STACK + 1];
    int top = 0;
    for (int i = 0; i < code->count; i++) {
        const step_t *step = &code->steps[i];
        step_kind_t kind = (step_kind_t)step->kind;
        if (kind < STEP_UNLESS_TRUE) {
            stack[top++] = leaf(lab, step, what);
        } else if (kind <= STEP_TRUTH) {
            bool is_true = stack[top - 1] != 0 && stack[top - 1] == stack[top - 1];
            if (kind == STEP_NOT) {
                stack[top - 1] = !is_true;
            } else if (kind == STEP_TRUTH) {
                stack[top - 1] = is_true;
            } else if (is_true == (kind == STEP_UNLESS_TRUE)) { /* decided */
                stack[top - 1] = is_true;
                i += step->index;
            } else {
                top--; /* the right side decides */
            }
        } else if (kind == STEP_NEGATE) {
            stack[top - 1] = -stack[top - 1];
        } else {
            top--;
            stack[top - 1] = join(kind, stack[top - 1], stack[top]);
        }
        assert(top >= 0 && top <= REVIEW_STACK);
    }
    return top == 1 && stack[0] != 0 && stack[0] == stack[0];
}

bool review_ask(const lab_t *lab, const char *expression, const review_case_t *what, bool *answer, err_t *err)
{
    review_code_t code;
    *answer = false;
    if (!review_compile(lab, expression, &code, err)) return false;
    *answer = review_run(lab, &code, what);
    return true;
}
