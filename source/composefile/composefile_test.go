package composefile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/composefile"
)

// load reads one file of a project, which lies in a directory of its own.
func load(t *testing.T, text string) (*composefile.Project, error) {
	t.Helper()
	return composefile.Load(t.Context(), []composefile.File{{Name: filepath.Join(t.TempDir(), "compose.yaml"), Content: []byte(text)}}, composefile.Options{Project: "shop"})
}

// one is the only service of a file with these parts.
func one(t *testing.T, parts string) *snapshot.Container {
	t.Helper()
	p, err := load(t, "services:\n  web:\n    image: nginx\n    "+strings.ReplaceAll(parts, "\n", "\n    ")+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Containers) != 1 || len(p.Warnings) > 0 {
		t.Fatalf("%d containers, %q", len(p.Containers), p.Warnings)
	}
	return &p.Containers[0]
}

// TestOpen: what depends on a variable that is not set is not known; a list holds what
// is known of it.
func TestOpen(t *testing.T) {
	c := one(t, "privileged: ${P}\nmem_limit: $M\nnetwork_mode: ${N}\nuser: ${U:-0}\ncap_add: [SYS_ADMIN, \"${C}\"]\n"+
		"volumes: [\"${D}:/data\", \"/etc:/x\", \"${E:?needed}/y:/y\"]\nports: [\"${PORT}:80\"]\nsecurity_opt: [\"no-new-privileges:${X}\"]\nruntime: ${R:+crun}")
	for name, f := range map[string]snapshot.AnyFact{
		"privileged": &c.Privileged, "memory": &c.Memory, "network mode": &c.NetworkMode, "ports": &c.Ports, "no-new-privileges": &c.NoNewPrivileges, "capabilities": &c.CapAdd,
	} {
		if f.State() != snapshot.Unreadable || f.Gap().Reason != snapshot.ReasonUnresolved {
			t.Errorf("%s: %v, %+v", name, f.State(), f.Gap())
		}
	}
	if user, _ := c.User.Peek(); user != "0" {
		t.Errorf("the user is %q", user)
	}
	mounts, known := c.Mounts.Peek()
	if !known || len(mounts) != 1 || mounts[0].Source != "/etc" || c.Mounts.Gap().Detail != "the file has ${D}, whose value is not known" {
		t.Errorf("mounts: %v %v, %+v", mounts, known, c.Mounts.Gap())
	}
	if runtime, known := c.Runtime.Peek(); runtime != "" || !known {
		t.Errorf("the runtime is %q, %v", runtime, known)
	}
	if got := c.Privileged.Origin(); got.Path != "services.web.privileged" || !strings.HasSuffix(got.Source, "compose.yaml:4:5") {
		t.Errorf("privileged was read at %v", got)
	}
}

// TestVariables are the ways in which a value is given.
func TestVariables(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("A=a\nEMPTY=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"$A": "a", "${A}": "a", "${A}-${A}": "a-a", "${A:-x}": "a", "${EMPTY:-x}": "x", "${EMPTY-x}": "", "${NONE-x}": "x", "${NONE:-${A}}": "a",
		"${A:+x}": "x", "${EMPTY:+x}": "", "${EMPTY+x}": "x", "${NONE:+x}": "", "$$A": "$A", "${A:?no}": "a",
		"$NONE": "?$NONE", "x${NONE}y": "?${NONE}", "${NONE:?no}": "?${NONE:?no}", "${EMPTY:?no}": "?${EMPTY:?no}", "${EMPTY?no}": "", "${NONE:-${B}}": "?${B}", "${A}${NONE}": "?${NONE}",
	} {
		p, err := composefile.Load(t.Context(), []composefile.File{{Name: filepath.Join(dir, "compose.yaml"), Content: []byte("services: {web: {image: nginx, runtime: \"r" + text + "\"}}")}}, composefile.Options{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, known := p.Containers[0].Runtime.Peek()
		got = strings.TrimPrefix(got, "r")
		if !known {
			got = "?" + strings.TrimSuffix(strings.TrimPrefix(p.Containers[0].Runtime.Gap().Detail, "the file has "), ", whose value is not known")
		}
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// TestProject: services, their names, networks and volumes are those that Compose makes.
func TestProject(t *testing.T) {
	p, err := load(t, `
services:
  web: {image: nginx, networks: [front, outside], pid: "service:db", volumes: [data:/d, "named:/n"], env_file: [secret.env]}
  db: {build: ., container_name: store, profiles: [debug], secrets: [token]}
  cloud: {provider: {type: aws}}
networks:
  front: {driver_opts: {com.docker.network.bridge.enable_icc: "false"}}
  outside: {external: true}
volumes:
  data: {driver_opts: {type: none, o: bind, device: /etc}}
  named: {name: other}
secrets: {token: {file: ./token}}
`)
	if err != nil {
		t.Fatal(err)
	}
	names := func(list []string) string { slices.Sort(list); return strings.Join(list, " ") }
	var containers, networks, volumes []string
	for _, c := range p.Containers {
		containers = append(containers, c.Name+"="+c.Service)
	}
	for _, n := range p.Networks {
		networks = append(networks, n.Name)
	}
	for _, v := range p.Volumes {
		volumes = append(volumes, v.Name)
	}
	for _, c := range []struct{ got, want string }{
		{names(containers), "shop-web-1=web store=db"}, {names(networks), "shop_default shop_front"}, {names(volumes), "other shop_data"}, {p.Name, "shop"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	web := &p.Containers[1]
	if pid, _ := web.PidMode.Peek(); pid != "container:store" {
		t.Errorf("pid is %q", pid)
	}
	if web.Env.State() != snapshot.Unreadable || web.Env.Gap().Detail != "the variables in secret.env (env_file) are not read" {
		t.Errorf("variables: %v, %+v", web.Env.State(), web.Env.Gap())
	}
}

// TestRefused: what cannot be read is an error of one line, or of none of its files.
func TestRefused(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n" +
		"e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nservices: {web: {image: x, command: *g, mem_limit: *g}}\n"
	for name, text := range map[string]string{
		"no YAML": "services: {", "empty": "", "a list": "- x", "alias bomb": bomb, "itself": "x: &x [*x]\nservices: {web: {image: x, command: *x}}",
		"merges itself": "x: &x {<<: *x}\nservices: {web: *x}", "holds itself": "x: &x {y: {<<: *x}}\nservices: {web: *x}", "deep": "services: " + strings.Repeat("[", 20_000), "marks": "services: {web: {image: \"\ue000\"}}",
		"variables of others": "include: [{path: a.yaml, env_file: /etc/passwd}]\nservices: {web: {image: x}}", "their directory": "include: {path: [a.yaml], project_directory: /}\nservices: {}",
		"include": "include: [../../x.yaml]\nservices: {web: {image: x}}", "cycle": "services: {a: {extends: b}, b: {extends: a}}",
	} {
		_, err := load(t, text)
		if err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestIncluded: what is included is judged, unless it reads files outside of the project.
func TestIncluded(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func() (*composefile.Project, error) {
		return composefile.Load(t.Context(), []composefile.File{{Name: filepath.Join(dir, "compose.yaml"), Content: []byte("include: [{path: a.yaml, env_file: b.env}]\nservices: {web: {image: x}}")}}, composefile.Options{})
	}
	write("a.yaml", "include: [b.yaml]\nservices: {db: {image: y, privileged: true}}")
	write("b.yaml", "services: {cache: {image: z, runtime: \"${R}\"}}")
	write("b.env", "R=crun\n")
	p, err := read()
	if err != nil || len(p.Containers) != 3 {
		t.Fatal(p, err)
	}
	if runtime, _ := p.Containers[0].Runtime.Peek(); runtime != "crun" {
		t.Errorf("the runtime of %s is %q", p.Containers[0].Name, runtime)
	}
	write("a.yaml", "include:\n  - path: b.yaml\n    env_file: /etc/passwd\nservices: {}")
	if _, err := read(); err == nil || !strings.Contains(err.Error(), "a.yaml:3: /etc/passwd is not below ") {
		t.Errorf("variables of another's file: %v", err)
	}
	write("a.yaml", "include: [a.yaml]\nservices: {}")
	if _, err := read(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a file that includes itself: %v", err)
	}
}

// FuzzLoad: whatever a file holds, there is a project or an error of one line.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		"services: {web: {image: nginx, ports: [\"80:80\"], volumes: [a:/b]}}", "services:\n  web:\n    image: ${X}\n    mem_limit: ${M}\n",
		"x: &x {privileged: true}\nservices: {web: {<<: *x, image: a}}", "services: {a: {extends: {service: b}}, b: {image: !reset null}}", "include: [a.yaml]",
	} {
		f.Add(text)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := composefile.Load(t.Context(), []composefile.File{{Name: filepath.Join(dir, "compose.yaml"), Content: []byte(text)}}, composefile.Options{})
		if (p == nil) == (err == nil) || err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatal(p, err)
		}
	})
}

// TestImageLocal: a service that is built is not pulled, unless its image has a name that
// a registry is asked for first.
func TestImageLocal(t *testing.T) {
	p, err := load(t, `
services:
  alone: {build: .}
  named: {build: ., image: app}
  policy: {build: ., image: made, pull_policy: build}
  sharing: {image: made}
  never: {image: held, pull_policy: never}
  always: {build: ., image: other, pull_policy: always}
  pulled: {image: nginx}
  open: {build: ., image: some, pull_policy: "${P}"}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"alone": "true", "named": "not read", "policy": "true", "sharing": "true", "never": "not read", "always": "absent", "pulled": "absent", "open": "not read"}
	for _, c := range p.Containers {
		if got := c.ImageLocal.String(); got != want[c.Service] {
			t.Errorf("%s: %s, want %s", c.Service, got, want[c.Service])
		}
	}
	if at := p.Containers[0].ImageLocal.Origin(); at.Path != "services.alone.build" {
		t.Errorf("it was read at %v", at)
	}
}
