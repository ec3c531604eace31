package livehost

import (
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
)

func TestTakenIn(t *testing.T) {
	tests := []struct {
		name, text       string
		files, variables []string
		open             bool
	}{
		{"nothing", "services: {web: {image: nginx}}", nil, nil, false},
		{"short and long", "include: [a.yaml, {path: [b.yaml, sub/c.yaml], env_file: b.env}, {path: d.yaml, env_file: [d.env]}]",
			[]string{"a.yaml", "b.yaml", "sub/c.yaml", "d.yaml"}, []string{"b.env", "d.env"}, false},
		{"extends", "services: {web: {extends: {file: base.yaml, service: web}}, db: {extends: web}}", []string{"base.yaml"}, nil, false},
		{"once", "include: [a.yaml, a.yaml]", []string{"a.yaml"}, nil, false},
		{"from elsewhere", "include: ['oci://registry/app', 'https://host/x.git', 'git@host:x.git']", nil, nil, false},
		{"by variables", "include: ['${ENV}.yaml', a.yaml]", []string{"a.yaml"}, nil, true},
		{"no Compose file", "include: 7\nservices: [1]", nil, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := takenIn([]byte(tt.text))
			if !slices.Equal(got.files, tt.files) || !slices.Equal(got.variables, tt.variables) || (err != nil) != tt.open {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// TestComposeFilesTakenIn: what a file takes in is followed, once, by its own directory;
// what cannot be followed is told.
func TestComposeFilesTakenIn(t *testing.T) {
	view := hostTreeOf(t, map[string]string{
		"shop/compose.yaml": "include: [{path: ../base/app.yaml, env_file: app.env}]\nservices: {web: {extends: {file: web.yaml, service: web}}}",
		"base/app.yaml":     "include: [../shop/compose.yaml, gone.yaml]",
		"shop/web.yaml":     "services: {web: {image: nginx}}",
		"shop/app.env":      "A=1",
		"other.yaml":        "include: ['${X}']",
	}).Files
	var l composeFiles
	l.compose(view, "/shop/compose.yaml")
	var got []string
	for _, f := range l.files {
		got = append(got, f.Role+" "+strings.TrimPrefix(f.Path, view.Root()))
	}
	want := []string{snapshot.RoleCompose + " /shop/compose.yaml", snapshot.RoleComposeEnv + " /shop/app.env", snapshot.RoleCompose + " /base/app.yaml", snapshot.RoleCompose + " /shop/web.yaml"}
	if !slices.Equal(got, want) || l.partly != nil || l.err != nil {
		t.Errorf("%v, want %v; %v, %v", got, want, l.partly, l.err)
	}
	l.compose(view, "/other.yaml")
	if l.partly == nil {
		t.Error("a name by variables is not told")
	}
}

func FuzzTakenIn(f *testing.F) {
	f.Add([]byte("include: [a.yaml, {path: [b.yaml], env_file: c}]\nservices: {a: {extends: {file: d}}}"))
	f.Add([]byte("include: &a [*a]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, _ := takenIn(content)
		if slices.Contains(got.files, "") {
			t.Error("a file without a name")
		}
	})
}
