package matrix

import (
	"net/netip"
	"slices"
)

// SourceNames are names that sources go by.
func (m *Matrix) SourceNames() []string {
	var out []string
	for i := range m.Sources {
		switch s := &m.Sources[i]; s.Kind {
		case Internet, Host:
			out = append(out, string(s.Kind))
		case Network:
			out = append(out, prefixNames(s.links)...)
		}
		for _, member := range m.Sources[i].Members {
			out = append(out, member.Name)
		}
		out = append(out, m.Sources[i].Networks...)
	}
	return distinctNames(out)
}

// TargetNames are names that targets go by.
func (m *Matrix) TargetNames() []string {
	var out []string
	for i := range m.Targets {
		t := &m.Targets[i]
		switch t.Kind {
		case API:
			out = append(out, string(API), "host")
		case OtherHost:
			out = append(out, "host")
		case OtherContainer:
			out = append(out, t.Network)
		}
		for _, member := range t.Members {
			out = append(out, member.Name)
			if t.Kind == Port || t.Kind == Published {
				out = append(out, member.Name+":"+itoa(int(t.Port)))
			}
		}
	}
	return distinctNames(out)
}

func prefixNames(list []netip.Prefix) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.String()
	}
	return out
}

func distinctNames(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
