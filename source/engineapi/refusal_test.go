package engineapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// answering gives requests for some paths another answer than the engine's.
type answering struct {
	next   http.RoundTripper
	status map[string]int // by the end of the path
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	for end, status := range a.status {
		if strings.HasSuffix(r.URL.Path, end) {
			return &http.Response{
				StatusCode: status, Request: r, Header: http.Header{},
				Body: io.NopCloser(strings.NewReader(`{"message":"authorization denied by plugin p: token ghp_0123456789012345678901234567890123456789"}`)),
			}, nil
		}
	}
	return a.next.RoundTrip(r)
}

func TestRefusedRequestsAreGaps(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportSleep()
	gone, forbidden := h.Docker("create", "--name", "gone", image), h.Docker("create", "--name", "forbidden", image)
	h.Docker("create", "--name", "fine", image)
	wrap := func(next http.RoundTripper) http.RoundTripper {
		return answering{next: next, status: map[string]int{
			"/containers/" + gone + "/json":      http.StatusNotFound,
			"/containers/" + forbidden + "/json": http.StatusForbidden,
			"/volumes":                           http.StatusForbidden,
			"/plugins":                           http.StatusInternalServerError,
		}}
	}
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix://" + h.Sock()}, engineapi.WithTransport(wrap))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	e := c.Collect(t.Context())
	containers := value(t, "containers", e.Containers)
	if len(containers) != 2 || containers[0].Name != "fine" || containers[1].Name != "forbidden" {
		t.Fatalf("%d containers, want fine and forbidden", len(containers))
	}
	value(t, "privileged of fine", containers[0].Privileged)
	for name, gap := range map[string]snapshot.Gap{"container": containers[1].Privileged.Gap(), "volumes": e.Volumes.Gap()} {
		if gap.Reason != snapshot.ReasonPermission || gap.Remedy == "" {
			t.Errorf("%s: gap %+v, want permission", name, gap)
		}
	}
	if gap := e.Plugins.Gap(); gap.Reason != snapshot.ReasonFailed {
		t.Errorf("plugins: gap %+v", gap)
	}
	networks := value(t, "networks", e.Networks)
	if gap := networks[0].Containers.Gap(); gap.Reason != snapshot.ReasonPermission {
		t.Errorf("containers of %s: gap %+v, want that of the container that is not known", networks[0].Name, gap)
	}
	if strings.Contains(mustJSON(t, e), "ghp_") {
		t.Error("a token out of an error is in the snapshot")
	}
}
