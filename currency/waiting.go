package currency

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// listsOldAfter is the age of a package manager's lists from which on what they
// leave out says little.
const listsOldAfter = 7 * 24 * time.Hour

// waiting lists what waits to be done, and what of it cannot be told.
func waiting(s *snapshot.Snapshot) []Notice {
	w := &waiter{s: s, soft: &s.Host.Software}
	w.processes()
	w.kernel()
	w.packages()
	w.unattended()
	w.shadowed()
	return w.out
}

type waiter struct {
	s    *snapshot.Snapshot
	soft *snapshot.Software
	out  []Notice
}

func (w *waiter) add(kind NoticeKind, fix, format string, args ...any) {
	w.out = append(w.out, Notice{kind, true, lang.Sprintf(format, args...), fix})
}

// unread says that something cannot be told.
func (w *waiter) unread(kind NoticeKind, what string, g snapshot.Gap) {
	w.out = append(w.out, Notice{kind, false, lang.Sprintf("%s: %s", what, lang.Reword(g.Detail)), lang.Reword(g.Remedy)})
}

// processes are those that run a file which is no longer there.
func (w *waiter) processes() {
	running, ok := w.soft.Running.Peek()
	if !ok {
		w.unread(ProcessOutdated, lang.T("whether what runs is what is installed is not known"), w.soft.Running.Gap())
		return
	}
	for _, r := range running {
		if r.Fate == snapshot.FileCurrent {
			continue
		}
		file := lang.Sprintf("%d × %s from %s, a file that was removed meanwhile", r.Count, r.Name, r.Path)
		if r.Fate == snapshot.FileReplaced {
			file = lang.Sprintf("%d × %s from %s, a file that was replaced meanwhile", r.Count, r.Name, r.Path)
		}
		w.out = append(w.out, Notice{ProcessOutdated, true, lang.Bracket(file, w.processWords(r)), restart(r.Name)})
	}
}

// restart is how a program is started again.
func restart(program string) string {
	switch program {
	case "containerd-shim":
		return lang.T("restart the containers that these shims hold; until then they run the old code")
	case "dockerd", "docker-proxy":
		return lang.T("restart it: systemctl restart docker")
	}
	return lang.Sprintf("restart %s", program)
}

// processWords tell of processes by their numbers, when they began, and the containers
// that they keep.
func (w *waiter) processWords(r snapshot.RunningProgram) string {
	words := lang.Sprintf("process %s", numbers(r.PIDs))
	if !r.Since.IsZero() {
		words = lang.Sprintf("process %s, running since %s", numbers(r.PIDs), r.Since.Format(time.DateOnly))
	}
	if kept := w.kept(r); kept != "" {
		words = lang.Sprintf("%s; of the containers %s", words, kept)
	}
	return words
}

// kept names the containers that shims keep, those of engines that were not asked by
// their ids; "" if there are none.
func (w *waiter) kept(r snapshot.RunningProgram) string {
	var names []string
	for _, id := range r.Containers {
		names = append(names, w.containerName(id))
	}
	if len(names) == 0 {
		return ""
	}
	if more := r.Count - len(names); more > 0 {
		names = append(names, lang.Sprintf("%d more", more))
	}
	return lang.Comma(names)
}

func (w *waiter) containerName(id string) string {
	for i := range w.s.Engines {
		containers, _ := w.s.Engines[i].Containers.Peek()
		for j := range containers {
			if containers[j].ID == id {
				return containers[j].Name
			}
		}
	}
	return id[:min(12, len(id))]
}

func numbers(pids []int) string {
	var out []string
	for _, pid := range pids {
		out = append(out, strconv.Itoa(pid))
	}
	return lang.Comma(out)
}

// kernel tells of a host that waits for a restart.
func (w *waiter) kernel() {
	k := &w.soft.Kernel
	switch names, ok := w.soft.RebootRequired.Peek(); {
	case !ok:
		w.unread(RebootNeeded, lang.T("whether the host waits for a restart is not known"), w.soft.RebootRequired.Gap())
	case w.soft.RebootRequired.State() == snapshot.Seen:
		w.add(RebootNeeded, lang.T("restart the host"), "packages ask for a restart of the host: %s", orNone(names))
	}
	installed, ok := k.Installed.Peek()
	release, known := w.s.Host.Kernel.Peek()
	runs := runningKernel(w.s)
	if !ok || !known || runs == "" {
		return
	}
	running, _ := k.Package.Peek()
	for _, p := range installed {
		if !alike(p, running, release) {
			continue
		}
		if order, err := scheme(p).Compare(p.SourceVersion, runs); err == nil && order > 0 {
			w.add(KernelOlder, lang.T("restart the host"), "kernel %s (%s) runs, and %s %s is installed", release, runs, p.Name, p.Version)
		}
	}
}

// alike reports whether a package holds a kernel of the kind that runs: on Debian and its
// kin of the same flavour, elsewhere of the same name.
func alike(p, running snapshot.Package, release string) bool {
	if p.Manager == "rpm" {
		return p.Name == running.Name
	}
	return imageOfKernel.MatchString(p.Name) && flavour(p.Name) == flavour(release)
}

// imageOfKernel matches the package of one kernel, not one that follows others:
// "linux-image-6.1.0-18-amd64", "linux-image-6.12.57+deb13-amd64".
var imageOfKernel = regexp.MustCompile(`^linux-image-(unsigned-)?\d+\.\d`)

// flavour is for which machines a kernel is built: "amd64", "generic".
func flavour(release string) string { return release[strings.LastIndexByte(release, '-')+1:] }

// runningKernel is the version of the source of the package that the running kernel is
// of: what Debian's and Ubuntu's name themselves, else that of the package named after it. It is ""
// where that is not known.
func runningKernel(s *snapshot.Snapshot) string {
	build, _ := s.Host.Software.Kernel.Build.Peek()
	if m := debianKernel.FindStringSubmatch(build); m != nil {
		return m[1]
	}
	release, _ := s.Host.Kernel.Peek()
	if v := ubuntuVersion(release, build); v != "" {
		return v
	}
	pkg, _ := s.Host.Software.Kernel.Package.Peek()
	return pkg.SourceVersion
}

func orNone(names []string) string {
	if len(names) == 0 {
		return lang.T("they are not named")
	}
	return lang.Comma(names)
}

// packages compares what is installed with what the package manager last heard of.
func (w *waiter) packages() {
	lists, ok := w.soft.Lists.Peek()
	commands := commandsOf(w.installed())
	switch {
	case !ok:
		if w.soft.Lists.Gap().Reason != snapshot.ReasonNotCollected {
			w.unread(UpdateWaiting, lang.T("whether updates wait is not known"), w.soft.Lists.Gap())
		}
		return
	case w.soft.Lists.State() == snapshot.Absent:
		w.out = append(w.out, Notice{ListsOld, false, lang.Sprintf("whether updates wait is not known: %s has no lists of packages", commands.name), commands.fetch})
		return
	}
	if age := w.s.TakenAt.Sub(lists.UpdatedAt); age > listsOldAfter {
		w.add(ListsOld, commands.fetch, "%s last fetched its lists %d days ago, on %s", commands.name, int(age.Hours()/24), lists.UpdatedAt.Format(time.DateOnly))
	}
	for _, p := range latest(w.installed()) {
		if p.Held {
			w.add(PackageHeld, "apt-mark unhold "+p.Name, "%s is held at %s", p.Name, p.Version)
		}
		kind := UpdateWaiting
		if holdsKernel(p.Name) {
			kind = KernelWaiting
		}
		newest := lists.Newest[p.Name]
		order, err := scheme(p).Compare(newest, p.Version)
		switch {
		case p.Manager == "rpm" && strings.Contains(p.Version, ".module"):
			w.unread(kind, lang.Sprintf("whether a newer %s waits is not known", p.Name), snapshot.Gap{Detail: lang.Sprintf("%s is of a module, and which of its streams dnf follows is not in the lists", p.Version), Remedy: "dnf check-update " + p.Name})
		case newest != "" && err == nil && order > 0:
			words := distance(lang.Sprintf("%s %s is installed, %s is in the lists of %s", p.Name, p.Version, newest, lists.UpdatedAt.Format(time.DateOnly)), p, newest)
			if len(lists.Pins) > 0 {
				words = lang.Sprintf("%s; %s may choose otherwise by %s", words, commands.name, lang.Comma(lists.Pins))
			}
			w.out = append(w.out, Notice{kind, true, words, commands.upgrade + p.Name})
		default:
			w.phased(kind, p, lists.Phased[p.Name])
		}
	}
	w.followed()
}

// phased tells of a newer version that comes to some machines first. Whether to this one
// apt tells by the machine's id.
func (w *waiter) phased(kind NoticeKind, p snapshot.Package, next snapshot.PhasedVersion) {
	if order, err := scheme(p).Compare(next.Version, p.Version); err != nil || order <= 0 {
		return
	}
	w.unread(kind, lang.Sprintf("whether a newer %s waits is not known", p.Name), snapshot.Gap{
		Detail: lang.Sprintf("%s is installed, and %s comes to %d %% of machines as yet (a phased update)", p.Version, next.Version, next.Percent),
		Remedy: "apt-get --simulate upgrade",
	})
}

// distance adds by how many releases of its branch a kernel is behind another, where both
// are numbered as kernel.org does: 6.1.76-1 is 116 behind 6.1.192-1.
func distance(words string, p snapshot.Package, newest string) string {
	old, late := version.OfPackage(scheme(p), p.Version), version.OfPackage(scheme(p), newest)
	if !holdsKernel(p.Name) || branch(old) != branch(late) {
		return words
	}
	from, err1 := strconv.Atoi(strings.TrimPrefix(old, branch(old)+"."))
	to, err2 := strconv.Atoi(strings.TrimPrefix(late, branch(late)+"."))
	n := to - from
	if err1 != nil || err2 != nil || n <= 0 {
		return words
	}
	return lang.Plural(n, "%[1]s, one release of %[3]s later", "%[1]s, %[2]d releases of %[3]s later", words, n, branch(late))
}

// followed tells of a host whose kernels no package follows: on Debian and its kin a newer
// kernel is a package of another name, which the lists of the installed ones do not show.
func (w *waiter) followed() {
	kernels, _ := w.soft.Kernel.Installed.Peek()
	single := slices.DeleteFunc(slices.Clone(kernels), func(p snapshot.Package) bool { return p.Manager != "dpkg" || !imageOfKernel.MatchString(p.Name) })
	if len(single) == 0 || len(single) < len(kernels) {
		return
	}
	kind := flavour(single[0].Name)
	w.unread(KernelWaiting, lang.T("whether a newer kernel waits is not known"), snapshot.Gap{
		Detail: lang.T("no package follows those of single kernels, and a newer kernel is one of another name"), Remedy: "apt-get install linux-image-" + kind,
	})
}

// commands are those of a package manager.
type commands struct{ name, fetch, upgrade string }

// commandsOf are those of the manager of the host's packages.
func commandsOf(installed []snapshot.Package) commands {
	for _, p := range installed {
		switch p.Manager {
		case "rpm":
			return commands{"dnf", "dnf makecache", "dnf upgrade "}
		case "apk":
			return commands{"apk", "apk update", "apk upgrade "}
		}
	}
	return commands{"apt", "apt-get update", "apt-get install --only-upgrade "}
}

// latest are the packages, of each name the highest version: of kernels several are
// installed at the same time.
func latest(installed []snapshot.Package) []snapshot.Package {
	var out []snapshot.Package
	for _, p := range installed {
		i := slices.IndexFunc(out, func(q snapshot.Package) bool { return q.Name == p.Name && q.Manager == p.Manager })
		if i < 0 {
			out = append(out, p)
		} else if order, err := scheme(p).Compare(p.Version, out[i].Version); err == nil && order > 0 {
			out[i] = p
		}
	}
	return out
}

// holdsKernel reports whether a package of this name holds a kernel, or follows those
// that do.
func holdsKernel(name string) bool {
	return strings.HasPrefix(name, "linux-image-") || name == "kernel" || strings.HasPrefix(name, "kernel-") || strings.HasPrefix(name, "kernel6")
}

// installed are the host's packages of programs and kernels.
func (w *waiter) installed() []snapshot.Package {
	var out []snapshot.Package
	programs, _ := w.soft.Programs.Peek()
	for i := range programs {
		if pkg, _ := programs[i].Package.Peek(); pkg.Name != "" && pkg.Manager != "snap" && !elsewhere(&programs[i]) {
			out = append(out, pkg)
		}
	}
	kernels, _ := w.soft.Kernel.Installed.Peek()
	return append(out, kernels...)
}

// unattended tells of a host on which nobody installs updates by itself.
func (w *waiter) unattended() {
	u, ok := w.soft.Unattended.Peek()
	switch {
	case !ok:
		w.unread(NoUnattended, lang.T("whether updates are installed by themselves is not known"), w.soft.Unattended.Gap())
	case w.soft.Unattended.State() == snapshot.Absent:
	case !u.Installed:
		w.add(NoUnattended, "apt-get install unattended-upgrades", "updates are not installed by themselves: unattended-upgrades is not installed")
	case u.Enabled == "" || u.Enabled == "0":
		w.add(NoUnattended, "dpkg-reconfigure unattended-upgrades", "updates are not installed by themselves: unattended-upgrades is installed and not turned on")
	case len(u.TimersOff) > 0:
		w.add(NoUnattended, "systemctl unmask apt-daily.timer apt-daily-upgrade.timer && systemctl enable --now apt-daily.timer apt-daily-upgrade.timer",
			"updates are not installed by themselves: unattended-upgrades is turned on, and %s", lang.Comma(reworded(u.TimersOff)))
	}
}

// reworded are texts that were kept in English.
func reworded(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, lang.Reword(text))
	}
	return out
}

// shadowed tells of programs of no package that stand before packaged ones of the
// same name: updates of the package do not reach who calls them.
func (w *waiter) shadowed() {
	programs, _ := w.soft.Programs.Peek()
	for _, first := range programs {
		if !first.First || first.Package.State() != snapshot.Absent {
			continue
		}
		for _, other := range programs {
			pkg, _ := other.Package.Peek()
			if pkg.Name != "" && calledAlike(&first, &other) {
				build, _ := first.Build.Peek()
				w.add(ClientShadowed, lang.Sprintf("remove %s, or update it by hand", first.Path), "%s, of no package, stands before %s of %s %s", first.Path+versionOf(build), other.Path, pkg.Name, pkg.Version)
			}
		}
	}
}

// calledAlike reports whether the same call finds one program or the other. The CLI looks
// for its plugins apart from the PATH ("docker compose" is not "docker-compose"), and in a
// container's root of its own nobody on the host looks.
func calledAlike(a, b *snapshot.Program) bool {
	return a.Name == b.Name && path.Base(a.Path) == path.Base(b.Path) && isPlugin(a) == isPlugin(b) && a.Root == b.Root
}

// isPlugin reports whether the CLI starts a program, by where it lies.
func isPlugin(p *snapshot.Program) bool { return path.Base(path.Dir(p.Path)) == "cli-plugins" }

func versionOf(b snapshot.GoBuild) string {
	if b.Version == "" {
		return ""
	}
	return " (" + b.Version + ")"
}
