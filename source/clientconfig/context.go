package clientconfig

import (
	"encoding/json"

	"seawall/lang"
	"seawall/snapshot"
)

// contextFile is contexts/meta/ID/meta.json (docker/cli, cli/context/store).
type contextFile struct {
	Name      string
	Endpoints map[string]json.RawMessage
}

// ParseContext reads the meta.json of a CLI context. Its TLS material is in
// other files.
func ParseContext(data []byte) (snapshot.Context, error) {
	var f contextFile
	if err := json.Unmarshal(data, &f); err != nil {
		return snapshot.Context{}, lang.RecordErrorf("context: %s", describe(data, err))
	}
	if f.Name == "" {
		return snapshot.Context{}, lang.RecordErrorf("context: it has no name")
	}
	var docker struct {
		Host          string
		SkipTLSVerify bool
	}
	if raw, ok := f.Endpoints["docker"]; ok {
		if err := json.Unmarshal(raw, &docker); err != nil {
			return snapshot.Context{}, lang.RecordErrorf("context %s: endpoint docker: not what the CLI writes", snapshot.RedactString(f.Name))
		}
	}
	return snapshot.Context{
		Name: snapshot.RedactString(f.Name), Host: snapshot.RedactURL(docker.Host), SkipTLSVerify: docker.SkipTLSVerify,
	}, nil
}
