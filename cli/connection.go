package cli

import (
	"github.com/spf13/pflag"
)

// connection says which engine to look at, in the words of the Docker CLI.
type connection struct {
	host, context, config      string
	tls, tlsVerify             bool
	tlsCACert, tlsCert, tlsKey string
}

// flags adds the connection flags that are not set already.
func (c *connection) flags(flags *pflag.FlagSet) {
	flags.StringVarP(&c.host, "host", "H", c.host, "engine to look at: unix://, tcp:// or ssh:// URL (default: all engines of this machine)")
	flags.StringVarP(&c.context, "context", "c", c.context, "Docker CLI context to look at")
	flags.StringVar(&c.config, "config", c.config, "directory of the Docker CLI configuration (default ~/.docker)")
	flags.BoolVar(&c.tls, "tls", c.tls, "use TLS")
	flags.BoolVar(&c.tlsVerify, "tlsverify", c.tlsVerify, "use TLS and verify the engine")
	flags.StringVar(&c.tlsCACert, "tlscacert", c.tlsCACert, "trust certificates of this CA")
	flags.StringVar(&c.tlsCert, "tlscert", c.tlsCert, "client certificate")
	flags.StringVar(&c.tlsKey, "tlskey", c.tlsKey, "client key")
}
