package fix

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"seawall/composeedit"
	"seawall/lang"
	"seawall/rule"
	"seawall/source/composefile"
)

// step is one change of the files.
type step func(*composeedit.Files) error

// steps are the changes that mend a finding.
func (u *unit) steps() []step {
	var out []step
	for _, e := range u.rule.Fix.Edits.Do {
		out = append(out, u.step(e))
	}
	return out
}

func (u *unit) step(e rule.Edit) step {
	service := u.service()
	return func(f *composeedit.Files) error {
		switch e.Kind {
		case rule.EditSet:
			return f.Set(service, e.Part, e.Value)
		case rule.EditAdd:
			return f.Add(service, e.Part, e.Value)
		}
		var entries []composeedit.Entry
		for _, entry := range f.Entries(service, e.Part) {
			if u.isAtFault(e, entry) {
				entries = append(entries, entry)
			}
		}
		if e.Kind == rule.EditDrop {
			return f.Drop(entries)
		}
		return f.Rewrite(entries, e.Short, e.Field, e.Value)
	}
}

func (u *unit) isAtFault(e rule.Edit, entry composeedit.Entry) bool {
	if e.AtFault != nil {
		return e.AtFault(entry.Text)
	}
	return u.atFault[e.Part+" "+entry.ID]
}

// describe notes in words what units change in files.
func describe(files []composefile.File, units []unit) error {
	f, err := composeedit.Read(files)
	if err != nil {
		return err
	}
	for i := range units {
		u := &units[i]
		u.words = nil
		for _, e := range u.rule.Fix.Edits.Do {
			u.words = append(u.words, u.wordsOf(f, e)...)
		}
	}
	return nil
}

// wordsOf says what an edit changes; nothing, if there is nothing that it concerns.
func (u *unit) wordsOf(f *composeedit.Files, e rule.Edit) []string {
	entries := f.Entries(u.service(), e.Part)
	switch e.Kind {
	case rule.EditSet:
		return []string{e.Part + ": " + e.Value}
	case rule.EditAdd:
		if slices.ContainsFunc(entries, func(x composeedit.Entry) bool { return x.Text == e.Value }) {
			return nil
		}
		return []string{lang.Sprintf("%s: with %s", e.Part, e.Value)}
	}
	var texts []string
	for _, x := range entries {
		if u.isAtFault(e, x) {
			texts = append(texts, cmp.Or(x.Text, strings.Join(strings.Fields(x.ID), " ")))
		}
	}
	switch {
	case len(texts) == 0:
		return nil
	case e.Kind == rule.EditRewrite:
		return []string{e.Part + ": " + lang.T(e.Means) + ": " + lang.Comma(texts)}
	}
	return []string{lang.Sprintf("%s: without %s", e.Part, lang.Comma(texts))}
}

// byTrial are the edits for which trials tell what is at fault.
func byTrial(r *rule.Rule) []rule.Edit {
	var out []rule.Edit
	for _, e := range r.Fix.Edits.Do {
		if (e.Kind == rule.EditDrop || e.Kind == rule.EditRewrite) && e.AtFault == nil {
			out = append(out, e)
		}
	}
	return out
}

// makeChanges makes changes: those of one list of steps in their order, the files being read
// anew where changes build on others. The error is that of files that cannot be read;
// failed are those lists that came to an error, and why.
func makeChanges(files []composefile.File, lists [][]step) (out []composefile.File, failed map[int]error, err error) {
	next := make([]int, len(lists))
	failed = map[int]error{}
	for {
		f, err := composeedit.Read(files)
		if err != nil {
			return nil, nil, err
		}
		waiting := false
		for i, list := range lists {
			for failed[i] == nil && next[i] < len(list) {
				err := list[next[i]](f)
				if errors.Is(err, composeedit.ErrTouched) {
					waiting = true
					break
				}
				if err != nil {
					failed[i] = err
					break
				}
				next[i]++
			}
		}
		if waiting && len(f.Changes()) == 0 {
			return nil, nil, lang.Errorf("%s: changes wait for each other", files[0].Name)
		}
		files = f.Apply()
		if !waiting {
			return files, failed, nil
		}
	}
}

// maxElements is up to how many elements of a service are tried one by one.
const maxElements = 64

// blame finds out which elements of services are at fault: those with each of which
// alone, of all that the rule would take out, it still fails. What cannot be mended so
// is refused.
func (r *run) blame(ctx context.Context, now *state, units []unit) ([]unit, error) {
	groups := map[string][]int{}
	var order []string
	for i := range units {
		edits := byTrial(units[i].rule)
		if len(edits) == 0 {
			continue
		}
		var name strings.Builder
		for _, e := range units[i].rule.Fix.Edits.Do {
			name.WriteString(e.String() + "\n")
		}
		if groups[name.String()] == nil {
			order = append(order, name.String())
		}
		groups[name.String()] = append(groups[name.String()], i)
	}
	for _, name := range order {
		if err := r.try(ctx, now, units, groups[name]); err != nil {
			return nil, err
		}
	}
	var out []unit
	for i := range units {
		if _, has := r.refused[key(&units[i].result)]; !has {
			out = append(out, units[i])
		}
	}
	return out, nil
}

// candidate is an element that may be at fault.
type candidate struct{ part, id string }

func (c candidate) key() string { return c.part + " " + c.id }

// try finds what is at fault in the services of units whose rules change the same parts.
func (r *run) try(ctx context.Context, now *state, units []unit, group []int) error {
	f, err := composeedit.Read(now.files)
	if err != nil {
		return err
	}
	t := &trials{run: r, now: now}
	most := 0
	for _, i := range group {
		t.add(f, &units[i])
		most = max(most, min(len(t.candidates[units[i].service()]), maxElements))
	}
	none, err := t.judge(ctx, -1)
	if err != nil {
		return err
	}
	for _, u := range t.units {
		list := t.candidates[u.service()]
		switch message, fails := none[key(&u.result)]; {
		case len(list) == 0 && len(byTrial(u.rule)) == len(u.rule.Fix.Edits.Do):
			r.refuse(u, lang.T("the files have nothing at the service that the fix takes out: it comes from elsewhere"))
		case fails:
			r.refuse(u, lang.Sprintf("the rule would fail all the same: %s", message))
		case len(list) > maxElements:
			r.refuse(u, lang.Sprintf("it has more than %d elements to try", maxElements))
		}
	}
	for n := range most {
		fails, err := t.judge(ctx, n)
		if err != nil {
			return err
		}
		for _, u := range t.units {
			if list := t.candidates[u.service()]; n < len(list) && fails.has(&u.result) {
				u.atFault[list[n].key()] = true
			}
		}
	}
	for _, u := range t.units {
		if len(u.atFault) == 0 && len(byTrial(u.rule)) == len(u.rule.Fix.Edits.Do) {
			r.refuse(u, lang.T("no element is at fault alone, but several together"))
		}
	}
	return nil
}

// refuse notes why a finding cannot be mended; the first reason counts.
func (r *run) refuse(u *unit, why string) {
	if _, has := r.refused[key(&u.result)]; !has {
		r.refused[key(&u.result)] = why
	}
}

// trials are judgements of files that lack some elements.
type trials struct {
	run        *run
	now        *state
	units      []*unit
	rules      []*rule.Rule
	services   []*unit                // the first unit of each service
	candidates map[string][]candidate // by service
}

func (t *trials) add(f *composeedit.Files, u *unit) {
	u.atFault = map[string]bool{}
	t.units = append(t.units, u)
	if !slices.Contains(t.rules, u.rule) {
		t.rules = append(t.rules, u.rule)
	}
	if _, has := t.candidates[u.service()]; has {
		return
	}
	if t.candidates == nil {
		t.candidates = map[string][]candidate{}
	}
	t.services = append(t.services, u)
	t.candidates[u.service()] = candidatesOf(f, u)
}

// failing are the messages of findings, by their keys.
type failing map[string]string

func (f failing) has(x *rule.Result) bool { _, has := f[key(x)]; return has }

func failingOf(results []rule.Result) failing {
	out := failing{}
	for i := range results {
		if x := &results[i]; x.Verdict == rule.Failed {
			out[key(x)] = x.Message
		}
	}
	return out
}

// judge judges the files without all candidates but the n-th of each service, -1 without
// any.
func (t *trials) judge(ctx context.Context, n int) (failing, error) {
	lists := make([][]step, len(t.services))
	for i, u := range t.services {
		lists[i] = without(u, t.candidates[u.service()], n)
	}
	files, failed, err := makeChanges(t.now.files, lists)
	if err != nil {
		for _, u := range t.units {
			t.run.refuse(u, err.Error())
		}
		return failing{}, ctx.Err()
	}
	for _, u := range t.units {
		for i, err := range failed {
			if t.services[i].service() == u.service() {
				t.run.refuse(u, err.Error())
			}
		}
	}
	s, err := t.run.load(ctx, files)
	if err != nil {
		// Nothing is known then; the changes are refused when they are made themselves.
		return failing{}, ctx.Err()
	}
	return failingOf(t.run.Judge(s.project, t.rules)), nil
}

// candidatesOf are the elements of a service that may be at fault; those that say the
// same are one.
func candidatesOf(f *composeedit.Files, u *unit) []candidate {
	var out []candidate
	seen := map[candidate]bool{}
	for _, e := range byTrial(u.rule) {
		for _, entry := range f.Entries(u.service(), e.Part) {
			if c := (candidate{e.Part, entry.ID}); !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// without are the steps that take all candidates but the n-th out of a service, and make
// the other changes of its rule.
func without(u *unit, all []candidate, n int) []step {
	out := make([]step, 0, len(u.rule.Fix.Edits.Do))
	for _, e := range u.rule.Fix.Edits.Do {
		if (e.Kind != rule.EditDrop && e.Kind != rule.EditRewrite) || e.AtFault != nil {
			out = append(out, u.step(e))
			continue
		}
		gone := map[string]bool{}
		for i, c := range all {
			if i != n && c.part == e.Part {
				gone[c.id] = true
			}
		}
		out = append(out, func(f *composeedit.Files) error {
			var entries []composeedit.Entry
			for _, entry := range f.Entries(u.service(), e.Part) {
				if gone[entry.ID] {
					entries = append(entries, entry)
				}
			}
			return f.Drop(entries)
		})
	}
	return out
}
