package auditlog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Watch is what is recorded of a path.
type Watch struct {
	// Recorded are the kinds of access, of "rwxa", that are recorded whoever
	// does them.
	Recorded string
	// By are the rules that record them.
	By []snapshot.AuditRule
	// Limits say what keeps other accesses out: "rule -a never,task …".
	Limits []string
	// Doubts say what cannot be told, and may add to Recorded or take from it.
	Doubts []string
}

// Changes reports whether all that changes a path is recorded: writes, and
// changes of attributes such as owner and mode.
func (w Watch) Changes() bool {
	return strings.Contains(w.Recorded, "w") && strings.Contains(w.Recorded, "a")
}

// Of judges one path.
func Of(a snapshot.Audit, p snapshot.AuditPath) Watch {
	var w Watch
	if a.Enabled == 0 {
		w.limit("the kernel's audit log is switched off")
		return w
	}
	w.tasks(a)
	w.thrownAway(a)
	w.fileSystem(a, p)
	leaks := len(w.Limits) > 0
	for _, kind := range "rwxa" {
		t := trial{leaks: leaks}
		t.judge(a, p, kind)
		if kind == 'w' || kind == 'a' { // what else is recorded is told, not asked for
			w.take(t)
		}
		if t.recorded {
			w.Recorded += string(kind)
		}
	}
	return w
}

// take takes over what came out for one kind of access. Rules that record only
// a part do not matter where another records all.
func (w *Watch) take(t trial) {
	limits, doubts := t.left, t.leftDoubts
	if t.leaks { // whatever the doubts turn out to be, something is missing
		doubts, t.partDoubts = nil, nil
	}
	if t.by == nil {
		limits, doubts = slices.Concat(limits, t.parts), slices.Concat(doubts, t.partDoubts)
	} else if !slices.ContainsFunc(w.By, func(have snapshot.AuditRule) bool { return have.String() == t.by.String() }) {
		w.By = append(w.By, *t.by)
	}
	for _, limit := range limits {
		addOnce(&w.Limits, limit)
	}
	for _, doubt := range doubts {
		addOnce(&w.Doubts, doubt)
	}
}

func (w *Watch) limit(format string, args ...any) { addOnce(&w.Limits, lang.Sprintf(format, args...)) }
func (w *Watch) doubt(format string, args ...any) { addOnce(&w.Doubts, lang.Sprintf(format, args...)) }

func addOnce(list *[]string, s string) {
	if !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// tasks looks at the filter that is asked when a process starts: where it says
// never, the process is not recorded at all.
func (w *Watch) tasks(a snapshot.Audit) {
	for _, r := range a.Rules {
		switch whole := len(r.Conditions) == 0; {
		case r.Filter != "task":
		case r.Action == "never" && whole:
			w.limit("%s keeps every new process out of the log", r)
		case r.Action == "never":
			w.limit("%s keeps some processes out of the log", r)
		case whole:
			return
		}
	}
}

// records are the types of records that a change of a file is told by, with
// their numbers (include/uapi/linux/audit.h).
var records = map[string]int{"SYSCALL": 1300, "PATH": 1302}

// thrownAway looks at the filter of finished records. Whatever its action, a
// record that fits is not written (kernel/audit.c, audit_filter).
func (w *Watch) thrownAway(a snapshot.Audit) {
	for _, r := range a.Rules {
		if r.Filter != "exclude" {
			continue
		}
		of := slices.DeleteFunc(slices.Sorted(maps.Keys(records)), func(record string) bool { return !excludes(r, record) })
		other := func(c string) bool { return !strings.HasPrefix(c, "msgtype") }
		switch {
		case len(of) == 0:
		case slices.ContainsFunc(r.Conditions, other):
			w.limit("%s throws records away", r)
		default:
			w.limit("%s throws all records of the type %s away", r, lang.Comma(of))
		}
	}
}

// excludes reports whether a rule's conditions about the type of records hold
// for one.
func excludes(r snapshot.AuditRule, record string) bool {
	return !slices.ContainsFunc(r.Conditions, func(c string) bool { return !holds(strings.TrimPrefix(c, "msgtype"), record) })
}

// holds compares the type of a record with a condition such as ">=1400". A name
// that is not known is that of another type; how it compares is not known, so
// a range that it bounds may hold; so may a condition about something else.
func holds(condition, record string) bool {
	value := strings.TrimLeft(condition, "!<>=&")
	of := records[record]
	n, known := records[value]
	if !known {
		var err error
		n, err = strconv.Atoi(value)
		known = err == nil
	}
	sign := condition[:len(condition)-len(value)]
	switch {
	case sign == "=":
		return of == n
	case sign == "!=":
		return of != n
	case !known:
		return true
	}
	switch sign {
	case "<":
		return of < n
	case "<=":
		return of <= n
	case ">":
		return of > n
	case ">=":
		return of >= n
	}
	return true
}

// magic are the numbers of file systems (statfs(2)) where engines keep files.
var magic = map[string]string{"tmpfs": "16914836", "ext4": "61267", "xfs": "1481003842", "btrfs": "2435016766", "overlay": "2035054128"}

// fileSystem looks at the filter that leaves file systems out.
func (w *Watch) fileSystem(a snapshot.Audit, p snapshot.AuditPath) {
	for _, r := range a.Rules {
		if r.Filter != "filesystem" || r.Action != "never" {
			continue
		}
		value := ""
		for _, c := range r.Conditions {
			if of, ok := strings.CutPrefix(c, "fstype="); ok {
				value = of
			}
		}
		switch known := magic[p.FSType]; {
		case value == "tracefs", value == "debugfs", value != "" && known != "" && value != known:
		case value != "" && value == known:
			w.limit("%s leaves the file system of %s out", r, p.Real)
		default:
			w.doubt("%s may leave the file system of %s out", r, p.Real)
		}
	}
}

// trial follows the rules for one kind of access.
type trial struct {
	recorded bool
	by       *snapshot.AuditRule // records all that gets so far
	leaks    bool                // something is left out by an earlier rule
	// What rules leave out, and what others record in part; each for sure and
	// perhaps.
	left, leftDoubts, parts, partDoubts []string
}

func (t *trial) judge(a snapshot.Audit, p snapshot.AuditPath, kind rune) {
	for i := range a.Rules {
		r := &a.Rules[i]
		if r.Filter != "exit" || r.Perm != "" && !strings.ContainsRune(r.Perm, kind) {
			continue
		}
		reach, why := reaches(*r, p)
		part := partial(*r, kind)
		switch {
		case part == "nothing", reach == no && (why == "" || r.Action == "never"):
		case reach == no:
			t.parts = append(t.parts, why)
		case reach == maybe && r.Action == "never":
			t.leftDoubts = append(t.leftDoubts, why)
		case reach == maybe:
			t.partDoubts = append(t.partDoubts, why)
		case r.Action == "always" && part != "":
			t.parts = append(t.parts, lang.Sprintf("%s records only %s", r, part))
		case r.Action == "always":
			t.by, t.recorded = r, !t.leaks
			return
		case part != "":
			t.left = append(t.left, lang.Sprintf("%s comes first and leaves out %s", r, part))
			t.leaks = true
		default:
			t.left = append(t.left, lang.Sprintf("%s leaves it out", r))
			return
		}
	}
}
