package probe

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"

	"seawall/lang"
)

// neighbours are the kernel's tables of neighbours, for IPv4 (ARP) and IPv6. All
// namespaces share them, and by default they have room for 1,024 entries each. In
// a full one nobody on the host reaches anybody new, and a connection that would
// open times out. A probe of many containers would fill it: an entry that answers
// is kept for up to 45 s.
type neighbours struct {
	mu     sync.Mutex
	tables []*table
	full   int // attempts to add an entry in vain, before the probe
}

// table is one of them.
type table struct {
	family string // "ipv4" or "ipv6"
	stat   string // file of its counters; only the first namespace has one
	quiet  int    // up to so many entries, none is too many
	room   int    // so many may be added beyond
	low    int    // fewest entries seen
}

func newNeighbours() *neighbours {
	n := &neighbours{tables: []*table{
		newTable("ipv4", "arp_cache"), newTable("ipv6", "ndisc_cache"),
	}}
	for _, t := range n.tables {
		n.full += t.full()
	}
	return n
}

// newTable leaves others some of the room that there is between the number of
// entries to which the kernel cuts down a table and the number it never exceeds.
// Permanent entries count for neither, which is why there is low.
func newTable(family, stat string) *table {
	keeps, err1 := threshold(family, 2)
	never, err2 := threshold(family, 3)
	t := &table{family: family, stat: "/proc/net/stat/" + stat, room: (never - keeps) * 3 / 4}
	if errors.Join(err1, err2) != nil { // nor is there a file of counters
		t.room = math.MaxInt32
	}
	t.quiet, t.low = keeps+t.room, t.entries()
	return t
}

func threshold(family string, number int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/sys/net/%s/neigh/default/gc_thresh%d", family, number))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// check fails when no more connections may be begun.
func (n *neighbours) check() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range n.tables {
		entries := t.entries()
		t.low = min(t.low, entries)
		if entries > t.quiet && entries-t.low > t.room {
			return lang.RecordErrorf("the kernel's table of neighbours is nearly full: net.%s.neigh.default.gc_thresh3 is how many it holds", t.family)
		}
	}
	return nil
}

// overflowed tells whether a table has been full meanwhile, by whomever.
func (n *neighbours) overflowed() bool {
	full := 0
	for _, t := range n.tables {
		full += t.full()
	}
	return full != n.full
}

// entries is how many there are.
func (t *table) entries() int { all, _ := t.count(); return all }

// full is how often there was no room for one more.
func (t *table) full() int { _, full := t.count(); return full }

// count reads the counters. The file has a line of names, and one a processor of
// hexadecimal numbers; the first, the entries, is the same in all, and the last is
// table_fulls.
func (t *table) count() (entries, full int) {
	text, _ := os.ReadFile(t.stat) // one that is not there has no entries
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		columns := strings.Fields(line)
		if i == 0 || len(columns) != 13 {
			continue
		}
		first, _ := strconv.ParseInt(columns[0], 16, 64)
		last, _ := strconv.ParseInt(columns[12], 16, 64)
		entries, full = int(first), full+int(last)
	}
	return entries, full
}
