package rules_test

import (
	"strings"
	"testing"
	"time"

	"seawall/lab"
)

// liveBenchmark are the configurations of TestLive that matter to a benchmark.
func liveBenchmark() []live {
	const files = "engine-service-unit-%s engine-socket-unit-%s engine-config-directory-%s engine-registry-certificates-%s engine-config-file-%s engine-default-file-%s engine-sysconfig-file-%s"
	const owner, mode = "not-owned-by-root", "too-open"
	const tls = "engine-tls-ca-%s engine-tls-certificate-%s engine-tls-key-%s"
	const sockets = "engine-socket-owner-unusual engine-socket-too-open containerd-socket-owner-unusual containerd-socket-too-open"
	return []live{
		{
			name:    "every file belongs to others and is open",
			options: lab.Options{NoEngine: true, Files: unitFiles, DaemonJSON: `{}`},
			after: func(t *testing.T, h *lab.TestHost) {
				h.Exec("sh", "-ec", engineFiles+"chown -R 1001:1001 $files; chmod 777 /etc/docker; chmod 666 $plain")
				activate(t, h)
				h.Exec("sh", "-ec", "chown 1001 /run/docker.sock; chmod 666 /run/docker.sock; chgrp 1001 $(echo /run/docker/containerd/containerd.sock); chmod 662 /run/docker/containerd/containerd.sock")
			},
			fail: each(files, owner) + each(files, mode) + sockets + " engine-api-tcp-without-client-certificates",
			na:   each(tls, owner) + each(tls, mode) + "engine-base-device-size-changed",
		},
		{
			name:    "every file is as a benchmark asks",
			options: lab.Options{NoEngine: true, Files: unitFiles, DaemonJSON: `{}`},
			after: func(t *testing.T, h *lab.TestHost) {
				h.Exec("sh", "-ec", engineFiles+"chown -R 0:0 $files; chmod 755 /etc/docker; chmod 644 $plain; chmod 444 $certificates")
				activate(t, h)
				h.Exec("sh", "-ec", "chmod 644 /usr/lib/systemd/system/docker.service; chown root:docker /run/docker.sock; chmod 660 /run/docker.sock")
			},
			pass: each(files, owner) + each(files, mode) + sockets,
		},
		{
			name:    "TLS files of others",
			options: lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify=false"), Prepare: certificates(90 * 24 * time.Hour)},
			after:   inHost("chown 1001 /etc/tls/*; chmod 644 /etc/tls/*"),
			fail:    each(tls, owner) + each(tls, mode) + "engine-api-tcp-without-client-certificates",
			na:      each("engine-service-unit-%s engine-socket-unit-%s engine-registry-certificates-%s engine-sysconfig-file-%s", owner),
		},
		{
			name:    "TLS files as they should be",
			options: lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify"), Prepare: certificates(90 * 24 * time.Hour)},
			pass:    each(tls, owner) + each(tls, mode) + "engine-api-tcp-without-client-certificates",
		},
		{
			name: "piles", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{Flags: []string{"--insecure-registry", "localhost:5000"}},
			after: func(_ *testing.T, h *lab.TestHost) {
				image := h.ImportSleep()
				h.Exec("sh", "-ec", "for i in $(seq 11); do docker create "+image+" >/dev/null; echo $i >/f; tar -C / -c f | docker import - lab/pile:$i >/dev/null; done")
			},
			fail: "engine-images-pile-up engine-containers-pile-up image-no-healthcheck engine-insecure-registry-listed",
			pass: "engine-insecure-registry engine-swarm-unused engine-storage-driver-aufs engine-storage-driver-devicemapper",
			na:   "swarm-listens-on-all-addresses engine-api-tcp-without-client-certificates engine-base-device-size-changed",
		},
		{
			name: "a swarm that nothing uses", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true},
			after:   inHost("docker swarm init --advertise-addr 127.0.0.1 >/dev/null"),
			fail:    "engine-swarm-unused swarm-listens-on-all-addresses",
		},
		{
			name: "a swarm on one address", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true},
			after: inHost("docker swarm init --listen-addr 127.0.0.1:2377 --advertise-addr 127.0.0.1 >/dev/null; " +
				"docker service create --detach --no-resolve-image --replicas 0 --name web busybox >/dev/null; sleep 1"),
			pass: "engine-swarm-unused swarm-listens-on-all-addresses",
		},
	}
}

// engineFiles makes every file that a benchmark names, and lists them.
const engineFiles = `mkdir -p /etc/docker/certs.d/r.example /etc/default /etc/sysconfig
plain="/usr/lib/systemd/system/docker.service /usr/lib/systemd/system/docker.socket /etc/docker/daemon.json /etc/default/docker /etc/sysconfig/docker /etc/docker/certs.d/r.example/ca.crt"
certificates=/etc/docker/certs.d/r.example/ca.crt
touch $plain; files="$plain /etc/docker"
`

// each completes rule ids.
func each(ids, end string) string { return strings.ReplaceAll(ids, "%s", end) + " " }
