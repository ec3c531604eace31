#!/bin/sh
# Before the files go: the timer stops, but not where a newer version takes its place
# (deb: "upgrade"; rpm: the number of versions that will be left).
set -e
case "${1:-}" in
upgrade | failed-upgrade | 1) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
	systemctl disable --now seawall.timer >/dev/null 2>&1 || true
else
	rm -f /etc/systemd/system/timers.target.wants/seawall.timer
fi
