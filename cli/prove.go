package cli

import (
	"context"
	"strings"

	"github.com/spf13/pflag"

	"seawall/attack"
	"seawall/lang"
	"seawall/report"
	"seawall/source/livehost"
	"seawall/source/prove"
)

// How far --prove goes.
const (
	proveObserve = "observe" // what the kernel answers without a connection
	proveConnect = "connect" // sockets are connected to as well
)

// errProveSaved is what --prove of a saved snapshot gives.
var errProveSaved = lang.Sentinel("--prove has no effect on a saved snapshot: it looks at the machine itself (write --prove=connect in one word)")

// proveFlag is --prove.
func proveFlag(flags *pflag.FlagSet, value *string) {
	flags.StringVar(value, "prove", "", lang.T("look on this machine whether each hop is there, harmlessly; =connect also connects to sockets"))
	flags.Lookup("prove").NoOptDefVal = proveObserve
}

// checkProve is the error of a value that --prove does not take.
func checkProve(value string) error {
	switch value {
	case "", proveObserve, proveConnect:
		return nil
	}
	return lang.Errorf("--prove=%s: want observe or connect", value)
}

// proveHops tries the hops of the paths of an answer on this machine, each once, and
// writes what came of it into the report.
func proveHops(ctx context.Context, how string, snap taken, a *attack.Answer, p *report.Paths) {
	var requests []prove.Request
	at := map[prove.Request]int{}
	proofs := map[*attack.Move]*hopProof{}
	for i := range a.Paths {
		for _, m := range a.Paths[i].Moves {
			if proofs[m] != nil || m.Step.ID == attack.TakenOverID {
				continue
			}
			checks, unchecked := m.Checks()
			proof := &hopProof{unchecked: unchecked}
			for _, c := range checks {
				q := request(c)
				if _, known := at[q]; !known {
					at[q] = len(requests)
					requests = append(requests, q)
				}
				proof.checks = append(proof.checks, at[q])
			}
			proofs[m] = proof
		}
	}
	outcomes := prove.Run(ctx, requests, prove.Options{Connect: how == proveConnect, Allowed: livehost.OwnAddresses(snap.Snapshot)})
	for _, proof := range proofs {
		proof.judge(outcomes)
	}
	for i := range a.Paths {
		for k, m := range a.Paths[i].Moves {
			if proof := proofs[m]; proof != nil {
				p.Paths[i].Hops[k].Proof = &proof.PathProof
			}
		}
	}
}

// request is what a check asks of the machine.
func request(c attack.Check) prove.Request {
	return prove.Request{
		Kind: prove.Kind(c.Kind), Path: c.Path, Name: c.Name, Value: c.Value, API: c.API,
		PID: c.PID, Mounts: c.Mounts, Root: c.Root, OnHost: c.OnHost, User: c.User,
	}
}

// hopProof is the proof of a hop in the making.
type hopProof struct {
	report.PathProof
	checks    []int // places of its requests
	unchecked []string
}

// judge makes a verdict: a look that finds the opposite refutes a hop, and one that
// could not be taken leaves it open.
func (h *hopProof) judge(outcomes []prove.Outcome) {
	h.Tried = []string{}
	var against, open []string
	for _, n := range h.checks {
		o := outcomes[n]
		said := lang.Reword(o.Found)
		if o.Tried != "" {
			said = triedWords(o.Tried) + ": " + said
			h.Tried = append(h.Tried, said)
		}
		switch o.State {
		case prove.Fails:
			against = append(against, said)
		case prove.Untried:
			open = append(open, said)
		}
	}
	for _, u := range h.unchecked {
		open = append(open, lang.Sprintf("nothing harmless shows this: %s", u))
	}
	switch {
	case len(against) > 0:
		h.Verdict, h.Detail = report.Refuted, lang.Semicolon(against)
	case len(open) > 0:
		h.Verdict, h.Detail = report.NotProvable, lang.Semicolon(open)
	case len(h.checks) == 0:
		h.Verdict, h.Detail = report.NotProvable, lang.T("it follows from what was read, and to see more it would have to be done")
	default:
		h.Verdict = report.Proven
	}
}

// triedWords is what was tried, and as whom, in the language of the process.
func triedWords(tried string) string {
	what, who, as := strings.Cut(tried, " as ")
	if !as {
		return lang.Reword(tried)
	}
	who = lang.Reword(who)
	if name, is := strings.CutPrefix(who, "user "); is {
		who = lang.Sprintf("user %s", name)
	}
	return lang.Sprintf("%s as %s", lang.Reword(what), who)
}
