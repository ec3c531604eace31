package image

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// historyRule is a rule about what the steps of an image's build did. It judges
// images in use, of which alone the history is read, and those that a Dockerfile declares.
type historyRule struct {
	id, title, why  string
	fix             rule.Fix
	refs            rule.Refs
	severity        rule.Severity
	kinds           []snapshot.BuildKind
	lesser          snapshot.BuildKind // one of them that weighs a step less, and why
	lesserReason    string
	finding, absent string // "it runs what it fetches unseen", "no step …"
	// unseen is the kind of remark that leaves the answer open, besides those that do so
	// for all rules.
	unseen snapshot.BuildKind
	// dockerfile: only a Dockerfile tells it, and no built image.
	dockerfile bool
	bad, good  []buildStep
}

// buildStep is an example of a step, as the Dockerfile has it.
type buildStep struct {
	line string
	kind snapshot.BuildKind
	what string
}

func historyRules() []*rule.Rule {
	var out []*rule.Rule
	own := []historyRule{
		buildUsesSudo(), passwordInBuild(), buildMakesSetuid(), packagesFromExtraIndex(), buildArgumentForSecret(), worksInSystemDirectory(),
		buildWithoutConfinement(), buildOnHostNetwork(), copiesWholeContext(),
	}
	for _, h := range slices.Concat(historyTable(), own) {
		out = append(out, h.rule())
	}
	return out
}

func (h historyRule) rule() *rule.Rule {
	r := &rule.Rule{
		ID: h.id, Title: h.title, Severity: h.severity, Why: h.why, Fix: h.fix, Refs: h.refs,
		Dockerfile: h.dockerfile,
		Good:       []rule.Example{built(buildStep{})},
		Image:      h.check,
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
	if h.dockerfile {
		ofDockerfile(c, i)
	}
	severity, reason := rule.Severity(0), ""
	var texts []string
	for _, r := range h.remarks(c, i) {
		if !slices.Contains(h.kinds, r.Kind) || r.Instruction == "ENV" && inEnvironment(c, i, r) {
			continue
		}
		cite(c, i, r)
		texts = append(texts, told(r))
		if s, why := h.weigh(r); s > severity {
			severity, reason = s, why
		}
	}
	if severity == 0 {
		return h.passes(c, i)
	}
	const most = 4
	all := lang.Comma(texts)
	if len(texts) > most {
		all = lang.Sprintf("%s and %d more", lang.Comma(texts[:most]), len(texts)-most)
	}
	return c.FailAs(severity, reason, "%s: %s", lang.T(h.finding), all)
}

// remarks are those on the steps of the build. What the base image's own build did is
// not known of a Dockerfile, and does not matter to the rules that only a Dockerfile
// answers: they are about how this one is built.
func (h historyRule) remarks(c *rule.Context, i *snapshot.Image) []snapshot.BuildRemark {
	if list, seen := i.Build.Peek(); seen && h.dockerfile {
		return list
	}
	return i.Build.Read(c)
}

// ofDockerfile ends the check as unknown for an image of which no Dockerfile was read.
func ofDockerfile(c *rule.Context, i *snapshot.Image) {
	if i.Bases.State() != snapshot.Seen {
		i.Bases.Read(c)
		c.Stop()
	}
}

// cite names the step as evidence, by its place in the Dockerfile if one was read.
func cite(c *rule.Context, i *snapshot.Image, r snapshot.BuildRemark) {
	if r.Where != "" {
		c.Cite(snapshot.At(r.Instruction, r.Where), r.What)
		return
	}
	c.Cite(i.Build.Origin(), lang.Sprintf("step %d: %s %s", r.Step, r.Instruction, r.What))
}

// told is a remark in a message.
func told(r snapshot.BuildRemark) string {
	text := r.Instruction + " " + r.What
	if r.Stage != "" {
		text = lang.Sprintf("%s (stage %s)", text, r.Stage)
	}
	return text
}

// inEnvironment: what ENV set and the image still has is reported by
// image-secret-in-environment.
func inEnvironment(c *rule.Context, i *snapshot.Image, r snapshot.BuildRemark) bool {
	env, _ := i.Env.Try(c)
	return slices.ContainsFunc(env, func(v snapshot.EnvVar) bool { return v.Name == r.What && v.Secret() })
}

// secretKinds are what stays behind of a secret.
var secretKinds = []snapshot.BuildKind{snapshot.BuildSecret, snapshot.BuildSecretFile, snapshot.BuildSecretArg}

// weigh is how much a remark weighs, and why if that is less than the rule says.
func (h historyRule) weigh(r snapshot.BuildRemark) (rule.Severity, string) {
	switch {
	case r.Stage != "" && slices.Contains(secretKinds, r.Kind):
		return rule.Low, lang.T("it stays in the cache of the build, and not in the image")
	case r.Kind == h.lesser:
		return h.severity - 1, h.lesserReason
	}
	return h.severity, ""
}

// ofNames are the kinds of remarks that the names in instructions tell, and no script.
var ofNames = []snapshot.BuildKind{
	snapshot.BuildAddFile, snapshot.BuildAddURL, snapshot.BuildWorkdir, snapshot.BuildContext, snapshot.BuildInsecure, snapshot.BuildHostNet, snapshot.BuildSecretArg,
}

// passes is the answer where no step was of the kind. Of an ADD of the old
// builder it may not be known, nor of a history that was too long to be read.
func (h historyRule) passes(c *rule.Context, i *snapshot.Image) rule.Answer {
	for _, r := range h.remarks(c, i) {
		switch {
		case r.Kind == snapshot.BuildCut:
			c.Missed(i.Build.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnsupported,
				Detail: lang.T("the history of the image is longer than what is read of it"),
				Remedy: lang.T("look at docker history --no-trunc"),
			})
		case r.Kind == snapshot.BuildAddUnknown && slices.Contains(h.kinds, snapshot.BuildAddFile):
			c.Missed(i.Build.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: lang.Sprintf("step %d adds a file of which the old builder's history tells no name", r.Step),
				Remedy: lang.T("look at the Dockerfile, or build the image with BuildKit"),
			})
		case r.Kind == snapshot.BuildUnread && slices.ContainsFunc(h.kinds, func(k snapshot.BuildKind) bool { return !slices.Contains(ofNames, k) }):
			c.Missed(i.Build.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonMalformed,
				Detail: lang.Sprintf("step %d runs a script that is none of a POSIX shell", r.Step),
				Remedy: lang.T("look at the Dockerfile"),
			})
		case h.unseen != "" && r.Kind == h.unseen:
			c.Missed(snapshot.At(r.Instruction, r.Where), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: lang.T("what is copied of the context of the build, or what that is, is not in the Dockerfile"),
				Remedy: lang.T("audit the Compose file that builds it"),
			})
		}
	}
	return c.Pass("%s", lang.T(h.absent))
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
