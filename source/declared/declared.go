// Package declared makes snapshots of what is declared and does not run: of each file
// or command line an engine that has nothing but what it declares. Of the engine that
// will run it nothing is known.
package declared

import (
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/accepted"
)

// Project is what one set of files, or one command line, declares.
type Project struct {
	// Name is the file, as reports name it.
	Name       string
	Containers []snapshot.Container
	Networks   []snapshot.Network
	Volumes    []snapshot.Volume
	// Images are those that its Dockerfiles make.
	Images []snapshot.Image
	// Unread is why the file or directory could not be read; "" if it was.
	Unread string
	// Named: the images were asked for by name, and no file declares them.
	Named bool
	// Waivers are what the files themselves accept.
	Waivers []accepted.Waiver
	// Daemon is the engine that will run it; nil if nothing is known of that.
	Daemon *Daemon
}

// Snapshot is that of some projects, taken at a time by a version of Seawall.
func Snapshot(projects []Project, tool string, at time.Time) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Format: snapshot.Format, Tool: tool, TakenAt: at, Declared: true}
	for _, p := range projects {
		origin := func(what string) snapshot.Origin { return snapshot.At(what, p.Name) }
		e := snapshot.Engine{
			Name: p.Name, Kind: "docker", FoundBy: "declaration",
			Containers: snapshot.See(p.Containers, origin("services")),
			Networks:   snapshot.See(p.Networks, origin("networks")),
			Volumes:    snapshot.See(p.Volumes, origin("volumes")),
		}
		if p.Named {
			e.FoundBy = snapshot.FoundByImage
		}
		if len(p.Images) > 0 {
			e.Images = snapshot.See(p.Images, origin("images"))
		}
		if p.Unread != "" {
			lose(&e, snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: p.Unread, Remedy: lang.N("mend it, or audit the others by name")}, origin(p.Name))
		}
		detail := lang.N("a declaration does not tell what the engine that runs it is set to")
		if p.Daemon != nil {
			e.Settings, e.Listeners = p.Daemon.Settings, p.Daemon.Listeners
			detail = lang.N("daemon.json does not tell it")
		}
		blind(&e, snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: detail, Remedy: lang.N("audit the engine itself")})
		s.Engines = append(s.Engines, e)
	}
	blind(s, snapshot.Gap{
		Reason: snapshot.ReasonNotCollected,
		Detail: lang.N("a declaration does not tell on which host it runs"),
		Remedy: lang.N("audit the host itself"),
	})
	return s
}

// lose makes an engine one of which nothing could be read.
func lose(e *snapshot.Engine, g snapshot.Gap, o snapshot.Origin) {
	e.API = snapshot.Lost[snapshot.API](g, o)
	e.Containers = snapshot.Lost[[]snapshot.Container](g, o)
	e.Networks = snapshot.Lost[[]snapshot.Network](g, o)
	e.Volumes = snapshot.Lost[[]snapshot.Volume](g, o)
	e.Images = snapshot.Lost[[]snapshot.Image](g, o)
}

// blind gives a reason to all facts that nobody asked for.
func blind(part any, g snapshot.Gap) {
	snapshot.Walk(part, func(_ string, f snapshot.AnyFact) {
		if f.State() == snapshot.NotCollected {
			f.Blind(g)
		}
	})
}
