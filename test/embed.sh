#!/bin/sh
# What is put under content/ is in the next build: embed names every file and folder it read, so that
# the build notices a new one; and leaves out what editors keep beside. Usage: embed.sh EMBED
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/content/lab/scenarios" "$work/content/items"
echo one > "$work/content/lab/a table.csv"
echo three > "$work/content/items/b.yaml"
echo two > "$work/content/lab/scenarios/night.yaml"
echo no > "$work/content/lab/scenarios/.night.yaml.swp"
echo no > "$work/content/lab/scenarios/night.yaml~"
"$1" "$work/out.c" "$work/out.d" "$work/content" lab items
has() { grep -qF "$2" "$work/$1" || { echo "$1 lacks: $2"; exit 1; }; }
has out.c '{"items/b.yaml", f0, 6}'
has out.c '{"lab/a table.csv", f1, 4}'
has out.c '{"lab/scenarios/night.yaml", f2, 4}'
has out.c 'source = {files, 3}'
has out.d "$work/out.c: "
has out.d "$work/content/lab \\"
has out.d "$work/content/lab/scenarios \\"
has out.d "$work/content/lab/a\\ table.csv \\"
has out.d "$work/content/lab/scenarios/night.yaml \\"
if "$1" "$work/out.c" "$work/out.d" "$work/nothing" lab 2> "$work/said"; then
  echo "a folder that is not there was taken"
  exit 1
fi
has said 'cannot read'
