package probe

import "testing"

func FuzzICMPError(f *testing.F) {
	f.Add([]byte{113, 0, 0, 0, 2, 3, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) { _ = icmpError(data) })
}
