package composefile

// A key is a part of a service, with the facts of [snapshot.Container] that it decides.
type key struct {
	name  string
	facts []string
}

// keys are the parts of a service that facts come from. Where several decide one, the
// first that a service has is where the fact was read.
var keys = []key{
	{"image", []string{"Image"}},
	{"build", []string{"ImageLocal", "Image"}},
	{"pull_policy", []string{"ImageLocal"}},
	{"security_opt", []string{"NoNewPrivileges", "Seccomp", "AppArmor", "SELinux", "UnmaskedPaths", "WritableCgroups"}},
	{"privileged", []string{"Privileged", "Seccomp", "AppArmor", "SELinux", "UnmaskedPaths"}},
	{"cap_add", []string{"CapAdd"}},
	{"cap_drop", []string{"CapDrop"}},
	{"read_only", []string{"ReadonlyRootfs"}},
	{"user", []string{"User"}},
	{"group_add", []string{"GroupAdd"}},
	{"network_mode", []string{"NetworkMode", "Networks"}},
	{"networks", []string{"Networks", "NetworkMode"}},
	{"pid", []string{"PidMode", "SELinux"}},
	{"ipc", []string{"IpcMode", "SELinux"}},
	{"uts", []string{"UTSMode"}},
	{"userns_mode", []string{"UsernsMode"}},
	{"cgroup", []string{"CgroupnsMode"}},
	{"cgroup_parent", []string{"CgroupParent"}},
	{"volumes", []string{"Mounts"}},
	{"use_api_socket", []string{"Mounts"}},
	{"tmpfs", []string{"Mounts"}},
	{"secrets", []string{"Mounts"}},
	{"configs", []string{"Mounts"}},
	{"volumes_from", []string{"VolumesFrom"}},
	{"devices", []string{"Devices", "DeviceRequests"}},
	{"device_cgroup_rules", []string{"DeviceCgroupRules"}},
	{"gpus", []string{"DeviceRequests"}},
	{"ports", []string{"Ports"}},
	{"external_links", []string{"Links"}},
	{"mem_limit", []string{"Memory", "MemorySwap"}},
	{"memswap_limit", []string{"MemorySwap"}},
	{"cpus", []string{"NanoCPUs"}},
	{"cpu_quota", []string{"CPUQuota"}},
	{"cpu_shares", []string{"CPUShares"}},
	{"cpuset", []string{"CPUSet"}},
	{"pids_limit", []string{"PidsLimit"}},
	{"ulimits", []string{"Ulimits"}},
	{"restart", []string{"RestartPolicy"}},
	{"deploy", []string{"Memory", "MemorySwap", "NanoCPUs", "PidsLimit", "RestartPolicy", "DeviceRequests"}},
	{"logging", []string{"LogDriver", "LogOptions"}},
	{"log_driver", []string{"LogDriver"}},
	{"log_opt", []string{"LogOptions"}},
	{"runtime", []string{"Runtime"}},
	{"sysctls", []string{"Sysctls"}},
	{"environment", []string{"Env", "DockerHost"}},
	{"env_file", []string{"Env", "DockerHost"}},
	{"command", []string{"Command", "SecretArguments"}},
	{"entrypoint", []string{"Command", "SecretArguments"}},
	{"healthcheck", []string{"Health", "SecretHealth"}},
	{"oom_kill_disable", []string{"OOMKillDisable"}},
	{"oom_score_adj", []string{"OOMScoreAdj"}},
	{"extra_hosts", []string{"ExtraHosts"}},
	{"labels", []string{"Labels", "SecretLabels"}},
	{"label_file", []string{"Labels", "SecretLabels"}},
}

// Decides are the facts of [snapshot.Container], by their names, that a part of a service
// decides.
func Decides(part string) []string { return decided(part) }

// decided are the facts that a part of a service decides.
func decided(name string) []string {
	for _, k := range keys {
		if k.name == name {
			return k.facts
		}
	}
	return nil
}

// textual are the parts of a service that hold text: an open value in it stays there
// and makes a gap of the facts that hold it. All others are numbers, switches or have a
// form of their own: where they hold an open value they are left out as a whole.
var textual = map[string]bool{
	"annotations": true, "build": true, "cap_add": true, "cap_drop": true, "cgroup": true, "cgroup_parent": true, "command": true,
	"configs": true, "container_name": true, "cpuset": true, "depends_on": true, "device_cgroup_rules": true, "devices": true,
	"dns": true, "dns_search": true, "domainname": true, "entrypoint": true, "env_file": true, "environment": true,
	"extends": true, "external_links": true, "group_add": true, "hostname": true, "image": true, "ipc": true, "label_file": true,
	"labels": true, "links": true, "logging": true, "network_mode": true, "networks": true, "pid": true, "platform": true,
	"profiles": true, "restart": true, "runtime": true, "secrets": true, "security_opt": true, "sysctls": true, "tmpfs": true,
	"user": true, "userns_mode": true, "uts": true, "volumes": true, "volumes_from": true, "working_dir": true,
}
