/* Recursive descent over one line; see calculator.h. */
#include "exam/calculator.h"

#include "base/exact.h"

#include <string.h>

typedef struct {
    const char *at;
    int depth;
    err_t *err;
} line_t;

static bool sum(line_t *in, double *value);
static bool power(line_t *in, double *value);

static bool take(line_t *in, const char *token)
{
    while (*in->at == ' ') in->at++;
    size_t n = strlen(token);
    if (strncmp(in->at, token, n) != 0) return false;
    in->at += n;
    return true;
}

static bool number(line_t *in, double *value)
{
    double x = 0, unit = 1;
    int digits = 0;
    for (; (*in->at >= '0' && *in->at <= '9') || (*in->at == ',' && digits); in->at++)
        if (*in->at != ',') x = x * 10 + (*in->at - '0'), digits++;
    if (*in->at == '.')
        for (in->at++; *in->at >= '0' && *in->at <= '9'; in->at++, digits++) x += (*in->at - '0') * (unit /= 10);
    *value = x;
    if (digits) return true;
    return err_set(in->err, ERR_INPUT,
                   *in->at ? "A number is missing before \"%.12s\"." : "A number is missing at the end.%s", in->at);
}

static bool factor(line_t *in, double *value)
{
    static const char *const functions[] = {"sqrt", "ln", "log", "exp"};
    if (++in->depth > CALCULATOR_DEPTH) return err_set(in->err, ERR_LIMIT, "That is nested too deeply.");
    int function = -1;
    for (int i = 0; i < 4 && function < 0; i++)
        if (take(in, functions[i])) function = i;
    bool ok;
    if (take(in, "("))
        ok = sum(in, value) && (take(in, ")") || err_set(in->err, ERR_INPUT, "A closing parenthesis is missing."));
    else if (function >= 0)
        ok = err_set(in->err, ERR_INPUT, "After %s comes a parenthesis.", functions[function]);
    else if (take(in, "-") || take(in, "\xe2\x88\x92"))
        ok = power(in, value), *value = -*value; /* -2^2 is -4, as on paper */
    else
        ok = number(in, value);
    in->depth--;
    if (!ok || function < 0) return ok;
    if ((function == 0 && *value < 0) || ((function == 1 || function == 2) && !(*value > 0)))
        return err_set(in->err, ERR_INPUT, "%s of that number has no value.", functions[function]);
    double x = *value;
    *value = function == 0   ? exact_sqrt(x)
             : function == 1 ? exact_log(x)
             : function == 2 ? exact_log10(x)
                             : exact_exp(x);
    return true;
}

static bool power(line_t *in, double *value)
{
    double by;
    if (!factor(in, value)) return false;
    if (!take(in, "^")) return true;
    if (!power(in, &by)) return false;
    if (*value < 0 || (*value == 0 && by <= 0))
        return err_set(in->err, ERR_INPUT, "A power is taken of a number above 0.");
    *value = *value == 0 ? 0 : exact_pow(*value, by);
    return true;
}

static bool product(line_t *in, double *value)
{
    double by;
    if (!power(in, value)) return false;
    for (;;) {
        bool times = take(in, "*") || take(in, "\xc3\x97");
        if (!times && !take(in, "/") && !take(in, "\xc3\xb7")) return true;
        if (!power(in, &by)) return false;
        if (!times && by == 0) return err_set(in->err, ERR_INPUT, "Nothing can be divided by 0.");
        *value = times ? *value * by : *value / by;
    }
}

static bool sum(line_t *in, double *value)
{
    double other;
    if (!product(in, value)) return false;
    for (;;) {
        bool plus = take(in, "+");
        if (!plus && !take(in, "-") && !take(in, "\xe2\x88\x92")) return true;
        if (!product(in, &other)) return false;
        *value = plus ? *value + other : *value - other;
    }
}

bool calculator(const char *text, double *value, err_t *err)
{
    line_t in = {.at = text, .err = err};
    if (strlen(text) > CALCULATOR_MAX) return err_set(err, ERR_LIMIT, "At most %d characters.", CALCULATOR_MAX);
    if (!sum(&in, value)) return false;
    while (*in.at == ' ') in.at++;
    if (*in.at) return err_set(err, ERR_INPUT, "\"%.12s\" is not understood.", in.at);
    return *value - *value == 0 || err_set(err, ERR_INPUT, "That has no finite value.");
}
