package report

import (
	"fmt"
	"slices"

	"seawall/confinement"
	"seawall/lang"
	"seawall/report/page"
	"seawall/rule"
	"seawall/snapshot"
)

// unseen counts what could not be read.
type unseen struct{ missed int }

func (u *unseen) Saw(snapshot.Origin, any)             {}
func (u *unseen) Missed(snapshot.Origin, snapshot.Gap) { u.missed++ }
func (u *unseen) Stop()                                {}
func (u *unseen) Heeds() bool                          { return false }

// containers are those of the snapshot; those that are alike in all that is shown, and in
// the rules that they fail, are one.
func (h *htmlReport) containers() []page.Container {
	failed, reached := map[[2]string][]string{}, h.reachedBy()
	for i := range h.report.Results {
		if x := &h.report.Results[i]; x.Finding() && x.Subject.Kind == rule.KindContainer {
			key := [2]string{x.Subject.Engine, x.Subject.Name}
			failed[key] = append(failed[key], severityWord(x.Severity)+": "+h.ruleTitle(x.Rule))
		}
	}
	var out []page.Container
	at := map[string]int{}
	eachContainer(h.report.Snapshot, func(e *snapshot.Engine, c *snapshot.Container) {
		next := confined(&h.report.Snapshot.Host, e, c)
		next.Fails, next.ReachedBy = failed[[2]string{e.Name, c.Name}], reached[[2]string{e.Name, c.Name}]
		next.Findings = len(next.Fails)
		name := shownName(rule.Subject{Kind: rule.KindContainer, Engine: e.Name, Name: c.Name}, h.engines)
		key := fmt.Sprintf("%q", []any{next.Image, next.Cells, next.Capabilities, next.Facts, next.Fails, next.ReachedBy})
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			next.ID = fmt.Sprintf("container-%d", i+1)
			out = append(out, next)
		}
		out[i].Names = append(out[i].Names, clean(name))
	})
	slices.SortStableFunc(out, func(a, b page.Container) int { return b.Findings - a.Findings })
	return out
}

func (h *htmlReport) ruleTitle(id string) string { return titleOf(id, h.lookup) }

// titleOf is the title of a rule; of one that the book does not hold, its id.
func titleOf(id string, lookup Lookup) string {
	r, err := lookup(id)
	if err != nil {
		return clean(id)
	}
	return clean(r.Title)
}

// confined is how a container is confined, with how each is to be taken.
func confined(host *snapshot.Host, e *snapshot.Engine, c *snapshot.Container) page.Container {
	out := page.Container{Image: clean(value(c.Image))}
	out.Cells = []page.Value{
		userCell(e, c), yesNo(c.Privileged, page.Bad, page.Good),
		guardCell(func(w *unseen) confinement.Guard { return confinement.Seccomp(w, e, c) }),
		lsmCell(host, e, c),
		guardCell(func(w *unseen) confinement.Guard { return confinement.NoNewPrivileges(w, e, c) }),
		rootfsCell(c), networkCell(c), publishedCell(c),
	}
	w := &unseen{}
	caps := confinement.CapabilitiesOf(w, c)
	held := caps.Asked
	if caps.Kernel {
		held = caps.Bounding
	}
	beyond := (held &^ snapshot.DefaultCaps).Names()
	for _, name := range held.Names() {
		out.Capabilities = append(out.Capabilities, page.Capability{Name: name, Added: slices.Contains(beyond, name)})
	}
	out.Held = itoa(len(out.Capabilities))
	switch known := caps.Kernel || caps.Complete; {
	case !known && held == 0:
		out.Held = "?"
	case !known:
		out.Held = lang.Sprintf("%s or more", out.Held)
	}
	fact := func(name string, values ...string) {
		if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) > 0 {
			out.Facts = append(out.Facts, page.Fact{Name: name, Values: cleanAll(values)})
		}
	}
	fact(lang.T("state"), value(c.State))
	fact(lang.T("mounts"), mountTexts(c)...)
	devices, known := c.Devices.Peek()
	if !known {
		fact(lang.T("device"), "?")
	}
	for _, d := range devices {
		fact(lang.T("device"), valueText(d))
	}
	for _, n := range []struct {
		name string
		mode snapshot.Fact[string]
	}{{lang.T("PID namespace"), c.PidMode}, {lang.T("IPC namespace"), c.IpcMode}, {lang.T("UTS namespace"), c.UTSMode}, {lang.T("user namespace"), c.UsernsMode}, {lang.T("cgroup namespace"), c.CgroupnsMode}} {
		if mode := value(n.mode); mode != "" && mode != "private" && mode != "shareable" {
			fact(n.name, mode)
		}
	}
	var networks []string
	endpoints, known := c.Networks.Peek()
	if !known {
		networks = []string{"?"}
	}
	for _, n := range endpoints {
		networks = append(networks, n.Network)
	}
	fact(lang.T("networks"), networks...)
	groups, known := c.GroupAdd.Peek()
	if !known {
		groups = []string{"?"}
	}
	fact(lang.T("groups"), groups...)
	if policy := value(c.RestartPolicy); policy != "no" {
		fact(lang.T("restart"), policy)
	}
	return out
}

// value is that of a fact; "?" if it is not known.
func value(f snapshot.Fact[string]) string {
	v, known := f.Peek()
	if !known && f.State() != snapshot.Absent {
		return "?"
	}
	return v
}

func yesNo(f snapshot.Fact[bool], yes, no page.Tone) page.Value {
	switch v, known := f.Peek(); {
	case !known:
		return page.Value{Text: "?"}
	case v:
		return page.Value{Text: lang.T("yes"), Tone: yes}
	}
	return page.Value{Text: lang.T("no"), Tone: no}
}

func userCell(e *snapshot.Engine, c *snapshot.Container) page.Value {
	u := confinement.UserOf(&unseen{}, e, c)
	switch {
	case !u.Known:
		return page.Value{Text: "?"}
	case u.Root && confinement.Confined(e, c) != "":
		return page.Value{Text: lang.T("root, mapped")}
	case u.Root:
		return page.Value{Text: "root", Tone: page.Warn}
	}
	return page.Value{Text: clean(u.Name), Tone: page.Good}
}

func guardCell(ask func(*unseen) confinement.Guard) page.Value {
	w := &unseen{}
	switch g := ask(w); {
	case g.Off:
		return page.Value{Text: lang.C("confinement", "off"), Tone: page.Bad}
	case w.missed > 0:
		return page.Value{Text: "?"}
	}
	return page.Value{Text: lang.C("confinement", "on"), Tone: page.Good}
}

// lsmCell is the security module that confines the container.
func lsmCell(host *snapshot.Host, e *snapshot.Engine, c *snapshot.Container) page.Value {
	w := &unseen{}
	if has, known := confinement.HasSELinux(w, host); has && known {
		v := guardCell(func(w *unseen) confinement.Guard { return confinement.SELinux(w, e, c) })
		v.Text = lang.Sprintf("SELinux %s", v.Text)
		return v
	}
	has, known := confinement.HasAppArmor(w, host, e)
	switch {
	case !known:
		return page.Value{Text: "?"}
	case !has:
		return page.Value{Text: lang.T("none"), Tone: page.Warn}
	}
	v := guardCell(func(w *unseen) confinement.Guard { return confinement.AppArmor(w, e, c) })
	v.Text = lang.Sprintf("AppArmor %s", v.Text)
	return v
}

func rootfsCell(c *snapshot.Container) page.Value {
	switch readOnly, known := c.ReadonlyRootfs.Peek(); {
	case !known:
		return page.Value{Text: "?"}
	case readOnly:
		return page.Value{Text: lang.T("read-only"), Tone: page.Good}
	}
	return page.Value{Text: lang.T("writable")}
}

func networkCell(c *snapshot.Container) page.Value {
	mode := clean(value(c.NetworkMode))
	switch {
	case mode == "host":
		return page.Value{Text: lang.T("host"), Tone: page.Bad}
	case mode == "none":
		return page.Value{Text: lang.T("none"), Tone: page.Good}
	case mode == "" || mode == "default" || mode == "bridge":
		return page.Value{Text: lang.T("default bridge")}
	}
	return page.Value{Text: mode}
}

func publishedCell(c *snapshot.Container) page.Value {
	ports, known := c.Ports.Peek()
	if !known {
		return page.Value{Text: "?"}
	}
	var out []string
	tone := page.Tone("")
	for i := range ports {
		p := &ports[i]
		if p.HostPort == "" {
			continue
		}
		at := p.HostIP
		if p.Any() {
			at, tone = lang.T("all"), page.Warn
		}
		if text := at + ":" + p.HostPort; !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return page.Value{Text: lang.C("ports", "none")}
	}
	return page.Value{Text: clean(lang.Comma(atMost(out, 4))), Tone: tone}
}

func mountTexts(c *snapshot.Container) []string {
	mounts, known := c.Mounts.Peek()
	if !known {
		return []string{"?"}
	}
	var out []string
	for _, m := range mounts {
		text := m.Type + " " + m.Source + m.Volume + " → " + m.Destination
		if m.ReadOnly {
			text = lang.Sprintf("%s (read-only)", text)
		}
		out = append(out, text)
	}
	return out
}
