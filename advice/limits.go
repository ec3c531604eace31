package advice

import (
	"fmt"

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
	pids = limit(in.Container.PidsLimit, in.Usage.Pids, "processes and threads", func(n int64) int64 {
		return max(minPids, (n*pidsMargin+9)/10*10)
	})
	memory = limit(in.Container.Memory, in.Usage.Memory, "bytes", func(n int64) int64 {
		return max(minMemory, (n*memoryMargin+memoryStep-1)/memoryStep*memoryStep)
	})
	if memory.Verdict == Tentative {
		memory.Reasons = append(memory.Reasons, "its peak is not known: measure it under load before you set a limit, which kills when it is reached")
	}
	return pids, memory
}

func limit(set, used snapshot.Fact[int64], unit string, value func(int64) int64) Limit {
	now, known := used.Peek()
	if n, _ := set.Peek(); n > 0 {
		return Limit{Setting: setting(Already, fmt.Sprintf("it is limited to %d %s", n, unit)), Now: now}
	}
	if !known {
		return Limit{Setting: setting(Unknown, "what it uses is not known: "+used.Gap().Detail)}
	}
	return Limit{Setting: setting(Tentative, fmt.Sprintf("it has %d %s at the moment", now, unit)), Now: now, Value: value(now)}
}
