/* Reading the ladder and finding the closest route of a step. */
#include "road/ladder.h"
#include "base/csv.h"

#include <string.h>

static bool read_goals(const csv_t *t, size_t row, int column, arena_t *arena, const rules_t *rules, rung_t *rung,
                       err_t *err)
{
    const char *at = csv_text(t, row, column);
    while (*at) {
        size_t n = strcspn(at, ";");
        char *id = arena_text(arena, at, n);
        if (!id) return err_set(err, ERR_MEMORY, "There is not enough memory for the ladder.");
        if (rung->goal_count == LADDER_GOALS_MAX || !rules_goal(rules, id))
            return csv_fail(t, row, err, "\"%.40s\" is no goal of the rules, or one too many (at most %d)", id,
                            LADDER_GOALS_MAX);
        rung->goals[rung->goal_count++] = id;
        at += n + (at[n] == ';');
    }
    return true;
}

bool ladder_load(ladder_t *ladder, arena_t *arena, const source_t *content, const rules_t *rules, err_t *err)
{
    static const char PATH[] = "road/ladder.csv";
    static const char *const names[] = {"id", "title", "usual", "work", "source", "as_of", "confidence", "goals"};
    enum { COLUMNS = sizeof names / sizeof *names, GOALS = COLUMNS - 1 };
    const source_file_t *file = source_find(content, PATH);
    csv_t t;
    int c[COLUMNS];
    *ladder = (ladder_t){0};
    if (!file) return err_set(err, ERR_NOT_FOUND, "The content has no %s.", PATH);
    if (!csv_read(&t, arena, PATH, file->bytes, file->length, err)) return false;
    if (t.rows > LADDER_RUNGS_MAX) return err_set(err, ERR_LIMIT, "A ladder has at most %d rungs.", LADDER_RUNGS_MAX);
    for (int i = 0; i < COLUMNS; i++)
        if (!csv_need(&t, names[i], &c[i], err)) return false;
    rung_t *rungs = arena_array(arena, t.rows + 1, sizeof *rungs);
    if (!rungs) return err_set(err, ERR_MEMORY, "There is not enough memory for the ladder.");
    for (size_t row = 0; row < t.rows; row++) {
        rung_t *r = &rungs[row];
        const char **const texts[GOALS] = {
            &r->id, &r->title, &r->usual, &r->work, &r->source.text, &r->source.as_of, &r->source.confidence};
        for (int i = 0; i < GOALS; i++) {
            *texts[i] = csv_text(&t, row, c[i]);
            if ((*texts[i])[0] == '\0') return csv_fail(&t, row, err, "%s is missing", names[i]);
        }
        if (!read_goals(&t, row, c[GOALS], arena, rules, r, err)) return false;
    }
    *ladder = (ladder_t){rungs, (int)t.rows};
    return true;
}

static size_t in_the_way(const route_result_t *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->route->leaves; i++) count += r->leaves[i].stands;
    return count;
}

bool ladder_step(const rules_t *rules, const record_t *record, const char *goal, int32_t today, arena_t *arena,
                 const route_result_t **best, err_t *err)
{
    route_result_t *results;
    size_t count;
    *best = NULL;
    if (!evaluate_all(rules, record, rules_goal(rules, goal), today, arena, &results, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const route_result_t *r = &results[i];
        if (r->route->status != ROUTE_OPEN) continue;
        if (!*best || r->outcome > (*best)->outcome ||
            (r->outcome == (*best)->outcome && in_the_way(r) < in_the_way(*best)))
            *best = r;
    }
    return true;
}
