//go:build amd64 || arm64

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

	"seawall/lang"
	"seawall/snapshot"
)

// kernel is what is loaded. Everything hangs on descriptors of this process.
type kernel struct {
	collection *ebpf.Collection
	hook       string
	links      []link.Link
	walks      []*link.Iter // over all tasks: to find, to mark, to look at their sockets
	files      bool         // written files are seen
	walked     uint64
	calls      link.Link // nil while system calls are not recorded
	events     *ringbuf.Reader
	gap        *snapshot.Gap // what the hook cannot tell
}

// hook is a way to see capability checks.
type hook struct {
	name     string
	programs []string
	attach   func(program string, p *ebpf.Program) (link.Link, error)
}

// hooks are the best first. With the first and the last the kernel says which checks
// are probes. The last attaches to the return before the call, so that no call waits for
// a return that nobody sees.
var hooks = []hook{
	{"fexit", []string{kernelProgCapFexit}, trace},
	{"tracepoint", []string{kernelProgCapTracepoint}, trace},
	{"kprobe", []string{kernelProgCapKretprobe, kernelProgCapKprobe}, probe},
}

func trace(_ string, p *ebpf.Program) (link.Link, error) {
	return link.AttachTracing(link.TracingOptions{Program: p})
}

func probe(program string, p *ebpf.Program) (link.Link, error) {
	if program == kernelProgCapKretprobe {
		return link.Kretprobe("cap_capable", p, nil)
	}
	return link.Kprobe("cap_capable", p, nil)
}

// open loads the programs and attaches them, but for the one of system calls.
func open(o Options) (*kernel, error) {
	types, err := btf.LoadKernelSpec()
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, ErrPermission
		}
		return nil, fmt.Errorf("%w: %w", ErrNoBTF, err)
	}
	if err := rlimit.RemoveMemlock(); err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, lang.Errorf("lift the limit on locked memory: %w", err)
	}
	spec, err := loadKernel()
	if err != nil {
		return nil, lang.Errorf("read the programs of this binary: %w", err)
	}
	if err := configure(spec); err != nil {
		return nil, err
	}
	withoutFiles(spec, types)
	for name, rows := range o.room {
		spec.Maps[name].MaxEntries = rows
	}
	var failed []error
	for _, h := range hooks {
		if o.Hook != "" && o.Hook != h.name {
			continue
		}
		k, err := load(spec, h)
		if err == nil {
			return k, nil
		}
		failed = append(failed, fmt.Errorf("%s: %w", h.name, err))
	}
	return nil, refused(errors.Join(failed...))
}

// load loads the programs with one hook and attaches them.
func load(spec *ebpf.CollectionSpec, h hook) (_ *kernel, err error) {
	k := &kernel{hook: h.name, files: spec.Programs[kernelProgInodeChanged] != nil}
	defer func() {
		if err != nil {
			k.close()
		}
	}()
	spec = spec.Copy()
	for _, other := range hooks {
		for _, name := range other.programs {
			if other.name != h.name {
				delete(spec.Programs, name)
			}
		}
	}
	if h.name == "tracepoint" {
		if k.gap, err = tellProbes(spec); err != nil {
			return nil, err
		}
	}
	if k.collection, err = ebpf.NewCollection(spec); err != nil {
		return nil, err
	}
	if k.events, err = ringbuf.NewReader(k.collection.Maps[kernelMapEvents]); err != nil {
		return nil, err
	}
	return k, k.attach(h)
}

// withoutFiles leaves out the program that sees written files, where the kernel lacks what
// it hangs on.
func withoutFiles(spec *ebpf.CollectionSpec, kernel *btf.Spec) {
	if _, err := kernel.AnyTypeByName("btf_trace_inode_set_ctime_to_ts"); err != nil {
		delete(spec.Programs, kernelProgInodeChanged)
	}
}

// configure sets the constants of the programs.
func configure(spec *ebpf.CollectionSpec) error {
	var telling [512]uint8
	for nr, name := range syscallNames {
		telling[nr] = tellingArgument[name]
	}
	if err := spec.Variables[kernelVarTelling].Set(telling); err != nil {
		return lang.Errorf("prepare the programs: %w", err)
	}
	return nil
}

// tellProbes lets the programs know probes by their callers.
func tellProbes(spec *ebpf.CollectionSpec) (*snapshot.Gap, error) {
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
			return nil, lang.Errorf("prepare the programs: %w", err)
		}
	}
	return gap, nil
}

// attach attaches everything but the program of system calls. What runs already is walked
// over before and after: whatever started in between counts as having run before.
func (k *kernel) attach(h hook) error {
	if _, err := k.collection.Programs[kernelProgWhoAmI].Run(&ebpf.RunOptions{Context: make([]byte, 8)}); err != nil {
		return lang.Errorf("find out who watches: %w", err)
	}
	for _, name := range []string{kernelProgWalkTasks, kernelProgMarkTasks, kernelProgWalkSockets} {
		it, err := link.AttachIter(link.IterOptions{Program: k.collection.Programs[name]})
		if err != nil {
			return lang.Errorf("attach %s: %w", name, err)
		}
		k.walks = append(k.walks, it)
	}
	if err := k.walk(); err != nil {
		return err
	}
	if err := k.attachAll(trace, kernelProgTaskForked, kernelProgProgramStarted, kernelProgSocketState); err != nil {
		return err
	}
	if k.files {
		if err := k.attachAll(trace, kernelProgInodeChanged); err != nil {
			return err
		}
	}
	if err := k.attachAll(h.attach, h.programs...); err != nil {
		return err
	}
	return k.walk()
}

func (k *kernel) attachAll(attach func(string, *ebpf.Program) (link.Link, error), programs ...string) error {
	for _, name := range programs {
		l, err := attach(name, k.collection.Programs[name])
		if err != nil {
			return lang.Errorf("attach %s: %w", name, err)
		}
		k.links = append(k.links, l)
	}
	return nil
}

// walk goes over all tasks: which containers live, and who is in them.
func (k *kernel) walk() error {
	k.walked++
	if err := k.collection.Variables[kernelVarWalk].Set(k.walked); err != nil {
		return lang.Errorf("number the walk: %w", err)
	}
	for _, it := range k.walks {
		r, err := it.Open()
		if err != nil {
			return lang.Errorf("walk over all tasks: %w", err)
		}
		_, err = io.Copy(io.Discard, r)
		r.Close()
		if err != nil {
			return lang.Errorf("walk over all tasks: %w", err)
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
	l, err := trace("", k.collection.Programs[kernelProgSystemCall])
	if err != nil {
		return lang.Errorf("attach to system calls: %w", err)
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
		errs = append(errs, it.Close())
	}
	if k.events != nil {
		errs = append(errs, k.events.Close())
	}
	if k.collection != nil {
		k.collection.Close()
	}
	return errors.Join(errs...)
}

// refused says in one line why the kernel would not: for want of a right, or of an
// ability. The verifier's refusals have the number of a missing right.
func refused(err error) error {
	var verifier *ebpf.VerifierError
	if errors.Is(err, fs.ErrPermission) && (os.Geteuid() != 0 || !errors.As(err, &verifier)) {
		return ErrPermission
	}
	return fmt.Errorf("%w: %w", ErrOld, err)
}
