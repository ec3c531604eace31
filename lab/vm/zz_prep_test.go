//go:build vm

package vm

import "testing"

func TestPrep(t *testing.T) {
	for _, i := range []Image{Older, AppArmor} {
		if _, err := i.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
