package engine

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func imageHistoryTold() *attack.Step {
	return &attack.Step{
		ID: "image-history-told", Title: "Read a secret in the history of an image",
		Why:  "The build steps of an image stay in its history, with the values of their arguments: whoever may ask the engine, or pull the image, reads them.",
		At:   rule.KindImage,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Unfiltered()),
		Each:  toldHistory,
		Rules: []string{"image-secret-in-history"},
		Proof: "the build steps that look as if they hold a secret; the values are not kept",
		Bad:   []rule.Example{{Show: "ARG NPM_TOKEN\nRUN npm ci", Run: "docker run alpine", Facts: builtBy(snapshot.BuildRemark{Step: 3, Instruction: "RUN", Kind: snapshot.BuildSecret, What: "NPM_TOKEN"})}},
		Good: []rule.Example{
			{Run: "docker run alpine", Facts: builtBy()},
			{Run: "docker run alpine", Facts: builtBy(snapshot.BuildRemark{Step: 3, Instruction: "RUN", Kind: snapshot.BuildScript, What: "curl | sh"})},
		},
	}
}

// builtBy gives the example's images a history.
func builtBy(remarks ...snapshot.BuildRemark) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		for i := range images {
			example.Set(&images[i].Build, remarks)
		}
	})
}

// toldHistory are the secrets in the history of the site's image.
func toldHistory(q *attack.Query) []attack.Instance {
	if len(q.Image.UsedBy) == 0 {
		return nil // its history is not read
	}
	build, known := q.Image.Build.Try(q)
	if !known {
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(q.Image.Build)})
	}
	out := q.Instances()
	for _, r := range build {
		if r.Kind != snapshot.BuildSecret {
			continue
		}
		out = append(out, attack.Instance{
			To:   attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: inHistory.Of(r.What, q.Image.Name())},
			What: q.Image.Name(), Origin: q.Image.Build.Origin(), Value: r.Instruction + " " + r.What,
			Ends: []attack.Change{{Kind: buildSecret, Engine: q.Engine.Name, Subject: q.Image.Name(), Detail: r.What}},
		})
	}
	return out
}

// inHistory is the name of a secret that an image's history tells.
var inHistory = attack.NewNameForm(lang.N("%s in the history of image %s"))

var buildSecret = &attack.ChangeKind{
	ID: "build-secret", Text: "Build {subject} anew with {detail} as a build secret, and change it",
	Weight: 2, Disruption: attack.Redeploy, Breaks: "What used the old value, until it has the new one.",
	Shell: "docker build --secret id={detail} …   # RUN --mount=type=secret,id={detail} …",
}
