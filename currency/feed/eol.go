package feed

import (
	"encoding/json"
	"io"
	"slices"
	"time"

	"seawall/currency/known"
	"seawall/lang"
)

// product is what endoflife.date says of a product (API version 1).
type product struct {
	Schema   string `json:"schema_version"`
	Modified string `json:"last_modified"`
	Result   struct {
		Name     string `json:"name"`
		Releases []struct {
			Name         string  `json:"name"`
			IsLTS        bool    `json:"isLts"`
			EOLFrom      *string `json:"eolFrom"`
			IsMaintained *bool   `json:"isMaintained"`
			Latest       *struct {
				Name string `json:"name"`
				Date string `json:"date"`
			} `json:"latest"`
		} `json:"releases"`
	} `json:"result"`
}

// endOfLife takes until when branches are maintained. Branches that the document does
// not have stay as they are, and so does a reviewed one that is told to end later.
func (m *Merger) endOfLife(r io.Reader, about known.Component) (string, error) {
	var p product
	if err := decodeWhole(r, &p); err != nil {
		return "", err
	}
	if p.Result.Name == "" || len(p.Result.Releases) == 0 {
		return "", lang.Error("it is no product of endoflife.date: no name or no releases")
	}
	for _, release := range p.Result.Releases {
		if release.IsMaintained == nil {
			continue
		}
		b := known.Branch{Branch: release.Name, Status: "unmaintained", LongTerm: release.IsLTS}
		if *release.IsMaintained {
			b.Status = "maintained"
		}
		if release.EOLFrom != nil {
			if _, err := time.Parse(time.DateOnly, *release.EOLFrom); err != nil {
				return "", lang.Errorf("%s: eolFrom: %w", release.Name, err)
			}
			b.Ends = *release.EOLFrom
		}
		if release.Latest != nil {
			b.Latest, b.LatestNote = release.Latest.Name, release.Latest.Date
		}
		m.branch(about, b)
	}
	m.source("endoflife.date "+p.Result.Name, "", firstTen(p.Modified))
	return lang.Sprintf("%d branches of %s", len(p.Result.Releases), about), nil
}

func (m *Merger) branch(about known.Component, b known.Branch) {
	list := m.data.Lifecycle.Branches[about]
	i := slices.IndexFunc(list, func(old known.Branch) bool { return old.Branch == b.Branch })
	if i < 0 {
		m.data.Lifecycle.Branches[about] = append(list, b)
		return
	}
	old := list[i]
	if old.Ends > b.Ends {
		b.Ends, b.Status = old.Ends, old.Status
	}
	if newer(old.Latest, b.Latest) {
		b.Latest, b.LatestNote = old.Latest, old.LatestNote
	}
	list[i] = b
}

// decodeWhole decodes a document that is one JSON value and nothing else.
func decodeWhole(r io.Reader, into any) error {
	dec := json.NewDecoder(r)
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return lang.Error("something follows the JSON value")
	}
	return nil
}
