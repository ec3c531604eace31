package container

import (
	"testing"
	"time"

	"seawall/rule/example"
	"seawall/snapshot"
)

func TestImages(t *testing.T) {
	images := func(change func([]snapshot.Image) []snapshot.Image) func(*snapshot.Snapshot) {
		return all(pulledAnew(true), example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Images.Peek()
			example.Set(&e.Images, change(list))
		}))
	}
	onlyNew := images(func(l []snapshot.Image) []snapshot.Image { return l[1:] })
	onlyOld := images(func(l []snapshot.Image) []snapshot.Image { return l[:1] })
	none := example.Engine(func(e *snapshot.Engine) { e.Images.Blind(notPermitted) })
	named := func(tag string) func(*snapshot.Snapshot) {
		return images(func(l []snapshot.Image) []snapshot.Image { l[1].Tags = []string{"x:1", tag}; return l })
	}
	judge(t, "container-image-replaced", []verdict{
		{"docker run nginx:1.29", nil, "pass", "it will be made"},
		{"docker run nginx:1.29", pulledAnew(true), "low", ""},
		{"docker run nginx:1.29", onlyNew, "not-applicable", ""},
		{"docker run nginx:1.29", onlyOld, "not-applicable", ""},
		{"docker run nginx:1.29", all(pulledAnew(true), none), "unknown", ""},
		{"docker run nginx@sha256:" + zeros, pulledAnew(true), "pass", "by its content"},
		{"docker run " + zeros[:12], pulledAnew(true), "pass", "by its content"},
		{"docker run docker.io/library/nginx", named("nginx:latest"), "low", ""},
		{"docker run index.docker.io/bitnami/nginx:1", named("bitnami/nginx:1"), "low", ""},
		{"docker run host:5000/nginx", named("host:5000/nginx:latest"), "low", ""},
	})
	for image, want := range map[string]string{
		"nginx": "low", "nginx:latest": "low", "host:5000/nginx": "low", zeros[:11]: "low",
		"nginx:1": "pass", "nginx:1@sha256:" + zeros: "pass", zeros: "pass", "sha256:" + zeros: "pass",
	} {
		judge(t, "container-image-unpinned", []verdict{{"docker run " + image, nil, want, ""}})
	}
	judge(t, "container-image-unpinned", []verdict{
		{"docker run nginx:latest@sha256:" + zeros, nil, "pass", "by its content"},
		{"docker run nginx:1", nil, "pass", "with version 1."},
	})
}

func TestLogs(t *testing.T) {
	engineLog := func(driver string, options ...string) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			example.Set(&e.Settings.LogDriver, driver)
			example.Set(&e.Settings.LogOptNames, options)
		})
	}
	created := inContainer(func(c *snapshot.Container) { c.ID = zeros })
	judge(t, "container-log-may-drop", []verdict{
		{"docker run alpine", engineLog("json-file", "tag", "mode"), "unknown", "the engine's own log options have a mode"},
		{"docker run alpine", engineLog("json-file", "tag"), "pass", ""},
		{"docker run alpine", all(engineLog("json-file", "mode"), created), "pass", ""},
		{"docker run --log-driver json-file alpine", engineLog("json-file", "mode"), "unknown", ""},
		{"docker run --log-driver local alpine", engineLog("json-file", "mode"), "pass", ""},
		{"docker run --log-opt tag=x --log-opt mode=blocking alpine", engineLog("json-file", "mode"), "pass", ""},
		{"docker run --log-opt max-buffer-size=4m --log-opt mode=non-blocking alpine", nil, "low", "mode=non-blocking"},
	})
	judge(t, "container-log-unbounded", []verdict{
		{"docker run alpine", engineLog("json-file", "max-size"), "pass", ""},
		{"docker run alpine", all(engineLog("json-file", "max-size"), created), "low", ""},
		{"docker run alpine", engineLog("json-file"), "not-applicable", ""},
		{"docker run --log-driver json-file alpine", engineLog("json-file"), "not-applicable", ""},
		{"docker run --log-driver json-file alpine", engineLog("journald", "max-size"), "low", ""},
		{"docker run --log-opt max-size=-1 alpine", engineLog("json-file", "max-size"), "low", ""},
		{"docker run --log-opt max-size=10m alpine", engineLog("json-file"), "pass", ""},
		{"docker run --log-opt max-file=3 alpine", engineLog("json-file", "max-size"), "pass", ""},
		{"docker run --log-driver local alpine", engineLog("json-file"), "pass", ""},
	})
}

func TestResources(t *testing.T) {
	for flags, want := range map[string]string{
		"": "low", "--cpu-shares 1024": "low", "--cpu-shares 2": "pass", "--cpu-quota -1": "low", "--cpus 0.5": "pass", "--cpuset-cpus 0": "pass",
	} {
		judge(t, "container-no-cpu-limit", []verdict{{"docker run " + flags + " alpine", nil, want, ""}})
	}
	v1 := cgroupVersion("1")
	judge(t, "container-spared-by-oom-killer", []verdict{
		{"docker run --oom-score-adj -1 alpine", nil, "medium", ""},
		{"docker run --oom-score-adj 0 alpine", v1, "pass", ""},
		{"docker run --oom-kill-disable alpine", v1, "medium", ""},
		{"docker run --oom-kill-disable -m 64m alpine", v1, "low", ""},
		{"docker run --oom-kill-disable alpine", all(v1, unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.Memory })), "unknown", ""},
		{"docker run --oom-kill-disable alpine", nil, "pass", "no effect"},
	})
	noSwapAccount := setting(func(s *snapshot.Settings) *snapshot.Fact[[]string] { return &s.Warnings }, []string{noSwapLimit})
	unlimited := inContainer(func(c *snapshot.Container) { example.Set(&c.MemorySwap, -1) })
	judge(t, "container-swap-unlimited", []verdict{
		{"docker run -m 64m --memory-swap -1 alpine", nil, "low", ""},
		{"docker run -m 64m --memory-swap -1 alpine", noSwapAccount, "not-applicable", "the kernel counts no swap"},
		{"docker run alpine", unlimited, "not-applicable", "its memory has no limit"},
		{"docker run -m 64m alpine", nil, "pass", ""},
	})
	for policy, want := range map[string]string{
		"no": "pass", "on-failure:1": "pass", "on-failure:5": "pass", "on-failure:6": "low", "on-failure:0": "low", "on-failure": "low", "always": "low", "unless-stopped": "low",
	} {
		judge(t, "container-restart-unbounded", []verdict{{"docker run --restart " + policy + " alpine", nil, want, ""}})
	}
	judge(t, "container-restart-unbounded", []verdict{
		{"docker run alpine", inContainer(func(c *snapshot.Container) { example.Set(&c.RestartPolicy, "") }), "pass", ""},
	})
	for setting, want := range map[string]string{
		"net.ipv4.conf.all.route_localnet=1":           "medium",
		"net.ipv4.conf.eth0.accept_source_route=1":     "low",
		"net.ipv6.conf.all.accept_redirects=1":         "low",
		"net.ipv4.conf.default.rp_filter=0":            "low",
		"net.ipv4.tcp_syncookies=0":                    "low",
		"net.ipv4.icmp_echo_ignore_broadcasts=0":       "low",
		"net.ipv4.conf.all.route_localnet=0":           "pass",
		"net.ipv4.conf.all.rp_filter=2":                "pass",
		"net.ipv4.icmp_ignore_bogus_error_responses=0": "pass",
	} {
		judge(t, "container-sysctl-weakened", []verdict{{"docker run --sysctl " + setting + " alpine", nil, want, ""}})
	}
	judge(t, "container-sysctl-weakened", []verdict{
		{"docker run --sysctl net.ipv4.tcp_syncookies=0 --sysctl net.ipv4.conf.all.route_localnet=1 alpine", nil, "medium",
			"it sets net.ipv4.conf.all.route_localnet=1 (its neighbours reach what listens on its loopback address), net.ipv4.tcp_syncookies=0"},
	})
}

func TestPrograms(t *testing.T) {
	declared := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "declared") })
	exited := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "exited") })
	hidden := running(func(p *snapshot.Process) { p.Programs.Blind(notPermitted) })
	for command, want := range map[string]string{
		"/usr/sbin/sshd -D": "low", "dropbear -F": "low", "sh -c 'a;sshd'": "low", "sh -c 'a&&sshd&'": "low", "sh -c '(sshd)|b'": "low",
		`sh -c "x \"sshd\""`: "low", "sh -c \"x 'sshd' y\"": "low", "sh -c 'a\tsshd\tb'": "low",
		"sshd-session": "pass", "/etc/ssh/sshd_config": "pass", "ssh host": "pass",
	} {
		judge(t, "container-runs-sshd", []verdict{{"docker run alpine " + command, nil, want, ""}})
	}
	judge(t, "container-runs-sshd", []verdict{
		{"docker run alpine", declared, "unknown", ""},
		{"docker run alpine app", declared, "pass", ""},
		{"docker run alpine", exited, "pass", ""},
		{"docker run alpine", programs("app", "dropbear"), "low", "dropbear runs in it"},
		{"docker run alpine app", hidden, "unknown", ""},
		{"docker run alpine sshd", hidden, "low", "its command starts sshd."},
	})
}

func TestHealth(t *testing.T) {
	checked := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Images.Peek()
		example.Set(&list[0].Health, true)
	})
	noImages := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Images, nil) })
	hidden := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.Health })
	judge(t, "container-no-healthcheck", []verdict{
		{"docker run alpine", nil, "low", ""},
		{"docker run alpine", checked, "pass", ""},
		{"docker run --no-healthcheck alpine", checked, "low", ""},
		{"docker run alpine", noImages, "unknown", ""},
		{"docker run alpine", hidden, "unknown", ""},
	})
	never := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "created") })
	judge(t, "container-restart-loop", []verdict{
		{"docker run alpine", restarted("restarting", 12, time.Hour).Facts, "low", "is being restarted"},
		{"docker run alpine", never, "pass", "it is not being restarted"},
		{"docker run alpine", unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.State }), "unknown", ""},
	})
}
