#!/usr/bin/env python3
"""A second implementation of the rules, slow and by another way, that must agree with the program on random records.

The program carries bounds through the tree. This one tries what the unknown may be: for each condition it lists possible
completions of the parts of the record it looks at (the ends of every half-known date and the edges of the window, the
least and the most of an amount, a word that fits and one that does not), judges each completed record by the plain
reading of the rule with fractions, and says met when all hold, missing when none does. So it shares neither code nor
method with the program. Usage: brute.py JUDGE CONTENT SEED RECORDS
"""
import datetime
import itertools
import json
import random
import subprocess
import sys
from fractions import Fraction

LEVELS = ['none', 'high_school', 'associate', 'three_year_bachelor', 'bachelor', 'master', 'doctoral']
TODAY = datetime.date(2026, 11, 22)
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
BIG = 1000000
DAY = datetime.timedelta(days=1)


def years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def span(text):
    """First and last day that a written date may mean."""
    if text is None:
        return FIRST, LAST
    parts = [int(p) for p in text.split('-')]
    if len(parts) == 3:
        return (datetime.date(*parts),) * 2
    if len(parts) == 2:
        nxt = datetime.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return datetime.date(parts[0], parts[1], 1), nxt - DAY
    return datetime.date(parts[0], 1, 1), datetime.date(parts[0], 12, 31)


def days_of(text, app, edges=()):
    """Days on which it may have happened: never after the application if it can have been before."""
    first, last = span(text)
    if first <= app < last:
        last = app
    return sorted({first, last} | {e for e in edges if first <= e <= last})


def number(value):
    return Fraction(str(value))


def completions(parts):
    return itertools.product(*parts)


class Judge:
    def __init__(self, record, goal):
        self.r, self.goal = record, goal
        self.app = datetime.date.fromisoformat(record['application_date']) if record.get('application_date') else TODAY

    def window(self, leaf, years='within_years'):
        n = leaf.get(years)
        return years_before(self.app, n) if n else FIRST

    def edges(self, leaf):
        low = self.window(leaf)
        return [low] + ([low - DAY] if low > FIRST else [])

    def in_window(self, day, leaf):
        return self.window(leaf) <= day <= self.app

    def some(self, name, holds):
        """Some element of a list fits; `holds` gives the truth of every completion of one element."""
        items = self.r.get(name)
        if items is None:
            return {False, True}
        if isinstance(items, dict):
            items = [items]
        worlds = [set(holds(item)) for item in items]
        if any(w == {True} for w in worlds):
            return {True}
        return {True, False} if any(True in w for w in worlds) else {False}

    def amounts(self, parts):
        """Truth of a sum of parts, each a list of possible values, against a minimum."""
        return [sum(c) for c in completions(parts)]

    # ---- conditions ----

    def degree(self, leaf):
        def holds(d):
            lv = [LEVELS.index(d['level'])] if 'level' in d else [0, len(LEVELS) - 1]
            fl = [d['field']] if 'field' in d else leaf.get('fields', ['x'])[:1] + ['no_such']
            ac = [d['accredited']] if 'accredited' in d else [False, True]
            for level, field, accredited, day in completions([lv, fl, ac, days_of(d.get('awarded'), self.app, self.edges(leaf))]):
                yield (level >= LEVELS.index(leaf['min']) and ('fields' not in leaf or field in leaf['fields'])
                       and (not leaf.get('accredited') or accredited) and self.in_window(day, leaf))
        return self.some('degree', holds)

    def foreign_degree_evaluated(self, leaf):
        def holds(d):
            lv = [LEVELS.index(d['level'])] if 'level' in d else [0, len(LEVELS) - 1]
            ev = [d['evaluated']] if 'evaluated' in d else [False, True]
            for level, evaluated, day in completions([lv, ev, days_of(d.get('awarded'), self.app, self.edges(leaf))]):
                yield level >= 2 and evaluated and d.get('country', 'abroad') != 'US' and self.in_window(day, leaf)
        return self.some('degree', holds)

    def named(self, subject):
        s, q = (self.r.get(k, {}).get(subject) for k in ('semester_hours', 'quarter_hours'))
        if s is None and q is None:
            return None
        return number(s or 0) + number(q or 0) * Fraction(2, 3)

    def inside_programs(self, subject):
        if self.goal['body'] != 'ASCP BOC' or subject not in ('biology', 'chemistry'):
            return [Fraction(0)]
        least = most = Fraction(0)
        for p in self.r.get('programs', []):
            hours = number(p.get('science_hours', {}).get(subject, 0))
            if span(p.get('completed'))[0] > self.app:
                continue
            if 'accreditors' not in p:
                most += hours
            elif {'NAACLS', 'CAAHEP', 'ABHES'} & set(p['accreditors']):
                least += hours
                most += hours
        return [least, most]

    def subject(self, subject):
        got = self.named(subject)
        base = [got] if got is not None else None
        if base is None:
            parts = {'biology_or_chemistry': ['biology', 'chemistry'],
                     'biology_chemistry_or_medical_science': ['biology', 'chemistry', 'medical_science'],
                     'biology_chemistry_or_medical_laboratory_technology':
                         ['biology', 'chemistry', 'medical_laboratory_technology']}.get(subject)
            if parts:
                return self.amounts([self.subject(p) for p in parts])
            if subject in ('physical_or_biological_science', 'science_related', 'any'):
                return [least + more for least in self.amounts([self.subject(p)[:1] for p in ('biology', 'chemistry', 'physics')])
                        for more in (0, BIG)]
            base = [Fraction(0), Fraction(BIG)]
        return [b + i for b in base for i in self.inside_programs(subject)]

    def semester_hours(self, leaf):
        hours = self.subject(leaf['subject'])
        days = days_of(self.r.get('coursework_completed'), self.app, self.edges(leaf)) if leaf.get('within_years') else [self.app]
        return {h >= number(leaf['min']) and self.in_window(d, leaf) for h in hours for d in days}

    def course(self, leaf):
        if 'courses' not in self.r:
            return {False, True}
        want, parts = leaf['subject'], []
        for c in self.r['courses']:
            c = {'subject': c, 'semesters': 1} if isinstance(c, str) else c
            s = c.get('subject')
            fits = (s in ('organic_or_biochemistry', 'organic_chemistry', 'biochemistry') if want == 'organic_or_biochemistry'
                    else s is not None and (s.endswith(want) if want in ('biology', 'chemistry', 'mathematics') else s == want))
            n = [number(c['semesters'])] if 'semesters' in c else [Fraction(0), Fraction(BIG)]
            parts.append(n if fits else [0] + n if s is None else [0])
        return {v >= leaf['semesters'] for v in self.amounts(parts)}

    def program(self, leaf):
        def holds(p):
            kinds = [p['kind']] if 'kind' in p else [leaf['kinds'][0], 'no_such']
            acc = [p['accreditors']] if 'accreditors' in p else [[], leaf['accreditors']]
            for kind, a, day in completions([kinds, acc, days_of(p.get('completed'), self.app, self.edges(leaf))]):
                yield (kind in leaf['kinds'] and (leaf['accreditors'] == ['*'] or bool(set(a) & set(leaf['accreditors'])))
                       and self.in_window(day, leaf))
        return self.some('programs', holds)

    def training_hours(self, leaf):
        if 'programs' not in self.r:
            return {False, True}
        parts = []
        for p in self.r['programs']:
            h = p.get('hours', {}).get(leaf['kind'])
            h = [Fraction(0), Fraction(BIG)] if h is None else [number(h)]
            if span(p.get('completed'))[0] > self.app or ('kind' in p and p['kind'] not in leaf['program_kinds']):
                h = [Fraction(0)]
            elif 'kind' not in p:
                h = [Fraction(0)] + h
            parts.append(h)
        return {v >= number(leaf['min']) for v in self.amounts(parts)}

    def job_completions(self, j, leaf):
        setting = [j['setting']] if 'setting' in j else [leaf['settings'][0], 'no_such']
        lab = [j['lab']] if 'lab' in j else (leaf['labs'] or ['x'])[:1] + ['no_such']
        areas = [j['areas']] if 'areas' in j else [[], leaf['areas_all']]
        hours = [number(j['hours_per_week'])] if 'hours_per_week' in j else [Fraction(0), Fraction(168)]
        starts = sorted(set(span(j.get('start'))))
        ends = [LAST] if j.get('end') == 'present' else sorted(set(span(j.get('end'))))
        return completions([setting, lab, areas, hours, starts, ends])

    def years_of_work(self, jobs, low, high, full):
        marks = sorted({low, high + DAY} | {d for j in jobs for d in (max(j[0], low), min(j[1], high) + DAY) if low <= d <= high + DAY})
        total = Fraction(0)
        for a, b in zip(marks, marks[1:]):
            week = sum((h for s, e, h, _ in jobs if s <= a and e + DAY >= b), Fraction(0))
            total += min(Fraction(1), week / full) * (b - a).days / 365
        return total

    def experience_in(self, leaf, years):
        if 'jobs' not in self.r:
            return {False, True}
        low = years_before(self.app, years) if years else FIRST
        high = self.app
        if leaf.get('before'):
            high = min(high, datetime.date.fromisoformat(leaf['before']) - DAY)
        full, seen = number(leaf.get('full_time_hours', 35)), set()
        for world in completions([list(self.job_completions(j, leaf)) for j in self.r['jobs']]):
            jobs = [(max(s, low), min(e, high), h, a) for (setting, lab, a, h, s, e) in world
                    if setting in leaf['settings'] and (not leaf['labs'] or lab in leaf['labs']) and h > 0]
            jobs = [j for j in jobs if j[0] <= j[1]]
            covered = {a for j in jobs for a in j[3]}
            seen.add(bool(jobs) and self.years_of_work(jobs, low, high, full) >= number(leaf['fte_years'])
                     and set(leaf['areas_all']) <= covered)
            if len(seen) == 2:
                break
        return seen

    def experience(self, leaf):
        return self.experience_in(leaf, leaf.get('within_years'))

    def work_hours(self, leaf):
        if 'work_hours' not in self.r:
            return {False, True}
        low, parts = self.window(leaf), []
        for w in self.r['work_hours']:
            h = w.get('focus', {}).get(leaf['focus']) if 'focus' in leaf else w.get('hours')
            least = number(h) if h is not None else Fraction(0)
            most = number(h) if h is not None else number(w.get('hours', BIG))
            if 'from' in w:
                a, b = (datetime.date.fromisoformat(w[k]) for k in ('from', 'to'))
                outside = sum(1 for i in range((b - a).days + 1) if not low <= a + i * DAY <= self.app)
                inside = (b - a).days + 1 - outside
                least, most = max(Fraction(0), least - 24 * outside), min(most, Fraction(24 * inside))
                most = max(most, least) if inside else Fraction(0)
                least = least if inside else Fraction(0)
            elif leaf.get('within_years'):
                least = Fraction(0)
            if 'setting' in w and w['setting'] not in leaf['settings']:
                least = most = Fraction(0)
            elif 'setting' not in w:
                least = Fraction(0)
            parts.append([least, most])
        return {v >= number(leaf['min']) for v in self.amounts(parts)}

    def certificate(self, leaf):
        def holds(c):
            ids = [c['id']] if 'id' in c else [leaf['any'][0], 'no_such']
            states = [c['status']] if 'status' in c else ['valid', 'expired']
            ends = [LAST] if 'expires' not in c else sorted(set(span(c['expires'])))
            if 'expires' in c and 'status' not in c:
                states = ['valid']
            for i, state, end in completions([ids, states, ends]):
                i = 'AMT-MLS' if i == 'AMT-MT' else i
                yield i in leaf['any'] and (leaf['status'] == 'any' or (state == 'valid' and end >= self.app))
        return self.some('certificates', holds)

    def military_training(self, leaf):
        def holds(m):
            weeks = [number(m['weeks'])] if 'weeks' in m else [Fraction(0), Fraction(BIG)]
            acc = [m['credits_accepted_by_college']] if 'credits_accepted_by_college' in m else [False, True]
            occ = [m['occupation_held']] if 'occupation_held' in m else [False, True]
            kinds = [m['kind']] if 'kind' in m else [leaf.get('kind', 'x'), 'no_such']
            for w, a, o, k, d in completions([weeks, acc, occ, kinds, days_of(m.get('completed'), self.app, self.edges(leaf))]):
                yield (w >= leaf['min_weeks'] and (a or not leaf.get('credits_accepted_by_college'))
                       and (o or not leaf.get('occupation_held')) and ('kind' not in leaf or k == leaf['kind'])
                       and self.in_window(d, leaf))
        return self.some('military', holds)

    def exam_passed(self, leaf):
        def holds(e):
            lv = [e['level']] if 'level' in e else [leaf['level'], 'no_such']
            by = [e['accepted_by']] if 'accepted_by' in e else [[], [leaf['accepted_by']]]
            for level, accepted in completions([lv, by]):
                yield level == leaf['level'] and leaf['accepted_by'] in accepted
        return self.some('exams_passed', holds)

    def state_licence(self, leaf):
        def holds(s):
            lv = [s['level']] if 'level' in s else [leaf['level'], 'no_such']
            st = [s['status']] if 'status' in s else ['valid', 'expired']
            for level, status in completions([lv, st]):
                yield level == leaf['level'] and status == 'valid'
        return self.some('state_licences', holds)

    def value(self, value, minimum):
        return {False, True} if value is None else {number(value) >= number(minimum)}

    def draws(self, leaf):
        return self.value(self.r.get('draws', {}).get(leaf['kind']), leaf['min'])

    def age(self, leaf):
        return self.value(self.r.get('age'), leaf['min'])

    def professional_education(self, leaf):
        has = self.r.get('professional_education')
        return {False, True} if has is None else {bool(set(has) & set(leaf['kinds']))}

    def lab_orientation(self, _):
        return {self.r['lab_orientation']} if 'lab_orientation' in self.r else {False, True}

    def eligible_for(self, leaf):
        return {leaf['target'] in self.r['eligible_for']} if 'eligible_for' in self.r else {False, True}

    def stated(self, leaf):
        said = self.r.get('statements', {}).get(leaf['fact'])
        return {False, True} if said is None else {said}

    # ---- tree ----

    def leaf(self, leaf, parent):
        truths = getattr(self, leaf['p'])(leaf)
        values = {2 if t else 0 for t in truths}
        if leaf.get('window_unread') and not leaf.get('within_years'):
            recent = {2 if t else 1 for t in self.experience_in(leaf, 10)}
            low, high = min(values), max(values)
            values = {min(low, min(recent)) if low else 0, min(high, max(recent)) if high else 0}
        if leaf.get('disputed'):
            values = {min(v, 1) if parent == 'any_of' else max(v, 1) for v in values}
        return min(values), max(values)

    def node(self, node, parent, found):
        if 'p' in node:
            found[node['id']] = self.leaf(node, parent)
            return found[node['id']]
        kind = 'all_of' if 'all_of' in node else 'any_of'
        parts = [self.node(n, kind, found) for n in node[kind]]
        fold = min if kind == 'all_of' else max
        return fold(p[0] for p in parts), fold(p[1] for p in parts)

    def standing(self, node, found, out):
        if 'p' in node:
            low, high = found[node['id']]
            if low < 2:
                out.add(node['id'])
            return low, high
        kind = 'all_of' if 'all_of' in node else 'any_of'
        parts = []
        for n in node[kind]:
            below = set()
            parts.append((self.standing(n, found, below), below))
        fold = min if kind == 'all_of' else max
        low, high = fold(p[0][0] for p in parts), fold(p[0][1] for p in parts)
        for (_, best), below in parts:
            if low < 2 and (kind == 'all_of' or high == 0 or best > 0):
                out |= below
        return low, high

    def route(self, route):
        if route['status'] != 'open':
            return 'fails', {}, set()
        found, out = {}, set()
        low, high = self.node(route['requires'], 'all_of', found)
        self.standing(route['requires'], found, out)
        degrees = self.r.get('degree', [])
        degrees = [degrees] if isinstance(degrees, dict) else degrees
        if self.goal.get('credential') == 'ASCP-MLS' and any(d.get('country') == 'Canada' for d in degrees) \
                and not any('CMA' in p.get('accreditors', []) for p in self.r.get('programs', [])):
            low, high = min(low, 1), min(high, 1)
        if high == 0:
            return 'fails', found, out
        if low == 0:
            return 'possible', found, out
        if low == 1:
            return 'review', found, out
        return ('qualifies' if route['complete'] else 'possible'), found, out


def random_record(rng, words):
    """Near the rules: amounts and dates stand about where rules look, so that both sides of each edge are met."""
    def maybe(p=0.85):
        return rng.random() < p

    def date():
        year = rng.choice([2012, 2016, 2019, 2021, 2022, 2023, 2024, 2025, 2026, 2027])
        month, day = rng.choice([1, 5, 11, 11, 12]), rng.choice([1, 21, 22, 23, 28])
        form = rng.random()
        return f'{year}-{month:02}-{day:02}' if form < .7 else f'{year}-{month:02}' if form < .9 else f'{year}'

    def fill(**parts):
        return {k: v() for k, v in parts.items() if maybe()}

    def flag():
        return maybe(0.5)

    def pick(name):
        return rng.choice(words[name])

    def hours(low, high):
        return rng.choice([low, high, rng.randint(low, high), rng.randint(low, high) + rng.choice([.5, .125, .999])])

    def some(make, most):
        return [make() for _ in range(rng.randint(0, most))]

    def degree():
        return fill(level=lambda: rng.choice(LEVELS), field=lambda: pick('fields'), awarded=date, accredited=lambda: maybe(.8),
                    country=lambda: rng.choice(['US', 'US', 'Canada', 'India']), evaluated=flag)

    def job():
        year = rng.randint(2008, 2024)
        j = fill(setting=lambda: pick('settings'), areas=lambda: words['areas'] if maybe(.7) else rng.sample(words['areas'], 5),
                 hours_per_week=lambda: rng.choice([10, 17.5, 20, 35, 36, 40, 60]), lab=lambda: rng.choice(['us', 'canada', 'other']))
        if maybe(.9):
            j['start'] = rng.choice([f'{year}-01-01', f'{year}-11-22', f'{year}-06', f'{year}'])
        if maybe(.9):
            later = year + rng.randint(1, 5)
            j['end'] = rng.choice([f'{later}-12-31', f'{later}-11-21', f'{later}-06', f'{later}', 'present'])
        return j

    def entry():
        w = fill(setting=lambda: rng.choice(['lab_assistant', 'phlebotomy']), hours=lambda: hours(900, 1200))
        if 'hours' in w and maybe():
            w['focus'] = {'clinical_laboratory_duties': hours(450, 600)}
        if maybe():
            year = rng.randint(2022, 2025)
            w['from'], w['to'] = f'{year}-{rng.choice(["01-01", "11-22", "11-01"])}', f'{year + 1}-{rng.choice(["01-01", "12-31"])}'
        return w

    subjects = ['any', 'biology', 'chemistry', 'medical_science', 'medical_laboratory_technology', 'physics', 'science_related']
    record = fill(
        application_date=lambda: '2026-11-22', age=lambda: rng.choice([17, 18, 30]),
        degree=lambda: degree() if maybe(.6) else some(degree, 3),
        semester_hours=lambda: {s: hours(0, rng.choice([6, 16, 36, 60, 90])) for s in subjects if maybe(.7)},
        quarter_hours=lambda: {s: hours(0, 24) for s in subjects if maybe(.2)}, coursework_completed=date,
        courses=lambda: some(lambda: rng.choice([pick('subjects'), fill(subject=lambda: pick('subjects'), semesters=lambda: rng.choice([.5, 1, 2]))]), 4),
        programs=lambda: some(lambda: fill(kind=lambda: pick('kinds'), accreditors=lambda: [pick('accreditors')], completed=date,
                                           hours=lambda: {k: rng.choice([39, 40, 99, 100, 120, 200]) for k in words['hours'] if maybe()},
                                           science_hours=lambda: {'chemistry': hours(0, 8), 'biology': hours(0, 8)}), 2),
        jobs=lambda: some(job, 2), work_hours=lambda: some(entry, 2),
        certificates=lambda: some(lambda: fill(id=lambda: pick('certificates'), status=lambda: rng.choice(['valid', 'valid', 'expired']),
                                               **({'expires': date} if maybe(.3) else {})), 3),
        military=lambda: some(lambda: fill(weeks=lambda: rng.choice([8, 49, 50, 52]), completed=date, credits_accepted_by_college=flag,
                                           occupation_held=flag, kind=lambda: rng.choice(['phlebotomy', 'medical_laboratory'])), 2),
        draws=lambda: {k: rng.choice([9, 10, 29, 30, 50, 99, 100]) for k in ('venipuncture', 'skin_puncture', 'unaided_nondonor') if maybe()},
        professional_education=lambda: some(lambda: rng.choice(['RN', 'LPN', 'MD', 'DDS']), 2), lab_orientation=flag,
        exams_passed=lambda: some(lambda: fill(level=lambda: rng.choice(['technician', 'phlebotomy']),
                                               accepted_by=lambda: rng.sample(['CA', 'NY', 'MT', 'ND'], 3)), 2),
        state_licences=lambda: some(lambda: fill(level=lambda: rng.choice(['technician', 'physician']), status=lambda: rng.choice(['valid', 'expired'])), 2),
        eligible_for=lambda: some(lambda: 'CA-CLS-exam', 1),
        statements=lambda: {k: flag() for k in words['facts'] if maybe()})
    return record


def vocabulary(goals):
    words = {k: set() for k in ('fields', 'settings', 'areas', 'kinds', 'accreditors', 'certificates', 'subjects', 'hours', 'facts')}

    def walk(node):
        for child in node.get('all_of', node.get('any_of', [])):
            walk(child)
        words['fields'] |= set(node.get('fields', []))
        words['settings'] |= set(node.get('settings', []))
        words['areas'] |= set(node.get('areas_all', []))
        words['accreditors'] |= set(node.get('accreditors', []))
        words['certificates'] |= set(node.get('any', []))
        if node.get('p') == 'program':
            words['kinds'] |= set(node['kinds'])
        if node.get('p') == 'course':
            words['subjects'].add(node['subject'])
        if node.get('p') == 'training_hours':
            words['hours'].add(node['kind'])
        if node.get('p') == 'stated':
            words['facts'].add(node['fact'])
    for goal in goals:
        for route in goal['routes']:
            walk(route['requires'] or {})
    words['accreditors'] -= {'*'}
    words['accreditors'] |= {'CMA', 'state'}
    words['certificates'] |= {'AMT-MT'}
    words['subjects'] |= {'organic_chemistry', 'biochemistry', 'statistics'}
    return {k: sorted(v) for k, v in words.items()}


def read_goals(content):
    goals = []
    for name in ('routes.json', 'federal.json'):
        with open(f'{content}/road/{name}', encoding='utf-8') as file:
            data = json.load(file)
        goals += data.get('credentials', []) + data.get('state_licences', []) + data.get('federal', [])
    return goals


def ask(judge, records):
    answer = subprocess.run([judge], input=''.join(json.dumps(r) + '\n' for r in records), capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(answer.stderr)
    blocks = answer.stdout.strip('\n').split('\n\n')
    if len(blocks) != len(records):
        sys.exit(f'{len(blocks)} answers to {len(records)} records')
    return blocks


def main():
    judge, content, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    goals = read_goals(content)
    words = vocabulary(goals)
    records = [random_record(random.Random(seed * 1000003 + i), words) for i in range(count)]
    blocks = ask(judge, records)
    seen, wrong, leaves = {}, 0, set()
    for record, block in zip(records, blocks):
        lines = iter(block.split('\n'))
        for goal in goals:
            mine = Judge(record, goal)
            for route in goal['routes']:
                outcome, found, out = mine.route(route)
                seen[outcome] = seen.get(outcome, 0) + 1
                leaves |= {(k, v) for k, v in found.items()}
                line = ' '.join([route['id'], outcome] + [f'{k}={a}{b}{"!" if k in out else ""}' for k, (a, b) in found.items()])
                got = next(lines)
                if line != got:
                    wrong += 1
                    if wrong <= 5:
                        print(f'program: {got}\nbrute:   {line}\n{json.dumps(record)}\n')
    print(f'{count} records, outcomes {seen}, {len(leaves)} pairs of condition and verdict seen, {wrong} differ')
    sys.exit(wrong > 0 or len(seen) < 4)


if __name__ == '__main__':
    main()
