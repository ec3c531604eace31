package steps_test

import (
	"testing"

	"seawall/lab"
)

// written are the steps that write to a path of the host, with the path.
var written = []struct{ step, path string }{
	{"host-root-mount-rw", "/"}, {"etc-mount-rw", "/etc"}, {"root-home-mount-rw", "/root"}, {"cron-dir-mount-rw", "/etc/cron.d"},
	{"systemd-dir-mount-rw", "/etc/systemd/system"}, {"host-binaries-mount-rw", "/usr/local/bin"}, {"boot-mount-rw", "/boot"},
	{"lib-modules-mount-rw", "/lib/modules"}, {"docker-data-root-rw", "/var/lib/docker"}, {"daemon-config-mount-rw", "/etc/docker"},
	{"writable-cdi-spec-dir", "/etc/cdi"}, {"legacy-plugin-spec-writable", "/etc/docker/plugins"}, {"nri-plugin-hook", "/etc/docker/nri"},
	{"kubelet-dir-mount", "/etc/kubernetes/manifests"}, {"lxcfs-rw-mount", "/var/lib/lxcfs"},
}

// TestLiveMounts proves the steps that write to a path of the host.
func TestLiveMounts(t *testing.T) {
	var proofs []proof
	for _, w := range written {
		proofs = append(proofs, proof{step: w.step, run: "-v " + w.path + ":/x", try: "attempt write /x", safe: []string{"-v " + w.path + ":/x:ro"}})
	}
	prove(t, lab.Options{}, nil, proofs)
}
