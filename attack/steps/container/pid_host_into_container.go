package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

const besideHostPID = "docker run --name db alpine\ndocker run --name agent --pid host "

func pidHostIntoContainer() *attack.Step {
	return &attack.Step{
		ID: "pid-host-into-container", Title: "Go through /proc into any other container",
		Why: "The host's pid namespace holds the processes of all containers. The kernel opens the environment and the root directory of a process to whoever is its user and holds " +
			"its capabilities: root to processes of root with no more capabilities than its own, and to those of other users after it became that user. SYS_PTRACE opens all.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Processes,
		ATTACK: "T1055.008", Cost: 1, CostReason: "one command (cat /proc/PID/root/…)",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), untyped()),
		Each:  tracees,
		Rules: []string{"container-host-pid"},
		Proof: "HostConfig.PidMode, the users, capabilities, user namespaces and security labels of both processes",
		Bad: []rule.Example{
			{Run: besideHostPID + "alpine"},
			{Run: "docker run --name db --user 999 --cap-add SYS_ADMIN alpine\ndocker run --name agent --pid host alpine"},
			{Run: "docker run --name db --privileged --security-opt apparmor=docker-default alpine\ndocker run --name agent --pid host --cap-drop ALL --cap-add SYS_PTRACE alpine"},
			{Run: besideHostPID + "--security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --name db alpine\ndocker run --name agent alpine"},
			{Show: "one that holds more", Run: "docker run --name db --cap-add SYS_NICE alpine\ndocker run --name agent --pid host alpine"},
			{Show: "users that it cannot become", Run: "docker run --name db --user 999 alpine\ndocker run --name agent --pid host --cap-drop SETUID alpine"},
			{Show: "groups that it cannot enter", Run: "docker run --name db --user 999:999 alpine\ndocker run --name agent --pid host --cap-drop SETGID alpine"},
			{Show: "a profile that only traces its like", Run: "docker run --name db --security-opt apparmor=unconfined alpine\ndocker run --name agent --pid host alpine"},
		},
	}
}

// untyped is noLabel without its changes: the engine gives no label to containers
// that are in the host's pid namespace.
func untyped() *attack.Cond {
	c := cond.NoLabel()
	c.Says, c.Ends = "no SELinux label keeps it from other processes", nil
	return c
}
