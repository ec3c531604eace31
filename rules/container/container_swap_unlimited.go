package container

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

// noSwapLimit is the warning of engines on kernels that count no swap. They
// write -1 into every container with a limit of memory.
const noSwapLimit = "WARNING: No swap limit support"

func swapUnlimited() *rule.Rule {
	return &rule.Rule{
		ID:       "container-swap-unlimited",
		Title:    "A container with a limit of memory may fill the swap",
		Severity: rule.Low,
		Why: "The limit of memory does not hold back what is swapped out. A container that grows fills the host's swap, and everything on the host slows down with it. " +
			"What it keeps in memory, keys included, ends up on the disk.",
		Fix: rule.Fix{
			Text:    "Leave the limit of swap to the engine, which allows as much as memory, or set it equal to the memory for none.",
			Run:     "instead of --memory-swap -1: --memory 512m --memory-swap 512m",
			Compose: "services:\n  web:\n    mem_limit: 512m\n    memswap_limit: 512m",
			Breaks:  "Workloads that need more than their memory at times: give them more.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("memswap_limit")}},
		},
		Refs: rule.Refs{CISRelated: "5.11", NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "Resource constraints"},
		Bad:  []rule.Example{{Run: "docker run --memory 64m --memory-swap -1 alpine"}},
		Good: []rule.Example{{Run: "docker run --memory 64m alpine"}, {Run: "docker run --memory 64m --memory-swap 64m alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if ctr.MemorySwap.Read(c) != -1 {
				return c.Pass("its swap is limited if its memory is")
			}
			if ctr.Memory.Read(c) <= 0 {
				return c.NotApplicable("its memory has no limit, which container-no-memory-limit reports")
			}
			if slices.Contains(c.Engine.Settings.Warnings.Read(c), noSwapLimit) {
				return c.NotApplicable("the kernel counts no swap")
			}
			return c.Fail("its memory is limited and its swap is not%s", life(ctr))
		},
	}
}
