package cli

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"seawall/advice"
	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
	"seawall/source/engineapi"
	"seawall/source/livehost"
	"seawall/source/observe"
	"seawall/source/rehearse"
)

// How the first copy is set up.
func setUpNow() string   { return lang.T("as it is set up now") }
func asDeclared() string { return lang.T("as it is declared") }

// rehearsal tries one piece of advice.
type rehearsal struct {
	app    *app
	plan   *rehearse.Plan
	api    *engineapi.Changer
	advice *advice.Advice
	held   snapshot.CapSet // by the original
	window time.Duration   // in which system calls are recorded; 0: they are not
	check  rehearse.Check
	lister *livehost.Lister
	// look and learn make the advice of what the first copy is seen to use, where nothing
	// ran before; nil where there is advice already. look is called while the copy works.
	look  func(ctx context.Context, id string, seen *observation.Container) error
	learn func(seen *observation.Container)
}

// run tries the advice and changes it to what works. The error is ErrFails if nothing
// does.
func (r *rehearsal) run(ctx context.Context) error {
	if err := r.first(ctx); err != nil {
		return err
	}
	refused, err := r.try(ctx, lang.T("with what is advised"), r.settings())
	if err == nil || !errors.Is(err, rehearse.ErrFails) {
		r.verified(err)
		return err
	}
	var taken []step
	for _, back := range r.steps(refused) {
		if !back.applies() {
			continue
		}
		back.do()
		taken = append(taken, back)
		_, err = r.try(ctx, back.words, r.settings())
		switch {
		case err == nil:
			if err := r.restore(ctx, taken[:len(taken)-1]); err != nil {
				return err
			}
			err = r.reduce(ctx)
			r.verified(err)
			return err
		case !errors.Is(err, rehearse.ErrFails):
			return err
		}
	}
	r.remark(lang.Sprintf("no copy worked with less than the container has now: %s", err))
	return err
}

// first tries a copy without what is advised: that it works at all.
func (r *rehearsal) first(ctx context.Context) error {
	words := setUpNow()
	if r.plan.Declared {
		words = asDeclared()
	}
	seen, err := r.observed(ctx, words, nil, r.look)
	if r.learn != nil && (err == nil || errors.Is(err, rehearse.ErrFails)) {
		r.learn(seen)
	}
	switch {
	case !errors.Is(err, rehearse.ErrFails):
	case r.plan.Declared:
		r.remark(lang.Sprintf("nothing was verified: a copy does not work as it is declared: %s", err))
	default:
		r.remark(lang.Sprintf("nothing was verified: a copy does not work as the container is set up now, either: %s", err))
	}
	return err
}

// restore advises again what was taken back and was not the reason.
func (r *rehearsal) restore(ctx context.Context, taken []step) error {
	for _, s := range taken {
		if s.undo == nil {
			continue
		}
		s.undo()
		if _, err := r.try(ctx, lang.Sprintf("not %s, after all", s.words), r.settings()); err != nil {
			if !errors.Is(err, rehearse.ErrFails) {
				return err
			}
			s.do()
		}
	}
	return nil
}

// reduce takes out of the capabilities that were added those that the copy works without.
func (r *rehearsal) reduce(ctx context.Context) error {
	c := &r.advice.Capabilities
	for _, name := range c.Set().Names() {
		kept := c.Add
		c.Add = slices.DeleteFunc(slices.Clone(kept), func(x advice.Capability) bool { return x.Name == name && x.Cause == advice.Tried })
		if len(c.Add) == len(kept) {
			continue
		}
		if _, err := r.try(ctx, lang.Sprintf("without %s", name), r.settings()); err == nil {
			c.Idle |= snapshot.Caps(name)
			continue
		} else if !errors.Is(err, rehearse.ErrFails) {
			return err
		}
		c.Add = kept
	}
	return nil
}

// step takes some of the advice back.
type step struct {
	words   string
	applies func() bool
	do      func()
	undo    func() // nil: it is not to be undone as a whole
}

// steps are what to take back, one after the other: what was refused first, then the
// settings whose refusals are not seen.
func (r *rehearsal) steps(refused snapshot.CapSet) []step {
	a := r.advice
	back := refused & r.held &^ a.Capabilities.Set()
	withdraw := func(words string, s *advice.Setting) step {
		old := *s
		return step{words, s.Verdict.Advised, func() {
			*s = advice.Setting{Verdict: advice.Fails, Reasons: []string{lang.T("a copy did not work with it")}}
		}, func() { *s = old }}
	}
	return []step{
		{lang.Sprintf("with %s as well", back), func() bool { return back != 0 }, func() { a.Capabilities.AddTried(back) }, nil},
		withdraw(lang.T("without the seccomp profile"), &a.Seccomp.Setting),
		withdraw(lang.T("with a writable root file system"), &a.ReadOnly.Setting),
		withdraw(lang.T("without no-new-privileges"), &a.NoNewPrivileges),
		{lang.T("with all capabilities that it has"), func() bool { return r.held&^a.Capabilities.Set() != 0 }, func() { a.Capabilities.AddTried(r.held) }, nil},
	}
}

// verified notes that a copy works.
func (r *rehearsal) verified(err error) {
	if err != nil {
		return
	}
	how := lang.Sprintf("it still ran after %s", r.check.Within)
	switch {
	case r.check.Command != "":
		how = lang.Sprintf("it passed the check: %s", r.check.Command)
	case r.plan.Health:
		how = lang.T("its health check passed")
	}
	r.remark(lang.Sprintf("a copy without network and with fresh volumes worked with these settings: %s", how))
}

func (r *rehearsal) remark(text string) { r.advice.Remarks = append(r.advice.Remarks, text) }

// settings are those of the advice.
func (r *rehearsal) settings() *rehearse.Settings {
	a := r.advice
	s := &rehearse.Settings{
		NoNewPrivileges: a.NoNewPrivileges.Verdict == advice.Already || a.NoNewPrivileges.Verdict.Advised(),
		ReadOnly:        a.ReadOnly.Verdict.Advised(), Tmpfs: map[string]string{},
		CapAdd: (a.Capabilities.Set()).Names(),
	}
	if !a.Capabilities.Verdict.Advised() {
		s.CapAdd = r.held.Names()
	}
	for _, p := range a.ReadOnly.Places {
		if p.Tmpfs {
			s.Tmpfs[p.Path] = p.Options()
		} else {
			s.Volumes = append(s.Volumes, p.Path)
		}
	}
	if a.Pids.Verdict.Advised() {
		s.Pids = a.Pids.Value
	}
	if a.Seccomp.Profile != nil && a.Seccomp.Verdict.Advised() {
		profile, err := json.Marshal(a.Seccomp.Profile)
		if err == nil { // it holds nothing that cannot be written
			s.Seccomp = string(profile)
		}
	}
	return s
}

// try runs a copy and returns what it was refused.
func (r *rehearsal) try(ctx context.Context, words string, s *rehearse.Settings) (refused snapshot.CapSet, err error) {
	seen, err := r.observed(ctx, words, s, nil)
	if seen != nil {
		refused = seen.Refused()
	}
	return refused, err
}

// observed runs a copy under observation, if that is possible, and returns what was seen
// of it; nil if nothing was.
func (r *rehearsal) observed(ctx context.Context, words string, s *rehearse.Settings, look func(context.Context, string, *observation.Container) error) (seen *observation.Container, err error) {
	watch := r.watch(ctx)
	var here func(context.Context, string) error
	if look != nil {
		here = func(ctx context.Context, id string) error { return look(ctx, id, watch.seen()) }
	}
	err = r.plan.Run(ctx, r.api, s, r.check, here)
	seen = watch.stop()
	var refused snapshot.CapSet
	if seen != nil {
		refused = seen.Refused()
	}
	outcome := lang.T("works")
	if err != nil {
		outcome = err.Error()
	}
	if refused != 0 && err != nil {
		outcome = lang.Sprintf("%s; it asked for and was refused: %s", outcome, refused)
	}
	r.app.note("%s: %s", words, outcome)
	return seen, err
}

// copyWatch is the observation of a copy. Both functions tell what was seen of it, nil if
// nothing was; stop ends it.
type copyWatch struct{ seen, stop func() *observation.Container }

// watch observes the copy that will be started.
func (r *rehearsal) watch(ctx context.Context) copyWatch {
	none := func() *observation.Container { return nil }
	watcher, err := observe.Start(ctx, observe.Options{
		Names: []string{r.plan.Name}, Interval: 200 * time.Millisecond, SyscallWindow: r.window, Tool: Version,
		List: func(ctx context.Context) ([]observe.Known, error) { return runningNow(ctx, r.lister) },
	})
	if err != nil {
		r.app.note("what a copy is refused is not seen: %v", err)
		return copyWatch{none, none}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- watcher.Run(ctx, func(*observation.Observation) {}) }()
	seen := func() *observation.Container { return named(watcher.Observation(), r.plan.Name) }
	return copyWatch{seen, func() *observation.Container {
		cancel()
		if err := errors.Join(<-done, watcher.Close()); err != nil {
			r.app.note("what a copy is refused is not seen: %v", err)
			return nil
		}
		return seen()
	}}
}

// named is what was seen of the container of a name; nil if nothing was.
func named(o *observation.Observation, name string) *observation.Container {
	for i := range o.Containers {
		if o.Containers[i].Name == name {
			return &o.Containers[i]
		}
	}
	return nil
}
