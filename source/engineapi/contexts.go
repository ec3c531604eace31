package engineapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"seawall/lang"
	"seawall/near"
)

// defaultContext is the context that always exists and stands in no file.
const defaultContext = "default"

// maxConfigBytes is more than any configuration file of the CLI has.
const maxConfigBytes = 4 << 20

// cliConfig is what is needed of ~/.docker/config.json.
type cliConfig struct {
	CurrentContext string            `json:"currentContext"`
	HTTPHeaders    map[string]string `json:"HttpHeaders"`
}

// readConfig reads config.json. One that is not there is an empty one.
func readConfig(dir string) (cliConfig, error) {
	var c cliConfig
	err := readJSON(filepath.Join(dir, "config.json"), &c)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	return c, err
}

// contextMeta is the docker endpoint of a context.
type contextMeta struct {
	Host          string
	SkipTLSVerify bool
}

// UnknownContextError is a context that does not exist.
type UnknownContextError struct {
	Name string
	Near string // the nearest name there is; "" if none is near
}

// Error names the context and the nearest one.
func (e *UnknownContextError) Error() string {
	if e.Near != "" {
		return lang.Sprintf("there is no context %q; did you mean %q?", e.Name, e.Near)
	}
	return lang.Sprintf("there is no context %q; docker context ls lists those there are", e.Name)
}

// contextID is the name of a context's directories.
func contextID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

func readContext(dir, name string) (contextMeta, error) {
	var meta struct{ Endpoints map[string]contextMeta }
	err := readJSON(filepath.Join(dir, "contexts", "meta", contextID(name), "meta.json"), &meta)
	if errors.Is(err, os.ErrNotExist) {
		return contextMeta{}, &UnknownContextError{Name: name, Near: near.Match(name, contextNames(dir))}
	}
	if err != nil {
		return contextMeta{}, lang.Errorf("context %s: %w", name, err)
	}
	endpoint, ok := meta.Endpoints["docker"]
	if !ok {
		return contextMeta{}, lang.Errorf("context %s has no docker endpoint", name)
	}
	return endpoint, nil
}

// contextNames lists the contexts that can be read.
func contextNames(dir string) []string {
	names := []string{defaultContext}
	files, _ := filepath.Glob(filepath.Join(dir, "contexts", "meta", "*", "meta.json"))
	for _, file := range files {
		var meta struct{ Name string }
		if readJSON(file, &meta) == nil && meta.Name != "" {
			names = append(names, meta.Name)
		}
	}
	slices.Sort(names)
	return names
}

// contextTLS finds the TLS files of a context; nil if it has none and verifies.
func contextTLS(dir, name string, skipVerify bool) *TLS {
	files := filepath.Join(dir, "contexts", "tls", contextID(name), "docker")
	t := &TLS{
		CA:         existing(filepath.Join(files, "ca.pem")),
		Cert:       existing(filepath.Join(files, "cert.pem")),
		Key:        existing(filepath.Join(files, "key.pem")),
		SkipVerify: skipVerify,
	}
	if *t == (TLS{}) {
		return nil
	}
	return t
}

// readJSON decodes a file of at most maxConfigBytes.
func readJSON(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(f, maxConfigBytes+1))
	if err != nil {
		return lang.Errorf("read %s: %w", path, err)
	}
	if len(data) > maxConfigBytes {
		return lang.Errorf("%s is larger than %d bytes", path, maxConfigBytes)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return lang.Errorf("%s is not valid JSON: %w", path, err)
	}
	return nil
}
