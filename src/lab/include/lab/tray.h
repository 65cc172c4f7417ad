/* The tray: centrifuges of the bench and what they spin, labels. Sight: what a technician sees of them. */
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
