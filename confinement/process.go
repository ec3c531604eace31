package confinement

import "seawall/snapshot"

// Process is a container's first process as the kernel shows it.
type Process struct {
	*snapshot.Process // never nil
	// Runs: there is a process, and it could be found. Its facts may have gaps
	// of their own.
	Runs bool
}

// ProcessOf looks at the container's process. One that was seen leaves no
// evidence, its facts leave their own; one that could not be looked for is
// recorded as missed.
func ProcessOf(w snapshot.Witness, c *snapshot.Container) Process {
	if c.Process.State() != snapshot.Seen {
		c.Process.Try(w)
	}
	return peekProcess(c)
}

// peekProcess is ProcessOf without a witness.
func peekProcess(c *snapshot.Container) Process {
	p, _ := c.Process.Ref()
	return Process{Process: p, Runs: c.Process.State() == snapshot.Seen}
}
