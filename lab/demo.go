package lab

import "context"

// DemoOptions are those of the demo: a host of which much is to be told.
func DemoOptions() Options {
	return Options{
		Version: V26, Hostname: "demo",
		Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "--tls=false"},
	}
}

// demoWorkloads are the demo's containers, as arguments of docker run before the
// image: what is commonly met on a server with a Compose file, and one
// container as it should be.
var demoWorkloads = [][]string{
	{"--name", "web", "--network", "shop", "-p", "127.0.0.1:8080:80", "--user", "1000", "--read-only",
		"--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "64m", "--pids-limit", "64", "--cpus", "0.5"},
	{"--name", "db", "--network", "shop", "-p", "5432:5432", "-e", "POSTGRES_PASSWORD=demo-only"},
	{"--name", "cache", "--network", "shop"},
	{"--name", "portainer", "-v", "/run/docker.sock:/var/run/docker.sock", "-p", "9000:9000"},
	{"--name", "backup", "-v", "/:/host:ro", "--network", "none"},
	{"--name", "ci-runner", "--privileged", "-v", "/srv/ci:/builds"},
	{"--name", "node-exporter", "--pid", "host", "--network", "host", "-v", "/proc:/host/proc:ro"},
	{"--name", "vpn", "--cap-add", "NET_ADMIN", "--cap-add", "SYS_MODULE", "-v", "/usr/lib/modules:/lib/modules:ro"},
	{"--name", "legacy", "--security-opt", "seccomp=unconfined", "--link", "portainer:admin"},
}

// StartDemo makes the demo's user and image in a host of [DemoOptions], and starts its
// containers.
func (h *Host) StartDemo(ctx context.Context) error {
	if _, err := h.AddUser(ctx, "alice", "docker"); err != nil {
		return err
	}
	engine := h.Engine()
	image, err := engine.ImportSleep(ctx)
	if err != nil {
		return err
	}
	if _, err := engine.Docker(ctx, "network", "create", "shop"); err != nil {
		return err
	}
	for _, args := range demoWorkloads {
		if _, err := engine.Run(ctx, append(args, image)...); err != nil {
			return err
		}
	}
	return nil
}
