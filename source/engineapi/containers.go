package engineapi

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/moby/moby/api/types/container"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

const listContainers = "GET /containers/json"

// containerSummary is what is needed of the list of containers.
type containerSummary struct {
	ID    string `json:"Id"`
	Names []string
}

// name is the container's own name. The list also has the names that legacy
// links give it: "/web/db".
func (s containerSummary) name() string {
	for _, n := range s.Names {
		if n = strings.TrimPrefix(n, "/"); !strings.Contains(n, "/") {
			return n
		}
	}
	return s.ID
}

// containers lists all containers, stopped ones too, and inspects each. One
// that goes away in between is no subject; one that cannot be inspected is a
// subject whose facts are gaps.
func (c *Client) containers(ctx context.Context) snapshot.Fact[[]snapshot.Container] {
	var list []containerSummary
	if err := c.get(ctx, "/containers/json?all=1", &list); err != nil {
		return snapshot.Lost[[]snapshot.Container](gapFrom(err), snapshot.At("containers", listContainers))
	}
	found := make([]*snapshot.Container, len(list))
	eachOf(len(list), func(i int) { found[i] = c.container(ctx, list[i]) })
	out := make([]snapshot.Container, 0, len(found))
	for _, one := range found {
		if one != nil {
			out = append(out, *one)
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Container) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return snapshot.See(out, snapshot.At("containers", listContainers))
}

// container inspects one container. It returns nil for one that is gone.
func (c *Client) container(ctx context.Context, s containerSummary) *snapshot.Container {
	source := "GET /containers/" + s.name() + "/json"
	var answer container.InspectResponse
	err := c.get(ctx, "/containers/"+escape(s.ID)+"/json", &answer)
	var out snapshot.Container
	switch {
	case notFound(err):
		return nil
	case err != nil:
		out = apimodel.Unreadable(s.ID, s.name(), gapFrom(err), source)
	default:
		out = apimodel.FromInspect(answer, source)
	}
	return &out
}

// eachOf calls do for 0 to n-1, as many at once as there are connections.
func eachOf(n int, do func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, connections) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
