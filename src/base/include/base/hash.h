/* FNV-1a, 64 bit: names states and files. Not for secrets. */
#ifndef TITER_BASE_HASH_H
#define TITER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static const uint64_t HASH_START = 0xcbf29ce484222325ULL;

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ p[i]) * 0x100000001b3ULL;
    return hash;
}

/* Folds an integer in byte by byte, least significant first, on any machine. */
static inline uint64_t hash_u64(uint64_t hash, uint64_t value)
{
    for (int i = 0; i < 8; i++) hash = (hash ^ ((value >> (8 * i)) & 0xff)) * 0x100000001b3ULL;
    return hash;
}

#endif
