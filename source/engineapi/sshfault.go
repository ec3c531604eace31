package engineapi

import (
	"errors"
	"net"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// sshError is a connection that ssh, or docker at its other end, could not make
// or keep.
type sshError struct {
	target sshTarget
	said   string // the end of what they wrote
}

// Error is the last line of what was said.
func (e *sshError) Error() string {
	last := e.said[strings.LastIndexByte(e.said, '\n')+1:]
	return lang.Recordf("ssh to %s: %s", e.target.host, snapshot.RedactString(strings.TrimSpace(last)))
}

// sshFaults are the words of ssh (OpenSSH) and of "docker system dial-stdio" by
// which their failures are told apart, the first that fits first.
var sshFaults = [...]struct {
	words        string
	kind         Kind
	text, remedy string
}{
	{"has changed and you have requested strict checking", UnknownHost, lang.N("the host key is another than ssh knows"), "find out why, then remove the old one: ssh-keygen -R {known}"},
	{"Host key verification failed", UnknownHost, lang.N("ssh does not know the host key"), "compare and accept it once: ssh {login}"},
	{"command not found", NotDocker, lang.N("there is no docker command there, or not in the PATH of ssh sessions"), "install the Docker CLI on {host}, or audit there"},
	{"docker: not found", NotDocker, lang.N("there is no docker command there, or not in the PATH of ssh sessions"), "install the Docker CLI on {host}, or audit there"},
	{"connect: permission denied", NotPermitted, lang.N("the user may not use the engine there"), "name a user who may: ssh://USER@{host}"},
	{"permission denied while trying to connect", NotPermitted, lang.N("the user may not use the engine there"), "name a user who may: ssh://USER@{host}"},
	{"connect: no such file or directory", NoEngine, lang.N("there is no such socket"), "start the engine on {host}, or name its socket at the end of the URL"},
	{"connect: connection refused", NoEngine, lang.N("nothing listens on the engine's socket"), "start the engine on {host}"},
	{"Cannot connect to the Docker daemon", NoEngine, lang.N("no engine answers there"), "start the engine on {host}, or name its socket at the end of the URL"},
	{"Permission denied (", NotPermitted, lang.N("ssh was not let in"), "check the user, and the key: ssh {login}"},
	{"Connection refused", NoEngine, lang.N("no ssh server listens there"), "check the address and the port"},
	{"Could not resolve hostname", NoEngine, lang.N("the name does not resolve"), "check the address"},
	{"Connection timed out", TimedOut, lang.N("the host does not answer"), "check the address and the port"},
}

func (e *sshError) fault() fault {
	for _, f := range sshFaults {
		if strings.Contains(e.said, f.words) {
			return fault{f.kind, errors.New(f.text), e.target.names().Replace(f.remedy)}
		}
	}
	return fault{Broken, e, ""}
}

// names are the ways to write the host in a remedy: as an argument of ssh, as
// known_hosts has it, and in a URL.
func (t sshTarget) names() *strings.Replacer {
	login, known, host := t.host, t.host, t.host
	if t.user != "" {
		login = t.user + "@" + t.host
	}
	if t.port != "" {
		login, known, host = "-p "+t.port+" "+login, "'["+t.host+"]:"+t.port+"'", net.JoinHostPort(t.host, t.port)
	}
	return strings.NewReplacer("{login}", login, "{known}", known, "{host}", host)
}
