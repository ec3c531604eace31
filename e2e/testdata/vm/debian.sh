# A host as Debian sets it up: docker.io with its socket unit, nothing
# configured. mallory may use the engine, alice has a rootless one of her own.
. /usr/local/share/images.sh
usermod -aG docker mallory
sleeper docker
auditor

# A profile of the administrator's that forbids nothing.
cat >/etc/apparmor.d/lab-complain <<'P'
#include <tunables/global>
profile lab-complain flags=(complain,attach_disconnected) {
}
P
apparmor_parser -r /etc/apparmor.d/lab-complain

docker run -d --name plain lab/sleep:1
docker run -d --name privileged --privileged lab/sleep:1
docker run -d --name unconfined --security-opt apparmor=unconfined lab/sleep:1
docker run -d --name complaining --security-opt apparmor=lab-complain lab/sleep:1
docker run -d --name unfiltered --security-opt seccomp=unconfined lab/sleep:1
docker run -d --name socket -v /run/docker.sock:/run/docker.sock -v /etc:/host/etc:ro lab/sleep:1
docker run -d --name web -p 8080:80 lab/sleep:1
docker create --name stopped lab/sleep:1

# The rootless engine: the unit is the one that the setup tool of Debian's
# package writes.
mkdir -p /var/lib/systemd/linger /home/alice/.config/systemd/user
touch /var/lib/systemd/linger/alice
cat >/home/alice/.config/systemd/user/docker.service <<'U'
[Unit]
Description=Docker Application Container Engine (Rootless)

[Service]
Environment=PATH=/usr/share/docker.io/contrib:/sbin:/usr/sbin:/usr/bin:/bin
ExecStart=/usr/share/docker.io/contrib/dockerd-rootless.sh
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutSec=0
RestartSec=2
Restart=always
LimitNOFILE=infinity
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
Delegate=yes
Type=notify
NotifyAccess=all
KillMode=mixed

[Install]
WantedBy=default.target
U
chown -R alice:alice /home/alice/.config
systemctl start user@1000.service
as_alice() {
	runuser -u alice -- env HOME=/home/alice XDG_RUNTIME_DIR=/run/user/1000 DOCKER_HOST=unix:///run/user/1000/docker.sock "$@"
}
# On a busy machine its containerd may take longer than dockerd waits at first.
as_alice systemctl --user start docker.service || true
tries=0
until as_alice docker info >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || { journalctl --no-pager -n 30 _UID=1000 >&2; exit 1; }
	sleep 3
done
sleeper as_alice docker
as_alice docker run -d --name hers lab/sleep:1
