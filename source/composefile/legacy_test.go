package composefile_test

import (
	"strings"
	"testing"
)

// TestFirstForm: a file with its services at the top is judged, and Compose of today would
// refuse it.
func TestFirstForm(t *testing.T) {
	p, err := load(t, "web:\n  image: nginx\n  privileged: true\n  links:\n    - db:mysql\ndb:\n  image: mysql\n  net: host\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Containers) != 2 || len(p.Warnings) == 0 || !strings.Contains(p.Warnings[0], `it has no "services"`) {
		t.Fatalf("%d containers, %q", len(p.Containers), p.Warnings)
	}
	db, web := &p.Containers[0], &p.Containers[1]
	for what, c := range map[string]struct{ got, want string }{
		"network of db": {db.NetworkMode.String(), "host"}, "network of web": {web.NetworkMode.String(), "bridge"},
		"links": {web.Links.String(), "[db:mysql]"}, "privileged": {web.Privileged.String(), "true"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", what, c.got, c.want)
		}
	}
	if at := web.Privileged.Origin().Source; !strings.HasSuffix(at, "compose.yaml:3:3") {
		t.Errorf("privileged was read at %s", at)
	}
}

// TestOdd are files that Compose refuses, and that are judged as far as they can be
// understood.
func TestOdd(t *testing.T) {
	p, err := load(t, "services: {web: {image: nginx, volumes: [{type: bind, source: ./run.sh, target: /run.sh, content: 'echo ${1/a/b}'}]}}")
	if err != nil || len(p.Containers) != 1 || len(p.Warnings) != 1 {
		t.Fatal(p, err)
	}
	if strings.ContainsAny(p.Warnings[0], "\n\ue000") {
		t.Errorf("%q", p.Warnings[0])
	}
}

// TestRefusedAt: an error names the line of the part that it is about, whatever order the
// library finds the mistakes in, and is short.
func TestRefusedAt(t *testing.T) {
	for text, want := range map[string]string{
		"services:\n  web:\n    image: x\n    environment:\n      - {A: [b]}\n": "compose.yaml:4:5: services.web.environment",
		"services:\n  web: x\n":                    "compose.yaml:2:3: services.web",
		"image: x\nb: {c: d}\na: {image: y}\n":     "compose.yaml: additional properties 'a', 'b', 'image' not allowed",
		"x: &x [a]\nservices:\n  web:\n    <<: *x": "compose.yaml:",
	} {
		_, err := load(t, text)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 600 {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
