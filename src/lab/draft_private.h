/* Between the tables of the form and what is done with them. */
#ifndef TITER_LAB_DRAFT_PRIVATE_H
#define TITER_LAB_DRAFT_PRIVATE_H

#include <stdint.h>

/* The bit of a kind of planted thing in draft_field_t.kinds; 0 when unknown. */
uint32_t draft_kind_bit(const char *kind);

#endif
