#!/bin/sh
# setup-demo.sh: make a Debian or Ubuntu machine ready for the demo, which
# starts an engine of its own. An engine that is installed is left as it is,
# and no service is started. Run it as root, or as a user who may sudo.
# Running it again is quick and changes nothing.
set -eu

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
PATH=$PATH:/usr/sbin:/sbin

installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]; }

missing=
# Docker's own packages conflict with docker.io, and any dockerd will do.
command -v dockerd >/dev/null || missing="$missing docker.io"
command -v iptables >/dev/null || missing="$missing iptables"
installed busybox-static || missing="$missing busybox-static"
[ -n "$missing" ] || exit 0

# Debian's way to say that packages may not start services.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
	$sudo chmod 755 $policy
	trap '$sudo rm -f $policy' EXIT
fi

echo "installing:$missing" >&2
$sudo apt-get update -q
# shellcheck disable=SC2086 # a list of words
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
