#!/bin/sh
# audit.sh: audit the engines of this machine; where it has none, start a
# private demo engine with a few workloads, audit that, and remove it again.
set -u
cd "$(dirname "$0")/.."

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
bin/seawall audit --exit-zero "$@" 2>"$errors"
code=$?
cat "$errors" >&2
grep -Eq 'no Docker Engine found|Docker Engineが見つからない' "$errors" || exit $code

echo "auditing a demo engine instead: private, and removed afterwards" >&2
scripts/setup-lab.sh 26.1 || exit
go build -o bin/demo ./lab/cmd/demo || exit
lang=en # the demo's host has no locale
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in ja*) lang=ja ;; esac
$sudo bin/demo bin/seawall audit --exit-zero --lang "$lang" "$@"
