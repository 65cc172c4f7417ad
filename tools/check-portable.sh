#!/bin/sh
# The same seed gives the same bytes: builds the laboratory four times (gcc -O0, gcc -O3, clang -O2,
# and for aarch64, run under qemu-user) and compares the hashes of SHIFTS shifts and of adaptive tests.
set -eu
cd "$(dirname "$0")/.."
shifts=${SHIFTS:-1000}
out=$(pwd)/build-portable
mkdir -p "$out"
flags="-std=c17 -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -fno-strict-aliasing -Isrc/base/include -Isrc/lab/include -Isrc/lab/include_debrief -Isrc/lab -Isrc/exam/include"
# of measurement, what replays: calibration, which leans on a linear-algebra library, is stored and never computed again
exam="src/exam/ability.c src/exam/blueprint.c src/exam/cat_*.c src/exam/items.c src/exam/model.c src/exam/rating.c src/exam/study.c"
gcc -O1 tools/embed.c -o "$out/embed"
"$out/embed" "$out/content_data.c" "$out/content_data.d" content lab

# libyaml for aarch64: Debian's own package, unpacked beside the build, nothing installed.
arm=$out/arm64
if [ ! -e "$arm/usr/lib/aarch64-linux-gnu/libyaml.a" ]; then
  mkdir -p "$arm/lists/partial" "$arm/cache/archives/partial"
  : > "$arm/status"
  cat > "$arm/apt.conf" <<EOF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
Dir::State::Lists "$arm/lists";
Dir::Cache "$arm/cache";
Dir::State::status "$arm/status";
EOF
  APT_CONFIG=$arm/apt.conf apt-get update -qq
  (cd "$arm" && APT_CONFIG=$arm/apt.conf apt-get download -qq libyaml-dev 2>/dev/null && dpkg -x libyaml-dev_*.deb .)
fi

one() { # name, compiler, optimization, runner, more flags, more libraries
  rm -rf "${out:?}/$1" # no object of a file that is gone
  mkdir -p "$out/$1"
  {
    # shellcheck disable=SC2086
    ls src/base/*.c src/lab/*.c src/lab/pilot/*.c $exam test/portable/portable.c test/portable/sittings.c
    echo "$out/content_data.c"
  } | xargs -P "$(nproc)" -I{} sh -c "$2 $flags $3 $5 -c {} -o $out/$1/\$(echo {} | tr / _).o"
  $2 "$out/$1"/*.o $6 -lm -o "$out/$1.bin"
  $4 "$out/$1.bin" "$shifts" > "$out/$1.txt"
}
one gcc-O0 gcc -O0 "" "" -lyaml
one gcc-O3 gcc -O3 "" "" -lyaml
one clang-O2 clang -O2 "" "" -lyaml
one aarch64 aarch64-linux-gnu-gcc -O2 "qemu-aarch64 -L /usr/aarch64-linux-gnu" "-I$arm/usr/include" "$arm/usr/lib/aarch64-linux-gnu/libyaml.a"

failed=0
for name in gcc-O3 clang-O2 aarch64; do
  if cmp -s "$out/gcc-O0.txt" "$out/$name.txt"; then
    echo "ok: $name gives the bytes of gcc-O0 on $shifts shifts"
  else
    echo "not ok: $name differs from gcc-O0:"
    diff "$out/gcc-O0.txt" "$out/$name.txt" | head -n 4
    failed=1
  fi
done
exit $failed
