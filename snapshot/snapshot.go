package snapshot

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"seawall/lang"
)

// Format is the format and version written into every encoded snapshot. The
// number grows when a reader of the old one would misread the new one.
const Format = "seawall.snapshot/1"

// Snapshot is all that was seen of one host at one time, or what files declare.
type Snapshot struct {
	Format string `json:"format"`
	// Tool is the version of Seawall that took the snapshot.
	Tool    string    `json:"tool"`
	TakenAt time.Time `json:"takenAt"`
	// Deep: the files of images were asked for.
	Deep bool `json:"deep,omitempty"`
	// Declared: it is of files that declare what will run, and nothing was looked at.
	Declared bool `json:"declared,omitempty"`
	// Assumed is what is assumed of the host that runs what is declared, in words; facts
	// that have that as their origin were read nowhere.
	Assumed []string `json:"assumed,omitempty"`
	// Observations are the files of what containers were seen to use, if any were given.
	Observations []string `json:"observations,omitempty"`
	Host         Host     `json:"host"`
	// Engines are all engines found, also those that could not be read.
	Engines []Engine `json:"engines"`
	// AllEngines: Engines holds every engine of this host. Where it is a gap
	// there may be more: one was named, or a container hides the others.
	AllEngines Fact[bool] `json:"allEngines,omitzero"`
	// Clients are the users' Docker CLI configurations.
	Clients Fact[[]Client] `json:"clients,omitzero"`
	// Net are the network namespaces of this machine: its own, those of engines
	// and, with ContainerNets, those of running containers.
	Net []NetSpace `json:"net,omitempty"`
	// ContainerNets: the network namespaces of containers were asked for.
	ContainerNets bool `json:"containerNets,omitempty"`
	// Probes are the connections that were tried.
	Probes []NetProbe `json:"probes,omitempty"`
}

// Encode writes the snapshot as JSON.
func (s *Snapshot) Encode(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		return lang.Errorf("encode snapshot: %w", err)
	}
	return nil
}

// decoding are the options by which snapshots are read: as encoding/json writes them.
var decoding = jsonv2.JoinOptions(
	jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsonv1.FormatDurationAsNano(true),
)

// Decode reads what Encode wrote. Anything else, also a cut-off file or one of
// another format version, is an error of one line.
func Decode(r io.Reader) (*Snapshot, error) {
	var s Snapshot
	dec := jsontext.NewDecoder(r, decoding)
	if err := jsonv2.UnmarshalDecode(dec, &s); errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, lang.Errorf("not a snapshot: %w", io.ErrUnexpectedEOF)
	} else if err != nil {
		return nil, lang.Errorf("not a snapshot: %w", err)
	}
	if s.Format != Format {
		return nil, lang.Errorf("snapshot format is %q, this version reads %q", s.Format, Format)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, lang.Errorf("snapshot: data after the end at byte %d", dec.InputOffset())
	}
	return &s, nil
}
