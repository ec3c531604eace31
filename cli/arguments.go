package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seawall/lang"
)

// The numbers of arguments that commands take, with the words of cobra.

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return lang.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
	}
	return nil
}

func exactArgs(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return lang.Errorf("accepts %d arg(s), received %d", n, len(args))
		}
		return nil
	}
}

func minimumArgs(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return lang.Errorf("requires at least %d arg(s), only received %d", n, len(args))
		}
		return nil
	}
}

func maximumArgs(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return lang.Errorf("accepts at most %d arg(s), received %d", n, len(args))
		}
		return nil
	}
}

// flagFault is the error of a flag that pflag does not take, in the language of the process.
func flagFault(err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return lang.Errorf("unknown shorthand flag: %q in -%s", rune(unknown.GetSpecifiedName()[0]), unknown.GetSpecifiedShortnames())
	case errors.As(err, &unknown):
		return lang.Errorf("unknown flag: --%s", unknown.GetSpecifiedName())
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() != "":
		return lang.Errorf("flag needs an argument: %q in -%s", rune(missing.GetSpecifiedName()[0]), missing.GetSpecifiedShortnames())
	case errors.As(err, &missing):
		return lang.Errorf("flag needs an argument: --%s", missing.GetSpecifiedName())
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		name := "--" + flag.Name
		if flag.Shorthand != "" {
			name = fmt.Sprintf("-%s, --%s", flag.Shorthand, flag.Name)
		}
		return lang.Errorf("invalid argument %q for %q flag: %w", invalid.GetValue(), name, invalid.Unwrap())
	case errors.As(err, &syntax):
		return lang.Errorf("bad flag syntax: %s", syntax.GetSpecifiedFlag())
	}
	return err
}
