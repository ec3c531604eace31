package observation

import (
	"seawall/lang"
)

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
		text = lang.Sprintf("%s, at the start", text)
	default:
		text = lang.Sprintf("%s, %s after the start", text, Span(*first.AfterStart))
	}
	var count uint64
	exec := true
	for _, x := range evidence {
		count += x.Count
		exec = exec && x.Session == Exec
	}
	if count > 1 {
		text = lang.Sprintf("%s, %d times in all", text, count)
	}
	if exec {
		text = lang.Sprintf("%s; in exec sessions only", text)
	}
	return text
}

// Words says what asked for the capability: "chown() of /data by sh (pid 1)".
func (c Capability) Words() string {
	text := lang.T("asked for outside of a system call")
	if c.Syscall != "" {
		text = c.Syscall + "()"
	}
	if c.Argument != "" {
		text = lang.Sprintf("%s of %s", text, c.Argument)
	}
	return lang.Sprintf("%s by %s (pid %d)", text, c.Process, c.PID)
}

// Span is a time as people say it: 0.3 s, 12 s, 3 min, 5 h.
func Span(seconds float64) string {
	switch {
	case seconds < 10:
		return lang.Sprintf("%.1f s", seconds)
	case seconds < 120:
		return lang.Sprintf("%.0f s", seconds)
	case seconds < 7200:
		return lang.Sprintf("%.0f min", seconds/60)
	}
	return lang.Sprintf("%.0f h", seconds/3600)
}
