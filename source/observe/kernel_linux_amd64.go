package observe

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
	"github.com/cilium/ebpf/rlimit"

	"seawall/snapshot"
)

// kernel is what is loaded. Everything hangs on descriptors of this process.
type kernel struct {
	collection *ebpf.Collection
	hook       string
	links      []link.Link
	walks      [2]*link.Iter // over all tasks: to find, then to mark
	walked     uint64
	calls      link.Link // nil while system calls are not recorded
	events     *ringbuf.Reader
	gap        *snapshot.Gap // what the hook cannot tell
}

// hooks are the ways to see capability checks, the best first. With the first and the
// last the kernel says which checks are probes.
var hooks = []struct {
	name     string
	programs []string
}{
	{"fexit", []string{kernelProgCapFexit}},
	{"tracepoint", []string{kernelProgCapTracepoint}},
	{"kprobe", []string{kernelProgCapKretprobe, kernelProgCapKprobe}},
}

// open loads the programs and attaches them, but for the one of system calls.
func open(hook string) (_ *kernel, err error) {
	if _, err := btf.LoadKernelSpec(); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, ErrPermission
		}
		return nil, fmt.Errorf("%w: %w", ErrNoBTF, err)
	}
	if err := rlimit.RemoveMemlock(); err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("lift the limit on locked memory: %w", err)
	}
	k := &kernel{}
	defer func() {
		if err != nil {
			k.close()
		}
	}()
	if err := k.load(hook); err != nil {
		return nil, err
	}
	if k.events, err = ringbuf.NewReader(k.collection.Maps[kernelMapEvents]); err != nil {
		return nil, refused("read events", err)
	}
	return k, k.attach()
}

// load loads with the first hook that the kernel has.
func (k *kernel) load(hook string) error {
	spec, err := loadKernel()
	if err != nil {
		return fmt.Errorf("read the programs of this binary: %w", err)
	}
	if err := configure(spec); err != nil {
		return err
	}
	var failed []error
	for _, h := range hooks {
		if hook != "" && hook != h.name {
			continue
		}
		one := spec.Copy()
		for _, other := range hooks {
			for _, name := range other.programs {
				if other.name != h.name {
					delete(one.Programs, name)
				}
			}
		}
		if h.name == "tracepoint" {
			if k.gap, err = k.tellProbes(one); err != nil {
				return err
			}
		}
		if k.collection, err = ebpf.NewCollection(one); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", h.name, err))
			continue
		}
		if err := k.attachHook(h.name, h.programs); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", h.name, err))
			k.collection.Close()
			k.collection, k.gap = nil, nil
			continue
		}
		k.hook = h.name
		return nil
	}
	return refused("load", errors.Join(failed...))
}

// configure sets the constants of the programs.
func configure(spec *ebpf.CollectionSpec) error {
	var telling [512]uint8
	for nr, name := range syscallNames {
		telling[nr] = tellingArgument[name]
	}
	if err := spec.Variables[kernelVarTelling].Set(telling); err != nil {
		return fmt.Errorf("prepare the programs: %w", err)
	}
	return nil
}

// tellProbes lets the programs know probes by their callers.
func (k *kernel) tellProbes(spec *ebpf.CollectionSpec) (*snapshot.Gap, error) {
	spans, gap := quietSpans("/proc/kallsyms")
	var start, end [16]uint64
	spans = spans[:min(len(spans), len(start))]
	for i, s := range spans {
		start[i], end[i] = s.start, s.end
	}
	for name, value := range map[string]any{
		kernelVarSampleStacks: uint8(1), kernelVarQuietFunctions: uint32(len(spans)),
		kernelVarQuietStart: start, kernelVarQuietEnd: end,
	} {
		if err := spec.Variables[name].Set(value); err != nil {
			return nil, fmt.Errorf("prepare the programs: %w", err)
		}
	}
	return gap, nil
}

// attachHook attaches what sees capability checks, after the programs know who runs them.
func (k *kernel) attachHook(name string, programs []string) error {
	if _, err := k.collection.Programs[kernelProgWhoAmI].Run(&ebpf.RunOptions{Context: make([]byte, 8)}); err != nil {
		return fmt.Errorf("find out who watches: %w", err)
	}
	var attached []link.Link
	for _, program := range programs {
		l, err := attachTo(k.collection.Programs[program], name == "kprobe", program == kernelProgCapKretprobe)
		if err != nil {
			for _, l := range attached {
				l.Close()
			}
			return err
		}
		attached = append(attached, l)
	}
	k.links = append(k.links, attached...)
	return nil
}

func attachTo(p *ebpf.Program, probe, onReturn bool) (link.Link, error) {
	switch {
	case probe && onReturn:
		return link.Kretprobe("cap_capable", p, nil)
	case probe:
		return link.Kprobe("cap_capable", p, nil)
	}
	return link.AttachTracing(link.TracingOptions{Program: p})
}

// attach attaches the rest. What runs already is walked over before and after: a start in
// between is then one of those that were not seen.
func (k *kernel) attach() error {
	for i, name := range []string{kernelProgWalkTasks, kernelProgMarkTasks} {
		it, err := link.AttachIter(link.IterOptions{Program: k.collection.Programs[name]})
		if err != nil {
			return refused("attach "+name, err)
		}
		k.walks[i] = it
	}
	if err := k.walk(); err != nil {
		return err
	}
	for _, name := range []string{kernelProgTaskForked, kernelProgProgramStarted, kernelProgSocketState} {
		l, err := link.AttachTracing(link.TracingOptions{Program: k.collection.Programs[name]})
		if err != nil {
			return refused("attach "+name, err)
		}
		k.links = append(k.links, l)
	}
	return k.walk()
}

// walk goes over all tasks: which containers live, and who is in them.
func (k *kernel) walk() error {
	k.walked++
	if err := k.collection.Variables[kernelVarWalk].Set(k.walked); err != nil {
		return fmt.Errorf("number the walk: %w", err)
	}
	for _, it := range k.walks {
		r, err := it.Open()
		if err != nil {
			return fmt.Errorf("walk over all tasks: %w", err)
		}
		_, err = io.Copy(io.Discard, r)
		r.Close()
		if err != nil {
			return fmt.Errorf("walk over all tasks: %w", err)
		}
	}
	return nil
}

// record starts or ends the recording of system calls.
func (k *kernel) record(on bool) error {
	if on == (k.calls != nil) {
		return nil
	}
	if !on {
		err := k.calls.Close()
		k.calls = nil
		return err
	}
	l, err := link.AttachTracing(link.TracingOptions{Program: k.collection.Programs[kernelProgSystemCall]})
	if err != nil {
		return refused("attach to system calls", err)
	}
	k.calls = l
	return nil
}

// close takes everything out of the kernel.
func (k *kernel) close() error {
	var errs []error
	if k.calls != nil {
		errs = append(errs, k.calls.Close())
	}
	for _, l := range k.links {
		errs = append(errs, l.Close())
	}
	for _, it := range k.walks {
		if it != nil {
			errs = append(errs, it.Close())
		}
	}
	if k.events != nil {
		errs = append(errs, k.events.Close())
	}
	if k.collection != nil {
		k.collection.Close()
	}
	return errors.Join(errs...)
}

// refused says in one line why the kernel would not: without the right, or without the
// ability.
func refused(what string, err error) error {
	if errors.Is(err, fs.ErrPermission) && !isVerifier(err) || os.Geteuid() != 0 && errors.Is(err, fs.ErrPermission) {
		return ErrPermission
	}
	return fmt.Errorf("%w: %s: %w", ErrOld, what, err)
}

// isVerifier reports whether the kernel's verifier refused a program, which it does with
// the same number as a missing right.
func isVerifier(err error) bool {
	var v *ebpf.VerifierError
	return errors.As(err, &v) && len(v.Log) > 0
}
