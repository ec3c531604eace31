// Package unresolved marks the values that a declaration leaves open, such as a
// variable of a shell or of a Compose file, and makes gaps of the facts that depend
// on them: what is not known is never taken for a value.
package unresolved

import (
	"encoding/hex"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"

	"seawall/lang"
	"seawall/snapshot"
)

// An open value stands in a string as its own text, in hex between these two runes of
// the private use area, until the facts are made.
const (
	start = "\ue000"
	end   = "\ue001"
)

// Split begins the text of an open value that may stand for any number of words, as one
// that a shell splits does. It is no part of the text that is shown.
const Split = "\x00"

// Reserved are the runes that mark open values. A declaration that holds one is
// refused.
const Reserved = start + end

// marked matches an open value, also where an error message has quoted it.
var marked = regexp.MustCompile(`(?:\x{e000}|\\ue000)([0-9a-f]*)(?:\x{e001}|\\ue001)`)

// Value is what stands for an open value; text is what the declaration says, "$PORT".
func Value(text string) string { return start + hex.EncodeToString([]byte(text)) + end }

// In returns the text of the first open value in a string.
func In(s string) (text string, found bool) {
	if !strings.Contains(s, start) && !strings.Contains(s, `\ue000`) {
		return "", false
	}
	m := marked.FindString(s)
	return Text(m), m != ""
}

// Text is a string as the declaration has it.
func Text(s string) string {
	return marked.ReplaceAllStringFunc(s, func(m string) string {
		text, err := hex.DecodeString(marked.FindStringSubmatch(m)[1])
		if err != nil {
			return m
		}
		return strings.TrimPrefix(string(text), Split)
	})
}

// Within returns the text of the first open value in everything that a value holds.
func Within(v any) (text string, found bool) { return inside(reflect.ValueOf(v)) }

// inside looks for an open value in everything that a value holds.
func inside(v reflect.Value) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return inside(v.Elem())
	case reflect.String:
		return In(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			if text, found := inside(v.Index(i)); found {
				return text, true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if text, found := inside(v.Field(i)); found {
				return text, true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if text, found := inside(key); found {
				return text, true
			}
			if text, found := inside(v.MapIndex(key)); found {
				return text, true
			}
		}
	}
	return "", false
}

// grows are the lists of a container of which an element that is not known can only
// add to what the others allow: what else they hold is judged.
var grows = []string{"DeviceRequests", "Devices", "ExtraHosts", "GroupAdd", "Mounts", "Ports", "VolumesFrom"}

// Blind makes gaps of the facts of a container that hold an open value, and of those
// that open names by their paths, with the text of the value. The values of the
// environment are no part of its fact, so a variable of it that is set from one is
// known well enough. What is open says what the declaration is: "the line".
func Blind(c *snapshot.Container, open map[string]string, declaration string) {
	snapshot.Walk(c, func(path string, f snapshot.AnyFact) {
		text, found := open[path]
		whole := found
		if f.State() != snapshot.Seen && !(whole && f.State() == snapshot.Absent) {
			return
		}
		if !found {
			text, found = inside(snapshot.Inside(f))
		}
		if !found {
			return
		}
		g := snapshot.Gap{
			Reason: snapshot.ReasonUnresolved,
			Detail: lang.Recordf("%s has %s, whose value is not known", declaration, text),
			Remedy: lang.N("write the value out"),
		}
		if !whole && slices.Contains(grows, path) {
			f.Trim(func(element reflect.Value) bool { _, is := inside(element); return is }, g)
			return
		}
		f.Blind(g)
	})
}

// Settings are the facts of a create request that an open value is lost in, with its
// text: capabilities and security options are kept as what they mean.
func Settings(h *container.HostConfig) map[string]string {
	out := map[string]string{}
	for fact, list := range map[string][]string{"CapAdd": h.CapAdd, "CapDrop": h.CapDrop} {
		if text, found := inside(reflect.ValueOf(list)); found {
			out[fact] = text
		}
	}
	for _, option := range h.SecurityOpt {
		text, found := In(option)
		if !found {
			continue
		}
		name, _, _ := strings.Cut(strings.Replace(option, ":", "=", 1), "=")
		facts, known := optionFacts[name]
		if !known { // its name is open, too
			facts = slices.Concat(slices.Collect(maps.Values(optionFacts))...)
		}
		for _, fact := range facts {
			out[fact] = text
		}
	}
	return out
}

// optionFacts are the facts that a security option decides.
var optionFacts = map[string][]string{
	"apparmor": {"AppArmor"}, "label": {"SELinux"}, "no-new-privileges": {"NoNewPrivileges"}, "seccomp": {"Seccomp"},
	"systempaths": {"UnmaskedPaths"}, "writable-cgroups": {"WritableCgroups"},
}

// Files makes gaps of what may come out of files that a declaration names and that are
// not read: flag is how it names them ("--env-file", "env_file").
func Files(c *snapshot.Container, environment, labels []string, environmentFlag, labelFlag string) {
	if len(environment) > 0 {
		g := notRead("variables", environmentFlag, environment)
		c.Env.Blind(g)
		if c.DockerHost.State() == snapshot.Absent {
			c.DockerHost.Blind(g)
		}
	}
	if len(labels) > 0 {
		g := notRead("labels", labelFlag, labels)
		c.SecretLabels.Blind(g)
		c.Labels.Blind(g)
	}
}

func notRead(what, flag string, files []string) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonUnresolved,
		Detail: lang.Recordf("the %s in %s (%s) are not read", what, Text(strings.Join(files, ", ")), flag),
		Remedy: lang.N("audit the container itself"),
	}
}
