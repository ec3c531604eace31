package engineapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"

	"seawall/lab"
	"seawall/source/engineapi"
)

// BenchmarkCollect measures a collection of 300 containers beside the bare
// fetch of the same: the list and one inspect each, on one connection, decoded
// no further than the ids.
func BenchmarkCollect(b *testing.B) {
	h := lab.New(b, lab.Options{})
	image := h.ImportSleep()
	for i := range 300 {
		h.Docker("create", "--name", fmt.Sprintf("c%03d", i), "--network", "none", "-e", "A="+strconv.Itoa(i), "-v", "/srv:/srv:ro", image)
	}
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			bareFetch(b, h.Sock())
		}
	})
	b.Run("collect", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, err := engineapi.Connect(b.Context(), engineapi.Endpoint{Host: "unix://" + h.Sock()})
			if err != nil {
				b.Fatal(err)
			}
			e := c.Collect(b.Context())
			if list, _ := e.Containers.Peek(); len(list) != 300 {
				b.Fatalf("%d containers", len(list))
			}
			c.Close()
		}
	})
}

func bareFetch(b *testing.B, sock string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{
		MaxConnsPerHost: 1,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", sock)
		},
	}}
	defer client.CloseIdleConnections()
	var list []struct{ ID string }
	fetch(b, client, "/containers/json?all=1", &list)
	for _, c := range list {
		fetch(b, client, "/containers/"+c.ID+"/json", nil)
	}
}

func fetch(b *testing.B, client *http.Client, path string, into any) {
	b.Helper()
	resp, err := client.Get("http://engine" + path)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(resp.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		b.Fatal(err)
	}
}
