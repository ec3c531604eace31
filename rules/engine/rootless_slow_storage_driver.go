package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func slowStorageDriver() *rule.Rule {
	return &rule.Rule{
		ID:       "rootless-slow-storage-driver",
		Title:    "The rootless engine stores images with a slow driver",
		Severity: rule.Low,
		Why: "The driver vfs copies the whole image for every container and layer, so a few containers can fill the disk; fuse-overlayfs runs every file access through a user process. " +
			"Since Linux 5.11 ordinary users can use overlay2.",
		Fix: rule.Fix{
			Text:   "Use overlay2 on a kernel from 5.11 on, with the data directory on a file system that supports it.",
			Daemon: `{"storage-driver": "overlay2"}`,
			Breaks: "Images and containers of the old driver are not visible any more; pull or save and load them.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1499", Guide: "G8", Docs: "Rootless mode"},
		Bad: []rule.Example{{Show: "a rootless engine with vfs", Facts: example.Engine(func(e *snapshot.Engine) {
			example.Rootless(e)
			example.Set(&e.Settings.StorageDriver, "vfs")
		})}},
		Good:   []rule.Example{{Show: "a rootless engine with overlay2", Facts: example.Engine(example.Rootless)}},
		Engine: checkSlowStorage,
	}
}

func checkSlowStorage(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !e.Settings.Rootless.Read(c) {
		return c.NotApplicable("the engine is not rootless")
	}
	driver := e.Settings.StorageDriver.Read(c)
	if driver == "vfs" || driver == "fuse-overlayfs" {
		return c.Fail("the rootless engine uses the storage driver %s", driver)
	}
	return c.Pass("the storage driver is %s", driver)
}
