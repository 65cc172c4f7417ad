/* Authored content that only the world uses: people, places, arrivals, telephone scripts. */
#ifndef TITER_LAB_CONTENT_PRIVATE_H
#define TITER_LAB_CONTENT_PRIVATE_H

#include "lab/content.h"
#include "lab/shift.h"
#include "lab/tray.h"

enum { PLACES_MAX = 64, SCRIPTS_MAX = 64, PANELS_MAX = 48, TUBES_MAX = 32, NAMES_MAX = 400 };

typedef struct {
    setting_t setting;
    const char *name, *phone;
} place_t;

/* What must have happened to the specimen that a call is about before it makes sense. */
typedef enum { NEEDS_NOTHING, NEEDS_REJECTION, NEEDS_CRITICAL_CALL, NEEDS_RELEASED_RESULT } call_needs_t;

typedef struct {
    const char *id, *kind, *role, *opening, *identifiers; /* what they give when asked */
    const char *place;              /* where they call from when it is about nobody in the house */
    int gives;                      /* how many identifiers that is */
    const char *reply[REPLY_COUNT]; /* what they say to each reply; NULL: a neutral line */
    bool in_scope[REPLY_COUNT];
    const char *debrief;
    bool about_result; /* about a specimen in the house */
    int needs;         /* call_needs_t */
    int bench;         /* rings by chance only where this bench_t is staffed; -1: everywhere */
} script_t;

typedef struct {
    double primary[SETTING_COUNT]; /* weight as the main panel of an order */
    double extra[SETTING_COUNT];   /* probability as an addition */
} panel_weights_t;

/* What is heard on outgoing calls; several variants of each, one line a variant. "%s" stands for the value. */
typedef enum {
    SAID_ANSWER,
    SAID_BUSY,
    SAID_NOBODY,
    SAID_READ_BACK,
    SAID_CORRECTED,
    SAID_THANKS,
    SAID_KINDS
} said_kind_t;
enum { SAID_MAX = 12 };

typedef struct lab_content {
    const char *said[SAID_KINDS][SAID_MAX];
    int said_count[SAID_KINDS];
    sop_t *sops;
    int sop_count;
    code_t *codes[CODE_KINDS];
    int code_count[CODE_KINDS];
    panel_t panels[PANELS_MAX];
    panel_weights_t panel_weights[PANELS_MAX];
    int panel_tube[PANELS_MAX];
    bench_t panel_bench[PANELS_MAX]; /* of its tests: all of one */
    int panel_count;
    tube_t tubes[TUBES_MAX];
    int tube_count;
    spin_program_t programs[SPIN_PROGRAMS_MAX];
    int program_count, tube_program[TUBES_MAX]; /* -1: not spun */
    float stability_h[STORE_COUNT][LAB_MAX_ANALYTES];
    const char *family[NAMES_MAX], *given[2][NAMES_MAX]; /* given names by sex */
    int family_count, given_count[2];
    place_t places[PLACES_MAX];
    int place_count;
    script_t scripts[SCRIPTS_MAX];
    int script_count;
    double arrivals[SETTING_COUNT][24]; /* weight of each hour of collection */
    scenario_t **scenarios;
    int scenario_count;
} lab_content_t;

/* ext slot 1 of lab_t. */
const lab_content_t *lab_content(const lab_t *lab);

/* tray_load.c */
bool content_load_tray(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err);

/* content_world.c */
bool content_load_people(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err);
bool content_load_phone(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err);

#endif
