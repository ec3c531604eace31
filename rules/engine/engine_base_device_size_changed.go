package engine

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func baseDeviceSizeChanged() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-base-device-size-changed",
		Title:    "The base device of devicemapper has another size",
		Severity: rule.Low,
		Exact:    true,
		Why: "Every image and container gets a device of this size. A larger one lets a single container fill the pool of all, and it can never be made smaller. " +
			"The CIS Docker Benchmark asks for the driver's own size unless another is needed.",
		Fix: rule.Fix{
			Text:   "Remove dm.basesize from the storage options, or move to overlay2, which has no base device.",
			Daemon: `{"storage-driver": "overlay2"}`,
			Breaks: "Containers that need more space than the driver's own size.",
		},
		Refs: rule.Refs{CIS: "2.12", NIST: "4.4.3", ATTACK: "T1499", Docs: "Device Mapper storage driver"},
		Bad: []rule.Example{
			{Daemon: `{"storage-driver": "devicemapper", "storage-opts": ["dm.basesize=50G"]}`},
			{Show: "dockerd -s devicemapper --storage-opt dm.basesize=50G", Facts: deviceMapper("dm.fs=xfs", "dm.basesize=50G")},
		},
		Good:   []rule.Example{{Show: "dockerd -s devicemapper", Facts: deviceMapper("dm.fs=xfs")}},
		Engine: dockerd(checkBaseDevice),
	}
}

func deviceMapper(options ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Settings.StorageDriver, "devicemapper")
		example.Set(&e.Settings.StorageOptions, options)
	})
}

func checkBaseDevice(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if driver := e.Settings.StorageDriver.Read(c); driver != "devicemapper" {
		return c.NotApplicable("the storage driver %s has no base device", driver)
	}
	for _, option := range e.Settings.StorageOptions.Read(c) {
		if size, ok := strings.CutPrefix(strings.ToLower(option), "dm.basesize="); ok {
			return c.Fail("the base device has %s", size)
		}
	}
	return c.Pass("the base device has the driver's own size")
}
