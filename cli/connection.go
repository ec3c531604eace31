package cli

import (
	"strconv"

	"github.com/spf13/pflag"

	"seawall/lang"
)

// connection says which engine to look at, in the words of the Docker CLI.
type connection struct {
	host, context, config      string
	tls                        bool
	tlsVerify                  optionalBool
	tlsCACert, tlsCert, tlsKey string
}

// flags adds the connection flags that are not set already.
func (c *connection) flags(flags *pflag.FlagSet) {
	flags.StringVarP(&c.host, "host", "H", c.host, lang.T("engine to look at: unix://, tcp:// or ssh:// URL (default: all engines of this machine)"))
	flags.StringVarP(&c.context, "context", "c", c.context, lang.T("Docker CLI context to look at"))
	flags.StringVar(&c.config, "config", c.config, lang.T("directory of the Docker CLI configuration (default ~/.docker)"))
	flags.BoolVar(&c.tls, "tls", c.tls, lang.T("use TLS"))
	flags.Var(&c.tlsVerify, "tlsverify", lang.T("use TLS and verify the engine"))
	flags.Lookup("tlsverify").NoOptDefVal = "true"
	flags.StringVar(&c.tlsCACert, "tlscacert", c.tlsCACert, lang.T("trust certificates of this CA"))
	flags.StringVar(&c.tlsCert, "tlscert", c.tlsCert, lang.T("client certificate"))
	flags.StringVar(&c.tlsKey, "tlskey", c.tlsKey, lang.T("client key"))
}

// optionalBool is a flag that is true, false or not given: --tlsverify=false is
// not the same as none (it overrides DOCKER_TLS_VERIFY).
type optionalBool struct{ value *bool }

func (o *optionalBool) Set(text string) error {
	b, err := strconv.ParseBool(text)
	o.value = &b
	return err
}

func (o *optionalBool) Type() string { return "bool" }

func (o *optionalBool) String() string {
	if o.value == nil {
		return "false"
	}
	return strconv.FormatBool(*o.value)
}
