//go:build amd64 || arm64

package observe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"

	"seawall/lab"
	"seawall/observation"
	"seawall/snapshot"
)

// perContainer is the most that a container may take in the kernel, in bytes.
const perContainer = 64 << 10

// rowsOf are the most rows of one container, as bounded in bpf/rows.h.
var rowsOf = map[string]int{
	kernelMapContainers: 1, kernelMapCaps: 96, kernelMapSockets: 96, kernelMapListeners: 60, kernelMapFiles: 32,
	kernelMapSyscalls: 2, // of its own processes, of exec sessions
}

// TestMemoryIsBounded: no container takes more than its part, and 500 of them that take
// all of it fit.
func TestMemoryIsBounded(t *testing.T) {
	spec, err := loadKernel()
	if err != nil {
		t.Fatal(err)
	}
	const overhead = 64 // of a row in a hash table: struct htab_elem, and the bucket's head
	total := 0
	for name, rows := range rowsOf {
		m := spec.Maps[name]
		total += rows * int(m.KeySize+m.ValueSize+overhead)
	}
	t.Logf("%d bytes for each container", total)
	if total > perContainer {
		t.Errorf("a container takes %d bytes, more than %d", total, perContainer)
	}
	for name, share := range map[string]int{kernelMapContainers: 1, kernelMapSyscalls: 2, kernelMapCaps: 60, kernelMapSockets: 30, kernelMapListeners: 30, kernelMapFiles: 32} {
		if room := int(spec.Maps[name].MaxEntries); room < 500*share {
			t.Errorf("%s has room for %d rows, 500 containers may need %d", name, room, 500*share)
		}
	}
	source, err := os.ReadFile("bpf/rows.h")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		fmt.Sprintf("#define MAX_CAPS %d\n", rowsOf[kernelMapCaps]), fmt.Sprintf("#define MAX_SOCKETS %d\n", rowsOf[kernelMapSockets]),
		fmt.Sprintf("#define MAX_LISTENERS %d\n", rowsOf[kernelMapListeners]), fmt.Sprintf("#define MAX_FILES %d\n", rowsOf[kernelMapFiles]),
	} {
		if !bytes.Contains(source, []byte(line)) {
			t.Errorf("rows.h lacks %q", line)
		}
	}
}

// TestObjectIsCurrent: the object that is built into Seawall is what its source compiles
// to, with the compiler of Debian 12.
func TestObjectIsCurrent(t *testing.T) {
	const version = "14.0.6"
	out, err := exec.Command("clang", "--version").Output()
	if err != nil || !strings.Contains(string(out), version) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("clang %s is missing: scripts/setup-lab.sh installs it (%v)", version, err)
		}
		t.Skipf("NOT RUN: clang %s is missing", version)
	}
	source, err := os.ReadFile("generate.go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for line := range strings.Lines(string(source)) {
		command, ok := strings.CutPrefix(line, "//go:generate ")
		if !ok {
			continue
		}
		args := strings.Fields(strings.Replace(command, "-o syscallnames", "-o "+dir+"/syscallnames", 1))
		if args[2] == "bpf2go" {
			args = slices.Insert(args, 3, "-output-dir", dir, "-go-package", "observe")
		}
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	for _, name := range []string{
		"kernel_x86_bpfel.go", "kernel_x86_bpfel.o", "syscallnames_amd64.go",
		"kernel_arm64_bpfel.go", "kernel_arm64_bpfel.o", "syscallnames_arm64.go",
	} {
		want, err1 := os.ReadFile(filepath.Join(dir, name))
		got, err2 := os.ReadFile(name)
		if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not current: run go generate ./source/observe (%v, %v)", name, err1, err2)
		}
	}
}

// TestObjectsAreAlike: the objects of all architectures have the same programs, and maps
// of the same size.
func TestObjectsAreAlike(t *testing.T) {
	x86, err := ebpf.LoadCollectionSpec("kernel_x86_bpfel.o")
	if err != nil {
		t.Fatal(err)
	}
	arm, err := ebpf.LoadCollectionSpec("kernel_arm64_bpfel.o")
	if err != nil {
		t.Fatal(err)
	}
	if len(x86.Programs) < 10 || len(arm.Programs) != len(x86.Programs) || len(arm.Maps) != len(x86.Maps) {
		t.Errorf("%d and %d programs, %d and %d maps", len(x86.Programs), len(arm.Programs), len(x86.Maps), len(arm.Maps))
	}
	for name, p := range x86.Programs {
		if o := arm.Programs[name]; o == nil || o.Type != p.Type || o.AttachTo != p.AttachTo {
			t.Errorf("program %s differs", name)
		}
	}
	for name, m := range x86.Maps {
		if o := arm.Maps[name]; o == nil || o.KeySize != m.KeySize || o.ValueSize != m.ValueSize || o.MaxEntries != m.MaxEntries {
			t.Errorf("map %s differs", name)
		}
	}
}

// TestFullMaps: what finds no room in a map is counted, for all and for the container,
// and told.
func TestFullMaps(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w, err := Start(t.Context(), Options{SyscallWindow: time.Minute, room: map[string]uint32{
		kernelMapCaps: 1, kernelMapSyscalls: 1, kernelMapSockets: 1,
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, name := range []string{"first", "second"} {
		h.Docker("run", "--name", name, image, "sh", "-c", "chown 33 /tmp; ping -c 1 127.0.0.1; for p in 1 2 3; do timeout 1 nc -l -p $p; nc 127.0.0.1 9; done; true")
	}
	if err := w.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := w.Observation()
	if o.Lost.Capabilities == 0 || o.Lost.Syscalls == 0 || o.Lost.Sockets == 0 {
		t.Errorf("lost: %+v", o.Lost)
	}
	var own observation.Lost
	for i := range o.Containers {
		own.Capabilities += o.Containers[i].Lost.Capabilities
		own.Sockets += o.Containers[i].Lost.Sockets
	}
	if own.Capabilities == 0 || own.Sockets == 0 {
		t.Errorf("lost of the containers: %+v", own)
	}
	if !hasGap(o, "no room") {
		t.Errorf("gaps: %v", o.Gaps)
	}
}

// TestManyContainers: where there are more containers than room, that is counted and told.
func TestManyContainers(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w, err := Start(t.Context(), Options{room: map[string]uint32{kernelMapContainers: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	h.Docker("run", image, "chown", "33", "/tmp")
	if err := w.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o := w.Observation(); o.Lost.Containers == 0 || !hasGap(o, "no room") {
		t.Errorf("lost: %+v, gaps %v", o.Lost, o.Gaps)
	}
}

func hasGap(o *observation.Observation, detail string) bool {
	for _, g := range o.Gaps {
		if strings.Contains(g.Detail, detail) {
			return true
		}
	}
	return false
}

// TestFirstSyscalls: where system calls are not recorded any more, they are again from
// the start of a container on, its first ones included.
func TestFirstSyscalls(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w, err := Start(t.Context(), Options{SyscallWindow: time.Minute, Interval: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx, func(*observation.Observation) {}) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	expire(t, &w.window)
	id := h.Run("--name", "late", image, "mkdir", "/tmp/a")
	var names []string
	await(t, "the container's system calls are seen", func() bool {
		for _, c := range w.Observation().Containers {
			if c.ID == id && c.Watched.Ends == 1 && len(c.Syscalls) == 1 {
				names = c.Syscalls[0].Names
			}
		}
		return names != nil
	})
	for _, call := range []string{"arch_prctl", "mkdir", "exit_group"} { // its first, its work, its last
		if !slices.Contains(names, call) {
			t.Errorf("%s is missing: %s", call, names)
		}
	}
}

// expire ends a window before its time.
func expire(t *testing.T, w *window) {
	t.Helper()
	w.mu.Lock()
	w.until = time.Now()
	w.mu.Unlock()
	if err := w.expire(); err != nil {
		t.Fatal(err)
	}
	if w.on() {
		t.Fatal("the window is still open")
	}
}

// TestWindow: it opens when it is extended, closes after its length without that, and
// never opens again once it was closed for good.
func TestWindow(t *testing.T) {
	var recorded []bool
	w := window{length: time.Hour, record: func(on bool) error { recorded = append(recorded, on); return nil }}
	for range 2 {
		if err := errors.Join(w.extend(), w.expire()); err != nil || !w.on() {
			t.Fatalf("extended: on is %v, %v", w.on(), err)
		}
	}
	expire(t, &w)
	if err := errors.Join(w.expire(), w.extend()); err != nil || !w.on() {
		t.Fatalf("extended again: on is %v, %v", w.on(), err)
	}
	w.close()
	if err := w.extend(); err != nil || w.on() {
		t.Errorf("closed: on is %v, %v", w.on(), err)
	}
	if want := []bool{true, false, true, false}; !slices.Equal(recorded, want) {
		t.Errorf("recorded %v, want %v", recorded, want)
	}
	never := window{record: func(bool) error { return errors.New("asked to record") }}
	if err := never.extend(); err != nil || never.on() {
		t.Errorf("no length: on is %v, %v", never.on(), err)
	}
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 200 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("waited in vain: %s", what)
}

func TestParseSymbols(t *testing.T) {
	const text = `ffffffff81000000 T _text
ffffffff81000300 T ns_capable_noaudit
ffffffff81000300 T __pfx_alias
ffffffff81000340 t other
ffffffff81000100 t cap_vm_enough_memory
ffffffff81000200 D data
ffffffffc0000000 t capable_noaudit	[module]
`
	spans, err := parseSymbols(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(spans) != 2 || spans[0] != (span{0xffffffff81000100, 0xffffffff81000300}) || spans[1] != (span{0xffffffff81000300, 0xffffffff81000340}) {
		t.Errorf("spans %x", spans)
	}
	hidden := "0000000000000000 T cap_vm_enough_memory\n0000000000000000 T other\n"
	if spans, err := parseSymbols(strings.NewReader(hidden)); err != nil || len(spans) != 0 {
		t.Errorf("hidden addresses: %v, %v", spans, err)
	}
	if _, err := parseSymbols(strings.NewReader("xyz T f\n")); err == nil {
		t.Error("no error of a bad address")
	}
	path := filepath.Join(t.TempDir(), "kallsyms")
	if err := os.WriteFile(path, []byte(hidden), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, gap := quietSpans(path); gap == nil || gap.Reason != snapshot.ReasonPermission {
		t.Errorf("hidden addresses are no gap: %v", gap)
	}
}

func TestIDIn(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for name, want := range map[string]string{
		id: id, "docker-" + id + ".scope": id, "libpod-" + id + ".scope": id, "cri-containerd-" + id + ".scope": id,
		id + "0": "", id[1:]: "", strings.ToUpper(id): "", "user.slice": "", "": "",
	} {
		if got := idIn(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestAbout(t *testing.T) {
	for _, test := range []struct {
		call string
		args [3]uint64
		text string
		want string
	}{
		{"chown", [3]uint64{1, 33, 33}, "/tmp\x00rest", "/tmp"},
		{"setuid", [3]uint64{33, 0, 0}, "", "33"},
		{"setresuid", [3]uint64{33, 0xffffffff, 0}, "", "33, -1, 0"},
		{"bind", [3]uint64{}, "\x02\x00\x00\x50\x00\x00\x00\x00", "port 80"},
		{"bind", [3]uint64{}, "\x0a\x00\x01\xbb", "port 443"},
		{"bind", [3]uint64{}, "\x01\x00/run", "AF_UNIX"},
		{"bind", [3]uint64{}, "", ""},
		{"socket", [3]uint64{2, 0x80003, 1}, "", "AF_INET, SOCK_RAW"},
		{"openat", [3]uint64{}, "\xff\x00", "\uFFFD"},
		{"socket", [3]uint64{44, 9, 0}, "", "family 44, type 9"},
		{"read", [3]uint64{3}, "", ""},
	} {
		if got := about(test.call, test.args, test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.call, got, test.want)
		}
	}
}
