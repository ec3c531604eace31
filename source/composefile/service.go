package composefile

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/go-units"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/lang"
	"seawall/source/apimodel"
)

// request is what Compose would send to POST /containers/create for a service
// (docker/compose, pkg/compose/create.go). Fields that no fact depends on stay empty.
type request struct {
	config *container.Config
	host   *container.HostConfig
	net    *network.NetworkingConfig
}

// converter makes requests of the services of a project.
type converter struct {
	project *types.Project
}

func (c converter) request(s *types.ServiceConfig) (request, error) {
	ports, err := portBindings(s)
	if err != nil {
		return request{}, err
	}
	r := request{config: c.config(s), host: c.host(s), net: c.networks(s)}
	r.host.PortBindings = ports
	if r.net != nil && r.host.NetworkMode == "" {
		r.host.NetworkMode = container.NetworkMode(c.networkName(s.NetworksByPriority()[0]))
	}
	return r, nil
}

func (c converter) config(s *types.ServiceConfig) *container.Config {
	labels := map[string]string{}
	maps.Copy(labels, s.Labels)
	labels[apimodel.LabelProject], labels[apimodel.LabelService] = c.project.Name, s.Name
	out := &container.Config{
		Image: s.Image, User: s.User, Env: environment(s.Environment), Cmd: s.Command, Entrypoint: s.Entrypoint,
		Labels: labels, Healthcheck: healthcheck(s.HealthCheck),
		WorkingDir: s.WorkingDir, Hostname: s.Hostname, OpenStdin: s.StdinOpen, Tty: s.Tty, StopSignal: s.StopSignal,
	}
	if out.Image == "" { // Compose builds it and gives it this name
		out.Image = c.project.Name + "-" + s.Name
	}
	return out
}

// environment are assignments; a variable without a value is handed on from the shell
// of whoever starts the project.
func environment(in types.MappingWithEquals) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if v := in[name]; v != nil {
			out = append(out, name+"="+*v)
		} else {
			out = append(out, name)
		}
	}
	return out
}

func healthcheck(h *types.HealthCheckConfig) *container.HealthConfig {
	switch {
	case h == nil:
		return nil
	case h.Disable:
		return &container.HealthConfig{Test: []string{"NONE"}}
	}
	out := &container.HealthConfig{Test: h.Test}
	for to, from := range map[*time.Duration]*types.Duration{
		&out.Interval: h.Interval, &out.Timeout: h.Timeout, &out.StartPeriod: h.StartPeriod, &out.StartInterval: h.StartInterval,
	} {
		if from != nil {
			*to = time.Duration(*from)
		}
	}
	if h.Retries != nil {
		out.Retries = int(*h.Retries)
	}
	return out
}

func (c converter) host(s *types.ServiceConfig) *container.HostConfig {
	h := &container.HostConfig{
		Privileged: s.Privileged, ReadonlyRootfs: s.ReadOnly,
		CapAdd: s.CapAdd, CapDrop: s.CapDrop, GroupAdd: s.GroupAdd,
		NetworkMode: container.NetworkMode(c.joined(cmp.Or(s.NetworkMode, s.Net))),
		PidMode:     container.PidMode(c.joined(s.Pid)), IpcMode: container.IpcMode(c.joined(s.Ipc)), UTSMode: container.UTSMode(s.Uts),
		UsernsMode: container.UsernsMode(s.UserNSMode), CgroupnsMode: container.CgroupnsMode(s.Cgroup),
		VolumesFrom: c.volumesFrom(s), Links: links(s), ExtraHosts: s.ExtraHosts.AsList(":"),
		Runtime: s.Runtime, Sysctls: s.Sysctls, OomScoreAdj: int(s.OomScoreAdj),
		Init: s.Init, ShmSize: int64(s.ShmSize),
		RestartPolicy: restartPolicy(s), LogConfig: logConfig(s), Resources: resources(s),
	}
	addSecurity(h, s.SecurityOpt)
	c.addMounts(h, s)
	return h
}

// joined turns "service:web" into the container of that service.
func (c converter) joined(mode string) string {
	if name, is := strings.CutPrefix(mode, types.ServicePrefix); is {
		return types.ContainerPrefix + c.containerName(name)
	}
	return mode
}

// containerName is the name of a service's first container.
func (c converter) containerName(service string) string {
	if s, has := c.project.Services[service]; has && s.ContainerName != "" {
		return s.ContainerName
	}
	return c.project.Name + "-" + service + "-1"
}

// volumesFrom turns "web:ro" into the container of that service; "container:web:ro"
// names one.
func (c converter) volumesFrom(s *types.ServiceConfig) []string {
	var out []string
	for _, from := range s.VolumesFrom {
		if name, is := strings.CutPrefix(from, types.ContainerPrefix); is {
			out = append(out, name)
			continue
		}
		service, mode, _ := strings.Cut(from, ":")
		from = c.containerName(service)
		if mode != "" {
			from += ":" + mode
		}
		out = append(out, from)
	}
	return out
}

// links are those to containers outside of the project: others are names on the
// project's network only.
func links(s *types.ServiceConfig) []string { return s.ExternalLinks }

// addSecurity passes options on, but for systempaths=unconfined, on which Compose acts
// itself. "no-new-privileges:true" is as good as with "=".
func addSecurity(h *container.HostConfig, options []string) {
	for _, option := range options {
		if option == "systempaths=unconfined" || option == "systempaths:unconfined" {
			h.MaskedPaths, h.ReadonlyPaths = []string{}, []string{}
			continue
		}
		h.SecurityOpt = append(h.SecurityOpt, option)
	}
}

// restartPolicy is restart, or else that of deploy.
func restartPolicy(s *types.ServiceConfig) container.RestartPolicy {
	if s.Restart != "" {
		name, count, _ := strings.Cut(s.Restart, ":")
		n, _ := strconv.Atoi(count) // Compose refuses another count
		return container.RestartPolicy{Name: container.RestartPolicyMode(name), MaximumRetryCount: n}
	}
	if s.Deploy == nil || s.Deploy.RestartPolicy == nil {
		return container.RestartPolicy{}
	}
	p := s.Deploy.RestartPolicy
	out := container.RestartPolicy{Name: container.RestartPolicyMode(p.Condition)}
	switch p.Condition {
	case "none":
		out.Name = container.RestartPolicyDisabled
	case "", "any":
		out.Name = container.RestartPolicyAlways
	}
	if p.MaxAttempts != nil {
		out.MaximumRetryCount = int(*p.MaxAttempts)
	}
	return out
}

func logConfig(s *types.ServiceConfig) container.LogConfig {
	if s.Logging != nil {
		return container.LogConfig{Type: s.Logging.Driver, Config: s.Logging.Options}
	}
	return container.LogConfig{Type: s.LogDriver, Config: s.LogOpt}
}

// resources are limits: those of deploy count before the service's own.
func resources(s *types.ServiceConfig) container.Resources {
	r := container.Resources{
		Memory: int64(s.MemLimit), MemorySwap: int64(s.MemSwapLimit), NanoCPUs: int64(s.CPUS * 1e9), CPUQuota: s.CPUQuota, CPUShares: s.CPUShares,
		CpusetCpus: s.CPUSet, CgroupParent: s.CgroupParent, OomKillDisable: &s.OomKillDisable, DeviceCgroupRules: s.DeviceCgroupRules,
	}
	pids := s.PidsLimit
	var reserved []types.DeviceRequest
	if s.Deploy != nil {
		if l := s.Deploy.Resources.Limits; l != nil {
			r.Memory = cmp.Or(int64(l.MemoryBytes), r.Memory)
			r.NanoCPUs = cmp.Or(int64(l.NanoCPUs.Value()*1e9), r.NanoCPUs)
			pids = cmp.Or(l.Pids, pids)
		}
		if l := s.Deploy.Resources.Reservations; l != nil {
			reserved = l.Devices
		}
	}
	r.PidsLimit = &pids
	for _, name := range slices.Sorted(maps.Keys(s.Ulimits)) {
		if u := s.Ulimits[name]; u != nil {
			r.Ulimits = append(r.Ulimits, &units.Ulimit{Name: name, Soft: int64(cmp.Or(u.Single, u.Soft)), Hard: int64(cmp.Or(u.Single, u.Hard))})
		}
	}
	addDevices(&r, s, slices.Concat(s.Gpus, reserved))
	return r
}

// addDevices adds devices: one without a path of its own in the container is a name of
// the Container Device Interface.
func addDevices(r *container.Resources, s *types.ServiceConfig, requests []types.DeviceRequest) {
	var cdi []string
	for _, d := range s.Devices {
		if strings.Contains(d.Source, "=") && !strings.HasPrefix(d.Source, "/") {
			cdi = append(cdi, d.Source)
			continue
		}
		r.Devices = append(r.Devices, container.DeviceMapping{
			PathOnHost: d.Source, PathInContainer: cmp.Or(d.Target, d.Source), CgroupPermissions: cmp.Or(d.Permissions, "rwm"),
		})
	}
	if len(cdi) > 0 {
		r.DeviceRequests = append(r.DeviceRequests, container.DeviceRequest{Driver: "cdi", DeviceIDs: cdi})
	}
	for _, q := range requests {
		capabilities := q.Capabilities
		if len(capabilities) == 0 {
			capabilities = []string{"gpu"}
		}
		r.DeviceRequests = append(r.DeviceRequests, container.DeviceRequest{
			Driver: q.Driver, Count: int(q.Count), DeviceIDs: q.IDs, Capabilities: [][]string{capabilities},
		})
	}
}

// portBindings are the ports that a service publishes, on each host port of a range.
func portBindings(s *types.ServiceConfig) (network.PortMap, error) {
	out := network.PortMap{}
	for _, p := range s.Ports {
		port, err := network.ParsePort(fmt.Sprintf("%d/%s", p.Target, cmp.Or(p.Protocol, "tcp")))
		if err != nil {
			return nil, lang.Errorf("ports: %w", err)
		}
		binding := network.PortBinding{HostPort: p.Published}
		if p.HostIP != "" {
			if binding.HostIP, err = netip.ParseAddr(strings.Trim(p.HostIP, "[]")); err != nil {
				return nil, lang.Errorf("ports: %q is not an address", p.HostIP)
			}
		}
		out[port] = append(out[port], binding)
	}
	return out, nil
}
