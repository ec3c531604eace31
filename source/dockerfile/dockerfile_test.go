package dockerfile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/dockerfile"
	"seawall/source/unresolved"
)

func read(t *testing.T, text string, o dockerfile.Options) snapshot.Image {
	t.Helper()
	i, err := dockerfile.Read("Dockerfile", []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// told is a fact as text: its value, ? where it is not known, and + where there may be
// more.
func told[T any](f snapshot.Fact[T]) string {
	v, known := f.Peek()
	switch {
	case !known:
		return "?"
	case f.Gap().Reason != "":
		return fmt.Sprint(v) + "+"
	}
	return fmt.Sprint(v)
}

// TestUser: who the image's program is, and when that is not known.
func TestUser(t *testing.T) {
	for _, tt := range []struct{ text, want, at string }{
		{"FROM scratch", "", "Dockerfile:1"},
		{"FROM alpine", "?", "Dockerfile:1"},
		{"FROM alpine\nUSER 7", "7", "Dockerfile:2"},
		{"FROM alpine\nUSER 7\nUSER root", "root", "Dockerfile:3"},
		{"FROM alpine AS a\nUSER 7\nFROM a\nRUN x", "7", "Dockerfile:2"},
		{"FROM alpine AS a\nUSER 7\nFROM scratch\nCOPY --from=a /x /y", "", "Dockerfile:3"},
		{"FROM scratch AS A\nUSER 7\nFROM a", "7", "Dockerfile:2"},
		{"FROM scratch\nARG U\nUSER $U", "?", "Dockerfile:3"},
		{"FROM scratch\nARG U=7\nUSER ${U}", "7", "Dockerfile:3"},
		{"FROM scratch\nENV U=8\nARG U=7\nUSER ${U}", "8", "Dockerfile:4"},
		{"FROM scratch\nUSER ${U:-9}", "9", "Dockerfile:2"},
		{"FROM alpine\nUSER ${U:-9}", "?", "Dockerfile:2"},
		{"FROM alpine\nUSER ${U:+9}", "?", "Dockerfile:2"},
		{"ARG U=5\nFROM scratch\nUSER x$U", "x", "Dockerfile:3"},
		{"ARG U=5\nFROM scratch\nARG U\nUSER x$U", "x5", "Dockerfile:4"},
		{"FROM scratch\nARG TARGETARCH\nUSER $TARGETARCH", "?", "Dockerfile:3"},
		{"ARG B=scratch\nFROM $B", "", "Dockerfile:2"},
		{"FROM $B", "?", "Dockerfile:1"},
	} {
		i := read(t, tt.text, dockerfile.Options{})
		if got, at := told(i.User), i.User.Origin().Source; got != tt.want || at != tt.at {
			t.Errorf("%q: %q at %s, want %q at %s", tt.text, got, at, tt.want, tt.at)
		}
	}
}

// TestConfig: what else the last stage sets.
func TestConfig(t *testing.T) {
	const text = `FROM scratch
ENV A=1 DB_PASSWORD=hunter2
ENV A=2
ENV T_TOKEN=$NONE
EXPOSE 80 53/UDP 9000-9001 127.0.0.1:81:82
VOLUME /b /a
VOLUME ["/a"]
HEALTHCHECK CMD true
LABEL x=y a.token=abcdefghijklmnop
`
	i := read(t, text, dockerfile.Options{})
	env, _ := i.Env.Peek()
	var names []string
	for _, v := range env {
		names = append(names, v.Name+" "+string(v.Kind))
	}
	for what, pair := range map[string][2]string{
		"variables": {strings.Join(names, ", "), "DB_PASSWORD named, A plain, T_TOKEN empty"},
		"ports":     {told(i.Exposed), "[53/udp 80/tcp 82/tcp 9000/tcp 9001/tcp]"},
		"volumes":   {told(i.Volumes), "[/a /b]"},
		"health":    {told(i.Health), "true"},
		"labels":    {told(i.Labels), "map[a.token:<redacted> x:y]"},
		"created":   {told(i.Created), "?"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
	i = read(t, strings.Replace(text, "scratch", "alpine", 1)+"HEALTHCHECK NONE\n", dockerfile.Options{})
	for what, pair := range map[string][2]string{
		"ports": {told(i.Exposed), "[53/udp 80/tcp 82/tcp 9000/tcp 9001/tcp]+"}, "volumes": {told(i.Volumes), "[/a /b]+"}, "health": {told(i.Health), "false"},
		"history": {told(i.Build)[:1] + told(i.Build)[len(told(i.Build))-1:], "[+"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("on an image: %s: %s, want %s", what, pair[0], pair[1])
		}
	}
}

// TestArguments: what whoever builds gives counts, and what nobody gives has no value.
func TestArguments(t *testing.T) {
	const text = "ARG BASE\nFROM ${BASE:-alpine}\nARG P\nEXPOSE 8$P\n"
	for _, tt := range []struct {
		o           dockerfile.Options
		bases, port string
	}{
		{dockerfile.Options{}, "[]+", "[]+"},
		{dockerfile.Options{AllArgs: true}, "[{alpine Dockerfile:2}]", "[8/tcp]+"},
		{dockerfile.Options{AllArgs: true, Args: map[string]string{"BASE": "scratch", "P": "1"}}, "[]", "[81/tcp]"},
		{dockerfile.Options{AllArgs: true, Args: map[string]string{"BASE": "scratch", "P": unresolved.Value("$P")}}, "[]", "[]+"},
	} {
		i := read(t, text, tt.o)
		if got := told(i.Bases); got != tt.bases {
			t.Errorf("%v: bases %s, want %s", tt.o, got, tt.bases)
		}
		if tt.o.AllArgs && tt.o.Args == nil { // 8$P of an unknown image is open, as P may be its variable
			tt.port = "[]+"
		}
		if got := told(i.Exposed); got != tt.port {
			t.Errorf("%v: ports %s, want %s", tt.o, got, tt.port)
		}
	}
}

// TestSteps: what the steps of stages do, where, and which of it reaches the image.
func TestSteps(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"FROM scratch\nRUN a && \\\n  curl -k https://x", "unverified-tls@2"},
		{"FROM scratch\nRUN <<EOF\nset -e\ncurl -k https://x\nEOF\n", "unverified-tls@2"},
		{"FROM scratch\nRUN <<EOF bash\ncurl -k https://x\nEOF\n", "unverified-tls@2"},
		{"FROM scratch\nRUN <<EOF cat\ncurl -k https://x\nEOF\n", ""},
		{"FROM scratch\nRUN cat <<EOF > /etc/yum.repos.d/x.repo\ngpgcheck=0\nEOF\n", "unverified-packages@2"},
		{"FROM scratch\nRUN [\"curl\", \"-k\", \"https://x\"]", "unverified-tls@2"},
		{"FROM scratch\nSHELL [\"powershell\", \"-Command\"]\nRUN curl -k https://x", "unread@3"},
		{"FROM scratch\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl -k https://x", "unverified-tls@3"},
		{"FROM scratch\nRUN --security=insecure --network=host x", "insecure@2 host-network@2"},
		{"FROM scratch\nRUN --mount=type=secret,id=x --network=none x", ""},
		{"FROM scratch\nARG NPM_TOKEN", "secret-argument@2"},
		{"FROM scratch\nARG NPM_TOKEN=abcdefgh1", "secret@2"},
		{"FROM scratch\nADD https://x.example/$V.tgz /", "add-url@2"},
		{"FROM scratch\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://x.example/a.tgz /", ""},
		{"FROM scratch\nADD https://x.example/a.git#0123456789012345678901234567890123456789 /", ""},
		{"FROM scratch\nADD a.py /", "add-file@2"},
		{"FROM scratch\nCOPY <<EOF /a\nx\nEOF\n", ""},
		{"FROM scratch\nWORKDIR usr\nWORKDIR bin", "system-directory@2 system-directory@3"},
		{"FROM alpine\nWORKDIR bin", ""},
		// stages
		{"FROM a AS b\nRUN chmod 777 /x\nRUN curl -k https://x\nFROM scratch\nCOPY --from=b /x /x", "unverified-tls@3(b)"},
		{"FROM a AS b\nRUN curl -k https://x\nFROM scratch\nCOPY --from=0 /x /x", "unverified-tls@2(b)"},
		{"FROM a\nRUN curl -k https://x\nFROM scratch\nRUN --mount=from=0,target=/x y", "unverified-tls@2(0)"},
		{"FROM a AS b\nRUN curl -k https://x\nENV T_TOKEN=abcdefgh1\nFROM scratch", "secret@3(b)"},
		{"FROM scratch AS b\nRUN chmod 777 /x\nFROM b", "world-writable@2"},
		{"FROM scratch AS b\nRUN chmod 777 /x\nFROM scratch\nCOPY --from=b / /", "world-writable@2"},
		{"FROM scratch AS b\nCOPY id_rsa /x\nFROM scratch\nCOPY --from=b /y /y", "secret-file@2(b)"},
	} {
		i := read(t, tt.text, dockerfile.Options{})
		remarks, _ := i.Build.Peek()
		var got []string
		for _, r := range remarks {
			text := string(r.Kind) + "@" + strings.TrimPrefix(r.Where, "Dockerfile:")
			if r.Stage != "" {
				text += "(" + r.Stage + ")"
			}
			got = append(got, text)
		}
		if list := strings.Join(got, " "); list != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, list, tt.want)
		}
	}
}

// TestTarget: a stage in the middle can be what is built.
func TestTarget(t *testing.T) {
	const text = "FROM scratch AS one\nUSER 1\nFROM scratch AS two\nUSER 2\n"
	for target, want := range map[string]string{"": "2", "one": "1", "TWO": "2", "0": "1"} {
		if got := told(read(t, text, dockerfile.Options{Target: target}).User); got != want {
			t.Errorf("target %q: user %s, want %s", target, got, want)
		}
	}
	if _, err := dockerfile.Read("D", []byte(text), dockerfile.Options{Target: "three"}); err == nil || err.Error() != `D: no stage is named "three"` {
		t.Error(err)
	}
}

// TestBases: the images of the stages that are built, each once.
func TestBases(t *testing.T) {
	i := read(t, "FROM a:1 AS x\nFROM a:1 AS y\nCOPY --from=b:2 /q /q\nFROM unused:9\nFROM y\nCOPY --from=x /z /z\nCOPY --from=ctx /a /a\n",
		dockerfile.Options{Context: dockerfile.Context{Named: []string{"ctx"}}})
	if got := told(i.Bases); got != "[{a:1 Dockerfile:1} {b:2 Dockerfile:3}]" {
		t.Error(got)
	}
}

// TestBroken: what is wrong with a file is one line with its place.
func TestBroken(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "D: file with no instructions",
		"FRM x":                            "D:1: unknown instruction: FRM (did you mean FROM?)",
		"FROM a\n\nFOO b":                  "D:3: unknown instruction: FOO (did you mean FROM?)",
		"RUN x":                            "D:1: no build stage in current context",
		"ARG x":                            "D: no FROM: it builds no image",
		"FROM a\nEXPOSE foo":               `D:2: EXPOSE: "foo" is no port`,
		"FROM a\nEXPOSE 9-8":               `D:2: EXPOSE: "9-8" is no range of ports`,
		"FROM a\nRUN <<EOF\nx":             "D:2: unterminated heredoc",
		"FROM ${}":                         `D:1: failed to process "${}": syntax error: bad substitution`,
		"FROM a\x00":                       "D: characters U+0000, U+E000 and U+E001 are not allowed",
		"# escape=x\nFROM a":               "D: invalid escape token 'x' does not match ` or \\",
		"FROM a\nENV PASSWORD=\"":          "",
		strings.Repeat("FROM a\n", 257):    "D: more than 256 stages",
		strings.Repeat("FROM a\n", 10_001): "D: more than 10000 instructions",
		"#" + strings.Repeat("x", 1<<20):   "D: larger than 1024 KiB",
	} {
		_, err := dockerfile.Read("D", []byte(text), dockerfile.Options{})
		if err == nil || want != "" && err.Error() != want || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

// TestGrowth: values that double do not grow without end.
func TestGrowth(t *testing.T) {
	text := "FROM scratch\nENV A=0123456789\n" + strings.Repeat("ENV A=$A$A$A$A\n", 40) + "USER $A\n"
	if i := read(t, text, dockerfile.Options{}); told(i.User) != "?" {
		t.Errorf("user is %.40q", told(i.User))
	}
}

// TestIgnore: whether a file says what is left out of the context.
func TestIgnore(t *testing.T) {
	dir := t.TempDir()
	make := func(name string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755), os.WriteFile(filepath.Join(dir, name), nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a/.git/HEAD", "a/b/Dockerfile", "c/.git/HEAD", "c/.dockerignore", "c/d/Dockerfile", "e/Dockerfile", "e/Dockerfile.dockerignore"} {
		make(name)
	}
	for name, want := range map[string]dockerfile.Ignore{"a/b/Dockerfile": dockerfile.NotIgnored, "c/d/Dockerfile": dockerfile.Unseen, "e/Dockerfile": dockerfile.Ignored} {
		if got := dockerfile.IgnoreNear(filepath.Join(dir, name)); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	for context, want := range map[string]dockerfile.Ignore{"c": dockerfile.Ignored, "c/d": dockerfile.NotIgnored} {
		if got := dockerfile.IgnoreOf(filepath.Join(dir, "c/d/Dockerfile"), filepath.Join(dir, context)); got != want {
			t.Errorf("context %s: %d, want %d", context, got, want)
		}
	}
	for ignore, want := range map[dockerfile.Ignore]snapshot.BuildKind{dockerfile.Ignored: "", dockerfile.NotIgnored: snapshot.BuildContext, dockerfile.Unseen: snapshot.BuildContextUnseen} {
		i := read(t, "FROM scratch\nCOPY ./ /srv\n", dockerfile.Options{Context: dockerfile.Context{Ignore: ignore}})
		remarks, _ := i.Build.Peek()
		if got := slices.ContainsFunc(remarks, func(r snapshot.BuildRemark) bool { return r.Kind == want }); got != (want != "") {
			t.Errorf("ignore %d: %v, want %s", ignore, remarks, want)
		}
	}
}

// FuzzDockerfile: whatever a file says, it is an image with few and short remarks or an
// error of one short line, and no secret of it is told.
func FuzzDockerfile(f *testing.F) {
	for _, seed := range []string{
		"FROM scratch\nRUN <<EOF\ncurl -k https://x | sh\nEOF\nUSER 7", "ARG A=1\nFROM a:$A AS b\nENV X=${Y:-$A}\nFROM b\nCOPY --from=b --chown=1 [\"a b\", \"/\"]",
		"# escape=`\nFROM a\nRUN x `\n y", "FROM a\nEXPOSE 1-65535 80/udp\nVOLUME [\"/a\"]\nHEALTHCHECK --interval=5s CMD x", "FROM a\nRUN --mount=type=bind,from=b --network=host x\nONBUILD RUN y\nSHELL [\"cmd\"]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := dockerfile.Read("Dockerfile", []byte(text), dockerfile.Options{AllArgs: len(text)%2 == 0})
		if err != nil {
			if len(err.Error()) > 400 || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "Dockerfile:") {
				t.Errorf("error %q", err)
			}
			return
		}
		remarks, _ := i.Build.Peek()
		if len(remarks) > 64 {
			t.Errorf("%d remarks", len(remarks))
		}
		var out strings.Builder
		s := &snapshot.Snapshot{Format: snapshot.Format, Engines: []snapshot.Engine{{Images: snapshot.See([]snapshot.Image{i}, snapshot.At("images", "x"))}}}
		if err := s.Encode(&out); err != nil {
			t.Error(err)
		}
		if strings.ContainsAny(out.String(), unresolved.Reserved) {
			t.Errorf("a mark is left: %s", out.String())
		}
	})
}
