package engine

import (
	"maps"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps by secrets that an engine tells whoever asks it for volumes
// and images.

func volumeOptionsTold() *attack.Step {
	return &attack.Step{
		ID: "volume-options-told", Title: "Read a password in the options of a volume",
		Why:  "The options by which a volume of a file server is mounted hold its password, and the engine tells them to whoever may ask.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Unfiltered()),
		Each:  toldOptions,
		Proof: "the names of the options that look like secrets; the values are not kept",
		Bad: []rule.Example{{Show: "docker volume create -o type=cifs -o device=//nas/x -o o=username=app,password=hunter2 nas",
			Facts: volumeOf(map[string]string{"type": "cifs", "device": "//nas/x", "o": "username=app,password=" + snapshot.Redacted})}},
		Good: []rule.Example{{Show: "no volume"}, {Show: "docker volume create -o type=nfs -o o=addr=nas,ro -o device=:/x nas", Facts: volumeOf(map[string]string{"type": "nfs", "o": "addr=nas,ro"})}},
	}
}

func volumeOf(options map[string]string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Volumes, []snapshot.Volume{{Name: "nas", Driver: "local", Options: options}})
	})
}

// toldOptions are the volumes whose options hold secrets.
func toldOptions(q *attack.Query) []attack.Instance {
	volumes, known := q.Engine.Volumes.Look(q)
	if !known {
		return []attack.Instance{{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(q.Engine.Volumes)}}
	}
	var out []attack.Instance
	for i := range volumes {
		v := &volumes[i]
		names := secretOptionsOf(v.Options)
		if len(names) == 0 {
			continue
		}
		out = append(out, attack.Instance{
			To:   attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: strings.Join(names, ", ") + " of volume " + v.Name},
			What: v.Name, Origin: snapshot.At("Options of volume "+v.Name, q.Engine.Volumes.Origin().Source), Value: strings.Join(names, ", "),
			Ends: []attack.Change{{Kind: mountByHost, Engine: q.Engine.Name, Subject: v.Name}},
		})
	}
	return out
}

// secretOptionsOf are the names of the options that hold a secret: also of those that
// stand in one, such as "password" in "o".
func secretOptionsOf(options map[string]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(options)) {
		for part := range strings.SplitSeq(options[key], ",") {
			if name, _, is := strings.Cut(part, "="); strings.Contains(part, snapshot.Redacted) {
				if !is {
					name = key
				}
				out = append(out, name)
			}
		}
	}
	return out
}

var mountByHost = &attack.ChangeKind{
	ID: "mount-by-host", Text: "Let the host mount what volume {subject} is of, with a file of credentials that only root reads, and bind that",
	Weight: 3, Disruption: attack.Redeploy, Breaks: "The containers of the volume, until they are made anew with the bind mount.",
	Shell: "echo '//SERVER/SHARE /mnt/{subject} cifs credentials=/etc/{subject}.cred 0 0' | sudo tee -a /etc/fstab",
}

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
		return []attack.Instance{{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(q.Image.Build)}}
	}
	var out []attack.Instance
	for _, r := range build {
		if r.Kind != snapshot.BuildSecret {
			continue
		}
		out = append(out, attack.Instance{
			To:   attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: r.What + " in the history of image " + q.Image.Name()},
			What: q.Image.Name(), Origin: q.Image.Build.Origin(), Value: r.Instruction + " " + r.What,
			Ends: []attack.Change{{Kind: buildSecret, Engine: q.Engine.Name, Subject: q.Image.Name(), Detail: r.What}},
		})
	}
	return out
}

var buildSecret = &attack.ChangeKind{
	ID: "build-secret", Text: "Build {subject} anew with {detail} as a build secret, and change it",
	Weight: 2, Disruption: attack.Redeploy, Breaks: "What used the old value, until it has the new one.",
	Shell: "docker build --secret id={detail} …   # RUN --mount=type=secret,id={detail} …",
}
