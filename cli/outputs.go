package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/report"
)

// output is a report to be written: in a format, to a file, or to stdout ("" and
// "-").
type output struct {
	format report.Output
	path   string
}

// direct reports whether it goes to something that gets no name: stdout, a
// pipe, a device.
func (o output) direct() bool {
	if o.path == "" || o.path == "-" {
		return true
	}
	info, err := os.Stat(o.path)
	return err == nil && !info.Mode().IsRegular()
}

// parseOutputs reads --format and the values of -o. The report in --format goes
// to the plain -o FILE, else to stdout: unless only FORMAT=FILE are asked for
// quietly, or one of these is stdout.
func parseOutputs(format string, values []string, quiet bool) ([]output, error) {
	main, err := report.LookupOutput(format)
	if err != nil {
		return nil, err
	}
	var out []output
	taken := map[string]bool{}
	plain, stdout := false, false
	for _, value := range values {
		o, named, err := parseOutput(main, value)
		if err != nil {
			return nil, err
		}
		if plain && !named {
			return nil, lang.Error("two files for the report in --format: give the others as -o FORMAT=FILE")
		}
		if taken[o.path] {
			return nil, lang.Errorf("-o %s: two reports would go there", value)
		}
		taken[o.path] = true
		plain = plain || !named
		stdout = stdout || o.path == "-"
		out = append(out, o)
	}
	if !plain && !stdout && !(quiet && len(out) > 0) {
		out = append(out, output{format: main})
	}
	return out, nil
}

// parseOutput reads FILE or FORMAT=FILE. What stands before the first = is a
// format if it is a plain word; ./a=b is a file.
func parseOutput(main report.Output, value string) (_ output, named bool, err error) {
	name, path, found := strings.Cut(value, "=")
	if !found || strings.ContainsAny(name, "/.") {
		if value == "" {
			return output{}, false, lang.Error("-o needs the name of a file")
		}
		return output{main, value}, false, nil
	}
	format, err := report.LookupOutput(name)
	if err != nil {
		return output{}, true, lang.Errorf("-o %s: %w", value, err)
	}
	if path == "" {
		return output{}, true, lang.Errorf("-o %s needs the name of a file", value)
	}
	return output{format, path}, true, nil
}

// formatTable lists the formats, one a line.
func formatTable() string {
	var b strings.Builder
	for _, o := range report.Outputs() {
		fmt.Fprintf(&b, "  %-9s %s\n", o.Name, o.About)
	}
	return b.String()
}

// formatCompletions are the names of the formats with what they are for.
func formatCompletions(suffix string) []string {
	var out []string
	for _, o := range report.Outputs() {
		out = append(out, o.Name+suffix+"\t"+o.About)
	}
	return out
}

// completeOutput completes FORMAT=; files are the shell's business.
func completeOutput(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.ContainsAny(typed, "=/.") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return formatCompletions("="), cobra.ShellCompDirectiveNoSpace
}

// loadBaseline reads a saved report.
func loadBaseline(name string) (*report.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, lang.Errorf("read the baseline: %w", err)
	}
	defer file.Close()
	r, err := report.Decode(file)
	if err != nil {
		return nil, lang.Errorf("baseline %s: %w (a baseline is a report saved with 'seawall audit --format json -o FILE')", name, err)
	}
	return r, nil
}
