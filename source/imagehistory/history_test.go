package imagehistory_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/source/imagehistory"
)

// base is how the first step of an image looks that is built on a file system.
const base = "/bin/sh -c #(nop) ADD file:0a1b in / "

func TestRemarks(t *testing.T) {
	type remark struct {
		kind snapshot.BuildKind
		what string
	}
	tests := []struct {
		step string
		want []remark
	}{
		// secrets
		{"RUN |2 NPM_TOKEN=abc VERSION=1 2 /bin/sh -c npm ci # buildkit", []remark{{snapshot.BuildSecret, "NPM_TOKEN"}}},
		{"|1 DB_PASSWORD=hunter2 /bin/sh -c make", []remark{{snapshot.BuildSecret, "DB_PASSWORD"}}},
		{"|1 USER=app /bin/sh -c make", nil},
		{"RUN /bin/sh -c export API_KEY=hunter2 && ./build # buildkit", []remark{{snapshot.BuildSecret, "API_KEY"}}},
		{"RUN /bin/sh -c curl -fsSL -u ci:hunter2 https://repo.example/x -o x # buildkit", []remark{{snapshot.BuildSecret, "-u"}}},
		{"RUN /bin/sh -c npm config set //r/:_authToken=$(cat /run/secrets/npm) # buildkit", nil},
		{"/bin/sh -c #(nop)  ENV DB_PASSWORD=hunter2", []remark{{snapshot.BuildSecret, "DB_PASSWORD"}}},
		{"ARG TOKEN=hunter2", []remark{{snapshot.BuildSecret, "TOKEN"}}},
		{"ARG TOKEN", []remark{{snapshot.BuildSecretArg, "TOKEN"}}},
		{"ARG VERSION", nil},
		{"COPY id_rsa /root/.ssh/ # buildkit", []remark{{snapshot.BuildSecretFile, "id_rsa"}}},
		{"COPY --chown=app .npmrc package.json ./ # buildkit", []remark{{snapshot.BuildSecretFile, ".npmrc"}}},
		{"COPY id_rsa.pub /root/.ssh/authorized_keys # buildkit", nil},
		// what is fetched
		{"RUN /bin/sh -c curl -fsSL https://get.example/install.sh | sh -s -- --yes # buildkit", []remark{{snapshot.BuildScript, "curl | sh"}}},
		{"/bin/sh -c wget -qO- http://get.example/x | sudo -E bash -", []remark{{snapshot.BuildPlainHTTP, "wget | bash"}, {snapshot.BuildSudoUsed, "sudo"}}},
		{"RUN /bin/sh -c bash -c \"$(curl -fsSL https://get.example/x)\" # buildkit", []remark{{snapshot.BuildScript, "sh $(curl)"}}},
		{"RUN /bin/sh -c curl -fsSL https://x.example/k.gpg | gpg --dearmor -o /k && curl https://x.example/a.tgz | tar xz # buildkit", nil},
		{"RUN /bin/sh -c curl https://x.example/a -o a; sh -c true # buildkit", nil},
		{"RUN /bin/sh -c curl -fsSLk https://x.example/a -o a # buildkit", []remark{{snapshot.BuildNoVerify, "curl -k"}}},
		{"RUN /bin/sh -c curl -okeys https://x.example/a && echo --insecure # buildkit", nil},
		{"RUN /bin/sh -c wget --no-check-certificate https://x.example/a # buildkit", []remark{{snapshot.BuildNoVerify, "wget --no-check-certificate"}}},
		{"RUN /bin/sh -c git -c http.sslVerify=false clone https://x && git config --global http.sslverify false # buildkit", []remark{{snapshot.BuildNoVerify, "git http.sslVerify=false"}}},
		{"ENV NODE_TLS_REJECT_UNAUTHORIZED=0", []remark{{snapshot.BuildNoVerify, "NODE_TLS_REJECT_UNAUTHORIZED"}}},
		{"RUN /bin/sh -c GIT_SSL_NO_VERIFY=1 git clone https://x.example/a # buildkit", []remark{{snapshot.BuildNoVerify, "GIT_SSL_NO_VERIFY"}}},
		{"RUN /bin/sh -c pip3 install --trusted-host pypi.example x # buildkit", []remark{{snapshot.BuildNoVerify, "pip --trusted-host"}}},
		{"RUN /bin/sh -c npm config set strict-ssl false # buildkit", []remark{{snapshot.BuildNoVerify, "npm strict-ssl=false"}}},
		{"RUN /bin/bash -o pipefail -c curl -k https://x.example/a # buildkit", []remark{{snapshot.BuildNoVerify, "curl -k"}}},
		{"RUN |1 A=b /bin/bash -eo pipefail -c curl -k https://x.example/a # buildkit", []remark{{snapshot.BuildNoVerify, "curl -k"}}},
		{"RUN /bin/sh -c V=$(curl -k https://x.example/v) && sh -c 'wget --no-check-certificate https://x' # buildkit", []remark{{snapshot.BuildNoVerify, "curl -k"}, {snapshot.BuildNoVerify, "wget --no-check-certificate"}}},
		{"RUN /bin/sh -c curl -fsSL https://x.example/v | python3 -c 'import json' && curl https://x.example/l | xargs -n1 sh fetch # buildkit", nil},
		{"RUN /bin/sh -c curl -fsSL https://x.example/i | python3 - --yes # buildkit", []remark{{snapshot.BuildScript, "curl | python3"}}},
		{"RUN /bin/sh -c curl -fsSL https://x.example/i | tee i | env A=b bash # buildkit", []remark{{snapshot.BuildScript, "curl | bash"}}},
		{"RUN /bin/sh -c (curl -fsSL https://x.example/i || wget -qO- https://x.example/i) | sh # buildkit", []remark{{snapshot.BuildScript, "wget | sh"}}},
		{"RUN /bin/sh -c bash <(curl -fsSL https://x.example/i) -y && eval \"$(wget -qO- http://x.example/j)\" # buildkit", []remark{{snapshot.BuildScript, "sh $(curl)"}, {snapshot.BuildPlainHTTP, "sh $(wget)"}}},
		{"RUN /bin/sh -c sh -c \"v=$(curl -fsSL https://x.example/v) make\" && echo $(curl https://x.example) # buildkit", nil},
		{"RUN /bin/sh -c curl https://x.example/i > i.sh | sh; echo 'curl -k https://x | sh' # buildkit", nil},
		{"RUN /bin/sh -c for i in a b; do if true; then curl -k https://x/$i; fi; done; case $A in x) wget --no-check-certificate https://x;; esac # buildkit", []remark{{snapshot.BuildNoVerify, "curl -k"}, {snapshot.BuildNoVerify, "wget --no-check-certificate"}}},
		{"RUN /bin/sh -c NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci; grep PYTHONHTTPSVERIFY=0 /x # buildkit", []remark{{snapshot.BuildNoVerify, "NODE_TLS_REJECT_UNAUTHORIZED"}}},
		{"RUN /bin/sh -c python3 -m pip install --trusted-host x y && conda config --set ssl_verify false # buildkit", []remark{{snapshot.BuildNoVerify, "pip --trusted-host"}, {snapshot.BuildNoVerify, "conda ssl_verify=false"}}},
		{"RUN powershell -Command Invoke-WebRequest https://x # buildkit", []remark{{snapshot.BuildUnread, "a script that is none of a shell"}}},
		{"RUN /bin/sh -c if true; then # buildkit", []remark{{snapshot.BuildUnread, "a script that is none of a shell"}}},
		// packages
		{"RUN /bin/sh -c pip install --extra-index-url https://x.example/simple y # buildkit", []remark{{snapshot.BuildExtraIndex, "pip --extra-index-url"}}},
		{"ENV PIP_EXTRA_INDEX_URL=https://x.example/simple", []remark{{snapshot.BuildExtraIndex, "PIP_EXTRA_INDEX_URL"}}},
		{"RUN /bin/sh -c printf 'repo_gpgcheck=0\\ngpgcheck=1' > /x && grep '[trusted=yes]' /y # buildkit", nil},
		{"RUN /bin/sh -c echo gpgcheck=0 >> /etc/yum.repos.d/x.repo # buildkit", []remark{{snapshot.BuildUnsigned, "gpgcheck=0"}}},
		{"RUN /bin/sh -c echo 'APT::Get::AllowUnauthenticated \"true\";' > /etc/apt/apt.conf.d/x # buildkit", []remark{{snapshot.BuildUnsigned, "APT::Get::AllowUnauthenticated"}}},
		{"RUN /bin/sh -c apt-get install -y --allow-unauthenticated x # buildkit", []remark{{snapshot.BuildUnsigned, "apt-get --allow-unauthenticated"}}},
		{"RUN /bin/sh -c apk add --allow-untrusted ./x.apk # buildkit", []remark{{snapshot.BuildUnsigned, "apk --allow-untrusted"}}},
		{"RUN /bin/sh -c echo 'deb [trusted=yes] https://x.example /' > /etc/apt/sources.list # buildkit", []remark{{snapshot.BuildUnsigned, "deb [trusted=yes]"}}},
		{"/bin/sh -c apt-get update", []remark{{snapshot.BuildUpdate, "apt-get update"}}},
		{"RUN /bin/sh -c set -e; apk update && rm -rf /x # buildkit", []remark{{snapshot.BuildUpdate, "apk update"}}},
		{"RUN /bin/sh -c apt-get update && apt-get install -y nginx # buildkit", nil},
		{"RUN /bin/sh -c apt-get -qq update && \\\n apt-get -y --no-install-recommends install nginx # buildkit", nil},
		{"RUN /bin/sh -c apt-get update && ./install.sh # buildkit", nil},
		{"RUN /bin/sh -c yum -y update # buildkit", nil},
		{"RUN /bin/sh -c if [ -f x ]; then apt-get update; fi && sh setup # buildkit", nil},
		// ADD
		{"ADD app.py /srv/ # buildkit", []remark{{snapshot.BuildAddFile, "app.py"}}},
		{"ADD rootfs.tar.xz / # buildkit", nil},
		{"ADD https://u:p@x.example/a.tgz?sig=abc /srv/ # buildkit", []remark{{snapshot.BuildAddURL, "https://u:<redacted>@x.example/a.tgz"}}},
		{"ADD --checksum=sha256:00 https://x.example/a.tgz /srv/ # buildkit", nil},
		{`ADD ["app conf", "/srv/"] # buildkit`, []remark{{snapshot.BuildAddFile, "app"}, {snapshot.BuildAddFile, "conf"}}},
		{"/bin/sh -c #(nop) ADD dir:0a1b in /srv ", []remark{{snapshot.BuildAddFile, "a directory"}}},
		{"/bin/sh -c #(nop) ADD file:0a1b in /srv ", []remark{{snapshot.BuildAddUnknown, "a file"}}},
		{"/bin/sh -c #(nop) COPY file:0a1b in /srv ", nil},
		{"ENV ADDITIONAL=1", nil},
		// permissions
		{"RUN /bin/sh -c mkdir /data && chmod -R 777 /data # buildkit", []remark{{snapshot.BuildWritable, "chmod 777 /data"}}},
		{"RUN /bin/sh -c chmod a+rwx,g-s /srv/x # buildkit", []remark{{snapshot.BuildWritable, "chmod a+rwx,g-s /srv/x"}}},
		{"RUN /bin/sh -c chmod 1777 /tmp && chmod 777 /tmp && chmod 755 /x && chmod +x /y && chmod u+w,g=u /z # buildkit", nil},
		{"RUN /bin/sh -c echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app # buildkit", []remark{{snapshot.BuildSudo, "NOPASSWD"}}},
		{"RUN /bin/sh -c grep -q NOPASSWD /etc/sudoers # buildkit", nil},
		{"RUN /bin/sh -c sudo -u app -E make && apt-get install -y sudo # buildkit", []remark{{snapshot.BuildSudoUsed, "sudo"}}},
		{"RUN /bin/sh -c echo root:x | chpasswd && passwd -d app && useradd -p x y && useradd -m z # buildkit", []remark{{snapshot.BuildPassword, "chpasswd"}, {snapshot.BuildPassword, "passwd"}, {snapshot.BuildPassword, "useradd -p"}}},
		{"RUN /bin/sh -c chmod 4755 /usr/bin/x && chmod g+s /srv && chmod 2775 /srv && chmod -x /y && chmod u+s /usr/bin/z # buildkit", []remark{{snapshot.BuildSetID, "chmod 4755 /usr/bin/x"}, {snapshot.BuildSetID, "chmod u+s /usr/bin/z"}}},
		{"WORKDIR /usr/bin/", []remark{{snapshot.BuildWorkdir, "/usr/bin"}}},
		{"/bin/sh -c #(nop) WORKDIR /etc", []remark{{snapshot.BuildWorkdir, "/etc"}}},
		{"WORKDIR /srv", nil},
		// what tells nothing
		{"", nil}, {"bazel build ...", nil}, {"CMD [\"sh\"]", nil}, {"RUN", nil}, {"|", nil},
	}
	for _, tt := range tests {
		var got []remark
		for _, r := range imagehistory.Remarks([]string{base, "COPY a /a # buildkit", tt.step}) {
			if r.Step != 3 {
				t.Errorf("%q: a remark on step %d", tt.step, r.Step)
			}
			got = append(got, remark{r.Kind, r.What})
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(remark{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.step, diff)
		}
	}
}

// TestLongHistory: the longest texts are read in no time.
func TestLongHistory(t *testing.T) {
	var texts []string
	for _, part := range []string{"a ", "A=b ", "$(", "curl -k|sh;", "\"", "chmod 777 /x;"} {
		long := strings.Repeat(part, 40000)
		texts = append(texts, "|1 "+long, "RUN /bin/sh -c "+long, "ADD "+long, "ENV "+long)
	}
	const deep = 3500
	for _, pair := range [][2]string{{"$(", ")"}, {"(", ")"}, {"{ ", ";}"}, {"if true; then ", ";fi"}, {"${a:-", "}"}, {"x=$(", ")"}} {
		texts = append(texts, "RUN /bin/sh -c "+strings.Repeat(pair[0], deep)+"true"+strings.Repeat(pair[1], deep))
	}
	start := time.Now()
	remarks := imagehistory.Remarks(texts)
	if n := len(remarks); n == 0 || n > 64 || remarks[n-1].Kind != snapshot.BuildCut {
		t.Errorf("%d remarks, and the last does not say that there is more", n)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// FuzzRemarks: whatever a history says, the remarks are few and short.
func FuzzRemarks(f *testing.F) {
	for _, seed := range []string{base, "RUN |1 A=b /bin/sh -c curl x | sh", "ADD [\"a\"] b", "|1 A", "RUN /bin/sh -c \"$(a", "RUN chmod -", "RUN git http.sslverify"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		remarks := imagehistory.Remarks([]string{text, text})
		if len(remarks) > 64 {
			t.Errorf("%d remarks", len(remarks))
		}
		for _, r := range remarks {
			if len(r.What) > 80 || r.Step < 1 || r.Step > 2 {
				t.Errorf("remark %+v", r)
			}
		}
		if data, err := json.Marshal(remarks); err != nil || strings.Contains(string(data), "\x00") {
			t.Errorf("%s: %v", data, err)
		}
	})
}

// TestCutHistory: what was not read is told, and only then.
func TestCutHistory(t *testing.T) {
	secret := "RUN |1 API_TOKEN=x /bin/sh -c true"
	for _, tt := range []struct {
		name  string
		texts []string
		cut   bool
	}{
		{"as many remarks as are kept", slices.Repeat([]string{secret}, 64), false},
		{"more remarks", slices.Repeat([]string{secret}, 65), true},
		{"as many steps as are read", slices.Repeat([]string{"CMD [sh]"}, 512), false},
		{"more steps", slices.Repeat([]string{"CMD [sh]"}, 513), true},
		{"a step as long as is read", []string{"RUN " + strings.Repeat("x", 64<<10-4)}, false},
		{"a longer step", []string{"RUN " + strings.Repeat("x", 64<<10-3)}, true},
	} {
		remarks := imagehistory.Remarks(tt.texts)
		if n := len(remarks); (n > 0 && remarks[n-1].Kind == snapshot.BuildCut) != tt.cut || n > 64 {
			t.Errorf("%s: %d remarks, want one that tells of more: %v", tt.name, n, tt.cut)
		}
	}
}
