package cli

import (
	"io"

	"github.com/spf13/cobra"

	"seawall/report"
	"seawall/rules"
)

func (a *app) explain() *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:               "explain RULE",
		Short:             "Say what a rule asks, why, and how to fix what it finds",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeRules,
		RunE: func(_ *cobra.Command, args []string) error {
			book, err := bookWith(files)
			if err != nil {
				return usageError{err}
			}
			r, err := book.Lookup(args[0])
			if err != nil {
				return usageError{err}
			}
			return a.write("", func(w io.Writer, style report.Style) error { return report.Explain(w, r, style) })
		},
	}
	rulesFilesFlag(cmd.Flags(), &files)
	return cmd
}

// completeRules completes ids of rules, with their titles.
func completeRules(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []cobra.Completion
	for _, r := range rules.Book().Rules() {
		ids = append(ids, cobra.CompletionWithDesc(r.ID, r.Title))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
