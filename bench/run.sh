#!/bin/sh
# Builds, makes the databases (once) and measures; writes bench/RESULTS.md. See README.md. Arguments go
# to bench/run.py.
set -e
cd "$(dirname "$0")/.."
test -e build/bench/build.ninja || meson setup build/bench
ninja -C build/bench app/rapport bench/bench_forecast
exec python3 bench/run.py --build build/bench --studies "${STUDIES:-100000}" "$@"
