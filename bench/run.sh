#!/bin/sh
# Builds, makes the databases (once: about 4 minutes and 3 GB) and measures; writes bench/RESULTS.md.
# STUDIES=10000 bench/run.sh is quicker. Arguments go to bench/run.py.
set -e
cd "$(dirname "$0")/.."
test -e build/bench/build.ninja || meson setup build/bench
ninja -C build/bench app/rapport bench/bench_forecast
exec python3 bench/run.py --build build/bench --studies "${STUDIES:-100000}" "$@"
