package snapshot

import "strings"

// Observed is what a container was seen to use in the kernel while it was watched
// ('seawall observe'), as far as rules ask for it. The origin is the observation's file.
type Observed struct {
	// Seconds that it ran while it was watched, and the starts that were seen from the
	// first instruction on.
	Seconds float64 `json:"seconds"`
	Starts  int     `json:"starts"`
	// Enough is how far what was not seen can be trusted not to be needed: "medium" or
	// "high". It is a gap where it was watched too briefly for that, or no start was seen,
	// or something was lost. What was seen was seen in any case.
	Enough Fact[string] `json:"enough,omitzero"`
	// Used are the capabilities that the kernel granted in earnest to its own processes,
	// ExecUsed those that exec sessions used (docker exec, health checks).
	Used     CapSet `json:"used"`
	ExecUsed CapSet `json:"execUsed"`
	// Listened are the ports that were listened on; a gap where some may be missing.
	Listened Fact[[]Listened] `json:"listened,omitzero"`
	// UDP: UDP ports were looked for, too; a gap if they were not.
	UDP Fact[bool] `json:"udp,omitzero"`
	// Written are the directories outside of volumes in which its own processes changed
	// something, in order; a gap where that was not recorded, or not all of it.
	Written Fact[[]string] `json:"written,omitzero"`
}

// Listened is a port that a container listened on.
type Listened struct {
	Protocol string `json:"protocol"` // "tcp", "udp"
	Port     int    `json:"port"`
	// Loopback: on a loopback address, where nobody outside of its network namespace
	// comes in.
	Loopback bool `json:"loopback,omitempty"`
}

// passing are the directories whose files mean nothing after a restart.
var passing = []string{"/run", "/tmp", "/var/tmp", "/var/run", "/var/cache", "/var/lock"}

// Passing is the directory that a path is or lies below whose files mean nothing after a
// restart; "" if there is none.
func Passing(path string) string {
	for _, dir := range passing {
		if path == dir || strings.HasPrefix(path, dir+"/") {
			return dir
		}
	}
	return ""
}

// Unobserved is why nothing is known of what a container uses.
func Unobserved(detail string) Gap {
	return Gap{
		Reason: ReasonNotCollected, Detail: detail,
		Remedy: "watch it ('seawall observe -o FILE'), and audit with --observation FILE",
	}
}
