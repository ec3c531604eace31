package runline

import (
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"seawall/lang"
	"seawall/source/unresolved"
)

// options are the flags of docker run and docker create (docker/cli 20.10 to
// 29). Those that no fact depends on are checked and otherwise left alone.
type options struct {
	name         string
	useAPISocket bool

	image string
	args  []string

	user, entrypoint                       string
	entrypointSet                          bool
	env, envFiles, labels                  []string
	pid, ipc, uts, userns, cgroupns        string
	privileged, readOnly                   bool
	capAdd, capDrop, securityOpt           []string
	volumes, mounts, tmpfs, volumesFrom    []string
	volumeDriver                           string
	devices, deviceRules, gpus             []string
	networks, links                        []string
	publish, expose                        []string
	publishAll                             bool
	memory                                 size
	cpus                                   cpus
	cpuQuota, cpuShares, pidsLimit         int64
	ulimits                                []string
	cgroupParent, cpuSet, restart          string
	autoRemove                             bool
	logDriver                              string
	logOpts                                []string
	runtime                                string
	sysctls                                []string
	healthCmd                              string
	healthInterval, healthTimeout          time.Duration
	healthStartPeriod, healthStartInterval time.Duration
	healthRetries                          int
	noHealthcheck                          bool
	swappiness                             int64
	storageOpt, extraHosts, dns            []string
	aliases                                []string
	pull                                   string
	readBps, writeBps, readIOps, writeIOps []string
	weightDevices, attach, mac             []string
	groupAdd, labelFiles                   []string
	memorySwap                             size
	oomKillDisable                         bool
	oomScoreAdj                            int
	blkioWeight                            uint16

	// open are facts that depend on a value that is not known: path in the
	// snapshot's container to the shell text.
	open map[string]string
}

// parseFlags reads the words after "run". An unknown flag is an error that
// names it.
func parseFlags(words []string) (*options, error) {
	o := &options{open: map[string]string{}}
	fs := pflag.NewFlagSet("docker run", pflag.ContinueOnError)
	fs.SetInterspersed(false)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	o.judged(fs)
	o.checked(fs)
	ignored(fs)
	fs.SetNormalizeFunc(oldNames)
	if err := fs.Parse(words); err != nil {
		return nil, lang.Errorf("docker run line: %s", unresolved.Text(err.Error()))
	}
	rest := fs.Args()
	if len(rest) == 0 || rest[0] == "" {
		return nil, lang.Errorf("docker run line: no image is named")
	}
	if text, split := mayBeWords(rest[0]); split {
		return nil, lang.Errorf("docker run line: the value of %s is not known and may hold flags: write it out, or quote it if it is the image", text)
	}
	o.image, o.args = rest[0], rest[1:]
	o.entrypointSet = fs.Changed("entrypoint")
	return o, nil
}

// oldNames maps the hidden spellings of flags to today's.
func oldNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "net":
		name = "network"
	case "net-alias":
		name = "network-alias"
	case "dns-opt":
		name = "dns-option"
	}
	return pflag.NormalizedName(name)
}

// judged are the flags that facts are made of.
func (o *options) judged(fs *pflag.FlagSet) {
	list := func(p *[]string, name, short string) { fs.StringArrayVarP(p, name, short, nil, "") }
	text := func(p *string, name, short string) { fs.StringVarP(p, name, short, "", "") }
	number := func(p *int64, name, short string) { fs.Int64VarP(p, name, short, 0, "") }
	toggle := func(p *bool, name, short string) { fs.BoolVarP(p, name, short, false, "") }

	text(&o.name, "name", "")
	text(&o.user, "user", "u")
	text(&o.entrypoint, "entrypoint", "")
	list(&o.env, "env", "e")
	list(&o.envFiles, "env-file", "")
	list(&o.labels, "label", "l")
	list(&o.labelFiles, "label-file", "")
	text(&o.pid, "pid", "")
	text(&o.ipc, "ipc", "")
	text(&o.uts, "uts", "")
	text(&o.userns, "userns", "")
	text(&o.cgroupns, "cgroupns", "")
	toggle(&o.privileged, "privileged", "")
	toggle(&o.readOnly, "read-only", "")
	toggle(&o.useAPISocket, "use-api-socket", "")
	list(&o.capAdd, "cap-add", "")
	list(&o.capDrop, "cap-drop", "")
	list(&o.securityOpt, "security-opt", "")
	list(&o.volumes, "volume", "v")
	list(&o.mounts, "mount", "")
	list(&o.tmpfs, "tmpfs", "")
	list(&o.volumesFrom, "volumes-from", "")
	text(&o.volumeDriver, "volume-driver", "")
	list(&o.devices, "device", "")
	list(&o.deviceRules, "device-cgroup-rule", "")
	list(&o.gpus, "gpus", "")
	list(&o.networks, "network", "")
	list(&o.links, "link", "")
	list(&o.publish, "publish", "p")
	list(&o.expose, "expose", "")
	toggle(&o.publishAll, "publish-all", "P")
	fs.VarP(&o.memory, "memory", "m", "")
	fs.Var(&o.cpus, "cpus", "")
	number(&o.cpuQuota, "cpu-quota", "")
	number(&o.cpuShares, "cpu-shares", "c")
	text(&o.cpuSet, "cpuset-cpus", "")
	number(&o.pidsLimit, "pids-limit", "")
	list(&o.ulimits, "ulimit", "")
	text(&o.cgroupParent, "cgroup-parent", "")
	text(&o.restart, "restart", "")
	toggle(&o.autoRemove, "rm", "")
	text(&o.logDriver, "log-driver", "")
	list(&o.logOpts, "log-opt", "")
	text(&o.runtime, "runtime", "")
	list(&o.sysctls, "sysctl", "")
	text(&o.healthCmd, "health-cmd", "")
	toggle(&o.noHealthcheck, "no-healthcheck", "")
	list(&o.groupAdd, "group-add", "")
	fs.Var(&o.memorySwap, "memory-swap", "")
	toggle(&o.oomKillDisable, "oom-kill-disable", "")
	fs.IntVar(&o.oomScoreAdj, "oom-score-adj", 0, "")
}

// checked are the flags whose values can make the CLI refuse the line.
func (o *options) checked(fs *pflag.FlagSet) {
	list := func(p *[]string, name, short string) { fs.StringArrayVarP(p, name, short, nil, "") }
	fs.DurationVar(&o.healthInterval, "health-interval", 0, "")
	fs.DurationVar(&o.healthTimeout, "health-timeout", 0, "")
	fs.DurationVar(&o.healthStartPeriod, "health-start-period", 0, "")
	fs.DurationVar(&o.healthStartInterval, "health-start-interval", 0, "")
	fs.IntVar(&o.healthRetries, "health-retries", 0, "")
	fs.Int64Var(&o.swappiness, "memory-swappiness", -1, "")
	list(&o.storageOpt, "storage-opt", "")
	list(&o.extraHosts, "add-host", "")
	list(&o.dns, "dns", "")
	list(&o.readBps, "device-read-bps", "")
	list(&o.writeBps, "device-write-bps", "")
	list(&o.readIOps, "device-read-iops", "")
	list(&o.writeIOps, "device-write-iops", "")
	list(&o.weightDevices, "blkio-weight-device", "")
	list(&o.attach, "attach", "a")
	list(&o.mac, "mac-address", "")
	fs.Uint16Var(&o.blkioWeight, "blkio-weight", 0, "")
	list(&o.aliases, "network-alias", "")
	fs.StringVar(&o.pull, "pull", "missing", "")
}

// ignored are the flags that only need to be known, with the kind of value
// they take.
func ignored(fs *pflag.FlagSet) {
	for _, name := range []string{"detach", "interactive", "tty", "quiet"} {
		fs.BoolP(name, name[:1], false, "")
	}
	for _, name := range []string{"sig-proxy", "disable-content-trust", "init", "help"} {
		fs.Bool(name, false, "")
	}
	for _, name := range strings.Fields("ip ip6 detach-keys platform domainname stop-signal cidfile cpuset-mems isolation") {
		fs.String(name, "", "")
	}
	fs.StringP("workdir", "w", "", "")
	fs.StringP("hostname", "h", "", "")
	for _, name := range strings.Fields("annotation dns-option dns-search link-local-ip") {
		fs.StringArray(name, nil, "")
	}
	for _, name := range strings.Fields("cpu-count cpu-percent cpu-period cpu-rt-period cpu-rt-runtime") {
		fs.Int64(name, 0, "")
	}
	for _, name := range strings.Fields("stop-timeout") {
		fs.Int(name, 0, "")
	}
	for _, name := range strings.Fields("memory-reservation shm-size kernel-memory io-maxbandwidth") {
		fs.Var(new(size), name, "")
	}
	fs.Uint64("io-maxiops", 0, "")
}
