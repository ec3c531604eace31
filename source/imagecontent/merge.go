package imagecontent

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// maxListed bounds each list of an image.
const maxListed = 2_000

// ErrTorn says that a layer makes two things of one path, so that what is there
// depends on the engine.
var ErrTorn = errors.New(lang.N("the layer has a path twice, as different kinds of files"))

// Merge puts the layers of an image together, lowest first. The source names
// where they were read.
func Merge(ctx context.Context, layers []*Layer, source string) (snapshot.ImageContents, error) {
	var m merged
	var passwd, shadow *accounts
	for i, l := range layers {
		if l.torn != "" {
			return snapshot.ImageContents{}, lang.RecordErrorf("layer %d: %s: %w", i+1, printable(l.torn), ErrTorn)
		}
		for _, e := range l.found {
			if err := ctx.Err(); err != nil {
				return snapshot.ImageContents{}, err
			}
			hidden := slices.ContainsFunc(layers[i+1:], func(above *Layer) bool { return above.names.hides(e.path, e.file.Dir) })
			m.add(e, i+1, hidden)
			switch {
			case hidden || e.accounts == nil:
			case e.path == "/etc/passwd":
				passwd = e.accounts
			default:
				shadow = e.accounts
			}
		}
	}
	if longest := max(len(m.setID), len(m.caps), len(m.open), len(m.secrets)); longest > maxListed {
		return snapshot.ImageContents{}, lang.RecordErrorf("%w: a list of %d files that matter, and at most %d are kept", ErrTooLarge, longest, maxListed)
	}
	out := m.facts(openAccounts(passwd, shadow), source)
	for _, a := range []*accounts{passwd, shadow} {
		if a != nil && a.unread != nil {
			out.OpenAccounts.Blind(Gap(a.unread))
		}
	}
	return out, nil
}

// merged are the lists of an image.
type merged struct {
	setID, caps, open []snapshot.ImageFile
	secrets           []snapshot.ImageSecret
}

// add notes an entry of a layer. Secrets count wherever they are: a layer that
// is covered can still be read.
func (m *merged) add(e *entry, layer int, hidden bool) {
	for _, s := range e.secrets {
		s.Layer, s.Removed = layer, hidden
		m.secrets = append(m.secrets, s)
	}
	if hidden {
		return
	}
	file := e.file
	file.Layer = layer
	if e.setID {
		m.setID = append(m.setID, file)
	}
	if e.caps {
		m.caps = append(m.caps, file)
	}
	if e.open {
		m.open = append(m.open, file)
	}
}

func (m *merged) facts(open []string, source string) snapshot.ImageContents {
	for _, list := range [][]snapshot.ImageFile{m.setID, m.caps, m.open} {
		slices.SortFunc(list, func(a, b snapshot.ImageFile) int { return cmp.Compare(a.Path, b.Path) })
	}
	slices.SortFunc(m.secrets, func(a, b snapshot.ImageSecret) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.What, b.What))
	})
	at := snapshot.LostContents(snapshot.Gap{}, source)
	return snapshot.ImageContents{
		SetIDFiles:      snapshot.See(m.setID, at.SetIDFiles.Origin()),
		CapabilityFiles: snapshot.See(m.caps, at.CapabilityFiles.Origin()),
		OpenFiles:       snapshot.See(m.open, at.OpenFiles.Origin()),
		SecretFiles:     snapshot.See(m.secrets, at.SecretFiles.Origin()),
		OpenAccounts:    snapshot.See(open, at.OpenAccounts.Origin()),
	}
}
