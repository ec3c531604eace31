package engineapi_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/source/engineapi"
)

// TestPlugins: what a managed plugin can write is told apart from what it can
// read; mounts and devices that nobody gave a path are none.
func TestPlugins(t *testing.T) {
	wrap := func(http.RoundTripper) http.RoundTripper {
		return parrot(`[{"Name": "p:latest", "Enabled": true, "Settings": {"Mounts": [
			{"Source": "/etc", "Options": ["rbind"]}, {"Source": "/lib/modules", "Options": ["rbind", "ro"]}, {"Source": ""}, {}],
			"Devices": [{"Path": "/dev/fuse"}, {"Path": ""}, {}]}}]`)
	}
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix:///nowhere"}, engineapi.WithTransport(wrap))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got := value(t, "plugins", c.Collect(t.Context()).Plugins)
	want := []snapshot.Plugin{{Name: "p:latest", Enabled: true, Mounts: []string{"/etc"}, ReadOnlyMounts: []string{"/lib/modules"}, Devices: []string{"/dev/fuse"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
}
