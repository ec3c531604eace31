package matrix

// defaults say what becomes of connections from outside to a port that no rule is
// for.
func (j *judge) defaults() {
	for _, t := range j.targets(OtherHost) {
		for _, f := range families {
			j.defaultsOf(t, f.name, f.ipv6)
		}
	}
}

// defaultsOf says it of a family. Sources that meet the same end are one sentence.
func (j *judge) defaultsOf(target int, family string, ipv6 bool) {
	known := map[string]int{} // by what is said of them, in out
	for _, i := range j.outside() {
		ways := j.m.Cells[i][target].waysOf(ipv6)
		for _, w := range ways {
			verdict, name := j.judgement(w), j.m.Sources[i].Name
			if j.mixed(ways) {
				name = "a part of " + name
			}
			key := string(verdict) + j.reason(w)
			at, ok := known[key]
			if !ok {
				at = len(j.out)
				known[key] = at
				j.say(Policy{Topic: Defaults, Family: family, Verdict: verdict, Rule: j.decider(w), Words: j.reason(w)})
			}
			if p := &j.out[at]; len(p.Sources) == 0 || p.Sources[len(p.Sources)-1] != name {
				p.Sources = append(p.Sources, name)
			}
		}
	}
	for _, at := range known {
		j.out[at].Words = "Over " + family + ", connections from " + names(j.out[at].Sources) + " to any other port of " + j.space + how(j.out[at].Verdict, j.out[at].Words)
	}
}

// mixed says whether ways of a cell are judged differently.
func (j *judge) mixed(ways []*Way) bool {
	for _, w := range ways {
		if j.judgement(w) != j.judgement(ways[0]) {
			return true
		}
	}
	return false
}

// how ends a sentence about connections.
func how(verdict Judgement, reason string) string {
	switch verdict {
	case LetIn:
		return " are let in: " + reason + "."
	case Stopped:
		return " are stopped: " + reason + "."
	}
	return " may get in or not: " + reason + "."
}

// families say where IPv4 and IPv6 are judged differently.
func (j *judge) families() {
	compared, unknown := false, false
	for _, kind := range []TargetKind{OtherHost, API, Published} {
		for _, t := range j.targets(kind) {
			c, u := j.compare(t)
			compared, unknown = compared || c, unknown || u
		}
	}
	different := false
	for _, p := range j.out {
		different = different || p.Topic == Families
	}
	switch {
	case different || !compared:
	case unknown:
		j.say(Policy{Topic: Families, Verdict: NotKnown, Words: "Whether " + j.space + " lets in the same over IPv4 and IPv6 is not known in full; no difference was found."})
	default:
		j.say(Policy{Topic: Families, Verdict: Same, Words: capital(j.space) + " lets in the same over IPv4 and IPv6."})
	}
}

// compare sets the families side by side for a target that has addresses of both.
func (j *judge) compare(target int) (compared, unknown bool) {
	t := j.m.Targets[target].Name
	known := map[string]int{} // by what is said, in out
	for _, i := range j.outside() {
		four, by4 := j.summary(j.m.Cells[i][target].waysOf(false))
		six, by6 := j.summary(j.m.Cells[i][target].waysOf(true))
		switch {
		case by4 == nil || by6 == nil:
			continue
		case four == NotKnown || six == NotKnown:
			unknown = true
		case four == LetIn && six == Stopped:
			j.differ(known, j.m.Sources[i].Name, Policy{Target: t, Family: "IPv4", Rule: j.decider(by4), Words: ", over IPv6 it is stopped: " + j.reason(by6)})
		case four == Stopped && six == LetIn:
			j.differ(known, j.m.Sources[i].Name, Policy{Target: t, Family: "IPv6", Rule: j.decider(by6), Words: ", over IPv4 it is stopped: " + j.reason(by4)})
		}
		compared = true
	}
	for _, at := range known {
		p := &j.out[at]
		p.Words = "Over " + p.Family + ", " + t + " is let in from " + names(p.Sources) + p.Words + "."
	}
	return compared, unknown
}

// differ notes a source for which the families differ: several are one sentence.
func (j *judge) differ(known map[string]int, source string, p Policy) {
	key := p.Family + p.Words
	at, ok := known[key]
	if !ok {
		at = len(j.out)
		known[key] = at
		p.Topic, p.Verdict = Families, Different
		j.say(p)
	}
	j.out[at].Sources = append(j.out[at].Sources, source)
}
