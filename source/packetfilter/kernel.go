package packetfilter

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/source/netlink"
)

// kernel says which rules there are, without any tool.
type kernel interface {
	// generation changes with every change of the rules of nf_tables.
	generation(ctx context.Context) (uint32, error)
	// tables are those of nf_tables that have a chain, and whether they are
	// dormant.
	tables(ctx context.Context) (map[tableKey]bool, error)
	// objects are the tables of nf_tables, as far as they could be read.
	objects(ctx context.Context) (kernelObjects, error)
	// legacy are the tables of iptables' old back end, of "ip" or "ip6".
	legacy(family string) ([]string, error)
}

// tableRules are the numbers of rules of a table's chains. Native: some are not
// as iptables writes them.
type tableRules struct {
	Native bool           `json:"native,omitempty"`
	Chains map[string]int `json:"chains"`
}

// thisKernel is the one that the process runs on, in the network namespace of
// the thread.
type thisKernel struct {
	proc, sys, modules string
	nftables           func() bool // what hasTables said when it was first needed
}

func running() thisKernel { return kernelAt("/proc", "/sys", "/lib/modules") }

func kernelAt(proc, sys, modules string) thisKernel {
	k := thisKernel{proc: proc, sys: sys, modules: modules}
	k.nftables = sync.OnceValue(k.hasTables)
	return k
}

// hasTables says whether nf_tables is there to be asked: asking one that is not
// would load it.
func (k thisKernel) hasTables() bool {
	sockets, err := os.ReadFile(filepath.Join(k.proc, "thread-self/net/netlink"))
	if err == nil && !kernelSocket(sockets) {
		return false
	}
	if exists(filepath.Join(k.sys, "module/nf_tables")) || !exists(filepath.Join(k.proc, "modules")) {
		return true
	}
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return true
	}
	builtin, err := os.ReadFile(filepath.Join(k.modules, unix.ByteSliceToString(name.Release[:]), "modules.builtin"))
	return err != nil || bytes.Contains(builtin, []byte("/nf_tables.ko"))
}

// kernelSocket finds the kernel's own end of NETLINK_NETFILTER, which is there
// if nfnetlink is.
func kernelSocket(table []byte) bool {
	for line := range strings.Lines(string(table)) {
		words := strings.Fields(line)
		if len(words) > 2 && words[1] == "12" && words[2] == "0" {
			return true
		}
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (k thisKernel) generation(ctx context.Context) (uint32, error) {
	if !k.nftables() {
		return 0, nil
	}
	messages, err := ask(ctx, unix.NFT_MSG_GETGEN, (*netlink.Conn).Get)
	if err != nil || len(messages) == 0 {
		return 0, err
	}
	return messages[0].attrs.number(unix.NFTA_GEN_ID), nil
}

// familyNames are NFPROTO_* by number.
var familyNames = map[uint8]string{
	unix.NFPROTO_IPV4: "ip", unix.NFPROTO_IPV6: "ip6", unix.NFPROTO_INET: "inet",
	unix.NFPROTO_ARP: "arp", unix.NFPROTO_BRIDGE: "bridge", unix.NFPROTO_NETDEV: "netdev",
}

func (k thisKernel) tables(ctx context.Context) (map[tableKey]bool, error) {
	if !k.nftables() {
		return nil, nil
	}
	chains, err := ask(ctx, unix.NFT_MSG_GETCHAIN, (*netlink.Conn).List)
	if err != nil {
		return nil, err
	}
	tables, err := ask(ctx, unix.NFT_MSG_GETTABLE, (*netlink.Conn).List)
	out := map[tableKey]bool{}
	for _, m := range chains {
		name, ok := familyNames[m.family]
		if !ok {
			return nil, lang.RecordErrorf("nf_tables: family %d is not known", m.family)
		}
		out[tableKey{name, m.attrs.text(unix.NFTA_CHAIN_TABLE)}] = false
	}
	for _, m := range tables {
		key := tableKey{familyNames[m.family], m.attrs.text(tableName)}
		if _, ok := out[key]; ok {
			out[key] = m.attrs.number(tableFlags)&tableDormant != 0
		}
	}
	return out, err
}

// Of include/uapi/linux/netfilter/nf_tables.h: NFTA_TABLE_NAME,
// NFTA_TABLE_FLAGS and NFT_TABLE_F_DORMANT.
const (
	tableName    = 1
	tableFlags   = 2
	tableDormant = 1
)

// legacy reads the names of tables. Where the kernel has none, the file is not
// there.
func (k thisKernel) legacy(family string) ([]string, error) {
	name := map[string]string{"ip": "ip_tables_names", "ip6": "ip6_tables_names"}[family]
	data, err := os.ReadFile(filepath.Join(k.proc, "thread-self/net", name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w (%w)", ErrRefused, err)
	case err != nil:
		return nil, err
	}
	var out []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		out = append(out, s.Text())
	}
	return out, nil
}
