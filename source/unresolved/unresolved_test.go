package unresolved_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/moby/moby/api/types/container"

	"seawall/snapshot"
	"seawall/source/apimodel"
	"seawall/source/unresolved"
)

// TestSettings: what an open value is lost in is not known, and nothing else.
func TestSettings(t *testing.T) {
	x := unresolved.Value("$X")
	for _, c := range []struct {
		host container.HostConfig
		want string
	}{
		{container.HostConfig{CapAdd: []string{"NET_RAW", x}}, "CapAdd"},
		{container.HostConfig{CapDrop: []string{x}}, "CapDrop"},
		{container.HostConfig{SecurityOpt: []string{"seccomp=" + x}}, "Seccomp"},
		{container.HostConfig{SecurityOpt: []string{"no-new-privileges:" + x, "apparmor=web"}}, "NoNewPrivileges"},
		{container.HostConfig{SecurityOpt: []string{"label=type:" + x}}, "SELinux"},
		{container.HostConfig{SecurityOpt: []string{x}}, "AppArmor NoNewPrivileges SELinux Seccomp UnmaskedPaths WritableCgroups"},
		{container.HostConfig{CapAdd: []string{"NET_RAW"}, SecurityOpt: []string{"seccomp=unconfined"}}, ""},
	} {
		open := unresolved.Settings(&c.host)
		if got := strings.Join(slices.Sorted(maps.Keys(open)), " "); got != c.want {
			t.Errorf("%v %v: %s, want %s", c.host.CapAdd, c.host.SecurityOpt, got, c.want)
		}
		made := apimodel.FromCreate("web", nil, &c.host, nil, "test")
		unresolved.Blind(&made, open, "the line")
		snapshot.Walk(&made, func(path string, f snapshot.AnyFact) {
			if slices.Contains(strings.Fields(c.want), path) && f.Gap().Detail != "the line has $X, whose value is not known" {
				t.Errorf("%s is %v, %+v", path, f.State(), f.Gap())
			}
		})
	}
}

// TestBlind: of lists that only grow the known elements stay.
func TestBlind(t *testing.T) {
	c := apimodel.FromCreate("web", nil, &container.HostConfig{Binds: []string{unresolved.Value("$D") + ":/d", "/etc:/e"}, GroupAdd: []string{"7", "a" + unresolved.Value("$G")}}, nil, "test")
	unresolved.Blind(&c, nil, "the file")
	mounts, known := c.Mounts.Peek()
	if !known || len(mounts) != 1 || mounts[0].Source != "/etc" || c.Mounts.Gap().Reason != snapshot.ReasonUnresolved {
		t.Errorf("mounts: %v %v %+v", mounts, known, c.Mounts.Gap())
	}
	if groups, known := c.GroupAdd.Peek(); !known || !slices.Equal(groups, []string{"7"}) {
		t.Errorf("groups: %v %v", groups, known)
	}
}
