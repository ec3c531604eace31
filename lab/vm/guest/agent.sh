#!/bin/sh
# The agent in the guest: unpacks the archive on the second disk, says "ready",
# then runs the scripts that come through the port, each as "LENGTH\nSCRIPT",
# and answers "CODE LENGTH LENGTH\n", standard output, standard error.
set -eu
export HOME=/root
cd /
[ ! -b /dev/vdb ] || tar -x -f /dev/vdb
d=/run/agent
mkdir -p -m 700 $d
exec 3<>/dev/virtio-ports/agent
echo ready >&3
while read -r n <&3; do
	head -c "$n" <&3 >$d/script
	code=0
	sh -eu $d/script >$d/out 2>$d/err </dev/null 3<&- || code=$?
	echo $code "$(stat -c %s $d/out)" "$(stat -c %s $d/err)" >&3
	cat $d/out $d/err >&3
done
