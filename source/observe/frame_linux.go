//go:build amd64 || arm64

package observe

import (
	"errors"

	"github.com/cilium/ebpf"

	"seawall/lang"
	"seawall/observation"
)

// frame is what the kernel's maps hold at one time, by mount namespace.
type frame struct {
	containers map[uint64]kernelContainer
	caps       map[uint64][]row[kernelCapKey, kernelCapVal]
	syscalls   map[uint64][]row[kernelSysKey, kernelSysVal]
	sockets    map[uint64][]row[kernelSockKey, kernelSockVal]
	listeners  map[uint64][]row[kernelListenerKey, kernelSockKey]
	files      map[uint64][]row[kernelFileKey, kernelFileVal]
	lost       observation.Lost
	lostEvents uint64
}

type row[K, V any] struct {
	key   K
	value V
}

// read reads all maps.
func (k *kernel) read() (*frame, error) {
	f := &frame{containers: map[uint64]kernelContainer{}}
	maps := k.collection.Maps
	list, err := all[uint64, kernelContainer](maps[kernelMapContainers])
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		f.containers[r.key] = r.value
	}
	caps, err := all[kernelCapKey, kernelCapVal](maps[kernelMapCaps])
	if err != nil {
		return nil, err
	}
	if err := k.addRecentCaps(caps); err != nil {
		return nil, err
	}
	f.caps = byNamespace(caps, func(k kernelCapKey) uint64 { return k.Ns })
	syscalls, err := all[kernelSysKey, kernelSysVal](maps[kernelMapSyscalls])
	if err != nil {
		return nil, err
	}
	f.syscalls = byNamespace(syscalls, func(k kernelSysKey) uint64 { return k.Ns })
	sockets, err := all[kernelSockKey, kernelSockVal](maps[kernelMapSockets])
	if err != nil {
		return nil, err
	}
	f.sockets = byNamespace(sockets, func(k kernelSockKey) uint64 { return k.Ns })
	files, err := all[kernelFileKey, kernelFileVal](maps[kernelMapFiles])
	if err != nil {
		return nil, err
	}
	if err := k.addRecentFiles(files); err != nil {
		return nil, err
	}
	f.files = byNamespace(files, func(k kernelFileKey) uint64 { return k.Ns })
	listeners, err := all[kernelListenerKey, kernelSockKey](maps[kernelMapListeners])
	if err != nil {
		return nil, err
	}
	f.listeners = map[uint64][]row[kernelListenerKey, kernelSockKey]{}
	for _, r := range listeners {
		f.listeners[r.value.Ns] = append(f.listeners[r.value.Ns], r)
	}
	return f, k.readLost(f)
}

// addRecentCaps adds to rows what waits at the processors. What is carried over meanwhile
// is missing; it is there the next time.
func (k *kernel) addRecentCaps(rows []row[kernelCapKey, kernelCapVal]) error {
	waiting := map[kernelCapKey]uint64{}
	err := each(k.collection.Maps[kernelMapRecentCaps], func(r kernelRecentCap) { waiting[r.Key] += r.Waiting })
	for i := range rows {
		rows[i].value.Count += waiting[rows[i].key]
	}
	return err
}

// addRecentFiles does the same for changed directories.
func (k *kernel) addRecentFiles(rows []row[kernelFileKey, kernelFileVal]) error {
	waiting := map[kernelFileKey]uint64{}
	err := each(k.collection.Maps[kernelMapRecentFiles], func(r kernelRecentFile) { waiting[r.Key] += r.Waiting })
	for i := range rows {
		rows[i].value.Count += waiting[rows[i].key]
	}
	return err
}

// each reads an array of every processor.
func each[V any](m *ebpf.Map, do func(V)) error {
	var i uint32
	var values []V // one for each processor
	list := m.Iterate()
	for list.Next(&i, &values) {
		for _, v := range values {
			do(v)
		}
	}
	if err := list.Err(); err != nil {
		return lang.Errorf("read %v: %w", m, err)
	}
	return nil
}

// The counters of what found no room, as numbered in bpf/rows.h.
const (
	lostContainers = iota
	lostCaps
	lostSyscalls
	lostSockets
	lostEvents
	lostSessions
	lostFiles
)

func (k *kernel) readLost(f *frame) error {
	for i, to := range map[uint32]*uint64{
		lostContainers: &f.lost.Containers, lostCaps: &f.lost.Capabilities, lostSyscalls: &f.lost.Syscalls,
		lostSockets: &f.lost.Sockets, lostEvents: &f.lostEvents, lostSessions: &f.lost.Sessions,
		lostFiles: &f.lost.Files,
	} {
		var each []uint64 // one for each processor
		if err := k.collection.Maps[kernelMapLost].Lookup(i, &each); err != nil {
			return lang.Errorf("read what was lost: %w", err)
		}
		for _, n := range each {
			*to += n
		}
	}
	return nil
}

func byNamespace[K, V any](rows []row[K, V], ns func(K) uint64) map[uint64][]row[K, V] {
	out := map[uint64][]row[K, V]{}
	for _, r := range rows {
		out[ns(r.key)] = append(out[ns(r.key)], r)
	}
	return out
}

// batch is how many rows are read with one call.
const batch = 512

// all reads a map. Rows that come or go meanwhile may be missing; they are there the
// next time.
func all[K, V any](m *ebpf.Map) ([]row[K, V], error) {
	var out []row[K, V]
	var cursor ebpf.MapBatchCursor
	size := batch
	for {
		keys, values := make([]K, size), make([]V, size)
		n, err := m.BatchLookup(&cursor, keys, values, nil)
		for i := range n {
			out = append(out, row[K, V]{keys[i], values[i]})
		}
		switch {
		case errors.Is(err, ebpf.ErrKeyNotExist):
			return out, nil
		case err != nil:
			return nil, lang.Errorf("read %v: %w", m, err)
		}
	}
}

// ignore lets the kernel keep nothing more of a mount namespace.
func (k *kernel) ignore(ns uint64, c kernelContainer) error {
	c.State = 1
	err := k.collection.Maps[kernelMapContainers].Update(ns, &c, ebpf.UpdateExist)
	if err != nil && !errors.Is(err, ebpf.ErrKeyNotExist) {
		return lang.Errorf("ignore a mount namespace: %w", err)
	}
	return nil
}

// clear removes the rows of a mount namespace.
func (k *kernel) clear(f *frame, ns uint64) error {
	maps := k.collection.Maps
	return errors.Join(
		remove(maps[kernelMapCaps], f.caps[ns]),
		remove(maps[kernelMapSyscalls], f.syscalls[ns]),
		remove(maps[kernelMapSockets], f.sockets[ns]),
		remove(maps[kernelMapListeners], f.listeners[ns]),
		remove(maps[kernelMapFiles], f.files[ns]))
}

// forget removes all of a mount namespace.
func (k *kernel) forget(f *frame, ns uint64) error {
	err := k.collection.Maps[kernelMapContainers].Delete(ns)
	if errors.Is(err, ebpf.ErrKeyNotExist) {
		err = nil
	}
	return errors.Join(err, k.clear(f, ns))
}

func remove[K, V any](m *ebpf.Map, rows []row[K, V]) error {
	for i := range rows {
		if err := m.Delete(&rows[i].key); err != nil && !errors.Is(err, ebpf.ErrKeyNotExist) {
			return lang.Errorf("make room in %v: %w", m, err)
		}
	}
	return nil
}
