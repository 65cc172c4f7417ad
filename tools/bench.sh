#!/bin/sh
# All measurements of bench/README.md, from the release build, in one run.
set -eu
cd "$(dirname "$0")/.."
titer=build/src/cli/titer
rate() { # values, seconds, what
  awk -v n="$1" -v s="$2" -v what="$3" 'BEGIN { printf "%s: %.1f M values/s\n", what, n / s / 1e6 }'
}
timed() { # runs a command, prints its user time in seconds
  /usr/bin/env bash -c 'TIMEFORMAT=%U; time "$@" > /dev/null' timed "$@" 2>&1
}
build/bench/bench_shift
build/bench/bench_store
build/bench/bench_exam
build/bench/bench_road
build/bench/bench_path
build/bench/bench_irt 2
analytes=$($titer lab sample --n 1 --setting ed --seed 1 --analytes all | head -n 1 | cut -d, -f3-)
count=$(echo "$analytes" | tr , '\n' | wc -l)
rate "$((100000 * count))" "$(timed $titer lab sample --n 100000 --setting community --seed 1 --analytes all)" "lab sample, all $count analytes, to CSV"
rate "$((300000 * 14))" "$(timed $titer lab sample --n 300000 --setting community --seed 1 --analytes sodium,potassium,chloride,co2,bun,creatinine,glucose,calcium,total_protein,albumin,ast,alt,alp,bili_total)" "lab sample, the 14 of a CMP, to CSV"
rate 40000000 "$(timed $titer qc power --rules 1-3s,2-2s,R-4s,4-1s,10-x --levels 2 --runs 5 --shift 1 --trials 4000000 --seed 1)" "qc power, 5 rules, 2 levels, 5 runs"
bench/bench_web.sh "$titer"
