package runline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/runline"
)

func TestWhatIsNotKnownIsAGap(t *testing.T) {
	tests := []struct {
		line string
		gap  func(c *snapshot.Container) snapshot.AnyFact
		text string // shown in the gap
	}{
		{`docker run -v $DIR:/x nginx`, mounts, "$DIR"},
		{`docker run -v "${DIR:-/srv}/a":/x nginx`, mounts, "${DIR:-/srv}"},
		{`docker run -v ./x:/x nginx`, mounts, "./x"},
		{`docker run -v ~bob/x:/x nginx`, mounts, "~bob"},
		{`docker run -v ~/x:/x nginx`, mounts, "~"},
		{"docker run -v `pwd`:/x nginx", mounts, "$(pwd)"},
		{`docker run --mount type=bind,src=$DIR,dst=/x nginx`, mounts, "$DIR"},
		{`docker run -p $PORT:80 nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Ports }, "$PORT"},
		{`docker run nginx:$TAG`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Image }, "$TAG"},
		{`docker run "$IMAGE"`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Image }, "$IMAGE"},
		{`docker run --user "$(id -u)" nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.User }, "$(id -u)"},
		{`docker run --env-file prod.env nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Env }, "prod.env"},
		{`docker run --env-file prod.env nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.DockerHost }, "prod.env"},
		{`docker run --label-file prod.labels nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.SecretLabels }, "prod.labels"},
		{`docker run --label-file prod.labels nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Labels }, "prod.labels"},
		{`docker run -e DOCKER_HOST=$WHERE nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.DockerHost }, "$WHERE"},
		{`docker run --pid $MODE nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.PidMode }, "$MODE"},
		{`docker run --network $NET nginx`, func(c *snapshot.Container) snapshot.AnyFact { return &c.NetworkMode }, "$NET"},
		{`docker run nginx echo $X`, func(c *snapshot.Container) snapshot.AnyFact { return &c.Command }, "$X"},
	}
	for _, test := range tests {
		c, err := runline.Parse(test.line)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		gap := test.gap(&c).Gap()
		if gap.Reason != snapshot.ReasonUnresolved || !strings.Contains(gap.Detail, test.text) {
			t.Errorf("%q: gap %+v, want unresolved with %q", test.line, gap, test.text)
		}
		if v, ok := c.Privileged.Peek(); v || !ok {
			t.Errorf("%q: privileged is %v %v, want a value", test.line, v, ok)
		}
	}
}

func mounts(c *snapshot.Container) snapshot.AnyFact { return &c.Mounts }

func TestSecretsOfALineStayOut(t *testing.T) {
	c, err := runline.Parse(`docker run -e DB_PASSWORD=hunter2 -e TOKEN=$TOKEN -e PLAIN=$X nginx --password hunter2`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]snapshot.EnvKind{"DB_PASSWORD": snapshot.EnvNamed, "TOKEN": snapshot.EnvNamed, "PLAIN": snapshot.EnvPlain}
	env, _ := c.Env.Peek()
	for _, v := range env {
		if want[v.Name] != v.Kind {
			t.Errorf("%s is %s, want %s", v.Name, v.Kind, want[v.Name])
		}
	}
	if command, _ := c.Command.Peek(); strings.Contains(strings.Join(command, " "), "hunter2") {
		t.Errorf("command %q holds the secret", command)
	}
}

func TestErrorsNameTheFault(t *testing.T) {
	tests := []struct{ line, want string }{
		{"", "no docker run"},
		{"ls -l", "no docker run"},
		{"docker ps", "no docker run"},
		{"docker run a; docker run b", "2 docker run commands"},
		{"docker run --privilegd nginx", "unknown flag: --privilegd"},
		{"docker run 'nginx", "without closing quote"},
		{"docker run $FLAGS nginx", "$FLAGS"},
		{"docker run --memory $MEM nginx", "$MEM"},
		{"docker run -d", "no image"},
	}
	for _, test := range tests {
		_, err := runline.Parse(test.line)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: error %v, want one with %q", test.line, err, test.want)
		}
	}
}

func TestWindowsFlagsAreKnown(t *testing.T) {
	if _, err := runline.Parse("docker run --cpu-count 1 --cpu-percent 50 --io-maxbandwidth 1m --io-maxiops 10 nginx"); err != nil {
		t.Error(err)
	}
}

func TestSudoAndGlobalFlags(t *testing.T) {
	for _, line := range []string{
		"sudo docker run --privileged x", "sudo -E -u root docker run --privileged x",
		"sudo A=1 docker -H tcp://h:1 --context c container run --privileged x",
		"/usr/bin/docker run --privileged x", "nohup docker run --privileged x &",
	} {
		c, err := runline.Parse(line)
		if v, _ := c.Privileged.Peek(); err != nil || !v {
			t.Errorf("%q: privileged %v, error %v", line, v, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"accepted.txt", "refused.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := runline.Parse(line)
		if err != nil {
			if errors.Unwrap(err) == nil && !strings.HasPrefix(err.Error(), "docker run line: ") {
				t.Errorf("error without its subject: %v", err)
			}
			return
		}
		snapshot.Walk(&c, func(path string, f snapshot.AnyFact) {
			if f.State() == snapshot.NotCollected {
				t.Errorf("%q: nobody answered %s", line, path)
			}
		})
	})
}
