#!/bin/sh
# The same seed gives the same bytes: builds the laboratory four times (gcc -O0, gcc -O3, clang -O2,
# and for aarch64, run under qemu-user) and compares the hashes of SHIFTS shifts.
set -eu
cd "$(dirname "$0")/.."
shifts=${SHIFTS:-1000}
out=build-portable
mkdir -p "$out"
flags="-std=c17 -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -fno-strict-aliasing -Isrc/base/include -Isrc/lab/include -Isrc/lab/include_debrief -Isrc/lab"
gcc -O1 tools/embed.c -o "$out/embed"
(cd content && find lab -type f | LC_ALL=C sort | xargs "../$out/embed" "../$out/content.c" .)
# no library is needed but libyaml, whose few calls portable.c answers by reading the scenarios' prepared form
sources="src/base/arena.c src/base/csv.c src/base/err.c src/base/exact.c src/base/rng.c src/base/source.c src/base/text.c src/base/yaml.c $(ls src/lab/*.c) $out/content.c test/portable/portable.c"
one() { # name, compiler, flags, runner
  name=$1; compiler=$2; level=$3; runner=$4; extra=$5
  mkdir -p "$out/$name"
  for source in $sources; do echo "$source"; done |
    xargs -P "$(nproc)" -I{} sh -c "$compiler $flags $level $extra -c {} -o $out/$name/\$(basename {} .c)_\$(echo {} | cksum | cut -c1-6).o"
  $compiler "$out/$name"/*.o $extra $6 -lm -o "$out/$name.bin"
  $runner "$out/$name.bin" "$shifts" > "$out/$name.txt"
  echo "$name: $(cksum < "$out/$name.txt" | cut -d' ' -f1) over $(wc -l < "$out/$name.txt") shifts"
}
