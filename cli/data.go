package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seawall/currency"
	"seawall/currency/feed"
	"seawall/currency/known"
	"seawall/datafetch"
	"seawall/datafile"
	"seawall/lang"
)

func (a *app) data() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: lang.T("Show, export or update the advisories that hosts are judged by"),
		Long: strings.TrimSpace(lang.Sprintf(`
Hosts are judged by the advisories that this Seawall was built with, or by newer ones
that 'data update' has put into a file: %[1]s/known.json.gz for root and
all users, $XDG_STATE_HOME/seawall (~/.local/state/seawall) for one user. The newest
counts. %[2]s names another directory, which then is the only one. No other command fetches anything.`, datafile.SystemDir, datafile.DirVariable)),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.dataStatus(), a.dataExport(), a.dataUpdate())
	return cmd
}

// known is the newest data that is there. A file that cannot be read is told, and
// passed over.
func (a *app) known() datafile.Source {
	source, err := datafile.Load(os.Getuid(), a.Getenv)
	if err != nil {
		fmt.Fprintln(a.Stderr, lang.Sprintf("seawall: warning: %s", oneLine(err.Error())))
	}
	return source
}

func (a *app) dataStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: lang.T("Tell how old the advisories are, and where they are from"), Args: noArgs,
		Long: lang.T("Tell how old the advisories are and where they are from. The exit code is 0 whatever\ntheir age."),
		RunE: func(*cobra.Command, []string) error { return a.showData(a.known(), time.Now()) },
	}
}

func (a *app) showData(s datafile.Source, now time.Time) error {
	where := s.Path
	if where == "" {
		where = lang.T("built into this Seawall")
	}
	age, freshness := currency.AgeOf(s.Data, now)
	says := map[currency.Freshness]string{
		currency.Current: lang.T("current"), currency.Aging: lang.T("more than 30 days old: update it"), currency.Stale: lang.T("more than 90 days old: nothing is called clear by it"),
	}[freshness]
	fmt.Fprintf(a.Stdout, "%s\n%s\n", lang.Sprintf("%d advisories of %s, %d days old (%s)", len(s.Data.Advisories), s.Data.AsOf, age, says), where)
	for _, source := range s.Data.Sources {
		fmt.Fprintf(a.Stdout, "  %s %s\n", source.Date, strings.TrimSpace(source.Name+" "+source.Version))
	}
	return nil
}

func (a *app) dataExport() *cobra.Command {
	return &cobra.Command{
		Use: "export FILE", Short: lang.T("Write the advisories to a file, for machines without network"), Args: exactArgs(1),
		Long:    lang.T("Write the advisories to a file. 'data update --from FILE' takes it on another machine."),
		Example: "  " + a.name() + " data export seawall-data.gz\n  " + a.name() + " data update --from seawall-data.gz",
		RunE: func(_ *cobra.Command, args []string) error {
			packed, err := datafile.Pack(a.known().Data)
			if err != nil {
				return err
			}
			if err := datafile.Write(args[0], packed); err != nil {
				return usageError{err}
			}
			fmt.Fprintln(a.Stderr, lang.Sprintf("%s: %d bytes", args[0], len(packed)))
			return nil
		},
	}
}

func (a *app) dataUpdate() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use: "update", Short: lang.T("Fetch newer advisories"), Args: noArgs,
		Long: strings.TrimSpace(lang.Sprintf(`
Fetch what OSV, Debian's security tracker, Alpine's secdb, Red Hat's VEX, CISA's KEV
catalog and endoflife.date say, lay it on the reviewed advisories of this Seawall, and
put the result in place of the file before, whole or not at all. If one document cannot
be fetched or is not sound, nothing changes.

--from names a mirror (https://…) or a directory that has the documents by their
names, or a file that 'data export' wrote:
%[1]s
A directory may have some of them only.

Exit codes: 0 done; 2 wrong usage, or a document that is not sound; 3 a document that
could not be fetched.`, documentNames())),
		Example: "  sudo " + a.name() + " data update\n  " + a.name() + " data update --from https://mirror.example/seawall\n  " + a.name() + " data update --from seawall-data.gz",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.updateData(cmd.Context(), from) },
	}
	cmd.Flags().StringVar(&from, "from", "", lang.T("directory, file or address to take the documents from"))
	return cmd
}

func documentNames() string {
	var b strings.Builder
	for _, doc := range feed.Documents {
		fmt.Fprintf(&b, "  %-24s %s\n", doc.Name, doc.URL)
	}
	fmt.Fprintf(&b, "  %-24s %s\n", "vex-cve-….json", "https://security.access.redhat.com/data/csaf/v2/vex/YEAR/cve-….json")
	return b.String()
}

func (a *app) updateData(ctx context.Context, from string) error {
	path := datafile.Own(os.Getuid(), a.Getenv)
	if path == "" {
		return usageError{lang.Error("there is no place for the data: set HOME, XDG_STATE_HOME or SEAWALL_DATA_DIR")}
	}
	data, err := a.newData(ctx, from)
	if err != nil {
		return err
	}
	if tomorrow := time.Now().AddDate(0, 0, 1).Format(time.DateOnly); data.AsOf > tomorrow {
		return usageError{lang.Errorf("nothing was changed: the newest record is of %s, which is yet to come", data.AsOf)}
	}
	data.Compiled = time.Now().UTC().Format(time.DateOnly)
	packed, err := datafile.Pack(data)
	if err != nil {
		return usageError{err}
	}
	if err := datafile.Write(path, packed); err != nil {
		return lookError{err}
	}
	fmt.Fprintln(a.Stderr, lang.Sprintf("%s: %d bytes", path, len(packed)))
	return a.showData(datafile.Source{Data: data, Path: path}, time.Now())
}

// newData is an exported file, or the reviewed data with documents laid on it.
func (a *app) newData(ctx context.Context, from string) (*known.Data, error) {
	if info, err := os.Stat(from); err == nil && info.Mode().IsRegular() {
		file, err := os.Open(from)
		if err != nil {
			return nil, usageError{err}
		}
		defer file.Close()
		data, err := known.Decode(file)
		if err == nil {
			err = currency.CheckData(data)
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", from, err)}
		}
		return data, nil
	}
	source := datafetch.From{Base: from, Limits: datafetch.Usual}
	m := feed.Begin(known.BuiltIn())
	for _, doc := range feed.Documents {
		if err := a.addDocument(ctx, m, source, doc); err != nil {
			return nil, err
		}
	}
	for _, doc := range m.PerFlaw() {
		if err := a.addDocument(ctx, m, source, doc); err != nil {
			return nil, err
		}
	}
	data, err := m.Data()
	if err != nil {
		return nil, usageError{err}
	}
	if len(m.Notes) == 0 {
		return nil, usageError{lang.Errorf("%s: it has none of the documents, such as %s", from, filepath.Join(from, feed.Documents[0].Name))}
	}
	for _, note := range m.Notes {
		fmt.Fprintln(a.Stderr, note)
	}
	return data, nil
}

// addDocument gets a document and lays it on the data. One that a directory lacks is
// passed over.
func (a *app) addDocument(ctx context.Context, m *feed.Merger, source datafetch.From, doc feed.Document) error {
	file, size, err := source.Get(ctx, doc)
	switch {
	case errors.Is(err, fs.ErrNotExist) && (doc.Optional() || !datafetch.IsURL(source.Base) && source.Base != ""):
		return nil
	case err != nil:
		return lookError{lang.Errorf("nothing was changed: %w", err)}
	}
	defer file.Close()
	if err := m.Add(doc, file, size); err != nil {
		return usageError{lang.Errorf("nothing was changed: %w", err)}
	}
	return nil
}
