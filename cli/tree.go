package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// Commands is the tree of commands, for those who describe it: manual pages and
// files of completions. It reads nothing and writes nowhere.
func Commands() *cobra.Command {
	a := &app{Env: Env{Stdin: nil, Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}}
	root := a.root()
	root.InitDefaultHelpCmd()
	return root
}
