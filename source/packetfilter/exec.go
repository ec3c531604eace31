package packetfilter

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// searched are where distributions put programs of administrators. They come
// before PATH, which may name a directory of an ordinary user.
var searched = []string{"/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"}

// Exec is the [Runner] of this machine.
func Exec(ctx context.Context, program string, args ...string) (wait func() (stdout, stderr []byte, err error)) {
	failed := func(err error) func() ([]byte, []byte, error) {
		return func() ([]byte, []byte, error) { return nil, nil, err }
	}
	path, err := lookPath(program)
	if err != nil {
		return failed(err)
	}
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return failed(err)
	}
	return func() ([]byte, []byte, error) {
		err := cmd.Wait()
		return out.Bytes(), errOut.Bytes(), err
	}
}

func lookPath(program string) (string, error) {
	for _, dir := range searched {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, nil
		}
	}
	return exec.LookPath(program)
}

// isNotFound tells a program that is not there from one that fails.
func isNotFound(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist)
}
