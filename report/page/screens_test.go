package page

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seawall/lab/browser"
)

var update = flag.Bool("update", false, "write the reference pictures")

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	browser.Stop()
	os.Exit(code)
}

// shown is a page that stays the same while rules and texts change, so that pictures of it
// differ only where the page's looks do.
func shown() *Page {
	return &Page{
		Title: "Docker audit of shop", About: []string{"Debian GNU/Linux 13 · 2026-11-01 12:00 UTC"}, Tool: "test",
		Summary: []Statement{
			{Text: "2 changes close every known attack path (4 pairs of entry and target).", Tone: Bad, See: "changes"},
			{Text: "3 of 9 findings are critical or high. All 9 come from 5 causes.", Tone: Bad, See: "findings"},
			{Text: "4 results could not be decided, for something was not seen.", Tone: Warn, See: "coverage"},
			{Text: "Everything else that was asked could be seen.", Tone: Good},
		},
		Severities: []Count{{"critical", 1}, {"high", 2}, {"medium", 4}, {"low", 2}},
		Map: &Map{
			Nodes: []Node{
				{ID: "web", Name: "code in container web", Entry: true}, {ID: "ci", Name: "code in container ci and 2 alike", Entry: true},
				{ID: "engine", Name: "control of the engine", Target: true}, {ID: "root", Name: "root on the host", Target: true}, {ID: "secret", Name: "the credentials for registry registry.example", Target: true},
			},
			Moves: []Move{
				{ID: "m1", From: []string{"web"}, To: "engine", Label: "the socket of the engine is mounted", Detail: "engine-socket, effort 1", Ends: [][]string{{"c1"}}},
				{ID: "m2", From: []string{"engine"}, To: "root", Label: "starts a privileged container", Detail: "engine-starts, effort 1"},
				{ID: "m3", From: []string{"ci"}, To: "root", Label: "it is privileged", Detail: "privileged, effort 1", Ends: [][]string{{"c2"}}},
				{ID: "m4", From: []string{"ci"}, To: "secret", Label: "reads a file", Detail: "reads, effort 2", Possible: true},
			},
		},
		Changes: []Change{{ID: "c1", Text: "Do not mount the socket into web", Weight: "ends 2 of 4 pairs", Breaks: "what web asks the engine", Lines: []Lines{{"docker run", "docker run --name web web:1"}}}},
		Findings: []Cause{{
			Severity: "critical", Rule: "container-privileged", Title: "A container is privileged", Why: "A privileged container has all capabilities and all devices of the host.",
			Fix: "Take --privileged away and give the capabilities that it needs.", Breaks: "programs that use devices", InPath: true,
			Lines: []Lines{{"docker run", "docker run --cap-add NET_ADMIN ci:1"}, {"Compose", "services:\n  ci:\n    cap_add: [NET_ADMIN]"}}, References: []string{"CIS 5.5", "T1611"},
			Findings: []Finding{{Subjects: []string{"ci", "שלום"}, Message: "it has been started with --privileged", Seen: []Seen{{"HostConfig.Privileged", "true", "engine", "GET /containers/ci/json"}}, New: true}},
		}},
		Containers: []Container{
			{ID: "container-1", Names: []string{"ci", "ci-2"}, Image: "ci:1", Findings: 2, Held: "41", Cells: []Value{{"root", Warn}, {"yes", Bad}, {"off", Bad}, {"AppArmor off", Bad}, {"off", Bad}, {"writable", ""}, {"default bridge", ""}, {"all:80", Warn}},
				Capabilities: []Capability{{"CHOWN", false}, {"SYS_ADMIN", true}}, Facts: []Fact{{"mounts", []string{"bind /srv → /data"}}, {"networks", []string{"bridge"}}}, Fails: []string{"critical: A container is privileged"}},
			{ID: "container-2", Names: []string{"web"}, Image: "web:1", Held: "0", Cells: []Value{{"1000", Good}, {"no", Good}, {"on", Good}, {"?", ""}, {"on", Good}, {"read-only", Good}, {"none", Good}, {"nothing", ""}}},
		},
		Coverage: "120 rules asked of 9 subjects.", NotChecked: []Gap{{4, "open /etc/docker/daemon.json: permission denied", "run as root"}},
	}
}

// screens are the parts of a page that have reference pictures, as a selector each.
var screens = []struct{ name, selector string }{
	{"summary", "#summary"}, {"map", ".drawing"}, {"finding", ".cause"}, {"confinement", "#containers .wide"}, {"container", "#container-1"},
}

// looks are the ways in which they are drawn.
var looks = []struct {
	name, scheme string
	width        int64
}{{"light", "light", 1000}, {"dark", "dark", 1000}, {"narrow", "light", 400}}

// TestScreens: the page looks as a person has seen it and found it good. Where it does
// not, the picture and where it differs are kept; -update makes it the reference.
func TestScreens(t *testing.T) {
	browser.Require(t)
	for _, font := range []string{"DejaVu Sans", "DejaVu Sans Mono"} {
		if out, err := exec.Command("fc-match", "-f", "%{family}", font).Output(); err != nil || string(out) != font {
			t.Fatalf("the font %s is missing (%q, %v): scripts/setup-lab.sh installs it", font, out, err)
		}
	}
	b := browser.Open(t, written(t, shown()))
	b.FixedFonts()
	b.Script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
	size := 0
	for _, look := range looks {
		b.Media("screen", "prefers-color-scheme", look.scheme, "prefers-reduced-motion", "reduce")
		b.Size(look.width, 900)
		for _, s := range screens {
			size += compareScreen(t, s.name+"-"+look.name, b.Picture(s.selector))
		}
	}
	if size > 600_000 {
		t.Errorf("the reference pictures take %d bytes", size)
	}
	b.Quiet()
}

// mostOff is the share of pixels in which a picture may differ from its reference.
const mostOff = 0.01

// compareScreen compares a picture with its reference, whose size it returns.
func compareScreen(t *testing.T, name string, got image.Image) int {
	t.Helper()
	path := filepath.Join("testdata", "screens", name+".png")
	if *update {
		keep(t, path, got)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if share, where := browser.Differs(want, got); share > mostOff {
		dir := filepath.Join(os.TempDir(), "seawall-screens")
		actual, diff := filepath.Join(dir, name+".png"), filepath.Join(dir, name+"-diff.png")
		keep(t, actual, got)
		keep(t, diff, where)
		t.Errorf("%s looks other than %s in %.1f %% (%v, not %v): see %s and %s; 'go test ./report/page -update' takes it", name, path, 100*share, got.Bounds().Size(), want.Bounds().Size(), actual, diff)
	}
	return len(data)
}

func keep(t *testing.T, path string, m image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, browser.Small(m), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestScreensAreCompared: a picture that was changed does not pass for its reference, and
// one whose colours are a little off does.
func TestScreensAreCompared(t *testing.T) {
	files, err := filepath.Glob("testdata/screens/*.png")
	if err != nil || len(files) != len(screens)*len(looks) {
		t.Fatalf("%d reference pictures, error %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		drawn := func(change func(*image.RGBA)) float64 {
			m := image.NewRGBA(want.Bounds())
			draw.Draw(m, m.Bounds(), want, want.Bounds().Min, draw.Src)
			change(m)
			share, _ := browser.Differs(want, m)
			return share
		}
		if share := drawn(func(m *image.RGBA) {
			for i := range m.Pix {
				m.Pix[i] = max(m.Pix[i], 9) - 9
			}
		}); share > mostOff {
			t.Errorf("%s: a little darker counts as %.2f", file, share)
		}
		if share := drawn(func(m *image.RGBA) {
			part := m.Bounds()
			part.Max.X = part.Min.X + part.Dx()/10
			draw.Draw(m, part, image.NewUniform(color.RGBA{0, 160, 0, 255}), image.Point{}, draw.Src)
		}); share <= mostOff {
			t.Errorf("%s: a green bar counts as %.3f", file, share)
		}
		if share := drawn(func(m *image.RGBA) { draw.Draw(m, m.Bounds(), want, want.Bounds().Min.Add(image.Pt(0, 8)), draw.Src) }); share <= mostOff && !strings.Contains(file, "narrow") {
			t.Errorf("%s: moved by 8 pixels it differs in %.3f", file, share)
		}
	}
}
