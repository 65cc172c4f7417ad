# The front door: `make run` and `make check` do everything on a fresh Debian machine.
#   make run       install what is missing, build, serve on 127.0.0.1 with an embedded database
#   make build     leaves build/titer
#   make check     the tests, under sanitizers, in a browser, on both compilers
#   make bench     the measurements of bench/README.md
#   make fuzz      every reader of outside input, SECONDS_EACH (600) seconds each
#   make format    lay out the code          make install   PREFIX=/usr/local
#   make check-portable   the same shifts, bit for bit, on four builds and two machines

SHELL := /bin/sh
LISTEN ?= 127.0.0.1:8080
DATA ?=
PREFIX ?= /usr/local
SECONDS_EACH ?= 600

.PHONY: run build check check-portable bench fuzz format install packages clean

run: build
	@exec build/titer serve --listen $(LISTEN) $(if $(DATA),--data "$(DATA)")

build: build/build.ninja
	@ninja -C build --quiet src/cli/titer
	@cmp -s build/src/cli/titer build/titer || cp -f build/src/cli/titer build/titer

build/build.ninja: packaging/packages-run.txt
	@tools/packages.sh run
	@[ -f build/build.ninja ] || meson setup build --buildtype=release -Db_lto=true -Dtests=false >build-setup.log || { cat build-setup.log; exit 1; }
	@rm -f build-setup.log
	@touch build/build.ninja

check:
	@tools/packages.sh run check
	@tools/check.sh

check-portable:
	@tools/packages.sh run check
	@tools/check-portable.sh

bench: build
	@tools/packages.sh run check
	@ninja -C build --quiet
	@tools/bench.sh

fuzz:
	@tools/packages.sh run check
	@tools/fuzz.sh $(SECONDS_EACH)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build
	@meson configure build -Dprefix="$(abspath $(PREFIX))"
	@ninja -C build --quiet build.ninja
	@meson install -C build --no-rebuild --destdir "$(DESTDIR)"

clean:
	@rm -rf build build-*
