package livehost

import (
	"slices"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// nosy is a plan that asks two questions, the second of what the first taught,
// and tries connections to where it may and where it may not.
type nosy struct {
	s      *snapshot.Snapshot
	learnt []snapshot.NetRoute
}

func (p *nosy) Questions() map[uint64][]snapshot.NetRoute {
	host := p.s.Net[0].Namespace
	switch len(p.learnt) {
	case 0:
		return map[uint64][]snapshot.NetRoute{host: {{Destination: "172.17.0.9"}}}
	case 1:
		return map[uint64][]snapshot.NetRoute{host: {{Destination: p.learnt[0].Prefer}}}
	}
	return nil
}

func (p *nosy) Learn(_ uint64, answers []snapshot.NetRoute) { p.learnt = append(p.learnt, answers...) }

func (p *nosy) Probes() []snapshot.NetProbe {
	container := p.s.Net[len(p.s.Net)-1].Namespace
	return []snapshot.NetProbe{
		{Namespace: container, Address: "172.17.0.1:2375"}, {Namespace: container, Address: "172.17.0.1:7"}, {Namespace: container, Address: "198.51.100.1:80"},
	}
}

// TestNetSpaces: the namespaces of a machine are read, those of containers where
// asked, and what a plan wants to know of them.
func TestNetSpaces(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V28})
	h.RestartDaemon("--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375")
	h.Run("--name", "web", h.ImportSleep())
	plan := &nosy{}
	o := Options{
		Endpoint: &engineapi.Endpoint{Host: "unix://" + h.Sock()}, Machine: labMachine(h), Probe: true,
		Plan: func(s *snapshot.Snapshot) NetPlan { plan.s = s; return plan },
	}
	o.ContainerNets = true
	s, err := Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Net) != 2 || !s.Net[0].Host || s.Net[1].Host || !s.ContainerNets {
		t.Fatalf("namespaces %+v", s.Net)
	}
	host, web := value(t, s.Net[0].Stack), value(t, s.Net[1].Stack)
	if len(value(t, host.Filter).Tables) == 0 || len(value(t, web.Filter).Tables) != 0 {
		t.Errorf("filters of the host %+v, of the container %+v", host.Filter, web.Filter)
	}
	if len(host.Routes) != 2 || host.Routes[0].Out != "docker0" || host.Routes[1].Destination != "172.17.0.1" || host.Routes[1].Kind != "local" {
		t.Errorf("routes %+v", host.Routes)
	}
	veth := host.Interfaces[slices.IndexFunc(host.Interfaces, func(i snapshot.NetInterface) bool { return i.Kind == "veth" })]
	if veth.PeerNamespace != s.Net[1].Namespace {
		t.Errorf("the container's link ends in namespace %d, it is %d", veth.PeerNamespace, s.Net[1].Namespace)
	}
	var got []string
	for _, p := range s.Probes {
		got = append(got, p.Outcome+" "+p.Service)
	}
	if want := []string{"opened engine", "refused ", "not tried "}; !slices.Equal(got, want) {
		t.Errorf("probes %q, want %q", got, want)
	}
	o.ContainerNets, o.Plan = false, nil
	if s, err = Collect(t.Context(), o); err != nil || len(s.Net) != 1 || len(s.Probes) != 0 || s.ContainerNets {
		t.Errorf("without containers: %+v, %v", s.Net, err)
	}
}
