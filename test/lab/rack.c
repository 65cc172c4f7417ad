/* Racks and STAT ports: cases of rack.cases; and over many seeds, with tubes loaded, moved and taken out at random: a
 * tube stands in one place at most, nothing is lost, the needle takes the tube whose turn it is by what a trainee sees,
 * and the same actions make the same state again. A track that finds every deck full goes on when there is room. Usage:
 * rack rack.cases */
#include "base/content.h"
#include "check.h"
#include "lab/debrief.h"
#include "lab/lab.h"
#include "shift_private.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 300, READY_MAX = 24, SEEDS = 60, STEPS = 150 };

typedef struct {
    shift_t *shift;
    scenario_t *scenario;
    int32_t tubes[READY_MAX], taken[READY_MAX]; /* ready tubes; those sampled, in order */
    int count, taken_count;
} stage_t;

static const char *const head =
    "id: rack-case\ntitle: \"A case\"\nsummary: \"A case.\"\nrole: \"Technician\"\nstaffing: \"You\"\nstart: "
    "\"06:00\"\n"
    "background: 0\nsettings: {ed: 3, inpatient: 5}\nobjectives: [\"x\"]\nbriefing: [\"x\"]\n";

static shift_t *begin(const lab_t *lab, const char *rest, uint64_t seed, scenario_t **scenario)
{
    char text[1000];
    err_t err = {0};
    shift_t *shift = NULL;
    int n = snprintf(text, sizeof text, "%s%s", head, rest);
    bool read = scenario_read(lab, "case.yaml", (const unsigned char *)text, (size_t)n, scenario, &err);
    CHECK(read && shift_start(&shift, lab, *scenario, seed, MODE_ASSESS, &err), "%s", err.text);
    if (!shift) exit(1);
    return shift;
}

static bool do_list(shift_t *shift, action_kind_t kind, int32_t first, err_t *err)
{
    action_t action = action_make(kind);
    action.list[action.count++] = first;
    return shift_act(shift, &action, err);
}

/* Receives and spins what waits. */
static void make_ready(stage_t *b)
{
    err_t err;
    shift_advance(b->shift, 3600);
    action_t spin = action_make(ACT_SPIN);
    for (int32_t i = 0; i < shift_specimen_count(b->shift); i++) {
        int32_t at = shift_arrived_specimen(b->shift, i);
        if (!do_list(b->shift, ACT_ACCEPT, at, &err) || b->count == READY_MAX) continue;
        spin.list[spin.count++] = at;
        b->tubes[b->count++] = at;
    }
    CHECK(shift_act(b->shift, &spin, &err), "spin: %s", err.text);
    shift_advance(b->shift, shift_now_s(b->shift) + 700);
}

static void note_sampled(stage_t *b)
{
    for (int i = 0; i < b->count; i++) {
        bool known = shift_specimen_state(b->shift, b->tubes[i]) <= SPECIMEN_QUEUED;
        for (int k = 0; k < b->taken_count; k++) known = known || b->taken[k] == b->tubes[i];
        if (!known) b->taken[b->taken_count++] = b->tubes[i];
    }
}

/* ---- where everything stands ---- */

/* Counts the places in which each specimen stands, and compares with what is told of it. */
static void check_places(const shift_t *shift, const char *what)
{
    static int seen[SHIFT_MAX_SPECIMENS];
    memset(seen, 0, sizeof seen);
    for (int line = 0; line < SHIFT_LINES; line++) {
        rack_view_t rack;
        line_view_t v;
        int waiting = 0, room = 0, stat_room = 0;
        for (int r = 0; shift_rack(shift, line, r, &rack); r++)
            for (int p = 0; p < rack.places; p++) {
                int32_t s = rack.place[p].specimen;
                room += r > 0 && rack.place[p].state == PLACE_FREE;
                stat_room += r == 0 && rack.place[p].state == PLACE_FREE;
                if (s < 0) continue;
                specimen_view_t sv;
                CHECK(shift_specimen(shift, s, &sv), "%s: a place holds no specimen", what);
                CHECK(sv.line == line && sv.rack == r && sv.position == p + 1, "%s: %s is told elsewhere", what,
                      sv.accession);
                CHECK(seen[s]++ == 0, "%s: %s stands in two places", what, sv.accession);
                CHECK(rack.turn > 0 || r == 0, "%s: a tube in a rack that is out", what);
                waiting += rack.place[p].state == PLACE_WAITING;
                CHECK((rack.place[p].state == PLACE_WAITING) == (sv.state == SPECIMEN_QUEUED), "%s: %s is %s", what,
                      sv.accession, place_word(rack.place[p].state));
            }
        if (!shift_line(shift, line, &v)) continue;
        CHECK(v.queued == waiting, "%s: %d queued, %d waiting", what, v.queued, waiting);
        CHECK(v.stat_room == stat_room, "%s: STAT room %d, counted %d", what, v.stat_room, stat_room);
        CHECK(v.rack_room == room, "%s: room %d, counted %d", what, v.rack_room, room);
    }
    for (int32_t i = 0; i < shift_specimen_count(shift); i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(shift, i);
        if (!shift_specimen(shift, at, &v)) continue;
        CHECK((v.position > 0) == (seen[at] == 1), "%s: %s is told in a place and stands in none", what, v.accession);
        CHECK(v.state != SPECIMEN_QUEUED || v.position > 0, "%s: %s waits nowhere", what, v.accession);
    }
}

/* The tube whose turn it is on a line, by the views: of the STAT port the one loaded first; -2 when two are. */
static int32_t next_by_sight(const shift_t *shift, int line)
{
    rack_view_t rack;
    specimen_view_t v;
    int32_t best = -1, soonest = INT32_MAX;
    bool twice = false;
    if (!shift_rack(shift, line, 0, &rack)) return -1;
    for (int p = 0; p < rack.places; p++) {
        if (rack.place[p].state != PLACE_WAITING || !shift_specimen(shift, rack.place[p].specimen, &v)) continue;
        twice = v.loaded_s == soonest || (twice && v.loaded_s > soonest);
        if (v.loaded_s >= soonest) continue;
        soonest = v.loaded_s;
        best = v.index;
    }
    if (best >= 0) return twice ? -2 : best;
    int turn = INT32_MAX;
    for (int r = 1; shift_rack(shift, line, r, &rack); r++)
        for (int p = 0; p < rack.places && rack.turn < turn; p++)
            if (rack.place[p].state == PLACE_WAITING) {
                turn = rack.turn;
                best = rack.place[p].specimen;
            }
    return best;
}

/* To `to_s` second by second; whoever was sampled must have been next. */
static void advance_watched(shift_t *shift, int32_t to_s)
{
    while (shift_now_s(shift) < to_s && !shift_over(shift)) {
        int32_t next[SHIFT_LINES];
        int before[SHIFT_LINES];
        line_view_t v;
        for (int line = 0; line < SHIFT_LINES; line++) {
            next[line] = next_by_sight(shift, line);
            before[line] = shift_line(shift, line, &v) ? v.queued : 0;
        }
        shift_advance(shift, shift_now_s(shift) + 1);
        for (int line = 0; line < SHIFT_LINES; line++) {
            if (!shift_line(shift, line, &v) || v.queued >= before[line] || next[line] == -2) continue;
            CHECK(shift_specimen_state(shift, next[line]) == SPECIMEN_RUNNING, "%s took a tube out of turn", v.name);
        }
    }
}

/* ---- cases ---- */

static int32_t tube_of(const stage_t *b, const char *word)
{
    int number = word && word[0] == 'T' ? atoi(word + 1) : 0;
    CHECK(number >= 1 && number <= b->count, "no tube %s among %d", word ? word : "", b->count);
    return number >= 1 && number <= b->count ? b->tubes[number - 1] : -1;
}

static bool act_words(stage_t *b, action_kind_t kind, char *save, err_t *err)
{
    action_t action = action_make(kind);
    if (kind == ACT_LOAD) action.line = 0;
    for (char *word = strtok_r(NULL, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (word[0] == 'T') action.list[action.count++] = tube_of(b, word);
        if (strcmp(word, "stat") == 0) action.code = 1;
        if (strncmp(word, "line=", 5) == 0) action.line = atoi(word + 5);
        if (strncmp(word, "rack=", 5) == 0) action.rack = atoi(word + 5);
        if (strncmp(word, "pos=", 4) == 0) action.position = atoi(word + 4);
    }
    uint64_t hash = shift_hash(b->shift);
    if (shift_act(b->shift, &action, err)) return true;
    CHECK(hash == shift_hash(b->shift), "a refused action changed something");
    return false;
}

static void check_place(const stage_t *b, char *save, const char *want, const char *at)
{
    static const char *const out[] = {"in hand", "out"};
    const char *tube = strtok_r(NULL, " ", &save), *where = save ? save : "";
    specimen_view_t v;
    char place[SPECIMEN_PLACE_MAX];
    if (!shift_specimen(b->shift, tube_of(b, tube), &v)) return;
    specimen_place(&v, place);
    rack_view_t rack;
    const char *state = out[v.line >= 0];
    if (v.position > 0 && shift_rack(b->shift, v.line, v.rack, &rack))
        state = place_word(rack.place[v.position - 1].state);
    CHECK(strcmp(place, where) == 0 && strcmp(state, want) == 0, "%s: %s is at \"%s\", %s", at, tube, place, state);
}

static void case_go(stage_t *b)
{
    int32_t limit = shift_now_s(b->shift) + 7200;
    while (b->shift->lines[0].queued > 0 && shift_now_s(b->shift) < limit) {
        shift_advance(b->shift, shift_now_s(b->shift) + 1);
        note_sampled(b);
    }
    CHECK(b->shift->lines[0].queued == 0, "tubes still wait");
}

static void check_order(stage_t *b, char *save, const char *at)
{
    int n = 0;
    for (char *word = strtok_r(NULL, " ", &save); word; word = strtok_r(NULL, " ", &save), n++)
        CHECK(n < b->taken_count && b->taken[n] == tube_of(b, word), "%s: %s is not number %d", at, word, n + 1);
    CHECK(n == b->taken_count, "%s: %d were sampled", at, b->taken_count);
}

static void case_line(stage_t *b, char *line, const char *at)
{
    char *bar = strstr(line, " | "), *save = NULL;
    if (bar) *bar = '\0';
    const char *want = bar ? bar + 3 : "";
    char *word = strtok_r(line, " ", &save);
    bool refuse = strcmp(word, "refuse") == 0;
    err_t err = {0};
    if (refuse) word = strtok_r(NULL, " ", &save);
    int kind = strcmp(word, "move") == 0 ? ACT_MOVE_LINE : action_from_word(word);
    if (kind == ACT_LOAD || kind == ACT_UNLOAD || kind == ACT_MOVE_LINE) {
        bool done = act_words(b, (action_kind_t)kind, save, &err);
        CHECK(done != refuse, "%s: %s", at, done ? "done, and should be refused" : err.text);
        if (refuse) CHECK(strstr(err.text, want) != NULL, "%s: said \"%s\"", at, err.text);
    } else if (strcmp(word, "place") == 0) {
        check_place(b, save, want, at);
    } else if (strcmp(word, "go") == 0) {
        case_go(b);
    } else if (strcmp(word, "order") == 0) {
        check_order(b, save, at);
    } else if (strcmp(word, "wait") == 0) {
        shift_advance(b->shift, shift_now_s(b->shift) + 60 * atoi(save));
    } else if (strcmp(word, "room") == 0) {
        line_view_t v = {0};
        shift_line(b->shift, 0, &v);
        CHECK(v.rack_room == atoi(save) && v.stat_room == atoi(strchr(save, ' ')), "%s: room for %d and %d", at,
              v.rack_room, v.stat_room);
    } else {
        CHECK(false, "%s: unknown word %s", at, word);
    }
    check_places(b->shift, at);
}

static void case_begin(stage_t *b, const lab_t *lab)
{
    err_t err;
    *b = (stage_t){0};
    b->shift =
        begin(lab, "minutes: 400\nreception: trainee\nhandling: manual\nspecimens: 30\npending: 14\n", 3, &b->scenario);
    make_ready(b);
    CHECK(b->count >= 9, "only %d tubes are ready", b->count);
    action_t hold = action_make(ACT_MAINTAIN);
    hold.line = 0;
    hold.code = MAINTAIN_SERVICE;
    CHECK(shift_act(b->shift, &hold, &err), "hold: %s", err.text);
}

static void case_end(stage_t *b)
{
    shift_free(b->shift);
    scenario_free(b->scenario);
    b->shift = NULL;
}

static int run_cases(const lab_t *lab, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE_BYTES], name[LINE_BYTES] = "";
    stage_t b = {0};
    int cases = 0;
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        if (strncmp(line, "case ", 5) == 0) {
            if (b.shift) case_end(&b);
            case_begin(&b, lab);
            strcpy(name, line + 5);
            cases++;
            continue;
        }
        char at[2 * LINE_BYTES + 4];
        snprintf(at, sizeof at, "%s: %s", name, line);
        if (b.shift) case_line(&b, line, at);
    }
    if (b.shift) case_end(&b);
    if (file) fclose(file);
    return cases;
}

/* ---- properties over seeds ---- */

typedef struct {
    int32_t at_s;
    action_t action;
} taken_t;

static action_t random_action(const shift_t *shift, rng_t *rng)
{
    static const action_kind_t kinds[] = {ACT_LOAD,      ACT_LOAD, ACT_LOAD,  ACT_UNLOAD,
                                          ACT_MOVE_LINE, ACT_SPIN, ACT_ACCEPT};
    action_t action = action_make(kinds[rng_below(rng, 7)]);
    specimen_state_t wanted = action.kind == ACT_LOAD     ? SPECIMEN_SPUN
                              : action.kind == ACT_SPIN   ? SPECIMEN_RECEIVED
                              : action.kind == ACT_ACCEPT ? SPECIMEN_TRAY
                                                          : SPECIMEN_QUEUED;
    int most = 1 + (int)rng_below(rng, 6);
    bool other = rng_chance(rng, 0.05); /* a tube that cannot be meant */
    for (int32_t i = 0; i < shift_specimen_count(shift) && action.count < most; i++) {
        int32_t at = shift_arrived_specimen(shift, i);
        specimen_state_t state = shift_specimen_state(shift, at);
        if ((other || state == wanted || (state == SPECIMEN_QUEUED && action.kind == ACT_LOAD)) && rng_chance(rng, 0.6))
            action.list[action.count++] = at;
    }
    if (action.kind != ACT_LOAD) return action;
    action.line = (int32_t)rng_below(rng, 2);
    action.code = rng_chance(rng, 0.4);
    if (rng_chance(rng, 0.4)) action.rack = (int32_t)rng_below(rng, 4);
    if (rng_chance(rng, 0.3)) action.position = 1 + (int32_t)rng_below(rng, 6);
    return action;
}

static uint64_t fold(shift_t *shift, const taken_t *taken, int count)
{
    err_t err;
    for (int i = 0; i < count; i++) {
        shift_advance(shift, taken[i].at_s);
        CHECK(shift_act(shift, &taken[i].action, &err), "replay: %s", err.text);
    }
    shift_advance(shift, shift_length_s(shift));
    return shift_hash(shift);
}

static int random_shift(const lab_t *lab, uint64_t seed)
{
    static taken_t taken[STEPS];
    scenario_t *scenario;
    err_t err;
    shift_t *shift =
        begin(lab, "minutes: 300\nreception: trainee\nhandling: manual\nspecimens: 50\npending: 20\n", seed, &scenario);
    rng_t rng = rng_at(seed, 9, 9, 9);
    int count = 0, refused = 0;
    for (int step = 0; step < STEPS && shift_now_s(shift) < 12000; step++) {
        action_t action = random_action(shift, &rng);
        uint64_t hash = shift_hash(shift);
        taken[count].at_s = shift_now_s(shift);
        taken[count].action = action;
        if (shift_act(shift, &action, &err)) {
            count++;
        } else {
            refused++;
            CHECK(hash == shift_hash(shift), "seed %d: refused, and something changed: %s", (int)seed, err.text);
        }
        check_places(shift, "at random");
        advance_watched(shift, shift_now_s(shift) + (int32_t)rng_below(&rng, 120));
        check_places(shift, "later");
    }
    shift_advance(shift, shift_length_s(shift));
    line_view_t v;
    for (int line = 0; line < 2; line++) {
        CHECK(shift_line(shift, line, &v) && v.queued == 0 && v.running == 0, "seed %d: %d wait on %s, %d run",
              (int)seed, v.queued, v.name, v.running);
        CHECK(v.rack_room == DECK_RACKS * RACK_PLACES && v.stat_room == STAT_PLACES, "seed %d: the deck is not empty",
              (int)seed);
    }
    uint64_t hash = shift_hash(shift);
    CHECK(shift_restart(shift, scenario, seed, MODE_ASSESS, &err), "%s", err.text);
    check_places(shift, "begun again");
    CHECK(fold(shift, taken, count) == hash, "seed %d: the replay differs", (int)seed);
    shift_free(shift);
    scenario_free(scenario);
    return count;
}

/* The hash tells apart two decks with the same tubes in the queue. */
static void check_hash(const lab_t *lab)
{
    uint64_t hash[2];
    for (int i = 0; i < 2; i++) {
        stage_t b;
        err_t err;
        case_begin(&b, lab);
        action_t load = action_make(ACT_LOAD);
        load.line = 0;
        load.list[load.count++] = b.tubes[0];
        load.rack = 1 + i;
        CHECK(shift_act(b.shift, &load, &err), "%s", err.text);
        hash[i] = shift_hash(b.shift);
        case_end(&b);
    }
    CHECK(hash[0] != hash[1], "rack 1 and rack 2 have the same name for their state");
}

/* The debrief tells of a STAT tube that waited in a rack behind routine ones, and of none that went into the port. */
static void check_debrief(const lab_t *lab)
{
    for (int port = 0; port < 2; port++) {
        stage_t b;
        err_t err;
        debrief_t *debrief;
        case_begin(&b, lab);
        int stat = 0;
        while (stat < b.count && b.shift->specimens[b.tubes[stat]].priority != PRIORITY_STAT) stat++;
        CHECK(stat < b.count, "no STAT tube is ready");
        action_t load = action_make(ACT_LOAD);
        load.line = 0;
        for (int i = 0; i < b.count; i++)
            if (b.shift->specimens[b.tubes[i]].priority != PRIORITY_STAT) load.list[load.count++] = b.tubes[i];
        CHECK(load.count >= 3 && shift_act(b.shift, &load, &err), "%s", err.text);
        load.count = 0;
        load.list[load.count++] = b.tubes[stat];
        load.code = port;
        CHECK(shift_act(b.shift, &load, &err), "%s", err.text);
        shift_advance(b.shift, shift_length_s(b.shift));
        CHECK(debrief_make(b.shift, &debrief, &err), "%s", err.text);
        CHECK(debrief->stat_in_rack.tubes == !port, "%d STAT tubes waited in a rack", debrief->stat_in_rack.tubes);
        if (!port)
            CHECK(debrief->stat_in_rack.longest == b.tubes[stat] && debrief->stat_in_rack.longest_min > 40, "%d min",
                  debrief->stat_in_rack.longest_min);
        debrief_free(debrief);
        case_end(&b);
    }
}

/* Both lines stand for hours while the track brings tubes: more than their decks hold. */
static void check_track(const lab_t *lab)
{
    scenario_t *scenario;
    err_t err;
    int most_waiting = 0;
    shift_t *shift = begin(lab, "minutes: 720\nreception: assistant\nhandling: track\nspecimens: 440\n", 5, &scenario);
    for (int line = 0; line < 2; line++) {
        action_t hold = action_make(ACT_MAINTAIN);
        hold.line = line;
        hold.code = MAINTAIN_SERVICE;
        for (int i = 0; i < 7; i++) CHECK(shift_act(shift, &hold, &err), "%s", err.text);
    }
    while (!shift_over(shift)) {
        shift_advance(shift, shift_now_s(shift) + 300);
        check_places(shift, "on the track");
        int waiting = 0;
        for (int32_t i = 0; i < shift_specimen_count(shift); i++)
            waiting += shift_specimen_state(shift, shift_arrived_specimen(shift, i)) == SPECIMEN_SPUN;
        if (waiting > most_waiting) most_waiting = waiting;
    }
    int left = 0;
    for (int32_t i = 0; i < shift_specimen_count(shift); i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(shift, i);
        left += shift_specimen(shift, at, &v) && v.arrived_s < shift_length_s(shift) - 7200 &&
                (v.state == SPECIMEN_SPUN || v.state == SPECIMEN_QUEUED);
    }
    CHECK(most_waiting > 0, "the decks were never full");
    CHECK(left == 0, "%d tubes never came on", left);
    printf("a full deck: up to %d tubes went round on the track\n", most_waiting);
    shift_free(shift);
    scenario_free(scenario);
}

int main(int argc, char **argv)
{
    lab_t *lab;
    err_t err = {0};
    if (argc < 2 || !lab_open(&lab, content_source(), &err)) {
        printf("%s\n", argc < 2 ? "usage: rack CASES" : err.text);
        return 1;
    }
    int cases = run_cases(lab, argv[1]), actions = 0;
    CHECK(cases > 0, "no case was read");
    check_hash(lab);
    check_debrief(lab);
    check_track(lab);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) actions += random_shift(lab, seed);
    CHECK(actions > SEEDS * 10, "only %d actions were done", actions);
    lab_close(lab);
    printf("%d cases, %d seeds with %d actions, %d failures\n", cases, SEEDS, actions, failures);
    return failures != 0;
}
