package filter_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"go4.org/netipx"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// packet is one packet of one connection over TCP, which a simple evaluator
// leads through the rules as they are written: one sender, each condition true
// or false. A condition that is not understood is as the oracle says, each time
// anew.
type packet struct {
	pf     snapshot.PacketFilter
	router host
	oracle func() bool

	reply, loop      bool
	hook, in, out    string
	prio             int // of the chain of the hook
	src, dst         netip.AddrPort
	asked            netip.AddrPort
	sender           netip.AddrPort
	mark, conn       uint32
	ct               string // "new", "established", "invalid" or "untracked"
	dnat, snat, done bool
	remarked         bool
	carried          bool // it bears the translated source
	strange          bool // outside of what is compared
}

// outcomes are all that can become of a connection, by what the oracle says.
func outcomes(pf snapshot.PacketFilter, r host, in string, src, dst netip.AddrPort) []string {
	var out []string
	script := []bool{}
	for range 5000 {
		asked := 0
		p := &packet{pf: pf, router: r, in: in, dst: dst, asked: dst, src: src, sender: src, ct: "new"}
		p.oracle = func() bool {
			if asked == len(script) {
				script = append(script, false)
			}
			asked++
			return script[asked-1]
		}
		end := p.connect()
		if p.strange {
			return nil
		}
		if !slices.Contains(out, end) {
			out = append(out, end)
		}
		script = script[:asked] // count on to the next script
		for len(script) > 0 && script[len(script)-1] {
			script = script[:len(script)-1]
		}
		if len(script) == 0 {
			return out
		}
		script[len(script)-1] = true
	}
	return nil
}

func (p *packet) connect() string {
	in := p.in
	if in == "" {
		if !p.send() {
			return "blocked"
		}
	} else if !p.receive() {
		return "blocked"
	}
	to, local, out := p.dst, p.out == "", p.out
	if out == in && in != "" && !p.snat {
		p.strange = true
	}
	p.reply, p.loop, p.mark, p.in, p.out, p.carried = true, false, 0, out, "", p.snat
	p.src, p.dst = p.dst, p.src
	switch p.ct {
	case "new":
		p.ct = "established"
	case "untracked":
		p.ct = "invalid"
	}
	ok := false
	if local {
		ok = p.send()
	} else {
		ok = p.receive()
	}
	if !ok {
		return "blocked"
	}
	return fmt.Sprintf("open %s %t %s", to, local, out)
}

// receive: out is "" after it if the packet is for the host.
func (p *packet) receive() bool {
	if !p.pass("prerouting") {
		return false
	}
	a := p.router.Route(filter.Question{In: p.in, Source: p.src.Addr(), Destination: p.dst.Addr(), Mark: filter.Mark{Value: p.mark, Known: ^uint32(0)}})
	switch a.Kind {
	case filter.Refused:
		return false
	case filter.Local:
		return p.pass("input")
	}
	p.out = a.Out
	return p.pass("forward") && p.pass("postrouting")
}

func (p *packet) send() bool {
	route := func() bool {
		a := p.router.Route(filter.Question{Source: p.src.Addr(), Destination: p.dst.Addr(), Mark: filter.Mark{Value: p.mark, Known: ^uint32(0)}})
		if p.out = a.Out; a.Kind == filter.Local {
			p.out = "lo"
		}
		return a.Kind != filter.Refused
	}
	if !route() {
		return false
	}
	was := p.dst.Addr()
	if !p.pass("output") || (p.remarked || was != p.dst.Addr()) && !route() || !p.pass("postrouting") {
		return false
	}
	if p.out != "lo" {
		return true
	}
	p.in, p.out, p.loop = "lo", "", true
	return p.pass("prerouting") && p.pass("input")
}

// pass leads the packet through a hook.
func (p *packet) pass(hook string) bool {
	p.hook = hook
	type visit struct {
		order int
		pass  func() bool
	}
	var visits []visit
	at := 100
	if hook == "prerouting" || hook == "output" {
		at = -100
	}
	if hook != "forward" {
		visits = append(visits, visit{10*at - 1, func() bool { return p.translate(at) }})
	}
	p.chains(hook, false, func(t *snapshot.FilterTable, c *snapshot.FilterChain) {
		visits = append(visits, visit{10 * c.Priority, func() bool { return p.base(t, c, c.Priority) }})
	})
	slices.SortStableFunc(visits, func(a, b visit) int { return a.order - b.order })
	for _, v := range visits {
		if !v.pass() {
			return false
		}
	}
	return true
}

func (p *packet) chains(hook string, nat bool, do func(*snapshot.FilterTable, *snapshot.FilterChain)) {
	for i := range p.pf.Tables {
		t := &p.pf.Tables[i]
		for j := range t.Chains {
			if c := &t.Chains[j]; c.Hook == hook && (c.Type == "nat") == nat && t.Family != "ip6" {
				do(t, c)
			}
		}
	}
}

func (p *packet) translate(at int) bool {
	switch {
	case p.loop:
		return true
	case p.reply && p.ct == "established":
		if at < 0 {
			p.dst, p.carried = p.sender, false
		} else {
			p.src = p.asked
		}
		return true
	case p.reply && (p.dnat || p.snat):
		p.strange = true
		return true
	case p.reply || p.ct != "new":
		return true
	}
	type nat struct {
		t *snapshot.FilterTable
		c *snapshot.FilterChain
	}
	var all []nat
	p.chains(p.hook, true, func(t *snapshot.FilterTable, c *snapshot.FilterChain) { all = append(all, nat{t, c}) })
	slices.SortFunc(all, func(a, b nat) int { return cmp.Compare(a.c.Priority, b.c.Priority) })
	p.done = false
	for _, n := range all {
		if !p.base(n.t, n.c, at) {
			return false
		}
		if p.done {
			break
		}
	}
	return true
}

func (p *packet) base(t *snapshot.FilterTable, c *snapshot.FilterChain, prio int) bool {
	p.prio = prio
	before := p.mark
	verdict := cmp.Or(p.chain(t, c), c.Policy, "accept")
	if p.mark != before && c.Type == "route" {
		p.remarked = true
	}
	return verdict == "accept"
}

// chain gives the verdict, or "" at the end of the chain.
func (p *packet) chain(t *snapshot.FilterTable, c *snapshot.FilterChain) string {
	for i := range c.Rules {
		verdict, to := p.rule(t, &c.Rules[i])
		switch verdict {
		case "accept", "drop":
			return verdict
		case "reject":
			return "drop"
		case "return":
			return ""
		case "jump", "goto":
			next := t.Chains[slices.IndexFunc(t.Chains, func(c snapshot.FilterChain) bool { return c.Name == to })]
			if v := p.chain(t, &next); v != "" || verdict == "goto" {
				return v
			}
		}
	}
	return ""
}

func (p *packet) rule(t *snapshot.FilterTable, r *snapshot.FilterRule) (verdict, to string) {
	for _, s := range r.Statements {
		switch {
		case s.Opaque != "":
			if !p.oracle() {
				return "continue", ""
			}
		case s.Match != nil:
			if !p.match(t, s.Match.Fields, s.Match.Not, s.Match.Values) {
				return "continue", ""
			}
		case s.Verdict != "":
			return s.Verdict, s.Chain
		case s.Lookup != nil:
			set := setOf(t, s.Lookup.Map)
			for i, e := range set.Elements {
				if p.match(t, s.Lookup.Fields, false, []string{e}) {
					return set.Verdicts[i].Verdict, set.Verdicts[i].Chain
				}
			}
			return "continue", ""
		case s.NoTrack:
			if p.prio <= -200 && !p.loop {
				p.ct = "untracked"
			}
		case s.NAT != nil:
			p.nat(s.NAT)
			return "accept", ""
		case s.Mark != nil:
			none := p.tracked() == "invalid" || p.tracked() == "untracked"
			if m := s.Mark; none && m.FromConn && t.Tool == "nft" {
				return "continue", ""
			} else if none && (m.Conn || m.FromConn || m.ToConn) {
				continue
			} else if m.FromConn {
				p.mark = p.mark&^m.Mask | p.conn&m.Mask
			} else if m.ToConn {
				p.conn = p.conn&^m.Mask | p.mark&m.Mask
			} else if m.Conn {
				p.conn = p.conn&^m.Mask | m.Value&m.Mask
			} else {
				p.mark = p.mark&^m.Mask | m.Value&m.Mask
			}
		}
	}
	return "continue", ""
}

func setOf(t *snapshot.FilterTable, name string) *snapshot.FilterSet {
	return &t.Sets[slices.IndexFunc(t.Sets, func(s snapshot.FilterSet) bool { return s.Name == name })]
}

func (p *packet) nat(n *snapshot.FilterNAT) {
	change := func(ap netip.AddrPort) netip.AddrPort {
		if n.Address != "" {
			ap = netip.AddrPortFrom(netip.MustParseAddr(n.Address), ap.Port())
		}
		if n.Port != 0 {
			ap = netip.AddrPortFrom(ap.Addr(), uint16(n.Port))
		}
		return ap
	}
	p.done = true
	was := p.dst
	switch n.Kind {
	case "dnat":
		p.dst = change(p.dst)
	case "redirect":
		to := "127.0.0.1"
		if p.hook == "prerouting" {
			to = p.router.Address(p.in, false).String()
		}
		p.dst = change(netip.AddrPortFrom(netip.MustParseAddr(to), p.dst.Port()))
	case "snat":
		p.snat, p.carried = true, true
		p.src = change(p.src)
	case "masquerade":
		p.snat, p.carried = true, true
		p.src = netip.AddrPortFrom(p.router.Address(p.out, false), p.src.Port())
	}
	p.dnat = p.dnat || p.dst != was
}

func (p *packet) tracked() string {
	if (p.hook == "prerouting" || p.hook == "output") && p.prio < -200 && !p.loop && p.ct != "untracked" {
		return "invalid"
	}
	return p.ct
}

func (p *packet) match(t *snapshot.FilterTable, fields []snapshot.FilterField, not bool, values []string) bool {
	found := false
	for _, v := range values {
		elements := []string{v}
		if name, ok := strings.CutPrefix(v, "@"); ok {
			elements = setOf(t, name).Elements
		}
		for _, e := range elements {
			parts := []string{e}
			if len(fields) > 1 {
				parts = strings.Split(e, " . ")
			}
			fits := true
			for i, f := range fields {
				fits = fits && p.is(f, parts[i])
			}
			found = found || fits
		}
	}
	for _, f := range fields {
		if strings.HasPrefix(string(f), "ct ") && f != snapshot.FieldState && (p.tracked() == "invalid" || p.tracked() == "untracked") {
			return false
		}
	}
	return found != not
}

func (p *packet) is(f snapshot.FilterField, text string) bool {
	name := func(s string) bool {
		if rest, ok := strings.CutSuffix(text, "*"); ok {
			return strings.HasPrefix(s, rest)
		}
		return s == text
	}
	number := func(n uint16) bool {
		lo, hi, ok := strings.Cut(text, "-")
		from, _ := strconv.Atoi(lo)
		to, _ := strconv.Atoi(hi)
		return ok && from <= int(n) && int(n) <= to || from == int(n)
	}
	address := func(ip netip.Addr) bool {
		if p, err := netip.ParsePrefix(text); err == nil {
			return p.Contains(ip)
		} else if r, err := netipx.ParseIPRange(text); err == nil {
			return r.Contains(ip)
		}
		return netip.MustParseAddr(text) == ip
	}
	mark := func(have uint32) bool {
		v, m, _ := strings.Cut(text, "/")
		value, _ := strconv.ParseUint(v, 0, 32)
		mask, _ := strconv.ParseUint(cmp.Or(m, "0xffffffff"), 0, 32)
		return have&uint32(mask) == uint32(value)
	}
	switch f {
	case snapshot.FieldIn:
		switch {
		case p.hook == "output":
			return name("")
		case p.hook == "postrouting" && p.in != "": // by the kernel's version
			return p.oracle()
		}
		return name(p.in)
	case snapshot.FieldOut:
		return name(p.out)
	case snapshot.FieldSource:
		return address(p.src.Addr())
	case snapshot.FieldDestination:
		return address(p.dst.Addr())
	case snapshot.FieldProtocol:
		return text == "tcp"
	case snapshot.FieldPort, snapshot.FieldSourcePort:
		switch {
		case p.reply == (f == snapshot.FieldPort) && p.carried: // translation may have changed it
			return p.oracle()
		case f == snapshot.FieldPort:
			return number(p.dst.Port())
		}
		return number(p.src.Port())
	case snapshot.FieldState:
		return p.tracked() == text
	case snapshot.FieldStatus:
		return text == "dnat" && p.dnat || text == "seen-reply" && p.reply
	case snapshot.FieldDirection:
		return (text == "reply") == p.reply
	case snapshot.FieldOrigDest:
		return address(p.asked.Addr())
	case snapshot.FieldOrigPort:
		return number(p.asked.Port())
	case snapshot.FieldMark:
		return mark(p.mark)
	case snapshot.FieldConnMark:
		return mark(p.conn)
	case snapshot.FieldSourceType:
		return p.router.Type(p.src.Addr()) == text
	case snapshot.FieldDestType:
		return p.router.Type(p.dst.Addr()) == text
	case snapshot.FieldFamily:
		return text == "ip"
	}
	panic(f)
}
