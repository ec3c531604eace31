package runline

import (
	"strconv"
	"strings"

	"github.com/docker/go-units"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"

	"seawall/lang"
	"seawall/source/unresolved"
)

// request makes the create request of the options, with the checks that the
// CLI makes. Fields that no fact depends on stay empty.
func (o *options) request(env Environment) (request, error) {
	if err := o.check(); err != nil {
		return request{}, lang.Errorf("docker run line: %s", unresolved.Text(err.Error()))
	}
	req := request{config: o.config(), host: o.hostConfig()}
	steps := []func(*request) error{
		o.addHealth, o.addSecurity, o.addRestart, o.addResources,
		func(r *request) error { return o.addVolumes(r, env) },
		o.addDevices, o.addPorts, o.addNetworks,
	}
	for _, step := range steps {
		if err := step(&req); err != nil {
			return request{}, lang.Errorf("docker run line: %s", unresolved.Text(err.Error()))
		}
	}
	return req, nil
}

func (o *options) config() *container.Config {
	c := &container.Config{
		User: o.user, Env: o.env, Cmd: o.args, Image: o.image,
		Labels: keyValues(o.labels),
	}
	if o.entrypointSet {
		c.Entrypoint = []string{o.entrypoint}
	}
	return c
}

func (o *options) hostConfig() *container.HostConfig {
	return &container.HostConfig{
		AutoRemove: o.autoRemove, Privileged: o.privileged, ReadonlyRootfs: o.readOnly,
		PublishAllPorts: o.publishAll, Links: o.links, VolumesFrom: o.volumesFrom, VolumeDriver: o.volumeDriver,
		IpcMode: container.IpcMode(o.ipc), PidMode: container.PidMode(o.pid), UTSMode: container.UTSMode(o.uts),
		UsernsMode: container.UsernsMode(o.userns), CgroupnsMode: container.CgroupnsMode(o.cgroupns),
		CapAdd: o.capAdd, CapDrop: o.capDrop, Runtime: o.runtime,
		LogConfig: container.LogConfig{Type: o.logDriver, Config: keyValues(o.logOpts)}, Sysctls: keyValues(o.sysctls),
		GroupAdd: o.groupAdd, OomScoreAdj: o.oomScoreAdj, ExtraHosts: extraHosts(o.extraHosts),
	}
}

func (o *options) addHealth(r *request) error {
	settings := o.healthCmd != "" || o.healthInterval != 0 || o.healthTimeout != 0 ||
		o.healthStartPeriod != 0 || o.healthStartInterval != 0 || o.healthRetries != 0
	switch {
	case o.noHealthcheck && settings:
		return lang.Errorf("--no-healthcheck conflicts with the other --health- flags")
	case o.noHealthcheck:
		r.config.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
	case o.healthCmd != "":
		r.config.Healthcheck = &container.HealthConfig{Test: []string{"CMD-SHELL", o.healthCmd}}
	case settings:
		r.config.Healthcheck = &container.HealthConfig{}
	}
	return nil
}

// addSecurity passes the options on. The CLI itself acts on
// systempaths=unconfined, and puts the content of a seccomp profile in place
// of its path; here the path stays, which reads as a profile of one's own.
func (o *options) addSecurity(r *request) error {
	for _, option := range o.securityOpt {
		if option == "systempaths=unconfined" {
			r.host.MaskedPaths, r.host.ReadonlyPaths = []string{}, []string{}
			continue
		}
		key, value, found := strings.Cut(option, "=")
		if !found && key != "no-new-privileges" {
			key, value, found = strings.Cut(option, ":")
		}
		if (!found || value == "") && key != "no-new-privileges" {
			return lang.Errorf("--security-opt %q is not of the form name=value", option)
		}
		r.host.SecurityOpt = append(r.host.SecurityOpt, option)
	}
	return nil
}

func (o *options) addRestart(r *request) error {
	name, count, counted := strings.Cut(o.restart, ":")
	if counted && name == "" {
		return lang.Errorf("--restart %q names no policy", o.restart)
	}
	r.host.RestartPolicy.Name = container.RestartPolicyMode(name)
	if count != "" {
		n, err := strconv.Atoi(count)
		if err != nil {
			return lang.Errorf("--restart %q: the count is not a number", o.restart)
		}
		r.host.RestartPolicy.MaximumRetryCount = n
	}
	if o.autoRemove && !r.host.RestartPolicy.IsNone() {
		return lang.Errorf("--restart and --rm exclude each other")
	}
	return nil
}

func (o *options) addResources(r *request) error {
	limits := map[string]*units.Ulimit{}
	for _, text := range o.ulimits {
		limit, err := units.ParseUlimit(text)
		if err != nil {
			return lang.Errorf("--ulimit %s: %w", text, err)
		}
		limits[limit.Name] = limit
	}
	for _, name := range sortedKeys(limits) {
		r.host.Ulimits = append(r.host.Ulimits, limits[name])
	}
	res := &r.host.Resources
	res.Memory, res.NanoCPUs = int64(o.memory), int64(o.cpus)
	res.CPUQuota, res.CPUShares, res.CgroupParent = o.cpuQuota, o.cpuShares, o.cgroupParent
	res.PidsLimit, res.CpusetCpus = &o.pidsLimit, o.cpuSet
	res.MemorySwap, res.OomKillDisable = int64(o.memorySwap), &o.oomKillDisable
	return nil
}

// addVolumes reads -v, --mount, --tmpfs and --use-api-socket. A repeated -v
// counts once.
func (o *options) addVolumes(r *request, env Environment) error {
	r.config.Volumes = map[string]struct{}{}
	for _, spec := range unique(o.volumes) {
		bind, err := volumeSpec(spec, env)
		if err != nil {
			return err
		}
		if bind == "" {
			r.config.Volumes[spec] = struct{}{}
			continue
		}
		r.host.Binds = append(r.host.Binds, bind)
	}
	for _, spec := range o.mounts {
		m, err := mountSpec(spec, env)
		if err != nil {
			return lang.Errorf("--mount %s: %w", spec, err)
		}
		r.host.Mounts = append(r.host.Mounts, m)
	}
	if o.useAPISocket {
		// The CLI adds this mount itself, since version 28.
		r.host.Mounts = append(r.host.Mounts, mount.Mount{
			Type: mount.TypeBind, Source: "/var/run/docker.sock", Target: "/var/run/docker.sock",
		})
	}
	r.host.Tmpfs = map[string]string{}
	for _, spec := range o.tmpfs {
		path, options, _ := strings.Cut(spec, ":")
		r.host.Tmpfs[path] = options
	}
	return nil
}
