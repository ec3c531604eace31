package advice

import (
	"seawall/lang"
	"seawall/observation"
)

// basis is what advice rests on that is drawn from an observation.
func basis(seen *observation.Container) Basis {
	if seen == nil {
		return Basis{
			Missing: []string{lang.T("it was not watched: 'seawall observe' sees what it uses")},
			Phases:  []Phase{},
		}
	}
	b := Basis{Observed: true, Watched: &seen.Watched}
	b.Level, b.Missing = seen.Confidence()
	if b.Missing == nil {
		b.Missing = []string{}
	}
	w := seen.Watched
	b.Phases = []Phase{
		phase("start", w.Starts, lang.Sprintf("%s, from the first instruction on", seenTimes(w.Starts)), lang.T("not seen")),
		phase("restart", w.Restarts(), seenTimes(w.Restarts()), lang.T("not seen: a container that finds its files there may need other things")),
		{"work", w.Seconds > 0, lang.Sprintf("%s of it", observation.Span(w.Seconds))},
		phase("stop", w.Ends, seenTimes(w.Ends), lang.T("not seen")),
	}
	return b
}

func phase(name string, n int, seen, not string) Phase {
	if n == 0 {
		return Phase{name, false, not}
	}
	return Phase{name, true, seen}
}

func seenTimes(n int) string {
	if n == 1 {
		return lang.T("seen once")
	}
	return lang.Sprintf("seen %d times", n)
}

// verdict is how far something can be trusted that no observation speaks against, and
// why no further.
func (b Basis) verdict() (Verdict, []string) {
	switch {
	case !b.Observed:
		return Unknown, b.Missing
	case b.Level == observation.Low:
		return Tentative, b.Missing
	}
	return Holds, nil
}
