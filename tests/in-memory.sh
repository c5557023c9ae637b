#!/bin/sh
# Runs a command with its temporary files in memory, if the machine has 8 GB of
# room there. Each test's PostgreSQL makes some thousand files and deletes them
# again, which takes a disk longer than the test.
set -eu
in=/dev/shm
[ -w $in ] && [ "$(df --output=avail $in | tail -1)" -gt 8000000 ] || in=${TMPDIR:-/tmp}
folder=$(mktemp -d "$in/plaudit-tests-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
# PostgreSQL runs as another user where this one is root.
chmod 755 "$folder"
TMPDIR=$folder "$@"
