package matrix

import (
	"fmt"
	"slices"
	"strings"

	"seawall/snapshot"
)

// commands are what adds the rules, where needed in the namespace of an engine.
func (a *Adviser) commands(rules []insertion) []string {
	var out []string
	for _, r := range rules {
		for _, c := range r.commands(a.bothBackEnds(r.space)) {
			if c = a.enter(r.space) + c; !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (r insertion) commands(explicit bool) []string {
	if r.nft {
		at := places[r.chain]
		return []string{
			"nft add table inet " + ownTable,
			fmt.Sprintf("nft 'add chain inet %s %s { type filter hook %s priority %d; policy accept; }'", ownTable, at.hook, at.hook, at.priority-earlier),
			fmt.Sprintf("nft 'add rule inet %s %s %s drop'", ownTable, at.hook, r.joined()),
		}
	}
	program := "iptables"
	if r.ipv6 {
		program = "ip6tables"
	}
	switch {
	case !explicit:
	case r.tool == "iptables-legacy":
		program += "-legacy"
	default:
		program += "-nft"
	}
	table := ""
	if r.table != "filter" {
		table = " -t " + r.table
	}
	return []string{program + table + " -I " + r.chain + " " + r.joined() + " -j DROP"}
}

// bothBackEnds says whether rules of both back ends of iptables are in force, so
// that it matters which program is called.
func (a *Adviser) bothBackEnds(space string) bool {
	rules, _ := a.p.w.stacks[a.p.w.numbers[space]].Filter.Peek()
	has := func(tool string) bool {
		return slices.ContainsFunc(rules.Tables, func(t snapshot.FilterTable) bool { return t.Tool == tool })
	}
	return has("iptables") && has("iptables-legacy")
}

// enter is what a command begins with that is for the namespace of an engine.
func (a *Adviser) enter(space string) string {
	w := a.p.w
	number := w.numbers[space]
	if number == w.machine() {
		return ""
	}
	for i := range w.snap.Engines {
		if e := &w.snap.Engines[i]; e.Local && engineSpace(e) == number {
			p, _ := e.Daemon.Process.Peek()
			return fmt.Sprintf("nsenter -t %d -n ", p.PID)
		}
	}
	return ""
}

// breaks says what rules stop.
func breaks(rules []insertion) string {
	var out []string
	for _, r := range rules {
		if !slices.Contains(out, r.stops) {
			out = append(out, r.stops)
		}
	}
	return strings.Join(out, "; ")
}
