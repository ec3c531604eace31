package composefile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"seawall/source/composefile"
)

// Bounds for a file that is made to cost: the bytes that reading it may allocate in all,
// garbage included, and the time on a machine that has other work to do.
const (
	hostileBytes = 1 << 30
	hostileTime  = 20 * time.Second
)

// TestHostile: what a file costs is bounded, whether it is refused or judged.
func TestHostile(t *testing.T) {
	level := func(n int) string { // each alias stands for nine of the level below
		var b strings.Builder
		b.WriteString("l0: &l0 {A: x}\n")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "l%d: &l%d [%s*l%d]\n", i, i, strings.Repeat(fmt.Sprintf("*l%d,", i-1), 8), i-1)
		}
		return b.String()
	}
	merges := func(n int) string { // each mapping merges the one before twice
		var b strings.Builder
		b.WriteString("m0: &m0 {image: x}\n")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "m%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i-1, i-1)
		}
		return b.String()
	}
	for _, c := range []struct{ name, text string }{
		{"bomb of lists", level(9) + "services: {web: {image: x, x-all: *l9}}"},
		{"bomb in a command", level(6) + "services: {web: {image: x, command: *l6}}"},
		{"bomb of merges", merges(30) + "services: {web: *m30}"},
		{"brackets", "services: " + strings.Repeat("[", composefile.MaxSize-10)},
		{"braces", strings.Repeat("{a: ", composefile.MaxSize/4-1)},
		{"indents", indents(2000)},
		{"a long list", "services: {web: {image: x, command: [" + strings.Repeat("a,", 200_000) + "]}}"},
		{"references", "services: {web: {image: x, environment: {A: \"" + strings.Repeat("${X:-", 50_000) + "\"}}}"},
		{"many references", "services: {web: {image: x, environment: {A: \"" + strings.Repeat("${X}", 100_000) + "\"}}}"},
		{"ranges of ports", "services: {web: {image: x, ports: [" + strings.Repeat("\"1-65535:1-65535\",", 20) + "]}}"},
		{"lines of a comment", strings.Repeat("#\n", composefile.MaxSize/2-100) + "services: {web: {image: x}}"},
	} {
		name, text := c.name, c.text
		file := composefile.File{Name: filepath.Join(t.TempDir(), "compose.yaml"), Content: []byte(text)}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		_, err := composefile.Load(t.Context(), []composefile.File{file}, composefile.Options{})
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		spent := after.TotalAlloc - before.TotalAlloc
		if spent > hostileBytes || took > hostileTime {
			t.Errorf("%s: %d MiB, %v", name, spent>>20, took)
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d MiB, %v: %.120v", name, spent>>20, took.Round(time.Millisecond), err)
	}
}

// indents is a mapping in a mapping, n deep.
func indents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// TestTooLarge: of a large file no more is read than decides that it is.
func TestTooLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "compose.yaml")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(50 << 20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = composefile.ReadFile(name, nil)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "larger than 4 MiB") {
		t.Error(err)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 64<<20 {
		t.Errorf("%d MiB were allocated", spent>>20)
	}
}
