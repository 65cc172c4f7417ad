/* Reading content/road/interview.yaml. */
#include "road/interview.h"
#include "base/yaml.h"

#include <string.h>

static const char *const kinds[] = {"technical", "behavior", "chart", "case", NULL};

static bool read_shows(const yaml_t *yaml, yaml_item_t *item, ask_t *ask, err_t *err)
{
    yaml_item_t *shows = yaml_get(item, "shows");
    if (!shows || shows->kind != YAML_LIST || shows->count < 1 || shows->count > INTERVIEW_SHOWS_MAX)
        return yaml_fail(yaml, item, err, "a question needs `shows`: a list of 1 to %d texts", INTERVIEW_SHOWS_MAX);
    for (yaml_item_t *s = shows->first; s; s = s->next) {
        if (s->kind != YAML_SCALAR || !s->text[0]) return yaml_fail(yaml, s, err, "what an answer shows is a text");
        s->used = true;
        ask->shows[ask->show_count++] = s->text;
    }
    return true;
}

static bool read_ask(const yaml_t *yaml, yaml_item_t *item, interview_t *interview, ask_t *asks, int theme, err_t *err)
{
    int kind;
    if (interview->ask_count == INTERVIEW_QUESTIONS_MAX)
        return yaml_fail(yaml, item, err, "there are at most %d questions", INTERVIEW_QUESTIONS_MAX);
    ask_t *ask = &asks[interview->ask_count];
    *ask = (ask_t){.theme = theme, .weak = ""};
    if (!yaml_text(yaml, item, "id", &ask->id, err) || !yaml_choice(yaml, item, "kind", kinds, &kind, err) ||
        !yaml_text(yaml, item, "ask", &ask->ask, err) || !yaml_text(yaml, item, "weak", &ask->weak, err) ||
        !read_shows(yaml, item, ask, err))
        return false;
    if (interview_find(interview, ask->id) >= 0)
        return yaml_fail(yaml, item, err, "the id %s is taken by another question", ask->id);
    ask->kind = (ask_kind_t)kind;
    interview->ask_count++;
    return true;
}

static bool read_theme(const yaml_t *yaml, yaml_item_t *item, interview_t *interview, ask_theme_t *theme, ask_t *asks,
                       err_t *err)
{
    yaml_item_t *questions = yaml_get(item, "questions");
    if (!yaml_text(yaml, item, "id", &theme->id, err) || !yaml_text(yaml, item, "title", &theme->title, err))
        return false;
    if (!questions || questions->kind != YAML_LIST || questions->count == 0)
        return yaml_fail(yaml, item, err, "a theme needs `questions`, a list");
    theme->first = interview->ask_count;
    for (yaml_item_t *q = questions->first; q; q = q->next)
        if (!read_ask(yaml, q, interview, asks, interview->theme_count, err)) return false;
    theme->count = interview->ask_count - theme->first;
    return true;
}

bool interview_load(interview_t *interview, arena_t *arena, const source_t *content, err_t *err)
{
    static const char PATH[] = "road/interview.yaml";
    const source_file_t *file = source_find(content, PATH);
    yaml_t yaml;
    *interview = (interview_t){0};
    if (!file) return err_set(err, ERR_NOT_FOUND, "The content has no %s.", PATH);
    if (!yaml_read(&yaml, arena, PATH, file->bytes, file->length, err)) return false;
    fact_source_t *s = &interview->source;
    if (!yaml_text(&yaml, yaml.root, "source", &s->text, err) ||
        !yaml_text(&yaml, yaml.root, "as_of", &s->as_of, err) ||
        !yaml_text(&yaml, yaml.root, "confidence", &s->confidence, err))
        return false;
    yaml_item_t *list = yaml_get(yaml.root, "themes");
    if (!list || list->kind != YAML_LIST) return yaml_fail(&yaml, yaml.root, err, "`themes` is a list");
    ask_theme_t *themes = arena_array(arena, list->count + 1, sizeof *themes);
    ask_t *asks = arena_array(arena, INTERVIEW_QUESTIONS_MAX, sizeof *asks);
    if (!themes || !asks) return err_set(err, ERR_MEMORY, "There is not enough memory for the questions.");
    interview->themes = themes;
    interview->asks = asks;
    for (yaml_item_t *t = list->first; t; t = t->next) {
        if (!read_theme(&yaml, t, interview, &themes[interview->theme_count], asks, err)) return false;
        interview->theme_count++;
    }
    return yaml_no_unused(&yaml, yaml.root, err);
}

int interview_find(const interview_t *interview, const char *id)
{
    for (int i = 0; i < interview->ask_count; i++)
        if (strcmp(interview->asks[i].id, id) == 0) return i;
    return -1;
}
