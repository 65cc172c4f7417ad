#!/bin/sh
# What the template compiler, or the C compiler behind it, must refuse, with the line of the page.
#   template_errors.sh TOOL CC CASES INCLUDE...
tool=$1 cc=$2 cases=$3
shift 3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
printf '#define ASSET_titer_css ""\n' >"$work/asset_names.h"
flags="-I$work"
for folder in "$@"; do flags="$flags -I$folder"; done
wrong=0 run=0
tab=$(printf '\t')
while IFS= read -r row; do
    case $row in '#'* | '') continue ;; esac
    stage=${row%%"$tab"*} rest=${row#*"$tab"}
    line=${rest%%"$tab"*} rest=${rest#*"$tab"}
    words=${rest%%"$tab"*} page=${rest#*"$tab"}
    printf '%b\n' "$page" >"$work/page.html"
    run=$((run + 1)) got=fine
    if ! "$tool" "$work/page.html" "$work/page.html.c" "$work/page.html.h" 2>"$work/said"; then
        got=tool
    elif ! LC_ALL=C $cc -std=c17 -Wall -Werror -fsyntax-only $flags "$work/page.html.c" 2>"$work/said"; then
        got=compiler
    fi
    if [ "$got" != "$stage" ]; then
        echo "expected $stage, got $got: $page" && cat "$work/said" && wrong=$((wrong + 1))
    elif [ "$stage" != fine ] && ! grep -F "page.html:$line:" "$work/said" | grep -qF "$words" &&
        ! grep -qE "no member named|not compatible|$words" "$work/said"; then
        echo "message not as expected ($line, $words):" && cat "$work/said" && wrong=$((wrong + 1))
    elif [ "$stage" != fine ] && ! grep -qF "page.html:$line:" "$work/said"; then
        echo "not at line $line:" && cat "$work/said" && wrong=$((wrong + 1))
    fi
done <"$cases"
echo "$run pages, $wrong wrong"
[ "$run" -gt 20 ] && [ "$wrong" -eq 0 ]
