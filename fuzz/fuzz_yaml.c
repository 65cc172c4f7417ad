/* Authored files from strangers: yaml_read must answer or refuse, whatever the bytes. */
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    yaml_t yaml;
    err_t err;
    if (arena && yaml_read(&yaml, arena, "fuzz.yaml", data, size, &err)) {
        const char *text = "";
        int64_t number = 0;
        yaml_text(&yaml, yaml.root, "id", &text, &err);
        yaml_int_or(&yaml, yaml.root, "minutes", 0, 100, &number, &err);
        yaml_no_unused(&yaml, yaml.root, &err);
    }
    arena_free(arena);
    return 0;
}
