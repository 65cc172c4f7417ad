/* Control rules: their names, and the judging of one run; see qc.h for the definitions and
 * qc_private.h for the shift registers. */
#include "qc_private.h"

#include <assert.h>
#include <stdio.h>

const double QC_LIMIT[QC_LIMITS] = {-3.5, -3, -2.5, -2, -1, 0, 0, 1, 2, 2.5, 3, 3.5};

/*                                      >0 <0 >1 <-1 >2 <-2 rising falling */
const uint32_t QC_PUSH[QC_CLASSES][QC_LANES] = {
    {0, 1, 0, 1, 0, 1, 0, 0}, {0, 1, 0, 1, 0, 1, 0, 0}, {0, 1, 0, 1, 0, 1, 0, 0}, {0, 1, 0, 1, 0, 1, 0, 0},
    {0, 1, 0, 1, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0, 0, 0},
    {1, 0, 1, 0, 0, 0, 0, 0}, {1, 0, 1, 0, 1, 0, 0, 0}, {1, 0, 1, 0, 1, 0, 0, 0}, {1, 0, 1, 0, 1, 0, 0, 0},
    {1, 0, 1, 0, 1, 0, 0, 0}};

enum {
    S2 = 1 << QC_RULE_1_2S,
    S2_5 = S2 | 1 << QC_RULE_1_2_5S,
    S3 = S2_5 | 1 << QC_RULE_1_3S,
    S3_5 = S3 | 1 << QC_RULE_1_3_5S
};

const uint32_t QC_SINGLE[QC_CLASSES] = {S3_5, S3, S2_5, S2, 0, 0, 0, 0, 0, S2, S2_5, S3, S3_5};

static const char *const NAMES[QC_RULE_COUNT] = {"1-2s",       "1-2.5s",  "1-3s", "1-3.5s", "2-2s", "R-4s",
                                                 "R-4s-range", "2of3-2s", "3-1s", "4-1s",   "6-x",  "8-x",
                                                 "9-x",        "10-x",    "12-x", "7-T"};

const char *qc_rule_name(qc_rule_t rule)
{
    assert((int)rule >= 0 && rule < QC_RULE_COUNT);
    return NAMES[rule];
}

bool qc_rule_is_systematic(qc_rule_t rule)
{
    switch (rule) {
    case QC_RULE_1_2S:
    case QC_RULE_1_2_5S:
    case QC_RULE_1_3S:
    case QC_RULE_1_3_5S:
    case QC_RULE_R_4S:
    case QC_RULE_R_4S_RANGE:
        return false;
    default:
        return true;
    }
}

/* ---- reading rule lists ---- */

enum { PLAIN_MAX = 24 };

/* "R-4s (range)" and "r4s-range" are the same name: only letters, digits and the decimal point count. */
static bool plain(const char *text, size_t length, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c == '-' || c == '_' || c == ' ' || c == '(' || c == ')' || c == '/') continue;
        if (n + 1 >= PLAIN_MAX) return false;
        out[n++] = c;
    }
    out[n] = 0;
    return n > 0;
}

static int rule_named(const char *text, size_t length)
{
    char asked[PLAIN_MAX], known[PLAIN_MAX];
    if (!plain(text, length, asked)) return -1;
    if (strcmp(asked, "r4s2s2s") == 0) return QC_RULE_R_4S; /* as published tables write it */
    for (int rule = 0; rule < QC_RULE_COUNT; rule++) {
        plain(NAMES[rule], strlen(NAMES[rule]), known);
        if (strcmp(asked, known) == 0) return rule;
    }
    return -1;
}

static bool no_such_rule(const char *text, size_t length, err_t *err)
{
    char known[QC_RULES_TEXT_MAX];
    qc_rules_t all = {.set = (1u << QC_RULE_COUNT) - 1};
    qc_rules_text(&all, known);
    int shown = length > 24 ? 24 : (int)length;
    return err_set(err, ERR_INPUT, "there is no control rule \"%.*s\"; the rules are %s", shown, text, known);
}

bool qc_rules_parse(const char *text, qc_rules_t *rules, err_t *err)
{
    uint32_t set = 0;
    const char *at = text;
    for (;;) {
        size_t length = 0;
        bool inside = false; /* parentheses: "R-4s(2s/2s)" is one name */
        while (at[length] && (inside || (at[length] != ',' && at[length] != '/'))) {
            if (at[length] == '(') inside = true;
            if (at[length] == ')') inside = false;
            length++;
        }
        int rule = rule_named(at, length);
        if (rule < 0) return no_such_rule(at, length, err);
        set |= 1u << rule;
        if (!at[length]) break;
        at += length + 1;
    }
    rules->set = set;
    return true;
}

void qc_rules_text(const qc_rules_t *rules, char *out)
{
    size_t n = 0;
    out[0] = 0;
    for (int rule = 0; rule < QC_RULE_COUNT; rule++) {
        if (!QC_HAS(rules->set, rule)) continue;
        int wrote = snprintf(out + n, QC_RULES_TEXT_MAX - n, "%s%s", n ? "," : "", NAMES[rule]);
        assert(wrote > 0 && n + (size_t)wrote < QC_RULES_TEXT_MAX);
        n += (size_t)wrote;
    }
}

/* ---- judging ---- */

/* The k-x rules, which follow one another, from QC_RULE_6_X on. */
static const struct {
    uint8_t k, within, across;
} COUNTS[] = {{6, BRANCH_6_X_WITHIN, BRANCH_6_X_ACROSS},
              {8, BRANCH_8_X_WITHIN, BRANCH_8_X_ACROSS},
              {9, BRANCH_9_X_WITHIN, BRANCH_9_X_ACROSS},
              {10, BRANCH_10_X_WITHIN, BRANCH_10_X_ACROSS},
              {12, BRANCH_12_X_WITHIN, BRANCH_12_X_ACROSS}};
_Static_assert(QC_RULE_12_X - QC_RULE_6_X + 1 == sizeof COUNTS / sizeof COUNTS[0], "a row for each k-x rule");

enum { TREND_STEPS = 6 };
static const uint32_t COUNTS_SET =
    1u << QC_RULE_6_X | 1u << QC_RULE_8_X | 1u << QC_RULE_9_X | 1u << QC_RULE_10_X | 1u << QC_RULE_12_X;

static uint32_t in_time(uint32_t set, const uint32_t *time, const qc_run_t *run)
{
    uint32_t broken = 0, inside = (1u << run->n) - 1;
    int n = run->n;
    const uint32_t *beyond_1 = &time[LANE_ABOVE_1], *beyond_2 = &time[LANE_ABOVE_2];
    if (QC_HAS(set, QC_RULE_2_2S)) broken |= qc_stretch(beyond_2, 2, qc_ends_inside(n, 2)) << BRANCH_2_2S_ACROSS;
    if (QC_HAS(set, QC_RULE_R_4S))
        broken |= (uint32_t)((beyond_2[0] & inside) != 0 && (beyond_2[1] & inside) != 0) << BRANCH_R_4S;
    if (QC_HAS(set, QC_RULE_2OF3_2S)) { /* two of three neighbors: side by side, or with one between */
        uint32_t hit = 0;
        for (int side = 0; side < 2; side++) {
            uint32_t w = beyond_2[side] & inside;
            hit |= (w & (w >> 1)) | (w & (w >> 2));
        }
        broken |= (uint32_t)(hit != 0) << BRANCH_2OF3_2S;
    }
    if (QC_HAS(set, QC_RULE_3_1S)) broken |= qc_stretch(beyond_1, 3, qc_ends_inside(n, 3)) << BRANCH_3_1S;
    if (QC_HAS(set, QC_RULE_4_1S)) broken |= qc_stretch(beyond_1, 4, qc_ends_time(n, 4)) << BRANCH_4_1S_ACROSS;
    for (uint32_t left = set & COUNTS_SET; left; left &= left - 1) {
        int i = __builtin_ctz(left) - QC_RULE_6_X;
        broken |= qc_stretch(&time[LANE_ABOVE_0], COUNTS[i].k, qc_ends_time(n, COUNTS[i].k)) << COUNTS[i].across;
    }
    return broken;
}

static uint32_t in_level(uint32_t set, const uint32_t *own, int m)
{
    uint32_t broken = 0;
    const uint32_t *beyond_1 = &own[LANE_ABOVE_1];
    if (QC_HAS(set, QC_RULE_2_2S))
        broken |= qc_stretch(&own[LANE_ABOVE_2], 2, qc_ends_level(m, 2)) << BRANCH_2_2S_WITHIN;
    if (QC_HAS(set, QC_RULE_3_1S)) broken |= qc_stretch(beyond_1, 3, qc_ends_level(m, 3)) << BRANCH_3_1S;
    if (QC_HAS(set, QC_RULE_4_1S)) broken |= qc_stretch(beyond_1, 4, qc_ends_level(m, 4)) << BRANCH_4_1S_WITHIN;
    for (uint32_t left = set & COUNTS_SET; left; left &= left - 1) {
        int i = __builtin_ctz(left) - QC_RULE_6_X;
        broken |= qc_stretch(&own[LANE_ABOVE_0], COUNTS[i].k, qc_ends_level(m, COUNTS[i].k)) << COUNTS[i].within;
    }
    if (QC_HAS(set, QC_RULE_7_T)) broken |= qc_stretch(&own[LANE_RISING], TREND_STEPS, (1u << m) - 1) << BRANCH_7_T;
    return broken;
}

/* Rules that only a value beyond 2 SD in the run itself can break. */
static const uint32_t BEYOND_2_SET = 1u << QC_RULE_1_2S | 1u << QC_RULE_1_2_5S | 1u << QC_RULE_1_3S |
                                     1u << QC_RULE_1_3_5S | 1u << QC_RULE_2_2S | 1u << QC_RULE_R_4S |
                                     1u << QC_RULE_2OF3_2S;

/* The same beyond 1 SD. */
static const uint32_t BEYOND_1_SET = 1u << QC_RULE_3_1S | 1u << QC_RULE_4_1S;

uint32_t qc_branches(uint32_t set, const qc_history_t *history, const qc_run_t *run)
{
    if (!run->single) set &= ~BEYOND_2_SET; /* mostly */
    uint32_t beyond_1 = (history->time[LANE_ABOVE_1] | history->time[LANE_BELOW_1]) & ((1u << run->n) - 1);
    if (!beyond_1) set &= ~BEYOND_1_SET;
    uint32_t single = run->single & set;
    uint32_t broken = QC_HAS(single, QC_RULE_1_2S) << BRANCH_1_2S | QC_HAS(single, QC_RULE_1_2_5S) << BRANCH_1_2_5S |
                      QC_HAS(single, QC_RULE_1_3S) << BRANCH_1_3S | QC_HAS(single, QC_RULE_1_3_5S) << BRANCH_1_3_5S;
    if (run->range) broken |= QC_HAS(set, QC_RULE_R_4S_RANGE) << BRANCH_R_4S_RANGE;
    broken |= in_time(set, history->time, run);
    for (uint32_t left = run->levels; left; left &= left - 1) {
        int level = __builtin_ctz(left);
        broken |= in_level(set, history->level[level], run->in_level[level]);
    }
    return broken;
}

static const uint8_t RULE_OF[BRANCH_COUNT] = {[BRANCH_1_3S] = QC_RULE_1_3S,
                                              [BRANCH_1_3_5S] = QC_RULE_1_3_5S,
                                              [BRANCH_1_2_5S] = QC_RULE_1_2_5S,
                                              [BRANCH_2_2S_ACROSS] = QC_RULE_2_2S,
                                              [BRANCH_2_2S_WITHIN] = QC_RULE_2_2S,
                                              [BRANCH_R_4S] = QC_RULE_R_4S,
                                              [BRANCH_R_4S_RANGE] = QC_RULE_R_4S_RANGE,
                                              [BRANCH_2OF3_2S] = QC_RULE_2OF3_2S,
                                              [BRANCH_3_1S] = QC_RULE_3_1S,
                                              [BRANCH_4_1S_WITHIN] = QC_RULE_4_1S,
                                              [BRANCH_4_1S_ACROSS] = QC_RULE_4_1S,
                                              [BRANCH_8_X_WITHIN] = QC_RULE_8_X,
                                              [BRANCH_10_X_WITHIN] = QC_RULE_10_X,
                                              [BRANCH_12_X_WITHIN] = QC_RULE_12_X,
                                              [BRANCH_6_X_WITHIN] = QC_RULE_6_X,
                                              [BRANCH_9_X_WITHIN] = QC_RULE_9_X,
                                              [BRANCH_8_X_ACROSS] = QC_RULE_8_X,
                                              [BRANCH_10_X_ACROSS] = QC_RULE_10_X,
                                              [BRANCH_12_X_ACROSS] = QC_RULE_12_X,
                                              [BRANCH_6_X_ACROSS] = QC_RULE_6_X,
                                              [BRANCH_9_X_ACROSS] = QC_RULE_9_X,
                                              [BRANCH_7_T] = QC_RULE_7_T,
                                              [BRANCH_1_2S] = QC_RULE_1_2S};

void qc_history_init(qc_history_t *history)
{
    memset(history, 0, sizeof *history);
    for (int i = 0; i < QC_LEVELS_MAX; i++) history->last[i] = (double)__builtin_nan("");
}

static void push_run(qc_history_t *history, qc_run_t *run, const double z[], const uint8_t level[], int n)
{
    double low = 0, high = 0;
    for (int i = 0; i < n; i++) {
        assert(level[i] >= 1 && level[i] <= QC_LEVELS_MAX);
        if (z[i] != z[i]) continue; /* missing: breaks no count */
        int at = level[i] - 1;
        double last = history->last[at];
        low = run->n == 0 || z[i] < low ? z[i] : low;
        high = run->n == 0 || z[i] > high ? z[i] : high;
        qc_push(history, run, at, qc_class_of(z[i]), z[i] > last, z[i] < last); /* false beside NAN */
        history->last[at] = z[i];
    }
    run->range = high - low > 4.0;
}

/* Takes a run out again that was pushed last; what the registers lost at their far end is older than any rule looks. */
static void pull_run(qc_history_t *history, const qc_run_t *run)
{
    for (int i = 0; i < QC_LANES; i++) {
        history->time[i] >>= run->n;
        for (int level = 0; level < QC_LEVELS_MAX; level++) history->level[level][i] >>= run->in_level[level];
    }
}

void qc_judge_run(const qc_rules_t *rules, qc_history_t *history, const double z[], const uint8_t level[], int n,
                  qc_verdict_t *verdict)
{
    assert(n >= 0 && n <= QC_CONTROLS_MAX);
    qc_run_t run = {0};
    double last[QC_LEVELS_MAX];
    memcpy(last, history->last, sizeof last);
    push_run(history, &run, z, level, n);
    *verdict = (qc_verdict_t){.verdict = QC_VERDICT_ACCEPT};
    uint32_t set = rules->set;
    if (rules->mode == QC_MODE_MANUAL) set = QC_HAS(run.single, QC_RULE_1_2S) ? set | 1u << QC_RULE_1_2S : 0;
    for (uint32_t left = qc_branches(set, history, &run); left; left &= left - 1) {
        uint8_t rule = RULE_OF[__builtin_ctz(left)];
        if (QC_HAS(verdict->broken, rule)) continue; /* both branches of one rule */
        verdict->broken |= 1u << rule;
        verdict->rules[verdict->count++] = rule;
    }
    if (verdict->broken) verdict->verdict = verdict->broken == 1u << QC_RULE_1_2S ? QC_VERDICT_WARN : QC_VERDICT_REJECT;
    if (verdict->verdict == QC_VERDICT_REJECT) {
        pull_run(history, &run);
        memcpy(history->last, last, sizeof last);
    }
}
