package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/report"
	"seawall/snapshot"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: lang.T("Print the version, and the formats it reads and writes"),
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.Stdout, "seawall %s%s %s/%s %s\n%s\n",
				Version, revision(), runtime.GOOS, runtime.GOARCH, runtime.Version(), lang.Sprintf("formats: %s", snapshot.Format+" "+report.Format))
			return err
		},
	}
}

// revision is the commit the binary was built from, where the build knows it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}
