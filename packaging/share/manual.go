package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pages are the manual pages of a command and all below it, by their file's name.
func pages(cmd *cobra.Command, version, date string) map[string][]byte {
	out := map[string][]byte{pageName(cmd) + ".1": []byte(page(cmd, version, date))}
	for _, sub := range documented(cmd) {
		for name, text := range pages(sub, version, date) {
			out[name] = text
		}
	}
	return out
}

// documented are the subcommands that have a page.
func documented(cmd *cobra.Command) (subs []*cobra.Command) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			subs = append(subs, sub)
		}
	}
	return subs
}

// pageName is seawall-audit-run for "seawall audit run", as git's pages are called.
func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

func page(cmd *cobra.Command, version, date string) string {
	var r roff
	r.line(`.TH "%s" "1" "%s" "Seawall %s" "Seawall"`, escape(strings.ToUpper(pageName(cmd))), date, escape(version))
	r.line(".nh") // commands are not hyphenated
	r.line(".SH NAME")
	r.line(`%s \- %s`, escape(pageName(cmd)), escape(lower(cmd.Short)))
	r.line(".SH SYNOPSIS")
	r.synopsis(cmd)
	r.line(".SH DESCRIPTION")
	description, exits := withoutExits(cmd)
	r.text(description)
	if subs := documented(cmd); len(subs) > 0 {
		r.line(".SH COMMANDS")
		for _, sub := range subs {
			r.item(`\fB` + escape(sub.Name()) + `\fR (see ` + reference(pageName(sub)) + ")")
			r.line("%s", escape(sub.Short+"."))
		}
	}
	r.options(cmd)
	r.line(".SH EXIT STATUS")
	if exits != "" {
		r.line("%s", escape(exits))
	} else {
		r.list(exitStatus)
	}
	if !cmd.HasParent() || takesHost(cmd) {
		r.line(".SH ENVIRONMENT")
		r.list(environment)
		r.line(".SH FILES")
		r.list(files)
	}
	if cmd.Example != "" {
		r.line(".SH EXAMPLES")
		r.text(cmd.Example + "\n")
	}
	r.line(".SH SEE ALSO")
	r.line("%s", strings.Join(related(cmd), ",\n"))
	return r.String()
}

// lower begins a description as NAME has it: without a capital.
func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func (r *roff) synopsis(cmd *cobra.Command) {
	use := strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())
	use = strings.TrimSpace(strings.Replace(use, "[flags]", "", 1))
	if cmd.Runnable() && (cmd.HasParent() || !cmd.HasAvailableSubCommands()) {
		r.line("%s", strings.TrimSpace(bold(cmd.CommandPath())+" ["+italic("options")+"] "+escape(use)))
	}
	if cmd.HasAvailableSubCommands() {
		if cmd.HasParent() && cmd.Runnable() {
			r.line(".br")
		}
		r.line("%s", bold(cmd.CommandPath())+" "+italic("command")+" ["+italic("options")+"]")
	}
}

// withoutExits is what a command's help says, apart from what it says of exit codes.
func withoutExits(cmd *cobra.Command) (description, exits string) {
	long := cmd.Long
	if long == "" {
		long = cmd.Short + "."
	}
	var rest []string
	for paragraph := range strings.SplitSeq(long, "\n\n") {
		if text, found := strings.CutPrefix(paragraph, "Exit codes:"); found {
			exits = strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
			continue
		}
		rest = append(rest, paragraph)
	}
	return strings.Join(rest, "\n\n"), exits
}

func (r *roff) options(cmd *cobra.Command) {
	r.line(".SH OPTIONS")
	r.flags(cmd.NonInheritedFlags())
	if inherited := cmd.InheritedFlags(); inherited.HasAvailableFlags() {
		r.line(".SS Of all commands of %s", escape(cmd.Parent().CommandPath()))
		r.flags(inherited)
	}
}

func (r *roff) flags(flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || flag.Deprecated != "" {
			return
		}
		value, usage := pflag.UnquoteUsage(flag)
		tag := bold("--" + flag.Name)
		if flag.Shorthand != "" {
			tag = bold("-"+flag.Shorthand) + ", " + tag
		}
		switch {
		case flag.NoOptDefVal == "" && value != "":
			tag += "=" + italic(value)
		case flag.NoOptDefVal != "" && flag.NoOptDefVal != "true":
			tag += "[=" + italic(value) + "]"
		}
		r.item(tag)
		if d := flag.DefValue; value != "" && flag.NoOptDefVal == "" && d != "" && d != "[]" && d != "0s" && d != "0" {
			usage += " (default " + d + ")"
		}
		r.line("%s", escape(strings.ToUpper(usage[:1])+usage[1:]+"."))
	})
}

// list writes terms with what they mean.
func (r *roff) list(entries []entry) {
	for _, e := range entries {
		r.item(bold(e.term))
		r.text(e.text)
	}
}

// takesHost reports whether a command looks at engines.
func takesHost(cmd *cobra.Command) bool { return cmd.Flags().Lookup("host") != nil }

func reference(name string) string { return `\fB` + escape(name) + `\fR(1)` }

// related are the pages of the commands above, below and beside, and of Docker's.
func related(cmd *cobra.Command) (pages []string) {
	if parent := cmd.Parent(); parent != nil {
		pages = append(pages, reference(pageName(parent)))
	}
	for _, sub := range documented(cmd) {
		pages = append(pages, reference(pageName(sub)))
	}
	for _, name := range beside[pageName(cmd)] {
		pages = append(pages, reference(name))
	}
	return append(pages, `\fBdocker\fR(1)`, `\fBdockerd\fR(8)`)
}
