package rules_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
)

// listens is the variable that makes the test binary a server: it listens on
// the addresses named, as NETWORK:ADDRESS (at authz:PATH it is an authorization
// plugin that allows everything), and hands the sockets to the command
// in its arguments as systemd does. Without a command it accepts connections
// and says nothing.
const listens = "SEAWALL_TEST_LISTEN"

func serve(addresses, command []string) error {
	var files []*os.File
	for _, a := range addresses {
		network, address, _ := strings.Cut(a, ":")
		if network == "authz" {
			return allowAll(address)
		}
		l, err := net.Listen(network, address)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", a, err)
		}
		f, err := l.(interface{ File() (*os.File, error) }).File()
		if err != nil {
			return fmt.Errorf("socket of %s: %w", a, err)
		}
		files = append(files, f)
		if len(command) == 0 {
			go accept(l)
		}
	}
	if len(command) == 0 {
		select {}
	}
	script := fmt.Sprintf(`LISTEN_PID=$$ LISTEN_FDS=%d exec "$@"`, len(files))
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, command...)...)
	cmd.ExtraFiles, cmd.Stdout, cmd.Stderr = files, os.Stdout, os.Stderr
	return cmd.Run()
}

func accept(l net.Listener) {
	for {
		if _, err := l.Accept(); err != nil {
			return
		}
	}
}
