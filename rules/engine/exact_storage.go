package engine

import (
	"seawall/rule"
	"seawall/snapshot"
)

// exactStorageRules ask for one storage driver each, as the CIS Docker
// Benchmark does. engine-legacy-storage-driver is about all that are no longer
// maintained.
func exactStorageRules() []*rule.Rule {
	return []*rule.Rule{exactStorage("aufs", "2.6"), exactStorage("devicemapper", "2.7")}
}

func exactStorage(driver, number string) *rule.Rule {
	return &rule.Rule{
		ID:       "engine-storage-driver-" + driver,
		Title:    "The storage driver is " + driver,
		Severity: rule.Low,
		Exact:    true,
		Why:      "The CIS Docker Benchmark advises against this driver by name. engine-legacy-storage-driver says what is wrong with it and its like.",
		Fix: rule.Fix{
			Text:   "Use overlay2; save images and data first.",
			Daemon: `{"storage-driver": "overlay2"}`,
			Breaks: "Images and containers of the old driver are not visible any more; pull or save and load them.",
		},
		Refs: rule.Refs{CIS: number, NIST: "4.4.1", ATTACK: "T1190", Docs: "Storage drivers"},
		Bad:  []rule.Example{{Show: "dockerd -s " + driver, Facts: storage(driver)}},
		Good: []rule.Example{{Show: "dockerd", Facts: storage("overlay2")}},
		Engine: dockerd(func(c *rule.Context, e *snapshot.Engine) rule.Answer {
			if used := e.Settings.StorageDriver.Read(c); used != driver {
				return c.Pass("the storage driver is %s", used)
			}
			return c.Fail("the storage driver is %s", driver)
		}),
	}
}
