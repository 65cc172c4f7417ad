/* The wall clock and the system's randomness, for app_options_t. */
#ifndef TITER_CLI_CLOCK_H
#define TITER_CLI_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void *nothing);
uint64_t clock_random(void *nothing);

#endif
