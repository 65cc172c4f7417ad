#!/usr/bin/env python3
"""What must hold of any record: the order of what is in it does not matter, and having more never makes less.

More: an element added to a known list, an amount raised, an unknown flag now yes. For every condition the worst and the best that may
be true never fall, and a route that was met stays met. One rule says otherwise and is left out here: a Canadian degree asks for review
of ASCP-MLS (g.canada3). What only makes known what was unknown is no addition. Usage: properties.py JUDGE CONTENT SEED RECORDS
"""
import copy
import random
import sys

from brute import ask, random_record, read_goals, vocabulary

LISTS = ['courses', 'programs', 'jobs', 'work_hours', 'certificates', 'military', 'professional_education', 'exams_passed',
         'state_licences', 'eligible_for']
MAPS = ['semester_hours', 'quarter_hours', 'draws']


def shuffled(record, rng):
    other = copy.deepcopy(record)
    for name in LISTS + ['degree']:
        if isinstance(other.get(name), list):
            rng.shuffle(other[name])
    for value in (other.get('jobs', []) + other.get('programs', [])):
        for name in ('areas', 'accreditors'):
            if name in value:
                rng.shuffle(value[name])
    for name in MAPS:
        if name in other:
            items = list(other[name].items())
            rng.shuffle(items)
            other[name] = dict(items)
    items = list(other.items())
    rng.shuffle(items)
    return dict(items)


def more(record, rng, words):
    other, giver = copy.deepcopy(record), random_record(rng, words)
    for name in LISTS:
        if name in other:
            other[name] += giver.get(name, [])
    if 'degree' in other:
        added = giver.get('degree', [])
        added = [added] if isinstance(added, dict) else added
        had = [other['degree']] if isinstance(other['degree'], dict) else other['degree']
        other['degree'] = had + [d for d in added if d.get('country') != 'Canada']
    for name in MAPS:
        for key in other.get(name, {}):
            other[name][key] = round(other[name][key] + rng.choice([0, 0, .125, 1, 20]), 3)
    if 'age' in other:
        other['age'] += rng.choice([0, 1])
    if not other.get('lab_orientation', True):
        other['lab_orientation'] = True
    return other


def main():
    judge, content, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    words = vocabulary(read_goals(content))
    rngs = [random.Random(seed * 7000003 + i) for i in range(count)]
    records = [random_record(rng, words) for rng in rngs]
    answers = ask(judge, records)
    for i, (a, b) in enumerate(zip(answers, ask(judge, [shuffled(r, g) for r, g in zip(records, rngs)]))):
        if a != b:
            sys.exit(f'the order matters for record {i} of seed {seed}: {records[i]}')
    richer, rises = [more(r, g, words) for r, g in zip(records, rngs)], 0
    for record, less, greater in zip(records, answers, ask(judge, richer)):
        for a, b in zip(less.split('\n'), greater.split('\n')):
            before, after = a.split(), b.split()
            fell = before[1] == 'qualifies' and after[1] != 'qualifies'
            for x, y in zip(before[2:], after[2:]):
                (p, q), (s, t) = ((v.split('=')[1][0], v.split('=')[1][1]) for v in (x, y))
                fell = fell or s < p or t < q
            rises += before[1] != after[1]
            if fell:
                sys.exit(f'more made less: {a}\n{b}\n{record}')
    print(f'{count} records: order does not matter, more never makes less; {rises} routes came closer')
    sys.exit(rises == 0)


main()
