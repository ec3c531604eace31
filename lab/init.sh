#!/bin/sh
# Process 1 of a mini host. StartHost runs it in new mount, pid, net, uts and
# ipc namespaces; it enters its cgroups, unshares the cgroup namespace, builds
# the root, pivots into it and becomes tini. Standard input is the lifeline:
# cat sees its end when the owner closes it or dies, tini follows, and the
# kernel ends everything else in the pid namespace. "ready" goes to fd 3.
#
#   BASE     cached root file system, read-only lower layer
#   DIR      directory of this mini host
#   NAME     its host name
#   CGROUPS  cgroup directories made for it, one in each hierarchy
#   MOUNTS   what to mount below /sys/fs/cgroup: "v2", or a list of DIR=OPTIONS
set -eu
umask 022
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

if [ "${1:-}" != inside ]; then
	for g in $CGROUPS; do echo 0 >"$g/cgroup.procs"; done
	exec unshare --cgroup /bin/sh "$0" inside
fi

mount --make-rprivate /
W=$DIR/work
mount -t tmpfs -o mode=755 lab "$W"
mkdir "$W/upper" "$W/work" "$W/root"
R=$W/root
mount -t overlay -o "lowerdir=$BASE,upperdir=$W/upper,workdir=$W/work" overlay "$R"

# Engines keep images in overlay2, which cannot lie on an overlay.
mkdir -p "$R/var/lib/docker" "$R/var/lib/containerd" "$R/home"
mount -t tmpfs -o mode=710 lab "$R/var/lib/docker"
mount -t tmpfs -o mode=711 lab "$R/var/lib/containerd"
mount -t tmpfs -o mode=755 lab "$R/home"

mount -t proc -o nosuid,nodev,noexec proc "$R/proc"
mount -t sysfs -o nosuid,nodev,noexec sysfs "$R/sys"
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$R/run"
mkdir -p "$R/run/lock" "$R/run/user"

C=$R/sys/fs/cgroup
if [ "$MOUNTS" = v2 ]; then
	mount -t cgroup2 cgroup2 "$C"
	# A cgroup that hands controllers down must hold no process itself.
	mkdir -p "$C/init.scope"
	echo 0 >"$C/init.scope/cgroup.procs"
	for c in $(cat "$C/cgroup.controllers"); do
		echo "+$c" >"$C/cgroup.subtree_control" || echo "cgroup: no $c"
	done
else
	mount -t tmpfs -o mode=755 tmpfs "$C"
	for m in $MOUNTS; do
		mkdir "$C/${m%%=*}"
		case $m in
		unified=*) mount -t cgroup2 cgroup2 "$C/unified" ;;
		*) mount -t cgroup -o "${m#*=}" cgroup "$C/${m%%=*}" ;;
		esac
		case ${m%%=*} in
		*,*) for c in $(echo "${m%%=*}" | tr , ' '); do ln -s "${m%%=*}" "$C/$c"; done ;;
		esac
	done
fi

# Device nodes of its own where the machine lets us, the machine's otherwise.
mount -t tmpfs -o mode=755,nosuid tmpfs "$R/dev"
node() {
	mknod -m 666 "$R/dev/$1" c "$2" "$3" 2>/dev/null && return
	[ -e "/dev/$1" ] || return 0
	: >"$R/dev/$1"
	mount --bind "/dev/$1" "$R/dev/$1"
}
mkdir "$R/dev/net" "$R/dev/shm" "$R/dev/pts" "$R/dev/mqueue"
node null 1 3; node zero 1 5; node full 1 7; node random 1 8; node urandom 1 9
node tty 5 0; node fuse 10 229; node net/tun 10 200
ln -s /proc/self/fd "$R/dev/fd"
ln -s /proc/self/fd/0 "$R/dev/stdin"
ln -s /proc/self/fd/1 "$R/dev/stdout"
ln -s /proc/self/fd/2 "$R/dev/stderr"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$R/dev/pts"
ln -s pts/ptmx "$R/dev/ptmx"
mount -t mqueue mqueue "$R/dev/mqueue" || true

# dockerd loads kernel modules by name; they are the machine's own.
K=/lib/modules/$(uname -r)
if [ -d "$K" ]; then
	mkdir -p "$R$K"
	mount --bind "$K" "$R$K"
	mount -o remount,bind,ro "$R$K"
fi

cd "$R"
mkdir .old
pivot_root . .old
cd /
umount -l /.old
rmdir /.old
mount --make-rshared /

echo "$NAME" >/proc/sys/kernel/hostname
echo "$NAME" >/etc/hostname
printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$NAME" >/etc/hosts
: >/etc/resolv.conf
ip link set lo up

echo ready >&3
exec 3>&-
exec tini -- cat >/dev/null 2>&1
