package packetfilter

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
)

var (
	update   = flag.Bool("update", false, "write the models of the recordings")
	recordIt = flag.Bool("record", false, "record anew what the tools print")
)

// inside is the variable that makes the test binary read the packet filters of
// its network namespace, and print a [reading], instead of running tests. Its
// value "nft" asks nft also where iptables has all the rules.
const inside = "SEAWALL_TEST_READ"

func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		if err := json.NewEncoder(os.Stdout).Encode(readRecording(context.Background())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// reading is what was read in a namespace, and what it was read from.
type reading struct {
	Model  snapshot.PacketFilter
	Err    string
	Kernel recordedKernel
	Files  map[string]string
	// Before and After are the tables that the kernel names, of the old back end.
	Before, After string
	Took, CPU     time.Duration // from start to end, and of all processors
	Alone         time.Duration // what the namespace's maker measured, see [BenchmarkLive20k]
}

// recordedKernel are the answers of a kernel.
type recordedKernel struct {
	Tables  []string              `json:"tables"`
	Dormant []string              `json:"dormant,omitempty"`
	Rules   map[string]tableRules `json:"rules"`
	Legacy  map[string][]string   `json:"legacy"`
}

func (k recordedKernel) generation(context.Context) (uint32, error) { return 1, nil }
func (k recordedKernel) legacy(family string) ([]string, error)     { return k.Legacy[family], nil }
func (k recordedKernel) tables(context.Context) (map[tableKey]bool, error) {
	out := keys(k.Tables)
	for key := range out {
		out[key] = slices.Contains(k.Dormant, key.family+" "+key.name)
	}
	return out, nil
}
func (k recordedKernel) objects(context.Context) (kernelObjects, error) {
	out := kernelObjects{rules: map[tableKey]tableRules{}}
	for key := range keys(slices.Collect(maps.Keys(k.Rules))) {
		out.rules[key] = k.Rules[key.family+" "+key.name]
	}
	return out, nil
}

func keys(list []string) map[tableKey]bool {
	out := map[tableKey]bool{}
	for _, s := range list {
		family, name, _ := strings.Cut(s, " ")
		out[tableKey{family, name}] = true
	}
	return out
}

func keyTexts(m map[tableKey]bool) []string {
	var out []string
	for key := range m {
		out = append(out, key.family+" "+key.name)
	}
	slices.Sort(out)
	return out
}

// fileOf names the recording of a program's output.
func fileOf(program string, args []string) string {
	switch {
	case program == "nft" && slices.Contains(args, "-j"):
		return "nft.json"
	case program == "nft":
		return "nft.txt"
	}
	return program + strings.Join(args, "")
}

// readRecording reads this namespace and keeps what the programs print.
func readRecording(ctx context.Context) reading {
	out := reading{Files: map[string]string{}, Kernel: recordedKernel{Legacy: map[string][]string{}}, Before: tableNames()}
	run := func(ctx context.Context, program string, args ...string) func() ([]byte, []byte, error) {
		wait := Exec(ctx, program, args...)
		return func() ([]byte, []byte, error) {
			stdout, stderr, err := wait()
			switch name := fileOf(program, args); {
			case isNotFound(err):
			case err != nil:
				out.Files[name+".failed"] = string(stderr)
			default:
				out.Files[name] = string(stdout)
			}
			return stdout, stderr, err
		}
	}
	var k kernel = running()
	if os.Getenv(inside) == "nft" {
		k = askNFT{running()}
	}
	start, before := time.Now(), processorTime()
	var err error
	if out.Model, err = read(ctx, run, k); err != nil {
		out.Err = err.Error()
	}
	out.Took, out.CPU = time.Since(start), processorTime()-before
	out.Alone, _ = time.ParseDuration(os.Getenv("ALONE"))
	tables, _ := k.tables(ctx)
	objects, _ := k.objects(ctx)
	out.Kernel.Rules = map[string]tableRules{}
	for key, r := range objects.rules {
		out.Kernel.Rules[key.family+" "+key.name] = r
	}
	out.Kernel.Tables = keyTexts(tables)
	maps.DeleteFunc(tables, func(_ tableKey, dormant bool) bool { return !dormant })
	out.Kernel.Dormant = keyTexts(tables)
	for _, family := range []string{"ip", "ip6"} {
		out.Kernel.Legacy[family], _ = k.legacy(family)
	}
	out.After = tableNames()
	return out
}

// processorTime is what this process and its children have used.
func processorTime() time.Duration {
	var sum int64
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			sum += u.Utime.Nano() + u.Stime.Nano()
		}
	}
	return time.Duration(sum)
}

// askNFT is a kernel of which each table has rules of nft.
type askNFT struct{ thisKernel }

func (k askNFT) objects(ctx context.Context) (kernelObjects, error) {
	out, err := k.thisKernel.objects(ctx)
	for key, r := range out.rules {
		r.Native = true
		out.rules[key] = r
	}
	out.whole = nil
	return out, err
}

func tableNames() string {
	var out []string
	for _, name := range []string{"ip_tables_names", "ip6_tables_names"} {
		data, _ := os.ReadFile("/proc/thread-self/net/" + name)
		out = append(out, string(data))
	}
	return strings.Join(out, "|")
}

// replay is the [Runner] of a recording.
func replay(dir string) Runner {
	return func(_ context.Context, program string, args ...string) func() ([]byte, []byte, error) {
		path := filepath.Join(dir, fileOf(program, args))
		if why, err := os.ReadFile(path + ".failed"); err == nil {
			return done(nil, why, errors.New("exit status 1"))
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return done(nil, nil, &exec.Error{Name: program, Err: exec.ErrNotFound})
		}
		return done(data, nil, nil)
	}
}

// recordings are the folders of testdata with recordings.
func recordings(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob("testdata/*/kernel.json")
	if err != nil || len(found) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for i, f := range found {
		found[i] = filepath.Dir(f)
	}
	return found
}

// recordedAt are the kernel's answers of a recording.
func recordedAt(t testing.TB, dir string) recordedKernel {
	t.Helper()
	var k recordedKernel
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// replayed reads a recording.
func replayed(t testing.TB, dir string) (snapshot.PacketFilter, error) {
	t.Helper()
	return read(t.Context(), replay(dir), recordedAt(t, dir))
}

// asJSON is a value as the files have it: a line for each rule, chain and set.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.NewReplacer(`{"tool":`, "\n"+`{"tool":`, `{"name":`, "\n"+`{"name":`, `{"text":`, "\n"+`{"text":`)
	return lines.Replace(string(data)) + "\n"
}
