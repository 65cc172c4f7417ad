#!/bin/sh
# Runs every libFuzzer target from its seed corpus for SECONDS_EACH seconds (default 600), two at a time.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-600}
build=build-fuzz
# every room is instrumented, so that the fuzzer sees its branches
[ -f "$build/build.ninja" ] || CC=clang CFLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
  LDFLAGS="-fsanitize=address,undefined" meson setup "$build" -Dfuzz=true -Db_lundef=false --buildtype=debugoptimized >/dev/null
ninja -C "$build" --quiet fuzz
mkdir -p "$build/corpus"
run() {
  name=$1
  mkdir -p "$build/corpus/$name"
  if "$build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$build/$name-" "$build/corpus/$name" "fuzz/corpus/$name" > "$build/$name.log" 2>&1; then
    echo "ok: $name, $(sed -n 's/stat::number_of_executed_units: *//p' "$build/$name.log") inputs"
  else
    echo "not ok: $name"
    tail -n 20 "$build/$name.log"
    return 1
  fi
}
names=$(ls fuzz/fuzz_*.c | sed 's/.*fuzz_//; s/\.c//')
failed=0
set -- $names
while [ $# -gt 0 ]; do
  run "$1" & first=$!
  second=
  if [ $# -gt 1 ]; then run "$2" & second=$!; shift; fi
  shift
  wait "$first" || failed=1
  [ -z "$second" ] || wait "$second" || failed=1
done
exit $failed
