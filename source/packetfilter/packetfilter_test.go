package packetfilter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRecordings: what the tools of real hosts printed gives the models beside
// it.
func TestRecordings(t *testing.T) {
	for _, dir := range recordings(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got, err := replayed(t, dir)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "model.json")
			if *update {
				if err := os.WriteFile(path, []byte(asJSON(t, got)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), asJSON(t, got)); diff != "" {
				t.Errorf("(-recorded +read):\n%s", diff)
			}
		})
	}
}
