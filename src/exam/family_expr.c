/* Arithmetic of families: text to postfix, postfix to a number. Recursive descent, bounded in depth and length. */
#include "family_private.h"

#include <assert.h>
#include <string.h>

typedef struct {
    expr_t *expr;
    const names_t *names;
    const char *text, *at;
    int depth;
    err_t *err;
} parser_t;

static const struct {
    const char *name;
    expr_op_t op;
    int arguments;
} functions[] = {{"sqrt", OP_SQRT, 1}, {"ln", OP_LN, 1},       {"log10", OP_LOG10, 1}, {"exp", OP_EXP, 1},
                 {"abs", OP_ABS, 1},   {"floor", OP_FLOOR, 1}, {"round", OP_ROUND, 2}, {"min", OP_MIN, 2},
                 {"max", OP_MAX, 2},   {"if", OP_IF, 3}};

static bool parse_or(parser_t *p);

static void blanks(parser_t *p)
{
    while (*p->at == ' ' || *p->at == '\n') p->at++;
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool fail(parser_t *p, const char *what)
{
    return err_set(p->err, ERR_INPUT, "\"%.80s\": %s at \"%.20s\"", p->text, what, p->at);
}

static bool emit(parser_t *p, expr_op_t op, int name, double number)
{
    if (p->expr->count == EXPR_NODES_MAX) return fail(p, "the expression is too long");
    p->expr->node[p->expr->count].op = (uint8_t)op;
    p->expr->node[p->expr->count].name = (int16_t)name;
    p->expr->node[p->expr->count++].number = number;
    return true;
}

/* Takes a mark or a word when it stands here. */
static bool take(parser_t *p, const char *token)
{
    blanks(p);
    size_t length = strlen(token);
    if (strncmp(p->at, token, length) != 0) return false;
    if (word_char(token[0]) && word_char(p->at[length])) return false;
    p->at += length;
    return true;
}

int names_find(const names_t *names, const char *name, size_t length)
{
    for (int i = 0; i < names->count; i++)
        if (strlen(names->name[i]) == length && strncmp(names->name[i], name, length) == 0) return i;
    return -1;
}

static bool parse_call(parser_t *p, size_t which)
{
    for (int i = 0; i < functions[which].arguments; i++) {
        if (!take(p, i ? "," : "(")) return fail(p, i ? "a comma is missing" : "a parenthesis is missing");
        if (!parse_or(p)) return false;
    }
    if (!take(p, ")")) return fail(p, "a closing parenthesis is missing");
    return emit(p, functions[which].op, 0, 0);
}

static bool parse_primary(parser_t *p)
{
    blanks(p);
    if (take(p, "(")) {
        if (!parse_or(p)) return false;
        return take(p, ")") || fail(p, "a closing parenthesis is missing");
    }
    size_t length = 0;
    if (*p->at >= '0' && *p->at <= '9') {
        double number;
        while ((p->at[length] >= '0' && p->at[length] <= '9') || p->at[length] == '.') length++;
        if (!text_to_double(p->at, length, &number)) return fail(p, "this is no number");
        p->at += length;
        return emit(p, OP_NUMBER, 0, number);
    }
    while (word_char(p->at[length])) length++;
    if (length == 0) return fail(p, "a number or a name is missing");
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == length && strncmp(functions[i].name, p->at, length) == 0) {
            p->at += length;
            return parse_call(p, i);
        }
    int name = names_find(p->names, p->at, length);
    if (name < 0) return fail(p, "there is no such name yet");
    p->at += length;
    return emit(p, OP_NAME, name, 0);
}

static bool parse_power(parser_t *p)
{
    if (!parse_primary(p)) return false;
    if (!take(p, "^")) return true;
    if (take(p, "-")) return parse_primary(p) && emit(p, OP_NEG, 0, 0) && emit(p, OP_POW, 0, 0);
    return parse_primary(p) && emit(p, OP_POW, 0, 0);
}

static bool parse_unary(parser_t *p)
{
    if (take(p, "-")) return parse_power(p) && emit(p, OP_NEG, 0, 0);
    return parse_power(p);
}

static bool parse_product(parser_t *p)
{
    if (!parse_unary(p)) return false;
    for (;;) {
        expr_op_t op = take(p, "*") ? OP_MUL : take(p, "/") ? OP_DIV : OP_NUMBER;
        if (op == OP_NUMBER) return true;
        if (!parse_unary(p) || !emit(p, op, 0, 0)) return false;
    }
}

static bool parse_sum(parser_t *p)
{
    if (!parse_product(p)) return false;
    for (;;) {
        expr_op_t op = take(p, "+") ? OP_ADD : take(p, "-") ? OP_SUB : OP_NUMBER;
        if (op == OP_NUMBER) return true;
        if (!parse_product(p) || !emit(p, op, 0, 0)) return false;
    }
}

static bool parse_comparison(parser_t *p)
{
    static const struct {
        const char *mark;
        expr_op_t op;
    } marks[] = {{"<=", OP_LE}, {">=", OP_GE}, {"!=", OP_NE}, {"<", OP_LT}, {">", OP_GT}, {"=", OP_EQ}};
    if (!parse_sum(p)) return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (take(p, marks[i].mark)) return parse_sum(p) && emit(p, marks[i].op, 0, 0);
    return true;
}

static bool parse_not(parser_t *p)
{
    if (take(p, "not")) return parse_comparison(p) && emit(p, OP_NOT, 0, 0);
    return parse_comparison(p);
}

static bool parse_and(parser_t *p)
{
    if (!parse_not(p)) return false;
    while (take(p, "and"))
        if (!parse_not(p) || !emit(p, OP_AND, 0, 0)) return false;
    return true;
}

static bool parse_or(parser_t *p)
{
    if (++p->depth > EXPR_DEPTH_MAX) return fail(p, "too many parentheses inside one another");
    if (!parse_and(p)) return false;
    while (take(p, "or"))
        if (!parse_and(p) || !emit(p, OP_OR, 0, 0)) return false;
    p->depth--;
    return true;
}

bool expr_read(expr_t *expr, const char *text, const names_t *names, err_t *err)
{
    parser_t p = {.expr = expr, .names = names, .text = text, .at = text, .err = err};
    expr->count = 0;
    if (!parse_or(&p)) return false;
    blanks(&p);
    return !*p.at || fail(&p, "this is not understood");
}

static bool equal(double a, double b)
{
    return exact_abs(a - b) <= 1e-9 * (1 + exact_abs(a) + exact_abs(b));
}

/* x^y also for a negative x and a whole y. */
static double power(double x, double y)
{
    if (x >= 0) return exact_pow(x, y);
    double whole = exact_floor(y);
    if (whole != y || exact_abs(y) > 64) return (double)__builtin_nan("");
    double result = 1;
    for (int i = 0; i < (int)exact_abs(y); i++) result *= x;
    return y < 0 ? 1 / result : result;
}

static double apply(expr_op_t op, double a, double b)
{
    switch (op) {
    case OP_ADD:
        return a + b;
    case OP_SUB:
        return a - b;
    case OP_MUL:
        return a * b;
    case OP_DIV:
        return a / b;
    case OP_POW:
        return power(a, b);
    case OP_LT:
        return a < b && !equal(a, b);
    case OP_LE:
        return a < b || equal(a, b);
    case OP_GT:
        return a > b && !equal(a, b);
    case OP_GE:
        return a > b || equal(a, b);
    case OP_EQ:
        return equal(a, b);
    case OP_NE:
        return !equal(a, b);
    case OP_AND:
        return a != 0 && b != 0;
    case OP_OR:
        return a != 0 || b != 0;
    case OP_ROUND:
        return exact_round(a, b < 0 ? 0 : b > 9 ? 9 : (int)b);
    case OP_MIN:
        return a < b ? a : b;
    default:
        assert(op == OP_MAX);
        return a > b ? a : b;
    }
}

static double apply_one(expr_op_t op, double a)
{
    switch (op) {
    case OP_NEG:
        return -a;
    case OP_NOT:
        return a == 0;
    case OP_SQRT:
        return exact_sqrt(a);
    case OP_LN:
        return exact_log(a);
    case OP_LOG10:
        return exact_log10(a);
    case OP_EXP:
        return exact_exp(a);
    case OP_ABS:
        return exact_abs(a);
    default:
        assert(op == OP_FLOOR);
        return exact_abs(a) < 1e15 ? exact_floor(a) : a;
    }
}

double expr_value(const expr_t *expr, const double *values)
{
    double stack[EXPR_NODES_MAX];
    int n = 0;
    for (int i = 0; i < expr->count; i++) {
        expr_op_t op = (expr_op_t)expr->node[i].op;
        if (op == OP_NUMBER) {
            stack[n++] = expr->node[i].number;
        } else if (op == OP_NAME) {
            stack[n++] = values[expr->node[i].name];
        } else if (op == OP_IF) {
            n -= 2;
            stack[n - 1] = stack[n - 1] != 0 ? stack[n] : stack[n + 1];
        } else if (op == OP_NEG || op == OP_NOT || (op >= OP_SQRT && op <= OP_FLOOR)) {
            stack[n - 1] = apply_one(op, stack[n - 1]);
        } else {
            n--;
            stack[n - 1] = apply(op, stack[n - 1], stack[n]);
        }
    }
    assert(n == 1);
    return stack[0];
}
