package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seawall/rule"
)

// completeFlags gives every flag that takes a value, and of whose values its command
// has said nothing, what flags of its name take: these words, a directory, or what
// no shell can know. All others take files, which shells complete by themselves.
func completeFlags(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		complete, known := flagValues[flag.Name]
		if _, set := cmd.GetFlagCompletionFunc(flag.Name); known && !set {
			// The error is that the flag does not exist.
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, complete)
		}
	})
	if cmd.ValidArgsFunction == nil && takesNothing(cmd) {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range cmd.Commands() {
		completeFlags(sub)
	}
}

// takesNothing reports whether a command has subcommands alone, or no arguments.
func takesNothing(cmd *cobra.Command) bool {
	return cmd.Args != nil && cmd.Args(cmd, []string{"x"}) != nil
}

// words completes one of these.
func words(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// severities are the words of --severity; --fail-on also takes none.
var severities = []string{"critical", "high", "medium", "low"}

func completeProfiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	for _, p := range rule.Profiles() {
		names = append(names, cobra.CompletionWithDesc(p.Name, p.About))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// flagValues is what flags take, by their name.
var flagValues = map[string]cobra.CompletionFunc{
	"color":             words("auto", "always", "never"),
	"format":            words("text", "json"),
	"profile":           completeProfiles,
	"severity":          words(severities...),
	"fail-on":           words(append(slices.Clone(severities), "none")...),
	"rule":              completeRules,
	"deep":              words("used", "all"),
	"fix":               words("safe", "all"),
	"hook":              words("fexit", "tracepoint", "kprobe"),
	"host":              cobra.FixedCompletions([]string{"unix://", "tcp://", "ssh://"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace),
	"config":            directories,
	"project-directory": directories,
	"context":           cobra.NoFileCompletions,
	"project-name":      cobra.NoFileCompletions,
	"check":             cobra.NoFileCompletions,
	"within":            cobra.NoFileCompletions,
	"for":               cobra.NoFileCompletions,
	"syscall-window":    cobra.NoFileCompletions,
	"keep":              cobra.NoFileCompletions,
	"weight":            cobra.NoFileCompletions,
	"what-if":           cobra.NoFileCompletions,
	"ways":              cobra.NoFileCompletions,
}

func directories(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
