#!/bin/sh
# setup.sh FLAVOUR: turns the Debian it is chrooted into into a system that
# boots: initrd, users, the agent, and less to do while it boots, for under
# emulation everything takes ten times as long.
set -eu
flavour=$1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

kernel=$(ls /usr/lib/modules)
depmod "$kernel"

# An initrd of busybox and the modules that the root file system needs.
i=/boot/initrd.d
mkdir -p $i/bin $i/dev $i/proc $i/mnt $i/modules
cp /usr/bin/busybox $i/bin/
n=100
for m in virtio_pci virtio_blk ext4; do
	modprobe -S "$kernel" --show-depends $m
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >$i/list
while read -r file; do
	n=$((n + 1))
	out=$i/modules/$n.ko
	case $file in
	*.xz) busybox xz -dc "$file" >$out ;;
	*.zst) zstd -qdc "$file" >$out ;;
	*) cp "$file" $out ;;
	esac
done <$i/list
cp /lab/init $i/init
chmod 755 $i/init
(cd $i && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >/boot/initrd)
rm -rf $i
mv /boot/vmlinuz-"$kernel" /boot/vmlinuz

echo vmhost >/etc/hostname
echo '127.0.0.1 localhost vmhost' >/etc/hosts
echo '/dev/vda / ext4 defaults 0 0' >/etc/fstab
echo 0123456789abcdef0123456789abcdef >/etc/machine-id

useradd -m -s /bin/bash -u 1000 alice
useradd -m -s /bin/bash -u 1001 mallory

mkdir -p /etc/systemd/system/multi-user.target.wants
cp /lab/agent.service /etc/systemd/system/
ln -s ../agent.service /etc/systemd/system/multi-user.target.wants/
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer \
	e2scrub_reap.service systemd-timesyncd.service systemd-pstore.service systemd-binfmt.service \
	getty@tty1.service serial-getty@ttyS0.service selinux-autorelabel-mark.service; do
	ln -sf /dev/null /etc/systemd/system/$unit
done

case $flavour in
apparmor | older)
	# Reading a hundred profiles of programs that are not here takes a minute;
	# docker-default is loaded by dockerd.
	find /etc/apparmor.d -maxdepth 1 -type f -delete
	;;
selinux)
	sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config
	rm -f /.autorelabel
	# Last, for what has no label is denied.
	setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /
	;;
esac
