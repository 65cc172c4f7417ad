#!/bin/bash
# All tests in a real browser. Usage: run.sh TITER [BUILD]
# TITER: the program; BUILD: the build folder with the two helpers of the wall test (else two folders up from
# a program at BUILD/src/cli/titer). Needs node, npm and Chromium (CHROMIUM, or /usr/bin/chromium).
set -u
here=$(cd "$(dirname "$0")" && pwd)
titer=$(realpath "${1:-${TITER:?usage: run.sh TITER [BUILD]}}")
build=${2:-$(dirname "$(dirname "$(dirname "$titer")")")}
export TITER="$titer" WALL_HELPERS="${WALL_HELPERS:-$build/test/web}"
for tool in node npm "${CHROMIUM:-/usr/bin/chromium}"; do
  command -v "$tool" > /dev/null || { echo "browser tests: $tool is missing; install: apt-get install nodejs npm chromium"; exit 1; }
done
cd "$here" || exit 1
if [ ! -d node_modules/playwright-core ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --loglevel=error --no-audit --no-fund || { echo "browser tests: npm ci failed"; exit 1; }
fi
failed=
bad=0
# A test that fails is tried once more: a browser on a busy machine may be late. That it was is told ("late: ...").
for test in fit noscript offline keyboard settings history exam room exam_kill pictures items items_picture rotate benches bench_pages tray racks reaction care month work tables author record road wall a11y; do
  for try in first second; do
    echo "# $test"
    out=$(timeout -k 5 "${TEST_LIMIT_S:-480}" node "$test.mjs" 2>&1)
    code=$?
    grep -v '^ok ' <<< "$out"
    [ $code != 0 ] || break
    failed="${failed}late: $test, $try try (exit $code): $(grep '^not ok' <<< "$out" | head -n 3 | tr '\n' ';')"$'\n'
  done
  [ $code = 0 ] || bad=1
done
printf '%s' "$failed"
exit $bad
