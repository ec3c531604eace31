package engine

import (
	"maps"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

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
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(q.Engine.Volumes)})
	}
	out := q.Instances()
	for i := range volumes {
		v := &volumes[i]
		names := secretOptionsOf(v.Options)
		if len(names) == 0 {
			continue
		}
		out = append(out, attack.Instance{
			To:   attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: optionsOfVolume.Of(strings.Join(names, ", "), v.Name)},
			What: v.Name, Origin: snapshot.At("Options of volume "+v.Name, q.Engine.Volumes.Origin().Source), Value: strings.Join(names, ", "),
			Ends: []attack.Change{{Kind: mountByHost, Engine: q.Engine.Name, Subject: v.Name}},
		})
	}
	return out
}

// optionsOfVolume is the name of the secrets in options of a volume.
var optionsOfVolume = attack.NewNameForm(lang.N("%s of volume %s"))

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
