/* The ten-step procedure: a rack of six tubes and ten written steps, each of which leaves one entry on a form.
 * Everything that a step asks for is there once only: times and volumes differ, one tube alone is urgent, so each key
 * is unique. */
#include "road/fit.h"

#include "base/rng.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DOMAIN_RACK = 0x6680, FIRST_MINUTE = 6 * 60, LAST_MINUTE = 20 * 60, VOLUME_LOW = 15, VOLUME_HIGH = 60 };

typedef struct {
    int minute[FIT_TUBES], volume[FIT_TUBES]; /* volume in tenths of a mL */
    int cap[FIT_TUBES], urgent;
    uint32_t accession[FIT_TUBES], rack;
} rack_t;

static const char *const caps[] = {"gold", "lavender", "light blue"};
enum { CAPS = sizeof caps / sizeof *caps };

/* `count` different whole numbers from low to high - 1. */
static void different(rng_t *rng, int *values, int count, int low, int high)
{
    assert(high - low >= count);
    for (int i = 0; i < count; i++) {
        bool again = true;
        while (again) {
            values[i] = low + (int)rng_below(rng, (uint32_t)(high - low));
            again = false;
            for (int k = 0; k < i; k++) again = again || values[k] == values[i];
        }
    }
}

static void clock_text(char out[8], int minute)
{
    snprintf(out, 8, "%02d:%02d", minute / 60 % 24, minute % 60);
}

static void volume_text(char out[8], int tenths)
{
    snprintf(out, 8, "%d.%d", tenths / 10 % 1000, tenths % 10);
}

static void draw_rack(rng_t *rng, rack_t *r)
{
    int accession[FIT_TUBES];
    different(rng, r->minute, FIT_TUBES, FIRST_MINUTE, LAST_MINUTE);
    different(rng, r->volume, FIT_TUBES, VOLUME_LOW, VOLUME_HIGH);
    different(rng, accession, FIT_TUBES, 1000, 10000);
    for (int i = 0; i < FIT_TUBES; i++) r->accession[i] = (uint32_t)accession[i];
    for (int i = 0; i < FIT_TUBES; i++) r->cap[i] = (int)rng_below(rng, CAPS);
    r->urgent = (int)rng_below(rng, FIT_TUBES);
    r->rack = 100 + rng_below(rng, 900);
}

static void show_rack(fit_procedure_t *p, const rack_t *r)
{
    snprintf(p->rack, sizeof p->rack, "%u", r->rack % 1000);
    for (int i = 0; i < FIT_TUBES; i++) {
        fit_tube_t *t = &p->tubes[i];
        snprintf(t->accession, sizeof t->accession, "26-%04u", r->accession[i] % 10000);
        clock_text(t->time, r->minute[i]);
        volume_text(t->volume, r->volume[i]);
        t->cap = caps[r->cap[i]];
        t->priority = i == r->urgent ? "STAT" : "routine";
    }
}

static void step(fit_procedure_t *p, int n, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void step(fit_procedure_t *p, int n, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->step[n], sizeof p->step[n], format, arguments);
    va_end(arguments);
}

/* The tube with the most volume among those that are not urgent; the first received of all. */
static int fullest(const rack_t *r)
{
    int best = -1;
    for (int i = 0; i < FIT_TUBES; i++)
        if (i != r->urgent && (best < 0 || r->volume[i] > r->volume[best])) best = i;
    return best;
}

static int earliest(const rack_t *r)
{
    int best = 0;
    for (int i = 1; i < FIT_TUBES; i++)
        if (r->minute[i] < r->minute[best]) best = i;
    return best;
}

void fit_procedure_make(uint32_t seed, fit_procedure_t *p)
{
    rng_t rng = rng_at(seed, DOMAIN_RACK, 0, 0);
    rack_t r;
    char text[8];
    *p = (fit_procedure_t){0};
    draw_rack(&rng, &r);
    show_rack(p, &r);
    int position = (int)rng_below(&rng, FIT_TUBES), cap = (int)rng_below(&rng, CAPS);
    int minutes = 15 + 5 * (int)rng_below(&rng, 7),
        other = (position + 1 + (int)rng_below(&rng, FIT_TUBES - 1)) % FIT_TUBES;
    int of_cap = 0, first = earliest(&r), most = fullest(&r);
    for (int i = 0; i < FIT_TUBES; i++) of_cap += r.cap[i] == cap;
    step(p, 0, "Write the accession number of the STAT tube without its hyphen.");
    snprintf(p->key[0], sizeof p->key[0], "26%04u", r.accession[r.urgent] % 10000);
    step(p, 1, "Count the tubes with a %s cap and write the number as a digit.", caps[cap]);
    snprintf(p->key[1], sizeof p->key[1], "%d", of_cap);
    step(p, 2, "Write the position of the tube that was received first.");
    snprintf(p->key[2], sizeof p->key[2], "%d", first + 1);
    step(p, 3, "Leave the STAT tube aside. Of the others, write the position of the tube with the most volume.");
    snprintf(p->key[3], sizeof p->key[3], "%d", most + 1);
    step(p, 4, "Add the volumes in positions %d and %d and write the sum with one decimal, without a unit.",
         position + 1, other + 1);
    volume_text(text, r.volume[position] + r.volume[other]);
    snprintf(p->key[4], sizeof p->key[4], "%s", text);
    step(p, 5,
         "The tube in position %d spins for %d minutes from the time it was received. Write when it is done, as HH:MM.",
         other + 1, minutes);
    clock_text(text, r.minute[other] + minutes);
    snprintf(p->key[5], sizeof p->key[5], "%s", text);
    step(p, 6, "Write the rack number backward, last digit first.");
    snprintf(p->key[6], sizeof p->key[6], "%c%c%c", p->rack[2], p->rack[1], p->rack[0]);
    step(p, 7, "If the number in step 2 is odd, write A; if it is even or zero, write B. A capital letter.");
    snprintf(p->key[7], sizeof p->key[7], "%s", of_cap % 2 ? "A" : "B");
    step(p, 8,
         "Write the last two digits of the accession number in position %d, then the position, with no space between.",
         position + 1);
    snprintf(p->key[8], sizeof p->key[8], "%02u%d", r.accession[position] % 100, position + 1);
    step(p, 9, "If the tube of step 3 has a volume below 3.0 mL, write HOLD; otherwise write GO. Capital letters.");
    snprintf(p->key[9], sizeof p->key[9], "%s", r.volume[first] < 30 ? "HOLD" : "GO");
}
