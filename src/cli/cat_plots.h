/* A study of adaptive tests as a page of plots. */
#ifndef TITER_CLI_CAT_PLOTS_H
#define TITER_CLI_CAT_PLOTS_H

#include "cat_options.h"
#include "exam/study.h"

/* Is the name that of a file that can be drawn: .svg, .pdf or .png? NULL is none, and good. */
bool cat_plots_check(const char *path, err_t *err);
/* Draws the study and writes the file; `bound` of exposure, 1 where there is none. */
bool cat_plots(const char *path, arena_t *arena, const cat_setup_t *setup, const study_t *study, double bound,
               err_t *err);

#endif
