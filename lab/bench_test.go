package lab_test

import (
	"testing"

	"seawall/lab"
)

// BenchmarkHost starts and stops a host: go test -bench Host -run '^$' ./lab
func BenchmarkHost(b *testing.B) {
	for _, v := range lab.Versions() {
		b.Run(string(v), func(b *testing.B) {
			lab.Require(b, v)
			for b.Loop() {
				h, err := lab.StartHost(b.Context(), lab.Options{Version: v})
				if err != nil {
					b.Fatal(err)
				}
				if err := h.Stop(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
