package host

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func sudoDocker() *attack.Step {
	return &attack.Step{
		ID: "sudo-docker", Title: "Become root by sudo docker",
		Why:  "A sudo rule for docker, or a tool like it, is one for everything: sudo docker run -v /:/host.",
		At:   rule.KindUser,
		From: attack.LocalUser, To: attack.HostRoot,
		ATTACK: "T1548.003", Cost: 1, CostReason: "one command",
		Needs: attack.All(ordinary()),
		Each: func(q *attack.Query) []attack.Instance {
			rules, known := q.User.SudoDocker.Look(q)
			if !known {
				return append(q.Instances(), attack.Instance{Unknown: true, Missing: cond.Lost(q.User.SudoDocker)})
			}
			if len(rules) == 0 {
				return nil
			}
			return append(q.Instances(), attack.Instance{
				What: lang.Sprintf("the rule for %s", rules[0].Command), Origin: snapshot.At(rules[0].Where, q.User.SudoDocker.Origin().Source), Value: rules[0].Command,
				Ends:   []attack.Change{{Kind: removeSudoRule, Subject: q.User.Name}},
				Checks: []attack.Check{{Kind: attack.HasSudoRule, Path: rules[0].Where, Value: rules[0].Command}},
			})
		},
		Proof: "the rules of sudoers files",
		Bad:   []rule.Example{{Show: "alice ALL=(root) NOPASSWD: /usr/bin/docker", Facts: example.Sudo(snapshot.SudoRule{Where: "/etc/sudoers.d/alice:1", Command: "/usr/bin/docker"})}},
		Good:  []rule.Example{{Show: "no such rule"}},
	}
}

var removeSudoRule = &attack.ChangeKind{
	ID: "remove-sudo-rule", Text: "Take the sudo rules for docker from {subject}",
	Weight: 1, Breaks: "Scripts of {subject} that call sudo docker.",
	Shell: "sudo visudo",
}

// ordinary: the account is not root.
func ordinary() *attack.Cond {
	return &attack.Cond{
		Says:  "the account is not root",
		Check: cond.AsRead,
		Ask:   func(q *attack.Query) attack.Truth { return attack.Sure(q.User.UID != 0) },
	}
}

// rootGroups are groups whose members are root in all but name, and how. Those for
// administrators (sudo, wheel, admin) are not among them.
var rootGroups = map[string]string{
	"disk": lang.N("it reads and writes the host's disks"), "kmem": lang.N("it reads the kernel's memory"), "shadow": lang.N("it reads the password hashes"),
	"incus": lang.N("it starts privileged containers"), "incus-admin": lang.N("it starts privileged containers"), "lxd": lang.N("it starts privileged containers"),
}

func rootEquivalentGroup() *attack.Step {
	return &attack.Step{
		ID: "root-equivalent-group", Title: "Use a group that is as good as root",
		Why:  "Members of some groups get past every permission: disk writes the host's disks, lxd and incus start privileged containers.",
		At:   rule.KindUser,
		From: attack.LocalUser, To: attack.HostRoot,
		ATTACK: "T1078.003", Cost: 1, CostReason: "one command",
		Needs: attack.All(ordinary()),
		Each: func(q *attack.Query) []attack.Instance {
			out := q.Instances()
			for _, g := range q.User.Groups {
				if how := rootGroups[g]; how != "" {
					out = append(out, attack.Instance{
						What: g + ": " + lang.T(how), Origin: snapshot.At("groups of "+q.User.Name, q.Host.Users.Origin().Source), Value: g,
						Ends:   []attack.Change{{Kind: change.RemoveFromGroup, Subject: q.User.Name, Detail: g}},
						Checks: []attack.Check{{Kind: attack.InGroup, Name: g}},
					})
				}
			}
			return out
		},
		Proof: "the groups of accounts",
		Bad:   []rule.Example{{Show: "usermod -aG lxd alice", Facts: scene.InGroup("alice", "lxd")}},
		Good:  []rule.Example{{Show: "no such group"}},
	}
}
