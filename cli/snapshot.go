package cli

import (
	"io"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/report"
)

func (a *app) snapshot() *cobra.Command {
	var output string
	var deep deepFlag
	var reach, probe, lists bool
	var observations []string
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: lang.T("Save all facts of this machine's engines, to audit them later or elsewhere"),
		Long: lang.T(`Save all facts of this machine's engines as JSON. 'audit FILE' gives the same
results as the live audit. Secrets are redacted when they are read: a snapshot
holds none. With --observation it holds what containers were seen to use, too.`),
		Example: "  " + a.name() + " snapshot -o host.json\n  " + a.name() + " audit host.json\n  " + a.name() + " snapshot --reach -o host.json\n  " + a.name() + " reach host.json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			snap, err := a.observing(observations, func() (taken, error) {
				return a.collect(cmd.Context(), scope{deep: deep.scope, reach: reach || probe, probe: probe, paths: true, lists: lists})
			})
			if err != nil {
				return err
			}
			return a.write(output, func(w io.Writer, _ report.Style) error { return snap.Encode(w) })
		},
	}
	a.connection.flags(cmd.Flags())
	deep.flag(cmd.Flags())
	cmd.Flags().BoolVar(&reach, "reach", false, lang.T("read the networks of containers, too, for 'reach FILE'"))
	cmd.Flags().BoolVar(&probe, "probe", false, lang.T("as --reach, and try the connections, too"))
	listsFlag(cmd.Flags(), &lists)
	observationFlag(cmd.Flags(), &observations)
	cmd.Flags().StringVarP(&output, "output", "o", "", lang.T("write the snapshot to this file"))
	return cmd
}
