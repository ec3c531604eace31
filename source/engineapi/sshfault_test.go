package engineapi

import (
	"strings"
	"testing"
)

// TestSSHFaults: what OpenSSH 10.0 and the Docker CLI 26.1 write, each as one
// line with what to do.
func TestSSHFaults(t *testing.T) {
	tests := []struct {
		said, text string
		kind       Kind
	}{
		{"No ED25519 host key is known for [192.0.2.10]:2222 and you have requested strict checking.\nHost key verification failed.",
			"ssh does not know the host key; compare and accept it once: ssh -p 2222 ops@build1", UnknownHost},
		{"Host key for [192.0.2.10]:2222 has changed and you have requested strict checking.\r\nHost key verification failed.",
			"remove the old one: ssh-keygen -R '[build1]:2222'", UnknownHost},
		{"ops@build1: Permission denied (publickey,password).", "ssh was not let in", NotPermitted},
		{"bash: line 1: docker: command not found", "there is no docker command there", NotDocker},
		{"sh: 1: docker: not found", "there is no docker command there", NotDocker},
		{"failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied", "ssh://USER@build1:2222", NotPermitted},
		{"failed to open the raw stream connection: dial unix /run/none.sock: connect: no such file or directory", "there is no such socket", NoEngine},
		{"failed to open the raw stream connection: dial unix /run/docker.sock: connect: connection refused", "nothing listens on the engine's socket", NoEngine},
		{"ssh: connect to host build1 port 2222: Connection refused", "no ssh server listens there", NoEngine},
		{"ssh: Could not resolve hostname build1: Name or service not known", "the name does not resolve", NoEngine},
		{"ssh: connect to host build1 port 2222: Connection timed out", "the host does not answer", TimedOut},
		{"something\nelse", "ssh to build1: else", Broken},
	}
	e := Endpoint{Host: "ssh://ops@build1:2222"}
	target, err := parseSSH(e.Host)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		got := connectError(e, &sshError{target: target, said: test.said})
		if got.Kind != test.kind || !strings.Contains(got.Error(), test.text) || strings.Contains(got.Error(), "\n") {
			t.Errorf("%q is %s: %v; want %s: %s", test.said, got.Kind, got, test.kind, test.text)
		}
	}
}
