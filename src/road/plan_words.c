/* A plan in words: for a terminal, and as JSON. */
#include "road/plan.h"

#include <string.h>

static const char *const best_words[PATH_BESTS] = {"time", "cost", "effort"};

const char *plan_best_word(path_best_t best)
{
    return best_words[best];
}

bool plan_best_read(const char *word, path_best_t *best)
{
    for (int i = 0; i < PATH_BESTS; i++)
        if (strcmp(best_words[i], word) == 0) return *best = (path_best_t)i, true;
    return false;
}

const char *const *plan_taken_for_granted(void)
{
    static const char *const taken[] = {
        "What your record does not say is taken as not there; without any word on school, a high school diploma and "
        "the "
        "age of 18 are taken for granted.",
        "Every exam is passed at the first attempt, and every school, employer and clinical place takes you.",
        "Study goes one program or course at a time; work, and waiting for an answer, run beside it.",
        "Dates count every step at its longest; the earlier date counts each at its shortest.",
        "The body or board decides. Ask it before you pay.",
        NULL};
    return taken;
}

static void add_day(text_t *out, int32_t day)
{
    char text[WHEN_TEXT_MAX];
    when_write(when_day(day), text);
    text_add(out, text);
}

static void add_span(text_t *out, int32_t low, int32_t high)
{
    add_day(out, low);
    if (low == high) return;
    text_add(out, " to ");
    add_day(out, high);
}

static void add_cost(text_t *out, bool known, int low, int high)
{
    if (!known)
        text_add(out, "price not read");
    else if (low == high)
        text_addf(out, "%d USD", low);
    else
        text_addf(out, "%d to %d USD", low, high);
}

static void step_text(const plan_step_t *step, int number, text_t *out)
{
    text_addf(out, "%2d. %s\n    from ", number, step->title);
    add_span(out, step->start_low, step->start);
    text_add(out, ", until ");
    add_span(out, step->end_low, step->end);
    text_add(out, "; ");
    add_cost(out, step->cost_known, step->cost_low, step->cost_high);
    if (step->hours_week > 0) text_addf(out, "; %d h of study a week", step->hours_week);
    text_add_char(out, '\n');
    for (int i = 0; i < step->reason_count; i++)
        text_addf(out, "    %s: %s\n", i == 0 ? "needed for" : "and for", step->reasons[i]);
    if (step->by)
        text_addf(out, "    by route %s (as of %s, confidence %s)\n", step->by, step->as_of, step->confidence);
    if (step->doubt) text_addf(out, "    in doubt: %s\n", step->doubt);
    for (size_t i = 0; step->assumes && step->assumes[i]; i++) text_addf(out, "    assumes: %s\n", step->assumes[i]);
    for (size_t i = 0; step->source && step->source[i]; i++) text_addf(out, "    source: %s\n", step->source[i]);
}

void plan_text(const plan_t *plan, text_t *out)
{
    text_addf(out, "%s\n", plan->title);
    if (plan->already) text_add(out, "Your record appears to meet this today; the board decides.\n");
    if (plan->found && !plan->already) {
        static const char *const first[PATH_BESTS] = {"the quickest", "the cheapest", "the easiest to combine"};
        text_addf(out, "Of all plans %s: done between ", first[plan->best]);
        add_day(out, plan->end_low);
        text_add(out, " and ");
        add_day(out, plan->end);
        text_add(out, "; ");
        add_cost(out, true, plan->cost_low, plan->cost_high);
        if (plan->unknown_costs > 0) text_addf(out, " and %d prices that were not read", plan->unknown_costs);
        text_addf(out, "; at most %d h of study a week.\n\n", plan->hours_week);
    }
    if (plan->note) text_addf(out, "%s\n", plan->note);
    for (int i = 0; i < plan->count; i++) step_text(&plan->step[i], i + 1, out);
    if (!plan->found) return;
    text_add_char(out, '\n');
    for (const char *const *taken = plan_taken_for_granted(); *taken; taken++) text_addf(out, "%s\n", *taken);
}

/* ---- JSON ---- */

static void add_key(text_t *out, const char *key)
{
    text_addf(out, ",\"%s\":", key);
}

static void add_word(text_t *out, const char *key, const char *value)
{
    add_key(out, key);
    if (value)
        text_add_json(out, value);
    else
        text_add(out, "null");
}

static void add_date(text_t *out, const char *key, int32_t day)
{
    add_key(out, key);
    text_add_char(out, '"');
    add_day(out, day);
    text_add_char(out, '"');
}

static void add_list(text_t *out, const char *key, const char *const *list, size_t count)
{
    add_key(out, key);
    text_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add_char(out, ',');
        text_add_json(out, list[i]);
    }
    text_add_char(out, ']');
}

static size_t length_of(const char *const *list)
{
    size_t count = 0;
    while (list && list[count]) count++;
    return count;
}

static void step_json(const plan_step_t *step, text_t *out)
{
    text_add(out, "{\"id\":");
    text_add_json(out, step->id);
    add_word(out, "title", step->title);
    add_word(out, "kind", step->kind);
    add_date(out, "start_earliest", step->start_low);
    add_date(out, "start", step->start);
    add_date(out, "end_earliest", step->end_low);
    add_date(out, "end", step->end);
    if (step->cost_known)
        text_addf(out, ",\"cost_usd\":[%d,%d]", step->cost_low, step->cost_high);
    else
        text_add(out, ",\"cost_usd\":null");
    text_addf(out, ",\"hours_week\":%d", step->hours_week);
    add_list(out, "needed_for", step->reasons, (size_t)step->reason_count);
    add_word(out, "by_route", step->by);
    add_word(out, "doubt", step->doubt);
    add_list(out, "assumes", step->assumes, length_of(step->assumes));
    add_list(out, "source", step->source, length_of(step->source));
    add_word(out, "as_of", step->as_of);
    add_word(out, "confidence", step->confidence);
    text_add_char(out, '}');
}

void plan_json(const plan_t *plan, text_t *out)
{
    text_add(out, "{\"goal\":");
    text_add_json(out, plan->goal);
    add_word(out, "title", plan->title);
    add_word(out, "best", plan_best_word(plan->best));
    text_addf(out, ",\"found\":%s,\"already\":%s", plan->found ? "true" : "false", plan->already ? "true" : "false");
    add_word(out, "note", plan->note);
    if (plan->found) {
        add_date(out, "end_earliest", plan->end_low);
        add_date(out, "end", plan->end);
        text_addf(out, ",\"cost_usd\":[%d,%d],\"unknown_costs\":%d,\"hours_week\":%d,\"doubts\":%d", plan->cost_low,
                  plan->cost_high, plan->unknown_costs, plan->hours_week, plan->doubts);
    }
    text_add(out, ",\"steps\":[");
    for (int i = 0; i < plan->count; i++) {
        if (i > 0) text_add_char(out, ',');
        step_json(&plan->step[i], out);
    }
    text_add(out, "]");
    add_list(out, "taken_for_granted", plan_taken_for_granted(), length_of(plan_taken_for_granted()));
    text_add_char(out, '}');
}
