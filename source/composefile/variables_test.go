package composefile

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
)

// TestSubstituteAsCompose: of variables that have values, a text becomes what Compose makes
// of it.
func TestSubstituteAsCompose(t *testing.T) {
	lookup := func(name string) (string, bool) { return "<" + name + ">", true }
	pieces := []string{"$A", "${A}", "${b}", "$_x1", "$$", "$", "$(", "text", " ", "}", "{", "${A:-", "${b-", "${A:+", "${b+", "${A?", "${A:?", "\n", "1", "-", "${A:-d}", "${b:+${A}}", "$1"}
	r := rand.New(rand.NewPCG(3, 8))
	same := 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := b.String()
		if strings.Count(text, "{") != strings.Count(text, "}") {
			continue // which brace closes which is a matter of taste then
		}
		want, wantErr := template.Substitute(text, lookup)
		got, err := substitute(text, lookup)
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Fatalf("%q is %q (%v), Compose makes %q (%v)", text, got, err, want, wantErr)
		}
		same++
	}
	if same < 5000 {
		t.Errorf("%d texts were tried", same)
	}
}
