package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"

	"github.com/spf13/pflag"

	"seawall/lang"
)

// pluginName is the command that the Docker CLI calls us by: docker seawall.
const pluginName = "seawall"

// pluginMetadata is what a Docker CLI plugin says of itself. Version 0.1.0 of
// the schema is the only one that CLIs before 28.4.1 accept
// (docker/cli, cli-plugins/metadata).
type pluginMetadata struct {
	SchemaVersion    string
	Vendor           string
	Version          string
	ShortDescription string
}

// startPlugin does what the Docker CLI asks of a plugin: it answers the request
// for metadata, reads the CLI's global flags, which come before our name, and
// makes the context end when the CLI goes away. It returns the arguments after
// our name, or the exit code if all is done.
func (a *app) startPlugin(ctx context.Context, args []string) (_ context.Context, rest []string, code int, done bool) {
	a.plugin = true
	if len(args) > 0 && args[0] == "docker-cli-plugin-metadata" {
		return ctx, nil, a.printMetadata(), true
	}
	rest, err := a.dockerGlobals(args)
	if err != nil {
		return ctx, nil, a.exit(usageError{err}), true
	}
	if address := a.Getenv("DOCKER_CLI_PLUGIN_SOCKET"); address != "" {
		ctx = untilClosed(ctx, address)
	}
	return ctx, rest, 0, false
}

func (a *app) printMetadata() int {
	err := json.NewEncoder(a.Stdout).Encode(pluginMetadata{
		SchemaVersion: "0.1.0", Vendor: "Seawall", Version: Version,
		ShortDescription: lang.T("Audit Docker Engine: daemon, API, client and workloads"),
	})
	return a.exit(err)
}

// dockerGlobals reads the Docker CLI's global flags up to the plugin's name.
// `docker help seawall` and shell completion arrive with the name second.
func (a *app) dockerGlobals(args []string) ([]string, error) {
	flags := pflag.NewFlagSet("docker", pflag.ContinueOnError)
	flags.SetInterspersed(false)
	flags.SetOutput(io.Discard)
	a.connection.flags(flags)
	flags.BoolP("debug", "D", false, "")
	flags.StringP("log-level", "l", "", "")
	if err := flags.Parse(args); err != nil {
		return nil, fmt.Errorf("docker: %w", flagFault(err))
	}
	rest := flags.Args()
	switch {
	case len(rest) > 0 && rest[0] == pluginName:
		return rest[1:], nil
	case len(rest) > 1 && rest[1] == pluginName:
		return append([]string{rest[0]}, rest[2:]...), nil
	}
	return rest, nil
}

// untilClosed returns a context that ends when the connection to the Docker
// CLI's socket does: the CLI has been interrupted.
func untilClosed(ctx context.Context, address string) context.Context {
	conn, err := net.Dial("unix", address)
	if err != nil {
		return ctx
	}
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(ctx, func() { conn.Close() })
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, conn)
	}()
	return ctx
}
