package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"

	"seawall/lang"
)

// order is what a child is told to do, and reply what came of it.
type order struct {
	rights
	Kind         Kind
	Path         string
	API, Connect bool
	// Host is the host's path that Path must be, by the number of device and inode;
	// "" where that does not matter.
	Host       string
	Dev, Inode uint64
}

type reply struct {
	// Error is why nothing was tried.
	Error string
	Outcome
}

// ask has a child look at what a request asks for.
func (r *runner) ask(q Request) Outcome {
	s, err := r.seat(q)
	if err != nil {
		return untried(err)
	}
	root := os.NewFile(uintptr(s.root), "root")
	defer root.Close()
	o := order{rights: s.rights, Kind: q.Kind, Path: q.Path, API: q.API, Connect: r.Connect, Host: q.Value}
	if q.Value != "" {
		info, err := r.Machine.Files.Info(q.Value)
		if err != nil {
			return untried(err)
		}
		o.Dev, o.Inode = info.Dev, info.Inode
	}
	out, err := r.start(o, root)
	if err != nil {
		return untried(err)
	}
	out.Tried += " as " + q.who()
	return out
}

// start runs a child and waits for its reply, but no longer than childTime. A child
// that cannot be ended then, for it waits for a file system, is left behind.
func (r *runner) start(o order, root *os.File) (Outcome, error) {
	input, err := json.Marshal(o)
	if err != nil {
		return Outcome{}, err
	}
	ctx, cancel := context.WithTimeout(r.ctx, childTime)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "/proc/self/exe", childArgument)
	cmd.Env, cmd.Dir = []string{}, "/"
	cmd.Stdin, cmd.Stdout = bytes.NewReader(input), &out
	cmd.ExtraFiles = []*os.File{root}
	cmd.WaitDelay = childTime
	if o.users != nil {
		cmd.SysProcAttr = inUserNamespace(o.rights)
	}
	if err := cmd.Start(); err != nil {
		return Outcome{}, lang.RecordErrorf("start a child: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case <-time.After(2 * childTime):
		return Outcome{}, errors.New(lang.N("it did not answer, nor end"))
	}
	if ctx.Err() != nil {
		return Outcome{}, lang.RecordErrorf("it did not answer in time: %w", ctx.Err())
	}
	var got reply
	if err := errors.Join(err, json.Unmarshal(out.Bytes(), &got)); err != nil {
		return Outcome{}, lang.RecordErrorf("a child failed: %w", err)
	}
	if got.Error != "" {
		return Outcome{}, errors.New(got.Error)
	}
	return got.Outcome, nil
}

// inUserNamespace starts a child as root of a new user namespace with the numbers
// of another.
func inUserNamespace(s rights) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER, UidMappings: s.users, GidMappings: s.groups, GidMappingsEnableSetgroups: true,
		Credential: &syscall.Credential{},
	}
}
