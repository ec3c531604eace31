package main

import "seawall/datafile"

// entry is a term of a list, and what it means.
type entry struct{ term, text string }

// exitStatus is what exit codes mean for every command that does not say more.
var exitStatus = []entry{
	{"0", "Done, and nothing was found at or above the threshold."},
	{"1", "Findings at or above the threshold."},
	{"2", "Wrong usage or bad input."},
	{"3", "Could not look at all: there is no engine, or it may not be read."},
	{"4", "Looked only in part, with --strict."},
}

// environment is what the program reads of its environment. A test compares it with
// the code.
var environment = []entry{
	{"DOCKER_HOST", "Address of the engine to look at: unix://, tcp:// or ssh://."},
	{"DOCKER_CONTEXT", "Context of the Docker CLI to look at."},
	{"DOCKER_CONFIG", "Directory of the Docker CLI's configuration; ~/.docker without it."},
	{"DOCKER_TLS_VERIFY", "Not empty: use TLS, and verify the engine."},
	{"DOCKER_TLS", "Not empty: use TLS."},
	{"DOCKER_CERT_PATH", "Directory of ca.pem, cert.pem and key.pem."},
	{"DOCKER_API_VERSION", "Version of the API to speak, instead of the engine's own."},
	{"LC_ALL", "Language of the output, with LC_MESSAGES and LANG after it, unless --lang is given: ja or English."},
	{"NO_COLOR", "Not empty: do not colour the output."},
	{"TERM", "dumb: do not colour the output."},
	{datafile.DirVariable, "Directory of the advisories that 'seawall data update' fetched."},
	{"XDG_STATE_HOME", "Below it, in seawall, a user's own advisories are; ~/.local/state without it."},
	{"HTTPS_PROXY", "Proxy for 'seawall data update', as HTTP_PROXY and NO_PROXY."},
}

var files = []entry{
	{"/run/docker.sock", "Socket of the system's engine. Others are found by their processes and listeners."},
	{"/etc/docker/daemon.json", "Settings of the engine, which are read and judged."},
	{"~/.docker", "Configuration and contexts of the Docker CLI, of every user that may be read."},
	{datafile.SystemDir + "/known.json.gz", "Advisories that root fetched with 'seawall data update', for all users."},
	{datafile.SystemDir + "/audits", "Reports of the daily audit, if seawall.timer is enabled: see systemctl(1)."},
	{"/usr/libexec/docker/cli-plugins/docker-seawall", "Makes 'docker seawall' of the same program."},
}

// beside are pages that go with others.
var beside = map[string][]string{
	"seawall-audit":    {"seawall-diff", "seawall-explain", "seawall-paths", "seawall-rules"},
	"seawall-explain":  {"seawall-rules"},
	"seawall-rules":    {"seawall-explain"},
	"seawall-observe":  {"seawall-advise"},
	"seawall-advise":   {"seawall-observe"},
	"seawall-snapshot": {"seawall-audit", "seawall-diff"},
	"seawall-diff":     {"seawall-audit", "seawall-snapshot"},
	"seawall-updates":  {"seawall-data"},
	"seawall-data":     {"seawall-updates"},
	"seawall-paths":    {"seawall-reach"},
	"seawall-reach":    {"seawall-paths"},
}
