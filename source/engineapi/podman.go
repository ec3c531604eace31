package engineapi

import (
	"seawall/lang"
	"seawall/snapshot"
)

// blindPodman takes back what Podman's Docker-compatible API fills with
// constants, or leaves empty, where Docker would report a setting.
func blindPodman(e *snapshot.Engine) {
	gap := snapshot.Gap{
		Reason: snapshot.ReasonUnsupported,
		Detail: lang.N("Podman's Docker-compatible API does not tell this"),
	}
	s := &e.Settings
	for _, f := range []snapshot.AnyFact{
		&s.NoNewPrivileges, &s.LiveRestore, &s.LogDriver, &s.Debug, &s.Experimental,
		&s.AuthorizationPlugins, &s.InsecureRegistries, &s.RegistryMirrors, &s.UserNSRemap,
		&s.ICC, &s.Bridge, &e.Plugins, &s.SeccompProfile, &s.Warnings,
	} {
		f.Blind(gap)
	}
	networks, _ := e.Networks.Peek()
	for i := range networks {
		networks[i].ICC.Blind(gap)
	}
	containers, _ := e.Containers.Peek()
	for i := range containers {
		containers[i].UnmaskedPaths.Blind(gap)
	}
}
