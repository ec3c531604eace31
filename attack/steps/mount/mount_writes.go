package mount

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps that take the host over by what they write to a path of
// it. They differ in the path and in who runs what is written there.

// writeStep is one of them.
type writeStep struct {
	id, title, why string
	way            hostplace.Way
	is             cond.MountKind // nil: by the way
	says           string         // the condition, in words
	attack         string
	cost           int
	costReason     string
	bad            []rule.Example
	good           []rule.Example // beyond those that all have
}

// step is the attack step. Of the first bad example the mount read-only is a good
// one.
func (w *writeStep) step() *attack.Step {
	is := w.is
	if is == nil {
		is = cond.Writable(w.way)
	}
	run := w.bad[0].Run
	return &attack.Step{
		ID: w.id, Title: w.title, Why: w.why,
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: w.attack, Cost: w.cost, CostReason: w.costReason,
		Needs: attack.All(cond.PlacesInside(), cond.HasMount(w.says, is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil, change.ReadOnlyMount),
		Proof: "mountinfo of its process: source and mode of the mount; access(2) tells that its root may write there, and nothing is written",
		Bad:   w.bad,
		Good:  slices.Concat(scene.WithoutMount(run), []rule.Example{{Run: readOnlyRun(run)}}, w.good),
	}
}

// readOnlyRun makes the mount of an example read-only: it mounts at /x.
func readOnlyRun(run string) string {
	const at = ":/x"
	i := len(run) - len(at+" alpine")
	return run[:i] + at + ":ro alpine"
}

func writeSteps() []*attack.Step {
	var out []*attack.Step
	for i := range writeTable {
		out = append(out, writeTable[i].step())
	}
	return out
}

const oneFile = "one file written"

var writeTable = [...]writeStep{
	{id: "host-root-mount-rw", title: "Write to the host's file system", way: hostplace.Whole, says: "it can write to the host's whole file system",
		why:    "Root in the container writes what root runs on the host: a job of cron, a unit, a key of ssh.",
		attack: "T1611", cost: 1, costReason: oneFile,
		bad:  []rule.Example{{Run: "docker run -v /:/x alpine"}, {Show: "a volume that is a bind in disguise", Run: "docker run -v all:/x alpine", Facts: example.BindVolume("all", "/")}},
		good: []rule.Example{{Run: "docker run -v /srv:/x alpine"}}},
	{id: "etc-mount-rw", title: "Write to the host's /etc", way: hostplace.Etc, says: "it can write to what says who is root on the host",
		why:    "The files say who is root on the host and which libraries and hooks its programs load.",
		attack: "T1098", cost: 1, costReason: oneFile,
		bad: []rule.Example{{Run: "docker run -v /etc:/x alpine"}, {Run: "docker run -v /etc/passwd:/x alpine"},
			{Run: "docker run --name a -v /etc/sudoers.d:/x alpine\ndocker run --volumes-from a --cap-drop ALL alpine"}},
		good: []rule.Example{{Run: "docker run -v /etc/localtime:/etc/localtime:ro alpine"}, {Run: "docker run -v data:/x alpine"}}},
	{id: "root-home-mount-rw", title: "Write to root's home", way: hostplace.RootHome, says: "it can write to root's home",
		why:    "A key in authorized_keys logs in as root, and root's shell runs what its start files say.",
		attack: "T1098.004", cost: 1, costReason: oneFile,
		bad: []rule.Example{{Run: "docker run -v /root:/x alpine"}, {Run: "docker run -v /root/.ssh:/x alpine"}, {Run: "docker run -v /root/.bashrc:/x alpine"}}},
	{id: "cron-dir-mount-rw", title: "Write a job for cron", way: hostplace.Cron, says: "it can write jobs of the host's cron",
		why:    "cron runs as root what its files say, within a minute.",
		attack: "T1053.003", cost: 1, costReason: oneFile,
		bad: []rule.Example{{Run: "docker run -v /etc/cron.d:/x alpine"}, {Run: "docker run -v /var/spool/cron:/x alpine"}, {Run: "docker run -v /var/spool:/x alpine"}}},
	{id: "systemd-dir-mount-rw", title: "Write a unit or a rule of udev", way: hostplace.Units, says: "it can write what systemd, udev or init run",
		why:    "systemd, udev and init run as root what these files say.",
		attack: "T1543.002", cost: 2, costReason: "it runs at the next start, reload or event",
		bad: []rule.Example{{Run: "docker run -v /etc/systemd/system:/x alpine"}, {Run: "docker run -v /run/systemd:/x alpine"}, {Run: "docker run -v /etc/udev/rules.d:/x alpine"}}},
	{id: "host-binaries-mount-rw", title: "Replace a program of the host", way: hostplace.Programs, says: "it can write programs or libraries of the host",
		why:    "Root on the host runs these programs, the engine's own among them.",
		attack: "T1554", cost: 1, costReason: oneFile,
		bad: []rule.Example{{Run: "docker run -v /usr:/x alpine"}, {Run: "docker run -v /usr/local/bin:/x alpine"}, {Run: "docker run -v /lib:/x alpine"}}},
	{id: "boot-mount-rw", title: "Replace what the host boots", way: hostplace.Boot, says: "it can write what the host boots",
		why:    "The kernel, its first file system or its command line start with all rights at the next boot.",
		attack: "T1542", cost: 2, costReason: "it runs at the next boot",
		bad: []rule.Example{{Run: "docker run -v /boot:/x alpine"}}},
	{id: "lib-modules-mount-rw", title: "Replace a kernel module", way: hostplace.Modules, says: "it can write what the host's kernel loads",
		why:    "The kernel loads modules and firmware from here when it needs them.",
		attack: "T1547.006", cost: 2, costReason: "a module must be built, and is loaded when it is needed",
		bad: []rule.Example{{Run: "docker run -v /lib/modules:/x alpine"}, {Run: "docker run -v /usr/lib/modules/6.12.90:/x alpine"}}},
	{id: "docker-data-root-rw", title: "Change the files of containers and images", is: engineFilesWritable, says: "it can write to the files of all containers",
		why:    "The settings of containers lie there, --privileged among them, with the files of their images: the engine reads them when it starts.",
		attack: "T1525", cost: 2, costReason: "a restart of the engine or of a container must follow",
		bad: []rule.Example{{Run: "docker run -v /var/lib/docker:/x alpine"}, {Run: "docker run -v /var/lib:/x alpine"},
			{Show: "another data directory", Run: "docker run -v /srv/docker:/x alpine", Facts: example.Engine(setDataRoot)}},
		good: []rule.Example{{Run: "docker run -v /var/lib/docker/volumes/data/_data:/x alpine"}}},
	{id: "daemon-config-mount-rw", title: "Change the engine's configuration", way: hostplace.EngineConfig, says: "it can write to the engine's configuration",
		why:    "The configuration says which programs the engine runs as root, and where it listens.",
		attack: "T1543", cost: 2, costReason: "a restart of the engine must follow",
		bad: []rule.Example{{Run: "docker run -v /etc/docker:/x alpine"}, {Run: "docker run -v /etc/docker/daemon.json:/x alpine"}}},
	{id: "writable-cdi-spec-dir", title: "Write a specification of devices", way: hostplace.CDI, says: "it can write specifications of devices",
		why:    "A specification (CDI) names programs that run as root on the host when a container asks for its device.",
		attack: "T1574", cost: 2, costReason: "a container with such a device must start",
		bad: []rule.Example{{Run: "docker run -v /etc/cdi:/x alpine"}, {Run: "docker run -v /var/run/cdi:/x alpine"}}},
	{id: "legacy-plugin-spec-writable", title: "Give the engine a plugin", way: hostplace.PluginSpecs, says: "it can write where the engine finds plugins",
		why:    "The engine asks the plugins that these files name, and mounts what they answer.",
		attack: "T1574", cost: 3, costReason: "a plugin must be written, and used by somebody",
		bad: []rule.Example{{Run: "docker run -v /run/docker/plugins:/x alpine"}, {Run: "docker run -v /etc/docker/plugins:/x alpine"}}},
	{id: "nri-plugin-hook", title: "Give the engine an NRI plugin", way: hostplace.NRI, says: "it can write where the engine finds NRI plugins",
		why:    "Such a plugin changes every container before it starts, its mounts and devices too.",
		attack: "T1574", cost: 2, costReason: "NRI must be on, and a restart of the engine must follow",
		bad: []rule.Example{{Run: "docker run -v /etc/docker/nri:/x alpine"}, {Run: "docker run -v /etc/nri/conf.d:/x alpine"}}},
	{id: "kubelet-dir-mount", title: "Write a pod of the node", way: hostplace.Cluster, says: "it can write to the cluster's files on the host",
		why:    "The kubelet starts with all rights what the manifests say, and its directory holds the tokens of all pods.",
		attack: "T1610", cost: 1, costReason: oneFile,
		bad: []rule.Example{{Run: "docker run -v /etc/kubernetes/manifests:/x alpine"}, {Run: "docker run -v /var/lib/kubelet:/x alpine"}}},
	{id: "lxcfs-rw-mount", title: "Write to control groups through lxcfs", way: hostplace.LXCFS, says: "it can write to lxcfs of the host",
		why:    "lxcfs shows the control groups of the host, and changes them as root for whoever writes to it.",
		attack: "T1611", cost: 2, costReason: "control groups of version 1 must be there",
		bad: []rule.Example{{Run: "docker run -v /var/lib/lxcfs:/x alpine"}}},
}

func engineFilesWritable(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if m.ReadOnly {
		return attack.No
	}
	return engineFiles(q, m)
}

func setDataRoot(e *snapshot.Engine) { example.Set(&e.Settings.DataRoot, "/srv/docker") }
