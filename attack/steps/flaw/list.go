package flaw

import "seawall/attack"

// Steps are those by flaws that are not mended. They differ in what must be so besides.
func Steps() []*attack.Step {
	return []*attack.Step{
		runcLeakedDirectory(),
		runcRedirectedWrite(),
		containerdShimSocket(),
		authorizationBypassed(),
		kernelCopyFail(),
	}
}
