package imagecontent

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"path"
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// keyNames are the names under which ssh(1) looks for keys.
var keyNames = []string{"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "identity"}

// mayHoldKey reports whether a file of this name often is a private key.
func mayHoldKey(p string) bool {
	base := strings.ToLower(path.Base(p))
	switch path.Ext(base) {
	case ".pem", ".key", ".ppk", ".pk8":
		return true
	}
	return slices.Contains(keyNames, base) || strings.HasPrefix(base, "ssh_host_") && strings.HasSuffix(base, "_key")
}

// The forms of keys. What follows the first line must look like a key: texts
// about keys have the line alone.
var (
	pemKey   = regexp.MustCompile(`-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----\s+((?:[A-Za-z-]+: [^\n]*\n)*)\s*([A-Za-z0-9+/=]{40,})`)
	puttyKey = regexp.MustCompile(`(?m)^PuTTY-User-Key-File-\d+: \S+\s+Encryption: (\S+)`)
)

// keyIn says what private key is in the text; "" for none.
func keyIn(data []byte) (snapshot.SecretKind, string) {
	if m := puttyKey.FindSubmatch(data); m != nil {
		return encryptedIf(string(m[1]) != "none"), "PuTTY private key"
	}
	m := pemKey.FindSubmatch(data)
	if m == nil {
		return "", ""
	}
	form, headers, body := string(m[1]), m[2], m[3]
	encrypted := strings.Contains(form, "ENCRYPTED") || bytes.Contains(headers, []byte("ENCRYPTED")) ||
		form == "OPENSSH " && opensshEncrypted(body)
	if form = strings.TrimSpace(strings.TrimSuffix(form, "ENCRYPTED ")); form == "" {
		return encryptedIf(encrypted), "private key"
	}
	return encryptedIf(encrypted), form + " private key"
}

func encryptedIf(encrypted bool) snapshot.SecretKind {
	if encrypted {
		return snapshot.SecretEncryptedKey
	}
	return snapshot.SecretKey
}

// opensshEncrypted reads the name of the cipher at the beginning of a key of
// OpenSSH (its PROTOCOL.key): the magic, a length, the name. "none" is in clear.
func opensshEncrypted(body []byte) bool {
	const magic = "openssh-key-v1\x00"
	start := body[:len(body)/4*4]
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(start)))
	n, err := base64.StdEncoding.Decode(raw, start)
	rest, ok := bytes.CutPrefix(raw[:n], []byte(magic))
	if err != nil || !ok || len(rest) < 4 {
		return false
	}
	length := binary.BigEndian.Uint32(rest)
	return length != 4 || !bytes.HasPrefix(rest[4:], []byte("none"))
}
