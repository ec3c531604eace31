package advice

import (
	"seawall/lang"
	"seawall/snapshot"
)

// Margins of limits, from what is used at one moment.
const (
	pidsMargin   = 4
	minPids      = 64
	memoryMargin = 2
	minMemory    = 64 << 20
	memoryStep   = 16 << 20
)

// limits are those of processes and of memory. What a container uses at one moment is
// a weak basis: a limit of memory that is too low kills.
func limits(in Input) (pids, memory Limit) {
	pids = limit(in.Container.PidsLimit, in.Usage.Pids, processes, func(n int64) int64 {
		return max(minPids, (n*pidsMargin+9)/10*10)
	})
	memory = limit(in.Container.Memory, in.Usage.Memory, bytes, func(n int64) int64 {
		return max(minMemory, (n*memoryMargin+memoryStep-1)/memoryStep*memoryStep)
	})
	if memory.Verdict == Tentative {
		memory.Reasons = append(memory.Reasons, lang.T("its peak is not known: measure it under load before you set a limit, which kills when it is reached"))
	}
	return pids, memory
}

func processes(n int64) string { return lang.Sprintf("%d processes and threads", n) }
func bytes(n int64) string     { return lang.Sprintf("%d bytes", n) }

func limit(set, used snapshot.Fact[int64], unit func(int64) string, value func(int64) int64) Limit {
	now, known := used.Peek()
	if n, _ := set.Peek(); n > 0 {
		return Limit{Setting: setting(Already, lang.Sprintf("it is limited to %s", unit(n))), Now: now}
	}
	if !known {
		return Limit{Setting: setting(Unknown, lang.Sprintf("what it uses is not known: %s", lang.T(used.Gap().Detail)))}
	}
	return Limit{Setting: setting(Tentative, lang.Sprintf("it has %s at the moment", unit(now))), Now: now, Value: value(now)}
}
