# A host with SELinux enforcing Debian's policy, and an engine that labels.
. /usr/local/share/images.sh
mkdir -p /etc/docker
echo '{"selinux-enabled": true}' >/etc/docker/daemon.json
systemctl restart docker
usermod -aG docker mallory
sleeper docker
auditor

docker run -d --name plain lab/sleep:1
docker run -d --name disabled --security-opt label=disable lab/sleep:1
docker run -d --name privileged --privileged lab/sleep:1
docker run -d --name typed --security-opt label=type:spc_t lab/sleep:1
docker run -d --name leveled --security-opt label=level:s0:c1,c2 lab/sleep:1
docker create --name stopped --security-opt label=type:unconfined_t lab/sleep:1
