/* What the Levey–Jennings chart, the two-level plot and the overview share. */
#ifndef TITER_DRAW_LJ_PRIVATE_H
#define TITER_DRAW_LJ_PRIVATE_H

#include "draw/lj.h"
#include "pen.h"

enum { LJ_MARK_KINDS = 6, LJ_MARK_ALL = (1 << LJ_MARK_KINDS) - 1 };

bool lj_check(const void *chart, err_t *err);
bool lj_any_judged(const lj_point_t *points, int count, int levels);
/* The newest point that has a value of that level, or -1. */
int lj_last(const lj_point_t *points, int count, int level);
void lj_symbol(pen_t *pen, lj_judged_t judged, double x, double y, double r);
/* What the symbols mean, in a row or in a column; returns where it ended. */
double lj_key(pen_t *pen, double x, double y, bool vertical);
void lj_describe_marks(text_t *out, const lj_point_t *points, int count);
void lj_describe_judged(text_t *out, const lj_point_t *points, int count, int levels);

#endif
