package advice

import (
	"seawall/observation"
	"seawall/snapshot"
)

// Format names the format of advice in JSON; its schema is docs/schema/advice-1.json.
const Format = "seawall.advice/1"

// Input is what advice on a container is made of.
type Input struct {
	// Host is the machine that it runs on; nil if that is not known.
	Host      *snapshot.Host
	Engine    *snapshot.Engine
	Container *snapshot.Container
	// Image is the one that the container was made from; nil if it is not known.
	Image *snapshot.Image
	// Seen is what the container was seen to use; nil if it was not watched.
	Seen *observation.Container
	// Machine is the architecture that it was seen on, as in observation.Host.
	Machine string
	Usage   snapshot.Usage
}

// Advice is what a container should be given, and why.
type Advice struct {
	Container string `json:"container"`
	ID        string `json:"id,omitempty"`
	Image     string `json:"image,omitempty"`
	Engine    string `json:"engine,omitempty"`
	Project   string `json:"project,omitempty"` // of Compose
	Service   string `json:"service,omitempty"` // of Compose
	Basis     Basis  `json:"basis"`

	Capabilities    Capabilities `json:"capabilities"`
	NoNewPrivileges Setting      `json:"noNewPrivileges"`
	User            User         `json:"user"`
	ReadOnly        ReadOnly     `json:"readOnly"`
	Ports           Ports        `json:"ports"`
	Pids            Limit        `json:"pids"`
	Memory          Limit        `json:"memory"` // bytes
	Seccomp         Seccomp      `json:"seccomp"`
	AppArmor        AppArmor     `json:"appArmor"`
	// Privileged: it is, and the advice is to end that.
	Privileged bool `json:"privileged,omitempty"`
	// Remove are the options of docker run that go.
	Remove []string `json:"remove"`
	// CapAddNow are the capabilities that its settings add now; Filter and OwnAppArmor are
	// its own settings of seccomp and AppArmor, as snapshot.Container has them.
	CapAddNow   snapshot.CapSet `json:"-"`
	Filter      string          `json:"-"`
	OwnAppArmor string          `json:"-"`
	// Remarks say what is different for this container.
	Remarks []string `json:"remarks"`
}

// Verdict says how far a setting can be trusted to hold.
type Verdict string

// Verdicts.
const (
	// Holds: what was seen speaks for it.
	Holds Verdict = "holds"
	// Tentative: nothing speaks against it, and too little was seen to rely on it.
	Tentative Verdict = "tentative"
	// Fails: something that was seen speaks against it.
	Fails Verdict = "fails"
	// Unknown: nothing that would decide was seen.
	Unknown Verdict = "unknown"
	// Already: the container has it.
	Already Verdict = "already"
)

// Advised reports whether the setting is among those to take over.
func (v Verdict) Advised() bool { return v == Holds || v == Tentative }

// Setting is a verdict and what led to it.
type Setting struct {
	Verdict Verdict  `json:"verdict"`
	Reasons []string `json:"reasons"`
}

func setting(v Verdict, reasons ...string) Setting {
	return Setting{Verdict: v, Reasons: append([]string{}, reasons...)}
}

// Basis is what the advice rests on.
type Basis struct {
	// Observed: the container was watched. Without that all advice is drawn from
	// settings and files.
	Observed bool                 `json:"observed"`
	Watched  *observation.Watched `json:"watched,omitempty"`
	// Level is the confidence of the observation, Missing what would raise it.
	Level   observation.Level `json:"level,omitempty"`
	Missing []string          `json:"missing"`
	// Phases are those of a container's life, and how much of each was seen.
	Phases []Phase `json:"phases"`
}

// Phase is a part of a container's life.
type Phase struct {
	Name string `json:"name"` // "start", "restart", "work", "stop"
	Seen bool   `json:"seen"`
	Note string `json:"note"`
}

// Limit is a number that a container should be held to.
type Limit struct {
	Setting
	// Now is what it uses, Value the limit with a margin; 0 if not known.
	Now   int64 `json:"now,omitempty"`
	Value int64 `json:"value,omitempty"`
}

// For is the advice for a container.
func For(in Input) *Advice {
	c := in.Container
	image, _ := c.Image.Peek()
	a := &Advice{
		Container: c.Name, ID: c.ID, Image: image, Project: c.Project, Service: c.Service,
		Basis: basis(in.Seen), Remarks: []string{},
	}
	if in.Engine != nil {
		a.Engine = in.Engine.Name
	}
	a.Privileged, _ = c.Privileged.Peek()
	a.Capabilities = capabilities(in, a.Basis)
	a.NoNewPrivileges = noNewPrivileges(in, a.Basis)
	a.User = user(in)
	a.ReadOnly = readOnly(in)
	a.Ports = ports(in)
	a.Pids, a.Memory = limits(in)
	a.Seccomp = seccompAdvice(in, a)
	a.AppArmor = appArmorAdvice(in, a)
	a.CapAddNow, _ = c.CapAdd.Peek()
	a.Filter, _ = c.Seccomp.Peek()
	a.OwnAppArmor, _ = c.AppArmor.Peek()
	a.Remove = a.removed(c)
	a.Remarks = append(a.Remarks, remarks(in)...)
	return a
}
