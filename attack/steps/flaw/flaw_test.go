package flaw

import (
	"slices"
	"testing"

	"seawall/currency/known"
)

// TestMended: what is taken for mended without a look into the data is so by the data,
// at both ends of each range, and the newest fix is taken so.
func TestMended(t *testing.T) {
	data := known.BuiltIn()
	for _, f := range []*flaw{leakedDirectory, redirectedWrite, shimSocket, bypass, copyFail} {
		versions := slices.Clone(f.mended)
		var advisories []*known.Advisory
		for _, a := range data.Of(f.part) {
			if slices.Contains(f.ids, a.ID) {
				advisories = append(advisories, a)
				for _, s := range a.Of(known.Upstream, string(f.part)).Spans() {
					versions = append(versions, s.From, s.To)
				}
			}
		}
		if len(advisories) != len(f.ids) {
			t.Fatalf("%v: %d of these are known", f.ids, len(advisories))
		}
		for _, v := range versions {
			says := known.Mended
			for _, a := range advisories {
				if answer, _, _ := a.Of(known.Upstream, string(f.part)).Says(v); answer != known.Mended {
					says = answer
				}
			}
			if mended := f.isMended(v); mended && says != known.Mended {
				t.Errorf("%v: %s is taken for mended, and the data say %d", f.ids, v, says)
			} else if !mended && slices.Contains(f.mended, v) {
				t.Errorf("%v: %s is not taken for mended", f.ids, v)
			}
		}
	}
}
