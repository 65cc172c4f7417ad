/* lab: the laboratory. Its table of contents:
 *   catalog   analytes and what is publicly known of them
 *   sample    a population of synthetic patients, for study
 *   fault     one pre-analytic or analytic fault, before and after
 *   qc        control rules, power, sigma metric, patient averages
 *   calc      the formulas of the bench
 *   content   procedures (SOPs), coded reasons, telephone scripts
 *   scenario  what a shift is about, as far as a trainee may know
 *   shift     a shift: sight and actions
 *   pilot     autopilots that see only what a trainee sees
 * lab/debrief.h, on an include path of its own, opens the wall after the end. */
#ifndef TITER_LAB_LAB_H
#define TITER_LAB_LAB_H

#include "lab/calc.h"
#include "lab/catalog.h"
#include "lab/content.h"
#include "lab/fault.h"
#include "lab/pilot.h"
#include "lab/qc.h"
#include "lab/sample.h"
#include "lab/scenario.h"
#include "lab/shift.h"

#endif
