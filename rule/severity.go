package rule

import (
	"strings"

	"seawall/lang"
)

// Severity is what a finding means for the host, defined by its effect.
type Severity uint8

// The severities. The zero value is not one.
const (
	_        Severity = iota
	Low               // hygiene, traceability
	Medium            // weakens defence in depth, or lets one workload harm another
	High              // removes a barrier between a container, a user or the network and the host
	Critical          // one step gives control of engine or host to someone who shouldn't have it
)

var severityNames = [...]string{"", "low", "medium", "high", "critical"}

// Severities lists all, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low} }

// String is the lower-case name.
func (s Severity) String() string { return severityNames[s] }

// MarshalText encodes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText decodes a name.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	*s = parsed
	return err
}

// ParseSeverity reads a severity's name, in any case.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if i > 0 && strings.EqualFold(n, name) {
			return Severity(i), nil
		}
	}
	return 0, lang.Errorf("unknown severity %q: want critical, high, medium or low", name)
}
