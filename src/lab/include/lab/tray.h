/* The tray: centrifuges of the bench and what they spin, labels, stores. Sight: what a technician sees of them. */
#ifndef TITER_LAB_TRAY_H
#define TITER_LAB_TRAY_H

#include "lab/shift.h"

/* Two bench centrifuges of 24 places: local policy of the synthetic laboratory (CH-003). */
enum { CENTRIFUGES = 2, CENTRIFUGE_PLACES = 24, SPIN_MINUTES_MAX = 60, SPIN_PROGRAMS_MAX = 8 };

/* ACT_SPIN: run. Not said is balanced, as `code` and `number` not given are the program that the tubes need. */
typedef enum { BALANCE_NOT_SAID, BALANCE_TUBE, BALANCE_NONE, BALANCE_COUNT } balance_t;

typedef struct {
    const char *id, *name; /* "citrate", "Citrate, platelet-poor" */
    int g, minutes;
} spin_program_t;

int lab_spin_program_count(const lab_t *lab);
/* NULL: there is none of that index. */
const spin_program_t *lab_spin_program(const lab_t *lab, int index);
int lab_spin_program_find(const lab_t *lab, const char *id); /* or -1 */
/* The program that a tube of containers.csv needs; -1: it is not spun. */
int lab_tube_program(const lab_t *lab, int tube);

/* Where finished tubes are kept. Racks of 50 places: local policy of the synthetic laboratory (CH-031). */
typedef enum { STORE_ROOM, STORE_COLD, STORE_FROZEN, STORE_COUNT } storage_t;
enum { STORE_RACKS = 10, STORE_PLACES = 50, ADD_ONS_MAX = 24 };
const char *storage_name(storage_t store); /* "2 to 8 °C" */
/* So long a test may be added to separated serum or plasma kept there, in hours from collection; NAN: not known. */
double lab_stability_h(const lab_t *lab, int analyte, storage_t store);

/* How old a tube is for one more test. */
typedef struct {
    double hours, limit_h; /* NAN: not known */
    storage_t kept;        /* where it is or was kept; on the bench counts as at room temperature */
    bool too_old;          /* false also where either is not known */
} tube_age_t;
bool shift_tube_age(const shift_t *shift, int32_t specimen, int analyte, tube_age_t *age);

/* Orders of one more test. */
typedef enum { ADD_ON_TO_COME, ADD_ON_OPEN, ADD_ON_ADDED, ADD_ON_DECLINED } add_on_state_t;
typedef struct {
    int32_t specimen, at_s, decided_s; /* decided_s: INT32_MIN while it is open */
    int analyte;                       /* -1: no test, but an aliquot to be kept at -20 °C */
    add_on_state_t state;
} add_on_view_t;
/* Those that have come; returns how many. */
int shift_add_ons(const shift_t *shift, add_on_view_t views[ADD_ONS_MAX]);

/* A centrifuge that runs. */
typedef struct {
    int program, minutes;       /* as they were set */
    int32_t started_s, until_s; /* until: as its display counts down */
    bool balance_tube;          /* in the place after the last specimen */
    int32_t specimens[CENTRIFUGE_PLACES];
    int count;
} centrifuge_view_t;

/* False: it stands still. */
bool shift_centrifuge(const shift_t *shift, int centrifuge, centrifuge_view_t *view);

#endif
