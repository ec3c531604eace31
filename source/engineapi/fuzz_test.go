package engineapi_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"seawall/snapshot"
	"seawall/source/engineapi"
)

// parrot answers every request with the same document.
type parrot []byte

func (p parrot) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Body: io.NopCloser(bytes.NewReader(p)),
		Header: http.Header{"Api-Version": {"1.51"}},
	}, nil
}

// FuzzCollect: whatever an engine answers, a collection ends, and every fact of
// it is a value or a gap.
func FuzzCollect(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `[{}]`, `[null]`, `[{"Id":"a","Names":["/a"]}]`, `{"Config":{},"HostConfig":{}}`,
		`{"SecurityOptions":["name=seccomp,profile=builtin","",","],"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}`,
		`{"Components":[{"Name":"Podman Engine"}],"Volumes":[{"Options":{"o":"password=x"}}]}`,
		`[{"Id":"a","Driver":"bridge","Options":{"com.docker.network.bridge.enable_icc":"maybe"}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		wrap := func(http.RoundTripper) http.RoundTripper { return parrot(answer) }
		c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix:///nowhere"}, engineapi.WithTransport(wrap))
		if err != nil {
			t.Fatal(err)
		}
		e := c.Collect(t.Context())
		for name, fact := range map[string]snapshot.AnyFact{"containers": &e.Containers, "images": &e.Images, "networks": &e.Networks, "swarm": &e.Swarm} {
			if fact.State() == snapshot.NotCollected {
				t.Errorf("%s: nobody asked for it", name)
			}
		}
		mustJSON(t, e)
	})
}
