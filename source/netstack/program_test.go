package netstack

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"seawall/snapshot"
)

// TestPrograms: what is at interfaces, and nothing where only a queue is.
func TestPrograms(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"nothing", "", ""},
		{"only a place for filters", "tc qdisc add dev v0 clsact", ""},
		{"only a place for filters, the old one", "tc qdisc add dev v0 ingress", ""},
		{"only a queue with classes", "tc qdisc add dev v0 root handle 1: htb\ntc class add dev v0 parent 1: classid 1:1 htb rate 1mbit", ""},
		{"ingress", "tc qdisc add dev v0 clsact\ntc filter add dev v0 ingress u32 match u32 0 0 classid 1:1", "v0 tc"},
		{"egress", "tc qdisc add dev v1 clsact\ntc filter add dev v1 egress u32 match u32 0 0 classid 1:1", "v1 tc"},
		{"ingress, the old way", "tc qdisc add dev v0 ingress\ntc filter add dev v0 parent ffff: u32 match u32 0 0 classid 1:1", "v0 tc"},
		{"at a queue with classes", "tc qdisc add dev v0 root handle 1: htb\ntc filter add dev v0 parent 1: u32 match u32 0 0 classid 1:1", "v0 tc"},
		{"two interfaces", "for d in v0 v1; do tc qdisc add dev $d clsact; tc filter add dev $d egress u32 match u32 0 0 classid 1:1; done", "v0 tc, v1 tc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHost(t, "ip link add v0 index 2 type veth peer name v1 index 3\n"+tt.script)
			if got := listed(seen(t, read(t, h)[0].Programs)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func listed(list []snapshot.NetProgram) string {
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimSpace(p.Interface+" "+p.Kind))
	}
	return strings.Join(out, ", ")
}

// TestBPF: programs that only bpf(2) shows, and those at the driver.
func TestBPF(t *testing.T) {
	tests := []struct {
		name             string
		program, attach  uint32
		interfaceOrEmpty string
		want             string
	}{
		{"tcx in", unix.BPF_PROG_TYPE_SCHED_CLS, unix.BPF_TCX_INGRESS, "v0", "v0 tcx"},
		{"tcx out", unix.BPF_PROG_TYPE_SCHED_CLS, unix.BPF_TCX_EGRESS, "v1", "v1 tcx"},
		{"xdp", unix.BPF_PROG_TYPE_XDP, unix.BPF_XDP, "v0", "v0 xdp"},
		{"sk_lookup", unix.BPF_PROG_TYPE_SK_LOOKUP, unix.BPF_SK_LOOKUP, "", "sk_lookup"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHost(t, "ip link add v0 index 2 type veth peer name v1 index 3")
			h.in(func() error { return attach(t, tt.program, tt.attach, tt.interfaceOrEmpty) })
			if diff := cmp.Diff(tt.want, listed(seen(t, read(t, h)[0].Programs))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var (
	instructions = [2]uint64{0x1_0000_00b7, 0x95} // r0 = 1; exit
	license      = [4]byte{'G', 'P', 'L'}
)

// attach attaches a program that returns 1 in this thread's namespace, to the end
// of the test.
func attach(t *testing.T, kind, way uint32, device string) error {
	load := struct {
		kind, count           uint32
		instructions, license uint64
		_                     [44]byte
		way                   uint32
	}{kind: kind, count: 2, instructions: uint64(uintptr(unsafe.Pointer(&instructions))), license: uint64(uintptr(unsafe.Pointer(&license))), way: way}
	program, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&load)), unsafe.Sizeof(load))
	if errno != 0 {
		return fmt.Errorf("load: %w", errno)
	}
	defer unix.Close(int(program))
	var target int
	if device != "" {
		d, err := net.InterfaceByName(device)
		if err != nil {
			return err
		}
		target = d.Index
	} else {
		file, err := os.Open(threadLink)
		if err != nil {
			return err
		}
		defer file.Close()
		target = int(file.Fd())
	}
	create := struct{ program, target, way, flags uint32 }{uint32(program), uint32(target), way, 0}
	bound, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_LINK_CREATE, uintptr(unsafe.Pointer(&create)), unsafe.Sizeof(create))
	if errno != 0 {
		return fmt.Errorf("attach: %w", errno)
	}
	t.Cleanup(func() { unix.Close(int(bound)) })
	return nil
}
