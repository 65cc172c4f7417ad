/* The coach: after an action that a colleague at the next bench would question, one sentence says why. It knows what
 * the trainee can see at that moment and nothing else: a label that was not compared cannot be called wrong. */
#include "desk.h"

#include "lab/month.h"

#include <string.h>

static const char *name_of(arena_t *arena, const specimen_view_t *v)
{
    return words(arena, "%s", v->accession);
}

static const char *look_words(uint32_t look)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } looks[] = {{LOOK_NO_LABEL, "it has no label"},
                 {LOOK_LEAK, "it leaks"},
                 {LOOK_CLOT, "there is a clot in it"},
                 {LOOK_FILL_LOW, "it is not filled to its line"},
                 {LOOK_EXPIRED_TUBE, "the tube is past its date"},
                 {LOOK_NO_TIME, "the time of collection is missing"}};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (look & looks[i].bit) return looks[i].text;
    return NULL;
}

/* What was seen of the tube and speaks against it, or NULL. */
static const char *against(arena_t *arena, const specimen_view_t *v)
{
    const char *look = look_words(v->look);
    if (!v->inspected) return NULL;
    if (look) return look;
    if (v->label_mrn[0] && strcmp(v->label_mrn, v->order.mrn) != 0)
        return words(arena, "its label carries %s and the order %s", v->label_mrn, v->order.mrn);
    if (v->tube && v->ordered_tube && strcmp(v->tube, v->ordered_tube) != 0)
        return "the tube is not the one that the order asks for";
    return NULL;
}

static const char *on_accept(arena_t *arena, const shift_t *shift, const action_t *action)
{
    for (int32_t i = 0; i < action->count; i++) {
        specimen_view_t v;
        if (!shift_specimen(shift, action->list[i], &v)) continue;
        if (!v.inspected)
            return words(arena,
                         "Coach: %s was accepted without comparing its label with the requisition. What told you "
                         "that it is this patient's?",
                         name_of(arena, &v));
        const char *why = against(arena, &v);
        if (why)
            return words(arena, "Coach: %s was accepted, and %s. What does the acceptance procedure say?",
                         name_of(arena, &v), why);
    }
    return NULL;
}

static const char *on_load(arena_t *arena, const shift_t *shift, const action_t *action)
{
    line_view_t line;
    if (action->code == 1 || !shift_line(shift, action->line, &line) || line.stat_room == 0 || line.queued == 0)
        return NULL;
    for (int32_t i = 0; i < action->count; i++) {
        specimen_view_t v;
        if (shift_specimen(shift, action->list[i], &v) && v.priority == PRIORITY_STAT)
            return words(arena,
                         "Coach: %s is STAT and stands in a rack behind %d others, and the STAT port of %s has room. "
                         "Which is sampled first?",
                         name_of(arena, &v), line.queued, line.name);
    }
    return NULL;
}

/* A printer prints what it is told. */
static const char *on_label(arena_t *arena, const shift_t *shift, const action_t *action)
{
    specimen_view_t v;
    if (!shift_specimen(shift, action->specimen, &v) || v.parent >= 0) return NULL;
    if (!v.inspected)
        return words(arena, "Coach: %s has a fresh label. What did you compare before you put it on?",
                     name_of(arena, &v));
    const char *why = against(arena, &v);
    return why ? words(arena, "Coach: %s has a fresh label, and %s. Whose blood is it?", name_of(arena, &v), why)
               : NULL;
}

static const char *on_reject(arena_t *arena, const shift_t *shift, const action_t *action)
{
    for (int32_t i = 0; i < action->count; i++) {
        specimen_view_t v;
        if (!shift_specimen(shift, action->list[i], &v) || v.held > 0 || v.released > 0) continue;
        if (!v.inspected)
            return words(arena,
                         "Coach: %s was rejected unopened. A new draw costs the patient something: which criterion "
                         "does it fail?",
                         name_of(arena, &v));
        if (!against(arena, &v) && v.look == 0)
            return words(arena,
                         "Coach: nothing that you have seen of %s so far speaks against it. Which criterion of the "
                         "acceptance procedure did you use?",
                         name_of(arena, &v));
    }
    return NULL;
}

static const char *on_verify(arena_t *arena, const shift_t *shift, const action_t *action)
{
    static const struct {
        uint32_t bits;
        const char *ask;
    } asks[] = {
        {HOLD_QC, "its controls were not in order. What makes this number safe to release?"},
        {HOLD_CONSISTENCY | HOLD_IMPLAUSIBLE,
         "it does not fit with the other results of the draw. What explains all of "
         "them together?"},
        {HOLD_HEMOLYSIS | HOLD_ICTERUS | HOLD_LIPEMIA,
         "a serum index was over the limit for this test. Is the number the "
         "patient's?"},
        {HOLD_FLAG, "the analyzer flagged it. What did you do about the flag?"},
        {HOLD_REVIEW, "a review rule asked for a look. What did the look show?"},
        {HOLD_DELTA, "it differs from the last result. Was it repeated, and does the patient's story explain it?"},
    };
    for (int32_t i = 0; i < action->count; i++) {
        result_view_t r;
        specimen_view_t v;
        if (!shift_result_facts(shift, action->list[i], &r) || !shift_specimen(shift, r.specimen, &v)) continue;
        const char *test = lab_analyte(shift_lab(shift), r.analyte)->name;
        for (size_t k = 0; k < sizeof asks / sizeof *asks; k++) {
            bool followed = r.comment >= 0 || (asks[k].bits == HOLD_DELTA && r.rerun_of >= 0);
            if ((r.hold & asks[k].bits) && !followed)
                return words(arena, "Coach: %s of %s went out, and %s", test, name_of(arena, &v), asks[k].ask);
        }
        if (r.critical && !r.called)
            return words(arena, "Coach: %s of %s is critical. Released is not told: call it, and have it read back.",
                         test, name_of(arena, &v));
    }
    return NULL;
}

static const char *rule_words(arena_t *arena, const qc_verdict_t *v)
{
    return words(arena, "%s%s%s", qc_rule_name((qc_rule_t)v->rules[0]), v->count > 1 ? " and " : "",
                 v->count > 1 ? qc_rule_name((qc_rule_t)v->rules[1]) : "");
}

static const char *on_judge(arena_t *arena, const shift_t *shift, const action_t *action)
{
    qc_verdict_t verdict;
    if (!desk_qc_verdict(shift, action->line, action->analyte, &verdict)) return NULL;
    const char *test = lab_analyte(shift_lab(shift), action->analyte)->name;
    if (action->verdict == VERDICT_REJECT && verdict.count == 0)
        return words(arena, "Coach: the run of %s breaks no rule of the procedure. What made you reject it?", test);
    if (action->verdict != VERDICT_REJECT && verdict.verdict == QC_VERDICT_REJECT)
        return words(arena, "Coach: the run of %s breaks %s, a rule of rejection. What may go out on it?", test,
                     rule_words(arena, &verdict));
    return NULL;
}

static const char *on_accept_run(arena_t *arena, const shift_t *shift, const action_t *action)
{
    for (int a = 0; a < lab_analyte_count(shift_lab(shift)); a++) {
        qc_view_t qc;
        qc_verdict_t verdict;
        if (!shift_qc(shift, action->line, a, &qc) || qc.state != QC_NOT_REVIEWED) continue;
        if (desk_qc_verdict(shift, action->line, a, &verdict) && verdict.verdict == QC_VERDICT_REJECT)
            return words(arena,
                         "Coach: the run was accepted whole, and %s breaks %s. Look at each test before the rest.",
                         lab_analyte(shift_lab(shift), a)->name, rule_words(arena, &verdict));
    }
    return NULL;
}

static const char *on_review(arena_t *arena, const shift_t *shift, const action_t *action)
{
    month_t month;
    if (!month_of(shift, action->line, action->analyte, &month)) return NULL;
    month_advice_t advice = month_advice(&month);
    if (action->code < 0 || action->code >= REVIEW_DECISIONS || action->code == (int32_t)advice.decision) return NULL;
    return words(arena, "Coach: you chose to %s. What do the procedure's limits say of these numbers: %s?",
                 review_decision_word((review_decision_t)action->code),
                 advice.few        ? "are there twenty accepted runs"
                 : advice.moves    ? "does the last third of the month agree with the first"
                 : advice.scatters ? "how many values lie beyond 2 SD"
                                   : "does the mean stand where it should, and does the SD fit");
}

static const char *on_call(const shift_t *shift, const action_t *action)
{
    result_view_t r;
    if (action->result < 0 || !shift_result_facts(shift, action->result, &r) || r.critical) return NULL;
    return "Coach: this result is not on the critical list. The ward has it in the LIS; what needed the telephone?";
}

const char *desk_coach(arena_t *arena, const shift_t *shift, const action_t *action)
{
    switch (action->kind) {
    case ACT_ACCEPT:
        return on_accept(arena, shift, action);
    case ACT_LOAD:
        return on_load(arena, shift, action);
    case ACT_LABEL:
        return on_label(arena, shift, action);
    case ACT_REJECT:
        return on_reject(arena, shift, action);
    case ACT_VERIFY:
        return on_verify(arena, shift, action);
    case ACT_JUDGE_QC:
        return on_judge(arena, shift, action);
    case ACT_ACCEPT_QC_RUN:
        return on_accept_run(arena, shift, action);
    case ACT_REVIEW_QC:
        return on_review(arena, shift, action);
    case ACT_CALL:
        return on_call(shift, action);
    case ACT_READ_BACK:
        return action->code == READ_BACK_SKIPPED
                   ? "Coach: the value was not read back. Without it nobody knows what was heard."
                   : NULL;
    default:
        return NULL;
    }
}
