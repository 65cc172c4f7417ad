#!/bin/sh
# The rules of the house that a program can check: every room explains itself, arrows point one way,
# truth stays behind the wall, no file and no function is too long, nothing is left unfinished.
set -eu
cd "$(dirname "$0")/.."
bad=0
say() {
  echo "$1"
  bad=1
}
for room in src/*/; do [ -f "${room}README.md" ] || say "$room has no README.md"; done
# the cores know neither one another nor the store, the web, files, clocks or the C library's mathematics
for word in '"store/' '"web/' '"app/' '"draw/' '<time.h>' '<unistd.h>' '<pthread.h>' 'getenv(' 'fopen('; do
  found=$(grep -rlF "$word" src/lab src/exam src/road src/base --include='*.c' --include='*.h' || :)
  # calibration alone shares out its sums among threads, the same sums in the same order for any number of them
  [ "$word $found" = '<pthread.h> src/exam/parallel.c' ] && continue
  [ -z "$found" ] || say "the cores must not use $word: $found"
done
exact="src/lab src/exam/ability.c src/exam/bank*.c src/exam/blueprint.c src/exam/cat_*.c src/exam/family*.c src/exam/model.c src/exam/rating.c src/exam/study.c"
for function in exp log pow sin cos tan lround round floor fabs; do
  # shellcheck disable=SC2086
  found=$(grep -rnE "[^a-z_]$function\(" $exact --include='*.c' | grep -vE '^\S+\s*(/?\*|//)' || :)
  [ -z "$found" ] || say "what replays must take exact_$function instead of $function: $found"
done
found=$(grep -rlE '"(shift_private|lab_private|patient|cells|cells_model|counter|counter_model|review_private|fault|content_private|scenario_private|debrief_private)\.h"' src/web src/cli src/app src/lab/pilot/pilot.c || :)
[ -z "$found" ] || say "truth leaks through the wall: $found"
found=$(grep -rlE --include='*.[ch]' 'lab/(debrief|draft).h' src/web src/cli src/app | grep -vE 'src/web/(debrief|author)[a-z_]*\.[ch]|src/app/after.c|src/cli/cmd_(shift|scenario).c' || :)
[ -z "$found" ] || say "only the debrief opens the wall: $found"
for key in $(grep -rhoE 'data-key="[a-z]"' src/web/pages | grep -oE '"[a-z]' | tr -d '"' | sort -u); do
  grep -q "{'$key', " src/web/settings.c || say "src/web/settings.c has no row for the key $key"
done
found=$(git ls-files '*.c' '*.h' '*.mjs' | xargs wc -l | awk '$1 > 900 && $2 != "total" { print $2 " (" $1 " lines)" }')
[ -z "$found" ] || say "too long: $found"
found=$(git grep -nIE '\b(TODO|FIXME|XXX|HACK)\b' -- src content test bench fuzz docs README.md ':!tools/house.sh' || :)
[ -z "$found" ] || say "unfinished: $found"
exit $bad
