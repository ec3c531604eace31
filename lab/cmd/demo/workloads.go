package main

import (
	"context"

	"seawall/lab"
)

// workloads are the demo's containers, as arguments of docker run before the
// image: what is commonly met on a server with a Compose file, and one
// container as it should be.
var workloads = [][]string{
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

// startWorkloads makes the image and starts the containers.
func startWorkloads(ctx context.Context, h *lab.Host) error {
	engine := h.Engine()
	image, err := engine.ImportSleep(ctx)
	if err != nil {
		return err
	}
	if _, err := engine.Docker(ctx, "network", "create", "shop"); err != nil {
		return err
	}
	for _, args := range workloads {
		if _, err := engine.Run(ctx, append(args, image)...); err != nil {
			return err
		}
	}
	return nil
}
