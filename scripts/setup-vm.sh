#!/bin/sh
# setup-vm.sh: makes a Debian (12 or later) or Ubuntu (24.04 or later) machine on
# amd64 ready to boot whole systems in an emulator, for "make test-vm". Run it as
# root, or as a user who may sudo. Running it again is quick and changes nothing.
set -eu
cd "$(dirname "$0")"
exec ./packages.sh mmdebstrap debian-archive-keyring e2fsprogs qemu-system-x86
