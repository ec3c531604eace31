package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rules"
	"seawall/source/composefile"
	"seawall/source/declared"
)

// BenchmarkDeclared measures how Compose files are judged, each of six services with a
// dozen parts, from the text to the results of all rules about containers.
//
//	go test ./bench -run '^$' -bench Declared
//
// Measured on one of two cores (AMD EPYC) that had other work: 10 ms a file, most of it in
// compose-go. Real files are smaller: 2 ms each on both cores, as bench/corpus tells
// (docs/real-files.md).
func BenchmarkDeclared(b *testing.B) {
	file := composefile.File{Name: filepath.Join(b.TempDir(), "compose.yaml"), Content: composeText(6)}
	asked := slices.DeleteFunc(slices.Clone(rules.Book().Rules()), func(r *rule.Rule) bool { return r.Kind() != rule.KindContainer || r.Deep || r.Observed })
	for b.Loop() {
		p, err := composefile.Load(b.Context(), []composefile.File{file}, composefile.Options{})
		if err != nil {
			b.Fatal(err)
		}
		s := declared.Snapshot([]declared.Project{{Name: file.Name, Containers: p.Containers, Networks: p.Networks, Volumes: p.Volumes}}, "bench", time.Now())
		if len(rule.Evaluate(s, asked)) == 0 {
			b.Fatal("no results")
		}
	}
}

// composeText is a Compose file of some services with a dozen parts each.
func composeText(services int) []byte {
	var text strings.Builder
	text.WriteString("services:\n")
	for i := range services {
		fmt.Fprintf(&text, `  s%d:
    image: registry.example.com/app:${TAG:-1.2}
    restart: unless-stopped
    environment: {LEVEL: info, DB: "postgres://db/app"}
    ports: ["127.0.0.1:%d:8080"]
    volumes: [data:/data, "./conf:/etc/app:ro"]
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    security_opt: ["no-new-privileges:true"]
    mem_limit: ${MEMORY}
    networks: [front, back]
    healthcheck: {test: [CMD, "true"]}
`, i, 8000+i)
	}
	text.WriteString("networks: {front: {}, back: {internal: true}}\nvolumes: {data: {}}\n")
	return []byte(text.String())
}

// BenchmarkDeclaredFiles measures the program, its start included: on one Compose file of
// two services, which is what public files have on the average, and on 1,000 such files
// in a tree.
//
//	go test ./bench -run '^$' -bench DeclaredFiles -benchtime 5x
//
// Budgets: 50 ms for one, 5 s for 1,000 on two cores. Measured (AMD EPYC, idle): 37 ms and
// 2.0 s.
func BenchmarkDeclaredFiles(b *testing.B) {
	program := build(b)
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			for i := range n {
				of := filepath.Join(dir, fmt.Sprintf("app-%d", i))
				if err := os.Mkdir(of, 0o755); err != nil {
					b.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(of, "compose.yaml"), composeText(2), 0o644); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				out, err := exec.Command(program, "audit", "--recursive", "--exit-zero", dir).CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %s", err, out)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
