package steps_test

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func init() { maps.Copy(attempts, containerAttempts) }

// containerAttempts are about what confines a container. System calls that would
// change something get arguments that the kernel refuses after it has looked at
// the rights of the caller.
var containerAttempts = map[string]func(args []string) error{
	"access":     func(args []string) error { return may(args[0], args[1]) },
	"device":     device,
	"root":       func([]string) error { return isRoot() },
	"mknod":      func([]string) error { return device([]string{"/dev/lab-null", "c", "1", "3", "rw"}) },
	"procfs":     procfs,
	"devices":    devicesList,
	"mount":      mountDisk,
	"reboot":     func([]string) error { return reachesCall(unix.SYS_REBOOT, 0, 0, 0) },
	"adjtimex":   adjtimex,
	"bpf":        bpf,
	"keyctl":     func([]string) error { return reachesCall(unix.SYS_KEYCTL, unix.KEYCTL_DESCRIBE, 0x7ffffff0, 0) },
	"userns":     userNamespace,
	"packet":     packet,
	"link":       deleteLink,
	"handle":     openHandle,
	"listen":     listenAbstract,
	"dial":       dialAbstract,
	"process-of": processOf,
	"trace":      trace,
	"unlimited":  unlimited,
}

// may asks the kernel for access to a file, of "rw", without opening it.
func may(path, mode string) error {
	bits := uint32(0)
	if strings.Contains(mode, "r") {
		bits |= unix.R_OK
	}
	if strings.Contains(mode, "w") {
		bits |= unix.W_OK
	}
	return unix.Access(path, bits)
}

// device asks for access to a device by path, type, numbers and mode. A file that
// is not there is made, as root in a container makes it.
func device(args []string) error {
	path, mode := args[0], args[4]
	if _, err := os.Lstat(path); err != nil {
		kind := map[string]uint32{"b": unix.S_IFBLK, "c": unix.S_IFCHR}[args[1]]
		major, _ := strconv.ParseUint(args[2], 10, 32)
		minor, _ := strconv.ParseUint(args[3], 10, 32)
		path = "/tmp/" + filepath.Base(path)
		if err := unix.Mknod(path, kind|0o600, int(unix.Mkdev(uint32(major), uint32(minor)))); err != nil {
			return err
		}
		defer os.Remove(path)
	}
	return may(path, mode)
}

// isRoot says whether the program runs as root inside.
func isRoot() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("uid %d", os.Geteuid())
	}
	return nil
}

// mounted mounts in the container's own mount namespace for as long as use runs.
func mounted(kind, options string, use func(dir string) error) error {
	dir, err := os.MkdirTemp("", "mnt")
	if err != nil {
		return err
	}
	defer os.Remove(dir)
	if err := unix.Mount("none", dir, kind, 0, options); err != nil {
		return err
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	return use(dir)
}

// procfs asks for access to core_pattern on a new /proc.
func procfs([]string) error {
	return mounted("proc", "", func(dir string) error { return may(dir+"/sys/kernel/core_pattern", "w") })
}

// devicesList asks for access to the list of devices of the own control group, of
// version 1, on a new mount.
func devicesList([]string) error {
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return err
	}
	_, group, _ := strings.Cut(string(own), ":devices:")
	group, _, _ = strings.Cut(group, "\n")
	return mounted("cgroup", "devices", func(dir string) error { return may(dir+group+"/devices.allow", "w") })
}

// mountDisk mounts a disk that does not exist, by a file for it that does.
func mountDisk(args []string) error {
	if _, err := os.Lstat(args[0]); err != nil {
		return err
	}
	return reaches(unix.Mount(args[0], "/tmp", "ext4", unix.MS_RDONLY, ""))
}

// reachesCall makes a system call of three arguments.
func reachesCall(call, a, b, c uintptr) error {
	_, _, errno := unix.Syscall6(call, a, b, c, 0, 0, 0)
	return reaches(errno)
}

// adjtimex asks for a length of ticks that no clock takes.
func adjtimex([]string) error {
	_, err := unix.Adjtimex(&unix.Timex{Modes: unix.ADJ_TICK, Tick: 1})
	return reaches(err)
}

// bpf loads a program of a type that is no program.
func bpf(args []string) error {
	kind, err := strconv.ParseUint(args[0], 10, 32)
	if err != nil {
		return err
	}
	license, instruction := []byte("GPL\x00"), [8]byte{0xff}
	attr := struct {
		kind, count           uint32
		instructions, license uint64
		rest                  [104]byte
	}{kind: uint32(kind), count: 1, instructions: uint64(uintptr(unsafe.Pointer(&instruction))), license: uint64(uintptr(unsafe.Pointer(&license[0])))}
	return reachesCall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
}

// userNamespace runs a program in a new user namespace.
func userNamespace([]string) error {
	cmd := exec.Command("/bin/true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
	return cmd.Run()
}

// packet opens a socket for packets, of no protocol, where an interface is.
func packet(args []string) error {
	if _, err := net.InterfaceByName(args[0]); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// processOf becomes a user and reads the environment of one of the user's
// processes, and a file that only the lab host has, by its root directory.
func processOf(args []string) error {
	uid, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	if err := syscall.Setuid(uid); err != nil {
		return err
	}
	found, err := filepath.Glob("/proc/[0-9]*/root/etc/machine-of-the-lab")
	if err != nil || len(found) == 0 {
		return fmt.Errorf("no process of user %d has the host's files: %w", uid, err)
	}
	_, err = os.ReadFile(strings.Replace(found[0], "/root/etc/machine-of-the-lab", "/environ", 1))
	return err
}

// trace reads a file, and the environment, of the process that has it in its root
// directory: as root, else as a user and group.
func trace(args []string) error {
	err := rootOf(args[0])
	var uid, gid int
	if _, parse := fmt.Sscanf(args[1], "%d:%d", &uid, &gid); err == nil || parse != nil {
		return parse
	}
	_ = syscall.Setgid(gid) // where it may not, the kernel tells below
	if err := syscall.Setuid(uid); err != nil {
		return err
	}
	return rootOf(args[0])
}

func rootOf(file string) error {
	found, err := filepath.Glob("/proc/[0-9]*/root" + file)
	if err != nil || len(found) == 0 {
		return fmt.Errorf("no process shows %s: %v", file, err)
	}
	if _, err := os.ReadFile(found[0]); err != nil {
		return err
	}
	_, err = os.ReadFile(strings.Replace(found[0], "/root"+file, "/environ", 1))
	return err
}

// openHandle opens a file by its handle from the file system of /etc/hosts.
func openHandle(args []string) error {
	kind, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	handle, err := hex.DecodeString(args[1])
	if err != nil {
		return err
	}
	hosts, err := unix.Open("/etc/hosts", unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	fd, err := unix.OpenByHandleAt(hosts, unix.NewFileHandle(int32(kind), handle), unix.O_RDONLY)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// listenAbstract listens on an abstract socket until it is killed.
func listenAbstract(args []string) error {
	l, err := net.Listen("unix", args[0])
	if err != nil {
		return err
	}
	for {
		if _, err := l.Accept(); err != nil {
			return err
		}
	}
}

func dialAbstract(args []string) error {
	c, err := net.Dial("unix", args[0])
	if err != nil {
		return err
	}
	return c.Close()
}

// deleteLink deletes an interface that does not exist, where another does.
func deleteLink(args []string) error {
	if _, err := net.InterfaceByName(args[0]); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	message := struct {
		unix.NlMsghdr
		unix.IfInfomsg
	}{unix.NlMsghdr{Len: unix.SizeofNlMsghdr + unix.SizeofIfInfomsg, Type: unix.RTM_DELLINK, Flags: unix.NLM_F_REQUEST | unix.NLM_F_ACK}, unix.IfInfomsg{Index: 0x7ffffff0}}
	if err := unix.Sendto(fd, unsafe.Slice((*byte)(unsafe.Pointer(&message)), message.Len), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	var answer [256]byte
	if _, _, err := unix.Recvfrom(fd, answer[:], 0); err != nil {
		return err
	}
	errno := *(*int32)(unsafe.Pointer(&answer[unix.SizeofNlMsghdr]))
	return reaches(unix.Errno(-errno))
}

// unlimited says whether the own control group lacks a limit of memory or of
// processes.
func unlimited([]string) error {
	memory, processes := limit("memory/memory.limit_in_bytes", "memory.max"), limit("pids/pids.max", "pids.max")
	if n, err := strconv.ParseInt(memory, 10, 64); err == nil && n < 1<<40 && processes != "max" {
		return fmt.Errorf("memory %s, processes %s", memory, processes)
	}
	return nil
}

// limit reads a limit, of version 1 or 2.
func limit(v1, v2 string) string {
	for _, name := range []string{v1, v2} {
		if b, err := os.ReadFile("/sys/fs/cgroup/" + name); err == nil {
			return strings.TrimSpace(string(b))
		}
	}
	return "max"
}
