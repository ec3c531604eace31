package container

import (
	"strings"
	"testing"

	"seawall/rule/example"
	"seawall/snapshot"
)

func TestDockerHost(t *testing.T) {
	proxy := "docker run --name proxy tecnativa/docker-socket-proxy\n"
	service := func(projects ...string) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			for i, project := range projects {
				list[i].Project, list[i].Service = project, "API"
			}
			list[len(list)-1].Project = "shop"
		})
	}
	judge(t, "container-docker-host-plaintext", []verdict{
		{"docker run -e DOCKER_HOST=http://docker:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=docker:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=10.0.0.5:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=127.0.0.1:2375 alpine", nil, "pass", "loopback"},
		{"docker run -e DOCKER_HOST=tcp://:2375 alpine", nil, "pass", ""},
		{"docker run -e DOCKER_HOST=TCP://docker:2375/v1.43 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=ssh://docker alpine", nil, "pass", ""},
		{"docker run -e DOCKER_HOST= alpine", nil, "pass", ""},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", nil, "medium", ""},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", service("shop"), "pass", "proxy"},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", service("tools"), "pass", "proxy"},
		{proxy + "docker run --name plain alpine\ndocker run -e DOCKER_HOST=tcp://api:2375 alpine", service("tools", "shop"), "medium", ""},
		{proxy + "docker run --name plain alpine\ndocker run -e DOCKER_HOST=tcp://api:2375 alpine", service("shop", "tools"), "pass", "proxy"},
		{proxy + "docker run -e DOCKER_HOST=tcp://other:2375 alpine", service("shop"), "medium", ""},
	})
}

// TestKnownPorts: the services behind the usual ports, "" for none, and how
// much it matters that each is published.
func TestKnownPorts(t *testing.T) {
	for rule, kinds := range map[string]string{
		"port-data-service-published": `medium: 1433 SQL Server, 1521 Oracle, 3306 MySQL, 5432 PostgreSQL, 5672 RabbitMQ, 5984 CouchDB
			high: 2181 ZooKeeper, 2379 etcd, 4222 NATS, 5005 a Java debugger, 6379 Redis, 8500 Consul, 9042 Cassandra, 9092 Kafka, 9200 Elasticsearch
			high: 9229 a Node.js debugger, 9300 Elasticsearch, 11211 memcached, 27017 MongoDB
			pass: 80, 443, 3307, 5432/udp, 11211/udp`,
		"port-amplifier-published": `low: 53/udp DNS
			medium: 17/udp QOTD, 19/udp chargen, 69/udp TFTP, 111/udp the portmapper, 123/udp NTP, 137/udp NetBIOS, 161/udp SNMP, 389/udp LDAP
			medium: 1900/udp SSDP, 3702/udp WS-Discovery, 5353/udp mDNS, 11211/udp memcached
			pass: 53, 123, 11211, 500/udp`,
		"port-engine-api-published": "high: 2375 the engine's API\n pass: 2376, 2375/udp",
	} {
		for line := range strings.Lines(kinds) {
			want, services, _ := strings.Cut(strings.TrimSpace(line), ": ")
			for service := range strings.SplitSeq(services, ", ") {
				port, name, known := strings.Cut(service, " ")
				word := ""
				if known {
					word = "it publishes " + name + " (port " + port
				}
				judge(t, rule, []verdict{{"docker run -p 0.0.0.0:4711:" + port + " alpine", nil, want, word}})
			}
		}
	}
}

// mode sets the network mode of the example's last container.
func mode(name string) func(*snapshot.Snapshot) {
	return inContainer(func(c *snapshot.Container) { example.Set(&c.NetworkMode, name) })
}

func TestPorts(t *testing.T) {
	judge(t, "port-data-service-published", []verdict{
		{"docker run -p 10.0.0.5:6379:6379 alpine", nil, "high", ""},
		{"docker run -p 6379:6379 -p 10.0.0.5:3306:3306 alpine", unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.NetworkMode }), "medium", "publishes MySQL"},
		{"docker run -p '[::1]:6379:6379' alpine", nil, "pass", ""},
		{"docker run --network bridge -p 6379:6379 alpine", nil, "pass", ""},
		{"docker run -p 6379:6379 alpine", mode("default"), "pass", ""},
		{"docker run -p 6379:6379 alpine", mode(""), "pass", ""},
		{"docker run -p 6379:6379 alpine", mode("app"), "high", ""},
		{"docker run --network app -p 6379:6379 alpine", nil, "high", ""},
		{"docker run -p 0.0.0.0:2181:2181 -p 0.0.0.0:3306:3306 alpine", nil, "high", "ZooKeeper (port 2181/tcp on 0.0.0.0:2181), MySQL"},
	})
	judge(t, "port-engine-api-published", []verdict{
		{"docker run -p 0.0.0.0:2375:2375 alpine", nil, "high", ""},
		{"docker run --privileged -p 0.0.0.0:2375:2375 alpine", nil, "critical", ""},
		{"docker run --privileged -p 0.0.0.0:2375:2375 alpine", rootless, "medium", ""},
		{"docker run -p 0.0.0.0:2375:2375 tecnativa/docker-socket-proxy", nil, "not-applicable", "proxy"},
	})
	judge(t, "port-privileged-published", []verdict{
		{"docker run -p 1023:80 alpine", nil, "low", ""},
		{"docker run -p 1024:80 alpine", nil, "pass", ""},
		{"docker run -p 1000-1100:80 alpine", nil, "low", ""},
		{"docker run -p 0:80 alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0::80 alpine", nil, "pass", ""},
	})
	judge(t, "port-range-published", []verdict{
		{"docker run -p 0.0.0.0:10000-10049:10000-10049 alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0:10000-10050:10000-10050 alpine", nil, "low", ""},
		{"docker run -p 0.0.0.0:10000-10029:10000-10029 -p '[::]:10000-10029:10000-10029' alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0:10000-10029:10000-10029 -p 0.0.0.0:10000-10029:10000-10029/udp alpine", nil, "low", ""},
	})
}

func TestPublishedOnAll(t *testing.T) {
	ip := func(v string) func(*snapshot.Snapshot) {
		return setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.IP }, v)
	}
	app := func(change func(*snapshot.Network)) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Networks.Peek()
			change(&list[1])
		})
	}
	bound := func(ip string) func(*snapshot.Snapshot) {
		return app(func(n *snapshot.Network) { example.Set(&n.HostBinding, ip) })
	}
	noBinding := app(func(n *snapshot.Network) { n.HostBinding.Blind(notPermitted) })
	noNetworks := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Networks, nil) })
	noList := example.Engine(func(e *snapshot.Engine) { e.Networks.Blind(notPermitted) })
	noMode := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.NetworkMode })
	noIP := example.Engine(func(e *snapshot.Engine) { e.Settings.IP.Blind(notPermitted) })
	judge(t, "port-published-on-all-interfaces", []verdict{
		{"docker run -p 80 alpine", nil, "pass", ""},
		{"docker run --network bridge -p 8080:80 alpine", nil, "pass", ""},
		{"docker run -p 8080:80 alpine", mode("default"), "pass", ""},
		{"docker run --network app -p 8080:80 alpine", nil, "medium", "port 80/tcp on all addresses, port 8080."},
		{"docker run --network app -p 8080:80 alpine", bound("127.0.0.1"), "pass", ""},
		{"docker run --network app -p 8080:80 alpine", bound("0.0.0.0"), "medium", ""},
		{"docker run --network app -p 8080:80 alpine", noBinding, "unknown", ""},
		{"docker run --network app -p 8080:80 alpine", noNetworks, "medium", ""},
		{"docker run --network app -p 8080:80 alpine", noList, "unknown", ""},
		{"docker run -p 8080:80 alpine", ip("0.0.0.0"), "medium", ""},
		{"docker run -p 8080:80 alpine", ip("10.0.0.5"), "pass", ""},
		{"docker run -p 8080:80 alpine", noIP, "unknown", ""},
		{"docker run -p 8080:80 alpine", all(noMode, ip("")), "unknown", ""},
		{"docker run -p 8080:80 -p 0.0.0.0:81:81 alpine", noMode, "medium", "its port 81/tcp on 0.0.0.0:81."},
		{"docker run -p 0.0.0.0:8080:80/udp alpine", all(noMode, noIP), "medium", "port 80/udp on 0.0.0.0:8080."},
		{"docker run -p 80 alpine", ip(""), "medium", "on all addresses, port any free port."},
		{"docker run -p 0:80 alpine", ip(""), "medium", "on all addresses, port any free port."},
	})
}

func TestNetworks(t *testing.T) {
	apps := "docker run --name db --network app alpine\n"
	byID := inContainer(func(c *snapshot.Container) { example.Set(&c.Networks, []snapshot.Endpoint{{Network: "n-app"}}) })
	macvlan := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Networks.Peek()
		list[1].Driver = "macvlan"
	})
	unlisted := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Networks.Peek()
		list[1].Containers.Blind(notPermitted)
	})
	judge(t, "container-net-raw-on-shared-bridge", []verdict{
		{apps + "docker run --name web --network app alpine", nil, "medium", "shares with db."},
		{apps + "docker run --name web --network app alpine", byID, "medium", "HostConfig.CapDrop"},
		{apps + "docker run --name web --network app alpine", plainProc, "medium", "CapBnd"},
		{apps + "docker run --name web --network app alpine", macvlan, "pass", ""},
		{apps + "docker run --name web --network app alpine", unlisted, "unknown", ""},
		{apps + "docker run --name x --network app alpine\ndocker run --name web --network app alpine", nil, "medium", "shares with db and others."},
		{apps + "docker run --name web --network app --privileged alpine", nil, "not-applicable", "privileged"},
		{apps + "docker run --name web --network host alpine", nil, "pass", ""},
		{apps + "docker run --name web --network app alpine", bounded(0), "pass", ""},
	})
	judge(t, "container-host-network", []verdict{
		{"docker run --network host alpine", nil, "high", "is the host's."},
		{"docker run --name a --network host alpine\ndocker run --name b --network container:a alpine", nil, "high", "by way of container a."},
	})
}
