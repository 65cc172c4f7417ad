/* What the files of the rotation's use cases share. */
#ifndef TITER_APP_ROTATION_PRIVATE_H
#define TITER_APP_ROTATION_PRIVATE_H

#include "app/rotation.h"
#include "private.h"

enum { MISSES_KEPT = 128 };

typedef struct {
    int64_t at_ms;
    char client[ROTATION_HASH_TEXT], target[APP_ID_MAX];
} miss_t;

/* Made with the app, filled when first asked for. The lock is held from app_rotation to app_rotation_leave. */
struct rotations {
    pthread_mutex_t lock;
    arena_t *rules_arena, *arena; /* of the state: NULL until it is folded */
    rotation_rules_t *rules;
    rotation_t *state;
    miss_t misses[MISSES_KEPT]; /* the latest, as a ring */
    int64_t miss_count, guard_seq;
};

/* All with the lock held. */
bool rotations_append(app_t *app, bool places, const char *kind, int64_t at_ms, const text_t *payload,
                      const char *request, err_t *err);
/* False (ERR_LIMIT) when there were too many wrong ones lately. */
bool rotations_may_guess(app_t *app, const char *client, const char *target, err_t *err);
/* Writes down a wrong one and says `sentence`; false always. */
bool rotations_missed(app_t *app, const char *client, const char *target, const char *sentence, err_t *err);

/* rotation.c: checks of what people write */
bool rotation_check_words(const char *text, const char *what, int least, int most, err_t *err);
bool rotation_check_patient(const char *text, bool no_patient, err_t *err);
void rotation_add_text(text_t *out, const char *key, const char *text); /* ,"key":"text" */
/* ,"key":{behavior:rating}; refused while a line is unanswered */
bool rotation_write_behaviors(text_t *out, const rotation_rules_t *rules, const char *key, const signed char *given,
                              err_t *err);
/* A lowest, highest or remediation among them needs a comment. */
bool rotation_check_extremes(const rotation_rules_t *rules, const signed char *given, const char *comment, err_t *err);
void rotation_token(app_t *app, int letters, char *token);

#endif
