// Command seawall audits Docker Engine: the daemon, its API, its client and
// the workloads that run on it. Called as docker-seawall it is a Docker CLI
// plugin.
package main

import (
	"os"

	"seawall/cli"
)

func main() {
	os.Exit(cli.Main(cli.Process()))
}
