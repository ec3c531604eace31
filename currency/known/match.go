package known

// Answer is what ranges say of a version.
type Answer uint8

// The answers. The zero value says nothing.
const (
	NoWord   Answer = iota // nothing is said, or the version cannot be compared
	Affected               // the version is in a range
	Mended                 // it is after one
	Before                 // it is before all: the flaw came later
	Doubtful               // it is in a range of which it is not known
	Never                  // no version has the flaw
)

// Says tells what the ranges say of a version, and why where that is a doubt. An
// error is a version that cannot be compared.
func (a Affects) Says(v string) (Answer, string, error) {
	scheme := Scheme(a.Package.Ecosystem)
	for _, u := range a.Unsure {
		in, err := Span{u.Introduced, u.Fixed}.Holds(scheme, v)
		if err != nil {
			return NoWord, "", err
		}
		if in {
			return Doubtful, u.Why, nil
		}
	}
	spans := a.Spans()
	for _, s := range a.Unsure {
		spans = append(spans, Span{s.Introduced, s.Fixed})
	}
	answer := NoWord
	switch {
	case len(spans) == 1 && spans[0].To == "0":
		return Never, "", nil
	case len(spans) > 0:
		answer = Before
	}
	for i, s := range spans {
		in, err := s.Holds(scheme, v)
		if err != nil {
			return NoWord, "", err
		}
		if in && i < len(spans)-len(a.Unsure) {
			return Affected, "", nil
		}
		if s.To == "" {
			continue
		}
		if c, err := scheme.Compare(v, s.To); err == nil && c >= 0 {
			answer = Mended
		}
	}
	return answer, "", nil
}

// FixedIn is the first version after v that is known to be without the flaw, where
// v has it: the end of the range that holds v, or where that is in doubt the end of
// a later one.
func (a Affects) FixedIn(v string) string {
	if answer, _, err := a.Says(v); err != nil || answer != Affected {
		return ""
	}
	scheme := Scheme(a.Package.Ecosystem)
	for _, s := range a.Spans() {
		if c, err := scheme.Compare(v, s.To); err != nil || c >= 0 {
			continue
		}
		if answer, _, err := a.Says(s.To); err == nil && answer == Mended {
			return s.To
		}
	}
	return ""
}
