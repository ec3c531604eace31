package e2e

import (
	"strings"
	"testing"

	"seawall/lab"
)

// appImage is an image whose program gives a directory away at its start, and has a volume.
func appImage(t *testing.T, h *lab.TestHost) string {
	t.Helper()
	image, err := h.Busybox()
	if err != nil {
		t.Fatal(err)
	}
	image.Ref = "lab/app:1"
	image.Changes = []string{"ENV PATH=/bin", "VOLUME /kept",
		`CMD ["sh","-c","chown 33 /tmp || exit 1; touch /tmp/ok /kept/ok; trap exit TERM; while :; do sleep 3600 & wait $!; done"]`}
	h.ImportImage(image)
	return image.Ref
}

// TestAdviseVerifyPlanned: what an image, or a service that does not run, needs is seen in
// a first copy and tried in others; nothing of it is left.
func TestAdviseVerifyPlanned(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := appImage(t, h)
	h.Exec("mkdir", "-p", "/srv/conf")
	h.WriteFile("/srv/conf/name", "shop", 0o644)
	h.WriteFile("/srv/compose.yaml", `
services:
  web:
    image: lab/app:1
    cap_add: [NET_ADMIN]
    working_dir: /etc/app
    volumes: ["data:/data", "./conf:/etc/app"]
    ports: ["80:80"]
    healthcheck: {test: ["CMD", "grep", "shop", "name"], interval: 1s}
  broken: {image: "lab/app:1", command: ["false"]}
  open: {image: "lab/app:${TAG}"}
  files: {image: "lab/app:1", env_file: [{path: x.env, required: false}]}
  absent: {image: "lab/absent:1"}
volumes: {data: {}}
`, 0o644)
	before := h.Docker("ps", "-aq") + h.Docker("volume", "ls", "-q") + h.Docker("images", "-q")
	verify := func(args ...string) outcome {
		return seawall(t, h, append([]string{"advise", "--verify", "--within", "10s"}, args...)...)
	}
	const compose = "/srv/compose.yaml"
	for _, test := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"an image", []string{"--yes", "--check", "test -e /tmp/ok", image}, 0, "--cap-drop=ALL --cap-add=CHOWN --security-opt=no-new-privileges --read-only --tmpfs=/tmp:", "with what is advised: works"},
		{"an image that lacks something", []string{"--yes", "--check", "touch /tmp/k && chown 33 /tmp/k && chmod 600 /tmp/k && test -e /tmp/ok", image}, 0, "--cap-add=CHOWN --cap-add=FOWNER ", "FOWNER as well: works"},
		{"an image that never works", []string{"--yes", "--check", "false", image}, 1, "nothing was verified: a copy does not work as it is declared: ", "as it is declared: it does not work"},
		{"an image, asked", []string{image}, 2, "", "this starts containers of image lab/app:1"},
		{"no such image", []string{"--yes", "lab/absent:1"}, 2, "", "there is no container lab/absent:1"},
		{"a service", []string{"--yes", compose, "web"}, 0, "its health check passed", "with these directories and files of the host, read-only: /etc/app"},
		{"a service, its options", []string{"--yes", "--format", "run", compose, "web"}, 0, `--cap-drop=ALL \ --cap-add=CHOWN \ --security-opt`, "with fresh volumes: /data, /kept"},
		{"a service, its lines", []string{"--yes", "--format", "compose", compose, "web"}, 0, "cap_drop:", ""},
		{"a service that ends", []string{"--yes", compose, "broken"}, 1, "nothing was verified", "it ended with exit code 1"},
		{"a variable that is not set", []string{"--yes", compose, "open"}, 2, "", "service open has ${TAG}, which is not known"},
		{"a file of variables", []string{"--yes", compose, "files"}, 2, "", "service files has env_file: x.env"},
		{"no image of a service", []string{"--yes", compose, "absent"}, 2, "", "no engine of this machine has the image lab/absent:1: pull or build it first"},
		{"no such service", []string{"--yes", compose, "none"}, 2, "", "/srv/compose.yaml: there is no service none"},
		{"no service", []string{"--yes", compose}, 2, "", "name a service"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := verify(test.args...)
			words := strings.Join(strings.Fields(got.stdout), " ")
			if got.code != test.code || !strings.Contains(words, test.stdout) || !strings.Contains(got.stderr, test.stderr) {
				t.Errorf("exit code %d, want %d, %q and %q\n%s%s", got.code, test.code, test.stdout, test.stderr, got.stderr, got.stdout)
			}
		})
	}
	if after := h.Docker("ps", "-aq") + h.Docker("volume", "ls", "-q") + h.Docker("images", "-q"); after != before {
		t.Errorf("something is left:\n%s\n%s", before, after)
	}
	h.Exec("mkdir", "/srv/shop")
	if got := execute(t, h, "sh", "-c", "cd /srv && "+programInside+" advise shop"); !strings.Contains(got.stderr, "there is no container shop") {
		t.Errorf("a directory of the name of a container: %+v", got)
	}
	if got := seawall(t, h, "advise", compose, "web"); got.code != 2 || !strings.Contains(got.stderr, "give --verify") {
		t.Errorf("without --verify: %+v", got)
	}
}

// TestAdviseVerifyMarked: a program of an image, or of a service, that is marked to have a
// capability keeps it, although it does not use it: the kernel would not start it.
func TestAdviseVerifyMarked(t *testing.T) {
	h := newHost(t, lab.Options{})
	h.ImportWorkloads()
	h.WriteFile("/srv/compose.yaml", `
services:
  ping:
    image: lab/marked-ping:1
    user: "65534:65534"
    command: ["sh", "-c", "ping -c 1 127.0.0.1 && touch /tmp/ok; test -e /tmp/ok; exec sleep 1000"]
`, 0o644)
	h.Docker("create", "--name", "made", lab.MarkedPingRef)
	h.Docker("commit", "-c", "USER 65534:65534", "-c", `CMD ["sh","-c","ping -c 1 127.0.0.1 && touch /tmp/ok; test -e /tmp/ok; exec sleep 1000"]`, "made", "lab/ping:1")
	for _, test := range []struct {
		name string
		args []string
	}{
		{"a service", []string{"--check", "test -e /tmp/ok", "/srv/compose.yaml", "ping"}},
		{"an image", []string{"--check", "test -e /tmp/ok", "lab/ping:1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := seawall(t, h, append([]string{"advise", "--verify", "--yes", "--within", "20s"}, test.args...)...)
			words := strings.Join(strings.Fields(got.stdout), " ")
			if got.code != 0 || !strings.Contains(words, "--cap-drop=ALL --cap-add=NET_RAW ") || !strings.Contains(words, "/usr/bin/ping is marked to have it") ||
				!strings.Contains(got.stderr, "with what is advised: works") {
				t.Errorf("exit code %d\n%s%s", got.code, got.stderr, got.stdout)
			}
		})
	}
}
