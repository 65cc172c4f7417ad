/* The hashes of adaptive tests of many designs, one a line. */
#ifndef TITER_PORTABLE_SITTINGS_H
#define TITER_PORTABLE_SITTINGS_H

#include <stdbool.h>

/* Prints them; false, with a sentence on standard error, when a design cannot be run. */
bool print_sittings(void);

#endif
