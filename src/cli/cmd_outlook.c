/* titer outlook: what the work pays, where, and how many places there are. */
#include "args.h"
#include "road/outlook.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { OUTLOOK_ARENA_MAX = 16 * 1024 * 1024, OUTLOOK_OUTPUT_MAX = 1024 * 1024, PLACES_MAX = 80 };

static const char HELP[] =
    "usage: titer outlook [--job technician|phlebotomist] [--state XX] [--json]\n"
    "\n"
    "Prints pay (dollars a year) and outlook with the release each number is from; with --state that state beside\n"
    "the country, what its license costs and the years that were read; without it all states by their median. The\n"
    "last lines are figures that are often misquoted, and the right ones. \"–\" and null: not given or not read.\n"
    "\n"
    "example: titer outlook --state TN --json\n";

static void number(text_t *out, int64_t value, bool json)
{
    if (value == OUTLOOK_NOT_GIVEN)
        text_add(out, json ? "null" : "–");
    else
        text_add_int(out, value);
}

static void json_key(text_t *out, const char *key, const char *value)
{
    text_addf(out, ",\"%s\":", key);
    if (value && value[0])
        text_add_json(out, value);
    else
        text_add(out, "null");
}

static void json_source(text_t *out, const fact_source_t *source)
{
    json_key(out, "source", source->text);
    json_key(out, "as_of", source->as_of);
    json_key(out, "confidence", source->confidence);
}

static void json_pay(text_t *out, const outlook_pay_t *p)
{
    const struct {
        const char *key;
        int32_t value;
    } numbers[] = {{"employment", p->employment},
                   {"median", p->median},
                   {"mean", p->mean},
                   {"p10", p->p10},
                   {"p25", p->p25},
                   {"p75", p->p75},
                   {"p90", p->p90}};
    text_add(out, "{\"place\":");
    text_add_json(out, p->place);
    json_key(out, "name", p->name);
    json_key(out, "period", p->period);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        text_addf(out, ",\"%s\":", numbers[i].key);
        number(out, numbers[i].value, true);
    }
    json_source(out, &p->source);
    text_add_char(out, '}');
}

static void json_projection(text_t *out, const outlook_projection_t *p)
{
    text_add(out, "{\"cycle\":");
    text_add_json(out, p->cycle);
    text_add(out, ",\"growth_percent\":");
    if (isnan(p->percent))
        text_add(out, "null");
    else
        text_add_fixed(out, p->percent, 1);
    text_add(out, ",\"openings_a_year\":");
    number(out, p->openings, true);
    text_add(out, ",\"base\":");
    number(out, p->base, true);
    text_add(out, ",\"projected\":");
    number(out, p->projected, true);
    json_key(out, "education", p->education);
    json_source(out, &p->source);
    text_add_char(out, '}');
}

static void json_license(text_t *out, const outlook_t *o, int job, const char *state)
{
    const outlook_license_t *l = outlook_license(o, state);
    text_add(out, ",\"license\":{\"required\":");
    const char *asked = outlook_license_asked(l, &o->jobs[job]);
    text_add_json(out, asked && asked[0] ? asked : "unknown");
    json_key(out, "fees_usd", l ? l->fees : NULL);
    if (l) json_source(out, &l->source);
    text_add_char(out, '}');
}

static void write_json(text_t *out, const outlook_t *o, int job, const char *state)
{
    const outlook_pay_t *list[PLACES_MAX];
    bool first = true;
    text_add(out, "{\"job\":");
    text_add_json(out, o->jobs[job].id);
    json_key(out, "title", o->jobs[job].title);
    json_key(out, "soc", o->jobs[job].soc);
    json_key(out, "note", o->jobs[job].note);
    text_add(out, ",\"pay\":[");
    int count = state ? 0 : outlook_ranked(o, job, list, PLACES_MAX);
    for (int i = 0; i < o->pay_count; i++) {
        const outlook_pay_t *p = &o->pay[i];
        if (p->job != job || (strcmp(p->place, "US") != 0 && !(state && strcmp(p->place, state) == 0))) continue;
        if (!first) text_add(out, ",\n ");
        json_pay(out, p);
        first = false;
    }
    for (int i = 0; i < count; i++) {
        text_add(out, ",\n ");
        json_pay(out, list[i]);
    }
    text_add(out, "],\n\"projections\":[");
    first = true;
    for (int i = 0; i < o->projection_count; i++) {
        if (o->projections[i].job != job) continue;
        if (!first) text_add(out, ",\n ");
        json_projection(out, &o->projections[i]);
        first = false;
    }
    text_add_char(out, ']');
    if (state) json_license(out, o, job, state);
    text_add(out, ",\n\"misquoted\":[");
    for (int i = 0; i < o->misquote_count; i++) {
        text_add(out, i ? ",\n {\"claim\":" : "{\"claim\":");
        text_add_json(out, o->misquotes[i].claim);
        json_key(out, "right", o->misquotes[i].right);
        json_source(out, &o->misquotes[i].source);
        text_add_char(out, '}');
    }
    text_add(out, "]}\n");
}

static void pay_line(text_t *out, const outlook_pay_t *p)
{
    const int32_t values[] = {p->median, p->p10, p->p25, p->p75, p->p90, p->employment};
    text_addf(out, "%-22.22s %-9s", p->name, p->period);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i] == OUTLOOK_NOT_GIVEN)
            text_addf(out, " %7s", "-");
        else
            text_addf(out, " %7d", (int)values[i]);
    text_add_char(out, '\n');
}

static void write_outlook(text_t *out, const outlook_t *o, int job)
{
    for (int i = 0; i < o->projection_count; i++) {
        const outlook_projection_t *p = &o->projections[i];
        if (p->job != job) continue;
        text_addf(out, "%s: ", p->cycle);
        if (isnan(p->percent))
            text_add(out, "growth not read");
        else {
            text_add(out, "growth ");
            text_add_fixed(out, p->percent, 1);
            text_add(out, " %");
        }
        text_add(out, ", openings a year ");
        number(out, p->openings, false);
        text_addf(out, " [%s]\n", p->source.text);
        if (p->note[0]) text_addf(out, "    %s\n", p->note);
    }
}

static void write_text(text_t *out, const outlook_t *o, int job, const char *state)
{
    const outlook_pay_t *list[PLACES_MAX];
    text_addf(out, "%s (SOC %s), dollars a year\n\n", o->jobs[job].title, o->jobs[job].soc);
    text_add(out, "place                  period     median     p10     p25     p75     p90    jobs\n");
    for (int i = 0; i < o->pay_count; i++) {
        const outlook_pay_t *p = &o->pay[i];
        if (p->job == job && (strcmp(p->place, "US") == 0 || (state && strcmp(p->place, state) == 0))) pay_line(out, p);
    }
    int count = state ? 0 : outlook_ranked(o, job, list, PLACES_MAX);
    for (int i = 0; i < count; i++) pay_line(out, list[i]);
    const outlook_pay_t *newest = outlook_newest(o, job, state ? state : "US");
    if (newest) text_addf(out, "[%s]\n", newest->source.text);
    if (o->jobs[job].note[0]) text_addf(out, "%s\n", o->jobs[job].note);
    if (state) {
        const outlook_license_t *l = outlook_license(o, state);
        const char *asked = outlook_license_asked(l, &o->jobs[job]);
        text_addf(out, "\nState license for this work: %s", asked && asked[0] ? asked : "unknown: not read");
        if (l) {
            text_addf(out, "; cost: %s [%s; %s; confidence %s]", l->fees[0] ? l->fees : "not read", l->source.text,
                      l->source.as_of, l->source.confidence);
        }
        text_add(out, "\nCheck with the state before you pay.\n");
    }
    text_add_char(out, '\n');
    write_outlook(out, o, job);
    text_add(out, "\nOften misquoted:\n");
    for (int i = 0; i < o->misquote_count; i++)
        text_addf(out, "  \"%s\": %s\n", o->misquotes[i].claim, o->misquotes[i].right);
}

static bool look(cli_t *cli, const char *job_name, const char *state, bool json, arena_t *arena, text_t *out,
                 err_t *err)
{
    outlook_t o;
    if (!outlook_load(&o, arena, cli->content, err)) return false;
    int job = outlook_job(&o, job_name ? job_name : "technician");
    if (job < 0 || !outlook_newest(&o, job, "US"))
        return err_set(err, ERR_INPUT, "--job is technician or phlebotomist; found \"%.40s\"", job_name);
    if (state) {
        const outlook_pay_t *pay = outlook_newest(&o, job, state);
        const outlook_license_t *license = outlook_license(&o, state);
        if ((!pay && !license) || strcasecmp(state, "US") == 0)
            return err_set(err, ERR_INPUT, "--state is a postal code such as TN; no pay was read of \"%.20s\"", state);
        state = license ? license->code : pay->place;
    }
    if (json)
        write_json(out, &o, job, state);
    else
        write_text(out, &o, job, state);
    return !out->failed || err_set(err, ERR_MEMORY, "there is not enough memory");
}

int cmd_outlook(cli_t *cli, int argc, char **argv)
{
    const char *job = NULL, *state = NULL;
    bool json = false;
    const arg_t table[] = {
        {"--job", &job, NULL}, {"--state", &state, NULL}, {"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "outlook", &err);
    if (args.help) return fputs(HELP, cli->out), CLI_OK;
    arena_t *arena = arena_new(OUTLOOK_ARENA_MAX);
    text_t out;
    text_init(&out, OUTLOOK_OUTPUT_MAX);
    bool ok = args.count > 0 ? err_set(&err, ERR_INPUT, "\"%.40s\" is one word too many", args.words[0])
              : arena        ? look(cli, job, state, json, arena, &out, &err)
                             : err_set(&err, ERR_MEMORY, "there is not enough memory");
    if (ok) fputs(out.data, cli->out);
    text_free(&out);
    arena_free(arena);
    return ok ? CLI_OK : args_fail(cli, "outlook", &err);
}
