package matrix_test

import (
	"os"
	"testing"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

func BenchmarkOf(b *testing.B) {
	f, err := os.Open("/tmp/s/snap.json")
	if err != nil {
		b.Skip()
	}
	s, err := snapshot.Decode(f)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		m := matrix.Of(s)
		n = 0
		for i := range m.Cells {
			for j := range m.Cells[i] {
				n += len(m.Cells[i][j].Ways)
			}
		}
	}
	b.ReportMetric(float64(n), "ways")
}
