#!/bin/sh
# packages.sh NAME...: install the Debian or Ubuntu packages that are missing.
# Run it as root, or as a user who may sudo.
set -eu

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

missing=
for p in "$@"; do
	[ "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" = "install ok installed" ] || missing="$missing $p"
done
if [ -n "$missing" ]; then
	echo "installing:$missing" >&2
	$sudo apt-get update -q
	# shellcheck disable=SC2086 # a list of words
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi
