package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"seawall/advice"
	"seawall/observation"
	"seawall/report"
	"seawall/snapshot"
)

// advised is advice on the shop's database, on one service that was not watched, and on
// one whose names were chosen by somebody nasty.
func advised() *report.Advice {
	seen := func(v any) snapshot.Fact[string] { return snapshot.See(v.(string), snapshot.At("fact", "test")) }
	o := shopObserved()
	var db *observation.Container
	for i := range o.Containers {
		if o.Containers[i].Name == "db" {
			db = &o.Containers[i]
		}
	}
	db.Syscalls[0].Compat, db.Lost = 0, observation.Lost{}
	engine := &snapshot.Engine{Name: "unix:///run/docker.sock"}
	in := advice.Input{
		Engine: engine, Seen: db,
		Container: &snapshot.Container{
			Name: "shop-db-1", ID: db.ID, Service: "db", Project: "shop", Image: seen("postgres:17"), Seccomp: seen("default"),
			CapAdd: snapshot.See(snapshot.Caps("NET_ADMIN"), snapshot.At("fact", "test")),
			Ports:  snapshot.See([]snapshot.Port{{Port: 5432, Protocol: "tcp"}, {HostIP: "::1", HostPort: "99", Port: 99, Protocol: "tcp"}}, snapshot.At("fact", "test")),
		},
		Image: &snapshot.Image{ImageContents: snapshot.ImageContents{
			SetIDFiles:      snapshot.See([]snapshot.ImageFile{}, snapshot.At("fact", "test")),
			CapabilityFiles: snapshot.See([]snapshot.ImageFile{}, snapshot.At("fact", "test")),
		}},
		Usage: snapshot.Usage{
			Changes: snapshot.See([]snapshot.Change{{Path: "/run/db", Kind: "modified"}, {Path: "/run/db/lock", Kind: "added"}, {Path: "/srv/x", Kind: "added"}}, snapshot.At("fact", "test")),
			Directories: snapshot.See([]snapshot.Directory{{Path: "/run/db", UID: 999, GID: 999, Mode: 0o775}, {Path: "/srv", Mode: 0o755, Kept: 3}},
				snapshot.At("fact", "test")),
			Pids:   snapshot.See(int64(7), snapshot.At("fact", "test")),
			Memory: snapshot.See(int64(50<<20), snapshot.At("fact", "test")),
		},
	}
	blind := advice.Input{Engine: engine, Container: &snapshot.Container{Name: "shop-web-1", Service: "web", Project: "shop"}, Usage: snapshot.LostUsage(snapshot.Gap{Detail: "no"}, "x")}
	nasty := in
	nasty.Container = new(*in.Container)
	nasty.Container.Name, nasty.Container.Service = "\x1b[31mred\nservices: {}", "a: b\n#\x1b"
	nasty.Usage.Changes = snapshot.See([]snapshot.Change{{Path: "/srv/a b;rm -rf $(x)\n/y", Kind: "added"}, {Path: "/srv/a b;rm -rf $(x)\n", Kind: "modified"}}, snapshot.At("fact", "test"))
	nasty.Usage.Directories = snapshot.See([]snapshot.Directory{{Path: "/srv/a b;rm -rf $(x)\n", Kept: 1}}, snapshot.At("fact", "test"))
	return &report.Advice{
		Format: advice.Format, Tool: "test", TakenAt: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), Host: "shop", SeccompProfile: "db.json", AppArmorProfile: "db.profile",
		Containers: []*advice.Advice{advice.For(in), advice.For(blind), advice.For(nasty)},
	}
}

func TestAdviceText(t *testing.T) {
	a := advised()
	a.Containers = a.Containers[:1]
	var b bytes.Buffer
	if err := report.AdviceText(&b, a, report.Style{Width: 120}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"shop-db-1  postgres:17\n", "confidence medium:", "capabilities       holds: 2 of the 4 that it has",
		"CHOWN            chown() of /var/lib/postgresql by gosu (pid 7), at the start, 2 times in all\n",
		"tmpfs on /run/db: it wrote /run/db/lock\n", "volume on /srv: it wrote /srv/x\n", "nobody listened on [::1]:99:99",
		"at most 64, now 7", "at most 112MiB, now 50MiB", "remove             --cap-add NET_ADMIN -p [::1]:99:99\n",
		"--cap-drop=ALL --cap-add=CHOWN --cap-add=SETUID",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// TestAdviceRun: what is written is comments and the words of the options, whatever the
// names.
func TestAdviceRun(t *testing.T) {
	var b bytes.Buffer
	if err := report.AdviceRun(&b, advised()); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b") {
		t.Errorf("control characters: %q", b.String())
	}
	first, _, _ := strings.Cut(b.String(), "\n\n")
	want := `--cap-drop=ALL \
--cap-add=CHOWN \
--cap-add=SETUID \
--security-opt=no-new-privileges \
--read-only \
--tmpfs=/run/db:mode=0775,uid=999,gid=999 \
--volume=db-srv:/srv \
--tmpfs=/tmp:mode=1777 \
--pids-limit=64 \
--security-opt=seccomp=db.json \
--security-opt=apparmor=seawall-shop-db`
	if !strings.HasSuffix(first, want) || !strings.HasPrefix(first, "# shop-db-1\n# rests on: 12 min") {
		t.Errorf("got\n%s\nwant at the end\n%s", first, want)
	}
}

// TestAdviceCompose: it is a Compose file of the services' changes, whatever the names.
func TestAdviceCompose(t *testing.T) {
	var b bytes.Buffer
	if err := report.AdviceCompose(&b, advised()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Services map[string]any
		Volumes  map[string]any
	}
	if err := yaml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	db := map[string]any{
		"cap_drop": []any{"ALL"}, "cap_add": []any{"CHOWN", "SETUID"}, "read_only": true, "pids_limit": 64,
		"security_opt": []any{"no-new-privileges:true", "seccomp=db.json", "apparmor=seawall-shop-db"},
		"tmpfs":        []any{"/run/db:mode=0775,uid=999,gid=999", "/tmp:mode=1777"}, "volumes": []any{"db-srv:/srv"}, "ports": []any{"5432"},
	}
	if diff := cmp.Diff(db, got.Services["db"]); diff != "" {
		t.Errorf("%s\n%s", diff, b.String())
	}
	if diff := cmp.Diff(map[string]any{}, got.Services["web"]); diff != "" {
		t.Error(diff)
	}
	if _, ok := got.Volumes["db-srv"]; !ok || len(got.Services) != 3 {
		t.Errorf("services %v, volumes %v", got.Services, got.Volumes)
	}
	for _, want := range []string{"cap_add: !override\n", "ports: !override\n", "# rests on: not watched"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestAdviceJSON(t *testing.T) {
	var b bytes.Buffer
	if err := report.AdviceJSON(&b, advised()); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../docs/schema/advice-1.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
}
