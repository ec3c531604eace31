package fix

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// settle makes the changes of units, as many as can be kept.
func (r *run) settle(ctx context.Context, now *state, units []unit) (*state, []unit, error) {
	if len(units) == 0 {
		return now, nil, ctx.Err()
	}
	lists := make([][]step, len(units))
	for i := range units {
		lists[i] = units[i].steps()
	}
	files, failed, err := makeChanges(now.files, lists)
	if err != nil && len(units) > 1 {
		return r.halves(ctx, now, units)
	}
	if err != nil {
		failed = map[int]error{0: err}
	}
	if len(failed) > 0 {
		var rest []unit
		for i := range units {
			if err := failed[i]; err != nil {
				r.refuse(&units[i], err.Error())
				continue
			}
			rest = append(rest, units[i])
		}
		return r.settle(ctx, now, rest)
	}
	after, why := r.check(ctx, now, files, units)
	if why == "" {
		return r.keep(ctx, now, after, units)
	}
	if len(units) > 1 {
		return r.halves(ctx, now, units)
	}
	r.refuse(&units[0], why)
	return now, nil, ctx.Err()
}

// halves settles one half of the units after the other.
func (r *run) halves(ctx context.Context, now *state, units []unit) (*state, []unit, error) {
	middle := len(units) / 2
	now, first, err := r.settle(ctx, now, units[:middle])
	if err != nil {
		return nil, nil, err
	}
	now, second, err := r.settle(ctx, now, units[middle:])
	return now, append(first, second...), err
}

// keep takes changes that do no harm. Those that mend nothing are refused, and the others
// made without them.
func (r *run) keep(ctx context.Context, now, after *state, units []unit) (*state, []unit, error) {
	fails := failingOf(after.results)
	var useful []unit
	for i := range units {
		if u := &units[i]; fails.has(&u.result) {
			r.refuse(u, lang.Sprintf("the rule would fail all the same: %s", fails[key(&u.result)]))
			continue
		}
		useful = append(useful, units[i])
	}
	if len(useful) < len(units) {
		return r.settle(ctx, now, useful)
	}
	return after, units, nil
}

// check judges files that were changed, and says what speaks against them.
func (r *run) check(ctx context.Context, before *state, files []composefile.File, units []unit) (*state, string) {
	after, err := r.look(ctx, files)
	if err != nil {
		return nil, lang.Sprintf("the file would not load: %s", err)
	}
	// Compose tells of one fault at a time, and not always of the same.
	if n := len(before.project.Warnings); len(after.project.Warnings) > n {
		return nil, lang.Sprintf("Compose would refuse the file: %s", after.project.Warnings[n])
	}
	if len(after.containers) != len(before.containers) {
		return nil, lang.T("it would declare other services")
	}
	may := map[string][]string{}
	for i := range units {
		for _, e := range units[i].rule.Fix.Edits.Do {
			top, _, _ := strings.Cut(e.Part, ".")
			may[units[i].service()] = append(may[units[i].service()], composefile.Decides(top)...)
		}
	}
	for service, was := range before.containers {
		is := after.containers[service]
		if is == nil {
			return nil, lang.T("it would declare other services")
		}
		if why := unexpected(service, was, is, may[service]); why != "" {
			return nil, why
		}
	}
	if why := others(before.project, after.project, may); why != "" {
		return nil, why
	}
	return after, worse(before, after, units)
}

// unexpected says which fact of a service changed that may not.
func unexpected(service string, was, is *snapshot.Container, may []string) string {
	old, text := factsOf(was), ""
	for fact, value := range factsOf(is) {
		if old[fact] != value && !slices.Contains(may, fact) && (text == "" || fact < text) {
			text = fact
		}
	}
	if text != "" {
		return lang.Sprintf("it would change service %s, too (%s)", service, text)
	}
	if at := twice(is); at != "" && twice(was) == "" {
		return lang.Sprintf("two mounts would be at %s", at)
	}
	return ""
}

// factsOf are the values of a container's facts.
func factsOf(c *snapshot.Container) map[string]string {
	out := map[string]string{}
	snapshot.Walk(c, func(path string, f snapshot.AnyFact) {
		text, err := json.Marshal(snapshot.Inside(f).Interface())
		if err != nil {
			text = []byte(err.Error())
		}
		out[path] = fmt.Sprint(f.State(), string(text), f.Gap().Detail)
	})
	return out
}

// twice is where a container has more than one mount; "" if nowhere.
func twice(c *snapshot.Container) string {
	mounts, _ := c.Mounts.Peek()
	seen := map[string]bool{}
	for _, m := range mounts {
		if seen[m.Destination] {
			return m.Destination
		}
		seen[m.Destination] = true
	}
	return ""
}

// others says which service changed without being meant to.
func others(before, after *composefile.Project, may map[string][]string) string {
	was := map[string]string{}
	for _, c := range before.Creates {
		was[c.Service] = createText(c)
	}
	for _, c := range after.Creates {
		if may[c.Service] == nil && was[c.Service] != createText(c) {
			return lang.Sprintf("it would change service %s, too", c.Service)
		}
	}
	return ""
}

func createText(c composefile.Create) string {
	text, err := json.Marshal(c)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// worse says which rule fails that did not before. One that was not to be asked before
// is no harm: what kept it from that is gone. Nor is one that weighs less than each
// finding that is mended.
func worse(before, after *state, units []unit) string {
	was := map[string]rule.Verdict{}
	for i := range before.results {
		was[key(&before.results[i])] = before.results[i].Verdict
	}
	least := rule.Critical
	for i := range units {
		least = min(least, units[i].result.Severity)
	}
	for i := range after.results {
		x := &after.results[i]
		if v := was[key(x)]; x.Verdict == rule.Failed && x.Severity >= least && (v == rule.Passed || v == rule.Unknown) {
			return lang.Sprintf("%s would fail of %s: %s", x.Rule, x.Subject.Name, x.Message)
		}
	}
	return ""
}
