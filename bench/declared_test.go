package bench

import (
	"fmt"
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
	var text strings.Builder
	text.WriteString("services:\n")
	for i := range 6 {
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
	file := composefile.File{Name: filepath.Join(b.TempDir(), "compose.yaml"), Content: []byte(text.String())}
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
