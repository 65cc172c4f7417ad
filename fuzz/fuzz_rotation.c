/* Events of a rotation as somebody might write them into the file: lines of kind, blank, payload. Whatever they hold,
 * the fold goes on, nothing counts as signed that this program did not sign, and free text is looked through. */
#include "base/content.h"
#include "road/identifier.h"
#include "road/rotation.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void look_through(const char *text)
{
    identifier_t found;
    size_t from = 0, length = strlen(text);
    for (int i = 0; i < 1000 && identifier_find(text, from, &found); i++) {
        assert(found.at >= from && found.length > 0 && found.at + found.length <= length);
        from = found.at + found.length;
    }
}

static void fold(rotation_t *r, char *text)
{
    int64_t seq = 0;
    for (char *line = text, *end; line != NULL; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) *end++ = '\0';
        char *payload = strchr(line, ' ');
        if (payload == NULL) continue;
        *payload++ = '\0';
        bool places = line[0] == 'p' && strcmp(line, "program") != 0 && strncmp(line, "pin", 3) != 0;
        seq++;
        rotation_event_t e = {places, seq, 1000 * seq, places ? line + 1 : line, payload, strlen(payload)};
        if (!rotation_apply(r, &e, NULL)) return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char whole[] = "total";
    arena_t *arena = arena_new(64 * 1024 * 1024);
    char *text = calloc(1, size + 1);
    rotation_rules_t *rules = arena != NULL ? arena_alloc(arena, sizeof *rules) : NULL;
    if (text != NULL && rules != NULL && rotation_rules_read(rules, arena, content_source(), NULL)) {
        memcpy(text, data, size);
        look_through(text);
        rotation_t *r = rotation_new(arena, rules);
        assert(r != NULL);
        fold(r, text);
        rotation_hours_t hours;
        rotation_hours(r, whole, &hours);
        assert(hours.signed_min >= 0 && hours.waiting_min >= 0 && hours.days == r->entry_count);
        assert(r->unsound <= r->signature_count);
        for (int i = 0; i < rules->competency_count; i++) {
            skill_view_t view;
            rotation_competency(r, rules->competencies[i].id, &view);
            assert(view.state != SKILL_COMPLETE || view.by->rating >= RATING_NEEDED);
        }
    }
    free(text);
    arena_free(arena);
    return 0;
}
