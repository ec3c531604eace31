package steps_test

import (
	"fmt"
	"maps"
	"net"
	"time"
)

func init() { maps.Copy(attempts, networkAttempts) }

// networkAttempts open connections, say nothing and close them, and take such.
var networkAttempts = map[string]func(args []string) error{
	"tcp":       func(args []string) error { return openTCP(args[0]) },
	"serve-tcp": func(args []string) error { return serveTCP(args[0]) },
}

func openTCP(address string) error {
	c, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// serveTCP takes connections until it is killed, and says when it does.
func serveTCP(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("serving")
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		c.Close()
	}
}
