package cis

func daemonItems() []Recommendation {
	return []Recommendation{
		{"2.1", 1, manual, "The daemon runs without root where that is possible", nil},
		{"2.2", 1, manual, "Containers on the default bridge are kept apart", nil},
		{"2.3", 1, manual, "The daemon logs at the level info", nil},
		{"2.4", 1, manual, "The daemon may set packet filter rules", nil},
		{"2.5", 1, manual, "No registry is used without TLS", nil},
		{"2.6", 1, manual, "The storage driver is not aufs", nil},
		{"2.7", 1, manual, "The storage driver is not devicemapper", nil},
		{"2.8", 1, manual, "The API over TCP demands client certificates", nil},
		{"2.9", 1, manual, "Containers get default ulimits that fit", nil},
		{"2.10", 2, manual, "User namespaces are remapped", nil},
		{"2.11", 2, manual, "Containers are below the default cgroup, or a confirmed one", nil},
		{"2.12", 2, manual, "The base device keeps its size unless it must grow", nil},
		{"2.13", 2, manual, "An authorization plugin stands before the API", nil},
		{"2.14", 2, manual, "Logs of containers go to a central place", nil},
		{"2.15", 1, manual, "Containers gain no privileges by default", nil},
		{"2.16", 1, manual, "Containers survive a stop of the daemon", nil},
		{"2.17", 1, manual, "The userland proxy is off", nil},
		{"2.18", 2, manual, "A seccomp profile holds for all containers", nil},
		{"2.19", 1, manual, "Experimental features are off in production", nil},
	}
}

func fileItems() []Recommendation {
	return []Recommendation{
		{"3.1", 1, automated, "docker.service belongs to root:root", nil},
		{"3.2", 1, automated, "docker.service has mode 644 or stricter", nil},
		{"3.3", 1, automated, "docker.socket belongs to root:root", nil},
		{"3.4", 1, automated, "docker.socket has mode 644 or stricter", nil},
		{"3.5", 1, automated, "/etc/docker belongs to root:root", nil},
		{"3.6", 1, automated, "/etc/docker has mode 755 or stricter", nil},
		{"3.7", 1, manual, "Certificates of registries belong to root:root", nil},
		{"3.8", 1, manual, "Certificates of registries have mode 444 or stricter", nil},
		{"3.9", 1, manual, "The TLS CA certificate belongs to root:root", nil},
		{"3.10", 1, manual, "The TLS CA certificate has mode 444 or stricter", nil},
		{"3.11", 1, manual, "The server certificate belongs to root:root", nil},
		{"3.12", 1, manual, "The server certificate has mode 444 or stricter", nil},
		{"3.13", 1, manual, "The server key belongs to root:root", nil},
		{"3.14", 1, manual, "The server key has mode 400", nil},
		{"3.15", 1, automated, "The engine's socket belongs to root:docker", nil},
		{"3.16", 1, automated, "The engine's socket has mode 660 or stricter", nil},
		{"3.17", 2, manual, "daemon.json belongs to root:root", nil},
		{"3.18", 2, manual, "daemon.json has mode 644 or stricter", nil},
		{"3.19", 2, manual, "/etc/default/docker belongs to root:root", nil},
		{"3.20", 2, manual, "/etc/default/docker has mode 644 or stricter", nil},
		{"3.21", 2, manual, "/etc/sysconfig/docker has mode 644 or stricter", nil},
		{"3.22", 2, manual, "/etc/sysconfig/docker belongs to root:root", nil},
		{"3.23", 1, automated, "containerd's socket belongs to root:root", nil},
		{"3.24", 1, automated, "containerd's socket has mode 660 or stricter", nil},
	}
}
