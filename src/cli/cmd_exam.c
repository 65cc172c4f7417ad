/* titer exam list | take FORM | take --continue ID | export ID | calibrate */
#include "app/exam_report.h"
#include "app/items.h"
#include "args.h"
#include "clock.h"
#include "exhibit_text.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 256, ARENA_BYTES = 1024 * 1024, FORMS_SHOWN = 40 };
static const char DEVICE[] = "terminal";

static const char HELP[] = "usage: titer exam list [--data DIR] [--json]\n"
                           "       titer exam take FORM [--seed N] [--data DIR]\n"
                           "       titer exam take --continue ID [--data DIR]\n"
                           "       titer exam export ID [--data DIR]\n"
                           "       titer exam calibrate [--dry-run] [--data DIR] [--json]\n"
                           "\n"
                           "take asks one question after another in the terminal. Answer with the number of the "
                           "option; several: \"1 3\"; order: the\n"
                           "numbers in their order; pairs: for each left side the number of its right side, 0 for "
                           "none; or the number asked for. A picture comes in words and figures.\n"
                           "f flags the item, q leaves: each answer is kept, and --continue goes on. Forms model what "
                           "bodies publish, not their\n"
                           "algorithms; no score is theirs.\n"
                           "\n"
                           "calibrate fits a Rasch model to the answers of all finished sittings, each item with "
                           "its author's difficulty and SD as prior,\n"
                           "and keeps the difficulties of items with 200 answers or more for the sittings that "
                           "follow. It counts each sitting as\n"
                           "another person: use it on the answers of many people.\n"
                           "--dry-run keeps nothing.\n"
                           "\n"
                           "example: titer exam take pbt-practice\n"
                           "example: titer exam export 3k8v2m5qd0xa > sitting.jsonl\n";

typedef struct {
    const char *data, *seed, *again;
    bool json, dry;
} asked_t;

/* ---- list ---- */

static void string(text_t *out, const char *key, const char *value)
{
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, value);
}

static void form_line(text_t *out, const app_form_t *form, bool json, bool first)
{
    if (!json) {
        text_addf(out, "%-16s %-9s %4d items %4d min  %s\n", form->id, form->kind, form->items, form->minutes,
                  form->title);
        return;
    }
    text_addf(out, "%s{\"items\":%d,\"minutes\":%d,\"in_bank\":%d", first ? "" : ",", form->items, form->minutes,
              form->there);
    string(out, "id", form->id);
    string(out, "kind", form->kind);
    string(out, "navigation", form->navigation);
    string(out, "title", form->title);
    text_add_char(out, '}');
}

static void sitting_line(text_t *out, const app_sitting_t *s, bool json, bool first)
{
    bool scored = s->over && s->score == s->score;
    if (!json) {
        text_addf(out, "%s  %-28s %3d of %3d answered  %s", s->id, s->title, s->answered, s->items,
                  s->over ? "over" : "open");
        if (scored) text_addf(out, "  %.0f +- %.0f", s->score, 196 * s->se);
        text_add_char(out, '\n');
        return;
    }
    text_addf(out, "%s{\"id\":\"%s\",\"answered\":%d,\"items\":%d,\"over\":%s", first ? "" : ",", s->id, s->answered,
              s->items, s->over ? "true" : "false");
    string(out, "form", s->form);
    string(out, "title", s->title);
    if (scored) text_addf(out, ",\"score\":%.1f,\"se\":%.4f", s->score, s->se);
    text_add_char(out, '}');
}

static bool list(cli_t *cli, app_t *app, bool sittings, bool json, err_t *err)
{
    app_form_t forms[FORMS_SHOWN];
    app_sitting_t *past = calloc(APP_LIST_MAX, sizeof *past);
    int form_count = 0, count = 0;
    text_t out;
    text_init(&out, ARENA_BYTES);
    bool ok =
        past ? app_form_list(app, forms, FORMS_SHOWN, &form_count, err) : err_set(err, ERR_MEMORY, "not enough memory");
    ok = ok && (!sittings || app_sitting_list(app, past, APP_LIST_MAX, &count, err));
    if (json) text_add(&out, "{\"forms\":[");
    for (int i = 0; ok && i < form_count; i++) form_line(&out, &forms[i], json, i == 0);
    if (json) text_add(&out, "],\"sittings\":[");
    for (int i = 0; ok && i < count; i++) sitting_line(&out, &past[i], json, i == 0);
    if (json) text_add(&out, "]}\n");
    if (ok) fwrite(out.data, 1, out.length, cli->out);
    text_free(&out);
    free(past);
    return ok;
}

/* ---- take ---- */

static void show(cli_t *cli, const app_room_t *room)
{
    const app_question_t *q = &room->question;
    int minutes = (int)(room->left_ms / 60000);
    bool match = strcmp(q->type, "match") == 0;
    fprintf(cli->out, "\nItem %d of %d, %d min left%s\n\n%s%s%s\n\n", q->n + 1, room->items, minutes,
            q->flagged ? ", flagged" : "", q->about, q->about[0] ? "\n\n" : "", q->stem);
    text_t seen;
    text_init(&seen, ARENA_BYTES);
    exhibit_text(&seen, &q->exhibit);
    if (seen.data) fputs(seen.data, cli->out);
    text_free(&seen);
    for (int i = 0; i < q->parts; i++) fprintf(cli->out, "  %d  %s\n", i + 1, q->part[i].text);
    if (match) fputs("and on the right\n", cli->out);
    for (int i = 0; match && i < q->parts; i++) fprintf(cli->out, "  %d  %s\n", i + 1, q->part[i].right);
    fprintf(cli->out, "%s%s> ", q->type, q->unit[0] ? ", in " : "");
    fprintf(cli->out, "%s%s", q->unit, q->unit[0] ? " > " : "");
    if (q->may_renew) fputs("(v: new numbers) ", cli->out);
    fflush(cli->out);
}

/* "2", "1 3", "2 1 4 3": from 1; for pairs 0 is none. */
static bool read_places(const char *line, const app_question_t *q, room_act_t *act, err_t *err)
{
    bool match = strcmp(q->type, "match") == 0;
    char *end;
    while (*line) {
        long place = strtol(line, &end, 10);
        if (end == line) break;
        if (act->count == APP_PARTS_MAX || place < !match || place > q->parts)
            return err_set(err, ERR_INPUT, "Answer with numbers from %d to %d.", !match, q->parts);
        act->chosen[act->count++] = (int)place - 1;
        line = end + strspn(end, " ,\t\r\n");
    }
    if (*line || act->count == 0) return err_set(err, ERR_INPUT, "Answer with the number of the option, f, or q.");
    return true;
}

static bool answer(app_t *app, const char *id, const app_question_t *q, char *line, err_t *err)
{
    room_act_t act = {.kind = ROOM_ANSWER, .n = q->n, .number = line};
    if (line[0] == 'f' && !line[1])
        act = (room_act_t){.kind = ROOM_FLAG, .n = q->n, .on = !q->flagged};
    else if (q->may_renew && line[0] == 'v' && !line[1])
        act.kind = ROOM_RENEW;
    else if (strcmp(q->type, "numeric") != 0 && strcmp(q->type, "count") != 0 && !read_places(line, q, &act, err))
        return false;
    return app_room_act(app, id, DEVICE, &act, "", err);
}

static bool finish(cli_t *cli, app_t *app, const char *id, bool over, err_t *err)
{
    app_report_t *report = calloc(1, sizeof *report);
    room_act_t end = {.kind = ROOM_END, .n = -1};
    bool ok =
        report ? over || app_room_act(app, id, DEVICE, &end, "", err) : err_set(err, ERR_MEMORY, "not enough memory");
    ok = ok && app_report(app, id, report, err);
    if (ok) {
        const report_t *r = &report->report;
        fprintf(cli->out,
                "\n%d of %d right. Measure %.0f, between %.0f and %.0f with 95 %% confidence, on this program's own "
                "scale.\n",
                r->right, r->items, r->score, r->low, r->high);
        for (int i = 0; i < r->area_count; i++)
            if (r->areas[i].items > 0)
                fprintf(cli->out, "  %-45s %3d of %3d%s\n", r->areas[i].area, r->areas[i].right, r->areas[i].items,
                        r->areas[i].lightly ? "  few items: read lightly" : "");
        fputs("Chance of passing: not yet calibrated. `titer serve` shows every item with its reasons.\n", cli->out);
        app_report_leave(app, report);
    }
    free(report);
    return ok;
}

static bool take(cli_t *cli, app_t *app, const char *id, err_t *err)
{
    arena_t *arena = arena_new(ARENA_BYTES);
    app_room_t *room = calloc(1, sizeof *room);
    char line[LINE_MAX_BYTES];
    bool ok = (arena && room) || err_set(err, ERR_MEMORY, "not enough memory"), left = false;
    room_act_t mine = {.kind = ROOM_TAKE, .n = -1};
    while (ok && !left) {
        arena_reset(arena);
        ok = app_room(app, id, DEVICE, -1, arena, room, err);
        if (ok && room->elsewhere)
            ok = app_room_act(app, id, DEVICE, &mine, "", err) && app_room(app, id, DEVICE, -1, arena, room, err);
        if (!ok || room->state == ROOM_OVER || room->answered == room->items) break;
        int n = room->current;
        for (int i = 0; i < room->count && room->entry[n] & ROOM_ANSWERED; i++) n = (n + 1) % room->count;
        if (n != room->current) ok = app_room(app, id, DEVICE, n, arena, room, err);
        if (!ok) break;
        show(cli, room);
        left = !fgets(line, sizeof line, cli->in);
        line[left ? 0 : strcspn(line, "\r\n")] = '\0';
        left = left || strcmp(line, "q") == 0;
        err_t why = {0};
        if (!left && !answer(app, id, &room->question, line, &why)) fprintf(cli->out, "%s\n", why.text);
    }
    if (ok && left)
        fprintf(cli->out, "\nLeft. The clock runs on. To go on: titer exam take --continue %s\n", id);
    else if (ok)
        ok = finish(cli, app, id, room->state == ROOM_OVER, err);
    free(room);
    arena_free(arena);
    return ok;
}

static bool start(cli_t *cli, app_t *app, const asked_t *asked, const char *form, char id[APP_ID_MAX], err_t *err)
{
    int64_t seed = 0;
    app_sitting_start_t begun = {.form = form, .factor = 1};
    if (!args_int("--seed", asked->seed, 0, 999999999999, &seed, err)) return false;
    begun.seed = (uint64_t)seed;
    if (!app_sitting_create(app, &begun, DEVICE, id, err)) return false;
    fprintf(cli->out, "Sitting %s. q leaves, --continue goes on.\n", id);
    return true;
}

static bool export_one(cli_t *cli, app_t *app, const char *id, err_t *err)
{
    text_t out;
    text_init(&out, 8 * ARENA_BYTES);
    bool ok = app_sitting_export(app, id, &out, err);
    if (ok) fwrite(out.data, 1, out.length, cli->out);
    text_free(&out);
    return ok;
}

static void calibrated_json(text_t *out, const app_calibration_t *c, bool kept)
{
    text_addf(out,
              "{\"calibrated\":%s,\"kept\":%s,\"sittings\":%d,\"items_answered\":%d,\"items\":%d,\"alike\":%d,"
              "\"most_answers\":%d,\"least_answers\":%d,\"answers\":%d,\"persons\":%d,\"mean\":",
              c->enough ? "true" : "false", kept ? "true" : "false", c->sittings, c->answered, c->items, c->alike,
              c->most, APP_CALIBRATION_LEAST, c->answers, c->persons);
    if (c->enough) {
        text_add_fixed(out, c->mean, 3);
        text_add(out, ",\"sd\":");
        text_add_fixed(out, c->sd, 3);
    } else {
        text_add(out, "null,\"sd\":null");
    }
    text_add(out, "}\n");
}

static void calibrated_text(text_t *out, const app_calibration_t *c, bool kept)
{
    text_addf(out, "%d finished sittings count, with answers to %d items.\n", c->sittings, c->answered);
    if (c->alike)
        text_addf(out, "%d items have enough answers, but all alike: they say nothing of a difficulty.\n", c->alike);
    if (!c->enough) {
        int missing = APP_CALIBRATION_LEAST - c->most;
        text_addf(out, "Not calibrated: at least %d items need %d answers each; %d have them.",
                  (int)APP_CALIBRATION_ITEMS_LEAST, (int)APP_CALIBRATION_LEAST, c->items);
        if (missing > 0) text_addf(out, " The item with most has %d, %d are missing.", c->most, missing);
        text_add(out, "\nUntil then difficulties follow the answers one by one (titer item show ID --statistics).\n");
        return;
    }
    text_addf(out, "%d of %d items calibrated from %d answers of %d sittings; persons have mean ", c->items,
              c->answered, c->answers, c->persons);
    text_add_fixed(out, c->mean, 2);
    text_add(out, ", SD ");
    text_add_fixed(out, c->sd, 2);
    text_add(out, " logits");
    text_add(out, kept ? ".\nKept: sittings that begin from now on use it.\n" : ".\nNothing was kept (--dry-run).\n");
}

static bool calibrate_all(cli_t *cli, app_t *app, const asked_t *asked, err_t *err)
{
    app_calibration_t c;
    text_t out;
    int none;
    if (!(asked->dry ? app_calibration_look(app, true, &c, NULL, 0, &none, err)
                     : app_calibrate(app, "", NULL, &c, err)))
        return false;
    text_init(&out, ARENA_BYTES);
    (asked->json ? calibrated_json : calibrated_text)(&out, &c, c.enough && !asked->dry);
    fwrite(out.data, 1, out.length, cli->out);
    text_free(&out);
    return true;
}

int cmd_exam(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--data", &asked.data, NULL},      {"--seed", &asked.seed, NULL},
                           {"--continue", &asked.again, NULL}, {"--json", NULL, &asked.json},
                           {"--dry-run", NULL, &asked.dry},    {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    char dir[4096], id[APP_ID_MAX] = "";
    app_t *app = NULL;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer exam", &err);
    const char *what = args.count > 0 ? args.words[0] : "";
    bool lists = strcmp(what, "list") == 0 && args.count == 1, takes = strcmp(what, "take") == 0,
         exports = strcmp(what, "export") == 0 && args.count == 2,
         calibrates = strcmp(what, "calibrate") == 0 && args.count == 1;
    if (args.help) {
        fputs(HELP, cli->out);
        return CLI_OK;
    }
    if (!lists && !exports && !calibrates && !(takes && args.count == (asked.again ? 1 : 2))) {
        fputs(HELP, cli->err);
        return CLI_USAGE;
    }
    app_options_t options = {.read_only = !takes && !(calibrates && !asked.dry),
                             .content = cli->content,
                             .now_ms = clock_now_ms,
                             .random = clock_random};
    bool ok = args_data_dir(asked.data, dir, sizeof dir, &err);
    options.data_dir = dir;
    err_t none = {0};
    bool kept = ok && app_open(&app, &options, lists ? &none : &err);
    if (ok && !kept && lists) { /* forms can be told without data */
        options.data_dir = NULL;
        ok = app_open(&app, &options, &err);
    } else {
        ok = kept;
    }
    if (ok && lists) ok = list(cli, app, kept, asked.json, &err);
    if (ok && exports) ok = export_one(cli, app, args.words[1], &err);
    if (ok && calibrates) ok = calibrate_all(cli, app, &asked, &err);
    if (ok && takes && !asked.again) ok = start(cli, app, &asked, args.words[1], id, &err);
    if (ok && takes) ok = take(cli, app, asked.again ? asked.again : id, &err);
    if (app) app_close(app);
    return ok ? CLI_OK : args_fail(cli, "titer exam", &err);
}
