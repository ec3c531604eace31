package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// cliScript runs a base's docker CLI on this machine with the base's own C
// library, which may be newer than the machine's.
const cliScript = `#!/bin/sh
exec %[1]s --library-path %[2]s %[3]s "$@"
`

// CLI writes into dir an executable named docker that is the Docker CLI of a
// release, for use on this machine instead of in a host, and returns its path.
func CLI(ctx context.Context, v Version, dir string) (string, error) {
	base, err := Prepare(ctx, v)
	if err != nil {
		return "", err
	}
	loaders, err := filepath.Glob(filepath.Join(base, "usr/lib*/ld-linux-*.so.*"))
	libraries, err2 := filepath.Glob(filepath.Join(base, "usr/lib/*-linux-gnu"))
	if err != nil || err2 != nil || len(libraries) != 1 {
		return "", fmt.Errorf("docker CLI %s: no C library in %s", v, base)
	}
	if len(loaders) == 0 {
		loaders, _ = filepath.Glob(filepath.Join(libraries[0], "ld-linux-*.so.*"))
	}
	if len(loaders) == 0 {
		return "", fmt.Errorf("docker CLI %s: no dynamic loader in %s", v, base)
	}
	path := filepath.Join(dir, "docker")
	script := fmt.Sprintf(cliScript, loaders[0], libraries[0], filepath.Join(base, "usr/bin/docker"))
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		return "", fmt.Errorf("docker CLI %s: %w", v, err)
	}
	return path, nil
}

// DockerCLI is CLI for a test: it skips or fails where the release cannot be
// had, as New does.
func DockerCLI(t testing.TB, v Version) string {
	t.Helper()
	Require(t, v)
	path, err := CLI(t.Context(), v, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}
