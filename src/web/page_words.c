/* Words and numbers for pages: see page_words.h. */
#include "page_words.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WORDS_MAX = 2400 };

static const char *const mode_titles[MODE_COUNT] = {"Coach", "Practice", "Assess"};

const char *words(arena_t *arena, const char *format, ...)
{
    char line[WORDS_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0) return "";
    size_t kept = (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    const char *copy = arena_text(arena, line, kept);
    return copy != NULL ? copy : "";
}

const char *words_fixed(arena_t *arena, double value, int decimals)
{
    if (isnan(value)) return "–";
    char number[32];
    size_t length = text_fixed(number, value, decimals);
    const char *copy = arena_text(arena, number, length);
    return copy != NULL ? copy : "";
}

const char *words_clock(arena_t *arena, const shift_t *shift, int32_t at_s)
{
    if (at_s == INT32_MIN) return "–";
    char clock[8];
    text_clock(clock, shift_clock_s(shift, at_s));
    return words(arena, "%s", clock);
}

static const char *wall(arena_t *arena, int64_t wall_ms, const char *format)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    char line[40];
    if (localtime_r(&seconds, &parts) == NULL || strftime(line, sizeof line, format, &parts) == 0) return "–";
    return words(arena, "%s", line);
}

const char *words_date(arena_t *arena, int64_t wall_ms)
{
    return wall(arena, wall_ms, "%Y-%m-%d %H:%M");
}

const char *words_day(arena_t *arena, int64_t wall_ms)
{
    return wall(arena, wall_ms, "%Y-%m-%d");
}

const char *words_unit(arena_t *arena, const char *unit)
{
    static const struct {
        const char *ucum, *read;
    } powers[] = {{"10*3/uL", "10³/µL"}, {"10*6/uL", "10⁶/µL"}, {"10*9/L", "10⁹/L"}, {"10*12/L", "10¹²/L"}};
    if (unit == NULL) return "";
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++)
        if (strcmp(unit, powers[i].ucum) == 0) return powers[i].read;
    if (unit[0] == 'u' && strpbrk(unit, "/k") != NULL) return words(arena, "µ%s", unit + 1); /* ug/dL, umol/L, ukat/L */
    if (strpbrk(unit, "{_}[]") == NULL) return unit;
    char *copy = arena_text(arena, unit, strlen(unit)), *to = copy;
    if (copy == NULL) return "";
    for (const char *from = copy; *from != '\0'; from++)
        if (strchr("{}[]", *from) == NULL) *to++ = *from == '_' ? ' ' : *from;
    *to = '\0';
    return copy;
}

const char *words_readable(arena_t *arena, const char *text)
{
    text_t out;
    text_init(&out, WORDS_MAX);
    while (*text != '\0') {
        char word[40];
        size_t length = strcspn(text, " "), end = length;
        while (end > 0 && strchr(".,;:)", text[end - 1]) != NULL) end--;
        bool unit = end > 1 && end < sizeof word && memchr(text, '/', end) != NULL &&
                    (memcmp(text, "10", 2) == 0 || text[0] == 'u' || memchr(text, '[', end) || memchr(text, '{', end));
        memcpy(word, text, unit ? end : 0);
        word[unit ? end : 0] = '\0';
        if (unit) text_add(&out, words_unit(arena, word));
        text_add_n(&out, text + (unit ? end : 0), length - (unit ? end : 0));
        text += length;
        if (*text == ' ') text_add_char(&out, *text++);
    }
    const char *copy = words(arena, "%s", out.data ? out.data : "");
    text_free(&out);
    return copy;
}

bool words_has_si(const analyte_t *about)
{
    return about->si_unit[0] != '\0' && strcmp(about->si_unit, about->unit) != 0;
}

int words_si_decimals(const analyte_t *about)
{
    double factor = about->si_factor > 0 ? about->si_factor : 10;
    int decimals = about->decimals - (int)lround(log10(factor));
    return decimals < 0 ? 0 : decimals > 4 ? 4 : decimals;
}

const char *words_si_number(arena_t *arena, const analyte_t *about, double value)
{
    if (!words_has_si(about) || isnan(value)) return NULL;
    return words_fixed(arena, analyte_si(about, value), words_si_decimals(about));
}

const char *words_si(arena_t *arena, const analyte_t *about, double value, int sign)
{
    const char *number = words_si_number(arena, about, value);
    if (!number) return NULL;
    return words(arena, "%s%s %s", sign > 0 ? "> " : sign < 0 ? "< " : "", number, words_unit(arena, about->si_unit));
}

const char *words_length(arena_t *arena, int32_t seconds)
{
    int minutes = seconds / 60;
    if (minutes < 60) return words(arena, "%d min", minutes);
    if (minutes % 60 == 0) return words(arena, "%d h", minutes / 60);
    return words(arena, "%d h %d min", minutes / 60, minutes % 60);
}

const char *action_said(action_kind_t kind)
{
    static const char *const said[ACT_COUNT] = {
        [ACT_INSPECT] = "looked at",
        [ACT_ACCEPT] = "accepted",
        [ACT_REJECT] = "rejected",
        [ACT_HOLD] = "put aside",
        [ACT_SPIN] = "spun",
        [ACT_LOAD] = "loaded",
        [ACT_UNLOAD] = "taken out of the rack",
        [ACT_ADD_ON] = "test added to",
        [ACT_LABEL] = "fresh label put on",
        [ACT_ALIQUOT] = "poured off",
        [ACT_STORE] = "stored",
        [ACT_TAKE_OUT] = "taken out of the store",
        [ACT_DECLINE] = "added test refused for",
        [ACT_LOOK_TUBE] = "tube looked at",
        [ACT_START_UP] = "daily start-up done",
        [ACT_RUN_QC] = "controls run",
        [ACT_CALIBRATE] = "calibrated",
        [ACT_REAGENT] = "new bottle loaded",
        [ACT_MAINTAIN] = "maintenance done",
        [ACT_RERUN] = "rerun asked for",
        [ACT_DILUTE] = "dilution asked for",
        [ACT_BLANK] = "lipemia cleared",
        [ACT_MOVE_LINE] = "moved to the other line",
        [ACT_TREAT] = "dealt with",
        [ACT_JUDGE_QC] = "control judged",
        [ACT_ACCEPT_QC_RUN] = "control run accepted",
        [ACT_LOOK_BACK] = "look-back started",
        [ACT_REVIEW_QC] = "month of controls signed",
        [ACT_VERIFY] = "verified",
        [ACT_HOLD_RESULT] = "held",
        [ACT_CANCEL] = "canceled",
        [ACT_COMMENT] = "comment added",
        [ACT_CORRECT] = "corrected by a formula",
        [ACT_AMEND] = "amended",
        [ACT_CALL] = "called about",
        [ACT_READ_BACK] = "read-back answered",
        [ACT_ANSWER] = "telephone answered",
        [ACT_REPLY] = "caller answered",
        [ACT_LOOK_PANEL] = "readings page opened",
        [ACT_SIGN_LIST] = "checklist signed",
        [ACT_LOOK_UNIT] = "display read",
        [ACT_LOG_UNIT] = "temperature written",
        [ACT_UNIT_DO] = "unit or stock dealt with",
        [ACT_COMPARE_LOT] = "comparison of lots started",
        [ACT_JUDGE_LOT] = "new lot decided",
        [ACT_ALARM_STEP] = "step of the manual begun",
        [ACT_SERVICE] = "service called",
        [ACT_CHECK_LINE] = "check after repair begun",
        [ACT_RETURN_LINE] = "analyzer returned",
        [ACT_DOWNTIME] = "downtime log begun",
        [ACT_TELL] = "wards told",
        [ACT_BACKUP] = "sent another way",
        [ACT_PAPER] = "reported on paper",
        [ACT_ENTER] = "result entered",
        [ACT_CHECK_ENTRY] = "entry checked",
        [ACT_OPEN_SOP] = "procedure opened",
        [ACT_OPEN_RESULT] = "results opened",
        [ACT_NOTE] = "note written",
        [ACT_HAND_OVER] = "handed over",
    };
    return kind > ACT_NONE && kind < ACT_COUNT && said[kind] ? said[kind] : "";
}

const char *mode_title(shift_mode_t mode)
{
    return mode_titles[mode];
}
