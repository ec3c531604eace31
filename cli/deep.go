package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"seawall/source/livehost"
)

// deepFlag is --deep: whether the files of images are read, and of which.
type deepFlag struct{ scope livehost.Deep }

func (d *deepFlag) flag(flags *pflag.FlagSet) {
	flags.Var(d, "deep", "read the files of images, too: of those that containers use, or of 'all'")
	flags.Lookup("deep").NoOptDefVal = string(livehost.DeepUsed)
}

// Set takes "used" (which the flag alone means) or "all".
func (d *deepFlag) Set(text string) error {
	switch scope := livehost.Deep(text); scope {
	case livehost.DeepUsed, livehost.DeepAll:
		d.scope = scope
		return nil
	}
	return fmt.Errorf("want --deep or --deep=all")
}

func (d *deepFlag) Type() string   { return "images" }
func (d *deepFlag) String() string { return string(d.scope) }
