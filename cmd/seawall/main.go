// Command seawall audits Docker Engine: the daemon, its API, its client and
// the workloads that run on it. Called as docker-seawall it is a Docker CLI
// plugin.
package main

import (
	"os"
	"runtime/debug"

	"seawall/cli"
	"seawall/source/prove"
)

// gcPercent lets the heap grow to three times what is in use. An audit lives
// for less than a second and keeps most of what it reads: at 300 containers it
// uses 217 ms of processor time instead of 239, and 31 MiB at its peak either way.
const gcPercent = 200

func main() {
	if prove.IsChild(os.Args) {
		os.Exit(prove.Child())
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(cli.Main(cli.Process()))
}
