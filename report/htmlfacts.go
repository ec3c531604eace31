package report

import (
	"cmp"
	"reflect"
	"strconv"
	"strings"

	"seawall/report/page"
	"seawall/rule"
	"seawall/snapshot"
)

// factPlaces finds where in a snapshot a fact stands that decided a result.
type factPlaces struct {
	snapshot *snapshot.Snapshot
	// containers are the numbers of engine and container, by their names.
	containers map[[2]string][2]int
	// known are the places by origin of what was looked through already, by where that begins.
	known map[string]map[snapshot.Origin]string
}

// several is the place of an origin that more than one fact has: which of them decided
// cannot be told.
const several = "several"

func newFactPlaces(s *snapshot.Snapshot) *factPlaces {
	if s == nil {
		return nil
	}
	p := &factPlaces{s, map[[2]string][2]int{}, map[string]map[snapshot.Origin]string{}}
	for i := range s.Engines {
		list, _ := s.Engines[i].Containers.Peek()
		for j := range list {
			p.containers[[2]string{s.Engines[i].Name, list[j].Name}] = [2]int{i, j}
		}
	}
	return p
}

// of is the place of a fact, as jq takes it; "" if the snapshot has it nowhere, or in several
// places.
func (p *factPlaces) of(subject rule.Subject, e rule.Evidence) string {
	if p == nil {
		return ""
	}
	origin := snapshot.Origin{Path: e.Fact, Source: e.Source}
	var roots []string
	if at, is := p.containers[[2]string{subject.Engine, subject.Name}]; is {
		roots = append(roots, "Engines["+strconv.Itoa(at[0])+"].Containers["+strconv.Itoa(at[1])+"]")
	}
	for i := range p.snapshot.Engines {
		if p.snapshot.Engines[i].Name == cmp.Or(subject.Engine, subject.Name) {
			roots = append(roots, "Engines["+strconv.Itoa(i)+"]")
		}
	}
	for _, root := range append(roots, "Host", "Clients") {
		switch at := p.in(root)[origin]; at {
		case "":
		case several:
			return ""
		default:
			return at
		}
	}
	return ""
}

// in are the places of all facts below one, without those of containers below an engine.
func (p *factPlaces) in(root string) map[snapshot.Origin]string {
	if known := p.known[root]; known != nil {
		return known
	}
	found := map[snapshot.Origin]string{}
	p.known[root] = found
	v, at := follow(reflect.ValueOf(p.snapshot).Elem(), root)
	if !v.IsValid() {
		return found
	}
	of := reflect.New(v.Type())
	of.Elem().Set(v)
	if e, is := of.Interface().(*snapshot.Engine); is {
		e.Containers = snapshot.Fact[[]snapshot.Container]{}
	}
	snapshot.Walk(of.Interface(), func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.Unreadable || f.Origin() == (snapshot.Origin{}) {
			return
		}
		if found[f.Origin()] != "" {
			found[f.Origin()] = several
			return
		}
		if v, below := follow(of.Elem(), strings.TrimPrefix(path, ".")); v.IsValid() {
			found[f.Origin()] = at + below
		}
	})
	return found
}

// follow goes a path of [snapshot.Walk] from a value, and tells what that is in JSON. The
// value is invalid where there is none.
func follow(v reflect.Value, path string) (reflect.Value, string) {
	var b strings.Builder
	for path != "" {
		if f, is := factOf(v); is {
			v = snapshot.Inside(f)
			b.WriteString(".value")
		}
		switch {
		case path[0] == '.':
			path = path[1:]
		case path[0] == '[':
			var key string
			key, path, _ = strings.Cut(path[1:], "]")
			if v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String {
				if v = v.MapIndex(reflect.ValueOf(key).Convert(v.Type().Key())); !v.IsValid() {
					return v, ""
				}
				b.WriteString("[" + strconv.Quote(key) + "]")
				continue
			}
			n, err := strconv.Atoi(key)
			if err != nil || v.Kind() != reflect.Slice || n >= v.Len() {
				return reflect.Value{}, ""
			}
			v = v.Index(n)
			b.WriteString("[" + key + "]")
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			if v.Kind() != reflect.Struct {
				return reflect.Value{}, ""
			}
			field, has := v.Type().FieldByName(path[:end])
			if !has {
				return reflect.Value{}, ""
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			b.WriteString("." + cmp.Or(name, field.Name))
			v, path = v.FieldByName(field.Name), path[end:]
		}
	}
	return v, b.String()
}

// factOf is the fact that a value is.
func factOf(v reflect.Value) (snapshot.AnyFact, bool) {
	if !v.CanAddr() {
		return nil, false
	}
	f, is := v.Addr().Interface().(snapshot.AnyFact)
	return f, is
}

// seen are facts that decided, in words.
func (h *htmlReport) seen(subject rule.Subject, list []rule.Evidence) []page.Seen {
	var out []page.Seen
	for _, e := range list {
		next := htmlSeen(e)
		next.At = clean(h.places.of(subject, e))
		out = append(out, next)
	}
	return out
}

// htmlSeen is a fact without its place.
func htmlSeen(e rule.Evidence) page.Seen {
	return page.Seen{Fact: clean(e.Fact), Value: clean(valueText(e.Value)), Source: clean(e.Source)}
}
