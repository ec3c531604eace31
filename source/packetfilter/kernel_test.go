package packetfilter

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
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
	return thisKernel{proc: dir + "/proc", sys: dir + "/sys", modules: dir + "/modules"}
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
func netlinkMessage(kind, flags uint16, body ...byte) []byte {
	out := make([]byte, messageHeader, messageHeader+len(body))
	binary.NativeEndian.PutUint32(out, uint32(messageHeader+len(body)))
	binary.NativeEndian.PutUint16(out[4:], kind)
	binary.NativeEndian.PutUint16(out[6:], flags)
	return append(out, body...)
}

func errorBody(errno unix.Errno) []byte {
	return binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
}

// TestAnswers: refusals have names, and what is cut short is no answer.
func TestAnswers(t *testing.T) {
	const newChain = unix.NFNL_SUBSYS_NFTABLES<<8 | unix.NFT_MSG_NEWCHAIN
	chain := []byte{2, 0, 0, 0, 6, 0, 1, 0, 'f', 0, 0, 0}
	tests := []struct {
		name  string
		data  []byte
		count int
		done  bool
		want  error
	}{
		{"a chain", netlinkMessage(newChain, 0, chain...), 1, false, nil},
		{"the end", netlinkMessage(unix.NLMSG_DONE, 0, 0, 0, 0, 0), 0, true, nil},
		{"both", append(netlinkMessage(newChain, 0, chain...), netlinkMessage(unix.NLMSG_DONE, 0)...), 1, true, nil},
		{"no nf_tables", netlinkMessage(unix.NLMSG_ERROR, 0, errorBody(unix.EINVAL)...), 0, true, nil},
		{"not permitted", netlinkMessage(unix.NLMSG_ERROR, 0, errorBody(unix.EPERM)...), 0, true, ErrRefused},
		{"changed", netlinkMessage(newChain, unix.NLM_F_DUMP_INTR, chain...), 0, false, errChanged},
		{"no memory", netlinkMessage(unix.NLMSG_ERROR, 0, errorBody(unix.ENOMEM)...), 0, true, unix.ENOMEM},
		{"an error without a number", netlinkMessage(unix.NLMSG_ERROR, 0), 0, true, errCut},
		{"half a header", []byte{1, 2, 3}, 0, false, errCut},
		{"longer than it is", netlinkMessage(newChain, 0, chain...)[:20], 0, false, errCut},
		{"no family", netlinkMessage(newChain, 0, 2), 0, false, errCut},
		{"half an attribute", netlinkMessage(newChain, 0, chain[:9]...), 0, false, errCut},
	}
	for _, tt := range tests {
		messages, done, err := messagesOf(tt.data)
		if len(messages) != tt.count || done != tt.done || !errors.Is(err, tt.want) {
			t.Errorf("%s: %d messages, %v, %v", tt.name, len(messages), done, err)
		}
	}
}
