package composefile

import (
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"seawall/lang"
	"seawall/snapshot"
)

// imageLocal says whether the image of a service is made where it runs. Compose pulls an
// image that has a name of its own before it builds it, unless pull_policy says otherwise
// (the Compose Specification, "Using build and image"). A service may run what another
// one builds.
func (c converter) imageLocal(s *types.ServiceConfig) snapshot.Fact[bool] {
	out := madeBy(s)
	if s.Build != nil || s.Image == "" {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(c.project.Services)) {
		other := c.project.Services[name]
		if other.Build == nil || other.Image != s.Image {
			continue
		}
		if built := madeBy(&other); built.State() != snapshot.Absent {
			return built
		}
	}
	return out
}

// madeBy says the same as far as the service alone tells.
func madeBy(s *types.ServiceConfig) snapshot.Fact[bool] {
	asked := func(detail string) snapshot.Fact[bool] {
		return snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: detail, Remedy: lang.N("write pull_policy: build where the image is built here")}, snapshot.Origin{})
	}
	policy, _, err := s.GetPullPolicy()
	switch {
	case err != nil, s.Build == nil && policy != types.PullPolicyNever:
		return snapshot.None[bool](snapshot.Origin{})
	case s.Build == nil:
		return asked(lang.N("it is never pulled, and nothing builds it: the engine holds it, wherever it is from"))
	case s.Image == "", policy == types.PullPolicyBuild, policy == types.PullPolicyNever:
		return snapshot.See(true, snapshot.Origin{})
	case policy == types.PullPolicyMissing, policy == types.PullPolicyIfNotPresent:
		return asked(lang.N("Compose asks a registry for the image before it builds it"))
	}
	return snapshot.None[bool](snapshot.Origin{})
}
