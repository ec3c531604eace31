package observation

import (
	"time"

	"seawall/lang"
)

// Level says how far conclusions from an observation can be trusted.
type Level string

// Levels.
const (
	Low    Level = "low"    // something essential was not seen
	Medium Level = "medium" // one full start and some time of work
	High   Level = "high"   // several starts, an end and a day or more
)

// What a level asks for.
const (
	mediumTime = 10 * time.Minute
	highTime   = 24 * time.Hour
)

// Confidence is the level of a container's observation, and what was missing for a
// higher one. It is told beside what was watched, and repeats none of its numbers.
func (c *Container) Confidence() (level Level, missing []string) {
	w := c.Watched
	watched := time.Duration(w.Seconds * float64(time.Second))
	say := func(what string) { missing = append(missing, what) }
	if w.Starts == 0 {
		say(lang.T("no start was seen: restart it while it is watched"))
	}
	lost := c.Lost
	lost.Files = 0 // of a container that writes everywhere; FilesKnown tells
	if lost.Any() {
		say(lang.T("some of what it did found no room"))
	}
	if watched < mediumTime {
		say(lang.T("watched for less than ten minutes"))
	}
	if len(missing) > 0 {
		return Low, missing
	}
	if w.Starts < 2 {
		say(lang.T("one start was seen: a first start and a restart may need different things"))
	}
	if w.Ends == 0 {
		say(lang.T("no end was seen"))
	}
	if watched < highTime {
		say(lang.T("watched for less than a day"))
	}
	if len(missing) > 0 {
		return Medium, missing
	}
	return High, nil
}
