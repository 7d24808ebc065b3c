# The few commands one needs. The build itself is Meson's, in build/meson; `make` only prepares the
# machine and calls it.
#
#   make build            build/rapport
#   make demo             builds it and runs the demonstration; ARGS="--port 9000" goes to it
#   make check            every test; DATA=FOLDER for more records than samples/ holds
#   make asan, make tsan  the tests in C under sanitizers
#   make screens          a picture of every page in build/screens
#   make bench            pages with 100 and 100,000 studies, memory, imports: bench/RESULTS.md
#   make clean

MESON_DIR = build/meson
PORT =
KEEP =
ARGS =
DATA = $(wildcard ../shared/data)
NINJA = ninja $(if $(JOBS),-j$(JOBS))
PYTHON = python3
# Meson as Debian ships it runs with Debian's Python.
SETUP_OPTIONS =

build: build/rapport

build/rapport: always
	@tools/setup.sh build
	@test -e $(MESON_DIR)/build.ninja || meson setup $(MESON_DIR) $(SETUP_OPTIONS)
	@$(NINJA) -C $(MESON_DIR) app/rapport
	@cmp -s $(MESON_DIR)/app/rapport $@ || { cp $(MESON_DIR)/app/rapport $@.new && mv $@.new $@; }

demo: build/rapport
	@exec build/rapport demo $(if $(PORT),--port $(PORT)) $(if $(KEEP),--keep $(KEEP)) $(ARGS)

check:
	@tools/setup.sh check
	@DATA="$(DATA)" $(PYTHON) tests/check.py

asan:
	@tools/setup.sh check
	@DATA="$(DATA)" $(PYTHON) tests/check.py --sanitize address,undefined

tsan:
	@tools/setup.sh check
	@DATA="$(DATA)" $(PYTHON) tests/check.py --sanitize thread

screens: build/rapport
	@tools/setup.sh check
	node tests/browser/screens.mjs

bench:
	@tools/setup.sh build
	bench/run.sh

clean:
	rm -rf build

always:

.PHONY: build demo check asan tsan screens bench clean always
