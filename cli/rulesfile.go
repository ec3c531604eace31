package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seawall/lang"
	"seawall/ownrule"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
)

// rulesFilesFlag adds --rules-file.
func rulesFilesFlag(flags *pflag.FlagSet, files *[]string) {
	flags.StringArrayVar(files, "rules-file", nil, lang.T("file of rules of your own (repeatable; see docs/own-rules.md)"))
}

// bookWith is the rulebook with the rules of a person's files.
func bookWith(files []string) (*rule.Book, error) {
	if len(files) == 0 {
		return rules.Book(), nil
	}
	all := slices.Clone(rules.Book().Rules())
	for _, name := range files {
		own, err := readRules(name, all)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	return rule.NewBook(all...)
}

// readRules reads a file of rules. Their ids must not be those of others.
func readRules(name string, others []*rule.Rule) ([]*rule.Rule, error) {
	data, err := readLimited(name)
	if err != nil {
		return nil, err
	}
	return ownrule.Parse(name, data, func(id string) string {
		i := slices.IndexFunc(others, func(r *rule.Rule) bool { return r.ID == id })
		switch {
		case i < 0:
			return ""
		case others[i].Where == "":
			return lang.T("the rulebook")
		}
		return others[i].Where
	})
}

// readLimited reads a file up to one byte more than a file of rules may have.
func readLimited(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err == nil {
		defer file.Close()
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(file, ownrule.MaxFile+1)); err == nil {
			return data, nil
		}
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return nil, lang.Errorf("%s: cannot read the rules: %w", name, err)
}

// rulesCheck is `seawall rules check`.
func (a *app) rulesCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: lang.T("Check files of rules of your own: expressions, metadata and examples"),
		Long: lang.T(`Read files of rules of your own, compile their expressions and try their
examples. Every fault is one line, file:line:column. Exit codes: 0 no fault; 2
faults, or a file that cannot be read.`),
		Example: "  " + a.name() + " rules check rules.yaml",
		Args:    minimumArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.checkRules(args) },
	}
}

func (a *app) checkRules(names []string) error {
	all := slices.Clone(rules.Book().Rules())
	var lines []string
	var failed error
	for _, name := range names {
		own, err := readRules(name, all)
		all = append(all, own...)
		var faults ownrule.Faults
		switch {
		case errors.As(err, &faults):
			for _, f := range faults {
				lines = append(lines, oneLine(f.Error()))
			}
			failed = exitCode(exitUsage)
		case err != nil:
			return usageError{err}
		default:
			lines = append(lines, lang.Sprintf("%s: no fault; rules read: %d", name, len(own)))
		}
	}
	if err := a.write("", func(w io.Writer, _ report.Style) error {
		for _, line := range lines {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return failed
}
