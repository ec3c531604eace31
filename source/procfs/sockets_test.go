package procfs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"net/netip"
)

const netUnix = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 24418 /run/docker.sock
0000000000000000: 00000003 00000000 00000000 0001 03 24419 /run/docker.sock
0000000000000000: 00000002 00000000 00010000 0001 01    99 @abstract name
0000000000000000: 00000002 00000000 00010000 0001 01 24420 /srv/with  blanks.sock
0000000000000000: 00000002 00000000 00010000 0001 01 24421
`

func TestParseUnix(t *testing.T) {
	want := []UnixListener{{24418, "/run/docker.sock"}, {99, "@abstract name"}, {24420, "/srv/with  blanks.sock"}}
	if diff := cmp.Diff(want, ParseUnix([]byte(netUnix))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const netTCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31337 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0947 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 31338 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000000000000:0948 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31339 1 0 100 0 0 10 0
   3: 0000000000000000FFFF00000100007F:0949 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31340 1 0 100 0 0 10 0
`

func TestParseTCP(t *testing.T) {
	got, err := ParseTCP([]byte(netTCP))
	if err != nil {
		t.Fatal(err)
	}
	want := []TCPListener{
		{31337, netip.MustParseAddrPort("127.0.0.1:2375")},
		{31339, netip.MustParseAddrPort("[::]:2376")},
		{31340, netip.MustParseAddrPort("[::ffff:127.0.0.1]:2377")},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseStartTicks(t *testing.T) {
	stat := "812 (a) b (c) S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 33 0 4711 1 2"
	if got, err := parseStartTicks([]byte(stat)); err != nil || got != 4711 {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestParseName(t *testing.T) {
	got, err := parseName([]byte("812 (a) b (c) S 7 812 812 0 -1"))
	if err != nil || got != (Name{Comm: "a) b (c", PPid: 7}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "812", "812 (a", "812 (a) S", "812 (a) S x", "812 )a( S 1"} {
		if got, err := parseName([]byte(bad)); err == nil {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

func FuzzParseUnix(f *testing.F) {
	f.Add([]byte(netUnix))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, s := range ParseUnix(data) {
			if s.Path == "" {
				t.Error("listener without a name")
			}
		}
	})
}

func FuzzParseTCP(f *testing.F) {
	f.Add([]byte(netTCP))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ParseTCP(data)
		for _, s := range list {
			if err == nil && !s.Address.IsValid() {
				t.Errorf("address %v", s.Address)
			}
		}
	})
}

func FuzzParseStartTicks(f *testing.F) {
	f.Add([]byte("1 (a) S 1"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parseStartTicks(data); _, _ = parseName(data) })
}
