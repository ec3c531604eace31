package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/lang"
	"seawall/near"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/trial/outline"
)

func (a *app) explain() *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:               "explain RULE|STEP",
		Short:             lang.T("Say what a rule asks, why, and how to fix it; or what a step of attack paths is"),
		Args:              exactArgs(1),
		ValidArgsFunction: completeExplained,
		RunE: func(_ *cobra.Command, args []string) error {
			r, s, err := explained(files, args[0])
			if err != nil {
				return usageError{err}
			}
			return a.write("", func(w io.Writer, style report.Style) error { return explain(w, r, s, style) })
		},
	}
	rulesFilesFlag(cmd.Flags(), &files)
	return cmd
}

// explained finds the rule and the step of an id, one of which may be nil.
func explained(files []string, id string) (*rule.Rule, *attack.Step, error) {
	book, err := bookWith(files)
	if err != nil {
		return nil, nil, err
	}
	all := steps.All()
	r, err := book.Lookup(id)
	if s := all.Lookup(id); s != nil || err == nil {
		return r, s, nil
	}
	var unknown *rule.UnknownNameError
	if errors.As(err, &unknown) {
		unknown.What = "rule or step"
		unknown.Near = near.Match(id, slices.Concat([]string{unknown.Near}, stepIDs(all)))
	}
	return nil, nil, err
}

func stepIDs(b *attack.Book) []string {
	var ids []string
	for _, s := range b.Steps() {
		ids = append(ids, s.ID)
	}
	return ids
}

// explain explains a rule, a step, or both where they have the same id.
func explain(w io.Writer, r *rule.Rule, s *attack.Step, style report.Style) error {
	if r != nil {
		if err := report.Explain(w, r, style); err != nil || s == nil {
			return err
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return lang.Errorf("write explanation: %w", err)
		}
	}
	o, err := outline.Of(s)
	if err != nil {
		return err
	}
	return report.ExplainStep(w, s, o, style)
}

// completeExplained completes ids of rules and steps, with their titles.
func completeExplained(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	ids, directive := completeRules(cmd, args, typed)
	if len(args) > 0 {
		return ids, directive
	}
	for _, s := range steps.All().Steps() {
		if _, err := rules.Book().Lookup(s.ID); err != nil {
			ids = append(ids, cobra.CompletionWithDesc(s.ID, s.Title))
		}
	}
	return ids, directive
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
