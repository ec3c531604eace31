package livehost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// onHostRemedy is what makes every fact of the host readable.
var onHostRemedy = lang.Recordf("run Seawall on the host itself, or in a container with: %s", source.ContainerFlags)

// vantage is where this process stands: which of the things it sees are the
// host's and which those of a container it runs in. A gap says that they are
// not the host's.
type vantage struct {
	m Machine
	// first is the process whose namespaces are the host's: 1, or the one below
	// whose root the machine is read.
	first string
	files *snapshot.Gap
}

// look finds out where this process stands.
func look(m Machine) vantage {
	v := vantage{m: m, first: viewer(m)}
	if v.first == "self" {
		v.first = "1"
	}
	if m.Root == "" || m.Root == "/" {
		if why := v.container(); why != "" {
			v.files = &snapshot.Gap{
				Reason: snapshot.ReasonNamespace,
				Detail: lang.Recordf("Seawall runs in a container and sees its files, not the host's (%s)", why),
				Remedy: onHostRemedy,
			}
		}
	}
	return v
}

// container says by what this process is known to be in a container; "" if it
// is not. System containers that run an init of their own (LXC,
// systemd-nspawn) count as hosts: engines in them see no other.
func (v vantage) container() string {
	own, err1 := rootMount(v.m, "/proc/self/mountinfo")
	first, err2 := rootMount(v.m, filepath.Join(v.m.Proc, "1", "mountinfo"))
	if err1 == nil && err2 == nil && own != first {
		return "process 1 has another root"
	}
	if initialPIDNamespace() && err1 == nil && err2 == nil {
		return ""
	}
	for _, mark := range containerMarks {
		if _, err := v.m.Files.Info(mark); err == nil {
			return mark + " exists"
		}
	}
	if data, err := os.ReadFile("/proc/self/cgroup"); err == nil {
		for _, path := range procfs.CgroupPaths(data) {
			if containerCgroup.MatchString(path) {
				return "its cgroup is " + path
			}
		}
	}
	if variable := engineVariable(v.m, 1); variable != "" {
		return "the environment of process 1 says " + variable
	}
	return ""
}

// containerMarks are files that engines make in containers.
var containerMarks = [...]string{"/.dockerenv", "/run/.containerenv"}

// engineVariable is the variable by which engines tell a process that it is in
// a container; "" if it has none, or may not be asked.
func engineVariable(m Machine, pid int) string {
	data, err := os.ReadFile(filepath.Join(m.Proc, strconv.Itoa(pid), "environ"))
	if err != nil {
		return ""
	}
	for variable := range strings.SplitSeq(string(data), "\x00") {
		switch variable {
		case "container=docker", "container=podman", "container=oci", "container=kube":
			return variable
		}
	}
	return ""
}

// containerCgroup matches the cgroups that engines and Kubernetes give to
// containers: a path element with the 64 digits of an id.
var containerCgroup = regexp.MustCompile(`(^|[/-])[0-9a-f]{64}(\.scope)?(/|$)`)

func initialPIDNamespace() bool {
	link, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return false
	}
	inode, err := procfs.ParseNamespace("pid", link)
	return err == nil && inode == procfs.InitialPIDNamespace
}

// rootMount finds what is mounted at / of a process.
func rootMount(m Machine, mountinfo string) (procfs.Place, error) {
	tree, err := m.tree(mountinfo)
	if err != nil {
		return procfs.Place{}, err
	}
	place, ok := tree.Locate("/")
	if !ok {
		return procfs.Place{}, lang.RecordErrorf("%s: no root", mountinfo)
	}
	return place, nil
}

// namespace says why this process does not see the host's namespace of a kind
// ("net", "uts"); nil if it does. Without the right to see process 1's, an
// ordinary user of the host is taken to be in the host's.
func (v vantage) namespace(kind string) *snapshot.Gap {
	own, err := os.Readlink("/proc/self/ns/" + kind)
	path := filepath.Join(v.m.Proc, v.first, "ns", kind)
	first, err2 := os.Readlink(path)
	switch {
	case err == nil && err2 == nil && own == first && (v.files == nil || initialPIDNamespace()):
		return nil
	case v.files == nil && (err2 != nil && errors.Is(err2, fs.ErrPermission)):
		return nil
	}
	return &snapshot.Gap{
		Reason: snapshot.ReasonNamespace,
		Detail: lang.Recordf("Seawall runs in another %s namespace than the host, or cannot tell (%s)", kind, path),
		Remedy: onHostRemedy,
	}
}

// hostFact is the fact that read finds, or the gap that keeps it from being
// the host's.
func hostFact[T any](gap *snapshot.Gap, o snapshot.Origin, read func() snapshot.Fact[T]) snapshot.Fact[T] {
	if gap != nil {
		return snapshot.Lost[T](*gap, o)
	}
	return read()
}
