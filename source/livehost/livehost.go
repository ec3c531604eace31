package livehost

import (
	"context"
	"slices"
	"sync"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// Options say what to look at.
type Options struct {
	// Endpoint is the engine to audit; nil for all engines of this machine.
	Endpoint *engineapi.Endpoint
	// Machine is where facts of this machine are read; ThisMachine if zero.
	Machine Machine
	// Tool is the version of Seawall, for the snapshot.
	Tool string
	// Timeout bounds the whole but for the files of images; 60 seconds if zero.
	// What was not read by then is a gap.
	Timeout time.Duration
	// Deep says of which images the files are read, DeepTimeout how long that may
	// take; ten minutes if zero. DeepFor and DeepImages, if not both empty, narrow that to
	// the images of containers with these names, services, or beginnings of ids, and to the
	// images with these names or ids, which no container has to use.
	Deep        Deep
	DeepFor     []string
	DeepImages  []string
	DeepTimeout time.Duration
	// ContainerNets: read the network namespaces of containers, not only those of
	// the machine and its engines.
	ContainerNets bool
	// Plan, if set, makes of what was read a plan of what to ask beyond.
	Plan func(*snapshot.Snapshot) NetPlan
	// Probe: try the connections that the plan names. They stay on this machine.
	Probe bool
	// Lists: read what the package manager last heard of newer versions.
	Lists bool
	// Progress, if set, is told what is being looked at, for [lang.Reword]. It is called from
	// several goroutines, one at a time.
	Progress func(what string)
}

// engineWorkers audit engines at the same time.
const engineWorkers = 4

// Collect takes a snapshot of this machine, or of the one engine asked for.
// Whatever cannot be read is a gap; an error means that there is nothing to
// audit: no process table, or the context ended before the start.
func Collect(ctx context.Context, o Options) (*snapshot.Snapshot, error) {
	if o.Machine.Files == nil {
		o.Machine = ThisMachine()
	} else {
		o.Machine.once = newOnceRead()
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &snapshot.Snapshot{Format: snapshot.Format, Tool: o.Tool, TakenAt: time.Now().UTC().Truncate(time.Second)}
	c := &collector{Options: o}
	engines, err := c.collect(ctx, s)
	if o.Deep != NotDeep {
		s.Deep = true
		c.contents(ctx, engines, s.Engines)
	}
	return s, err
}

// collect fills the snapshot but for the files of images, and returns what was
// found of each engine.
func (c *collector) collect(ctx context.Context, s *snapshot.Snapshot) ([]found, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	if c.Endpoint == nil {
		return c.machine(ctx, s)
	}
	f := atEndpoint(ctx, c.Machine, *c.Endpoint)
	if f.isRemote() {
		s.Engines = []snapshot.Engine{c.remote(ctx, f)}
		blindHost(s, f.daemonGap)
		return []found{f}, nil
	}
	s.AllEngines.Blind(snapshot.Gap{
		Reason: snapshot.ReasonNotCollected, Detail: lang.N("only the engine that was named was looked at"),
		Remedy: lang.N("audit without --host and --context"),
	})
	join := c.surroundings(ctx, s)
	net := c.startNet(ctx, []found{f})
	s.Engines = c.audit(ctx, []found{f})
	net.finish(ctx, s)
	join()
	c.enginePrograms(s)
	nameHost(s)
	return []found{f}, nil
}

// machine fills the snapshot with all engines of this machine.
func (c *collector) machine(ctx context.Context, s *snapshot.Snapshot) ([]found, error) {
	join := c.surroundings(ctx, s)
	c.say(lang.N("engines"))
	s.AllEngines = allEngines(c.Machine)
	engines, err := discover(ctx, c.Machine)
	net := c.startNet(ctx, engines)
	s.Engines = c.audit(ctx, engines)
	net.finish(ctx, s)
	join()
	c.enginePrograms(s)
	nameHost(s)
	return engines, err
}

// surroundings fills in what lies around the engines, while those are read. The
// returned function waits until that is done.
func (c *collector) surroundings(ctx context.Context, s *snapshot.Snapshot) (join func()) {
	var all sync.WaitGroup
	all.Go(func() { c.say(lang.N("host")); s.Host = collectHost(ctx, c.Machine, c.Lists) })
	all.Go(func() { c.say(lang.N("Docker clients")); s.Clients = collectClients(ctx, c.Machine) })
	return all.Wait
}

// collector takes one snapshot.
type collector struct {
	Options
	talk sync.Mutex
}

func (c *collector) say(what string) {
	if c.Progress == nil {
		return
	}
	c.talk.Lock()
	defer c.talk.Unlock()
	c.Progress(what)
}

// audit reads the engines, a few at a time, then the processes of their
// containers: those need the sockets of all engines.
func (c *collector) audit(ctx context.Context, engines []found) []snapshot.Engine {
	out := make([]snapshot.Engine, len(engines))
	sockets := make([][]ControlSocketFile, len(engines))
	slots := make(chan struct{}, engineWorkers)
	var all sync.WaitGroup
	for i, f := range engines {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			c.say(f.name)
			out[i], sockets[i] = c.engine(ctx, f)
		})
	}
	all.Wait()
	joined := slices.Concat(sockets...)
	for i := range out {
		if out[i].Local {
			c.say(lang.Recordf("containers of %s", out[i].Name))
			collectProcesses(ctx, c.Machine, &out[i], joined)
			collectBound(c.Machine, &out[i])
			out[i].Projects = projects(c.Machine, &out[i])
			markAuditor(c.Machine, &out[i])
		}
		snapshot.Walk(&out[i], blindRest(snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("no source of this audit reads it")}))
	}
	return out
}

// engine reads one engine of this machine.
func (c *collector) engine(ctx context.Context, f found) (snapshot.Engine, []ControlSocketFile) {
	e := c.ask(ctx, f)
	e.Local = true
	if f.kind != "" {
		e.Kind = f.kind
	}
	sockets := c.daemonFacts(ctx, f, &e)
	return e, sockets
}

// ask collects what the engine's API tells.
func (c *collector) ask(ctx context.Context, f found) snapshot.Engine {
	e := snapshot.Engine{Name: f.name, Kind: f.kind, FoundBy: f.foundBy}
	if f.gap != nil {
		engineapi.Blind(&e, *f.gap)
		return e
	}
	endpoint := engineapi.Endpoint{Host: f.name, FoundBy: f.foundBy}
	switch {
	case c.Endpoint != nil:
		endpoint = *c.Endpoint
	case f.socket != nil:
		endpoint.Host = "unix://" + f.socket.dial()
	}
	client, err := engineapi.Connect(ctx, endpoint)
	if err != nil {
		engineapi.Blind(&e, connectGap(err))
		return e
	}
	defer client.Close()
	e = client.Collect(ctx)
	e.Name, e.FoundBy = f.name, f.foundBy
	return e
}

// remote collects an engine on another machine: nothing of this one is a fact
// about it.
func (c *collector) remote(ctx context.Context, f found) snapshot.Engine {
	c.say(f.name)
	e := c.ask(ctx, f)
	e.Local = false
	completeSettings(&e, lostConfigs(*f.daemonGap))
	blindDaemon(&e, *f.daemonGap)
	snapshot.Walk(&e, blindRest(*f.daemonGap))
	return e
}

func (f found) isRemote() bool {
	return f.daemonGap != nil && f.daemonGap.Reason == snapshot.ReasonRemote
}
