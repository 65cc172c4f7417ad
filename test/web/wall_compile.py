#!/usr/bin/env python3
"""Learner-side code does not compile against truth.

Reads compile_commands.json of a build. For every file of the pages (src/web), the command line (src/cli), the
use cases (src/app) and the autopilots (src/lab/pilot/pilot.c), a file that includes one private header and nothing
else is compiled with exactly the options meson gives; it must not compile. The debrief's header may be found
only by the targets that show a debrief. Then the sources are read: no such file names a private header, by
whatever path. Usage: wall_compile.py BUILD SOURCE
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

PRIVATE = ["shift_private.h", "lab_private.h", "scenario_private.h", "debrief_private.h", "patient_model.h", "fault.h",
           "fault_tables.h", "natural.h", "care_private.h", "reaction_private.h"]
DEBRIEF = "lab/debrief.h"
# Keys of items, also of those being written, credits and measures of a running sitting: not for the pages of the exam room nor those of a shift.
KEYS = ["app/exam_report.h", "app/items.h", "app/items_wire.h", "app/pictures.h", "exam/bank.h", "exam/item_draft.h", "exam/sitting.h", "exam/report.h"]
KEYS_TARGETS = {"web": ("libwebexamreport.a.p", "libwebitems.a.p"), "cli": ("titer.p",), "app": ("libapp.a.p",), "pilot": ()}
DRAFT = "lab/draft.h"  # the form of a scenario: instructor's side, on the same path
# Who may see truth, and only through lab/debrief.h.
DEBRIEF_TARGETS = {"web": ("libwebdebrief.a.p", "libwebauthor.a.p"), "cli": ("titer.p",), "app": ("libapp.a.p",), "pilot": ()}
DEBRIEF_FILES = re.compile(r"src/(web/(debrief|author)\w*\.[ch]|app/after\.c|cli/cmd_shift\.c|cli/cmd_scenario\.c)$")

build, source = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
passed = failed = 0


def ok(condition, name, detail=""):
    global passed, failed
    passed, failed = passed + bool(condition), failed + (not condition)
    print(f"{'ok' if condition else 'not ok'} {passed + failed} - {name}")
    if not condition and detail:
        print("  # " + detail.strip().replace("\n", "\n  # ")[:600])


def room_of(path):
    for room in ("web", "cli", "app"):
        if path.startswith(os.path.join(source, "src", room) + os.sep):
            return room
    return "pilot" if path == os.path.join(source, "src", "lab", "pilot", "pilot.c") else None


def options_of(entry):
    """The compiler and its options without the file, its output and its dependency file."""
    words, kept, i = shlex.split(entry["command"]), [], 0
    while words and os.path.basename(words[0]) in ("ccache", "sccache"):
        words = words[1:]
    while i < len(words):
        if words[i] in ("-o", "-MF", "-MQ", "-MT"):
            i += 2
        elif words[i] in ("-c", "-MD", "-MMD") or words[i] == entry["file"]:
            i += 1
        else:
            kept.append(words[i])
            i += 1
    return kept


def compiles(entry, text, folder):
    # The path of the probe is no part of the question: quotes look beside a file first, so it lies apart.
    probe = os.path.join(folder, "probe.c")
    with open(probe, "w", encoding="utf-8") as file:
        file.write(text)
    run = subprocess.run(options_of(entry) + ["-Wno-error", "-fsyntax-only", probe], cwd=entry["directory"], capture_output=True, text=True, check=False)
    return run.returncode == 0, run.stderr


def check_compiling(entries, folder):
    seen = {}
    for entry in entries:
        path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        room = room_of(path)
        if room is None and path.startswith(os.path.join(build, "src")) and path.endswith(".html.c"):
            room = "web"
        if room is None:
            continue
        target = os.path.basename(os.path.dirname(entry.get("output", "")))
        seen.setdefault((room, target, tuple(options_of(entry))), (path, entry))
    for (room, target, _), (path, entry) in sorted(seen.items(), key=lambda item: item[0][:2]):
        where = f"{room}, {target}"
        fine, said = compiles(entry, "int probe;\n", folder)
        ok(fine, f"{where}: an empty file compiles (else the rest proves nothing)", said)
        for header in PRIVATE:
            fine, _ = compiles(entry, f'#include "{header}"\nint probe;\n', folder)
            ok(not fine, f"{where}: {header} is not to be found", "it compiles; the folder src/lab is on the include path")
        if target not in DEBRIEF_TARGETS[room]:
            fine, _ = compiles(entry, f'#include "{DEBRIEF}"\nint probe;\n', folder)
            ok(not fine, f"{where}: {DEBRIEF} is not to be found", "it compiles; include_debrief is on the include path")
            fine, _ = compiles(entry, f'#include "{DRAFT}"\nint probe;\n', folder)
            ok(not fine, f"{where}: {DRAFT} is not to be found", "it compiles; include_debrief is on the include path")
        if target not in KEYS_TARGETS[room]:
            for header in KEYS:
                fine, _ = compiles(entry, f'#include "{header}"\nint probe;\n', folder)
                ok(not fine, f"{where}: {header} is not to be found", "it compiles; src/exam/include or include_report is on the include path")
    rooms = {room for room, _, _ in seen}
    ok(rooms == set(DEBRIEF_TARGETS), "every learner-side room was compiled", f"found {sorted(rooms)}")


def check_sources():
    names = [n for room in ("web", "cli", "app") for n in glob.glob(os.path.join(source, "src", room, "**", "*"), recursive=True)]
    names.append(os.path.join(source, "src", "lab", "pilot", "pilot.c"))
    private = {os.path.basename(n) for n in glob.glob(os.path.join(source, "src", "lab", "*.h"))}
    wrong = []
    for name in sorted(names):
        if not re.search(r"\.(c|h|html)$", name):
            continue
        with open(name, encoding="utf-8") as file:
            text = file.read()
        short = os.path.relpath(name, source)
        for included in re.findall(r'(?:#\s*include|\{\{include)\s*["<]([^">]+)[">]', text):
            base = os.path.basename(included)
            if included in (DEBRIEF, DRAFT) or base in ("debrief.h", "draft.h"):
                if not DEBRIEF_FILES.search(short):
                    wrong.append(f"{short} includes {included}")
            elif base in private and included != "lab/" + base or "include_debrief" in included:
                wrong.append(f"{short} includes {included}")
    ok(not wrong, f"{len(names)} sources name no private header of the laboratory", "\n".join(wrong))


with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as commands:
    ENTRIES = json.load(commands)
with tempfile.TemporaryDirectory() as FOLDER:
    check_compiling(ENTRIES, FOLDER)
check_sources()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
