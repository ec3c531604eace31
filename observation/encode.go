package observation

import (
	"encoding/json"
	"io"

	"seawall/lang"
)

// Encode writes the observation as JSON, for the same content the same bytes.
func (o *Observation) Encode(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(o); err != nil {
		return lang.Errorf("write the observation: %w", err)
	}
	return nil
}

// Decode reads what Encode wrote.
func Decode(r io.Reader) (*Observation, error) {
	var raw json.RawMessage
	dec := json.NewDecoder(r)
	if err := dec.Decode(&raw); err != nil {
		return nil, lang.Errorf("not an observation: %w", err)
	}
	var head struct{ Format string }
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, lang.Errorf("not an observation: %w", err)
	}
	if head.Format != Format {
		return nil, lang.Errorf("observation format is %q, this version reads %q", head.Format, Format)
	}
	var o Observation
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, lang.Errorf("not an observation: %w", err)
	}
	if dec.More() {
		return nil, lang.Errorf("observation: data after the end at byte %d", dec.InputOffset())
	}
	return &o, nil
}
