package snapshot

import (
	"encoding/json"
	"fmt"
	"unique"

	"seawall/lang"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// State says what became of a fact that was asked for.
type State uint8

// The states of a fact. The zero value is NotCollected, so a fact that a
// source forgot can never be taken for a value.
const (
	NotCollected State = iota // no source asked for it
	Seen                      // read; the value is what was read
	Absent                    // asked for and found not to exist
	Unreadable                // asked for and could not be read; the gap says why
)

// Origin says where a fact was read.
type Origin struct {
	// Path names the fact in the terms of its source: "HostConfig.Privileged",
	// "CapEff", "services.web.privileged".
	Path string
	// Source is the document: "GET /containers/web/json", "/proc/812/status",
	// "compose.yaml:12:7".
	Source string
}

// At is shorthand for an Origin.
func At(path, source string) Origin { return Origin{Path: path, Source: source} }

// Witness watches facts being read. A rule's pass is one: it turns reads into
// evidence, and reads of unreadable facts into the verdict "unknown".
type Witness interface {
	// Saw records a fact that was read. For an absent fact the value is nil.
	Saw(o Origin, value any)
	// Missed records a fact that could not be read.
	Missed(o Origin, g Gap)
	// Stop ends the check as unknown. It does not return.
	Stop()
}

// Heeder is a witness that may not care what was seen.
type Heeder interface {
	// Heeds reports whether Saw does anything. If not, it need not be called.
	Heeds() bool
}

// heeds reports whether a witness wants to know what was seen.
func heeds(w Witness) bool {
	h, is := w.(Heeder)
	return !is || h.Heeds()
}

// Fact is one fact about a host in one of four states. Its value can be had
// only by naming a [Witness], or by [Fact.Peek], which answers whether there
// is a value at all: an unreadable fact cannot pass for its zero value.
type Fact[T any] struct {
	value  T
	origin Origin
	gap    *Gap
	state  State
}

// See returns a fact that was read.
func See[T any](value T, o Origin) Fact[T] {
	return Fact[T]{value: value, origin: o, state: Seen}
}

// None returns a fact that was asked for and does not exist, such as a
// configuration file that is not there.
func None[T any](o Origin) Fact[T] {
	return Fact[T]{origin: o, state: Absent}
}

// Lost returns a fact that could not be read.
func Lost[T any](g Gap, o Origin) Fact[T] {
	return Fact[T]{origin: o, state: Unreadable, gap: &g}
}

// Part returns a list that was read in part: what it holds is there, and there may be
// more. Whoever reads it is given what was seen and misses the rest, so a check may
// fail on it and cannot pass.
func Part[T any](seen T, g Gap, o Origin) Fact[T] {
	return Fact[T]{value: seen, origin: o, state: Seen, gap: &g}
}

// State tells which of the four states the fact is in. One that was read in part
// counts as seen.
func (f Fact[T]) State() State { return f.state }

// Origin tells where the fact was read, or was tried to be read.
func (f Fact[T]) Origin() Origin { return f.origin }

// Gap tells why there is no value, or why there may be more than was seen. It is the
// zero Gap for facts that were seen whole or found absent.
func (f Fact[T]) Gap() Gap {
	switch {
	case f.gap != nil:
		return *f.gap
	case f.state == NotCollected:
		return Gap{Reason: ReasonNotCollected, Detail: "no source of this audit reads it"}
	}
	return Gap{}
}

// Read returns the value, the zero value if the fact is absent. Where the fact
// is not readable, the check ends here with the verdict "unknown".
func (f Fact[T]) Read(w Witness) T {
	v, ok := f.Try(w)
	if !ok {
		w.Stop()
	}
	return v
}

// Try returns the value and true, or the zero value and false where the fact
// is not readable. After a failed Try a check may still fail on other facts;
// it can no longer pass: the witness turns that into "unknown".
func (f Fact[T]) Try(w Witness) (T, bool) {
	switch f.state {
	case Seen:
		if heeds(w) { // else the value need not be boxed
			w.Saw(f.origin, f.value)
		}
		if f.gap != nil {
			w.Missed(f.origin, *f.gap)
		}
	case Absent:
		w.Saw(f.origin, nil)
	default:
		w.Missed(f.origin, f.Gap())
		return f.value, false
	}
	return f.value, true
}

// Peek returns the value and whether there is one, without a witness: it
// leaves no evidence and taints no verdict. Use it to choose what to read or
// how to word a message, never to decide that something is fine.
func (f Fact[T]) Peek() (T, bool) {
	return f.value, f.state == Seen || f.state == Absent
}

// Ref is Peek for values too large to copy. What it points to must not be changed.
func (f *Fact[T]) Ref() (*T, bool) {
	return &f.value, f.state == Seen || f.state == Absent
}

// Look is Try for values too large to be evidence, such as the list of all
// containers: a value that was seen leaves none. The caller cites the part that
// decides.
func (f Fact[T]) Look(w Witness) (T, bool) {
	if v, ok := f.Peek(); ok {
		if f.gap != nil {
			w.Missed(f.origin, *f.gap)
		}
		return v, true
	}
	return f.Try(w)
}

// String is the value in words: "absent" and "not read" where there is none.
func (f Fact[T]) String() string {
	switch f.state {
	case Seen:
		return fmt.Sprint(f.value)
	case Absent:
		return "absent"
	}
	return "not read"
}

// IsZero reports whether no source asked for the fact; such facts are left out
// of the encoded snapshot.
func (f Fact[T]) IsZero() bool { return f.state == NotCollected }

// Map returns the fact with its value converted, its state and origin kept.
func Map[T, U any](f Fact[T], convert func(T) U) Fact[U] {
	out := Fact[U]{origin: f.origin, gap: f.gap, state: f.state}
	if f.state == Seen {
		out.value = convert(f.value)
	}
	return out
}

// factJSON is the encoded form. Exactly one of Value, Absent and Gap is there, or
// Value and Gap of what was read in part.
type factJSON struct {
	Value  json.RawMessage `json:"value,omitempty"`
	Absent bool            `json:"absent,omitempty"`
	Gap    *Gap            `json:"gap,omitempty"`
	Path   string          `json:"path,omitempty"`
	Source string          `json:"source,omitempty"`
}

// MarshalJSON encodes the fact as an object with one of value, absent and gap, or
// value and gap of what was read in part, and its path and source.
func (f Fact[T]) MarshalJSON() ([]byte, error) {
	out := factJSON{Path: f.origin.Path, Source: f.origin.Source}
	switch f.state {
	case Seen:
		raw, err := json.Marshal(f.value)
		if err != nil {
			return nil, fmt.Errorf("encode fact %s: %w", f.origin.Path, err)
		}
		out.Value, out.Gap = raw, f.gap
	case Absent:
		out.Absent = true
	default:
		g := f.Gap()
		out.Gap = &g
	}
	return json.Marshal(out)
}

// UnmarshalJSON decodes what MarshalJSON wrote. A fact with none of value, absent and
// gap, or with absent and another of them, is an error.
func (f *Fact[T]) UnmarshalJSON(data []byte) error { return jsonv2.Unmarshal(data, f, decoding) }

// UnmarshalJSONFrom is UnmarshalJSON for decoders that read on as they go: the facts of a
// snapshot stand in each other, and none is read twice.
func (f *Fact[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var in readFact[T]
	if err := in.read(dec); err != nil {
		if in.path != "" {
			return lang.Errorf("fact %q: %w", in.path, err)
		}
		return lang.Errorf("fact: %w", err)
	}
	o := Origin{Path: in.path, Source: in.source}
	switch {
	case in.has && !in.absent:
		*f = See(in.value, o)
		f.gap = in.gap
	case !in.has && in.absent && in.gap == nil:
		*f = None[T](o)
	case !in.has && !in.absent && in.gap != nil:
		*f = Lost[T](*in.gap, o)
	default:
		return lang.Errorf("fact %q: want exactly one of value, absent and gap", in.path)
	}
	return nil
}

// readFact is an encoded fact as it is read.
type readFact[T any] struct {
	value        T
	has, absent  bool
	gap          *Gap
	path, source string
}

func (r *readFact[T]) read(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind != '{' {
		return lang.Errorf("it is no object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := r.field(dec, name.String()); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// field reads a field by its name. Others than those of MarshalJSON are passed over.
func (r *readFact[T]) field(dec *jsontext.Decoder, name string) error {
	switch name {
	case "value":
		r.has = true
		return jsonv2.UnmarshalDecode(dec, &r.value)
	case "absent":
		return jsonv2.UnmarshalDecode(dec, &r.absent)
	case "gap":
		return jsonv2.UnmarshalDecode(dec, &r.gap)
	case "path":
		return readShared(dec, &r.path)
	case "source":
		return readShared(dec, &r.source)
	}
	return dec.SkipValue()
}

// readShared reads a string that many facts have.
func readShared(dec *jsontext.Decoder, to *string) error {
	if err := jsonv2.UnmarshalDecode(dec, to); err != nil {
		return err
	}
	*to = unique.Make(*to).Value()
	return nil
}
