/* The rules as data: which ways (routes) lead to a goal (a certificate, a state license, the federal floor), each a
 * tree of conditions with source, as-of date, confidence and the day by which it must be read again. From content/road/
 * routes.json and federal.json; a rule without source and date does not load. */
#ifndef TITER_ROAD_RULES_H
#define TITER_ROAD_RULES_H

#include "base/source.h"
#include "road/record.h"

enum {
    RULES_BYTES_MAX = 4 * 1024 * 1024, /* of one file */
    RULES_GOALS_MAX = 256,
    RULES_ROUTES_MAX = 64,  /* of a goal */
    RULES_NODES_MAX = 64,   /* under one all_of or any_of */
    RULES_DEPTH_MAX = 8,    /* of conditions in one another */
    RULES_LEAVES_MAX = 200, /* of a route */
    RULES_IDS_MAX = 4096,   /* conditions and routes of a file */
    RULES_YEARS_MAX = 100,  /* of a window */
};

typedef enum {
    LEAF_DEGREE,
    LEAF_SEMESTER_HOURS,
    LEAF_COURSE,
    LEAF_PROGRAM,
    LEAF_TRAINING_HOURS,
    LEAF_EXPERIENCE,
    LEAF_WORK_HOURS,
    LEAF_CERTIFICATE,
    LEAF_MILITARY,
    LEAF_DRAWS,
    LEAF_AGE,
    LEAF_PROFESSIONAL_EDUCATION,
    LEAF_LAB_ORIENTATION,
    LEAF_EXAM_PASSED,
    LEAF_ELIGIBLE_FOR,
    LEAF_STATE_LICENSE,
    LEAF_FOREIGN_DEGREE,
    LEAF_STATED, /* yes or no to a question that no other part of the record answers */
    LEAF_KINDS,
} leaf_kind_t;

/* One condition. Amounts in thousandths; windows in years, 0: any time. What a kind does not use is zero. */
typedef struct {
    const char *id, *says; /* `says` is the condition in plain words */
    leaf_kind_t kind;
    level_t level;
    int64_t min;          /* hours, draws, weeks, years of age, semesters */
    int64_t fte_years;    /* full-time-equivalent years */
    int64_t full_time;    /* hours a week that count as 1.0 */
    int64_t within_years; /* whole years */
    int32_t before;       /* work before this day only; DAY_LAST: no limit */
    tokens_t any;         /* one of these: fields, kinds, settings, certificates */
    tokens_t labs;        /* accreditors of a program, laboratories of a job; empty or "*": any */
    tokens_t areas;       /* all of these */
    const char *word;     /* subject, kind of hours or draws, level, target, fact */
    const char *word2;    /* focus, accepted_by */
    bool accredited, credits_accepted, occupation_held, valid_only, any_amount;
    bool disputed;      /* a doubtful demand in all_of, a doubtful option in any_of */
    bool window_unread; /* work older than ten years needs review */
} leaf_t;

typedef enum { NODE_LEAF, NODE_ALL, NODE_ANY } node_kind_t;
typedef struct node {
    node_kind_t kind;
    const leaf_t *leaf;
    size_t index; /* of the leaf in its route */
    size_t count;
    struct node *children;
} node_t;

typedef enum { ROUTE_OPEN, ROUTE_DISCONTINUED, ROUTE_UNREAD } route_status_t;
typedef struct {
    const char *id, *number, *summary, *as_of, *confidence;
    route_status_t status;
    bool complete;            /* false: some conditions were not readable */
    const node_t *requires;   /* NULL unless open */
    size_t leaves;            /* how many conditions are in it */
    const char *const *notes; /* ended by NULL */
    const char *const *source;
    int32_t review_by;
} route_t;

typedef enum { GOAL_CREDENTIAL, GOAL_STATE, GOAL_FEDERAL } goal_kind_t;
typedef struct {
    const char *id, *body, *state; /* `state`: of a state license, otherwise NULL */
    goal_kind_t kind;
    const char *const *notes;
    size_t count;
    const route_t *routes;
    bool program_science; /* g.program_science: science inside an accredited program counts */
    bool canada_program;  /* g.canada3: who comes with a Canadian degree needs a CMA-accredited program */
} goal_t;

typedef struct {
    const char *id, *body, *rule, *as_of, *confidence;
    const char *const *source;
} global_rule_t;

typedef struct {
    size_t count, routes, global_count;
    goal_t *goals;
    global_rule_t *global;
    int32_t read; /* the day on which the facts were read, the latest of the files */
} rules_t;

/* Reads every rule of `content`. The error names the file and the path in it. */
bool rules_load(rules_t *rules, arena_t *arena, const source_t *content, err_t *err);
/* Adds the rules of one file. */
bool rules_read(rules_t *rules, arena_t *arena, const char *file, const char *bytes, size_t length, err_t *err);
/* The goal of that id, NULL when there is none. */
const goal_t *rules_goal(const rules_t *rules, const char *id);
const char *leaf_kind_word(leaf_kind_t kind);
/* "open", "discontinued", "unread"; "credential", "state license", "federal floor". */
const char *route_status_word(route_status_t status);
const char *goal_kind_word(goal_kind_t kind);

#endif
