package snapshot_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/trial"
)

func encode(t *testing.T, s *snapshot.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	s := trial.Baseline()
	s.Engines[0].Settings.ICC = snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonRemote, Detail: "elsewhere"}, snapshot.At("icc", "x"))
	s.Engines[0].Settings.IPTables = snapshot.Fact[bool]{}
	first := encode(t, s)
	decoded, err := snapshot.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(encode(t, decoded))); diff != "" {
		t.Errorf("encoded again (-first +second):\n%s", diff)
	}
	if got := decoded.Engines[0].Settings.ICC.Gap().Reason; got != snapshot.ReasonRemote {
		t.Errorf("gap reason %q", got)
	}
	if got := decoded.Engines[0].Settings.IPTables.State(); got != snapshot.NotCollected {
		t.Errorf("uncollected fact came back as %d", got)
	}
}

func TestDecodeRefuses(t *testing.T) {
	whole := string(encode(t, trial.Baseline()))
	tests := []struct{ name, text, want string }{
		{"empty", "", "not a snapshot: EOF"},
		{"cut off", whole[:len(whole)/2], "not a snapshot"},
		{"other JSON", "{}", `snapshot format is ""`},
		{"other format", strings.Replace(whole, snapshot.Format, "seawall.snapshot/99", 1), "seawall.snapshot/99"},
		{"something after it", whole + "x", "data after the end"},
		{"a fact of two states", strings.Replace(whole, `"value": true`, `"value": true, "absent": true`, 1), "exactly one of"},
		{"binary", "\x7fELF", "not a snapshot"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := snapshot.Decode(strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := trial.Baseline().Encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := snapshot.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		again := encode(t, s)
		if _, err := snapshot.Decode(bytes.NewReader(again)); err != nil {
			t.Errorf("what was decoded cannot be encoded and decoded: %v", err)
		}
	})
}

// TestWalkBlinds: what is changed on the way stays, in lists and maps too.
func TestWalkBlinds(t *testing.T) {
	s := trial.Baseline()
	facts, blinded := 0, 0
	snapshot.Walk(s, func(string, snapshot.AnyFact) { facts++ })
	snapshot.Walk(s, func(_ string, f snapshot.AnyFact) {
		f.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "x"})
		blinded++
	})
	snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
		if f.State() != snapshot.Unreadable {
			t.Errorf("%s is still %d", path, f.State())
		}
	})
	if facts < 100 || blinded < 50 {
		t.Errorf("walked %d facts, blinded %d", facts, blinded)
	}
}

// TestBlindEach: the named fact is hidden and no other, and it comes back as it
// was, one in a map too.
func TestBlindEach(t *testing.T) {
	s := trial.Baseline()
	before := encode(t, s)
	tried := map[string]bool{}
	snapshot.BlindEach(s, snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "x"}, func(want string) {
		tried[want] = true
		snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
			if hidden := f.State() == snapshot.Unreadable; hidden != (path == want) {
				t.Errorf("with %s hidden, %s is hidden: %t", want, path, hidden)
			}
		})
	})
	if !bytes.Equal(before, encode(t, s)) {
		t.Error("the snapshot is not as it was")
	}
	snapshot.Walk(s, func(path string, _ snapshot.AnyFact) {
		if !tried[path] {
			t.Errorf("%s was not hidden", path)
		}
	})
}
