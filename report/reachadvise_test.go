package report_test

import (
	"fmt"
	"strings"
	"testing"

	"seawall/lab/recorded"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/report"
)

// reached is the cell between a source and a target by parts of their names.
func reached(t *testing.T, r *report.Reach, from, to string) *report.ReachCell {
	t.Helper()
	for i := range r.Cells {
		c := &r.Cells[i]
		if strings.Contains(r.Sources[c.Source-1].Name, from) && strings.Contains(r.Targets[c.Target-1].Name, to) {
			return c
		}
	}
	t.Fatalf("no cell from %s to %s", from, to)
	return nil
}

// TestRemediesStandWithTheCellsTheyClose: a setting for all, rules for who comes by
// one interface.
func TestRemediesStandWithTheCellsTheyClose(t *testing.T) {
	r := shopReach(t, "", "")
	api := reached(t, r, "internet", "2376")
	if len(api.Remedies) != 2 {
		t.Fatalf("remedies %v", api.Remedies)
	}
	setting, rules := r.Remedies[api.Remedies[0]-1], r.Remedies[api.Remedies[1]-1]
	if !strings.Contains(setting.Setting, "0.0.0.0:2376") || len(rules.Commands) != 1 || rules.Commands[0] != "ip6tables -I INPUT -i eth0 -p tcp --dport 2376 -j DROP" {
		t.Errorf("%+v\n%+v", setting, rules)
	}
	if lan := reached(t, r, "192.0.2.0/24", "2376"); len(lan.Remedies) != 2 || lan.Remedies[1] != rules.ID {
		t.Errorf("the rules close the network too: %v", lan.Remedies)
	}
	if own := reached(t, r, "this host", "127.0.0.1:2375"); len(own.Remedies) != 0 {
		t.Errorf("nobody but the machine gets there: %v", own.Remedies)
	}
}

// TestRemediesOfOneWay: what is told of any target, and what else is closed.
func TestRemediesOfOneWay(t *testing.T) {
	r := shopReach(t, "app1", "app2:3000")
	if len(r.Remedies) != 1 || !strings.Contains(r.Remedies[0].Setting, "enable_icc=false") || len(r.Remedies[0].Elsewhere) == 0 {
		t.Fatalf("%+v", r.Remedies)
	}
	out := strings.Join(strings.Fields(reachText(t, r, report.Style{Width: 80})), " ")
	for _, want := range []string{"to close create the network shop anew", "closes also ", " → ", "breaks all connections between containers on shop"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if r := shopReach(t, "vault", "api"); len(r.Remedies) == 0 {
		t.Error("no remedy for a network and the API")
	}
}

// TestRemediesOfAll: --verbose works it out for ports of containers too.
func TestRemediesOfAll(t *testing.T) {
	s := recorded.Snapshot(t, shopFile)
	m := matrix.Of(s)
	if c := reached(t, report.BuildReach("test", s, m, "", "", false), "app1", "app2 3000"); len(c.Remedies) != 0 {
		t.Error("it was not asked for")
	}
	r := report.BuildReach("test", s, m, "", "", true)
	if c := reached(t, r, "app1", "app2 3000"); len(c.Remedies) == 0 || r.RemediesLeftOut != 0 {
		t.Errorf("remedies %v, %d left out", c.Remedies, r.RemediesLeftOut)
	}
}

// TestCommandsCanBePasted: lines that do not fit go on as a shell takes them.
func TestCommandsCanBePasted(t *testing.T) {
	out := reachText(t, shopReach(t, "", ""), report.Style{Width: 80})
	_, rest, ok := strings.Cut(out, "iptables -I DOCKER-USER ")
	lines := strings.SplitN(rest, "\n", 3)
	if !ok || !strings.HasSuffix(lines[0], ` \`) || !strings.HasSuffix(lines[1], " -j DROP") {
		t.Errorf("%q", lines)
	}
}

// TestPoliciesFold: what differs in the family or the target only is one sentence.
func TestPoliciesFold(t *testing.T) {
	out := reachText(t, shopReach(t, "", ""), report.Style{Width: 80})
	_, rest, _ := strings.Cut(out, "THE HOST'S FIREWALL\n")
	section, _, _ := strings.Cut(rest, "\n\n")
	section = strings.Join(strings.Fields(section), " ")
	for _, want := range []string{"any other port of this host are let in: the policy ACCEPT of INPUT (iptables). The same over IPv6.", "The same of shop, of vault."} {
		if !strings.Contains(section, want) {
			t.Errorf("no %q in\n%s", want, section)
		}
	}
	if out := reachText(t, shopReach(t, "internet", ""), report.Style{Width: 80}); strings.Contains(out, "FIREWALL") {
		t.Error("policies where one row was asked for")
	}
}

// TestRemediesOfFoldedTargets: settings come first; of targets that share a column,
// what closes the ways to all of them is told or, where nothing does, for which one
// it is.
func TestRemediesOfFoldedTargets(t *testing.T) {
	section := func(r *report.Reach) string {
		out := strings.Join(strings.Fields(reachText(t, r, report.Style{Width: 100})), " ")
		_, section, ok := strings.Cut(out, "to close ")
		if !ok {
			t.Fatal(out)
		}
		return "to close " + section
	}
	r := folded(20)
	r.Remedies = []report.ReachRemedy{{ID: 1, Commands: []string{"a command"}}, {ID: 2, Setting: "a setting"}}
	for i := range r.Cells {
		r.Cells[i].Remedies = []int{1}
	}
	r.Cells[0].Remedies = []int{1, 2}
	if out := section(r); !strings.HasPrefix(out, "to close a command") || strings.Contains(out, "a setting") {
		t.Errorf("one closes all: %s", out)
	}
	for i := range r.Cells[1:] {
		r.Cells[1+i].Remedies = nil
	}
	want := "to close a setting for t0 alone, of these 20 to close a command for t0 alone, of these 20"
	if out := section(r); !strings.HasPrefix(out, want) {
		t.Errorf("each closes one: %s", out)
	}
}

// folded is an answer with one source and so many published ports, all open.
func folded(n int) *report.Reach {
	r := &report.Reach{Sources: []report.ReachSource{{ID: 1, Kind: matrix.Network, Name: "lan"}}}
	for i := range n {
		r.Targets = append(r.Targets, report.ReachTarget{ID: i + 1, Kind: matrix.Published, Name: fmt.Sprintf("t%d", i)})
		r.Cells = append(r.Cells, report.ReachCell{Source: 1, Target: i + 1, Verdict: filter.Open})
	}
	return r
}
