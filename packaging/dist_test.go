package packaging_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// dist is what "make package" makes, by the same program, in a directory of the tests.
var dist = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "seawall-dist")
	if err != nil {
		return "", err
	}
	built = append(built, dir)
	return dir, release(dir)
})

// release builds version 1.2.3 into a directory.
func release(dir string, env ...string) error {
	cmd := exec.Command("go", "run", "-C", "release", ".", "build", "-version", "1.2.3", "-dist", dir)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("release: %w\n%s", err, out)
	}
	return nil
}

func distOf(t *testing.T) string {
	t.Helper()
	dir, err := dist()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// output runs a command that has to succeed.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out.String(), errOut.String())
	}
	return out.String()
}

// TestDist: there is everything for both kinds of machines, and the checksums hold.
func TestDist(t *testing.T) {
	dir := distOf(t)
	sums, err := os.ReadFile(filepath.Join(dir, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has another checksum", name)
		}
		listed = append(listed, name)
	}
	want := []string{
		"seawall-1.2.3-1.aarch64.rpm", "seawall-1.2.3-1.x86_64.rpm", "seawall_1.2.3_aarch64.apk", "seawall_1.2.3_amd64.deb", "seawall_1.2.3_arm64.deb",
		"seawall_1.2.3_linux_amd64.cdx.json", "seawall_1.2.3_linux_amd64.tar.gz",
		"seawall_1.2.3_linux_arm64.cdx.json", "seawall_1.2.3_linux_arm64.tar.gz", "seawall_1.2.3_x86_64.apk",
	}
	if !slices.Equal(listed, want) {
		t.Errorf("there are\n%s\nwant\n%s", strings.Join(listed, "\n"), strings.Join(want, "\n"))
	}
	for _, arch := range []string{"amd64", "arm64"} {
		info := output(t, "go", "version", "-m", filepath.Join(dir, "seawall_linux_"+arch, "seawall"))
		for _, want := range []string{"CGO_ENABLED=0", "-trimpath=true", "GOARCH=" + arch} {
			if !strings.Contains(info, want) {
				t.Errorf("%s is not built with %s", arch, want)
			}
		}
	}
}

// TestReproducible: another machine's settings change no byte.
func TestReproducible(t *testing.T) {
	first, second := distOf(t), t.TempDir()
	if err := release(second, "TZ=Asia/Tokyo", "LANG=ja_JP.UTF-8", "HOSTNAME=elsewhere", "SOURCE_DATE_EPOCH=1", "GOAMD64=v3"); err != nil {
		t.Fatal(err)
	}
	sums := func(dir string) string {
		data, err := os.ReadFile(filepath.Join(dir, "checksums.txt"))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if a, b := sums(first), sums(second); a != b {
		t.Errorf("two builds differ:\n%s\n%s", a, b)
	}
}

// TestArchives: the program of an archive runs, and its documents are with it.
func TestArchives(t *testing.T) {
	found := listTar(t, filepath.Join(distOf(t), "seawall_1.2.3_linux_amd64.tar.gz"))
	for _, want := range []string{"seawall", "LICENSE", "README.md", "CHANGELOG.md", "third-party-licenses.gz", "man/man1/seawall.1.gz", "completions/seawall.bash", "systemd/seawall.timer"} {
		if !slices.Contains(found, "seawall_1.2.3_linux_amd64/"+want) {
			t.Errorf("there is no %s in %v", want, found)
		}
	}
	dir := t.TempDir()
	output(t, "tar", "-C", dir, "-xzf", filepath.Join(distOf(t), "seawall_1.2.3_linux_amd64.tar.gz"))
	if out := output(t, dir+"/seawall_1.2.3_linux_amd64/seawall", "version"); !strings.HasPrefix(out, "seawall 1.2.3 ") {
		t.Errorf("version: %s", out)
	}
}

// TestAPK: the package for Alpine has program, plugin and manual, and no units.
func TestAPK(t *testing.T) {
	found := listTar(t, filepath.Join(distOf(t), "seawall_1.2.3_x86_64.apk"))
	for _, want := range []string{"usr/bin/seawall", "usr/libexec/docker/cli-plugins/docker-seawall", "usr/share/man/man1/seawall.1.gz", "usr/share/zsh/site-functions/_seawall", ".PKGINFO"} {
		if !slices.Contains(found, want) {
			t.Errorf("there is no %s in %v", want, found)
		}
	}
	for _, name := range found {
		if strings.Contains(name, "systemd") {
			t.Errorf("it has %s", name)
		}
	}
}

// listTar are the names in an archive, or in several one after the other, as those of
// Alpine are.
func listTar(t *testing.T, name string) (names []string) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data := bufio.NewReader(file)
	for {
		packed, err := gzip.NewReader(data)
		if errors.Is(err, io.EOF) {
			return names
		} else if err != nil {
			t.Fatal(err)
		}
		packed.Multistream(false)
		for r := tar.NewReader(packed); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if h.Typeflag != tar.TypeDir {
				names = append(names, h.Name)
			}
		}
		if _, err := io.Copy(io.Discard, packed); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRPM: rpm finds the digests right, and installs and removes it.
func TestRPM(t *testing.T) {
	name := filepath.Join(distOf(t), "seawall-1.2.3-1.x86_64.rpm")
	if out := output(t, "rpm", "-K", name); !strings.Contains(out, "digests") || !strings.Contains(out, "OK") {
		t.Errorf("rpm -K: %s", out)
	}
	list := output(t, "rpm", "-qpl", name)
	for _, want := range []string{"/usr/bin/seawall", "/usr/lib/systemd/system/seawall.timer", "/usr/share/man/man1/seawall-audit.1.gz", "/usr/share/zsh/site-functions/_seawall"} {
		if !slices.Contains(strings.Fields(list), want) {
			t.Errorf("there is no %s in\n%s", want, list)
		}
	}
	root := t.TempDir()
	rpm := []string{"--root", root, "--noscripts", "--nodeps"}
	output(t, "rpm", append(rpm, "--ignorearch", "-i", name)...)
	if out := output(t, root+"/usr/bin/seawall", "version"); !strings.HasPrefix(out, "seawall 1.2.3 ") {
		t.Errorf("version: %s", out)
	}
	link, err := filepath.EvalSymlinks(filepath.Join(root, "usr/libexec/docker/cli-plugins/docker-seawall"))
	if want, _ := filepath.EvalSymlinks(filepath.Join(root, "usr/bin/seawall")); err != nil || link != want {
		t.Errorf("the plugin is %s, %v", link, err)
	}
	output(t, "rpm", append(rpm, "-e", "seawall")...)
	for _, dir := range []string{"usr/bin", "usr/share/man", "usr/lib/systemd", "usr/share/doc"} {
		_ = filepath.WalkDir(filepath.Join(root, dir), func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("left: %s", path)
			}
			return nil
		})
	}
}

// TestSBOM: the bill of materials is valid by CycloneDX's schema, and lists just the
// modules that are in the program, each with a licence.
func TestSBOM(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		data, err := os.ReadFile(filepath.Join(distOf(t), "seawall_1.2.3_linux_"+arch+".cdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		validate(t, data)
		var bom struct {
			Metadata struct {
				Component struct{ Name, Version string }
			}
			Components []struct {
				Name, Version, PURL string
				Licenses            []any
			}
		}
		if err := json.Unmarshal(data, &bom); err != nil {
			t.Fatal(err)
		}
		if c := bom.Metadata.Component; c.Name != "seawall" || c.Version != "1.2.3" {
			t.Errorf("it is of %+v", c)
		}
		var got, want []string
		for _, c := range bom.Components {
			if len(c.Licenses) != 1 || c.PURL != "pkg:golang/"+c.Name+"@"+c.Version {
				t.Errorf("%+v", c)
			}
			if c.Name != "std" {
				got = append(got, c.Name+" "+c.Version)
			}
		}
		for line := range strings.Lines(output(t, "go", "version", "-m", filepath.Join(distOf(t), "seawall_linux_"+arch, "seawall"))) {
			if f := strings.Fields(line); len(f) > 2 && f[0] == "dep" {
				want = append(want, f[1]+" "+f[2])
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if len(want) < 30 || !slices.Equal(got, want) {
			t.Errorf("%s: it lists\n%v\nthe program has\n%v", arch, got, want)
		}
	}
}

// validate checks a bill by the schema that comes with CycloneDX's own library. The list
// of SPDX's ids, which it refers to, does not come with it: a test of packaging/release
// has the ids.
func validate(t *testing.T, bill []byte) {
	t.Helper()
	dir := strings.TrimSpace(output(t, "go", "list", "-C", "release", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go"))
	c := jsonschema.NewCompiler()
	for url, file := range map[string]string{"http://cyclonedx.org/schema/bom-1.6.schema.json": "bom-1.6.schema.json", "http://cyclonedx.org/schema/jsf-0.82.schema.json": "jsf-0.82.schemax.json"} {
		data, err := os.ReadFile(filepath.Join(dir, "schema", file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(url, doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.AddResource("http://cyclonedx.org/schema/spdx.schema.json", map[string]any{"type": "string"}); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(bill))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("not valid: %v", err)
	}
}
