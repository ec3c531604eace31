package imagecontent

import (
	"archive/tar"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

const body = "MIIEpAIBAAKCAQEAxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

// secretsIn are the notes about one file.
func secretsIn(t *testing.T, path, content string) string {
	t.Helper()
	h := &tar.Header{Typeflag: tar.TypeReg, Name: path, Mode: 0o600, Size: int64(len(content))}
	e, err := describe(path, h, strings.NewReader(content), inArchive)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range e.secrets {
		out = append(out, string(s.Kind)+": "+s.What)
	}
	return strings.Join(out, ", ")
}

func TestSecrets(t *testing.T) {
	rsa := "-----BEGIN RSA PRIVATE KEY-----\n" + body
	// "openssh-key-v1", and the cipher none or aes256-ctr.
	clear := "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
	locked := "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABAAAAAAAA\n"
	for _, tt := range []struct{ path, content, want string }{
		{"/root/.ssh/id_rsa", rsa, "private-key: RSA private key"},
		{"/srv/tls.key", "-----BEGIN PRIVATE KEY-----\r\n" + body, "private-key: private key"},
		{"/srv/chain.pem", "-----BEGIN CERTIFICATE-----\n" + strings.Repeat(body, 2000) + "-----END CERTIFICATE-----\n" + rsa, "private-key: RSA private key"},
		{"/srv/ec.pem", "-----BEGIN EC PRIVATE KEY-----\n" + body, "private-key: EC private key"},
		{"/etc/ssh/ssh_host_ed25519_key", clear, "private-key: OPENSSH private key"},
		{"/root/.ssh/id_ed25519", locked, "encrypted-private-key: OPENSSH private key"},
		{"/srv/a.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + body, "encrypted-private-key: private key"},
		{"/srv/b.key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + body, "encrypted-private-key: RSA private key"},
		{"/srv/pgp.key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + body, "private-key: PGP private key"},
		{"/srv/a.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n", "private-key: PuTTY private key"},
		{"/srv/b.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n", "encrypted-private-key: PuTTY private key"},
		{"/etc/ssl/cert.pem", "-----BEGIN CERTIFICATE-----\n" + body, ""},
		{"/srv/public.key", "-----BEGIN PUBLIC KEY-----\n" + body, ""},
		{"/srv/about.key", "put it between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----", ""},
		{"/usr/lib/python3/test/keycert.pem", rsa, ""},
		{"/usr/local/go/src/crypto/tls/testdata/example-key.pem", rsa, ""},
		{"/srv/readme.txt", rsa, ""},
		{"/srv/slides.key", "PK\x03\x04" + strings.Repeat("\x00", maxSecret), ""},
		{"/srv/long.key", strings.Repeat("x", maxSecret+1), "unread: it is longer than the 1024 KiB that are read"},

		{"/root/.aws/credentials", "[default]\naws_secret_access_key = abcdefghijklmnopqrstuvwxyz\n", "credentials: AWS credentials"},
		{"/root/.aws/credentials", "[default]\nrole_arn = arn:aws:iam::1:role/x\n", ""},
		{"/root/.docker/config.json", `{"auths": {"registry.example": {"auth": "dXNlcjpwYXNz"}}}`, "credentials: credentials of registries"},
		{"/root/.docker/config.json", `{"auths": {"registry.example": {}}, "credsStore": "pass"}`, ""},
		{"/root/.netrc", "machine x login y password z\n", "credentials: passwords of hosts"},
		{"/root/.git-credentials", "https://user:token@git.example\n", "credentials: passwords of git"},
		{"/root/.git-credentials", "https://git.example\n", ""},
		{"/app/.npmrc", "//registry.npmjs.org/:_authToken=npm_abcdefgh\n", "credentials: a token of npm"},
		{"/app/.npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", ""},
		{"/root/.pypirc", "[pypi]\nusername = x\npassword = y\n", "credentials: a password of PyPI"},
		{"/root/.pgpass", "db:5432:*:app:hunter2\n", "credentials: passwords of PostgreSQL"},
		{"/root/.my.cnf", "[client]\npassword=hunter2\n", "credentials: a password of MySQL"},
		{"/root/.kube/config", "users:\n- user:\n    token: abcdefghijk\n", "credentials: credentials of Kubernetes"},
		{"/root/.config/gcloud/application_default_credentials.json", `{"refresh_token": "1//abcdefghijklmnop"}`, "credentials: credentials of Google Cloud"},
		{"/root/.m2/settings.xml", "<server><password>hunter2</password></server>", "credentials: passwords of Maven"},
		{"/root/.m2/settings.xml", "<server><password>${env.PASSWORD}</password></server>", ""},
		{"/root/.vault-token", "hvs.CAESIAAAAAAAAAAAAAAAAAA", "credentials: a token of Vault"},
		{"/app/.env", "PORT=80\nexport DB_PASSWORD=hunter2\n", "credentials: secrets in variables"},
		{"/app/.env", "PORT=80\nDB_PASSWORD=changeme\nAPI_TOKEN=<your token>\nAPP_SECRET=\n# OLD_PASSWORD=x\n", ""},
		{"/app/.env.example", "DB_PASSWORD=hunter2\n", ""},
		{"/app/examples/.env", "DB_PASSWORD=hunter2\n", ""},
	} {
		if got := secretsIn(t, tt.path, tt.content); got != tt.want {
			t.Errorf("%s %.40q: %q, want %q", tt.path, tt.content, got, tt.want)
		}
	}
}

// TestUnreadSecret: a file that could not be read is told, and clears nothing.
func TestUnreadSecret(t *testing.T) {
	head := func(string, io.Reader, int64) ([]byte, error) { return nil, errors.New("no such device") }
	for _, name := range []string{"/root/.netrc", "/etc/passwd"} {
		e, err := describe(name, &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: 9}, nil, head)
		if err != nil {
			t.Fatal(err)
		}
		l := &Layer{names: names{building: map[uint64]kind{}}, found: []*entry{e}}
		l.names.complete()
		contents, err := Merge(t.Context(), []*Layer{l}, "test")
		if err != nil {
			t.Fatal(err)
		}
		secrets, _ := contents.SecretFiles.Peek()
		unread := len(secrets) == 1 && secrets[0].Kind == snapshot.SecretUnread
		if passwd := name == "/etc/passwd"; unread == passwd || passwd != (contents.OpenAccounts.State() == snapshot.Unreadable) {
			t.Errorf("%s: %+v, accounts %v", name, secrets, contents.OpenAccounts.State())
		}
	}
}

// TestLinks: what lies behind a link of such a name is not known.
func TestLinks(t *testing.T) {
	contents, err := together(t, []string{"f srv/data 644", "h root/.netrc srv/data 644", "f root/a.key 600", "h root/b.key root/a.key 600", "l etc/passwd ../srv/data"})
	if err != nil {
		t.Fatal(err)
	}
	secrets, _ := contents.SecretFiles.Peek()
	if len(secrets) != 1 || secrets[0].Path != "/root/.netrc" || secrets[0].Kind != snapshot.SecretUnread {
		t.Errorf("%+v", secrets)
	}
	if contents.OpenAccounts.State() != snapshot.Unreadable {
		t.Error("accounts behind a link count as read")
	}
}

func TestOpenAccounts(t *testing.T) {
	for _, tt := range []struct{ passwd, shadow, want string }{
		{"root:x:0:0::/:/bin/sh\n", "root:*:::::::\n", ""},
		{"root:x:0:0::/:/bin/sh\n", "root::0:::::\n", "root"},
		{"root::0:0::/:/bin/sh\n", "", "root"},
		{"root::0:0::/:\n", "root:*:::::::\n", "root"},
		{"root:x:0:0::/:/bin/sh\n", "", ""},
		{"daemon::1:1::/:/usr/sbin/nologin\nsync::4:65534::/:/bin/sync\n", "", ""},
		{"root:*:0:0::/:/bin/sh\nalice:x:1:1::/:/bin/zsh\nbob:x:2:2::/:/bin/sh", "alice::\nbob::\nroot::\n", "alice bob"},
		{"broken\n:x:\n#a::0:0:::/bin/sh\n+::::::\n", "", ""},
	} {
		got := openAccounts(parseAccounts([]byte(tt.passwd), true), parseAccounts([]byte(tt.shadow), false))
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q %q: %v, want %q", tt.passwd, tt.shadow, got, tt.want)
		}
	}
	if got := openAccounts(nil, parseAccounts([]byte("root::"), false)); got != nil {
		t.Errorf("without passwd: %v", got)
	}
}

func TestCapability(t *testing.T) {
	for _, tt := range []struct {
		hex, caps string
		effective bool
	}{
		{"0100000200200000000000000000000000000000", "NET_RAW", true},
		{"0000000200200000000000000000000000000000", "NET_RAW", false},
		{"000000028000000000000000000000000000000000", "error", false},
		{"0100000300200000000000000000000000000000a0860100", "NET_RAW", true},
		{"010000010020000000000000", "NET_RAW", true},
		{"0000000200000000000000008000000000000000", "BPF", false},
		{"0100000400200000000000000000000000000000", "error", false},
		{"0100", "error", false},
		{"", "error", false},
	} {
		data, err := hex.DecodeString(tt.hex)
		if err != nil {
			t.Fatal(err)
		}
		caps, effective, err := parseCapability(data)
		got := caps.String()
		if err != nil {
			got = "error"
		}
		if diff := cmp.Diff(tt.caps, got); diff != "" || effective != tt.effective {
			t.Errorf("%s: %s, effective %v", tt.hex, got, effective)
		}
	}
}
