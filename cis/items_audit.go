package cis

// auditItems are the recommendations about the kernel's audit log.
func auditItems() []Recommendation {
	return []Recommendation{
		{"1.1.3", 1, automated, "The audit log watches the engine's program", nil},
		{"1.1.4", 1, manual, "The audit log watches /run/containerd", nil},
		{"1.1.5", 1, manual, "The audit log watches the engine's data directory", nil},
		{"1.1.6", 1, automated, "The audit log watches /etc/docker", nil},
		{"1.1.7", 2, automated, "The audit log watches the unit docker.service", nil},
		{"1.1.8", 2, automated, "The audit log watches containerd's socket", nil},
		{"1.1.9", 2, automated, "The audit log watches the engine's socket", nil},
		{"1.6:1.1.9", 2, automated, "The audit log watches the unit docker.socket", nil},
		{"1.1.10", 2, automated, "The audit log watches /etc/default/docker", nil},
		{"1.1.11", 2, automated, "The audit log watches daemon.json", nil},
		{"1.1.12", 2, automated, "The audit log watches containerd's config.toml", nil},
		{"1.1.13", 2, automated, "The audit log watches /etc/sysconfig/docker", nil},
		{"1.1.14", 2, automated, "The audit log watches containerd", nil},
		{"1.1.15", 2, automated, "The audit log watches containerd-shim", nil},
		{"1.1.16", 2, manual, "The audit log watches containerd-shim-runc-v1", nil},
		{"1.1.17", 2, automated, "The audit log watches containerd-shim-runc-v2", nil},
		{"1.1.18", 2, automated, "The audit log watches runc", nil},
	}
}
