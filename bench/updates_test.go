package bench

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"seawall/lab"
)

// BenchmarkUpdates measures `seawall updates` as a process of its own on a host of
// Debian 12 with its engine, once without lists of packages and once with those that this
// machine has.
//
// It should take 150 ms at most, and 500 ms more with lists of a whole Debian.
//
// Measured on two cores of a busy machine (AMD EPYC, load 8, Linux 6.18, Engine 20.10),
// with lists of Debian 12, 19 MiB packed by LZ4: 121 ms, and 272 ms with the lists.
func BenchmarkUpdates(b *testing.B) {
	seawall := build(b)
	h := lab.New(b, lab.Options{Version: lab.V20})
	h.CopyIn(seawall, "/usr/local/bin/seawall", 0o755)
	b.Run("bare", func(b *testing.B) { benchUpdates(b, h, 150) })
	lists, err := filepath.Glob("/var/lib/apt/lists/*_Packages*")
	if err != nil || len(lists) == 0 {
		b.Skip("this machine has no lists of apt")
	}
	size := int64(0)
	h.Exec("mkdir", "-p", "/var/lib/apt/lists")
	for _, list := range lists {
		info, err := os.Stat(list)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
		h.CopyIn(list, list, 0o644)
	}
	b.Run("lists", func(b *testing.B) {
		benchUpdates(b, h, 650)
		b.ReportMetric(float64(size)/(1<<20), "lists-MiB")
	})
}

func benchUpdates(b *testing.B, h *lab.TestHost, budget float64) {
	b.Helper()
	for b.Loop() {
		cmd := h.Command(context.Background(), "/usr/local/bin/seawall", "updates", "--format", "json")
		cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(budget, "budget-ms")
}
