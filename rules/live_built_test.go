package rules_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/dockerfile"
)

// buildParts are lines of Dockerfiles from which the facts of an image come. Commands
// after || are not run.
var buildParts = []string{
	"EXPOSE 22", "EXPOSE 80 443/udp", "EXPOSE 8000-8003/tcp", "ENV A=b", "ENV DB_PASSWORD=hunter2hunter2 C=d", "ENV NODE_TLS_REJECT_UNAUTHORIZED=0",
	"ENV PIP_EXTRA_INDEX_URL=https://pypi.example/simple", "ENV X=1\nENV DB_PASSWORD=", "ARG NPM_TOKEN", "ARG API_TOKEN=abcdefgh12345678", "ARG VERSION=1\nENV V=$VERSION PORT=22",
	"ARG P=22\nEXPOSE $P", "ARG HOME_TOKEN=1\nENV HOME_TOKEN=${HOME_TOKEN:-x}", "HEALTHCHECK CMD true", "HEALTHCHECK NONE", "VOLUME /etc", "VOLUME /data /usr/bin",
	`VOLUME ["/var/run/docker.sock"]`, "WORKDIR /etc", "WORKDIR /usr\nWORKDIR bin", "WORKDIR /srv/app", "LABEL a=b c.token=abcdefghijklmnop", "ARG D=/usr\nWORKDIR $D/lib",
	"RUN true || curl -k https://x.example/a", "RUN true || curl -fsSL https://get.example | sh -s -- -y", "RUN true || wget -qO- http://get.example | bash",
	"RUN true || apt-get install -y --allow-unauthenticated x", "RUN true || apt-get update", "RUN true || apt-get update && true || apt-get install -y nginx",
	"RUN true || chmod -R 777 /data", "RUN true || chmod 4755 /bin/x", "RUN true || sudo make", "RUN true || (echo root:x | chpasswd)", "RUN true || sh -c 'wget --no-check-certificate https://x'",
	`RUN ["/bin/sh", "-c", "true || pip install --trusted-host x y"]`, "RUN true || git -c http.sslVerify=false clone https://x.example/y",
	"RUN true || \\\n    # a remark\n    curl --insecure https://x.example/a", "SHELL [\"/bin/sh\", \"-ec\"]\nRUN true || npm config set strict-ssl false",
	"RUN true || bash -c \"$(curl -fsSL https://x.example/i)\"", "RUN true || curl -s https://x.example/v | python3 -c 'import sys'", "RUN true || yum install -y --nogpgcheck x",
	"RUN true || echo 'app ALL=(ALL) NOPASSWD: ALL'", "RUN true || (grep NOPASSWD /etc/sudoers)", "RUN export TOKEN=hunter2hunter2 && true", "COPY a.txt /a", "ADD dir /c", "ADD a.tar.gz /d",
	"ONBUILD RUN true", "STOPSIGNAL SIGTERM", "CMD [\"/bin/sh\"]",
}

// named are lines whose names the old builder's history does not keep.
var named = []string{"COPY id_rsa /x", "ADD a.txt /b", "COPY [\"a.txt\", \".env\", \"/y/\"]"}

var users = []string{"", "", "USER root", "USER 1000", "USER 0:0", "ARG U=1000\nUSER $U", "USER app"}

// dockerfileOf writes a Dockerfile of some parts; a third of them have two stages.
func dockerfileOf(r *rand.Rand, parts []string) string {
	some := func(n int) string {
		var out []string
		for range 1 + r.IntN(n) {
			out = append(out, parts[r.IntN(len(parts))])
		}
		return strings.Join(out, "\n") + "\n"
	}
	const begin = "FROM scratch AS base\nCOPY sh /bin/sh\n"
	text := begin + some(6)
	if r.IntN(3) == 0 {
		text += "FROM base\n" + some(3)
	}
	return text + users[r.IntN(len(users))] + "\n"
}

// TestDeclaredIsBuilt builds Dockerfiles with both builders, and compares what every rule
// about images says of the file and of the image. Before, a rule may not know; what it
// knows is the same. Only the old builder's history tells less than the file.
func TestDeclaredIsBuilt(t *testing.T) {
	for _, tt := range []struct {
		version  lab.Version
		buildkit bool
	}{{lab.V20, false}, {lab.V20, true}, {lab.V26, false}} {
		t.Run(fmt.Sprintf("%s, BuildKit %t", tt.version, tt.buildkit), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: tt.version})
			busybox, err := h.ReadFile("/usr/bin/busybox")
			if err != nil {
				t.Fatal(err)
			}
			h.Exec("mkdir", "-p", "/srv/build/dir")
			for name, text := range map[string]string{
				"sh": string(busybox), "a.txt": "x", "id_rsa": "x", ".env": "x", "dir/f": "x", "a.tar.gz": packedEmpty(t),
			} {
				h.WriteFile("/srv/build/"+name, text, 0o755)
			}
			r := rand.New(rand.NewPCG(7, 11))
			parts := buildParts
			if tt.buildkit {
				parts = slices.Concat(buildParts, named)
			}
			const files = 30
			var texts []string
			for i := range files {
				texts = append(texts, dockerfileOf(r, parts))
				h.WriteFile("/srv/build/Dockerfile", texts[i], 0o644)
				script := fmt.Sprintf("DOCKER_BUILDKIT=%d docker build --network none -t lab/built:%d /srv/build", map[bool]int{true: 1}[tt.buildkit], i)
				if out, err := h.Command(t.Context(), "sh", "-ec", script).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s\n%s", err, out, texts[i])
				}
				h.Docker("create", fmt.Sprintf("lab/built:%d", i), "/bin/sh")
			}
			compareBuilt(t, audit(t, h, nil), texts)
		})
	}
}

// packedEmpty is an empty archive, which ADD unpacks.
func packedEmpty(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(tarOf(t, nil)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// compareBuilt judges the images of a snapshot, and what their Dockerfiles declare in
// their place.
func compareBuilt(t *testing.T, s *snapshot.Snapshot, texts []string) {
	t.Helper()
	built := imageVerdicts(s)
	e := &s.Engines[0]
	var images []snapshot.Image
	for i, text := range texts {
		made, err := dockerfile.Read("Dockerfile", []byte(text), dockerfile.Options{Tag: fmt.Sprintf("lab/built:%d", i), AllArgs: true})
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, made)
	}
	e.Images = snapshot.See(images, e.Images.Origin())
	unknown, less, failed, judged := 0, 0, 0, 0
	for key, before := range imageVerdicts(s) {
		after, has := built[key]
		if !has || strings.HasPrefix(key, "image-old ") {
			continue
		}
		judged++
		if before.Verdict == rule.Failed {
			failed++
		}
		switch {
		case before.Verdict == rule.Unknown:
			unknown++
		case after.Verdict == rule.Unknown:
			less++
		case before.Verdict != after.Verdict:
			var number int
			_, _ = fmt.Sscanf(key[strings.IndexByte(key, ' ')+1:], "lab/built:%d", &number)
			t.Errorf("%s: declared %v (%s), built %v (%s)\n%s", key, before.Verdict, before.Message, after.Verdict, after.Message, texts[number])
		}
	}
	t.Logf("%d verdicts, %d of them findings, %d unknown before, %d known before only", judged, failed, unknown, less)
	if judged < 20*len(texts) || unknown*2 > judged || failed < 2*len(texts) {
		t.Errorf("of %d verdicts %d are findings, and %d are unknown before it is built", judged, failed, unknown)
	}
}

func imageVerdicts(s *snapshot.Snapshot) map[string]rule.Result {
	out := map[string]rule.Result{}
	for _, r := range rule.Evaluate(s, rules.Book().Rules()) {
		if r.Subject.Kind == rule.KindImage {
			out[r.Rule+" "+r.Subject.Name] = r
		}
	}
	return out
}
