/* base: what every room stands on. Knows nothing of laboratories.
 *   err     errors as values            arena   memory by the shift, the request, the load
 *   text    buffers, numbers to text    exact   mathematics with the same bits everywhere
 *   rng     named random streams        hash    names of states
 *   csv     tables                      yaml    authored content with line numbers
 *   source  where content comes from */
#ifndef TITER_BASE_BASE_H
#define TITER_BASE_BASE_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/exact.h"
#include "base/hash.h"
#include "base/rng.h"
#include "base/source.h"
#include "base/text.h"
#include "base/yaml.h"

#endif
