package report

import (
	"encoding/json"
	"fmt"
	"reflect"

	"seawall/lang"
	"seawall/rule"
)

// restless are the fields of facts that change with every start of a process or
// host and say nothing of its settings.
var restless = []string{"pid", "startedAt", "namespaces", "inode"}

// changedFact says which fact differs between two lists of evidence; "" if none
// does. Where a fact was read does not count, for paths below /proc change.
func changedFact(before, after []rule.Evidence) string {
	was := map[string]any{}
	for _, e := range before {
		was[e.Fact] = lasting(e.Value)
	}
	now := map[string]bool{}
	for _, e := range after {
		now[e.Fact] = true
		old, there := was[e.Fact]
		if !there {
			return lang.Sprintf("%s is %s now", e.Fact, shortValue(e.Value))
		}
		if value := lasting(e.Value); !reflect.DeepEqual(old, value) {
			return fmt.Sprintf("%s: %s → %s", e.Fact, shortValue(old), shortValue(value))
		}
	}
	for _, e := range before {
		if !now[e.Fact] {
			return lang.Sprintf("%s was %s", e.Fact, shortValue(e.Value))
		}
	}
	return ""
}

// lasting is a value as it is in JSON, so that one that was read from a report
// equals the one it was written from, without its restless fields.
func lasting(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v) // no fact is such
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return fmt.Sprint(v)
	}
	return withoutRestless(out)
}

func withoutRestless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range restless {
			delete(v, name)
		}
		for name := range v {
			v[name] = withoutRestless(v[name])
		}
	case []any:
		for i := range v {
			v[i] = withoutRestless(v[i])
		}
	}
	return v
}

// shortValue is a value in at most 60 characters.
func shortValue(v any) string { return cut(valueText(v), 60) }
