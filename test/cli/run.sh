#!/bin/bash
# The command line as people and scripts use it. Each case: what is run, the exit code, and words that
# must be in the answer. Usage: run.sh TITER
set -u
titer=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_DATA_HOME="$work/share" HOME="$work"
bad=0
count=0
case_() { # exit code, words (a regular expression), command...
  local code=$1 words=$2 answer got
  shift 2
  answer=$("$@" 2>&1)
  got=$?
  count=$((count + 1))
  if [ "$got" != "$code" ] || ! grep -qE -- "$words" <<< "$answer"; then
    echo "wrong: $* -> exit $got (want $code), want /$words/ in:"
    head -n 5 <<< "$answer"
    bad=$((bad + 1))
  fi
}
pipe() { "$titer" "$@" < "$work/in"; }

full() { "$titer" "$@" > /dev/full; }

for command in serve scenario shift "lab sample" "lab fault" qc outcomes calc coag exam item "item export" record plan license hematology "irt score" "irt calibrate" "irt fit" "irt dif" "irt ctt" "irt link" "cat run" "cat simulate" backup restore rebuild; do
  # shellcheck disable=SC2086
  case_ 0 'example' "$titer" $command --help
done
# the manual page names every option that the helps name
for option in $(for command in serve scenario shift "lab sample" "lab fault" qc outcomes calc coag exam item "item export" record plan license hematology "irt score" "irt calibrate" "irt fit" "irt dif" "irt ctt" "irt link" "cat run" "cat simulate" backup restore rebuild; do
  # shellcheck disable=SC2086
  "$titer" $command --help
done | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
  case_ 0 "$option" sed 's/\\-/-/g' "$root/packaging/titer.1"
done
case_ 2 'usage' "$titer"
case_ 2 'titer irt: say what, as in `titer irt score --help`' "$titer" irt
case_ 2 'titer lab: say what' "$titer" lab frobnicate
case_ 0 '^titer [0-9]' "$titer" --version
case_ 2 'no command "frobnicate"' "$titer" frobnicate
case_ 1 'could not be written' full --help
case_ 1 'could not be written' full scenario list
case_ 1 'could not be written' full lab sample --n 3 --setting ed --seed 1 --analytes sodium --json
case_ 0 'long-night' "$titer" scenario list
{
  echo 'id,cohort,final_half,graduated,exam,passed,placement'
  echo 'A,2022,2022-01-10,2022-05-20,2022-06-10,2022-06-10,placed'
  for y in 2023 2024; do for i in 0 1 2 3 4 5 6 7 8 9; do
    [ $i -lt 5 ] && passed="$y-06-10" || passed=""
    echo "B$y-$i,$y,$y-01-10,$y-05-20,$y-06-10,$passed,studying"
  done; done
} > "$work/cohort.csv"
case_ 0 'pooled \*    11 / 21     52.4 %  below' "$titer" outcomes --in "$work/cohort.csv" --today 2026-11-27
case_ 0 '"measure":"certification","pooled":\{"years":3,"numerator":11,"denominator":21,"rate":52.38,"provisional":false\}' "$titer" outcomes --in "$work/cohort.csv" --today 2026-11-27 --json
case_ 0 'provisional' "$titer" outcomes --in "$work/cohort.csv" --today 2025-01-01
case_ 0 'goes on studying: counts as placed' "$titer" outcomes --in "$work/cohort.csv" --persons
case_ 0 'goes on studying: unavailable by the rules of ABHES' "$titer" outcomes --in "$work/cohort.csv" --accreditor abhes --persons
case_ 2 'naacls or abhes' "$titer" outcomes --in "$work/cohort.csv" --accreditor abc
case_ 2 'as in --in cohort.csv' "$titer" outcomes
sed 's/^A,2022/Ann Smith,2022/' "$work/cohort.csv" > "$work/bad.csv"
case_ 2 'bad.csv:2: id is a code' "$titer" outcomes --in "$work/bad.csv"
case_ 1 'could not be written' full outcomes --in "$work/cohort.csv" --json
case_ 0 '"id":"ordinary-sunday"' "$titer" scenario list --json
case_ 0 'briefing' "$titer" scenario show morning-run --json
case_ 2 'there is no scenario' "$titer" scenario show nothing
for file in "$root"/content/lab/scenarios/*.yaml; do case_ 0 'solvable: yes' "$titer" scenario check "$file" --seeds 20; done
sed 's/severity: 0.14/severity: lots/' "$root/content/lab/scenarios/morning-run.yaml" > "$work/bad.yaml"
case_ 2 'bad.yaml:[0-9]+: severity is a number' "$titer" scenario check "$work/bad.yaml"
sed 's/^minutes:/minuts:/' "$root/content/lab/scenarios/morning-run.yaml" > "$work/bad.yaml"
case_ 2 'bad.yaml:[0-9]+: the key "minutes" is missing' "$titer" scenario check "$work/bad.yaml"
case_ 2 'cannot be read' "$titer" scenario check "$work/none.yaml"

cat > "$work/in" << 'END'
{"application_date": "2026-11-22", "degree": {"level": "high_school"}, "semester_hours": {"any": 59},
 "programs": [{"kind": "MLT", "accreditors": ["NAACLS"], "completed": "2021-11-22"}], "jobs": []}
END
case_ 0 '"id":"ASCP-MLT-1","goal":"ASCP-MLT","body":"ASCP BOC","outcome":"fails","missing":\["m1.assoc","m1.h60"\],"needs_review":\[\],"cannot_tell":\[\]' pipe plan check --record - --json
case_ 0 '59 of 60 semester hours' pipe plan check --record - --goal ASCP-MLT
case_ 0 'counted back from 2026-11-22' pipe plan check --record "$work/in" --on 2030-01-01
case_ 1 '^$' grep -i eligible <("$titer" plan check --record "$work/in")
sed -i 's/59}/60}/' "$work/in"
case_ 0 'ASCP-MLT-1: appears to meet; the board decides' pipe plan check --record - --goal ASCP-MLT
sed -i 's/2021-11-22/2021-13/' "$work/in"
case_ 2 'programs\[0\].completed: 2021-13 is not a day' pipe plan check --record -
case_ 2 'there is no goal "NONE"' "$titer" plan check --record "$work/in" --goal NONE
case_ 2 'say which record' "$titer" plan check
case_ 2 'is a day' "$titer" plan check --record - --on 2026-11
case_ 0 '"id":"CLIA-HIGH","kind":"federal floor"' "$titer" plan goals --json
case_ 0 '"id":"technician@FL","kind":"work","routes":null,"open":null,"body":null,"title":"work as a technician in Florida"' "$titer" plan goals --json
case_ 0 'phlebotomist@CA    work           work as a phlebotomist in California' "$titer" plan goals
case_ 0 'laboratory personnel required, phlebotomy required' "$titer" license show ca
case_ 0 '"state":"GU".*"personnel_license":"unknown".*"fees":null' "$titer" license show Guam --json
case_ 0 'WA  personnel not required  phlebotomy required' "$titer" license list
case_ 2 'no state or territory "ZZ"' "$titer" license show ZZ

case_ 0 '"policy":"careful".*"state_hash":"[0-9a-f]{16}".*"score":' "$titer" shift run --scenario morning-run --seed 7 --policy careful --json
case_ 0 '"criticals":\{"due":.*"qc":\{"faults":.*"specimens_rejected":\{"right":' "$titer" shift run --scenario long-night --seed 3 --policy accept-all --json
case_ 0 '"minutes":3[0-9]' "$titer" shift run --scenario ordinary-sunday --seed 1 --policy careful --minutes 30 --json
case_ 2 'policy is careful' "$titer" shift run --scenario ordinary-sunday --seed 1 --policy lazy
case_ 2 'give --scenario' "$titer" shift run
[ "$("$titer" shift run --scenario after-eleven --seed 5 --policy careful --json)" = "$("$titer" shift run --scenario after-eleven --seed 5 --policy careful --json)" ] || { echo "wrong: the same seed gives another shift"; bad=$((bad + 1)); }

mkdir "$work/items"
cat > "$work/items/L25.yaml" < "$root/fuzz/corpus/bank/all-types.yaml"
case_ 0 '8 items, 0 errors' "$titer" item check "$work/items/L25.yaml"
case_ 0 '"items":8,"errors":0,"findings":\[' "$titer" item check "$work/items/L25.yaml" --json
case_ 0 '8 items, 0 errors' "$titer" item check "$work/items"
sed -i 's/point: 2 | 7/point: 5 | 7/' "$work/items/L25.yaml"
case_ 1 'L25.yaml:[0-9]+: L25-06: field 1 of point is a whole number from 0 to 2' "$titer" item check "$work/items/L25.yaml"
sed -i 's/point: 5 | 7/point: 2 | 7/; s/cell: band | 3/cell: band | 4/' "$work/items/L25.yaml"
case_ 1 'L25.yaml:[0-9]+: L25-07: the picture shows 4 \(band\), so the value is 4; found 3' "$titer" item check "$work/items/L25.yaml"
sed -i 's/cell: band | 4/cell: band | 3/' "$work/items/L25.yaml"
sed -i 's/A diluent/None of the above/' "$work/items/L25.yaml"
case_ 1 'L25.yaml:3: L25-01: an option says "none of the above"' "$titer" item check "$work/items/L25.yaml"
sed -i 's/area: operations/area: kitchen/' "$work/items/L25.yaml"
case_ 1 'L25.yaml:[0-9]+: L25-01: items/areas.csv has no area' "$titer" item check "$work/items/L25.yaml"
case_ 2 'cannot be read' "$titer" item check "$work/items/none.yaml"
case_ 0 '[0-9]+ items, 0 errors' "$titer" item check
case_ 0 '^mlt-adaptive +adaptive +100 items +150 min' "$titer" exam list --data "$work/none"
case_ 0 '"id":"mlt-adaptive"' "$titer" exam list --data "$work/none" --json
mkdir -p "$work/exam"
yes 1 | head -n 300 > "$work/in"
case_ 2 'no such form' "$titer" exam take no-such --data "$work/exam"
case_ 2 'from 1.000 to 2.500' "$titer" exam take pbt-practice --time 3 --data "$work/exam"
printf '1\ng 1\nb\n\nl\ne\nend\n' > "$work/fixed"
"$titer" exam take mlt-fixed --seed 3 --time 2 --breaks 1 --data "$work/exam-fixed" < "$work/fixed" > "$work/fixed.out" 2>&1
for words in 'Item 1 of 210, 4[78][09] min left' 'A break: the clock stands still' '1 of 210 answered, 0 flagged' '209 items have no answer and count as wrong. To end all the same' '[01] of 210 right. Measure'; do
  case_ 0 "$words" cat "$work/fixed.out"
done
case_ 0 'Item 1 of 20' pipe exam take pbt-practice --seed 7 --data "$work/exam"
sitting=$("$titer" exam list --json --data "$work/exam" | jq -r '.sittings[0].id')
case_ 0 '"kind":"answer"' "$titer" exam export "$sitting" --data "$work/exam"
printf '1 2 3 4 5 6\n1 2 3 4\n1 2 3 4 5\n1 2 3\n' > "$work/in"
case_ 0 'To go on: titer exam take --continue|not yet calibrated' pipe exam take --continue "$sitting" --data "$work/exam"
case_ 2 'no such sitting' "$titer" exam export 000000000000 --data "$work/exam"
case_ 0 'Not calibrated: at least 2 items need 200 answers' "$titer" exam calibrate --data "$work/exam"
case_ 0 '"calibrated":false,"kept":false' "$titer" exam calibrate --dry-run --json --data "$work/exam"
case_ 0 'L60-08, version 1: 0 answers in finished sittings' "$titer" item show L60-08 --statistics --data "$work/exam"
case_ 0 '"id":"anion-gap","version":1,"answers":0' "$titer" item show anion-gap --statistics --json --data "$work/exam"
case_ 2 'no item' "$titer" item show L99-99 --statistics --data "$work/exam"
case_ 0 'Never in one test with L60-10' "$titer" item show L60-08
case_ 0 '"set":"L51-A"' "$titer" item show L51-26 --json
case_ 0 '^anion-gap +single +chemistry' "$titer" item families
case_ 0 '"family":"anion-gap"' "$titer" item families --json
case_ 0 '^\{"id":"anion-gap@7","type":"single".*"key":true.*"area":"chemistry"|"area":"chemistry".*"key":true' "$titer" item generate anion-gap --seed 7 --json
[ "$("$titer" item generate anion-gap --seed 3 --count 50 --json | jq -s 'map(select([.parts[] | select(.key)] | length == 1)) | length')" = 50 ] || { echo "wrong: item generate --json"; bad=$((bad + 1)); }
[ "$("$titer" item generate tube-fault --seed 3 --json)" = "$("$titer" item generate tube-fault --seed 3 --json)" ] || { echo "wrong: the same seed gives another item"; bad=$((bad + 1)); }
case_ 2 'did you mean anion-gap' "$titer" item generate anion-gup
case_ 2 'no item "L99-01"' "$titer" item show L99-01
case_ 0 'A picture, here in words. .*Levey' "$titer" item show L25-15
case_ 0 'Potassium +6.1' "$titer" item show L30-17
case_ 0 '^<svg' "$titer" item draw L25-15
case_ 2 'no picture' "$titer" item draw L25-01
case_ 2 'no picture' "$titer" item draw L30-17
case_ 0 '^' "$titer" item list
case_ 0 '^\[' "$titer" item list --json
case_ 2 'usage' "$titer" item
# items in bulk
for format in csv gift moodle; do
  case_ 0 '1[0-9]{3} items in ' "$titer" item export --format $format --out "$work/all.$format"
  case_ 0 '^0 accepted, 0 unfinished, 1[0-9]{3} here already, 0 refused; nothing was saved$' "$titer" item import "$work/all.$format" --check
done
case_ 0 '^// \[id:L60-01\]' "$titer" item export --format gift --id L60-01
case_ 0 '^1 items in' "$titer" item export --format csv --id L60-01 --out "$work/one.csv"
case_ 0 'Moodle XML keeps them' "$titer" item export --format gift --type order --lesson L60
case_ 0 '<idnumber>L60-' "$titer" item export --format moodle --area chemistry --lesson L60 --programs MLT
case_ 2 'No item is chosen' "$titer" item export --format csv --area kitchen
case_ 2 'format is csv, gift or moodle; found qti' "$titer" item export --format qti
case_ 2 'format is csv, gift or moodle' "$titer" item export
case_ 1 'could not be written' full item export --format csv
cat > "$work/quiz.txt" <<'END'
$CATEGORY: $course$/top/chemistry/lipids

Which lipid do chylomicrons carry the most of?{
=Triglyceride#Packed in the bowel.
~Cholesterol#A small part.
~Phospholipid#The shell.
~Bile acid#It stays in the bowel.
}

Describe it.{}
END
facts="--lesson L60 --objective L60.1 --level recall --difficulty 0.0 --source Tietz --as-of 2026-11"
# shellcheck disable=SC2086
case_ 1 'quiz.txt:10: question 2, refused: Describe it' "$titer" item import "$work/quiz.txt" --check $facts
# shellcheck disable=SC2086
case_ 1 '^1 accepted, 0 unfinished, 0 here already, 1 refused$' "$titer" item import "$work/quiz.txt" --author "Ann Author" --data "$work/bulk" $facts
case_ 1 '"saved":true,"accepted":0,"unfinished":0,"same":1,"refused":1,' "$titer" item import "$work/quiz.txt" --format gift --author Ann --lesson L61 --data "$work/bulk" --json
sed 's/the most of/the least of/' "$work/quiz.txt" > "$work/other.txt"
case_ 1 '"saved":true,"accepted":0,"unfinished":1,"same":0,"refused":1,' "$titer" item import "$work/other.txt" --format gift --author Ann --lesson L61 --data "$work/bulk" --json
case_ 0 '^// \[id:L60-99\].*objective:L60.1' "$titer" item export --format gift --id L60-99 --data "$work/bulk"
"$titer" item export --format csv --id L60-99 --data "$work/bulk" | sed 's/A small part/A smaller part/' > "$work/in"
case_ 1 'L60-99 is in this bank with other words' pipe item import - --author Ann --data "$work/bulk"
case_ 0 '^1 accepted' pipe item import - --author Ann --existing version --data "$work/bulk"
case_ 0 '^1 accepted' pipe item import - --author Ann --existing new --data "$work/bulk"
[ "$("$titer" item import "$work/in" --author Ann --data "$work/bulk" --json | jq -r '.questions[0].outcome + " " + .questions[0].id')" = "same L60-99" ] || { echo "wrong: item import --json"; bad=$((bad + 1)); }
case_ 2 'author names who' "$titer" item import "$work/quiz.txt" --data "$work/bulk"
case_ 2 'existing is refuse, version or new; found maybe' "$titer" item import "$work/quiz.txt" --check --existing maybe
printf '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>' > "$work/evil.xml"
case_ 2 'evil.xml: the file has a document type' "$titer" item import "$work/evil.xml" --check
printf '<quiz><question></quiz>' > "$work/evil.xml"
case_ 2 'evil.xml:1: this is not well-formed XML' "$titer" item import "$work/evil.xml" --check
case_ 2 'is empty' "$titer" item import /dev/null --check
case_ 2 'cannot be read' "$titer" item import "$work/nothing.txt" --check

cat > "$work/shift.jsonl" < "$root/fuzz/corpus/events/small.jsonl"
case_ 0 '"scenario":"morning-run","seed":7' "$titer" shift replay "$work/shift.jsonl" --json
echo 'not json' > "$work/broken.jsonl"
case_ 2 'line 1' "$titer" shift replay "$work/broken.jsonl"
case_ 2 'no data' "$titer" shift list

case_ 0 '^sex,age,sodium,potassium$' "$titer" lab sample --n 3 --setting ed --seed 1 --analytes sodium,potassium
case_ 0 '^\{"sex":"[FM]","age":[0-9]+,"sodium":1[0-9.]+,"potassium":[0-9.]+\}$' "$titer" lab sample --n 3 --setting ed --seed 1 --analytes sodium,potassium --json
[ "$("$titer" lab sample --n 500 --setting ed --seed 1 --analytes all --json | jq -s 'length')" = 500 ] || { echo "wrong: lab sample --json is not JSON"; bad=$((bad + 1)); }
case_ 2 'did you mean|nearest|sodium' "$titer" lab sample --n 3 --setting ed --seed 1 --analytes sodum
[ "$("$titer" lab sample --n 1000 --setting community --sex F --age 30-40 --seed 2 --analytes glucose | awk -F, 'NR>1 && ($1!="F" || $2<30 || $2>40)' | wc -l)" = 0 ] || { echo "wrong: --sex and --age"; bad=$((bad + 1)); }
case_ 0 'edta_contam' "$titer" lab fault list
case_ 0 '"before":.*"after":' "$titer" lab fault edta_contam --severity 0.05 --seed 7 --json
case_ 2 '.' "$titer" lab fault nothing --severity 1 --seed 1
case_ 0 '"id":"potassium".*"sd_ratio":1.30,"outlier_prob":0.120,"outlier_sd":-7.00' "$titer" lab fault bubble --analyte potassium --json
case_ 0 '12 % off by -7 SD' "$titer" lab fault bubble --analyte potassium
case_ 0 '[0-9]+ other analytes do not change' "$titer" lab fault normal_random

printf 'run,level,z\n1,1,0.5\n1,2,3.2\n2,1,2.1\n2,2,1.0\n' > "$work/in"
case_ 0 '"run":1,"verdict":"reject","rules":\["1-3s"\]' pipe qc judge --levels 2 --rules 1-3s,2-2s,R-4s --json
case_ 0 '"run":2,"verdict":"warn","rules":\["1-2s"\]' pipe qc judge --levels 2 --rules 1-2s,1-3s,2-2s --json
case_ 2 'rule' pipe qc judge --levels 2 --rules 9-9s
case_ 0 '"p_reject":0\.4[01]' "$titer" qc power --rules 1-3s,2-2s,R-4s --levels 2 --runs 1 --shift 2 --trials 200000 --seed 1 --json
case_ 0 '"formula":"anion_gap","value":12,"unit":"mmol/L","decimals":0' "$titer" calc anion_gap na=140 cl=104 hco3=24 --json
case_ 0 '91.7' "$titer" calc ckd_epi_2021 scr=1.0 age=50 sex=M
case_ 2 '18' "$titer" calc ckd_epi_2021 scr=1.0 age=12 sex=M
case_ 0 'friedewald' "$titer" calc list
case_ 0 '"formula":"inr","value":2.34' "$titer" calc inr pt=27.0 mnpt=12.0 isi=1.05 --json
case_ 0 '^PT    13\.1 s   INR 1\.09$' "$titer" coag curve --factors vii=0.3
case_ 0 '"pt_s":12\.0,.*"aptt_s":61\.6,.*"tt_s":150\.0,"tt_s_state":"above".*"curve":\{"test":"aptt","points":\[\[' "$titer" coag curve --heparin 0.45 --json
case_ 0 '^PT +no clot +INR none' "$titer" coag curve --fibrinogen 10
case_ 0 '"rosner_index":1\.9.*corrects: a factor' "$titer" coag mix --factors viii=0.005 --json
case_ 0 'does not correct' "$titer" coag mix --lupus 0.7
case_ 0 'patient +20.1' "$titer" coag mix --factors vii=0.05 --test pt
case_ 0 'not prolonged' "$titer" coag mix --factors vii=0.05
case_ 0 'does not correct' "$titer" coag mix --lupus 0.22 --parts 4
case_ 2 'parts is a number from 1 to 9' "$titer" coag mix --parts 0
case_ 2 'belong to titer coag curve' "$titer" coag mix --isi 1
case_ 0 'exclude heparin' "$titer" coag mix --heparin 0.5
case_ 0 'not after incubation' "$titer" coag mix --factors viii=0.01 --inhibitor 8
case_ 2 'there is no factor "vi"' "$titer" coag curve --factors vi=0.3
case_ 2 'fraction of normal from 0 to 3' "$titer" coag curve --factors vii=30
case_ 2 'given twice' "$titer" coag curve --factors vii=0.3,7=0.4
case_ 2 'say curve or mix' "$titer" coag clot
case_ 0 'APTT .*\+60\.0$' "$titer" lab fault UNDERFILL_COAG --severity 0.6 --seed 1
case_ 0 '"id":"APTT".*"after":null' "$titer" lab fault LIP_COAG --json
case_ 2 'severity of HIGH_HCT is' "$titer" lab fault HIGH_HCT --severity 0.3
case_ 0 '^F,[0-9]+,[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+$' "$titer" lab sample --n 3 --setting community --seed 1 --healthy --sex F --analytes PT,INR,APTT,FIB
case_ 0 '"formula":"rumke_high","value":12,' "$titer" calc rumke_high p=5 n=100 --json

printf 'id,sex,age,first,WBC,MCHC,flags\nA1,F,50,1,2.1,39,PLT_CLUMPS?\nA2,M,60,1,7,33,\n' > "$work/in"
case_ 0 'line 2 A1: rule 5' pipe hematology review
case_ 0 'line 3 A2: no rule' pipe hematology review
case_ 0 '"id":"A1","rules":\[\{"rule":5,' pipe hematology review --json
case_ 0 'WBC > 30.0' "$titer" hematology rules
printf 'WBX\n1\n' > "$work/in"
case_ 2 'standard input:1: there is no column "WBX"' pipe hematology review
case_ 2 'review or rules' "$titer" hematology count
case_ 0 'MCHC' "$titer" lab fault COLD_AGG --severity 0.5 --seed 1
case_ 0 '"id":"MCHC","unit":"g/dL","before":' "$titer" lab fault COLD_AGG --severity 0.5 --seed 1 --json
case_ 0 '^sex,age,HGB,MCV' "$titer" lab sample --healthy --n 3 --analytes HGB,MCV

# measurement: the LSAT's section 6 written out from its patterns
awk -F, 'BEGIN { print "I1,I2,I3,I4,I5" }
  $1 == "LSAT6" { for (n = 0; n < $3; n++) print substr($2, 2, 1) "," substr($2, 3, 1) "," substr($2, 4, 1) "," substr($2, 5, 1) "," substr($2, 6, 1) }' \
  "$root/test/exam/calibrate_patterns.csv" > "$work/lsat.csv"
awk 'NR == 1 { print "group"; next } { print (NR % 2 ? "b" : "a") }' "$work/lsat.csv" > "$work/groups.csv"
case_ 0 '"loglik":-2466.653[0-9]+,"logprior":0.0+,"iterations":[0-9]+,"converged":true,"variance":1.0+' "$titer" irt calibrate --model 2pl --in "$work/lsat.csv" --out "$work/items.csv" --json
case_ 0 '^I1,2pl,0.8256[0-9]+,-3.3588' cat "$work/items.csv"
case_ 0 'log-likelihood -2466.9376.*6 parameters' "$titer" irt calibrate --model rasch --in "$work/lsat.csv"
case_ 0 '"logprior":-1.133' "$titer" irt calibrate --model 3pl --guess-prior -1.4,0.5 --in "$work/lsat.csv" --json
case_ 0 '"group":"b","persons":500,"mean":0' "$titer" irt calibrate --model rasch --group "$work/groups.csv" --reference b --in "$work/lsat.csv" --json
[ "$("$titer" irt calibrate --model 2pl --in "$work/lsat.csv" --threads 1 --json)" = "$("$titer" irt calibrate --model 2pl --in "$work/lsat.csv" --threads 2 --json)" ] || { echo "wrong: threads change a calibration"; bad=$((bad + 1)); }
[ "$("$titer" irt calibrate --model 2pl --in "$work/lsat.csv" --json | jq '.items | length')" = 5 ] || { echo "wrong: irt calibrate --json is not JSON"; bad=$((bad + 1)); }
head -n 3 "$work/items.csv" > "$work/anchors.csv"
case_ 0 '"id":"I1","model":"2pl","a":0.8256[0-9]+,.*"se":\{"a":null,"b":\[null\],"c":null\},"fixed":true' "$titer" irt calibrate --model 2pl --anchors "$work/anchors.csv" --in "$work/lsat.csv" --json
case_ 2 'rasch, 2pl, 3pl, pcm, gpcm or grm' "$titer" irt calibrate --model 4pl --in "$work/lsat.csv"
case_ 2 'guess-prior is MEAN,SD' "$titer" irt calibrate --model 3pl --guess-prior 1 --in "$work/lsat.csv"
case_ 2 'column "group" is missing' "$titer" irt calibrate --model 2pl --group "$work/items.csv" --in "$work/lsat.csv"
printf 'a,b\n1,0\n1,1\n' > "$work/in"
case_ 2 'standard input: everybody answered item a with 1' pipe irt calibrate --model rasch
case_ 0 '"id":"I1","n":1000,"outfit":0.795[0-9]+,.*"s_x2":0.450[0-9]+,"s_x2_df":2' "$titer" irt fit --items "$work/items.csv" --in "$work/lsat.csv" --json
case_ 0 'abilities by wle; S-X2 on 1000 of 1000' "$titer" irt fit --items "$work/items.csv" --in "$work/lsat.csv" --method wle
case_ 2 'name the table of items' "$titer" irt fit --in "$work/lsat.csv"
case_ 0 '"reference":"a","focal":"b","n_reference":500' "$titer" irt dif --group "$work/groups.csv" --in "$work/lsat.csv" --json
case_ 0 'reference b \(500 persons\), focal a' "$titer" irt dif --group "$work/groups.csv" --reference b --purify --in "$work/lsat.csv"
case_ 2 'name the table of groups' "$titer" irt dif --in "$work/lsat.csv"
case_ 0 '1000 persons, 0 left out' "$titer" irt ctt --in "$work/lsat.csv"
printf 'id,key\nI1,1\nI2,1\nI3,1\nI4,1\nI5,1\n' > "$work/key.csv"
case_ 0 '"id":"I1","p":0.924.*"option":1,"n":924,.*"key":true' "$titer" irt ctt --in "$work/lsat.csv" --key "$work/key.csv" --json
case_ 2 'no key of item I5' "$titer" irt ctt --in "$work/lsat.csv" --key <(head -n 5 "$work/key.csv")
sed 's/^I1,2pl,0.82[0-9]*,-3.3[0-9]*/I1,2pl,0.825659,-1/' "$work/items.csv" > "$work/bank.csv"
case_ 0 '"common":5,"used":4,' "$titer" irt link --from "$work/items.csv" --to "$work/bank.csv" --drop --json
case_ 0 'drifted' "$titer" irt link --from "$work/items.csv" --to "$work/bank.csv" --method mean-mean --out "$work/linked.csv"
case_ 0 '^I5,2pl' cat "$work/linked.csv"
case_ 2 'name both tables' "$titer" irt link --from "$work/items.csv"
case_ 2 'irt: say what' "$titer" irt

case_ 1 'only on this machine|loopback|127\.0\.0\.1' "$titer" serve --listen 0.0.0.0:0 --data "$work/data"
case_ 2 'address and a port' "$titer" serve --listen nowhere

# a server, a second one on the same data, a backup while it serves, a restore, a rebuild
"$titer" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -qs 'open at' "$work/serve.log" && break; sleep 0.05; done
case_ 0 'open at http://127.0.0.1:[0-9]+/' cat "$work/serve.log"
case_ 1 'in use by another Titer' "$titer" serve --listen 127.0.0.1:0 --data "$work/data"
case_ 0 'No shift' "$titer" shift list --data "$work/data"
case_ 0 '0 shifts, 0 with an opened debrief' "$titer" shift history --data "$work/data"
case_ 0 '"debriefs":0,"hints":0,"competencies":\[\{"name":"Specimen acceptance"' "$titer" shift history --json --data "$work/data"
case_ 0 'Saved to' "$titer" backup "$work/copy.titer" --data "$work/data"
case_ 0 '"backup":".*/second.titer"' "$titer" backup "$work/second.titer" --data "$work/data" --json
case_ 1 'cannot be written' "$titer" backup "$work/no/copy.titer" --data "$work/data"
case_ 1 'exists already' "$titer" backup "$work/copy.titer" --data "$work/data"
case_ 1 'in use' "$titer" restore "$work/copy.titer" --replace --data "$work/data"
kill "$server"
wait "$server" || { echo "wrong: the server did not stop with exit code 0"; bad=$((bad + 1)); }
case_ 1 'exists already' "$titer" restore "$work/copy.titer" --data "$work/data"
case_ 0 'Restored' "$titer" restore "$work/copy.titer" --replace --data "$work/data"
case_ 0 '"restored":".*","aside":".*before-restore-2"' "$titer" restore "$work/copy.titer" --replace --data "$work/data" --json
case_ 0 'sound' "$titer" rebuild --data "$work/data"
case_ 0 '"rebuilt":' "$titer" rebuild --data "$work/data" --json
case_ 2 'no data' "$titer" rebuild --data "$work/nowhere"
[ ! -e "$work/nowhere" ] || { echo "wrong: rebuild made a folder"; bad=$((bad + 1)); }
echo "my notes" > "$work/notes"
mkdir -p "$work/foreign" && cp "$work/notes" "$work/foreign/titer.db"
case_ 2 'not a Titer database' "$titer" serve --listen 127.0.0.1:0 --data "$work/foreign"
cmp -s "$work/notes" "$work/foreign/titer.db" || { echo "wrong: a foreign file was changed"; bad=$((bad + 1)); }

# adaptive tests and abilities
exam="$root/test/exam"
items="$exam/cat_items.csv"
full="$exam/cat_responses.csv"
printf 'id,model,a,b1,c\nq1,rasch,,0.5,\nq2,2pl,1.2,-1,\nq3,3pl,1,0,0.2\n' > "$work/items.csv"
printf 'q3,q1,q2\n1,1,0\n0,0,0\n,,\n' > "$work/in"
case_ 0 '^1,0.022517,0.809646$' pipe irt score --items "$work/items.csv"
case_ 0 '^2,-6.000000,$' pipe irt score --items "$work/items.csv" --method mle
case_ 0 '1 of 3 persons have no finite estimate' pipe irt score --items "$work/items.csv" --method mle
case_ 0 '^2,-4.000000,$' pipe irt score --items "$work/items.csv" --method mle --range 4
case_ 0 '1 of 3 persons gave no answer' pipe irt score --items "$work/items.csv" --method wle
case_ 0 '^3,0.000000,1.000000$' "$titer" irt score --items "$work/items.csv" --method map --in "$work/in"
case_ 0 '^\[\{"person":1,"theta":0.055778,"se":1.289884,"state":"found"\},$' "$titer" irt score --items "$work/items.csv" --method mle --json --in "$work/in"
case_ 0 '"theta":-6.000000,"se":null,"state":"lowest"' "$titer" irt score --items "$work/items.csv" --method mle --json --in "$work/in"
case_ 0 '^3,0.500000,2.000000$' "$titer" irt score --items "$work/items.csv" --method map --prior-mean 0.5 --prior-sd 2 --in "$work/in"
case_ 0 'measured more finely than the nodes' "$titer" irt score --items "$items" --in "$full" --quad 15
case_ 0 '^3,0.000000,0.99' "$titer" irt score --items "$work/items.csv" --quad 11 --range 3 --in "$work/in"
case_ 2 'name the table of items' pipe irt score
case_ 2 'method is eap, map, wle or mle' pipe irt score --items "$work/items.csv" --method ml
case_ 2 'quad is a whole number from 3' pipe irt score --items "$work/items.csv" --quad 2
case_ 2 'range is a number from 0.001 to 50' pipe irt score --items "$work/items.csv" --range 0
case_ 1 'could not be written' full irt score --items "$items" --in "$full"
printf 'q1,q4\n1,1\n' > "$work/in"
case_ 2 'standard input:1: the item "q4" is not in .*items.csv' pipe irt score --items "$work/items.csv"
printf 'q1,q2\n1,1\n0,2\n' > "$work/in"
case_ 2 'standard input:3: item q2 has the response 2; 2pl in .*items.csv has 0 to 1' pipe irt score --items "$work/items.csv"
printf 'q1,q2\n1,one\n' > "$work/in"
case_ 2 'standard input:2: a response is a whole number' pipe irt score --items "$work/items.csv"

for sequence in "mfi eap 20" "mfi map 15" "mfi wle 12" "kl eap 12"; do # item by item as the independent implementation has them
  read -r select ability length <<< "$sequence"
  count=$((count + 1))
  "$titer" cat run --items "$items" --responses "$full" --select "$select" --ability "$ability" --length "$length" | tail -n +2 | cut -d, -f3,4 > "$work/found"
  grep "^$select,$ability," "$exam/cat_sequences.csv" | cut -d, -f5,6 | cmp -s - "$work/found" || { echo "wrong: the sequence of $sequence"; bad=$((bad + 1)); }
done
case_ 0 '^6,20,c[0-9]+,[0-3],[0-9.]+,0\.[0-9]+,,length$' "$titer" cat run --items "$items" --responses "$full" --length 20
case_ 0 '^1,[0-9]+,.*,fail,decision$' "$titer" cat run --items "$items" --responses "$full" --cut 0 --confidence 0.95
case_ 0 '^1,[0-9]+,.*,fail,decision$' "$titer" cat run --items "$items" --responses "$full" --cut 0 --rule sprt --at-cut --delta 0.4
case_ 0 '^6,[0-9]+,.*,pass,decision$' "$titer" cat run --items "$items" --responses "$full" --cut 0 --rule posterior --min-length 5
case_ 0 '^1,[0-9]+,.*,,se$' "$titer" cat run --items "$items" --responses "$full" --stop-se 0.4
case_ 0 '^6$' sh -c "\"$titer\" cat run --items \"$items\" --responses \"$full\" --length 9 --cut 0 --json | jq 'map(select((.steps|length) == 9 and .stopped == \"length\" and (.decision == \"pass\" or .decision == \"fail\"))) | length'"
case_ 0 '"se":null' "$titer" cat run --items "$items" --responses "$full" --ability mle --length 3 --json
case_ 0 '"decision":"fail","above_cut":0.0[0-9]+' "$titer" cat run --items "$items" --responses "$full" --cut 0.5 --confidence 0.95 --json
case_ 2 'a decision needs the pass mark' "$titer" cat run --items "$items" --responses "$full" --confidence 0.9
case_ 2 'select is mfi, kl, stratified' "$titer" cat run --items "$items" --responses "$full" --select best
case_ 2 'rule is interval, sprt, posterior' "$titer" cat run --items "$items" --responses "$full" --cut 0 --rule coin
case_ 2 'with --responses' "$titer" cat run --items "$items"
case_ 2 'a test of 61 items cannot be made of a bank of 60' "$titer" cat run --items "$items" --responses "$full" --length 61
{ # two areas, enemies and a set, in one file
  printf 'area,percent_min,percent_max\nodd,40,40\neven,60,60\n\nitem,area,set,enemies\n'
  for i in $(seq 60); do printf 'c%02d,%s,%s,%s\n' "$i" "$([ $((i % 2)) = 1 ] && echo odd || echo even)" "$([ "$i" -le 3 ] && echo s)" "$([ "$i" -gt 40 ] && echo e$((i % 4)))"; done
} > "$work/blueprint.csv"
case_ 0 '^     12$' sh -c "\"$titer\" cat run --items \"$items\" --responses \"$full\" --length 20 --blueprint \"$work/blueprint.csv\" | grep '^3,' | cut -d, -f3 | grep -cE '[02468]\$' | sed 's/^/     /'"
case_ 0 '"rounded":false,"violations":0,"largest_error":0' "$titer" cat simulate --items "$items" --n 200 --length 20 --blueprint "$work/blueprint.csv" --exposure 0.8 --seed 1 --json
case_ 2 'a test of 40 items needs at least 24 of the area even, and the bank has 2[0-9]' "$titer" cat simulate --items "$items" --n 10 --length 40 --blueprint "$work/blueprint.csv" --seed 1
sed 's/^c07,.*/c07,nowhere,,/' "$work/blueprint.csv" > "$work/bad.csv"
case_ 2 'the item c07 is of the area "nowhere"' "$titer" cat run --items "$items" --responses "$full" --length 20 --blueprint "$work/bad.csv"
sed '/^c07,/d' "$work/blueprint.csv" > "$work/bad.csv"
case_ 2 'the item c07 has no area' "$titer" cat run --items "$items" --responses "$full" --length 20 --blueprint "$work/bad.csv"
case_ 2 'percent_min add up to more than 100' "$titer" cat simulate --items "$items" --n 10 --length 10 --seed 1 --blueprint <(sed 's/^odd,40,40/odd,50,60/' "$work/blueprint.csv")

for select in mfi kl stratified progressive randomesque; do
  case_ 0 "\"select\":\"$select\".*\"mean_length\":15.000" "$titer" cat simulate --items "$items" --n 50 --length 15 --select $select --seed 3 --json
done
case_ 0 '^true$' sh -c "\"$titer\" cat simulate --items \"$items\" --n 300 --length 10 --exposure 0.5 --seed 3 --json | jq '.exposure.max <= 0.5 and .exposure.mean > 0.16 and .bands[0].low == null and .rmse < 0.6'"
case_ 0 'items never used' "$titer" cat simulate --items "$items" --n 100 --length 10 --exposure 0.5 --exposure-method sympson-hetter --seed 3 --mean 0.5 --sd 0.8
case_ 0 'right decisions +0\.[789]' "$titer" cat simulate --items "$items" --n 300 --length 20 --cut 0 --confidence 0.9 --seed 3
case_ 0 '^8$' sh -c "\"$titer\" cat simulate --items \"$items\" --n 100 --length 20 --cut 0 --blueprint \"$work/blueprint.csv\" --exposure 0.8 --seed 3 --plots \"$work/study.svg\" --json | jq '.bands | length' && grep -q '^<svg' \"$work/study.svg\""
case_ 0 '^100$' sh -c "\"$titer\" cat simulate --items \"$items\" --n 100 --length 20 --cut 0 --seed 3 --plots \"$work/study.pdf\" --json | jq '[.classification.around_cut[].people] | add' && head -c 5 \"$work/study.pdf\" | grep -q '%PDF-'"
case_ 2 'ends in .svg, .pdf or .png' "$titer" cat simulate --items "$items" --n 10 --length 10 --seed 3 --plots "$work/study.gif"
case_ 2 'no exposure below that' "$titer" cat simulate --items "$items" --n 100 --length 30 --exposure 0.2 --seed 3
case_ 2 'say how many people' "$titer" cat simulate --items "$items" --length 30 --seed 3
case_ 2 'say how long' "$titer" cat simulate --items "$items" --n 3 --seed 3
case_ 2 'with --seed' "$titer" cat simulate --items "$items" --n 3 --length 10
[ "$("$titer" cat simulate --items "$items" --n 90 --length 9 --select progressive --seed 8 --json)" = "$("$titer" cat simulate --items "$items" --n 90 --length 9 --select progressive --seed 8 --json)" ] || { echo "wrong: the same seed gives another study"; bad=$((bad + 1)); }

# pay and outlook
case_ 0 'May 2022 +57380' "$titer" outlook
case_ 0 'State license for this work: yes' "$titer" outlook --state tn
case_ 0 '^22600$' sh -c "\"$titer\" outlook --json | jq '.projections[] | select(.cycle == \"2024-34\") | .openings_a_year'"
case_ 0 '^true$' sh -c "\"$titer\" outlook --state CA --json | jq '(.pay | map(select(.place == \"CA\")) | length) == 2 and .license.required == \"yes\" and (.misquoted | length) >= 3'"
case_ 2 'postal code' "$titer" outlook --state XX
case_ 2 'technician or phlebotomist' "$titer" outlook --job plumber

# continuing education
printf '%s' '{"held":[{"state":"CA","credential":"MLT","deadline":"2027-05-31"},{"state":"TN","credential":"technician","deadline":"2028-02-01"},{"body":"AMT","credential":"MLT","deadline":"2028-12-31"}],"activities":[{"date":"2026-03","title":"Malaria","hours":1.5,"categories":["hematology"]}]}' > "$work/ledger.json"
case_ 0 'The shortest way: 23 hours \(each alone: 46\)' "$titer" ce check --ledger "$work/ledger.json" --today 2026-11-27
case_ 0 '^true$' sh -c "\"$titer\" ce check --ledger - --today 2026-11-27 --json < \"$work/ledger.json\" | jq '.obligations[0].total.missing == 22.5 and .obligations[2].state == \"cannot tell\" and .plan.proved and .plan.hours == 23 and .plan.left_out == [\"amt-mlt\"]'"
case_ 0 'DTSTART;VALUE=DATE:20270531' "$titer" ce check --ledger "$work/ledger.json" --today 2026-11-27 --calendar
case_ 0 'fl-technician' "$titer" ce rules
case_ 0 '^24$' sh -c "\"$titer\" ce rules --json | jq 'map(select(.source != \"\" and .as_of != \"\")) | length'"
case_ 0 'medical_errors' "$titer" ce topics
case_ 2 'activities\[0\].date' sh -c "echo '{\"activities\":[{\"title\":\"x\",\"date\":\"2026-02-30\"}]}' | \"$titer\" ce check --ledger -"
case_ 2 'say which ledger' "$titer" ce check
case_ 2 'check, rules or topics' "$titer" ce
case_ 2 'today is a day' "$titer" ce check --ledger "$work/ledger.json" --today 2026-11
# the record: in, out, in again
cat > "$work/record.json" << 'END'
{"titer_record":1,"none":["military"],"entries":[
 {"id":"a1","section":"degrees","fields":{"level":"associate","awarded":"spring 2019"}},
 {"id":"a2","section":"jobs","fields":{"setting":"clinical_lab","start":"2019","end":"present","employer":"=1+1"}}]}
END
case_ 2 'There is no data' "$titer" record export
case_ 0 'It would be: 2 new, 0 corrected' "$titer" record import "$work/record.json" --dry-run
case_ 0 '"entries":\[\]' "$titer" record export
case_ 0 '^2 new, 0 corrected, 0 the same' "$titer" record import "$work/record.json"
case_ 0 '^\{"new":0,"corrected":0,"same":2,"none":0,' "$titer" record import "$work/record.json" --json
case_ 0 '"awarded": "spring 2019"' "$titer" record export --format json
case_ 0 "^jobs,a2,employer,'=1\+1," "$titer" record export --format csv
case_ 0 '^%PDF-' sh -c "\"$titer\" record export --format pdf | head -c 8"
case_ 0 '^$' "$titer" record export --out "$work/out.json"
case_ 1 'never replaces a file' "$titer" record export --out "$work/out.json"
case_ 0 '^0 new, 0 corrected, 2 the same' "$titer" record import "$work/out.json"
case_ 0 '^2 new' "$titer" record import "$work/out.json" --data "$work/other"
[ "$("$titer" record export --data "$work/other" | jq -c '[.none,.applicant,(.entries|map(.fields))]')" = "$("$titer" record export | jq -c '[.none,.applicant,(.entries|map(.fields))]')" ] || { echo "wrong: a record that was exported and imported is another"; bad=$((bad + 1)); }
mkdir "$work/papers"
case_ 0 '"titer_record":1' "$titer" record export --documents "$work/papers"
sed 's/spring 2019/soon/' "$work/record.json" > "$work/bad.json"
case_ 2 'entries\[0\]\.fields\.awarded: ' "$titer" record import "$work/bad.json"
case_ 2 'not JSON' pipe record import -
case_ 2 'is zip, json, csv or pdf' "$titer" record export --format xml
case_ 1 'could not be written' full record export
case_ 2 'usage: titer record export' "$titer" record

start=$(date +%s%N)
"$titer" --help > /dev/null
took=$(( ($(date +%s%N) - start) / 1000000 ))
[ "$took" -lt 500 ] || { echo "wrong: the program took $took ms to start"; bad=$((bad + 1)); }
echo "$count cases, $bad wrong"
[ "$bad" = 0 ]
