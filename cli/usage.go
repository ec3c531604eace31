package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"seawall/lang"
)

// speakHelp makes help speak the language of the process: the frame that cobra puts around
// commands and flags, and the commands and flags that cobra adds itself.
func speakHelp(root *cobra.Command) {
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usage(cmd.OutOrStderr(), cmd) })
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Short = lang.T("Help about any command")
			cmd.Long = lang.Sprintf("Help provides help for any command in the application.\nSimply type %s help [path to command] for full details.", root.DisplayName())
		case "completion":
			speakCompletion(cmd, root.Name())
		}
	}
	eachCommand(root, func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		cmd.Flags().Lookup("help").Usage = lang.Sprintf("help for %s", cmd.DisplayName())
	})
}

// eachCommand calls a function for a command and all below it.
func eachCommand(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, do)
	}
}

// speakCompletion gives the commands that write completion scripts their texts. What cobra
// tells at length of each shell is told by its own text in English only, of which the
// commands to type are kept.
func speakCompletion(completion *cobra.Command, program string) {
	completion.Args = noArgs
	completion.Short = lang.T("Generate the autocompletion script for the specified shell")
	completion.Long = lang.Sprintf("Generate the autocompletion script for %[1]s for the specified shell.\nSee each sub-command's help for details on how to use the generated script.\n", program)
	for _, cmd := range completion.Commands() {
		cmd.Args = noArgs
		cmd.Short = lang.Sprintf("Generate the autocompletion script for %s", cmd.Name())
		if f := cmd.Flags().Lookup("no-descriptions"); f != nil {
			f.Usage = lang.T("disable completion descriptions")
		}
		if lang.Tag() != lang.English {
			cmd.Long = lang.Sprintf("Generate the autocompletion script for %s", cmd.Name()) + "\n\n" + typed(cmd.Long)
		}
	}
}

// typed are the lines of a text that are to be typed, or say for which system.
func typed(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		switch line = strings.TrimRight(line, "\n"); {
		case strings.HasPrefix(line, "\t"):
			out = append(out, "  "+strings.TrimSpace(line))
		case strings.HasPrefix(line, "####"):
			out = append(out, strings.Trim(line, "# "))
		}
	}
	return strings.Join(out, "\n")
}

// usage writes what follows a command's description in its help, as cobra does.
func usage(w io.Writer, c *cobra.Command) error {
	var b strings.Builder
	b.WriteString(lang.T("Usage:"))
	if c.Runnable() {
		fmt.Fprintf(&b, "\n  %s", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n  %s", lang.Sprintf("%s [command]", c.CommandPath()))
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\n\n%s\n%s", lang.T("Examples:"), c.Example)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\n%s", lang.T("Available Commands:"))
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "\n  %-*s %s", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(&b, "\n\n%s\n%s", lang.T("Flags:"), flagTable(c.LocalFlags().FlagUsages()))
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(&b, "\n\n%s\n%s", lang.T("Global Flags:"), flagTable(c.InheritedFlags().FlagUsages()))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\n%s", lang.Sprintf("Use \"%s [command] --help\" for more information about a command.", c.CommandPath()))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// defaultValue is what pflag says at the end of a flag's line.
var defaultValue = regexp.MustCompile(`(?m) \(default (\S+)\)$`)

// flagTable is pflag's table of flags in the language of the process.
func flagTable(table string) string {
	table = strings.TrimRight(table, " \n")
	if lang.Tag() == lang.English {
		return table
	}
	return defaultValue.ReplaceAllStringFunc(table, func(found string) string {
		return lang.Sprintf(" (default %s)", defaultValue.FindStringSubmatch(found)[1])
	})
}
