package packetfilter

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"seawall/source/netlink"
)

// fakeKernel has these files below proc, sys and modules.
func fakeKernel(t *testing.T, files map[string]string) thisKernel {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return kernelAt(dir+"/proc", dir+"/sys", dir+"/modules")
}

// TestLoadsNothing: nf_tables is asked only where it is there already.
func TestLoadsNothing(t *testing.T) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		t.Fatal(err)
	}
	builtin := "modules/" + unix.ByteSliceToString(name.Release[:]) + "/modules.builtin"
	const netlink, socket = "proc/thread-self/net/netlink", "sk Eth Pid Groups\nffff 0 0 0\nffff 12  0  0\n"
	tests := []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"no nfnetlink", map[string]string{netlink: "ffff 0 0 0\nffff 12 4711 0\n", "sys/module/nf_tables/x": ""}, false},
		{"loaded", map[string]string{netlink: socket, "proc/modules": "", "sys/module/nf_tables/x": "", builtin: ""}, true},
		{"not loaded", map[string]string{netlink: socket, "proc/modules": "", builtin: "kernel/net/netfilter/nfnetlink.ko\n"}, false},
		{"built in", map[string]string{netlink: socket, "proc/modules": "", builtin: "kernel/net/netfilter/nf_tables.ko\n"}, true},
		{"a kernel without modules", map[string]string{netlink: socket}, true},
		{"not known what is built in", map[string]string{netlink: socket, "proc/modules": ""}, true},
	}
	for _, tt := range tests {
		if got := fakeKernel(t, tt.files).hasTables(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestLegacyNames: tables are those that the kernel names; one without the old
// back end has no file.
func TestLegacyNames(t *testing.T) {
	k := fakeKernel(t, map[string]string{"proc/thread-self/net/ip_tables_names": "nat\nfilter\n"})
	if got, err := k.legacy("ip"); err != nil || len(got) != 2 || got[1] != "filter" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := k.legacy("ip6"); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// netlinkMessage is a message of the kernel.
func netlinkMessage(kind uint16, body ...byte) []byte {
	out := make([]byte, unix.SizeofNlMsghdr, unix.SizeofNlMsghdr+len(body))
	binary.NativeEndian.PutUint32(out, uint32(len(out)+len(body)))
	binary.NativeEndian.PutUint16(out[4:], kind)
	return append(out, body...)
}

// TestMessages: an answer that is cut short is none.
func TestMessages(t *testing.T) {
	const newChain = unix.NFNL_SUBSYS_NFTABLES<<8 | unix.NFT_MSG_NEWCHAIN
	chain := []byte{2, 0, 0, 0, 6, 0, 1, 0, 'f', 0, 0, 0}
	tests := []struct {
		name  string
		data  []byte
		count int // -1: an error
	}{
		{"a chain", netlinkMessage(newChain, chain...), 1},
		{"the end", netlinkMessage(unix.NLMSG_DONE, 0, 0, 0, 0), 0},
		{"both", append(netlinkMessage(newChain, chain...), netlinkMessage(unix.NLMSG_DONE)...), 1},
		{"half a header", []byte{1, 2, 3}, -1},
		{"longer than it is", netlinkMessage(newChain, chain...)[:20], -1},
		{"no family", netlinkMessage(newChain, 2), -1},
		{"half an attribute", netlinkMessage(newChain, chain[:9]...), -1},
	}
	for _, tt := range tests {
		messages, err := messagesOf(tt.data)
		if err == nil && len(messages) != tt.count || err != nil && (tt.count >= 0 || messages != nil) {
			t.Errorf("%s: %d messages, %v", tt.name, len(messages), err)
		}
	}
}

// TestMeaning: what the kernel's refusals mean.
func TestMeaning(t *testing.T) {
	for _, errno := range []unix.Errno{unix.EINVAL, unix.ENOENT, unix.EOPNOTSUPP} {
		if err := meaning(netlink.Refusal{Errno: errno}); err != nil {
			t.Errorf("%v is an error where it says that there is no nf_tables: %v", errno, err)
		}
	}
	for _, tt := range []struct{ err, want error }{
		{netlink.Refusal{Errno: unix.EPERM}, ErrRefused},
		{netlink.Refusal{Errno: unix.EINTR}, errChanged},
		{netlink.Refusal{Errno: unix.EAGAIN}, errChanged},
		{netlink.ErrInterrupted, errChanged},
		{netlink.Refusal{Errno: unix.ENOMEM}, unix.ENOMEM},
		{context.DeadlineExceeded, context.DeadlineExceeded},
	} {
		if got := meaning(tt.err); !errors.Is(got, tt.want) {
			t.Errorf("%v means %v", tt.err, got)
		}
	}
}
