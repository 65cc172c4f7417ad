/* Supervised clinical hours: daily entries, self-rated skills, evaluations, and what a preceptor signed of them; all
 * folded from events. Pure: no clock, no store; times are arguments.
 *
 * Two streams make one state. Of the learner (ROTATION_MINE):
 *   program {"program","requirement","name"}       require {"department","hours"}     (hours of one's own school)
 *   entry   {"id","day","in","out","breaks","site","department","work":{id:count},"reflection"}
 *   correct {"entry", the same fields,"reason"}    skill {"id","competency","site","self","comment"}
 *   evaluation {"id","kind","site","department","self":{behavior:rating},"comment"}
 *   ask     {"what","version","token","expires","paper"}   token: a hash, never the token
 *   sign    {"what","version","token"|"pin","method","name","role","rating","comment","behaviors","link"}
 *   note    {"what","name","text"[,"token"]}                 pin {"id","name","role","hash"}    pin-off {"id"}
 * Of the places (ROTATION_PLACES):
 *   site {"id","name"}   slot {"id","site","department","first","last","days","from","to","capacity"}
 *   place {"slot","student"}   unplace {"slot","student"}   site-view {"site","scores":[],"comment"}
 *
 * What is signed is one version of an entry, a skill or an evaluation: the bytes of one event. Every signature carries
 * `link`, a hash over the link before it, the hash of those bytes and its own bytes: whoever changes, removes or
 * reorders something signed breaks the chain there (rotation_signature_t.sound). Whoever can write the whole file can
 * write the whole chain anew; then the link printed on the receipts differs. */
#ifndef TITER_ROAD_ROTATION_H
#define TITER_ROAD_ROTATION_H

#include "base/arena.h"
#include "base/err.h"
#include "road/rotation_rules.h"

#include <stdint.h>

enum {
    ROTATION_ENTRIES_MAX = 3000,
    ROTATION_SKILLS_MAX = 1000,
    ROTATION_EVALUATIONS_MAX = 100,
    ROTATION_SIGNATURES_MAX = 4000,
    ROTATION_ASKS_MAX = 8000,
    ROTATION_NOTES_MAX = 1000,
    ROTATION_PINS_MAX = 100,
    ROTATION_SITES_MAX = 100,
    ROTATION_SLOTS_MAX = 300,
    ROTATION_PLACED_MAX = 2000,
    ROTATION_VIEWS_MAX = 2000,
    ROTATION_WORK_MAX = 40, /* different procedures a day */
    ROTATION_COUNT_MAX = 500,
    ROTATION_ID_MAX = 40,
    ROTATION_NAME_MAX = 60,
    ROTATION_TEXT_MAX = 2000,
    ROTATION_HASH_TEXT = 65,       /* hex of 256 bits with its zero */
    ROTATION_SITE_ANSWERS_MIN = 5, /* below so many answers a site's evaluation is not shown */
    ROTATION_SITE_QUESTIONS = 5,
    ROTATION_LATE_DAYS = 2, /* an entry made later than that after its day is marked; policy of this program */
    ROTATION_DAY_MINUTES_MAX = 16 * 60,
};

/* The scale. 0 is "needs remediation": it never counts toward completion. */
enum { RATING_NONE = -1, RATING_REMEDIATION = 0, RATING_OBSERVED = 1, RATING_TEACH = 5, RATING_NEEDED = 3 };
const char *rating_words(int rating);
/* The lowest and the highest need a comment, and so does remediation. */
bool rating_needs_comment(int rating);

typedef enum { ITEM_ENTRY, ITEM_SKILL, ITEM_EVALUATION, ITEM_KINDS } item_kind_t;
typedef enum { SIGN_LINK, SIGN_PIN, SIGN_PAPER, SIGN_METHODS } sign_method_t;
const char *sign_method_words(sign_method_t method);

typedef struct {
    int64_t seq, at_ms;
    item_kind_t kind;
    const char *what; /* id of the item */
    int64_t version;  /* number of the event that was signed */
    sign_method_t method;
    const char *name, *role, *comment;
    int rating;                           /* skill: RATING_*; RATING_NONE of the others */
    signed char behaviors[BEHAVIORS_MAX]; /* evaluation: RATING_NONE: not seen */
    char link[ROTATION_HASH_TEXT];
    bool sound; /* the chain holds here */
} rotation_signature_t;

/* What entry, skill and evaluation share. */
typedef struct {
    item_kind_t kind;
    const char *id;
    int64_t seq, at_ms; /* of the version that is valid now */
    int64_t first_ms;   /* of the first version */
    int versions;
    const char *site, *department;
    int signature;                 /* of the valid version: index, or -1 */
    int earlier;                   /* of a version corrected since, or -1 */
    char seal[ROTATION_HASH_TEXT]; /* hash of the version's bytes */
} rotation_item_t;

typedef struct {
    const char *id; /* of a procedure */
    int count;
} rotation_count_t;

typedef struct {
    rotation_item_t item;
    int32_t day;
    int in_min, out_min, breaks_min; /* of the day; out at or before in: the next morning */
    int minutes;                     /* worked */
    const char *reflection, *reason; /* reason: of the last correction, "" */
    rotation_count_t work[ROTATION_WORK_MAX];
    int work_count;
    bool late, hands_on;
} rotation_entry_t;

typedef struct {
    rotation_item_t item;
    const char *competency, *comment;
    int self;
} rotation_skill_t;

typedef struct {
    rotation_item_t item;
    bool final;
    const char *comment;
    signed char self[BEHAVIORS_MAX];
} rotation_evaluation_t;

typedef struct {
    const char *what, *token; /* hash in hex */
    int64_t version, at_ms, expires_ms;
    bool paper, used;
} rotation_ask_t;

typedef struct {
    const char *what, *name, *text;
    int64_t at_ms;
} rotation_note_t;

typedef struct {
    const char *id, *name, *role, *hash;
    int64_t at_ms;
    bool off;
} rotation_pin_t;

typedef struct {
    const char *id, *name;
    int answers, sum[ROTATION_SITE_QUESTIONS]; /* of its evaluation by learners */
} rotation_site_t;

typedef struct {
    const char *id, *site, *department, *from, *to, *days; /* days: "MTWTF.." by place, '.' is off */
    int32_t first, last;
    int capacity, placed;
} rotation_slot_t;

typedef struct {
    const char *slot, *student;
} rotation_placed_t;

typedef struct {
    const rotation_rules_t *rules;
    arena_t *arena;
    int64_t seq, places_seq; /* last event of each stream */
    const char *program, *requirement, *name;
    double own_hours[DEPARTMENTS_MAX]; /* of one's own school; NAN where not set */
    rotation_entry_t *entries;
    rotation_skill_t *skills;
    rotation_evaluation_t *evaluations;
    rotation_signature_t *signatures;
    rotation_ask_t *asks;
    rotation_note_t *notes;
    rotation_pin_t *pins;
    rotation_site_t *sites;
    rotation_slot_t *slots;
    rotation_placed_t *placed;
    const char **views; /* comments of site evaluations, each with its site before it */
    int entry_count, skill_count, evaluation_count, signature_count, ask_count, note_count, pin_count, site_count,
        slot_count, placed_count, view_count;
    int unsound;                   /* signatures at which the chain does not hold */
    int unread;                    /* events that could not be read: none, unless somebody wrote into the file */
    char head[ROTATION_HASH_TEXT]; /* link of the last signature; zeros before the first */
} rotation_t;

/* An empty state in `arena`, which keeps everything. NULL when memory is out. */
rotation_t *rotation_new(arena_t *arena, const rotation_rules_t *rules);

typedef struct {
    bool places; /* of the stream of places */
    int64_t seq, at_ms;
    const char *kind, *payload;
    size_t length;
} rotation_event_t;

/* One more event. False only when a limit is reached or memory is out. */
bool rotation_apply(rotation_t *r, const rotation_event_t *event, err_t *err);

/* Is there room for one more event of that kind? */
bool rotation_room(const rotation_t *r, const char *kind, err_t *err);

/* ---- reading the state ---- */

const rotation_item_t *rotation_find(const rotation_t *r, const char *id); /* NULL: none */
rotation_item_t *rotation_item(rotation_t *r, const char *id);             /* NULL: none */
const rotation_entry_t *rotation_entry(const rotation_item_t *item);       /* of that kind */
const rotation_skill_t *rotation_skill(const rotation_item_t *item);
const rotation_evaluation_t *rotation_evaluation(const rotation_item_t *item);
const rotation_signature_t *rotation_signed(const rotation_t *r, const rotation_item_t *item); /* NULL: not signed */
const rotation_site_t *rotation_site(const rotation_t *r, const char *id);
const rotation_slot_t *rotation_slot(const rotation_t *r, const char *id);

typedef enum { ASK_GOOD, ASK_UNKNOWN, ASK_USED, ASK_EXPIRED, ASK_OLD } ask_state_t; /* old: corrected since */
ask_state_t rotation_ask(const rotation_t *r, const char *token_hash, int64_t now_ms, const rotation_ask_t **ask);

typedef struct {
    double required;             /* hours; NAN: none is set */
    int signed_min, waiting_min; /* of entries with and without a signature that holds */
    int days, days_without_hands;
} rotation_hours_t;
/* Hours in the departments of a requirement's key ("hematology+urinalysis", "total"), against the chosen requirement's
 * line with that key, or against one's own school's hours in a single department. */
void rotation_hours(const rotation_t *r, const char *key, rotation_hours_t *hours);
/* Is the department one of the key's? */
bool rotation_key_has(const char *key, const char *department);
/* Times that a procedure was done: signed, and waiting. */
void rotation_done(const rotation_t *r, const char *procedure, int *is_signed, int *waiting);

typedef enum { SKILL_NOT_SEEN, SKILL_WAITING, SKILL_SHORT, SKILL_REMEDIATION, SKILL_COMPLETE } skill_state_t;
typedef struct {
    skill_state_t state;            /* by the last signed rating alone */
    const rotation_skill_t *last;   /* self-rating made last, NULL */
    const rotation_signature_t *by; /* signature that decides, NULL */
    int self_then;                  /* the self-rating that was signed with it */
    int signatures;                 /* in all */
} skill_view_t;
void rotation_competency(const rotation_t *r, const char *competency, skill_view_t *view);

/* ---- hashes ---- */

/* Of a version: its event. */
void rotation_seal(const rotation_event_t *event, char seal[ROTATION_HASH_TEXT]);
/* Of a signature: `payload` without its link, signed at that time. */
void rotation_link(const char *before, const char *seal, int64_t at_ms, const char *payload, size_t length,
                   char link[ROTATION_HASH_TEXT]);
/* Of a one-time token or a sheet's code. */
void rotation_token_hash(const char *token, char hash[ROTATION_HASH_TEXT]);

#endif
