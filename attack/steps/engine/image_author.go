package engine

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps of whoever makes the image that a container is made
// from.

func imageReplaced() *attack.Step {
	return &attack.Step{
		ID: "image-replaced", Title: "Put code into the image that the container is made from",
		Why:  "A tag names whatever was pushed last. When the container is made anew from a fresh pull, it runs what whoever may push the tag put there.",
		At:   rule.KindContainer,
		From: attack.ImageAuthor, To: attack.Container,
		ATTACK: "T1525", Cost: 2, CostReason: "it takes the next pull",
		Needs: attack.All(cond.NamedByTag()),
		Each: func(q *attack.Query) []attack.Instance {
			image, known := q.Container.Image.Try(q)
			if !known {
				return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.ImageAuthor, Engine: q.Engine.Name}, Unknown: true, Missing: cond.Lost(q.Container.Image)})
			}
			return append(q.Instances(), attack.Instance{From: author(q, image), What: image, Origin: q.Container.Image.Origin(), Value: image})
		},
		Rules: []string{"container-image-unpinned"},
		Proof: "the name by which the container's image was asked for",
		Bad:   []rule.Example{{Run: "docker run registry.example/app:1"}, {Run: "docker run nginx"}},
		Good: []rule.Example{
			{Run: "docker run nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
			{Run: "docker run sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
		},
	}
}

func registryPushes() *attack.Step {
	return &attack.Step{
		ID: "registry-credential-pushes-image", Title: "Push another image with the credentials of the registry",
		Why:  "Whoever has credentials that may push to the registry replaces the images that its users pull.",
		At:   rule.KindContainer,
		From: attack.Registry, To: attack.ImageAuthor,
		ATTACK: "T1525", Cost: 2, CostReason: "the credentials must be allowed to push",
		Needs: attack.All(cond.NamedByTag()),
		Each: func(q *attack.Query) []attack.Instance {
			image, known := q.Container.Image.Try(q)
			if !known {
				return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.Registry}, To: attack.State{Kind: attack.ImageAuthor, Engine: q.Engine.Name}, Unknown: true, Missing: cond.Lost(q.Container.Image)})
			}
			return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.Registry, Name: snapshot.ImageRegistry(image)}, To: author(q, image), What: image, Origin: q.Container.Image.Origin(), Value: image})
		},
		Proof: "the registry in the name of the container's image",
		Bad:   []rule.Example{{Run: "docker run registry.example/app:1"}, {Run: "docker run localhost:5000/app"}},
		Good:  []rule.Example{{Run: "docker run registry.example/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}},
	}
}

func registryInsecure() *attack.Step {
	return &attack.Step{
		ID: "registry-insecure", Title: "Answer in place of a registry that is not verified",
		Why:  "The engine pulls from this registry over plain HTTP or behind any certificate: whoever is on the way hands it another image.",
		At:   rule.KindContainer,
		From: attack.LAN, To: attack.ImageAuthor,
		ATTACK: "T1557", Cost: 3, CostReason: "it takes a place on the way, and the next pull",
		Needs: attack.All(cond.NamedByTag()),
		Each:  insecurePulls,
		Rules: []string{"engine-insecure-registry"},
		Proof: "the registries that GET /info lists as insecure, and the name of the image; nothing is pulled",
		Bad:   []rule.Example{{Run: "docker run registry.example:5000/app:1", Facts: insecure("registry.example:5000")}},
		Good:  []rule.Example{{Run: "docker run registry.example:5000/app:1"}, {Run: "docker run other.example/app:1", Facts: insecure("registry.example:5000")}},
	}
}

// insecurePulls is the image of the container, if it comes from a registry that is
// not verified. Whether a range of addresses holds a registry that has a name is not
// known.
func insecurePulls(q *attack.Query) []attack.Instance {
	image, known := q.Container.Image.Try(q)
	registries, listed := q.Engine.Settings.InsecureRegistries.Try(q)
	i := attack.Instance{From: attack.State{Kind: attack.LAN}, To: author(q, image), What: snapshot.ImageRegistry(image),
		Origin: q.Engine.Settings.InsecureRegistries.Origin(), Value: registries,
		Ends: q.Changes(attack.Change{Kind: verifyRegistry, Engine: q.Engine.Name, Subject: snapshot.ImageRegistry(image)})}
	switch {
	case !known:
		i.Unknown, i.Missing, i.To = true, cond.Lost(q.Container.Image), attack.State{Kind: attack.ImageAuthor, Engine: q.Engine.Name}
		return append(q.Instances(), i)
	case !listed:
		i.Unknown, i.Missing = true, cond.Lost(q.Engine.Settings.InsecureRegistries)
		return append(q.Instances(), i)
	}
	for _, r := range registries {
		if r == snapshot.ImageRegistry(image) {
			return append(q.Instances(), i)
		}
		if strings.Contains(r, "/") { // a range
			i.Unknown, i.Missing = true, []rule.MissingFact{{Fact: lang.Sprintf("the address of %s", snapshot.ImageRegistry(image)), Gap: snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("it may be in %s", r)}}}
		}
	}
	if i.Unknown {
		return append(q.Instances(), i)
	}
	return nil
}

// author is whoever may change an image.
func author(q *attack.Query, image string) attack.State {
	return attack.State{Kind: attack.ImageAuthor, Engine: q.Engine.Name, Name: image}
}

var verifyRegistry = &attack.ChangeKind{
	ID: "verify-registry", Text: "Give registry {subject} a certificate, and take it from the insecure ones",
	Weight: 2, Disruption: attack.Nothing, Breaks: "Pulls, until the registry has a certificate that the engine knows.",
	Daemon: `{"insecure-registries": []}`,
}

// insecure makes a registry one that is not verified.
func insecure(registry string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.InsecureRegistries, []string{registry}) })
}
