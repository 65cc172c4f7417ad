/* The applicant record: what a person has, as far as it is known. It is what rules are evaluated on.
 *
 * Every part is optional, and unknown is never none: an absent key or null means "not known", `"jobs": []` means "no
 * jobs", `"biology": 0` means "no biology". A degree, program or course without a date has happened at an unknown time.
 * Amounts are exact: thousandths in an int64_t, at most three decimals, never rounded.
 *
 * The words in it (settings, subjects, kinds, ids) are tokens: letters, digits and _ - . of at most RECORD_TOKEN_MAX -
 * 1 bytes. Which tokens rules ask for is content (content/road/routes.json); other tokens are kept and match nothing.
 */
#ifndef TITER_ROAD_RECORD_H
#define TITER_ROAD_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "road/when.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RECORD_BYTES_MAX = 256 * 1024, /* of a record as JSON */
    RECORD_ITEMS_MAX = 64,         /* jobs, programs, courses, ... each */
    RECORD_TOKEN_MAX = 64,         /* bytes of a token with its zero */
    RECORD_TEXT_MAX = 500,         /* bytes of a free text with its zero */
    RECORD_AMOUNT_MAX = 1000000,   /* the largest amount, in wholes */
};

typedef enum { TRI_UNKNOWN, TRI_NO, TRI_YES } tri_t;

/* US-equivalent level, in rising order; a three-year bachelor degree (Canada) is below a bachelor degree. */
typedef enum {
    LEVEL_UNKNOWN,
    LEVEL_NONE,
    LEVEL_HIGH_SCHOOL,
    LEVEL_ASSOCIATE,
    LEVEL_THREE_YEAR_BACHELOR,
    LEVEL_BACHELOR,
    LEVEL_MASTER,
    LEVEL_DOCTORAL,
} level_t;

/* An amount in thousandths; not `known`: unknown. */
typedef struct {
    bool known;
    int64_t milli;
} amount_t;

/* Lists: not `known` is unknown; known and empty is none. Texts and tokens: NULL is unknown. */
typedef struct {
    bool known;
    size_t count;
    const char **items;
} tokens_t;

/* Named amounts such as semester hours by subject: a name that is not there is unknown. */
typedef struct {
    const char *name;
    amount_t amount;
} named_amount_t;
typedef struct {
    bool known;
    size_t count;
    named_amount_t *items;
} amounts_t;

/* Named answers, yes or no: a name that is not there is unknown. */
typedef struct {
    const char *name;
    tri_t answer;
} named_answer_t;
typedef struct {
    bool known;
    size_t count;
    named_answer_t *items;
} answers_t;

typedef struct {
    level_t level;
    const char *field;
    when_t awarded;
    tri_t accredited;
    const char *country; /* "US", "Canada", ... where it was awarded */
    tri_t evaluated;     /* a foreign degree: judged by a transcript evaluation agency */
} degree_t;

typedef struct {
    const char *subject;
    amount_t semesters; /* in JSON a bare "microbiology" is one semester of it */
} course_t;

typedef struct {
    const char *kind; /* MLT, MLS, phlebotomy, ... */
    tokens_t accreditors;
    when_t completed;
    amounts_t hours;         /* clock hours by kind: didactic, clinical, ... */
    amounts_t science_hours; /* semester hours of biology and chemistry inside it that `semester_hours` does not hold */
} program_t;

typedef struct {
    const char *setting;
    tokens_t areas;
    when_t start, end;
    bool ongoing; /* "end": "present" */
    amount_t hours_per_week;
    const char *lab; /* us, canada, accredited, other */
} job_t;

typedef struct {
    const char *setting;
    amount_t hours;
    amounts_t focus; /* of these hours, by what they were spent on */
    when_t from, to;
} work_hours_t;

typedef struct {
    const char *id;     /* ASCP-MLT, AMT-RPT, ... */
    const char *status; /* "valid": in its maintenance cycle; any other word: not */
    when_t expires;
} certificate_t;

typedef struct {
    amount_t weeks;
    when_t completed;
    tri_t credits_accepted_by_college;
    tri_t occupation_held; /* has held the Medical Laboratory Specialist occupation */
    const char *kind;
} military_t;

typedef struct {
    const char *level; /* technician, technologist, phlebotomy */
    tokens_t accepted_by;
} exam_passed_t;

typedef struct {
    const char *state, *level, *status;
} state_license_t;

#define RECORD_LIST(type)                                                                                              \
    struct {                                                                                                           \
        bool known;                                                                                                    \
        size_t count;                                                                                                  \
        type *items;                                                                                                   \
    }

typedef struct {
    const char *id, *name, *note; /* for the person's own use: no rule reads them */
    when_t application_date;
    amount_t age;                 /* years on that day */
    RECORD_LIST(degree_t) degree; /* in JSON one object, or a list of them */
    amounts_t semester_hours;     /* of credit at accredited schools, by subject; `any` is all of them */
    amounts_t quarter_hours;      /* the same, added at two thirds */
    when_t coursework_completed;
    RECORD_LIST(course_t) courses;
    RECORD_LIST(program_t) programs;
    RECORD_LIST(job_t) jobs;
    RECORD_LIST(work_hours_t) work_hours;
    RECORD_LIST(certificate_t) certificates;
    RECORD_LIST(military_t) military;
    amounts_t draws; /* venipuncture, skin_puncture, unaided_nondonor */
    tokens_t professional_education;
    tri_t lab_orientation;
    RECORD_LIST(exam_passed_t) exams_passed;
    RECORD_LIST(state_license_t) state_licences;
    tokens_t eligible_for; /* what a body has said in writing that one may sit */
    answers_t statements;  /* yes or no to what a rule asks and no other part holds */
    const char *state;
} record_t;

/* A record in which everything is unknown. (All zero bytes is not one: a date of zeros is a day in 1970.) */
record_t record_unknown(void);

/* Reads a record from JSON; everything it points to lives in `arena`. Refuses, naming the path (`jobs[2].start`): JSON
 * that is broken or has a key twice, an unknown key, a wrong type, a date or amount that is none, more than the limits.
 */
bool record_read(record_t *record, arena_t *arena, const char *bytes, size_t length, err_t *err);
/* Writes the record as JSON with a final newline: keys in the order of record_t, what is unknown left out. What
 * record_read reads of it writes the same bytes again. */
void record_write(const record_t *record, text_t *out);

/* The amount or answer of that name, unknown when it is not there. */
amount_t amounts_get(const amounts_t *amounts, const char *name);
tri_t answers_get(const answers_t *answers, const char *name);
bool tokens_have(const tokens_t *tokens, const char *token);
/* "high_school" for LEVEL_HIGH_SCHOOL and back; LEVEL_UNKNOWN is NULL, an unknown word is LEVEL_UNKNOWN. */
const char *level_word(level_t level);
level_t level_from_word(const char *word);
/* A decimal of at most three decimals, such as "59.5", and back; no zeros at its end. */
enum { AMOUNT_TEXT_MAX = 24 };
bool amount_read(const char *text, int64_t *milli);
void amount_write(int64_t milli, char out[static AMOUNT_TEXT_MAX]);

#endif
