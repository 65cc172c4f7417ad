/* See clock.h. */
#include "clock.h"

#include <sys/random.h>
#include <time.h>

int64_t clock_now_ms(void *nothing)
{
    struct timespec now;
    (void)nothing;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t clock_random(void *nothing)
{
    uint64_t bits = 0;
    (void)nothing;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = (uint64_t)clock_now_ms(nothing) * 0x9e3779b97f4a7c15ULL;
    return bits;
}
