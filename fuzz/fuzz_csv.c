/* Tables from strangers: csv_read must answer or refuse, whatever the bytes. */
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    csv_t table;
    err_t err;
    if (arena && csv_read(&table, arena, "fuzz.csv", data, size, &err)) {
        double value;
        for (size_t row = 0; row < table.rows; row++)
            for (size_t column = 0; column < table.columns; column++)
                csv_double_or(&table, row, (int)column, 0, &value, &err);
    }
    arena_free(arena);
    return 0;
}
