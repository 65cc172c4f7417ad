#!/bin/bash
# The server: start, memory when idle, a worklist of a live shift, and 40 learners at once.
set -eu
titer=$1
data=$(mktemp -d)
trap 'kill $server 2>/dev/null; rm -rf "$data"' EXIT
start=$(date +%s%N)
"$titer" --version > /dev/null
echo "the program starts in $(( ($(date +%s%N) - start) / 1000 )) us"
"$titer" serve --listen 127.0.0.1:0 --data "$data" > "$data/log" &
server=$!
for _ in $(seq 100); do grep -q 'open at' "$data/log" && break; sleep 0.02; done
echo "idle server: $(awk '/VmRSS/ {print $2}' "/proc/$server/status") KB resident"
node "$(dirname "$0")/sittings.mjs" "$(sed -n 's/.*\(http:[^ ]*\).*/\1/p' "$data/log")" 40
node "$(dirname "$0")/learners.mjs" "$(sed -n 's/.*\(http:[^ ]*\).*/\1/p' "$data/log")" 40
echo "after it: $(awk '/VmRSS/ {print $2}' "/proc/$server/status") KB resident"
