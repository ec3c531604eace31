//go:build amd64 || arm64

package observe

import (
	"bufio"
	"cmp"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// quietCallers are functions that ask for a capability without meaning it
// (CAP_OPT_NOAUDIT). The tracepoint does not tell of that, the callers do. The list is
// not complete and cannot be: such functions come and go.
var quietCallers = []string{
	"cap_vm_enough_memory", "security_vm_enough_memory_mm", "__vm_enough_memory",
	"ns_capable_noaudit", "has_capability_noaudit", "has_ns_capability_noaudit", "capable_noaudit",
	"kallsyms_show_value", "bpf_token_capable_noaudit",
}

// span is where a function lies, its end not included.
type span struct{ start, end uint64 }

// quietSpans finds those functions in the kernel. Without CAP_SYSLOG it shows no
// addresses, which is a gap.
func quietSpans(path string) ([]span, *snapshot.Gap) {
	file, err := os.Open(path)
	if err != nil {
		return nil, noCallers(lang.Untranslated(err))
	}
	defer file.Close()
	spans, err := parseSymbols(file)
	switch {
	case err != nil:
		return nil, noCallers(lang.Untranslated(err))
	case len(spans) == 0:
		return nil, noCallers(path + " shows no addresses")
	}
	return spans, nil
}

func noCallers(detail string) *snapshot.Gap {
	return &snapshot.Gap{
		Reason: snapshot.ReasonPermission,
		Detail: lang.Recordf("which capability checks are mere probes is known only in part: %s", detail),
		Remedy: lang.N("run as root or with CAP_SYSLOG"),
	}
}

// parseSymbols reads /proc/kallsyms.
func parseSymbols(r io.Reader) ([]span, error) {
	type symbol struct {
		at   uint64
		name string
	}
	var all []symbol
	for s := bufio.NewScanner(r); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) != 3 || f[1] != "T" && f[1] != "t" { // with a fourth field it is of a module
			continue
		}
		at, err := strconv.ParseUint(f[0], 16, 64)
		if err != nil {
			return nil, lang.Errorf("kallsyms: address %q of %s", f[0], f[2])
		}
		if at != 0 {
			all = append(all, symbol{at, f[2]})
		}
	}
	slices.SortFunc(all, func(a, b symbol) int { return cmp.Compare(a.at, b.at) })
	var out []span
	for i, s := range all {
		if !slices.Contains(quietCallers, s.name) {
			continue
		}
		for _, next := range all[i+1:] {
			if next.at > s.at {
				out = append(out, span{s.at, next.at})
				break
			}
		}
	}
	return out, nil
}
