package e2e

import (
	"context"
	"errors"
	"testing"
	"time"

	"seawall/lab"
	"seawall/snapshot"
)

// remoteTLS are the flags of an engine that serves clients of its authority.
func remoteTLS(dir string) []string {
	return []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2376", "--tlsverify",
		"--tlscacert", "/etc/tls/ca.pem", "--tlscert", dir + "/cert.pem", "--tlskey", dir + "/key.pem"}
}

// remoteCertificates writes two authorities, certificates of both for clients,
// and two for the server, of which one has expired.
func remoteCertificates(_ context.Context, h *lab.Host) error {
	own, err1 := newAuthority("lab CA")
	other, err2 := newAuthority("another CA")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return errors.Join(
		own.write(h, "/etc/tls/ca.pem"), other.write(h, "/etc/other/ca.pem"),
		own.issue(h, "/etc/tls", ninetyDays), own.issue(h, "/etc/expired", -time.Hour),
		own.write(h, "/root/client/ca.pem"), own.issue(h, "/root/client", ninetyDays),
		own.issue(h, "/root/late", -time.Hour), other.issue(h, "/root/stranger", ninetyDays))
}

// TestRemoteOverTLS audits an engine with verified TLS from the neighbour. What
// goes wrong is one line that says what.
func TestRemoteOverTLS(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28, LAN: true, Prepare: remoteCertificates, Flags: remoteTLS("/etc/tls")})
	h.Run("--name", "bad", "--privileged", h.ImportSleep())
	const address = "tcp://" + lab.HostAddr + ":2376"
	client := func(dir, ca string) []string {
		return []string{"--tlsverify", "--tlscacert", ca, "--tlscert", dir + "/cert.pem", "--tlskey", dir + "/key.pem"}
	}
	remote := func(t *testing.T, host string, flags ...string) outcome {
		return neighbour(t, h, append([]string{"audit", "--exit-zero", "--format", "json", "--host", host}, flags...)...)
	}
	own := client("/root/client", "/root/client/ca.pem")
	r := parse(t, remote(t, address, own...))
	wantFail(t, r, "container-privileged", "bad")
	if e := r.Engines[0]; e.Name != address || e.Local || e.Gap != nil {
		t.Errorf("engine %+v", e)
	}
	for _, x := range r.Results {
		if x.Rule == "engine-iptables-off" && (len(x.Gaps) == 0 || x.Gaps[0].Reason != snapshot.ReasonRemote) {
			t.Errorf("%s is %s: %s", x.Rule, x.Verdict, x.Message)
		}
	}
	for _, x := range parse(t, remote(t, address, append(own, "--deep")...)).Results {
		if x.Rule == "image-setid-files" && (len(x.Gaps) == 0 || x.Gaps[0].Reason != snapshot.ReasonRemote) {
			t.Errorf("%s on %s is %s: %s", x.Rule, x.Subject.Name, x.Verdict, x.Message)
		}
	}
	h.Exec("docker", "context", "create", "prod", "--docker",
		"host="+address+",ca=/root/client/ca.pem,cert=/root/client/cert.pem,key=/root/client/key.pem")
	wantFail(t, parse(t, neighbour(t, h, "audit", "--exit-zero", "--format", "json", "--context", "prod")), "container-privileged", "bad")

	faults := []struct {
		name, host string
		flags      []string
		says       []string
	}{
		{"another authority", address, client("/root/client", "/etc/other/ca.pem"), []string{"signed by an unknown CA", "--tlscacert"}},
		{"no client certificate", address, []string{"--tlsverify", "--tlscacert", "/root/client/ca.pem"}, []string{"client's certificate", "--tlscert"}},
		{"a client certificate of another authority", address, client("/root/stranger", "/root/client/ca.pem"), []string{"refuses the client's certificate"}},
		{"a client certificate that has expired", address, client("/root/late", "/root/client/ca.pem"), []string{"refuses the client's certificate"}},
		{"an address that is not in the certificate", "tcp://[" + lab.HostAddr6 + "]:2376", own, []string{"not for " + lab.HostAddr6}},
		{"no TLS", address, nil, []string{"speaks TLS", "--tlsverify"}},
		{"a port where nothing listens", "tcp://" + lab.HostAddr + ":2377", own, []string{"nothing listens there"}},
		{"a key file that is not there", address, client("/root/none", "/root/client/ca.pem"), []string{"/root/none/cert.pem"}},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) { wantLine(t, remote(t, f.host, f.flags...), 3, f.says...) })
	}
	t.Run("a server's certificate that has expired", func(t *testing.T) {
		h.RestartDaemon(remoteTLS("/etc/expired")...)
		wantLine(t, remote(t, address, own...), 3, "has expired")
	})
}

// sshServer starts an ssh server for three users: alice may use the engine,
// mallory may not, lone has no docker command. Root may log in as each.
const sshServer = `mkdir -p /run/sshd /root/.ssh; chmod 700 /root/.ssh
ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
for u in alice mallory lone; do
	useradd -m -s /bin/bash -p '*' $u
	mkdir /home/$u/.ssh; cp /root/.ssh/id_ed25519.pub /home/$u/.ssh/authorized_keys; chown -R $u /home/$u/.ssh; chmod 700 /home/$u/.ssh
done
usermod -aG docker alice
cat >/etc/ssh/lab_config <<'END'
ListenAddress 192.0.2.10:2222
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
Match User lone
  SetEnv PATH=/opt
END
/usr/sbin/sshd -f /etc/ssh/lab_config -E /var/log/sshd.log
for i in $(seq 50); do ssh-keyscan -p 2222 192.0.2.10 >/root/keys 2>/dev/null; [ -s /root/keys ] && exit; sleep 0.1; done; cat /var/log/sshd.log >&2; exit 1`

// TestRemoteOverSSH audits an engine over a real ssh server. What goes wrong is
// one line that says what.
func TestRemoteOverSSH(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26, Extras: true, LAN: true})
	h.Run("--name", "bad", "--privileged", h.ImportSleep())
	h.Exec("sh", "-ec", sshServer)
	const host = "@" + lab.HostAddr + ":2222"
	remote := func(t *testing.T, url string) outcome {
		return neighbour(t, h, "audit", "--exit-zero", "--format", "json", "--host", url)
	}
	t.Run("a host key that is not known", func(t *testing.T) {
		wantLine(t, remote(t, "ssh://alice"+host), 3, "does not know the host key", "ssh -p 2222 alice@"+lab.HostAddr)
	})
	h.Exec("cp", "/root/keys", "/root/.ssh/known_hosts")
	r := parse(t, remote(t, "ssh://alice"+host))
	wantFail(t, r, "container-privileged", "bad")
	if e := r.Engines[0]; e.Local || e.Gap != nil {
		t.Errorf("engine %+v", e)
	}
	faults := []struct {
		name, url string
		says      []string
	}{
		{"a user who may not use the engine", "ssh://mallory" + host, []string{"may not use the engine there"}},
		{"no docker command", "ssh://lone" + host, []string{"no docker command there"}},
		{"a user who is not let in", "ssh://nobody" + host, []string{"ssh was not let in"}},
		{"a socket that is not there", "ssh://alice" + host + "/run/none.sock", []string{"no such socket"}},
		{"no ssh server", "ssh://alice@" + lab.HostAddr + ":2223", []string{"no ssh server listens there"}},
		{"a name that does not resolve", "ssh://alice@no.such.example", []string{"does not resolve"}},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) { wantLine(t, remote(t, f.url), 3, f.says...) })
	}
	t.Run("another host key than is known", func(t *testing.T) {
		h.Exec("sh", "-ec", `ssh-keygen -q -t ed25519 -N '' -f /root/other
{ printf '[192.0.2.10]:2222 '; cat /root/other.pub; } >/root/.ssh/known_hosts`)
		wantLine(t, remote(t, "ssh://alice"+host), 3, "another than ssh knows", "ssh-keygen -R '["+lab.HostAddr+"]:2222'")
	})
}
