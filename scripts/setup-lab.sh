#!/bin/sh
# setup-lab.sh [VERSION...]: make a Debian (12 or later) or Ubuntu (24.04 or
# later) machine ready for real engines of these versions, or of all: the tests
# and the demo start them in namespaces of their own. Run it as root, or as a
# user who may sudo. Running it again is quick and changes nothing.
set -eu
cd "$(dirname "$0")/.."

scripts/packages.sh mmdebstrap debian-archive-keyring apparmor util-linux mount procps iproute2 iptables nftables \
	clang llvm libbpf-dev

# Packages and manual pages are judged by the tools that read them.
scripts/packages.sh rpm mandoc

# Reports are opened in a browser, drawn in fonts of which there are reference pictures,
# and printed. Ubuntu has no package of Chromium, only a snap.
grep -q '^ID=ubuntu' /etc/os-release || scripts/packages.sh chromium fontconfig fonts-dejavu-core poppler-utils

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# Rootless engines need user namespaces, which Ubuntu denies to ordinary users.
restrict=kernel.apparmor_restrict_unprivileged_userns
if [ "$(sysctl -n $restrict 2>/dev/null || echo 0)" = 1 ]; then
	if [ "${CI:-}" = true ]; then
		$sudo sysctl -w $restrict=0
	else
		echo "note: tests of rootless engines are skipped unless you run: sysctl -w $restrict=0" >&2
	fi
fi

command -v go >/dev/null || {
	echo "setup-lab.sh: Go is missing: see https://go.dev/doc/install for $(grep '^go ' go.mod) or later" >&2
	exit 1
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
CGO_ENABLED=0 go build -o "$tmp/labctl" ./lab/cmd/labctl
$sudo env SEAWALL_LAB="${SEAWALL_LAB:-}" "$tmp/labctl" prepare "$@"
