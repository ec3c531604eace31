package dockerfile

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/imagehistory"
)

// notBuilt is why there is no fact of an image that only a build makes.
var notBuilt = snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("a file does not tell what only the built image has"), Remedy: lang.N("build it, and audit it with --image")}

// image is the image of a stage.
func (b *build) image(s *stage) snapshot.Image {
	i := snapshot.Image{ID: b.name, Asked: true, ImageContents: snapshot.LostContents(notBuilt, b.name)}
	if b.o.Tag != "" {
		i.Tags = []string{b.o.Tag}
	}
	i.Created = snapshot.Lost[time.Time](notBuilt, snapshot.At("time of the build", b.name))
	i.Layers = snapshot.Lost[[]string](notBuilt, snapshot.At("layers", b.name))
	s.config.fill(&i)
	i.Build = b.history(s)
	i.Bases = b.bases(s)
	return i
}

// chain are the stages of which a stage's image has all files: itself, those it builds on,
// and those of which it copies everything.
func (s *stage) chain() map[*stage]bool {
	return s.reached(func(s *stage) []*stage { return append(slices.Clip(s.whole), s.base) })
}

// needed are the stages that are built for a stage.
func (s *stage) needed() map[*stage]bool {
	return s.reached(func(s *stage) []*stage { return append(slices.Clip(s.uses), s.base) })
}

// reached are a stage and all that a step leads to.
func (s *stage) reached(step func(*stage) []*stage) map[*stage]bool {
	out, next := map[*stage]bool{}, []*stage{s}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		if at != nil && !out[at] {
			out[at] = true
			next = append(next, step(at)...)
		}
	}
	return out
}

// ofFiles are the kinds of remarks about files of a stage: of one that does not become
// the image they tell nothing of it.
var ofFiles = []snapshot.BuildKind{
	snapshot.BuildWritable, snapshot.BuildSudo, snapshot.BuildSudoUsed, snapshot.BuildPassword, snapshot.BuildSetID, snapshot.BuildWorkdir,
	snapshot.BuildContext, snapshot.BuildContextUnseen,
}

// counts reports whether a remark on a stage's step counts for the image. Values of
// secrets stand in the file, also in a stage that is not built.
func counts(r snapshot.BuildRemark, inChain, needed bool) bool {
	switch {
	case inChain:
		return true
	case needed:
		return !slices.Contains(ofFiles, r.Kind)
	}
	return r.Kind == snapshot.BuildSecret
}

// history are the remarks on the steps of a build. Those of stages that do not become
// the image name their stage.
func (b *build) history(target *stage) snapshot.Fact[[]snapshot.BuildRemark] {
	chain, needed := target.chain(), target.needed()
	out, open := slices.Clone(b.o.Given), ""
	for _, s := range b.stages {
		for _, r := range s.remarks {
			if !counts(r, chain[s], needed[s]) {
				continue
			}
			if !chain[s] {
				r.Stage = cmp.Or(s.name, strconv.Itoa(s.number))
			}
			out = append(out, r)
		}
		if needed[s] {
			open = cmp.Or(open, s.open)
		}
	}
	out = imagehistory.Bound(out, false, b.steps)
	o := snapshot.At("instructions", b.name)
	switch {
	case target.config.base != nil:
		return snapshot.Part(out, *target.config.base, o)
	case open != "":
		return snapshot.Part(out, openGap(open), o)
	}
	return snapshot.See(out, o)
}

// bases are the images of registries that a build takes files from.
func (b *build) bases(target *stage) snapshot.Fact[[]snapshot.BaseImage] {
	out := []snapshot.BaseImage{}
	open := ""
	needed := target.needed()
	for _, s := range b.stages {
		if !needed[s] {
			continue
		}
		open = cmp.Or(open, s.openRef)
		for _, i := range s.images {
			if !slices.ContainsFunc(out, func(o snapshot.BaseImage) bool { return o.Ref == i.Ref }) {
				out = append(out, i)
			}
		}
	}
	o := snapshot.At("FROM", b.name)
	if open != "" {
		return snapshot.Part(out, openGap(open), o)
	}
	return snapshot.See(out, o)
}
