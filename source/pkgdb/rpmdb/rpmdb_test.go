package rpmdb_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/source/pkgdb/rpmdb"
)

func recorded(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func file(data []byte) rpmdb.File {
	return rpmdb.File{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
}

// packages are those in a database, each as name-version-release and vendor.
func packages(db, log []byte) ([]string, error) {
	var out []string
	f := file(log)
	err := rpmdb.Read(file(db), &f, func(h rpmdb.Header) error {
		out = append(out, h.Text(rpmdb.Name)+"-"+h.Text(rpmdb.Version)+"-"+h.Text(rpmdb.Release)+" "+h.Text(rpmdb.Vendor))
		return nil
	})
	slices.Sort(out)
	return out, err
}

var el9 = []string{
	"containerd.io-1.7.28-1.el9 ", "docker-ce-28.5.2-1.el9 Docker", "docker-ce-cli-28.5.2-1.el9 Docker",
	"kernel-core-5.14.0-503.14.1.el9_5 Rocky Enterprise Software Foundation", "slirp4netns-1.3.2-1.el9 Rocky Enterprise Software Foundation",
}

const newKernel = "kernel-core-5.14.0-570.12.1.el9_6 Rocky Enterprise Software Foundation"

func TestSQLite(t *testing.T) {
	db, log := recorded(t, "el9.sqlite"), recorded(t, "el9.sqlite-wal")
	got, err := packages(db, nil)
	if diff := cmp.Diff(el9, got); diff != "" || err != nil {
		t.Error("without the log:", err, diff)
	}
	all := slices.Sorted(slices.Values(append(slices.Clone(el9), newKernel)))
	got, err = packages(db, log)
	if diff := cmp.Diff(all, got); diff != "" || err != nil {
		t.Error("with the log:", err, diff)
	}
	// What was half written when power failed never happened.
	for _, cut := range []int{10, len(log) / 2, len(log) - 1} {
		if got, err := packages(db, log[:cut]); err != nil || !cmp.Equal(el9, got) {
			t.Errorf("with %d bytes of the log: %v, %v", cut, got, err)
		}
	}
	flipped := bytes.Clone(log)
	flipped[len(flipped)-100] ^= 1
	if got, err := packages(db, flipped); err != nil || !cmp.Equal(el9, got) {
		t.Errorf("with a log whose sum is wrong: %v, %v", got, err)
	}
}

// TestReserved: what lies in the bytes that a database keeps free at the end of each page
// is no row.
func TestReserved(t *testing.T) {
	db := recorded(t, "small.sqlite")
	db[20] = 32 // bytes of 512
	for at := 0; at < len(db); at += 512 {
		head := db[at : at+512]
		if at == 0 {
			head = head[100:]
		}
		if head[0] == 13 { // rows, of which the first is said to lie there
			binary.BigEndian.PutUint16(head[8:], 500)
		}
	}
	if _, err := packages(db, nil); !errors.Is(err, rpmdb.ErrMalformed) {
		t.Errorf("error %v", err)
	}
}

func TestBerkeleyDB(t *testing.T) {
	got, err := packages(recorded(t, "libuuid.bdb"), nil)
	if diff := cmp.Diff([]string{"libuuid-2.32.1-42.el8_8 Red Hat, Inc."}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// ndb packs headers as the format ndb does, to try what rpm does not write.
func ndb(t testing.TB, headers ...[]byte) []byte {
	t.Helper()
	out := make([]byte, 4096)
	copy(out, "RpmP")
	out[12] = 1 // page of slots
	for at := 32; at < len(out); at += 16 {
		copy(out[at:], "Slot")
	}
	for i, h := range headers {
		slot := out[32+32*i:] // every other one is free
		binary.LittleEndian.PutUint32(slot[4:], uint32(i+1))
		binary.LittleEndian.PutUint32(slot[8:], uint32(len(out)/16))
		head := make([]byte, 16)
		copy(head, "BlbS")
		binary.LittleEndian.PutUint32(head[4:], uint32(i+1))
		binary.LittleEndian.PutUint32(head[12:], uint32(len(h)))
		out = append(append(out, head...), h...)
		out = append(out, make([]byte, 16-len(out)%16)...)
	}
	return out
}

// header makes a header of texts.
func header(texts map[uint32]string) []byte {
	var index, data []byte
	for tag, text := range texts {
		for _, n := range []uint32{tag, 6, uint32(len(data)), 1} {
			index = binary.BigEndian.AppendUint32(index, n)
		}
		data = append(append(data, text...), 0)
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(texts)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	return append(append(out, index...), data...)
}

var suse = header(map[uint32]string{rpmdb.Name: "runc", rpmdb.Version: "1.2.6", rpmdb.Release: "150000.73.2", rpmdb.Vendor: "SUSE LLC"})

// TestNDB: what rpm itself wrote, without the package that was removed again.
func TestNDB(t *testing.T) {
	db := recorded(t, "suse.ndb")
	want := []string{"docker-28.5.1-150000.236.1 SUSE LLC", "kernel-default-6.4.0-150600.23.47.2 SUSE LLC", "runc-1.2.6-150000.73.2 SUSE LLC"}
	got, err := packages(db, nil)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	owners := map[string]string{}
	err = rpmdb.Read(file(db), nil, func(h rpmdb.Header) error {
		for _, path := range h.Owned(map[string]bool{"/usr/sbin/runc": true, "/usr/bin/dockerd": true, "/usr/bin/gone": true}) {
			owners[path] = h.Text(rpmdb.Name)
		}
		if epoch, ok := h.Number(rpmdb.Epoch); h.Text(rpmdb.Name) == "docker" && (!ok || epoch != 3) {
			t.Errorf("docker has the epoch %d, %v", epoch, ok)
		}
		return nil
	})
	if diff := cmp.Diff(map[string]string{"/usr/sbin/runc": "runc", "/usr/bin/dockerd": "docker"}, owners); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// TestOddNDB: databases in ndb that rpm does not write.
func TestOddNDB(t *testing.T) {
	got, err := packages(ndb(t, suse, suse), nil)
	if diff := cmp.Diff([]string{"runc-1.2.6-150000.73.2 SUSE LLC", "runc-1.2.6-150000.73.2 SUSE LLC"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	wrong := ndb(t, suse)
	wrong[32+8]++ // the slot points beside the header
	if _, err := packages(wrong, nil); !errors.Is(err, rpmdb.ErrMalformed) {
		t.Errorf("a slot that points elsewhere: %v", err)
	}
}

// TestOwned: the files of a package, as its directories and names.
func TestOwned(t *testing.T) {
	owners := map[string]string{}
	wanted := map[string]bool{"/usr/bin/runc": true, "/usr/bin/dockerd": true, "/usr/bin/docker": true, "/usr/bin": true, "/bin/runc": true}
	err := rpmdb.Read(file(recorded(t, "el9.sqlite")), nil, func(h rpmdb.Header) error {
		for _, path := range h.Owned(wanted) {
			owners[path] = h.Text(rpmdb.Name)
		}
		if epoch, ok := h.Number(rpmdb.Epoch); ok != (h.Text(rpmdb.Name) == "docker-ce" || h.Text(rpmdb.Name) == "docker-ce-cli") || ok && epoch == 0 {
			t.Errorf("%s has the epoch %d, %v", h.Text(rpmdb.Name), epoch, ok)
		}
		return nil
	})
	want := map[string]string{"/usr/bin/runc": "containerd.io", "/usr/bin/dockerd": "docker-ce", "/usr/bin/docker": "docker-ce-cli"}
	if diff := cmp.Diff(want, owners); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// TestNotSound: databases that end too early, and files that are none.
func TestNotSound(t *testing.T) {
	for _, name := range []string{"el9.sqlite", "libuuid.bdb", "suse.ndb"} {
		db := recorded(t, name)
		for _, n := range []int{0, 20, 60, 1000, 5000, len(db) / 2} {
			if got, err := packages(db[:n], nil); err == nil {
				t.Errorf("%d bytes of %s were read as %v", n, name, got)
			}
		}
	}
	for _, text := range []string{"", "text", "SQLite format 3\x00", string(make([]byte, 8192))} {
		if _, err := packages([]byte(text), nil); err == nil {
			t.Errorf("%.20q was read", text)
		}
	}
	stop := errors.New("stop")
	if err := rpmdb.Read(file(recorded(t, "el9.sqlite")), nil, func(rpmdb.Header) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of the caller became %v", err)
	}
}

func FuzzRead(f *testing.F) {
	log := file(recorded(f, "el9.sqlite-wal")[:5000])
	f.Add(recorded(f, "small.sqlite"))
	f.Add(recorded(f, "libuuid.bdb")[:20<<10])
	f.Add(ndb(f, suse))
	f.Add(recorded(f, "suse.ndb"))
	f.Fuzz(func(t *testing.T, db []byte) { readAny(t, file(db), &log) })
}

func FuzzLog(f *testing.F) {
	db := file(recorded(f, "el9.sqlite"))
	f.Add(recorded(f, "el9.sqlite-wal")[:20000])
	f.Fuzz(func(t *testing.T, data []byte) {
		log := file(data)
		readAny(t, db, &log)
	})
}

// readAny reads what may be no database: it ends, and names only what was asked for.
func readAny(t *testing.T, db rpmdb.File, log *rpmdb.File) {
	wanted, n := map[string]bool{"/usr/bin/runc": true}, int64(0)
	rpmdb.Read(db, log, func(h rpmdb.Header) error {
		for _, path := range h.Owned(wanted) {
			if !wanted[path] {
				t.Errorf("%q was not asked for", path)
			}
		}
		if n++; n > db.Size+log.Size {
			t.Fatal("it has more packages than bytes")
		}
		return nil
	})
}
