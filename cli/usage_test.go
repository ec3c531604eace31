package cli

import (
	"bytes"
	"io"
	"testing"

	"github.com/spf13/cobra"
)

func testApp() *app {
	return &app{Env: Env{Stdin: bytes.NewReader(nil), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}}
}

// TestUsageIsCobras: in English help is what cobra itself would say.
func TestUsageIsCobras(t *testing.T) {
	root := testApp().root()
	ours := map[string]string{}
	eachCommand(root, func(c *cobra.Command) { ours[c.CommandPath()] = c.UsageString() })
	root.SetUsageFunc(nil)
	eachCommand(root, func(c *cobra.Command) {
		if want := c.UsageString(); ours[c.CommandPath()] != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.CommandPath(), ours[c.CommandPath()], want)
		}
	})

	plain := &cobra.Command{Use: "seawall", Run: func(*cobra.Command, []string) {}}
	plain.AddCommand(&cobra.Command{Use: "audit", Run: func(*cobra.Command, []string) {}})
	plain.InitDefaultHelpCmd()
	plain.InitDefaultCompletionCmd()
	texts := map[string]string{}
	eachCommand(plain, func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		texts[c.CommandPath()] = c.Short + "\n" + c.Long + "\n" + c.Flags().FlagUsages()
	})
	compared := 0
	eachCommand(root, func(c *cobra.Command) {
		want, cobras := texts[c.CommandPath()]
		if !cobras || c == root || c.Name() == "audit" {
			return
		}
		compared++
		if got := c.Short + "\n" + c.Long + "\n" + c.LocalNonPersistentFlags().FlagUsages(); got != want {
			t.Errorf("%s: %q, want %q", c.CommandPath(), got, want)
		}
	})
	if compared != 6 { // help, completion, and one each of four shells
		t.Errorf("%d of cobra's commands were compared", compared)
	}
}

// TestArgumentFaultsAreCobras: in English the errors of arguments and flags are those of cobra
// and pflag.
func TestArgumentFaultsAreCobras(t *testing.T) {
	cmd := testApp().root()
	for _, args := range [][]string{nil, {"a"}, {"a", "b"}, {"a", "b", "c"}} {
		for name, pair := range map[string][2]cobra.PositionalArgs{
			"no": {noArgs, cobra.NoArgs}, "exact": {exactArgs(1), cobra.ExactArgs(1)},
			"minimum": {minimumArgs(2), cobra.MinimumNArgs(2)}, "maximum": {maximumArgs(1), cobra.MaximumNArgs(1)},
		} {
			got, want := pair[0](cmd, args), pair[1](cmd, args)
			if (got == nil) != (want == nil) || got != nil && got.Error() != want.Error() {
				t.Errorf("%s of %q: %v, want %v", name, args, got, want)
			}
		}
	}
	for _, args := range [][]string{{"--nothing"}, {"-z"}, {"--color"}, {"-vo"}, {"--ways=x"}, {"-f"}, {"--"}, {"---x"}, {"--strict=maybe"}, {"--=x"}} {
		paths, _, err := cmd.Find([]string{"paths"})
		if err != nil {
			t.Fatal(err)
		}
		if err := paths.Flags().Parse(args); err != nil && flagFault(err).Error() != err.Error() {
			t.Errorf("%q: %q, want %q", args, flagFault(err), err)
		}
	}
}
