#!/bin/sh
# Runs a command with a PostgreSQL server of its own: a new cluster in a temporary folder, reached
# through a socket there, removed at the end. Never touches a server of the system.
#
#   tests/with_postgres.sh build/db/test_db
#
# The command finds RAPPORT_TEST_PG (a postgresql:// URL of an empty database, as its owner) and
# RAPPORT_TEST_PG_APP (the same database as a role that owns nothing). Exit code: the command's; 77
# (skipped) when PostgreSQL is not installed. Run as root it drops to the user postgres or nobody
# for the server, since PostgreSQL refuses to run as root.
set -eu

bin=
for dir in /usr/lib/postgresql/*/bin; do
    [ -x "$dir/initdb" ] && bin=$dir
done
if [ -z "$bin" ]; then
    echo "with_postgres.sh: no PostgreSQL server is installed; skipped" >&2
    exit 77
fi

user=$(id -un)
as=
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups --"
fi

# Short: the path of a socket has 107 bytes at most.
dir=$(mktemp -d /tmp/rapport-pg.XXXXXX)
chmod 755 "$dir"
mkdir "$dir/data" "$dir/socket"
[ -z "$as" ] || chown "$user" "$dir/data" "$dir/socket"
stop() {
    $as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd "$dir"
# The port only names the socket: with no TCP address it cannot meet another server's.
port=$((20000 + $$ % 20000))
if ! $as "$bin/initdb" -D data -U owner --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$dir/initdb.log" 2>&1; then
    cat "$dir/initdb.log" >&2
    exit 1
fi
if ! $as "$bin/pg_ctl" -D data -w -t 60 -l data/log -o "-k $dir/socket -p $port -h '' -c fsync=off \
    -c max_connections=120 -c synchronous_commit=on -c full_page_writes=off" start >/dev/null; then
    cat data/log >&2
    exit 1
fi
"$bin/psql" -q -h "$dir/socket" -p "$port" -U owner -d postgres -v ON_ERROR_STOP=1 \
    -c "create role app login" -c "create database rapport template template0 encoding 'UTF8'"
cd "$OLDPWD"

RAPPORT_TEST_PG="postgresql://owner@/rapport?host=$dir/socket&port=$port"
RAPPORT_TEST_PG_APP="postgresql://app@/rapport?host=$dir/socket&port=$port"
export RAPPORT_TEST_PG RAPPORT_TEST_PG_APP
code=0
"$@" || code=$?
exit "$code"
