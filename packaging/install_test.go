package packaging_test

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seawall/lab"
)

// debian is a small Debian 12 with a manual, three shells and systemd's files, which
// is built once and kept. Nothing of it runs but what a test starts.
func debian(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(lab.CacheDir(), "packaging", "bookworm-1")
	err := lab.Once(t.Context(), dir, func(tmp string) error {
		packages := strings.Fields("man-db bash-completion zsh fish systemd gzip")
		return lab.Bootstrap(context.WithoutCancel(t.Context()), "bookworm", tmp, packages,
			`--customize-hook=rm -f "$1"/etc/dpkg/dpkg.cfg.d/*`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// inDebian runs a script in a copy of the Debian that is gone afterwards, with dist/ in
// /dist.
func inDebian(t *testing.T, script string) string {
	t.Helper()
	const outside = `mount -t tmpfs tmpfs "$TMP" && mkdir "$TMP/up" "$TMP/work" "$TMP/root"
mount -t overlay -o lowerdir="$BASE",upperdir="$TMP/up",workdir="$TMP/work" overlay "$TMP/root"
mkdir "$TMP/root/dist" && mount --bind "$DIST" "$TMP/root/dist"
mount -t proc proc "$TMP/root/proc"
mount --rbind /dev "$TMP/root/dev"
exec chroot "$TMP/root" /bin/bash -euo pipefail -c "$SCRIPT"`
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private", "bash", "-euc", outside)
	cmd.Env = []string{
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=dumb", "MANWIDTH=80", "MAN_KEEP_FORMATTING=",
		"BASE=" + debian(t), "DIST=" + distOf(t), "TMP=" + t.TempDir(), "SCRIPT=" + script,
	}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out.String(), errOut.String())
	}
	return out.String()
}

const install = "dpkg -i /dist/seawall_1.2.3_amd64.deb >/dev/null\n"

// TestDeb: the package installs, its program and manual work, nothing is enabled, and
// nothing is left after it is purged.
func TestDeb(t *testing.T) {
	const files = `find / -xdev \( -path /dist -o -path /var/log -o -path /var/lib/dpkg -o -path /var/cache/man -o -path /tmp \) -prune -o -type f -print -o -type l -print | sort`
	out := inDebian(t, files+" >/tmp/before\n"+install+`
seawall version
readlink -f /usr/libexec/docker/cli-plugins/docker-seawall
/usr/libexec/docker/cli-plugins/docker-seawall docker-cli-plugin-metadata | grep -q '"SchemaVersion":"0.1.0"'
man -P cat seawall | grep -A1 '^NAME'
man -w seawall-audit-run
ls /etc/systemd/system/timers.target.wants 2>/dev/null | grep seawall && exit 9
systemctl --root=/ is-enabled seawall.timer || true
systemctl --root=/ enable seawall.timer 2>/dev/null
systemctl --root=/ is-enabled seawall.timer
seawall rules check /usr/share/doc/seawall/examples/rules.yaml
zcat /usr/share/doc/seawall/third-party-licenses.gz | sed -n 1,3p
dpkg -V seawall
mkdir -p /var/lib/seawall/audits && touch /var/lib/seawall/audits/audit.json
dpkg --remove seawall >/dev/null
ls /var/lib/seawall/audits
dpkg --purge seawall >/dev/null 2>&1
`+files+` >/tmp/after
diff /tmp/before /tmp/after
[ ! -e /var/lib/seawall ] && [ ! -e /usr/libexec/docker ] && echo nothing left`)
	for _, want := range []string{
		"seawall 1.2.3 ", "\n/usr/bin/seawall\n", "seawall - audit Docker Engine", "/usr/share/man/man1/seawall-audit-run.1.gz",
		"disabled\nenabled\n", "These modules of others are linked into it", "audit.json\n", "nothing left\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}

// TestShells: in each shell, with the package installed, the beginning of a rule's id is
// completed, and so is a format.
func TestShells(t *testing.T) {
	out := inDebian(t, install+`
cat >/tmp/bash.sh <<'B'
. /usr/share/bash-completion/bash_completion
try() {
	COMP_LINE=$* COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
	COMPREPLY=()
	_completion_loader seawall
	$(complete -p seawall | sed 's/.* -F \([^ ]*\) .*/\1/') seawall
	echo "bash: ${COMPREPLY[*]}"
}
try seawall explain container-privil
try seawall audit --format sar
try seawall audit --profile essen
B
bash /tmp/bash.sh
for line in 'seawall explain container-privil' 'seawall audit --format sar'; do fish -c "complete -C '$line'" | sed 's/^/fish: /'; done
cat >/tmp/zsh.sh <<'Z'
zmodload zsh/zpty
zpty z 'PS1= zsh -f -i'
zpty -w z 'autoload -U compinit; compinit -u; setopt no_beep; bindkey "^I" complete-word'
zpty -w z "print -r READY"
zpty -n -w z $'seawall explain container-privil\t'
sleep 3
zpty -w z ''
sleep 3
zpty -r -t z got; while zpty -r -t z more; do got+=$more; done
print -r -- "zsh: ${got//[^[:print:]]/ }"
zpty -d z
Z
zsh -f /tmp/zsh.sh`)
	for _, want := range []string{
		"bash: container-privileged", "bash: sarif", "bash: essential", "fish: container-privileged\t", "fish: sarif\t", "seawall explain container-privileged",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}

// TestUnits: systemd of Debian 12 understands the units, with the manual in place, and
// finds the service well confined: of what it counts, only what an audit needs is open.
func TestUnits(t *testing.T) {
	out := inDebian(t, install+`
if systemd-analyze verify seawall.service seawall.timer >/tmp/verify 2>&1 && ! grep -qi seawall /tmp/verify; then echo understood; else cat /tmp/verify; fi
systemd-analyze security --offline=yes --threshold=35 seawall.service >/tmp/security || { cat /tmp/security; exit 1; }
systemd-tmpfiles --cat-config | grep /var/lib/seawall
grep -o '✗ CapabilityBoundingSet=[^ ]*' /tmp/security | sort`)
	for _, want := range []string{"understood\n", "e /var/lib/seawall/audits - - - m:400d\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}
