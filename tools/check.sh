#!/bin/bash
# All checks, in the order in which they tell most. Every check prints "ok: ..." or "not ok: ..."; the
# last line counts them. Build folders are kept between runs.
set -u
cd "$(dirname "$0")/.."
passed=0
failed=0
log=build-check/log
mkdir -p build-check
export TMPDIR="${TMPDIR:-/tmp}"

check() { # name, command...
  local name=$1 start=$SECONDS
  shift
  if "$@" > "$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok: $name ($((SECONDS - start)) s)"
    grep '^late: ' "$log" # passed at the second try: not hidden
  else
    failed=$((failed + 1))
    echo "not ok: $name ($((SECONDS - start)) s)"
    tail -n 40 "$log" | sed 's/^/    /'
  fi
}

setup() { # folder, options...
  local folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then meson setup --reconfigure "$folder" "$@"; else meson setup "$folder" "$@"; fi
}

counted() { # runs meson test and counts its tests one by one
  local folder=$1
  if ! ninja -C "$folder" > "$log" 2>&1; then
    failed=$((failed + 1))
    echo "not ok: build $folder"
    grep -E "error|FAILED|warning" "$log" | head -n 40 | sed 's/^/    /'
    return
  fi
  meson test -C "$folder" --print-errorlogs --no-rebuild 2>&1 | tee "$log" | grep -vE "^ *[0-9]+/[0-9]+ .* OK +|^ninja|^Full log|^$" | head -n 120
  local ok bad
  ok=$(sed -n 's/^Ok: *//p' "$log")
  bad=$(( $(sed -n 's/^Fail: *//p' "$log" | head -n 1) + $(sed -n 's/^Timeout: *//p' "$log" | head -n 1) + $(sed -n 's/^Unexpected Pass: *//p' "$log" | head -n 1) ))
  passed=$((passed + ${ok:-0}))
  failed=$((failed + bad))
  [ -n "$ok" ] || failed=$((failed + 1))
}

check "layout (clang-format)" sh -c "git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror"
check "house rules" tools/house.sh
check "configure (gcc, sanitizers)" setup build-check/gcc -Db_sanitize=address,undefined -Db_lundef=false --buildtype=debugoptimized
echo "tests under AddressSanitizer and UBSan:"
counted build-check/gcc
export -f setup
check "configure (clang)" env CC=clang bash -c 'setup build-check/clang --buildtype=debugoptimized'
check "clang builds everything without a warning" ninja -C build-check/clang
check "configure (release)" setup build-check/release --buildtype=release -Db_ndebug=false
check "release build" ninja -C build-check/release
check "portable: the same bytes from gcc -O0, gcc -O3, clang -O2 and aarch64" tools/check-portable.sh
check "fuzz targets run clean on their seeds and a little more" tools/fuzz.sh 3
check "command line" test/cli/run.sh build-check/release/src/cli/titer
if [ -x test/browser/run.sh ]; then
  check "browser: keyboard, accessibility, wall, without scripts, offline" env TITER="$PWD/build-check/release/src/cli/titer" test/browser/run.sh
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
