package graph_test

import (
	"math/rand/v2"
	"testing"

	"seawall/attack/graph"
)

// host is a made-up Docker host on which no container is like another.
type host struct {
	r       *rand.Rand
	states  int
	weights []int64
	moves   []graph.Move
	kinds   []int32 // of each move

	internet, user               graph.State
	containers                   []graph.State // each one's ordinary user
	api, hostWrite, hostRoot     graph.State
	remap, proxy, kernel, setuid graph.Change // of the whole host
	authorization, lsms          graph.Change
}

// newHost makes a host of n containers, of which a share, from 0 to 1, has ways to
// the host. There are 25 containers on a network; some are on two, publish ports
// or share volumes; a handful can be left with the help of a user of the host.
func newHost(n int, dangerous float64) *host {
	h := &host{r: rand.New(rand.NewPCG(uint64(n), 7))}
	for _, s := range []*graph.State{&h.internet, &h.user, &h.api, &h.hostWrite, &h.hostRoot} {
		*s = h.state()
	}
	for i, c := range []*graph.Change{&h.remap, &h.proxy, &h.kernel, &h.setuid, &h.authorization, &h.lsms} {
		*c = h.change([]int64{20, 12, 10, 6, 15, 9}[i] * int64(1+n/500))
	}
	h.move(-1, 1, h.hostRoot, []graph.State{h.hostWrite})
	h.move(-1, 2, h.hostRoot, []graph.State{h.hostWrite})
	h.move(-1, 1, h.hostRoot, []graph.State{h.api}, h.authorization)
	h.move(1<<30, 2, h.hostRoot, []graph.State{h.user}, h.kernel)
	networks, separate := make([]graph.State, n/25+1), make([]graph.Change, n/25+1)
	volumes := make([]graph.State, n/20+1)
	for i := range networks {
		networks[i], separate[i] = h.state(), h.change(6)
	}
	for i := range volumes {
		volumes[i] = h.state()
	}
	for i := range n {
		c := h.container(int32(i), networks, separate)
		if h.r.IntN(10) == 0 {
			h.shares(c, volumes[h.r.IntN(len(volumes))])
		}
		if h.r.Float64() < dangerous {
			h.escapes(int32(i), c)
		}
		if i%(n/5) == 0 {
			h.move(int32(i), 1, h.hostRoot, []graph.State{c, h.user}, h.change(2), h.setuid)
		}
	}
	return h
}

func (h *host) state() graph.State {
	h.states++
	return graph.State(h.states - 1)
}

func (h *host) change(weight int64) graph.Change {
	h.weights = append(h.weights, weight)
	return graph.Change(len(h.weights) - 1)
}

func (h *host) move(kind int32, cost int, to graph.State, from []graph.State, ends ...graph.Change) {
	h.moves = append(h.moves, graph.Move{From: from, To: to, Cost: cost, Ends: ends})
	h.kinds = append(h.kinds, kind)
}

// container puts one on its networks, and gives its root.
func (h *host) container(kind int32, networks []graph.State, separate []graph.Change) graph.State {
	user, root := h.state(), h.state()
	h.containers = append(h.containers, user)
	first := h.r.IntN(len(networks))
	on := []int{first}
	if h.r.IntN(4) == 0 {
		on = append(on, (first+1)%len(networks))
	}
	for _, n := range on {
		leave := h.change(3)
		h.move(kind, 2+h.r.IntN(2), user, []graph.State{networks[n]}, leave, separate[n])
		h.move(-1, 0, networks[n], []graph.State{user}, leave)
	}
	if h.r.IntN(30) == 0 {
		h.move(kind, 2, user, []graph.State{h.internet}, h.change(4))
	}
	if h.r.IntN(2) == 0 {
		h.move(-1, 0, root, []graph.State{user}, h.change(2))
	} else {
		h.move(kind, 2, root, []graph.State{user}, h.change(1), h.lsms)
	}
	return root
}

// shares lets whoever is root in one container be it in another by a volume.
func (h *host) shares(root, volume graph.State) {
	readOnly := h.change(2)
	h.move(-1, 0, volume, []graph.State{root}, readOnly)
	h.move(-1, 2, root, []graph.State{volume}, h.change(2))
}

// escapes gives a container one to three ways to the host.
func (h *host) escapes(kind int32, root graph.State) {
	from := []graph.State{root}
	for _, way := range h.r.Perm(6)[:1+h.r.IntN(3)] {
		kind := kind + int32(way+1)<<20
		switch way {
		case 0: // privileged
			h.move(kind, 1, h.hostRoot, from, h.change(5))
		case 1: // a capability
			h.move(kind, 1, h.hostRoot, from, h.change(2), h.change(3), h.remap)
		case 2: // the engine's socket
			h.move(kind, 1, h.api, from, h.change(3), h.proxy)
		case 3: // a writable path of the host
			h.move(kind, 1, h.hostWrite, from, h.change(2), h.remap)
		case 4: // a fault of the kernel that its filter leaves open
			h.move(kind, 3, h.hostRoot, from, h.change(1), h.kernel)
		case 5: // no profile
			h.move(kind, 2, h.hostWrite, from, h.change(1), h.change(2), h.lsms, h.remap)
		}
	}
}

func (h *host) build(t testing.TB) *graph.Graph {
	t.Helper()
	g, err := graph.New(h.states, h.weights, h.moves)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// outside are who attacks, and targets what they want.
func (h *host) outside() []graph.State { return []graph.State{h.internet, h.user} }

// taken are they, and one of so many containers has been taken over.
func (h *host) taken(every int) []graph.State {
	out := h.outside()
	for i := 0; i < len(h.containers); i += every {
		out = append(out, h.containers[i])
	}
	return out
}

func (h *host) targets() []graph.State { return []graph.State{h.hostRoot, h.api, h.hostWrite} }

// entries are who may be the first to be taken over: anybody.
func (h *host) entries() []graph.State { return append(h.outside(), h.containers...) }
