package engineapi_test

import (
	"errors"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// TestNamedImage: an image is read by its name, its name without a tag and its id, with
// its history though no container uses it.
func TestNamedImage(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V28})
	busybox := h.ImportBusybox()
	h.WriteFile("/srv/build/Dockerfile", "FROM "+busybox+"\nRUN true || curl -k https://x.example\nUSER 7\nEXPOSE 22\n", 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t registry.example:5000/lab/named:latest /srv/build >/dev/null 2>&1")
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix://" + h.Sock()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	id := ""
	for _, ref := range []string{"registry.example:5000/lab/named:latest", "registry.example:5000/lab/named", ""} {
		if ref == "" {
			ref = id
		}
		i, err := c.NamedImage(t.Context(), ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		id = i.ID
		user, _ := i.User.Peek()
		remarks, _ := i.Build.Peek()
		ports, _ := i.Exposed.Peek()
		if i.Name() != ref || user != "7" || len(ports) != 1 || len(remarks) != 1 || remarks[0].Kind != snapshot.BuildNoVerify || i.Created.State() != snapshot.Seen || i.Bases.State() != snapshot.Unreadable {
			t.Errorf("%s: %+v", ref, i)
		}
	}
	for _, ref := range []string{"lab/none:1", "../containers", "a b", "x?y=z"} {
		if i, err := c.NamedImage(t.Context(), ref); err == nil || ref == "lab/none:1" && !errors.Is(err, engineapi.ErrNoImage) {
			t.Errorf("%s: %+v, %v", ref, i, err)
		}
	}
}
