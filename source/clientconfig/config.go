// Package clientconfig reads the Docker CLI's configuration: config.json,
// contexts, and DOCKER_HOST in profile files. Its functions are pure; what
// they return holds no secrets.
package clientconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seawall/snapshot"
)

// configFile is config.json as the CLI reads it (docker/cli,
// cli/config/configfile). Keys may be written in any case.
type configFile struct {
	Auths       map[string]auth   `json:"auths"`
	Headers     map[string]string `json:"HttpHeaders"`
	CredsStore  string            `json:"credsStore"`
	CredHelpers map[string]string `json:"credHelpers"`
	Context     string            `json:"currentContext"`
	ExtraDirs   []string          `json:"cliPluginsExtraDirs"`
	Proxies     map[string]proxy  `json:"proxies"`
}

// auth is what logging in leaves where no credential helper is used: base64 of
// user and password is no protection.
type auth struct {
	Auth          string `json:"auth"`
	Password      string `json:"password"`
	IdentityToken string `json:"identitytoken"`
	RegistryToken string `json:"registrytoken"`
}

func (a auth) secret() bool {
	return a.Auth+a.Password+a.IdentityToken+a.RegistryToken != ""
}

type proxy struct {
	HTTP  string `json:"httpProxy"`
	HTTPS string `json:"httpsProxy"`
	FTP   string `json:"ftpProxy"`
	All   string `json:"allProxy"`
}

// ParseConfig reads config.json and leaves the secrets out. What cannot be
// parsed gives a configuration with only Error set.
func ParseConfig(data []byte) snapshot.ClientConfig {
	var f configFile
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&f); err != nil {
		return snapshot.ClientConfig{Error: describe(data, err)}
	}
	out := snapshot.ClientConfig{CurrentContext: snapshot.RedactString(f.Context)}
	for _, registry := range slices.Sorted(maps.Keys(f.Auths)) {
		if f.Auths[registry].secret() {
			out.ClearCredentials = append(out.ClearCredentials, snapshot.RedactURL(registry))
		}
	}
	out.Helpers = helpers(f)
	for _, endpoint := range slices.Sorted(maps.Keys(f.Proxies)) {
		p := f.Proxies[endpoint]
		if slices.ContainsFunc([]string{p.HTTP, p.HTTPS, p.FTP, p.All}, hasPassword) {
			out.ProxyCredentials = append(out.ProxyCredentials, snapshot.RedactURL(endpoint))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
		if secretHeader(name, f.Headers[name]) {
			out.SecretHeaders = append(out.SecretHeaders, name)
		}
	}
	for _, dir := range f.ExtraDirs {
		out.PluginExtraDirs = append(out.PluginExtraDirs, snapshot.RedactString(dir))
	}
	return out
}

func helpers(f configFile) map[string]string {
	out := make(map[string]string, len(f.CredHelpers)+1)
	for registry, helper := range f.CredHelpers {
		out[snapshot.RedactURL(registry)] = snapshot.RedactString(helper)
	}
	if f.CredsStore != "" {
		out[""] = snapshot.RedactString(f.CredsStore)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// hasPassword reports whether a proxy's URL, with or without a scheme, holds a
// password.
func hasPassword(proxy string) bool {
	_, rest, ok := strings.Cut(proxy, "://")
	if !ok {
		rest = proxy
	}
	rest, _, _ = strings.Cut(rest, "/")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return false
	}
	_, password, _ := strings.Cut(rest[:at], ":")
	return password != ""
}

// secretHeader reports whether an HTTP header sent with each request to the
// engine carries a secret.
func secretHeader(name, value string) bool {
	if value == "" {
		return false
	}
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "x-registry-auth", "x-registry-config":
		return true
	}
	return snapshot.SecretName(name) || snapshot.SecretValue(value)
}

// describe words an error of the JSON decoder with its line and without the
// value it met, which may be a secret.
func describe(data []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("line %d: not valid JSON", lineOf(data, syntax.Offset))
	case errors.As(err, &kind):
		found, _, _ := strings.Cut(kind.Value, " ")
		key, _, _ := strings.Cut(kind.Field, ".")
		if key == "" {
			key = "the file"
		}
		return fmt.Sprintf("line %d: %s: unexpected %s", lineOf(data, kind.Offset), key, found)
	case len(bytes.TrimSpace(data)) == 0:
		return "line 1: the file is empty"
	}
	return fmt.Sprintf("line %d: the file ends too early", lineOf(data, int64(len(data))))
}

func lineOf(data []byte, offset int64) int {
	offset = max(0, min(offset, int64(len(data))))
	return 1 + bytes.Count(data[:offset], []byte{'\n'})
}
