/* Groups of persons, for the commands that compare or separate them. */
#ifndef TITER_CLI_EXAM_GROUPS_H
#define TITER_CLI_EXAM_GROUPS_H

#include "args.h"

typedef struct {
    int *of;            /* [persons] place of the label */
    const char **label; /* [count] in the order in which they come */
    int count;
} groups_t;

/* A table with the column group and one row a person, in the order of the responses, at most `most` different labels.
 * `reference` (may be NULL) names the label that is to be the first. */
bool exam_groups(cli_t *cli, arena_t *arena, const char *path, size_t persons, int most, const char *reference,
                 groups_t *groups, err_t *err);

#endif
