package observation

import "fmt"

// Reason says in words what a capability was used for, from its evidence: the first
// use, and how many there were. It is empty without evidence.
func Reason(evidence []Capability) string {
	if len(evidence) == 0 {
		return ""
	}
	first := evidence[0]
	text := first.Words()
	switch {
	case first.AfterStart == nil:
	case *first.AfterStart < 1:
		text += ", at the start"
	default:
		text += ", " + Span(*first.AfterStart) + " after the start"
	}
	var count uint64
	exec := true
	for _, x := range evidence {
		count += x.Count
		exec = exec && x.Session == Exec
	}
	if count > 1 {
		text += fmt.Sprintf(", %d times in all", count)
	}
	if exec {
		text += "; in exec sessions only"
	}
	return text
}

// Words says what asked for the capability: "chown() of /data by sh (pid 1)".
func (c Capability) Words() string {
	text := "asked for outside of a system call"
	if c.Syscall != "" {
		text = c.Syscall + "()"
	}
	if c.Argument != "" {
		text += " of " + c.Argument
	}
	return text + fmt.Sprintf(" by %s (pid %d)", c.Process, c.PID)
}

// Span is a time as people say it: 0.3 s, 12 s, 3 min, 5 h.
func Span(seconds float64) string {
	switch {
	case seconds < 10:
		return fmt.Sprintf("%.1f s", seconds)
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.0f h", seconds/3600)
}
