package rules_test

import "seawall/lab"

// liveCurrency are hosts judged by how up to date they are: those of Debian as their
// packages are, and what an administrator did to them since.
func liveCurrency() []live {
	return []live{
		{
			name: "Debian 12 as it is", versions: []lab.Version{lab.V20},
			fail: "engine-has-open-advisory containerd-has-open-advisory runc-has-open-advisory host-without-unattended-upgrades",
			pass: "host-reboot-required running-binary-replaced host-has-compilers client-binary-shadows-package",
		},
		{
			name: "Debian 13 as it is", versions: []lab.Version{lab.V26},
			fail: "engine-has-open-advisory runc-has-open-advisory",
			pass: "host-reboot-required running-binary-replaced client-binary-shadows-package engine-branch-unmaintained",
		},
		{
			name: "what an update left behind",
			after: inHost(`p=$(readlink -f /proc/$(pidof dockerd)/exe); cp $p $p.new; mv $p.new $p
				echo '*** System restart required ***' > /run/reboot-required; echo linux-base > /run/reboot-required.pkgs
				mkdir -p /usr/local/bin; cp $(command -v docker) /usr/local/bin/docker.copy; mv /usr/local/bin/docker.copy /usr/local/bin/docker`),
			fail: "running-binary-replaced host-reboot-required client-binary-shadows-package",
		},
		{
			name: "a host for other things too",
			after: inHost(`printf '#!/bin/sh\n' > /usr/bin/nmap; chmod 755 /usr/bin/nmap
				useradd -m -s /bin/bash carol`),
			fail: "host-has-compilers host-interactive-users",
		},
	}
}
