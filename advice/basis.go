package advice

import (
	"fmt"

	"seawall/observation"
)

// basis is what advice rests on that is drawn from an observation.
func basis(seen *observation.Container) Basis {
	if seen == nil {
		return Basis{
			Missing: []string{"it was not watched: 'seawall observe' sees what it uses"},
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
		phase("start", w.Starts, "seen %s, from the first instruction on", "not seen"),
		phase("restart", w.Restarts(), "seen %s", "not seen: a container that finds its files there may need other things"),
		{"work", w.Seconds > 0, observation.Span(w.Seconds) + " of it"},
		phase("stop", w.Ends, "seen %s", "not seen"),
	}
	return b
}

func phase(name string, n int, seen, not string) Phase {
	if n == 0 {
		return Phase{name, false, not}
	}
	times := "once"
	if n > 1 {
		times = fmt.Sprintf("%d times", n)
	}
	return Phase{name, true, fmt.Sprintf(seen, times)}
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
