#!/bin/sh
# Installs what building and testing need and what is not there yet, with Debian's package manager.
#
#   tools/setup.sh build     what the program is built with
#   tools/setup.sh check     that, and what the tests need: cmocka, PostgreSQL, Chromium, a second compiler
#
# A tool that is on PATH in a sufficient version is not installed again, whoever installed it. Says
# nothing and takes a moment when everything is there. Without root and sudo it says what to install.
# The packages of npm are fetched by tools/web_build.mjs, not here.
set -eu

what=${1:-build}
missing=

need() { # need PACKAGE TEST...: PACKAGE is missing when TEST fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

have() { command -v "$1"; }

# at_least VERSION COMMAND...: the first number COMMAND prints is VERSION (major.minor) or more
at_least() {
    least=$1
    shift
    found=$("$@" 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$found" ] && [ "$(printf '%s\n%s\n' "$least" "$found" | sort -V | head -n 1)" = "$least" ]
}

# module NAME: what Debian's Python or the one on PATH finds
module() { /usr/bin/python3 -c "import $1" || python3 -c "import $1"; }

# library NAME: what the compiler finds; NAME as pkg-config knows it
library() { have pkg-config && pkg-config --exists "$1"; }
header() { for dir in /usr/include /usr/local/include; do [ ! -e "$dir/$1" ] || return 0; done; return 1; }

if ! have gcc >/dev/null && ! have clang >/dev/null; then
    missing="$missing gcc"
fi
need libc6-dev header stdio.h
need meson at_least 1.0 meson --version
need ninja-build at_least 1.10 ninja --version
need pkg-config have pkg-config
need python3 at_least 3.9 python3 --version
need nodejs at_least 18 node --version
need npm have npm
need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
need tzdata test -e /usr/share/zoneinfo/Europe/Berlin
need libmicrohttpd-dev library libmicrohttpd
need libsqlite3-dev library sqlite3
need libpq-dev library libpq
need libjansson-dev library jansson
need libsodium-dev library libsodium
need libgsl-dev library gsl
need libxml2-dev library libxml-2.0
need libzip-dev library libzip
need libical-dev library libical
need libcurl4-openssl-dev library libcurl
need libcairo2-dev library cairo-pdf
need libpango1.0-dev library pangocairo
need libcurl4-openssl-dev library libcurl
need libgmime-3.0-dev library gmime-3.0
need fonts-dejavu-core test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
need libutf8proc-dev library libutf8proc
need zlib1g-dev library zlib
need libcmark-gfm-dev header cmark-gfm.h
need libcmark-gfm-extensions-dev header cmark-gfm-core-extensions.h
if [ "$what" = check ]; then
    need libcmocka-dev library cmocka
    need git have git
    need poppler-utils have pdftotext
    need procps have pgrep
    need python3-icalendar module icalendar
    need python3-vobject module vobject
    need chromium have chromium
    server=
    for path in /usr/lib/postgresql/*/bin/initdb; do
        [ ! -x "$path" ] || server=yes
    done
    [ -n "$server" ] || missing="$missing postgresql"
fi
missing=${missing# }
[ -n "$missing" ] || exit 0

as=
if [ "$(id -u)" != 0 ]; then
    if have sudo >/dev/null && sudo -n true 2>/dev/null; then
        as=sudo
    elif have sudo >/dev/null && [ -t 0 ]; then
        as=sudo
    else
        echo "These Debian packages are missing, and only an administrator can install them:" >&2
        echo "  apt-get install --no-install-recommends $missing" >&2
        exit 1
    fi
fi
if ! have apt-get >/dev/null; then
    echo "This is not Debian. Please install what these packages hold: $missing" >&2
    exit 1
fi
echo "Installing: $missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
