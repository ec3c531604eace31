#!/bin/sh
# After the files have gone. Reports and fetched advisories stay until dpkg purges the
# package; rpm and apk have no such wish, and leave them.
set -e
if [ "${1:-}" = purge ]; then
	rm -rf /var/lib/seawall
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
