package cli_test

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seawall/cli"
)

// takeFiles are the flags whose values are files: shells complete them.
var takeFiles = []string{
	"apparmor-profile", "baseline", "env-file", "image", "observation", "output", "rules-file", "seccomp-profile", "snapshot",
	"tlscacert", "tlscert", "tlskey", "waivers",
}

// notFiles are flags of one command alone that take a file or something else.
var notFiles = map[string]bool{"seawall data update --from": true}

// TestEveryValueIsCompleted: a flag that takes a value takes a file, or its command
// says what else.
func TestEveryValueIsCompleted(t *testing.T) {
	asked := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.NoOptDefVal == "true" || notFiles[cmd.CommandPath()+" --"+flag.Name] {
				return
			}
			asked++
			_, completed := cmd.GetFlagCompletionFunc(flag.Name)
			if file := slices.Contains(takeFiles, flag.Name); file && completed && flag.Name != "output" {
				t.Errorf("%s --%s is said to take a file, and completes something else", cmd.CommandPath(), flag.Name)
			} else if !file && !completed {
				t.Errorf("%s --%s completes files: add it to flagValues", cmd.CommandPath(), flag.Name)
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(cli.Commands())
	if asked < 60 {
		t.Errorf("only %d flags were asked", asked)
	}
}
