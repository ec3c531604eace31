package image

import (
	"slices"
	"strconv"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// historyRule is a rule about what the steps of an image's build did. It judges
// images in use, of which alone the history is read.
type historyRule struct {
	id, title, why  string
	fix             rule.Fix
	refs            rule.Refs
	severity        rule.Severity
	kinds           []snapshot.BuildKind
	lesser          snapshot.BuildKind // one of them that weighs a step less, and why
	lesserReason    string
	finding, absent string // "it runs what it fetches unseen", "no step …"
	bad, good       []buildStep
}

// buildStep is an example of a step, as the Dockerfile has it.
type buildStep struct {
	line string
	kind snapshot.BuildKind
	what string
}

func historyRules() []*rule.Rule {
	var out []*rule.Rule
	for _, h := range historyTable() {
		out = append(out, h.rule())
	}
	return out
}

func (h historyRule) rule() *rule.Rule {
	r := &rule.Rule{
		ID: h.id, Title: h.title, Severity: h.severity, Why: h.why, Fix: h.fix, Refs: h.refs,
		Good:  []rule.Example{{Run: "docker run alpine"}},
		Image: h.check,
	}
	for _, s := range h.bad {
		r.Bad = append(r.Bad, built(s))
	}
	for _, s := range h.good {
		r.Good = append(r.Good, built(s))
	}
	return r
}

func (h historyRule) check(c *rule.Context, i *snapshot.Image) rule.Answer {
	if a, done := unused(c, i); done {
		return a
	}
	severity := rule.Severity(0)
	var texts []string
	for _, r := range i.Build.Read(c) {
		if !slices.Contains(h.kinds, r.Kind) || r.Instruction == "ENV" && inEnvironment(c, i, r) {
			continue
		}
		c.Cite(i.Build.Origin(), "step "+strconv.Itoa(r.Step)+": "+r.Instruction+" "+r.What)
		texts = append(texts, r.Instruction+" "+r.What)
		severity = max(severity, h.weigh(r.Kind))
	}
	if severity == 0 {
		return h.passes(c, i)
	}
	reason := ""
	if severity < h.severity {
		reason = h.lesserReason
	}
	const most = 4
	more := ""
	if len(texts) > most {
		texts, more = texts[:most], " and "+strconv.Itoa(len(texts)-most)+" more"
	}
	return c.FailAs(severity, reason, "%s: %s%s", h.finding, strings.Join(texts, ", "), more)
}

// inEnvironment: what ENV set and the image still has is reported by
// image-secret-in-environment.
func inEnvironment(c *rule.Context, i *snapshot.Image, r snapshot.BuildRemark) bool {
	env, _ := i.Env.Try(c)
	return slices.ContainsFunc(env, func(v snapshot.EnvVar) bool { return v.Name == r.What && v.Secret() })
}

func (h historyRule) weigh(k snapshot.BuildKind) rule.Severity {
	if k == h.lesser {
		return h.severity - 1
	}
	return h.severity
}

// passes is the answer where no step was of the kind. Of an ADD of the old
// builder it may not be known, nor of a history that was too long to be read.
func (h historyRule) passes(c *rule.Context, i *snapshot.Image) rule.Answer {
	for _, r := range i.Build.Read(c) {
		if r.Kind == snapshot.BuildCut {
			c.Missed(i.Build.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnsupported,
				Detail: "the history of the image is longer than what is read of it",
				Remedy: "look at docker history --no-trunc",
			})
		}
		if r.Kind == snapshot.BuildAddUnknown && slices.Contains(h.kinds, snapshot.BuildAddFile) {
			c.Missed(i.Build.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: "step " + strconv.Itoa(r.Step) + " adds a file of which the old builder's history tells no name",
				Remedy: "look at the Dockerfile, or build the image with BuildKit",
			})
		}
	}
	return c.Pass("%s", h.absent)
}

// built is the example of an image with such a step.
func built(s buildStep) rule.Example {
	return rule.Example{
		Show: s.line,
		Run:  "docker run alpine",
		Facts: example.Engine(func(e *snapshot.Engine) {
			if s.kind == "" {
				return
			}
			images, _ := e.Images.Peek()
			instruction, _, _ := strings.Cut(s.line, " ")
			example.Add(&images[0].Build, snapshot.BuildRemark{Step: 2, Instruction: instruction, Kind: s.kind, What: s.what})
		}),
	}
}
