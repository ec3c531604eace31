package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"seawall/advice"
	"seawall/lab"
	"seawall/observation"
	"seawall/report"
)

// How long a workload may take until it passes its check, and how long one that lacks
// something is given.
const (
	settleTime = 90 * time.Second
	breakTime  = 15 * time.Second
)

// least is a host on which workloads are run with what they are advised.
type least struct {
	*testing.T
	h     *lab.TestHost
	slots chan struct{} // how many containers start at a time
}

// run starts a workload under a name with more flags, as a shell would that a person
// pastes them into.
func (l *least) run(w *workload, name, flags string) error {
	image := w.image
	if image == "" {
		image = lab.WorkloadsRef
	}
	script := fmt.Sprintf(`docker run -d --name "$0" %s "$@"`, flags)
	args := append([]string{"sh", "-c", script, name}, w.flags...)
	_, err := l.h.Host.Exec(l.Context(), append(args, image, "sh", "-ec", w.script)...)
	return err
}

// works reports whether a workload passes its check in time. One that ended does not.
func (l *least) works(w *workload, name string, within time.Duration) error {
	ctx, cancel := context.WithTimeout(l.Context(), within)
	defer cancel()
	var err error
	for ctx.Err() == nil {
		if _, err = l.h.Engine().Docker(ctx, "exec", name, "sh", "-c", w.check); err == nil {
			return nil
		}
		if state, _ := l.h.Engine().Docker(ctx, "inspect", "-f", "{{.State.Running}}", name); state == "false" {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
	logs, _ := l.h.Engine().Docker(context.WithoutCancel(ctx), "logs", "--tail", "5", name)
	return fmt.Errorf("%s does not work: %w\n%s", name, err, logs)
}

// tried runs a workload with flags and reports whether it works, also after a restart.
func (l *least) tried(w *workload, name, flags string, within time.Duration) error {
	l.slots <- struct{}{}
	defer func() { <-l.slots }()
	err := l.run(w, name, strings.ReplaceAll(flags, "--volume="+w.name+"-", "--volume="+name+"-")) // each its own
	if err == nil {
		err = l.works(w, name, within)
	}
	if err == nil && w.restart {
		if _, err = l.h.Engine().Docker(l.Context(), "restart", "-t", "20", name); err == nil {
			err = l.works(w, name, within)
		}
	}
	if _, e := l.h.Engine().Docker(context.WithoutCancel(l.Context()), "rm", "-fv", name); e != nil {
		l.Error(e)
	}
	return err
}

// advised is the advice for a workload that was watched, and the options of docker run.
func (l *least) advised(w *workload) (*advice.Advice, string) {
	l.slots <- struct{}{}
	defer func() { <-l.slots }()
	profile, appArmor := "/tmp/"+w.name+".json", "/tmp/"+w.name+".profile"
	var r report.Advice
	o := seawall(l.T, l.h, "advise", w.name, "--observation", "/tmp/seen.json", "--seccomp-profile", profile, "--apparmor-profile", appArmor, "--format", "json")
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil || len(r.Containers) != 1 {
		l.Fatalf("advice for %s: %v\n%s%s", w.name, err, o.stdout, o.stderr)
	}
	l.compiles(appArmor)
	return r.Containers[0], strings.Join(r.Containers[0].Flags(advice.Files{Seccomp: profile, AppArmor: appArmor}), " ")
}

// compiles has the parser of AppArmor read a profile that was written in the host. The
// kernel of this machine need not have AppArmor: there the engine ignores its name.
func (l *least) compiles(file string) {
	profile, err := l.h.ReadFile(file)
	if err != nil {
		l.Error(err)
		return
	}
	cmd := exec.CommandContext(l.Context(), "apparmor_parser", "--skip-kernel-load", "--skip-cache")
	cmd.Stdin = bytes.NewReader(profile)
	if out, err := cmd.CombinedOutput(); err != nil {
		l.Errorf("%s: %v\n%s\n%s", file, err, out, profile)
	}
}

// withoutCap are the options less one capability.
func withoutCap(flags, capability string) string {
	return strings.Replace(flags, "--cap-add="+capability+" ", "", 1)
}

// TestLeast: what real workloads are advised from what they were seen to use makes them
// work: capabilities, no-new-privileges, a read-only root file system with what has to be
// writable, a limit of processes, a seccomp profile, all together. Without any one of the
// capabilities they fail, but for those that the table names. The table in docs/advise.md
// is what came out.
func TestLeast(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.Version(*leastEngine)})
	h.ImportWorkloads()
	l := &least{T: t, h: h, slots: make(chan struct{}, 4)}
	o := observe(t, h, "/tmp/seen.json", "--syscall-window", "10m")
	l.each(func(w *workload) {
		l.slots <- struct{}{}
		defer func() { <-l.slots }()
		if err := l.run(w, w.name, ""); err != nil {
			t.Error(err)
			return
		}
		err := l.works(w, w.name, settleTime)
		if err == nil && w.restart {
			h.Docker("restart", "-t", "20", w.name)
			err = l.works(w, w.name, settleTime)
		}
		if err != nil {
			t.Error(err)
		}
	})
	if t.Failed() {
		return
	}
	o.end(syscall.SIGINT)
	rows := make([]leastRow, len(workloads))
	l.each(func(w *workload) {
		rows[slices.IndexFunc(workloads, func(x workload) bool { return x.name == w.name })] = l.judge(w)
	})
	checkLeastTable(t, rows)
}

// each does something for all workloads at the same time.
func (l *least) each(do func(*workload)) {
	var all sync.WaitGroup
	for i := range workloads {
		all.Go(func() { do(&workloads[i]) })
	}
	all.Wait()
}

// leastRow is what came out for a workload.
type leastRow struct {
	name             string
	advised, needed  []string
	spare            map[string]string
	noNewPrivileges  advice.Verdict
	readOnly         advice.Verdict
	places           []string
	calls, callsOfIt int
}

// judge runs a workload with what it is advised, and without each of the capabilities.
func (l *least) judge(w *workload) leastRow {
	a, flags := l.advised(w)
	row := leastRow{
		name: w.name, advised: a.Capabilities.Set().Names(), spare: w.spare,
		noNewPrivileges: a.NoNewPrivileges.Verdict, readOnly: a.ReadOnly.Verdict, calls: a.Seccomp.Allowed, callsOfIt: a.Seccomp.Seen,
	}
	for _, p := range a.ReadOnly.Places {
		row.places = append(row.places, p.Path)
	}
	if _, err := l.h.Engine().Docker(l.Context(), "rm", "-fv", w.name); err != nil {
		l.Error(err)
	}
	if err := l.tried(w, w.name+"-least", flags, settleTime); err != nil {
		l.Errorf("with what it is advised: %v\n%s", err, flags)
		return row
	}
	var wait sync.WaitGroup
	fails := make([]bool, len(row.advised))
	for i, c := range row.advised {
		wait.Go(func() { fails[i] = l.tried(w, w.name+"-without-"+c, withoutCap(flags, c), breakTime) != nil })
	}
	wait.Wait()
	for i, c := range row.advised {
		if _, known := w.spare[c]; known == fails[i] {
			l.Errorf("%s without %s: works %t, and the table says %q (%s)", w.name, c, !fails[i], w.spare[c],
				observation.Reason(a.Capabilities.Add[i].Evidence))
		}
		if fails[i] {
			row.needed = append(row.needed, c)
		}
	}
	return row
}
