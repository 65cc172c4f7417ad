/* draw: pictures as pure functions. Its table of contents:
 *   look     format, palette, size
 *   lj       control charts: Levey–Jennings, two-level, overview
 *   spark    a person's last few results
 *   tube     a specimen tube to the life
 *   rotor    a centrifuge from above
 *   racks    the deck of an analyzer: racks of tubes and a STAT port
 *   shift    timeline, seen and true, turnaround, analyzer load
 *   cell     histogram of volumes, scattergram
 *   clot     clot curve, mixing study, parallelism, log of a refrigerator
 *   reaction absorbance against time, a signal on the line of its standards
 *   field    cells to count
 *   need     needed and done
 *   course   steps of a plan in lanes of time
 *   moves    values before and after, with intervals
 *   pay      pay by place
 *   detect   hits and false alarms
 *   map      states and territories as tiles
 *   study    what a design of adaptive tests does
 *   picture  any of them by one name
 *   paper    a printed page with text, tables and pictures */
#ifndef TITER_DRAW_DRAW_H
#define TITER_DRAW_DRAW_H

#include "draw/cell.h"
#include "draw/clot.h"
#include "draw/detect.h"
#include "draw/field.h"
#include "draw/lj.h"
#include "draw/look.h"
#include "draw/map.h"
#include "draw/paper.h"
#include "draw/picture.h"
#include "draw/racks.h"
#include "draw/reaction.h"
#include "draw/shift.h"
#include "draw/spark.h"
#include "draw/study.h"
#include "draw/tube.h"

#endif
