package vm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const emulator = "qemu-system-x86_64"

// bootLimit is how long a machine may take until its engine has started. Idle
// machines take half a minute.
const bootLimit = 10 * time.Minute

// Options says what to boot.
type Options struct {
	Image Image
	// Programs are files of this machine put into the guest with mode 0755, by
	// their path there.
	Programs map[string]string
	// Kernel are more words of the kernel's command line.
	Kernel []string
	// Fast: let this machine's processor run it, where SEAWALL_KVM is set: KVM of a
	// machine in a machine may start and never get anywhere. What an audit tells of the
	// processor is then of this machine's, and not what was recorded.
	Fast bool
}

// Machine is a machine that runs.
type Machine struct {
	image    Image
	cmd      *exec.Cmd
	lifeline *os.File // the emulator lives until this is closed
	agent    *agent
	console  *log
	stop     sync.Once
	stopErr  error
}

// Start boots a machine and waits until its engine has started, or failed to.
// The machine lives until Stop, or until this process ends, however it ends; ctx
// only limits the start. On an error nothing is left.
func Start(ctx context.Context, opts Options) (*Machine, error) {
	dir, err := opts.Image.Prepare(ctx)
	if err != nil {
		return nil, err
	}
	m := &Machine{image: opts.Image, console: &log{}}
	if err := m.start(dir, opts); err != nil {
		return nil, fmt.Errorf("boot %s: %w", opts.Image, errors.Join(err, m.Stop()))
	}
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	if err := m.agent.ready(ctx); err != nil {
		return nil, fmt.Errorf("boot %s: %w\nend of its console:\n%s", opts.Image, errors.Join(err, m.Stop()), m.console)
	}
	return m, nil
}

// start starts the emulator with the image's files, the programs and the
// agent's port.
func (m *Machine) start(dir string, opts Options) error {
	programs, err := archive(opts.Programs)
	if err != nil {
		return err
	}
	defer programs.Close()
	ours, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	if m.agent, err = newAgent(ours); err != nil {
		return err
	}
	lifeline, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer lifeline.Close()
	m.lifeline = w
	script, err := guest.ReadFile("guest/run.sh")
	if err != nil {
		return err
	}
	args := append([]string{"-c", string(script), "run.sh"}, commandLine(dir, opts)...)
	m.cmd = exec.Command("/bin/sh", args...)
	m.cmd.Stdin, m.cmd.Stdout, m.cmd.Stderr = lifeline, m.console, m.console
	m.cmd.ExtraFiles = []*os.File{theirs, programs} // 3 and 4
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := m.cmd.Start(); err != nil {
		m.cmd = nil
		return err
	}
	return nil
}

// commandLine is the emulator's: two processors, no devices but two disks, a
// serial line and the agent's port. The first disk's changes go to a file without
// a name.
func commandLine(dir string, opts Options) []string {
	kernel := append([]string{"console=ttyS0", "quiet", "panic=-1", "mitigations=off", "systemd.show_status=0"}, opts.Image.kernel...)
	accel, cpu := []string{"-accel", "tcg,thread=multi,tb-size=512"}, "max"
	if opts.Fast && os.Getenv("SEAWALL_KVM") != "" {
		accel = append([]string{"-accel", "kvm"}, accel...) // the first that there is
		cpu += ",-arch-capabilities"                        // machines in machines often cannot pass it on
	}
	return append([]string{
		emulator, "-machine", "q35", "-cpu", cpu, "-smp", "2", "-m", "1536",
		"-display", "none", "-no-reboot", "-nodefaults",
		"-kernel", filepath.Join(dir, "vmlinuz"), "-initrd", filepath.Join(dir, "initrd"),
		"-append", strings.Join(append(kernel, opts.Kernel...), " "),
		"-drive", "file=" + filepath.Join(dir, "disk") + ",format=raw,if=virtio,snapshot=on,cache=unsafe",
		"-add-fd", "fd=4,set=1", "-drive", "file=/dev/fdset/1,format=raw,if=virtio,readonly=on",
		"-chardev", "file,id=console,path=/dev/stdout", "-serial", "chardev:console",
		"-device", "virtio-serial-pci", "-chardev", "socket,id=agent,fd=3", "-device", "virtserialport,chardev=agent,name=agent",
	}, accel...)
}

// Stop switches the machine off, without shutting it down. Further calls return
// what the first did.
func (m *Machine) Stop() error {
	m.stop.Do(func() {
		if m.lifeline != nil {
			m.stopErr = m.lifeline.Close()
		}
		if m.cmd != nil {
			m.cmd.Wait() // killed
		}
		if m.agent != nil {
			m.stopErr = errors.Join(m.stopErr, m.agent.conn.Close())
		}
	})
	return m.stopErr
}

// Console is the end of what the kernel and systemd wrote to the serial line.
func (m *Machine) Console() string { return m.console.String() }

// socketPair returns two connected sockets.
func socketPair() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(fds[0]), "agent"), os.NewFile(uintptr(fds[1]), "agent"), nil
}
