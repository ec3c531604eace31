package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/report"
	"seawall/rule"
)

func (a *app) rules() *cobra.Command {
	var format, profile string
	var files []string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: lang.T("List the rules"),
		Long:  lang.Sprintf("List the rules, all or those of a profile.\n\nProfiles:\n%[1]s", profileTable()),
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := rule.LookupProfile(profile)
			if err != nil {
				return usageError{err}
			}
			if format != "text" && format != "json" {
				return usageError{lang.Errorf("unknown format %q: want text or json", format)}
			}
			book, err := bookWith(files)
			if err != nil {
				return usageError{err}
			}
			selected := book.Select(p)
			return a.write("", func(w io.Writer, style report.Style) error {
				if format == "json" {
					return report.RulesJSON(w, selected)
				}
				return report.RuleList(w, selected, style)
			})
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", lang.T("text or json"))
	cmd.Flags().StringVar(&profile, "profile", "all", lang.T("list the rules of a profile"))
	rulesFilesFlag(cmd.Flags(), &files)
	cmd.AddCommand(a.rulesCheck())
	return cmd
}

func profileTable() string {
	var b strings.Builder
	for _, p := range rule.Profiles() {
		fmt.Fprintf(&b, "  %-11s %s\n", p.Name, p.About)
	}
	return b.String()
}
