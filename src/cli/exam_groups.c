/* See exam_groups.h. */
#include "exam_groups.h"

#include "exam_input.h"

#include <string.h>

static int find(const groups_t *groups, const char *label)
{
    int at = 0;
    while (at < groups->count && strcmp(groups->label[at], label) != 0) at++;
    return at;
}

bool exam_groups(cli_t *cli, arena_t *arena, const char *path, size_t persons, int most, const char *reference,
                 groups_t *groups, err_t *err)
{
    const unsigned char *bytes;
    size_t length;
    csv_t table;
    int column;
    *groups = (groups_t){0};
    if (!exam_bytes(cli, arena, path, EXAM_TABLE_BYTES_MAX, &bytes, &length, err) ||
        !csv_read(&table, arena, exam_shown(path), bytes, length, err) || !csv_need(&table, "group", &column, err))
        return false;
    if (table.rows != persons)
        return err_set(err, ERR_INPUT, "%s has %zu rows, the responses have %zu persons; give one row a person",
                       exam_shown(path), table.rows, persons);
    groups->of = arena_array(arena, persons, sizeof *groups->of);
    groups->label = arena_array(arena, (size_t)most, sizeof *groups->label);
    if (!groups->of || !groups->label) return err_set(err, ERR_MEMORY, "the groups do not fit into memory");
    if (reference) groups->label[groups->count++] = reference;
    for (size_t row = 0; row < persons; row++) {
        const char *label = csv_text(&table, row, column);
        if (!label[0]) return csv_fail(&table, row, err, "the group is empty; every person needs one");
        int at = find(groups, label);
        if (at == groups->count) {
            if (at == most) return csv_fail(&table, row, err, "\"%.40s\" is one group more than %d", label, most);
            groups->label[groups->count++] = label;
        }
        groups->of[row] = at;
    }
    for (size_t row = 0; reference && row < persons; row++)
        if (groups->of[row] == 0) return true;
    return !reference || err_set(err, ERR_INPUT, "%s: nobody is of the group \"%.40s\"", exam_shown(path), reference);
}
