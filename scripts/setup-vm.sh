#!/bin/sh
# setup-vm.sh: makes a Debian (12 or later) or Ubuntu (24.04 or later) machine on
# amd64 ready to boot whole systems in an emulator, for "make test-vm". Run it as
# root, or as a user who may sudo. Running it again is quick and changes nothing.
set -eu

packages="mmdebstrap debian-archive-keyring e2fsprogs qemu-system-x86"

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

missing=
for p in $packages; do
	[ "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" = "install ok installed" ] || missing="$missing $p"
done
if [ -n "$missing" ]; then
	echo "installing:$missing" >&2
	$sudo apt-get update -q
	# shellcheck disable=SC2086 # a list of words
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi
