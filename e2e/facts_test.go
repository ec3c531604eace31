package e2e

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/lab/recorded"
	"seawall/snapshot"
)

// places are where Seawall is run to see what can be read from there.
var places = [...]string{"root", "group", "user", "container", "socket", "remote"}

// fact is a fact of the snapshot, wherever it stands in it.
type fact struct {
	in, name string   // the type that has it, and its name in JSON
	origins  []string // what of which document it was
	// seen and missed say at which places it was read, and was not, of some subject.
	seen, missed [len(places)]bool
}

// facts are those of snapshots, in the order in which they come up.
type facts struct {
	list []*fact
	by   map[string]*fact
}

func (f *facts) of(in, name string) *fact {
	r := f.by[in+"."+name]
	if r == nil {
		r = &fact{in: in, name: name}
		f.by[in+"."+name] = r
		f.list = append(f.list, r)
	}
	return r
}

// note adds the facts of a snapshot that was taken at a place.
func (f *facts) note(place int, s *snapshot.Snapshot) {
	snapshot.Walk(s, func(path string, a snapshot.AnyFact) {
		r := f.of(fieldOf(path))
		switch a.State() {
		case snapshot.Seen, snapshot.Absent:
			r.seen[place] = true
			if o := general(a.Origin()); !slices.Contains(r.origins, o) {
				r.origins = append(r.origins, o)
			}
		case snapshot.Unreadable:
			r.missed[place] = true
		}
	})
}

var index = regexp.MustCompile(`\[[^]]*\]`)

// fieldOf finds the type of which the last field of a path is, and the field's name in
// JSON. Of a map, all values are one; what is embedded in a type is the type's own.
func fieldOf(path string) (in, name string) {
	t, embedded := reflect.TypeFor[snapshot.Snapshot](), false
	for step := range strings.SplitSeq(index.ReplaceAllString(path, ""), ".") {
		field, ok := t.FieldByName(step)
		if !ok {
			panic(path + ": no field " + step)
		}
		if !embedded {
			in = t.Name()
		}
		name, _, _ = strings.Cut(field.Tag.Get("json"), ",")
		t, embedded = element(field.Type), field.Anonymous
	}
	return in, name
}

// element is the type of what a fact, a list or a map holds in the end.
func element(t reflect.Type) reflect.Type {
	switch {
	case isFact(t):
		value, _ := t.FieldByName("value")
		return element(value.Type)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer:
		return element(t.Elem())
	}
	return t
}

func isFact(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[snapshot.AnyFact]())
}

// declare adds all facts of a type and of what it holds, so that none is missing that no
// snapshot has. It is called in, or has its own name if that is "".
func (f *facts) declare(in string, t reflect.Type, done map[reflect.Type]bool) {
	if t = element(t); t.Kind() != reflect.Struct || done[t] {
		return
	}
	done[t] = true
	in = cmp.Or(in, t.Name())
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() {
			continue
		}
		if isFact(field.Type) || field.Type.Kind() == reflect.Map && isFact(field.Type.Elem()) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			f.of(in, name)
		}
		part := ""
		if field.Anonymous {
			part = in
		}
		f.declare(part, field.Type, done)
	}
}

// TestHowFactsAreRead takes snapshots of one host from where people run Seawall, and
// compares what was read from each place with docs/facts.md. What root reads on whole
// systems was recorded.
func TestHowFactsAreRead(t *testing.T) {
	f := &facts{by: map[string]*fact{}}
	f.declare("", reflect.TypeFor[snapshot.Snapshot](), map[reflect.Type]bool{})
	for _, name := range []string{"debian", "hardened", "selinux"} {
		f.note(0, recorded.Snapshot(t, "../rules/testdata/hosts/"+name+".json.gz"))
	}
	for _, r := range f.list {
		r.missed[0] = false // not all was asked for then
	}
	h, image := badHost(t)
	h.Docker("swarm", "init", "--advertise-addr", "127.0.0.1")
	all := []string{"snapshot", "--reach", "--lists", "--deep"}
	take := func(place int, o outcome) {
		t.Helper()
		if o.code != 0 {
			t.Fatalf("%s: exit code %d: %s", places[place], o.code, o.stderr)
		}
		s, err := snapshot.Decode(strings.NewReader(o.stdout))
		if err != nil {
			t.Fatalf("%s: %v", places[place], err)
		}
		f.note(place, s)
	}
	as := func(user string) outcome {
		return execute(t, h, append([]string{"setpriv", "--reuid", user, "--regid", user, "--init-groups", programInside}, all...)...)
	}
	in := func(flags ...string) outcome {
		args := append([]string{"run", "--rm", "--name", "auditor", "-v", programInside + ":/seawall:ro"}, flags...)
		return outcome{stdout: h.Docker(append(append(args, image, "/seawall"), all...)...)}
	}
	take(0, seawall(t, h, all...))
	take(1, as("alice"))
	take(2, as("mallory"))
	take(3, in(readmeFlags...))
	take(4, in("-v", "/run/docker.sock:/var/run/docker.sock"))
	take(5, neighbour(t, h, append(all, "--host", "tcp://"+lab.HostAddr+":2375")...))
	checkFactsTable(t, f.list)
}
