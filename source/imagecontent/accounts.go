package imagecontent

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
)

// maxAccounts bounds /etc/passwd and /etc/shadow.
const maxAccounts = 1 << 20

// accounts is what /etc/passwd or /etc/shadow of a layer tells.
type accounts struct {
	shells map[string]string // of passwd: the shells, by account
	// empty are the accounts whose password is the empty text, shadowed those
	// whose password is in /etc/shadow.
	empty, shadowed []string
	unread          error
}

func isAccounts(p string) bool { return p == "/etc/passwd" || p == "/etc/shadow" }

// readAccounts reads the file if it is one of the two.
func (e *entry) readAccounts(r io.Reader, head headFunc) {
	if !isAccounts(e.path) {
		return
	}
	data, err := head.whole(e.path, r, maxAccounts)
	if err != nil {
		e.accounts = &accounts{unread: err}
		return
	}
	e.accounts = parseAccounts(data, e.path == "/etc/passwd")
}

// parseAccounts reads passwd(5) or shadow(5). Lines without a password field are
// no accounts, nor are comments and what includes NIS ("+", "-").
func parseAccounts(data []byte, passwd bool) *accounts {
	a := &accounts{shells: map[string]string{}}
	for line := range bytes.Lines(data) {
		fields := strings.Split(strings.TrimRight(string(line), "\r\n"), ":")
		if len(fields) < 2 || fields[0] == "" || strings.ContainsAny(fields[0][:1], "#+-") || passwd && len(fields) < 7 {
			continue
		}
		name := fields[0]
		switch fields[1] {
		case "":
			a.empty = append(a.empty, name)
		case "x":
			a.shadowed = append(a.shadowed, name)
		}
		if passwd {
			a.shells[name] = fields[6]
		}
	}
	return a
}

// openAccounts are the accounts that can be logged in to without a password. An
// empty shell is /bin/sh.
func openAccounts(passwd, shadow *accounts) []string {
	if passwd == nil {
		return nil
	}
	var out []string
	for name, shell := range passwd.shells {
		open := slices.Contains(passwd.empty, name) ||
			slices.Contains(passwd.shadowed, name) && shadow != nil && slices.Contains(shadow.empty, name)
		if open && loginShell(shell) {
			out = append(out, printable(name))
		}
	}
	slices.Sort(out)
	return out
}

func loginShell(shell string) bool {
	switch path.Base(shell) {
	case "nologin", "false", "true", "sync", "shutdown", "halt":
		return false
	}
	return true
}
