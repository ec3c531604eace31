package expr

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// worded reports whether values of a type can stand in a message.
func worded(t *cel.Type) bool {
	switch t.Kind() {
	case types.ListKind:
		return worded(t.Parameters()[0]) && t.Parameters()[0].Kind() != types.ListKind
	case types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.StringKind, types.TimestampKind, types.DurationKind:
		return true
	}
	return false
}

// words is a value as a person reads it.
func words(v ref.Val) string {
	switch v := v.(type) {
	case types.String:
		return string(v)
	case types.Timestamp:
		return v.Time.UTC().Format(time.RFC3339)
	case types.Duration:
		return v.Duration.String()
	case traits.Lister:
		var items []string
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, words(it.Next()))
		}
		if len(items) == 0 {
			return "none"
		}
		return strings.Join(slices.Clip(items), ", ")
	}
	return fmt.Sprint(v.Value())
}
