package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// historyTable are the rules about the build of an image.
func historyTable() []historyRule {
	return []historyRule{
		{
			id: "image-secret-in-history", title: "The build of an image left a secret in it", severity: rule.Medium,
			why: "Build arguments, variables and the text of each RUN are kept in the image, and whoever can pull it reads them with docker history. " +
				"A key that is copied in stays in its layer, even if a later step removes it.",
			fix: rule.Fix{
				Text:    "Change the secret, for it is known. Build again with build secrets, which are mounted for one step and stay nowhere.",
				Shell:   "docker build --secret id=npm,src=$HOME/.npmrc .   # in the Dockerfile: RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci",
				Compose: "services:\n  web:\n    build: {context: ., secrets: [npm]}\nsecrets:\n  npm: {file: ./npmrc}",
				Run:     "with the image built anew",
				Breaks:  "Builds that are given the secret as --build-arg.",
			},
			refs:    rule.Refs{CIS: "4.10", NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Build secrets", Peers: "DS-0031 kics:passwords_and_secrets DL3064 CIS-DI-0010"},
			kinds:   []snapshot.BuildKind{snapshot.BuildSecret, snapshot.BuildSecretFile},
			finding: lang.N("its history holds what looks like a secret"), absent: lang.N("nothing in its history looks like a secret"),
			bad: []buildStep{
				{"RUN npm ci", snapshot.BuildSecret, "NPM_TOKEN"},
				{"COPY id_rsa /root/.ssh/", snapshot.BuildSecretFile, "id_rsa"},
			},
			good: []buildStep{{"RUN --mount=type=secret,id=npm npm ci", "", ""}},
		},
		{
			id: "image-runs-fetched-script", title: "The build of an image runs what it fetches", severity: rule.Medium,
			why: "The script is run as root as the server sends it: nobody looks at it, and the next build may get another one. " +
				"Over plain HTTP everyone on the way can change it.",
			fix: rule.Fix{
				Text:   "Fetch a named version, compare its checksum, then run it; better install a signed package.",
				Shell:  "ADD --checksum=sha256:DIGEST https://get.example/install-1.2.sh /tmp/install.sh   # in the Dockerfile, then RUN sh /tmp/install.sh",
				Breaks: "The build stops when the publisher changes the file: look at it and raise the checksum.",
			},
			refs:   rule.Refs{CISRelated: "4.11", NIST: "4.1.5", ATTACK: "T1195.002", Guide: "G25", Docs: "Dockerfile reference", Peers: "CIS-DI-0011"},
			kinds:  []snapshot.BuildKind{snapshot.BuildScript, snapshot.BuildPlainHTTP},
			lesser: snapshot.BuildScript, lesserReason: lang.N("it is fetched over TLS"),
			finding: lang.N("its build runs what it fetches unseen"), absent: lang.N("no step of its build is seen to run what it fetches"),
			bad: []buildStep{
				{"RUN curl -fsSL https://get.example | sh", snapshot.BuildScript, "curl | sh"},
				{"RUN wget -qO- http://get.example | bash", snapshot.BuildPlainHTTP, "wget | bash"},
			},
			good: []buildStep{{"RUN curl -fsSL https://x.example/a.tgz | tar xz", "", ""}},
		},
		{
			id: "image-build-without-tls-verification", title: "The build of an image does not check whom it fetches from", severity: rule.Medium,
			why: "With the check of certificates off, everyone on the way of the build can send another file, and it ends up in the image. " +
				"Set as a variable it counts for the program in its containers, too.",
			fix: rule.Fix{
				Text:   "Install the authority of the own server in the image, and remove the option.",
				Shell:  "COPY ca.crt /usr/local/share/ca-certificates/   # in the Dockerfile, then RUN update-ca-certificates",
				Breaks: "The build, until the server's certificate is right.",
			},
			refs:    rule.Refs{CISRelated: "4.11", NIST: "4.1.5", ATTACK: "T1557 T1195.002", Guide: "G25", Docs: "Building best practices", Peers: "CKV2_DOCKER_2 CKV2_DOCKER_3 CKV2_DOCKER_4 CKV2_DOCKER_5 CKV2_DOCKER_6 CKV2_DOCKER_12 CKV2_DOCKER_13 CKV2_DOCKER_14 CKV2_DOCKER_15 CKV2_DOCKER_16"},
			kinds:   []snapshot.BuildKind{snapshot.BuildNoVerify},
			finding: lang.N("its build skips the check of certificates"), absent: lang.N("no step of its build is seen to skip the check of certificates"),
			bad: []buildStep{
				{"RUN curl -k https://x.example/a.tgz", snapshot.BuildNoVerify, "curl -k"},
				{"ENV NODE_TLS_REJECT_UNAUTHORIZED=0", snapshot.BuildNoVerify, "NODE_TLS_REJECT_UNAUTHORIZED"},
			},
		},
		{
			id: "image-packages-unverified", title: "The build of an image installs packages without checking signatures", severity: rule.Medium,
			why: "A package manager that does not check signatures installs whatever the mirror, or someone on the way to it, sends. Its scripts run as root.",
			fix: rule.Fix{
				Text:   "Give the repository its key and remove the option.",
				Shell:  "deb [signed-by=/etc/apt/keyrings/example.asc] https://apt.example stable main   # in sources.list",
				Breaks: "The build, until the key is there.",
			},
			refs:    rule.Refs{CISRelated: "4.11", NIST: "4.1.5", ATTACK: "T1195.002", Guide: "G25", Docs: "Building best practices", Peers: "CKV2_DOCKER_7 CKV2_DOCKER_8 CKV2_DOCKER_9 CKV2_DOCKER_10 CKV2_DOCKER_11 CIS-DI-0011"},
			kinds:   []snapshot.BuildKind{snapshot.BuildUnsigned},
			finding: lang.N("its build installs packages unchecked"), absent: lang.N("no step of its build is seen to install packages unchecked"),
			bad: []buildStep{{"RUN apt-get install --allow-unauthenticated x", snapshot.BuildUnsigned, "apt-get --allow-unauthenticated"}},
		},
		{
			id: "image-index-updated-alone", title: "The build of an image updates the index of packages in a step of its own", severity: rule.Low,
			why: "The builder keeps the step's result and uses it again: the steps after it install from an index that is weeks old, without the fixes since then.",
			fix: rule.Fix{
				Text:   "Update and install in one step.",
				Shell:  "RUN apt-get update && apt-get install -y --no-install-recommends nginx && rm -rf /var/lib/apt/lists/*   # in the Dockerfile",
				Breaks: "Nothing.",
			},
			refs:    rule.Refs{CISRelated: "4.7", NIST: "4.1.1", ATTACK: "T1195", Guide: "G22", Docs: "Building best practices", Peers: "DS-0017 CKV_DOCKER_5 kics:update_instruction_alone CIS-DI-0007"},
			kinds:   []snapshot.BuildKind{snapshot.BuildUpdate},
			finding: lang.N("its build updates the index of packages alone"), absent: lang.N("no step of its build is seen to update an index alone"),
			bad:  []buildStep{{"RUN apt-get update", snapshot.BuildUpdate, "apt-get update"}},
			good: []buildStep{{"RUN apt-get update && apt-get install -y nginx", "", ""}},
		},
		{
			id: "image-add-from-url", title: "The build of an image adds a file of the network unchecked", severity: rule.Medium,
			why: "ADD with a URL puts into the image whatever the server sends at the time of the build. Without a checksum nobody notices that it has changed.",
			fix: rule.Fix{
				Text:   "Name the checksum of the file.",
				Shell:  "ADD --checksum=sha256:DIGEST https://x.example/a.tgz /srv/   # in the Dockerfile",
				Breaks: "The build stops when the publisher changes the file.",
			},
			refs:    rule.Refs{CISRelated: "4.9", NIST: "4.1.5", ATTACK: "T1195.002", Guide: "G25", Docs: "Dockerfile reference", Peers: "CIS-DI-0009"},
			kinds:   []snapshot.BuildKind{snapshot.BuildAddURL},
			finding: lang.N("its build adds files of the network without a checksum"), absent: lang.N("no step of its build is seen to add a file of the network without a checksum"),
			bad:  []buildStep{{"ADD https://x.example/a.tgz /srv/", snapshot.BuildAddURL, "https://x.example/a.tgz"}},
			good: []buildStep{{"ADD --checksum=sha256:00 https://x.example/a.tgz /srv/", "", ""}},
		},
		{
			id: "image-add-instead-of-copy", title: "The build of an image uses ADD where COPY would do", severity: rule.Low,
			why: "ADD does more than its line shows: it unpacks archives and fetches URLs, by the name of the source. COPY does one thing. The instruction counts, not the word: an archive that is to be unpacked needs ADD.",
			fix: rule.Fix{
				Text:   "Write COPY.",
				Shell:  "COPY app.py /srv/   # in the Dockerfile",
				Breaks: "Nothing.",
			},
			refs:    rule.Refs{CISRelated: "4.9", NIST: "4.1.2", ATTACK: "T1195", Guide: "G25", Docs: "Building best practices", Peers: "DS-0005 CKV_DOCKER_4 kics:add_instead_of_copy DL3020 CIS-DI-0009 semgrep:prefer-copy-over-add"},
			kinds:   []snapshot.BuildKind{snapshot.BuildAddFile},
			finding: lang.N("its build adds what COPY could copy"), absent: lang.N("no step of its build is seen to use ADD for files that COPY could copy"),
			bad:  []buildStep{{"ADD app.py /srv/", snapshot.BuildAddFile, "app.py"}},
			good: []buildStep{{"COPY app.py /srv/", "", ""}, {"ADD rootfs.tar.xz /", "", ""}},
		},
		{
			id: "image-world-writable", title: "The build of an image lets everyone write its files", severity: rule.Low,
			why: "Any program in the container, under any user, can change files with such a mode: what another runs or reads is then in its hands.",
			fix: rule.Fix{
				Text:   "Give the file to the user that needs it.",
				Shell:  "COPY --chown=10001:10001 data /data   # in the Dockerfile, instead of chmod 777",
				Breaks: "Programs that run as another user.",
			},
			refs:    rule.Refs{NIST: "4.1.2", ATTACK: "T1222.002", Guide: "G17", Docs: "Dockerfile reference"},
			kinds:   []snapshot.BuildKind{snapshot.BuildWritable},
			finding: lang.N("its build lets everyone write files"), absent: lang.N("no step of its build is seen to let everyone write files"),
			bad:  []buildStep{{"RUN chmod -R 777 /data", snapshot.BuildWritable, "chmod 777 /data"}},
			good: []buildStep{{"RUN chmod 1777 /tmp", "", ""}},
		},
		{
			id: "image-sudo-without-password", title: "An image lets its users become root without a password", severity: rule.Medium,
			why: "A user line in the image says that the program is no root; with NOPASSWD in sudoers it is root whenever it likes. Whoever breaks in needs no further flaw.",
			fix: rule.Fix{
				Text:    "Remove sudo from the image. What must be done as root is done in the build, or by a container of its own.",
				Run:     "--security-opt no-new-privileges   # sudo does not work then",
				Compose: "services:\n  web:\n    security_opt: [\"no-new-privileges:true\"]",
				Breaks:  "Scripts that call sudo.",
			},
			refs:    rule.Refs{NIST: "4.1.2", ATTACK: "T1548.003", Guide: "G17", Docs: "Building best practices"},
			kinds:   []snapshot.BuildKind{snapshot.BuildSudo},
			finding: lang.N("its build lets a user become root"), absent: lang.N("no step of its build is seen to let a user become root without a password"),
			bad: []buildStep{{"RUN echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app", snapshot.BuildSudo, "NOPASSWD"}},
		},
	}
}
