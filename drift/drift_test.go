package drift

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
)

// notCompared are the facts that no declaration decides, or that others tell.
var notCompared = map[string]string{
	"ImageID": "made", "ImageLocal": "made", "State": "life", "Started": "life", "RestartCount": "life", "Process": "life", "Observed": "life",
	"ProcessLabel": "the engine's", "BoundFiles": "the host's",
	"SecretLabels": "Labels", "SecretArguments": "Command", "SecretHealth": "Health", "DockerHost": "Env",
}

// TestAllCompared: each fact of a container is compared, or there is a reason.
func TestAllCompared(t *testing.T) {
	snapshot.Walk(&snapshot.Container{}, func(path string, _ snapshot.AnyFact) {
		compared := slices.ContainsFunc(fields, func(f field) bool { return f.name == path })
		if _, not := notCompared[path]; compared == not {
			t.Errorf("%s: compared %v, and a reason why not %v", path, compared, not)
		}
	})
	if n := reflect.TypeFor[snapshot.Container]().NumField(); n < len(fields) {
		t.Errorf("%d fields of %d", len(fields), n)
	}
}

func seen[T any](v T) snapshot.Fact[T] { return snapshot.See(v, snapshot.At("x", "compose.yaml:1:1")) }

// engine has two containers and settings of its own.
func engine() *snapshot.Engine {
	e := &snapshot.Engine{Containers: seen([]snapshot.Container{
		{ID: "0123456789abcdef", Name: "db", Mounts: seen([]snapshot.Mount{{Type: "volume", Volume: "d", Destination: "/db"}})},
	})}
	e.Settings.IP = seen("10.0.0.1")
	e.Settings.LogDriver = seen("json-file")
	e.Settings.LogOptNames = seen([]string{"max-size"})
	e.Settings.CgroupVersion = seen("2")
	e.Settings.DefaultUlimits = seen([]string{"nofile=1:2"})
	e.Images = seen([]snapshot.Image{{ID: "sha256:a", Env: seen([]snapshot.EnvVar{{Name: "LANG", Kind: snapshot.EnvPlain}})}})
	return e
}

// TestParts are parts that are compared in a way of their own.
func TestParts(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	e := engine()
	p := &pair{declared: &snapshot.Container{VolumesFrom: seen([]string{"db"}), Privileged: seen(false)}, running: &snapshot.Container{ImageID: seen("sha256:a"), NetworkMode: seen("bridge")}, engine: e, from: "/ci/shop", to: "/srv/shop"}
	bare := &pair{declared: &snapshot.Container{}, running: &snapshot.Container{}, engine: &snapshot.Engine{}}
	bind := func(source string) []snapshot.Mount {
		return []snapshot.Mount{{Type: "bind", Source: source, Destination: "/x"}}
	}
	port := func(ip, host string) []snapshot.Port {
		return []snapshot.Port{{HostIP: ip, HostPort: host, Port: 80, Protocol: "tcp"}}
	}
	env := func(names ...string) []snapshot.EnvVar {
		var out []snapshot.EnvVar
		for _, n := range names {
			out = append(out, snapshot.EnvVar{Name: n, Kind: snapshot.EnvPlain})
		}
		return out
	}
	for name, c := range map[string]struct{ got, want verdict }{
		"a name and an id":                       {joined(p, "container:db", "container:0123456789abcdef", false), same},
		"another container":                      {joined(p, "container:db", "container:ffff456789abcdef", false), differs},
		"the host's processes":                   {joined(p, "", "host", false), differs},
		"ipc by default":                         {ipc(p, "", "private", false), same},
		"ipc by a setting":                       {ipc(p, "", "shareable", false), untold},
		"ipc of the host":                        {ipc(p, "", "host", false), differs},
		"control groups by default":              {cgroupns(p, "", "private", false), same},
		"control groups of the host":             {cgroupns(p, "", "host", false), differs},
		"control groups of an old host":          {cgroupns(bare, "", "host", false), untold},
		"control groups as declared":             {cgroupns(p, "host", "host", false), same},
		"a path where the project was":           {mounts(p, bind("/ci/shop/data"), bind("/srv/shop/data"), false), same},
		"another path":                           {mounts(p, bind("/ci/shop-data"), bind("/srv/shop-data"), false), differs},
		"one mount more":                         {mounts(p, nil, bind("/etc"), false), differs},
		"one mount less":                         {mounts(p, bind("/etc"), nil, false), differs},
		"a mount that an open value may be":      {mounts(p, nil, bind("/etc"), true), same},
		"a volume of the image":                  {mounts(p, nil, []snapshot.Mount{{Type: "volume", Volume: hash, Destination: "/v"}}, false), same},
		"a volume without a name":                {mounts(p, []snapshot.Mount{{Type: "volume", Destination: "/v"}}, []snapshot.Mount{{Type: "volume", Volume: hash, Destination: "/v"}}, false), same},
		"a volume of another container":          {mounts(p, nil, []snapshot.Mount{{Type: "volume", Volume: "d", Destination: "/db"}}, false), same},
		"a volume in its place":                  {mounts(p, bind("/etc"), []snapshot.Mount{{Type: "volume", Volume: "d", Destination: "/x"}}, false), differs},
		"writable":                               {mounts(p, []snapshot.Mount{{Type: "bind", Source: "/a", Destination: "/x", ReadOnly: true}}, bind("/a"), false), differs},
		"a tmpfs with programs":                  {mounts(p, []snapshot.Mount{{Type: "tmpfs", Destination: "/t"}}, []snapshot.Mount{{Type: "tmpfs", Destination: "/t", Exec: true}}, false), differs},
		"a port on all addresses":                {ports(p, port("", "8080"), append(port("0.0.0.0", "8080"), port("::", "8080")...), false), same},
		"a port on the engine's address":         {ports(p, port("", "8080"), port("10.0.0.1", "8080"), false), same},
		"a port on another address":              {ports(p, port("", "8080"), port("10.0.0.2", "8080"), false), differs},
		"a port of which the engine may decide":  {ports(bare, port("", "8080"), port("127.0.0.1", "8080"), false), untold},
		"a port that the engine chose":           {ports(p, port("127.0.0.1", ""), port("127.0.0.1", "32768"), false), same},
		"a port of a range":                      {ports(p, port("127.0.0.1", "8000-8010"), port("127.0.0.1", "8003"), false), same},
		"a port outside of a range":              {ports(p, port("127.0.0.1", "8000-8010"), port("127.0.0.1", "8011"), false), differs},
		"a port that was opened":                 {ports(p, port("127.0.0.1", "80"), port("0.0.0.0", "80"), false), differs},
		"one port more":                          {ports(p, nil, port("0.0.0.0", "80"), false), differs},
		"a command behind an entry point":        {command(p, []string{"a"}, []string{"/entry", "a"}, false), same},
		"an entry point before a command":        {command(p, []string{"/entry"}, []string{"/entry", "a"}, false), untold},
		"another command":                        {command(p, []string{"a"}, []string{"/entry", "b"}, false), differs},
		"no command":                             {command(p, nil, []string{"sh"}, false), untold},
		"a variable of the image":                {environment(p, env("A"), env("A", "PATH", "LANG"), false), same},
		"one variable more":                      {environment(p, env("A"), env("A", "B"), false), differs},
		"one more, of an image that is not seen": {environment(bare, env("A"), env("A", "B"), false), untold},
		"one variable less":                      {environment(p, env("A", "B"), env("A"), false), differs},
		"a value that is a secret now":           {environment(p, env("A"), []snapshot.EnvVar{{Name: "A", Kind: snapshot.EnvShaped}}, false), differs},
		"a variable of the shell":                {environment(p, []snapshot.EnvVar{{Name: "A", Kind: snapshot.EnvPassed}}, env("A"), false), same},
		"no limit in two ways":                   {limits(p, 0, -1, false), same},
		"another limit":                          {limits(p, 100, 0, false), differs},
		"swap that is not counted":               {swap(p, 128, -1, false), untold},
		"another limit of swap":                  {swap(p, 128, 256, false), differs},
		"a limit of the engine":                  {ulimits(p, nil, []string{"nofile=1:2"}, false), same},
		"a limit by hand":                        {ulimits(p, nil, []string{"nproc=9:9"}, false), differs},
		"what control groups cannot":             {oomKill(p, true, false, false), untold},
		"spared by hand":                         {oomKill(p, false, true, false), differs},
		"the engine's log option":                {logOptions(p, nil, []snapshot.LogOption{{Name: "max-size", Value: "1m"}}, false), same},
		"a log option by hand":                   {logOptions(p, nil, []snapshot.LogOption{{Name: "mode", Value: "non-blocking"}}, false), differs},
		"a log option that may be the engine's":  {logOptions(bare, nil, []snapshot.LogOption{{Name: "mode"}}, false), untold},
		"labels of the image":                    {labels(p, map[string]string{"a": "b"}, map[string]string{"a": "b", "c": "d"}, false), same},
		"another label":                          {labels(p, map[string]string{"a": "b"}, map[string]string{"a": "c"}, false), differs},
		"the engine's log driver":                {unless(func(e *snapshot.Engine) snapshot.Fact[string] { return e.Settings.LogDriver })(p, "", "json-file", false), same},
		"another log driver":                     {unless(func(e *snapshot.Engine) snapshot.Fact[string] { return e.Settings.LogDriver })(p, "", "none", false), differs},
		"a log driver of which nothing is known": {unless(func(e *snapshot.Engine) snapshot.Fact[string] { return e.Settings.LogDriver })(bare, "", "none", false), untold},
		"kernel settings in part":                {dictionaries(p, map[string]string{"a": "1"}, map[string]string{"a": "1", "b": "2"}, true), same},
		"one kernel setting more":                {dictionaries(p, map[string]string{"a": "1"}, map[string]string{"a": "1", "b": "2"}, false), differs},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}

// TestServices: replicas are compared each, containers of single runs are not, and what
// belongs to a profile need not run.
func TestServices(t *testing.T) {
	container := func(name, service string, labels map[string]string) snapshot.Container {
		return snapshot.Container{Name: name, Project: "shop", Service: service, Privileged: seen(strings.HasSuffix(name, "2")), Labels: seen(labels)}
	}
	e := &snapshot.Engine{Name: "e", Containers: seen([]snapshot.Container{
		container("shop-web-2", "web", nil), container("shop-web-1", "web", nil), container("shop-web-run-1", "web", map[string]string{labelOneOff: "True"}), container("shop-old-1", "old", nil),
		{Name: "other-web-1", Project: "other", Service: "web"},
	})}
	open := snapshot.Container{Service: "web", Privileged: seen(false), User: snapshot.Lost[string](snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: "open"}, snapshot.At("x", "y"))}
	d := Declare("shop", "/srv/shop", []snapshot.Container{open, {Service: "db"}, {Service: "debug"}}, func(service string) (string, []string) {
		if service == "debug" {
			return "", []string{"debug"}
		}
		return "compose.yaml:2:3", nil
	})
	var got []string
	r := Compare(d, e)
	for _, x := range r.Services {
		got = append(got, x.Service+" "+string(x.Status)+" "+x.Container)
	}
	if want := "web same shop-web-1; web changed shop-web-2; db missing ; debug off ; old extra shop-old-1"; strings.Join(got, "; ") != want || !r.Found() {
		t.Errorf("%s", strings.Join(got, "; "))
	}
	if c := r.Services[1].Changes; len(c) != 1 || c[0].Fact != "Privileged" || c[0].Place != "compose.yaml:1:1" {
		t.Errorf("%+v", c)
	}
	if !slices.ContainsFunc(r.Services[0].Unknown, func(g Gap) bool { return g.Fact == "User" && g.Why == "open" }) {
		t.Errorf("%+v", r.Services[0].Unknown)
	}
}

// TestShown: of parts that differ the report shows what was compared, and not what the
// engine adds.
func TestShown(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	c := snapshot.Container{
		Networks: seen([]snapshot.Endpoint{{Network: "a"}}), Labels: seen(map[string]string{"x": "1"}), VolumesFrom: seen([]string{"db"}),
		Mounts: seen([]snapshot.Mount{{Type: "volume", Destination: "/v", Driver: "local"}}), Ports: seen([]snapshot.Port{{HostPort: "80", Port: 80, Protocol: "tcp"}}),
	}
	r := snapshot.Container{
		Networks: seen([]snapshot.Endpoint{{Network: "a", IPv4: "10.0.0.2"}, {Network: "b", IPv4: "10.0.1.2"}}), Labels: seen(map[string]string{"x": "2", "image": "y"}), VolumesFrom: seen([]string{"0123456789abcdef", "other:ro"}),
		Mounts: seen([]snapshot.Mount{{Type: "volume", Destination: "/v", Driver: "local", Volume: hash, Source: "/var/lib/x"}, {Type: "bind", Source: "/", Destination: "/h"}}),
		Ports:  seen([]snapshot.Port{{HostIP: "0.0.0.0", HostPort: "80", Port: 80, Protocol: "tcp"}, {HostIP: "::", HostPort: "80", Port: 80, Protocol: "tcp"}, {HostIP: "127.0.0.1", HostPort: "81", Port: 80, Protocol: "tcp"}}),
	}
	r.Project, r.Service, c.Service = "shop", "web", "web"
	e := engine()
	all, _ := e.Containers.Peek()
	e.Containers = seen(append(all, r))
	got := map[string]any{}
	for _, x := range Compare(Declare("shop", "/", []snapshot.Container{c}, func(string) (string, []string) { return "", nil }), e).Services[0].Changes {
		got[x.Fact] = x.Running
	}
	want := map[string]any{
		"Networks": []snapshot.Endpoint{{Network: "a"}, {Network: "b"}}, "Labels": map[string]string{"x": "2"}, "VolumesFrom": []string{"db", "other:ro"},
		"Mounts": []snapshot.Mount{{Type: "volume", Destination: "/v"}, {Type: "bind", Source: "/", Destination: "/h"}},
		"Ports":  []snapshot.Port{{HostPort: "80", Port: 80, Protocol: "tcp"}, {HostIP: "127.0.0.1", HostPort: "81", Port: 80, Protocol: "tcp"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
