package volume

import (
	"strings"

	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func bindsHostPath() *rule.Rule {
	return &rule.Rule{
		ID:       "volume-binds-host-path",
		Title:    "A volume is a sensitive path of the host in disguise",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "A volume of the local driver with the options type=none and o=bind is a bind mount. " +
			"Containers that mount it by its name get the host's path, and what looks for bind mounts does not see it.",
		Fix: rule.Fix{
			Text:    "Make an ordinary volume and copy the data that the containers need; mount host paths openly where they are needed.",
			Shell:   "docker volume rm NAME && docker volume create NAME",
			Run:     "-v NAME:/data   # with an ordinary volume",
			Compose: "volumes:\n  data: {}   # without driver_opts of type none and o bind",
			Breaks:  "The containers lose what they read and wrote there: copy it first.",
		},
		Refs: rule.Refs{CISRelated: "5.6", NIST: "4.5.5", ATTACK: "T1611", Guide: "G6", Docs: "docker volume create"},
		Bad: []rule.Example{
			volume("/etc", "bind"), volume("/run", "rbind"), volume("/", "bind,ro"), volume("/var/run/docker.sock", "bind"), volume("/run/dbus/system_bus_socket", "bind"),
		},
		Good: []rule.Example{
			volume("/srv/data", "bind"),
			{Run: "docker run -v data:/data alpine"},
			{Show: "docker volume create --opt type=nfs --opt o=addr=10.0.0.2 --opt device=:/etc nfs", Facts: withVolume(map[string]string{
				"type": "nfs", "o": "addr=10.0.0.2", "device": ":/etc",
			})},
		},
		Volume: func(c *rule.Context, v *snapshot.Volume) rule.Answer {
			source := v.BindSource()
			if source == "" {
				return c.Pass("it is no bind mount")
			}
			source = hostpath.Clean(source)
			gives := lang.T("whoever connects to it controls what it belongs to")
			if service, ok := hostplace.ServiceOf(source); ok {
				gives = lang.Sprintf("it is of %s: %s", service.Name, service.Gives)
			} else if !hostpath.SocketFile(source) {
				place, severity := hostplace.Of(source, readOnly(v))
				if severity == 0 {
					return c.Pass("it binds %s, which is not sensitive", source)
				}
				gives = place.Gives
			}
			o := c.Engine.Volumes.Origin()
			c.Cite(snapshot.At(o.Path+"["+v.Name+"].Options.device", o.Source), source)
			return c.Fail("it is a bind mount of %s: %s", source, gives)
		},
	}
}

func readOnly(v *snapshot.Volume) bool {
	for o := range strings.SplitSeq(v.Options["o"], ",") {
		if o == "ro" {
			return true
		}
	}
	return false
}

// volume is the example of a bind in disguise.
func volume(device, options string) rule.Example {
	return rule.Example{
		Show:  "docker volume create --opt type=none --opt o=" + options + " --opt device=" + device + " data",
		Facts: withVolume(map[string]string{"type": "none", "o": options, "device": device}),
	}
}

func withVolume(options map[string]string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Add(&e.Volumes, snapshot.Volume{Name: "data", Driver: "local", Options: options})
	})
}
