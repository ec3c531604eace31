package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func legacyStorageDriver() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-legacy-storage-driver",
		Title:    "The engine uses a storage driver that is no longer maintained",
		Severity: rule.Low,
		Why:      "aufs, devicemapper and the first overlay driver have been removed from Docker; they get no fixes, and an engine that uses them cannot be updated without losing sight of its images.",
		Fix: rule.Fix{
			Text:   "Save what is needed, switch to overlay2 and load it again.",
			Daemon: `{"storage-driver": "overlay2"}`,
			Breaks: "Images and containers of the old driver are not visible under the new one.",
		},
		Refs: rule.Refs{CISRelated: "2.6 2.7", NIST: "4.4.1", ATTACK: "T1190", Guide: "G22", Docs: "Storage drivers"},
		Bad: []rule.Example{
			{Show: "dockerd -s devicemapper", Facts: storage("devicemapper")},
			{Show: "dockerd -s aufs", Facts: storage("aufs")},
		},
		Good:   []rule.Example{{Show: "dockerd", Facts: storage("overlay2")}},
		Engine: dockerd(checkLegacyStorage),
	}
}

func storage(driver string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.StorageDriver, driver) })
}

func checkLegacyStorage(c *rule.Context, e *snapshot.Engine) rule.Answer {
	driver := e.Settings.StorageDriver.Read(c)
	if driver == "aufs" || driver == "devicemapper" || driver == "overlay" {
		return c.Fail("the storage driver %s is no longer maintained", driver)
	}
	return c.Pass("the storage driver is %s", driver)
}
