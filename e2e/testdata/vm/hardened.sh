# A host as a careful administrator leaves it. Nobody may use the engine but root.
. /usr/local/share/images.sh

# The data root is a file system of its own.
systemctl stop docker.service docker.socket
truncate -s 1G /srv/docker.img
mke2fs -q -t ext4 /srv/docker.img
mount -o loop /srv/docker.img /var/lib/docker
chmod 710 /var/lib/docker

mkdir -p /etc/docker /etc/systemd/system/docker.service.d /etc/systemd/system/docker.socket.d
cat >/etc/docker/daemon.json <<'J'
{
  "userns-remap": "default",
  "live-restore": true,
  "icc": false,
  "ip": "127.0.0.1",
  "default-network-opts": {"bridge": {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}},
  "no-new-privileges": true,
  "userland-proxy": false,
  "log-driver": "journald",
  "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}}
}
J
chmod 600 /etc/docker/daemon.json
cat >/etc/systemd/system/docker.service.d/10-start.conf <<'U'
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock \
	--shutdown-timeout=5
UMask=0077
U
cat >/etc/systemd/system/docker.socket.d/10-root-only.conf <<'U'
[Socket]
SocketMode=0600
SocketGroup=root
U
cat >/etc/sysctl.d/60-hardened.conf <<'S'
fs.protected_fifos = 2
fs.protected_regular = 2
kernel.io_uring_disabled = 2
kernel.kexec_load_disabled = 1
kernel.yama.ptrace_scope = 1
net.core.bpf_jit_harden = 2
user.max_user_namespaces = 1000
kernel.unprivileged_userns_clone = 0
S
sysctl -q --system
for path in /usr/sbin/dockerd /run/containerd /var/lib/docker /etc/docker /usr/lib/systemd/system/docker.service \
	/usr/lib/systemd/system/docker.socket /etc/systemd/system/docker.service.d /etc/systemd/system/docker.socket.d \
	/run/containerd/containerd.sock /run/docker.sock /etc/default/docker \
	/etc/docker/daemon.json /etc/containerd/config.toml /usr/bin/containerd /usr/bin/containerd-shim \
	/usr/bin/containerd-shim-runc-v1 /usr/bin/containerd-shim-runc-v2 /usr/sbin/runc; do
	echo "-w $path -p rwxa -k docker"
done >/etc/audit/rules.d/docker.rules
augenrules --load >/dev/null

systemctl daemon-reload
systemctl start docker.socket docker.service

tar -C "$d" -c . | docker import -c 'USER 10001:10001' -c 'HEALTHCHECK --interval=1h CMD ["/bin/true"]' \
	-c 'CMD ["/bin/sleep","2147483647"]' - lab/app:1 >/dev/null
auditor
docker network create app
docker run -d --name app --network app -p 127.0.0.1:8080:8080 --read-only --cap-drop ALL --security-opt no-new-privileges \
	--memory 64m --memory-swap 64m --pids-limit 50 --cpus 0.5 --restart on-failure:5 lab/app:1
