package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
)

// This file has the conditions about the host's kernel.

// sysctl: a setting of the kernel has one of the values; "" if the kernel does not
// have the setting.
func sysctl(name, says string, holds func(value string) bool, ends ...attack.Change) *attack.Cond {
	return &attack.Cond{
		Says: says,
		Ask: func(q *attack.Query) attack.Truth {
			value, known := q.Host.Sysctls[name].Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(holds(value))
		},
		Ends: func(*attack.Query) []attack.Change { return ends },
		Check: func(q *attack.Query) []attack.Check {
			value, known := q.Host.Sysctls[name].Peek()
			if !known {
				return nil
			}
			return []attack.Check{{Kind: attack.SettingIs, Name: name, Value: value}}
		},
	}
}

// ModulesLoadable: the kernel loads modules. One without them lacks the setting.
func ModulesLoadable() *attack.Cond {
	return sysctl("kernel.modules_disabled", "the kernel loads modules", func(value string) bool { return value == "0" },
		attack.Change{Kind: change.Sysctl, Subject: "kernel.modules_disabled", Detail: "1"})
}
