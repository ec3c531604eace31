package apiproxy_test

import (
	"strings"
	"testing"

	"seawall/apiproxy"
)

// TestShutBy: each setting alone makes the filter refuse what it was given for.
func TestShutBy(t *testing.T) {
	for _, run := range []string{
		"docker run -e CONTAINERS=1 -e POST=1 -e SERVICES=1 -e SWARM=1 tecnativa/docker-socket-proxy",
		"docker run -e PLUGINS=1 -e POST=1 tecnativa/docker-socket-proxy",
		"docker run -e CONTAINERS=1 -e PLUGINS=1 -e POST=1 lscr.io/linuxserver/socket-proxy",
		wollomatic + "-allowGET=/.* -allowPOST=/.* -listenip=0.0.0.0 -allowfrom=0.0.0.0/0",
	} {
		open, _ := apiproxy.Of(&witness{}, container(t, run))
		shut := apiproxy.ShutBy(container(t, run))
		for _, part := range []struct {
			name     string
			open     apiproxy.Answer
			settings []string
			of       func(apiproxy.Access) apiproxy.Answer
		}{
			{"orders", open.Order, shut.Order, func(a apiproxy.Access) apiproxy.Answer { return a.Order }},
			{"services", open.Services, shut.Services, func(a apiproxy.Access) apiproxy.Answer { return a.Services }},
			{"questions", open.Ask, shut.Ask, func(a apiproxy.Access) apiproxy.Answer { return a.Ask }},
			{"the swarm", open.Swarm, shut.Swarm, func(a apiproxy.Access) apiproxy.Answer { return a.Swarm }},
		} {
			if part.open == yes && len(part.settings) == 0 {
				t.Errorf("%s: nothing shuts %s", run, part.name)
			}
			for _, s := range part.settings {
				a, _ := apiproxy.Of(&witness{}, container(t, with(run, s)))
				if part.open == yes && part.of(a) != no {
					t.Errorf("%s with %s: %s still open", run, s, part.name)
				}
			}
		}
	}
	for _, run := range []string{"docker run nginx", "docker run 11notes/socket-proxy"} {
		if got := apiproxy.ShutBy(container(t, run)); len(got.Order) > 0 {
			t.Errorf("%s: %+v", run, got)
		}
	}
}

// with is a run line with a variable more, or without an option.
func with(run, setting string) string {
	if !strings.HasPrefix(setting, "-") {
		at := strings.LastIndex(run, " ")
		return run[:at] + " -e " + setting + run[at:]
	}
	var kept []string
	for _, word := range strings.Fields(run) {
		if !strings.HasPrefix(word, setting+"=") {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}
