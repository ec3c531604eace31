package parallel_test

import (
	"runtime"
	"sync"
	"testing"

	"seawall/parallel"
)

// TestEach: each number comes once, and all have when Each returns.
func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		calls := make([]int, n)
		parallel.Each(n, func(i int) { calls[i]++ })
		for i, c := range calls {
			if c != 1 {
				t.Errorf("%d of %d: %d calls", i, n, c)
			}
		}
	}
}

// TestAtOnce: as many calls run at the same time as there are processors.
func TestAtOnce(t *testing.T) {
	n := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	all.Add(n)
	parallel.Each(n, func(int) {
		all.Done()
		all.Wait() // ends only once every call has begun
	})
}
