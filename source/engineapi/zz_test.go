package engineapi_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/source/engineapi"
)

func TestZZ(t *testing.T) {
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		h := lab.New(t, lab.Options{Version: v})
		h.ImportBusybox()
		h.WriteFile("/srv/b/Dockerfile", "FROM lab/busybox:1\n"+strings.Repeat("RUN true\nENV A=b\n", 4), 0o644)
		h.Exec("sh", "-ec", `cd /srv/b; DOCKER_BUILDKIT=0 docker build -q -t base:1 . >/dev/null 2>&1
for i in $(seq 100); do printf 'FROM base:1\nENV N=%s\n' $i | DOCKER_BUILDKIT=0 docker build -q -t i:$i - >/dev/null 2>&1; docker create i:$i >/dev/null; done`)
		for range 4 {
			start := time.Now()
			c, err := engineapi.Connect(context.Background(), engineapi.Endpoint{Host: "unix://" + h.Sock()})
			if err != nil {
				t.Fatal(err)
			}
			e := c.Collect(context.Background())
			images, _ := e.Images.Peek()
			t.Logf("%s: %s, %d images", v, time.Since(start), len(images))
			c.Close()
		}
	}
}
